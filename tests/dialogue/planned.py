"""Activities in a dialogue: `* activity: ...`, other people who join or leave, beside the person who talks."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from community.activities.models import Part, Shift
from community.activities.usecases.planning import plan_activity, publish_activity
from community.clock import now
from community.parties.models import PartyType
from community.residents.usecases import meet_person
from community.signups.models import HELD, SignUp
from community.signups.usecases.answering import leave_sign_up
from community.signups.usecases.joining import join_shift
from community.substitutes.volunteers import note_volunteer
from community.swaps.agreeing import agree_swap
from community.swaps.models import SwapAsk
from community.swaps.usecases import ask_swap
from tests.community.activities.plans import make_plan
from tests.dialogue.chat import Chat

_PLAN = re.compile(
    r"(?P<kind>\w+) (?P<title>[^,]+), \+(?P<days>\d+) (?P<hour>\d+):00, (?P<places>\d+) places"
    r"(?:, (?P<guests>\d+) guests)?(?:, from (?P<age>\d+))?(?:, needs (?P<needs>\S+))?"
)
ZONE = ZoneInfo("Asia/Shanghai")


async def plan(chat: Chat, session: AsyncSession, words: str) -> None:
    """`activity: visits 探访独居老人, +3 9:00, 2 places, 5 guests, from 12, needs 急救证`: two hours, in three days."""
    match = _PLAN.fullmatch(words)
    assert match, words
    day = now().astimezone(ZONE).date() + timedelta(days=int(match["days"]))
    begins = datetime(day.year, day.month, day.day, int(match["hour"]), tzinfo=ZONE)
    made = make_plan(
        begins,
        volunteers=int(match["places"]),
        participants=int(match["guests"] or 0),
        kind=match["kind"],
        title_zh=match["title"],
        title_en=match["title"],
        minimum_age=int(match["age"]) if match["age"] else None,
        qualification=match["needs"] or "",
    )
    actor = chat.cast.here.staff[PartyType.COMMITTEE]
    await publish_activity(session, actor, (await plan_activity(session, actor, made)).id)


async def others_join(chat: Chat, session: AsyncSession, many: str) -> None:
    """`others join: 2`: so many others take places in the next shift."""
    shift = (await session.scalars(select(Shift).order_by(Shift.starts_at).limit(1))).one()
    for index in range(int(many)):
        known = await meet_person(session, "web", f"other-{index}", community_id=shift.community_id)
        await join_shift(session, known.resident_id, shift.id, Part.VOLUNTEER)


async def another_leaves(chat: Chat, session: AsyncSession, _: str) -> None:
    """Somebody else gives up a place."""
    wanted = select(SignUp).where(SignUp.resident_id != chat.resident_id, SignUp.state.in_(HELD))
    row = (await session.scalars(wanted.order_by(SignUp.created_at).limit(1))).one()
    await leave_sign_up(session, row.resident_id, row.id)


async def others_join_last(chat: Chat, session: AsyncSession, many: str) -> None:
    """`others join the last: 1`: so many others take places in the shift that is last."""
    shift = (await session.scalars(select(Shift).order_by(Shift.starts_at.desc()).limit(1))).one()
    for index in range(int(many)):
        known = await meet_person(session, "web", f"last-{index}", community_id=shift.community_id)
        await join_shift(session, known.resident_id, shift.id, Part.VOLUNTEER)


async def agrees(chat: Chat, session: AsyncSession, _: str) -> None:
    """`another agrees to swap`: whoever was asked for the person's sake."""
    ask = (await session.scalars(select(SwapAsk).where(SwapAsk.resident_id != chat.resident_id))).one()
    await agree_swap(session, ask.resident_id, ask.swap_id)


async def asks(chat: Chat, session: AsyncSession, _: str) -> None:
    """`another asks to swap`: somebody in another shift would like the one of the person who talks."""
    mine = (await session.scalars(select(SignUp).where(SignUp.resident_id == chat.resident_id))).one()
    theirs = (await session.scalars(select(SignUp).where(SignUp.resident_id != chat.resident_id))).one()
    await ask_swap(session, theirs.resident_id, theirs.id, mine.shift_id)


async def helps(chat: Chat, session: AsyncSession, _: str) -> None:
    """The person who talks is known to help here."""
    await note_volunteer(session, chat.resident_id, chat.cast.here.community.id)
