"""Distress without danger: a number, and a social worker who writes, calls or meets; or being heard; or asking unnamed.

Nobody is alerted and nothing is stored before the person has chosen. The report's first step hands over to here.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from bot.actions.asides import answered_aside, leads_elsewhere, leaves_off, wants_person
from bot.actions.buttons import choice
from bot.actions.care_words import (
    KIND,
    is_feeling,
    offers,
    read_phones,
    read_way,
    wants_contact,
    wants_to_talk,
    wants_unnamed,
    ways,
)
from bot.actions.report_draft import Draft
from bot.actions.report_places import community_buttons, take_community
from bot.actions.turn import CARE_FORM, Turn
from community.clock import now
from community.hotlines.models import Danger
from community.hotlines.queries import find_lines_for
from community.needs.told import Told as Facts
from community.needs.usecases.residents import Report, report_need
from community.needs.usecases.steps import name_party
from community.places.queries import find_communities
from community.residents.queries import get_profile
from community.wishes.models import ContactWay
from community.wishes.usecases import keep_wish

OFFER, WAY, PHONE, TALK, UNNAMED, COMMUNITY = "offer", "way", "phone", "talk", "unnamed", "community"


@dataclass(slots=True)
class Told:
    """What the person told so far, and how they want to be reached."""

    words: str = ""
    photos: list[str] = field(default_factory=list)
    phones: list[str] = field(default_factory=list)
    way: str | None = None
    count: int = 0

    @classmethod
    def of(cls, turn: Turn) -> Told:
        """What was kept."""
        return cls(**(turn.slots.get("care") or {}))

    def add(self, words: str) -> None:
        """Something more was said."""
        self.words = f"{self.words}\n{words}" if self.words else words


def hand_over(turn: Turn, draft: Draft) -> None:
    """A report turns out to be about how the person feels."""
    turn.switch_to(CARE_FORM)
    turn.keep(care=asdict(Told(draft.words, list(draft.photos))))


async def care(turn: Turn, session: AsyncSession) -> None:
    """Take the answer to the open question, or offer what there is."""
    told = Told.of(turn)
    if turn.asked is None:
        await _offer(turn, session)
    elif leaves_off(turn, "withdraw_need"):
        await _close(turn, session)
    elif not await _ANSWERS[turn.asked](turn, session, told):
        await _interrupted(turn, session, told)
    if not turn.is_over:
        turn.keep(care=asdict(told))


async def _offer(turn: Turn, session: AsyncSession) -> None:
    turn.ask(OFFER, "care_offer", *offers(), number=await _find_number(turn, session))


async def _take_offer(turn: Turn, session: AsyncSession, told: Told) -> bool:
    value, text = turn.entities.get("value"), turn.text
    if value == "unnamed" or wants_unnamed(text):
        turn.ask(UNNAMED, "care_ask_question")
    elif value == "talk" or wants_to_talk(text):
        turn.ask(TALK, "care_talk")
    elif turn.intent == "deny":
        await _close(turn, session)
    elif value == "contact" or turn.intent in ("affirm", "talk_to_human") or wants_contact(text):
        turn.ask(WAY, "care_ask_way", *ways())
    elif is_feeling(turn):
        return await _listen(turn, session, told)
    else:
        return False
    return True


async def _take_way(turn: Turn, session: AsyncSession, told: Told) -> bool:
    way = read_way(turn)
    if way is None:
        return False
    told.way = way.value
    profile = await get_profile(session, turn.resident_id)
    told.phones += read_phones(turn.text)
    if way is ContactWay.CALL and not profile.resident.phone and not told.phones:
        turn.ask(PHONE, "care_ask_phone")
        return True
    await _save(turn, session, told)
    return True


async def _take_phone(turn: Turn, session: AsyncSession, told: Told) -> bool:
    if found := read_phones(turn.text):
        told.phones += found
    elif turn.intent == "deny":
        told.way = ContactWay.MESSAGE.value
    else:
        return False
    await _save(turn, session, told)
    return True


async def _listen(turn: Turn, session: AsyncSession, told: Told) -> bool:
    value = turn.entities.get("value")
    if value == "contact" or (turn.text and wants_contact(turn.text) and turn.intent != "report_need"):
        turn.ask(WAY, "care_ask_way", *ways())
    elif value == "enough" or turn.intent in ("thank", "deny"):
        await _close(turn, session)
    elif turn.text and is_feeling(turn):
        told.add(turn.text)
        turn.ask(
            TALK,
            "care_listening",
            choice("button_ask_social_worker", "contact"),
            choice("button_enough", "enough"),
            count=told.count % 4,
        )
        told.count += 1
    else:
        return False
    return True


async def _take_question(turn: Turn, session: AsyncSession, told: Told) -> bool:
    if not turn.text or turn.is_clearly_aside:
        return False
    told.add(turn.text)
    told.way = ContactWay.ANONYMOUS.value
    await _save(turn, session, told)
    return True


async def _take_community(turn: Turn, session: AsyncSession, told: Told) -> bool:
    if await take_community(turn, session) is None:
        return False
    await _save(turn, session, told)
    return True


async def _save(turn: Turn, session: AsyncSession, told: Told) -> None:
    """Store what was told with the wish; the answer comes from what was stored."""
    profile = await get_profile(session, turn.resident_id)
    if profile.community is None:
        turn.ask(COMMUNITY, "report_ask_community", *community_buttons(await find_communities(session)))
        return
    files = tuple(UUID(photo) for photo in told.photos)
    way = ContactWay(told.way or ContactWay.MESSAGE)
    facts = Facts(contact_phones=tuple(told.phones))
    report = Report(kind=KIND, words=told.words, file_ids=files, told=facts)
    need = await report_need(
        session, turn.resident_id, report, message_id=turn.message_id, limits=turn.limits
    )
    await keep_wish(session, turn.resident_id, need.id, way)
    turn.end()
    values: dict[str, Any] = {"code": need.code, "due": need.first_answer_due_at.isoformat()}
    if way is ContactWay.ANONYMOUS:
        turn.say("care_saved_unnamed", **values)
    else:
        party = await name_party(session, need.lead_party_id)
        turn.say("care_saved", party=party, way=way.value, **values)


async def _close(turn: Turn, session: AsyncSession) -> None:
    number = await _find_number(turn, session)
    turn.end()
    turn.say("care_closed", number=number)


async def _interrupted(turn: Turn, session: AsyncSession, told: Told) -> None:
    """A question in between is answered; another wish leads on; what is unclear is asked again in other words.

    Who asks for a person here is asked how the social worker is to reach them: nobody else learns of it.
    """
    asked = turn.asked or OFFER
    if wants_person(turn):
        if asked == TALK and turn.text:
            told.add(turn.text)
        asked = asked if asked == COMMUNITY else WAY
    elif await answered_aside(turn, session):
        turn.say("care_goes_on")
    elif not is_feeling(turn) and leads_elsewhere(turn, CARE_FORM):
        return
    await _ask_again(turn, session, asked)


async def _ask_again(turn: Turn, session: AsyncSession, asked: str) -> None:
    if asked == WAY:
        turn.ask(WAY, "care_ask_way", *ways())
    elif asked == PHONE:
        turn.ask(PHONE, "care_ask_phone")
    elif asked == COMMUNITY:
        turn.ask(COMMUNITY, "report_ask_community", *community_buttons(await find_communities(session)))
    elif asked == UNNAMED:
        turn.ask(UNNAMED, "care_ask_question")
    else:
        turn.ask(OFFER, "care_offer_again", *offers())


async def _find_number(turn: Turn, session: AsyncSession) -> str:
    profile = await get_profile(session, turn.resident_id)
    community_id = profile.community.id if profile.community else None
    return (await find_lines_for(session, community_id, Danger.DISTRESS, now()))[0].number


_ANSWERS: Mapping[str, Callable[[Turn, AsyncSession, Told], Awaitable[bool]]] = {
    OFFER: _take_offer,
    WAY: _take_way,
    PHONE: _take_phone,
    TALK: _listen,
    UNNAMED: _take_question,
    COMMUNITY: _take_community,
}
