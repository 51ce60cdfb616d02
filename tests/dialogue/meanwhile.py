"""What happens in a dialogue beside it: `* ...` lines, done by staff, the worker or the clock through the use-cases."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from uuid import uuid4

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from community.actors import StaffActor
from community.callbacks.models import CallBack
from community.callbacks.usecases import end_call_back, reopen_by_call
from community.clock import now
from community.conversations.models import Handover
from community.conversations.usecases import give_back, take_conversation, write_in_conversation
from community.needs.models import Need
from community.needs.usecases.staff import accept_need, answer_resident, resolve_need
from community.parties.models import DutyShift, PartyType
from scheduler.jobs.conversations import conversations
from scheduler.jobs.deliver import deliver
from scheduler.jobs.notices import notices
from scheduler.jobs.shifts import shifts
from scheduler.jobs.surveys import surveys
from tests.dialogue import announced, confided, led, planned, teamed
from tests.dialogue.chat import Chat

Deed = Callable[[Chat, AsyncSession, str], Awaitable[None]]
_TIME = re.compile(r"(\d+) (minutes?|hours?|days?) pass(?:es)?")


async def do_meanwhile(chat: Chat, line: str) -> None:
    """Do what a `*` line says, then deliver what it led to."""
    chat.transcript.append(f"* {line}")
    if spell := _TIME.fullmatch(line):
        chat.pass_time(timedelta(**{spell[2].removesuffix("s") + "s": int(spell[1])}))
        await conversations(chat.tools, now())
    else:
        name, _, words = line.partition(":")
        async with chat.sessions.begin() as session:
            await DEEDS[name](chat, session, words.strip())
    await surveys(chat.tools, now())
    await shifts(chat.tools, now())
    await notices(chat.tools, now())
    await deliver(chat.tools, now())
    chat.heard = []
    await chat.listen()


async def _newest(chat: Chat, session: AsyncSession) -> tuple[Need, StaffActor]:
    """The person's newest need, and somebody of the party that leads it."""
    wanted = select(Need).where(Need.resident_id == chat.resident_id).order_by(Need.created_at)
    need = (await session.scalars(wanted)).all()[-1]
    lead = next(actor for actor in chat.cast.here.staff.values() if actor.party_id == need.lead_party_id)
    return need, lead


async def _accept(chat: Chat, session: AsyncSession, _: str) -> None:
    need, lead = await _newest(chat, session)
    await accept_need(session, lead, need.id)


async def _answer(chat: Chat, session: AsyncSession, words: str) -> None:
    need, lead = await _newest(chat, session)
    await answer_resident(session, lead, need.id, words)


async def _resolve(chat: Chat, session: AsyncSession, words: str) -> None:
    need, lead = await _newest(chat, session)
    await resolve_need(session, lead, need.id, words, survey_at=now())


async def _handover(chat: Chat, session: AsyncSession) -> Handover:
    wanted = select(Handover).where(Handover.resident_id == chat.resident_id, Handover.ended_at.is_(None))
    return (await session.scalars(wanted)).one()


def _clerk(chat: Chat) -> StaffActor:
    return chat.cast.here.staff[PartyType.COMMITTEE]


async def _take_over(chat: Chat, session: AsyncSession, _: str) -> None:
    await take_conversation(session, _clerk(chat), (await _handover(chat, session)).id)


async def _write(chat: Chat, session: AsyncSession, words: str) -> None:
    handover = await _handover(chat, session)
    await write_in_conversation(session, _clerk(chat), handover.id, words, uuid4())


async def _give_back(chat: Chat, session: AsyncSession, _: str) -> None:
    await give_back(session, _clerk(chat), (await _handover(chat, session)).id)


async def _on_duty(chat: Chat, session: AsyncSession, words: str) -> None:
    """`on duty: 0 to 4`: the committee's clerk, from and until so many hours from now."""
    start, _, end = words.partition(" to ")
    clerk, at = _clerk(chat), now()
    session.add(
        DutyShift(
            party_id=clerk.party_id,
            staff_id=clerk.staff_id,
            starts_at=at + timedelta(hours=float(start)),
            ends_at=at + timedelta(hours=float(end)),
        )
    )


async def _call_back(chat: Chat, session: AsyncSession, words: str) -> None:
    """`called back: what came out`, by whoever was named for it; the second survey is due at once."""
    call, caller = await _named(chat, session)
    await end_call_back(session, caller, call.id, words, survey_at=now())


async def _call_back_opens_again(chat: Chat, session: AsyncSession, words: str) -> None:
    """`called back, wanted again: why`."""
    call, caller = await _named(chat, session)
    await reopen_by_call(session, caller, call.id, words)


async def _named(chat: Chat, session: AsyncSession) -> tuple[CallBack, StaffActor]:
    need, lead = await _newest(chat, session)
    call = (await session.scalars(select(CallBack).where(CallBack.need_id == need.id))).one()
    everybody = [*chat.cast.here.staff.values(), *chat.cast.here.colleagues.values()]
    caller = next(actor for actor in everybody if actor.staff_id == call.staff_id)
    assert caller.staff_id != lead.staff_id
    return call, caller


async def _come_without_link(chat: Chat, _: AsyncSession, __: str) -> None:
    """Another browser, opened without a community's code."""
    chat.client.cookies.clear()
    await chat.open("/chat")


DEEDS: Mapping[str, Deed] = {
    "staff accept": _accept,
    "staff answer": _answer,
    "staff resolve": _resolve,
    "a person takes over": _take_over,
    "the person writes": _write,
    "the person gives back": _give_back,
    "on duty": _on_duty,
    "notice": announced.post,
    "notice goes out": announced.send,
    "lives in": announced.lives_in,
    "called back": _call_back,
    "called back, wanted again": _call_back_opens_again,
    "no community known": _come_without_link,
    "activity": planned.plan,
    "confides": confided.confide,
    "the social worker asks to share": confided.ask_to_share,
    "others join": planned.others_join,
    "others join the last": planned.others_join_last,
    "another leaves": planned.another_leaves,
    "another agrees to swap": planned.agrees,
    "another asks to swap": planned.asks,
    "the person helps here": planned.helps,
    "the person leads": teamed.leads,
    "the person's team is signed up": teamed.leader_signs_up,
    "staff confirm": led.trains,
    "the shift moves": led.moves,
    "the shift is called off": led.calls_off,
    "the leader sees the person": led.sees,
    "a time bank is kept": led.keeps_bank,
}
"""Beside them: `* 2 days pass`."""
