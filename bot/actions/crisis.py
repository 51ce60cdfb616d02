"""Danger: the number to call first, the case stored at once, who was alerted in honest words, and then staying there.

The one skill that stores before a yes (docs/decisions). What was under way is put aside and offered again afterwards.
`crisis_telling.py` says whom to call and who comes, `crisis_ending.py` ends it, `dangers.py` knows the words;
community/alerts/crisis.py stores and alerts.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from uuid import UUID

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from bot.actions.alarm import is_alarm
from bot.actions.asides import ANSWERS, FORMS
from bot.actions.buttons import choice
from bot.actions.crisis_ending import RESUME, end_well, go_on_elsewhere, resume
from bot.actions.crisis_telling import SAFE, WITH_YOU, advise, call_buttons, find_lines, say_who_comes
from bot.actions.dangers import find_danger, has_company, is_calm, is_safe
from bot.actions.report_places import community_buttons, take_community
from bot.actions.turn import SURE, Turn
from community.alerts.crisis import SECRET, Crisis, hear_in_crisis, report_crisis
from community.clock import now
from community.errors import Refused
from community.hotlines.models import Danger
from community.needs.models import ENDED
from community.places.queries import find_communities
from community.residents.queries import get_profile

log = structlog.get_logger()
OVER_AFTER = timedelta(hours=6)
STAY, COMMUNITY = "stay", "community"


@dataclass(slots=True)
class Held:
    """What is kept between the turns: the case, the danger, how often Linli answered, when the person last wrote."""

    danger: str
    at: str
    need: str | None = None
    words: str = ""
    count: int = 0

    @classmethod
    def of(cls, turn: Turn) -> Held | None:
        """What was kept, if anything."""
        kept = turn.slots.get("crisis")
        return cls(**kept) if kept else None

    def keep_in(self, turn: Turn) -> None:
        """For the next turn."""
        self.at = now().isoformat()
        turn.keep(crisis=asdict(self))


async def stay(turn: Turn, session: AsyncSession) -> None:
    """One step: begin where danger is told, then stay with the person until all is well."""
    held = Held.of(turn)
    if turn.asked == RESUME and not is_alarm(turn):
        await resume(turn, session)
    elif held is None or turn.asked is None:
        await _begin(turn, session)
    elif turn.asked == COMMUNITY:
        await _take_community(turn, session, held)
    elif held.need is None and not _is_calm(turn, held):
        await _try_again(turn, session, held)
    elif is_alarm(turn) and not _is_calm(turn, held):
        await _hear_more(turn, session, held)
    else:
        await _answer(turn, session, held, UUID(held.need) if held.need else None)


async def _begin(turn: Turn, session: AsyncSession) -> None:
    danger = find_danger(turn)
    await advise(turn, session, danger)
    held = Held(danger=danger.value, at=now().isoformat(), words=turn.text)
    profile = await get_profile(session, turn.resident_id)
    if profile.community is None:
        turn.ask(COMMUNITY, "crisis_ask_community", *community_buttons(await find_communities(session)))
        held.keep_in(turn)
    else:
        await _store(turn, session, held, turn.text)


async def _store(turn: Turn, session: AsyncSession, held: Held, words: str) -> None:
    """The case and its alert; where neither can be made, the numbers stand and that is said."""
    danger = Danger(held.danger)
    crisis = await _report(turn, session, danger, words)
    if crisis is not None:
        held.need = str(crisis.need.id)
        await say_who_comes(turn, session, crisis, danger)
    held.keep_in(turn)


async def _report(turn: Turn, session: AsyncSession, danger: Danger, words: str) -> Crisis | None:
    """Store and alert; a refusal is never the answer to danger: it is logged, and the number is said again."""
    try:
        async with session.begin_nested():
            return await report_crisis(session, turn.resident_id, danger, words, message_id=turn.message_id)
    except Refused as refusal:
        log.error("crisis_not_stored", reason=refusal.message)
    lines = await find_lines(turn, session, danger)
    turn.ask(STAY, "crisis_not_stored", *call_buttons(lines), number=lines[0].number)
    return None


async def _try_again(turn: Turn, session: AsyncSession, held: Held) -> None:
    """The case could not be stored before: all that was told so far is tried once more."""
    if turn.text:
        held.words = f"{held.words}\n{turn.text}"
    await _store(turn, session, held, held.words)


async def _take_community(turn: Turn, session: AsyncSession, held: Held) -> None:
    """The person says where: now the case can be stored. Everything else is danger still, and the numbers stand."""
    found = await take_community(turn, session)
    if found is not None:
        await _store(turn, session, held, held.words)
        return
    if _is_calm(turn, held):
        end_well(turn, None)
        return
    if turn.text:
        held.words = f"{held.words}\n{turn.text}"
    await advise(turn, session, Danger(held.danger))
    turn.ask(COMMUNITY, "crisis_ask_community", *community_buttons(await find_communities(session)))
    held.keep_in(turn)


async def _hear_more(turn: Turn, session: AsyncSession, held: Held) -> None:
    """More danger within the crisis: the same case. The number once more, and again where it is another danger."""
    danger = find_danger(turn, Danger(held.danger))
    crisis = await _report(turn, session, danger, turn.text)
    if crisis is None:
        held.keep_in(turn)
        return
    other, repeated = danger.value != held.danger, held.count > 0
    held.danger, held.need = danger.value, str(crisis.need.id)
    if other or crisis.is_new:
        await advise(turn, session, danger)
        await say_who_comes(turn, session, crisis, danger)
    elif repeated:
        await _stay(turn, session, held, crisis)
    else:
        await advise(turn, session, danger)
        turn.ask(STAY, "crisis_added", name=crisis.taken_by or crisis.on_duty or "")
    held.count += 1
    held.keep_in(turn)


async def _answer(turn: Turn, session: AsyncSession, held: Held, need_id: UUID | None) -> None:
    calm = _is_calm(turn, held)
    if need_id is None:
        end_well(turn, None)
        return
    words = "" if _asks_to_call(turn) else turn.text
    crisis = await hear_in_crisis(
        session, turn.resident_id, need_id, words, turn.files, message_id=turn.message_id, calm=calm
    )
    if calm:
        end_well(turn, crisis)
    elif _is_past(held, crisis):
        await go_on_elsewhere(turn, session)
    else:
        await _stay(turn, session, held, crisis)
        held.count += 1
        held.keep_in(turn)


async def _stay(turn: Turn, session: AsyncSession, held: Held, crisis: Crisis) -> None:
    """A sensible answer to what was said; the number stays at hand."""
    danger = Danger(held.danger)
    lines = await find_lines(turn, session, danger)
    buttons = [*call_buttons(lines)[:2], choice("button_i_am_fine", "fine")]
    asked = turn.asked if turn.asked in (WITH_YOU, SAFE) else None
    answer = {WITH_YOU: has_company, SAFE: is_safe}[asked](turn) if asked else None
    name = crisis.taken_by or crisis.on_duty or ""
    if turn.intent == "talk_to_human" and turn.confidence >= SURE:
        await say_who_comes(turn, session, crisis, danger)
    elif _asks_to_call(turn) or (turn.intent == "ask_contact" and turn.confidence >= SURE):
        await advise(turn, session, danger)
        turn.ask_again()
    elif answer is not None:
        message = _ANSWERED[asked or WITH_YOU, answer]
        turn.ask(STAY, message, *buttons, number=lines[0].number)
    elif _wants_something_else(turn):
        turn.ask(STAY, "crisis_first", *buttons)
        if turn.intent == "report_need" and not turn.slots.get("aside"):
            turn.keep(
                aside={
                    "id": str(turn.message_id),
                    "words": turn.text,
                    "kind_code": turn.need.kind,
                    "building": None,
                }
            )
    elif danger in SECRET:
        turn.ask(STAY, "crisis_listening", *buttons, count=held.count % 4, name=name)
    else:
        turn.ask(STAY, "crisis_noted", *buttons, count=held.count % 2, name=name)


_ANSWERED = {
    (WITH_YOU, True): "crisis_not_alone",
    (WITH_YOU, False): "crisis_alone",
    (SAFE, True): "crisis_safe",
    (SAFE, False): "crisis_unsafe",
}


def _is_calm(turn: Turn, held: Held) -> bool:
    """The person says, by button or in words, that this danger is over."""
    return turn.entities.get("value") == "fine" or is_calm(turn.text, Danger(held.danger))


def _asks_to_call(turn: Turn) -> bool:
    """The number of a calling button was chosen where a tap cannot call."""
    return turn.text.startswith("tel:")


def _wants_something_else(turn: Turn) -> bool:
    """A clear wish that has nothing to do with how the person is."""
    if is_alarm(turn) or turn.confidence < SURE or turn.intent in ("greet", "thank", "send_photo"):
        return False
    if turn.intent == "report_need":
        return turn.need.sure and turn.need.kind != "mental_health"
    return turn.intent in FORMS or turn.intent in ANSWERS


def _is_past(held: Held, crisis: Crisis) -> bool:
    return crisis.need.state in ENDED or now() - datetime.fromisoformat(held.at) > OVER_AFTER
