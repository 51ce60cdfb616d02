"""Danger: the number to call first, the case stored at once, who was alerted in honest words, and then staying there.

The one skill that stores before a yes (docs/decisions). What was under way is put aside and offered again afterwards.
`dangers.py` knows the words; community/alerts/crisis.py stores and alerts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from bot.actions.alarm import is_alarm
from bot.actions.asides import ANSWERS, FORMS
from bot.actions.buttons import choice, menu
from bot.actions.dangers import find_danger, has_company, is_about_another, is_calm, is_safe
from bot.actions.report_places import community_buttons, take_community
from bot.actions.turn import REPORT_FORM, SURE, Button, Turn
from community.alerts.crisis import SECRET, Crisis, hear_in_crisis, report_crisis
from community.clock import now
from community.hotlines.models import Danger
from community.hotlines.queries import OpenLine, find_lines_for
from community.needs.kinds import get_kind
from community.needs.models import ENDED
from community.needs.usecases.steps import name_party
from community.places.queries import find_communities
from community.residents.queries import get_profile

OVER_AFTER = timedelta(hours=6)
MOST_LINES = 3
ADVICE = {
    Danger.SELF_HARM: "crisis_self",
    Danger.VIOLENCE: "crisis_violence",
    Danger.FIRE: "crisis_fire",
    Danger.GAS: "crisis_gas",
    Danger.INJURY: "crisis_injury",
    Danger.MISSING: "crisis_missing",
    Danger.OTHER: "crisis_other",
}
WITH_YOU, SAFE, STAY, COMMUNITY, RESUME = "with_you", "safe", "stay", "community", "resume"


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
    if turn.asked == RESUME:
        _resume(turn)
    elif held is None or turn.asked is None:
        await _begin(turn, session)
    elif held.need is None:
        await _take_community(turn, session, held)
    elif is_alarm(turn) and not is_calm(turn.text):
        await _hear_more(turn, session, held)
    else:
        await _answer(turn, session, held, UUID(held.need))


async def _begin(turn: Turn, session: AsyncSession) -> None:
    danger = find_danger(turn)
    await _advise(turn, session, danger)
    held = Held(danger=danger.value, at=now().isoformat(), words=turn.text)
    profile = await get_profile(session, turn.resident_id)
    if profile.community is None:
        turn.ask(COMMUNITY, "crisis_ask_community", *community_buttons(await find_communities(session)))
        held.keep_in(turn)
    else:
        await _store(turn, session, held, turn.text)


async def _advise(turn: Turn, session: AsyncSession, danger: Danger) -> None:
    """The first words: whom to call now, and what to do until then."""
    lines = await _find_lines(turn, session, danger)
    another = danger is Danger.SELF_HARM and is_about_another(turn.text)
    turn.say(
        "crisis_another" if another else ADVICE[danger],
        *_call_buttons(lines),
        lines=[line.as_json() for line in lines],
    )


async def _store(turn: Turn, session: AsyncSession, held: Held, words: str) -> None:
    crisis = await report_crisis(
        session, turn.resident_id, Danger(held.danger), words, message_id=turn.message_id
    )
    held.need = str(crisis.need.id)
    held.keep_in(turn)
    await _say_who_comes(turn, session, crisis, Danger(held.danger))


async def _say_who_comes(turn: Turn, session: AsyncSession, crisis: Crisis, danger: Danger) -> None:
    """Who was alerted, or honestly when somebody is there; and the question that keeps the person talking."""
    alone = danger is Danger.SELF_HARM
    question, buttons = (WITH_YOU, _company()) if alone else (SAFE, _safety())
    lines = await _find_lines(turn, session, danger)
    values: dict[str, Any] = {"alone": alone, "secret": danger in SECRET, "number": lines[0].number}
    if crisis.taken_by:
        turn.ask(question, "crisis_taken_already", *buttons, name=crisis.taken_by, **values)
    elif crisis.on_duty:
        turn.ask(question, "crisis_on_duty", *buttons, name=crisis.on_duty, **values)
    elif crisis.promised_at is not None and crisis.promised_at > now():
        promised = crisis.promised_at.isoformat()
        turn.ask(question, "crisis_off_duty", *buttons, promised=promised, **values)
    else:
        party = await name_party(session, crisis.need.lead_party_id)
        turn.ask(question, "crisis_calling", *buttons, party=party, **values)


async def _take_community(turn: Turn, session: AsyncSession, held: Held) -> None:
    """The person says where: now the case can be stored. Everything else is danger still, and the numbers stand."""
    found = await take_community(turn, session)
    if found is not None:
        await _store(turn, session, held, held.words)
        return
    if turn.text and is_calm(turn.text):
        _end_well(turn, None)
        return
    if turn.text:
        held.words = f"{held.words}\n{turn.text}"
    await _advise(turn, session, Danger(held.danger))
    turn.ask(COMMUNITY, "crisis_ask_community", *community_buttons(await find_communities(session)))
    held.keep_in(turn)


async def _hear_more(turn: Turn, session: AsyncSession, held: Held) -> None:
    """More danger within the crisis: the same case; a number again where it is another danger, or was not heard."""
    danger = find_danger(turn, Danger(held.danger))
    crisis = await report_crisis(session, turn.resident_id, danger, turn.text, message_id=turn.message_id)
    other = danger.value != held.danger
    held.danger, held.need, held.count = danger.value, str(crisis.need.id), held.count + 1
    held.keep_in(turn)
    if other or not crisis.is_new:
        await _advise(turn, session, danger)
    if other or crisis.is_new:
        await _say_who_comes(turn, session, crisis, danger)
    else:
        turn.ask(STAY, "crisis_added", name=crisis.taken_by or crisis.on_duty or "")


async def _answer(turn: Turn, session: AsyncSession, held: Held, need_id: UUID) -> None:
    value = turn.entities.get("value", "")
    calm = value == "fine" or is_calm(turn.text)
    words = "" if _asks_to_call(turn) else turn.text
    crisis = await hear_in_crisis(
        session, turn.resident_id, need_id, words, message_id=turn.message_id, calm=calm
    )
    if calm:
        _end_well(turn, crisis)
    elif _is_past(held, crisis):
        await _go_on_elsewhere(turn, session)
    else:
        await _stay(turn, session, held, crisis)
        held.count += 1
        held.keep_in(turn)


async def _stay(turn: Turn, session: AsyncSession, held: Held, crisis: Crisis) -> None:
    """A sensible answer to what was said; the number stays at hand."""
    danger = Danger(held.danger)
    lines = await _find_lines(turn, session, danger)
    buttons = [*_call_buttons(lines)[:2], choice("button_i_am_fine", "fine")]
    asked = turn.asked if turn.asked in (WITH_YOU, SAFE) else None
    answer = {WITH_YOU: has_company, SAFE: is_safe}[asked](turn) if asked else None
    name = crisis.taken_by or crisis.on_duty or ""
    if turn.intent == "talk_to_human" and turn.confidence >= SURE:
        await _say_who_comes(turn, session, crisis, danger)
    elif _asks_to_call(turn) or (turn.intent == "ask_contact" and turn.confidence >= SURE):
        await _advise(turn, session, danger)
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


def _asks_to_call(turn: Turn) -> bool:
    """The number of a calling button was chosen where a tap cannot call."""
    return turn.text.startswith("tel:")


def _wants_something_else(turn: Turn) -> bool:
    """A clear wish that has nothing to do with how the person is."""
    if turn.confidence < SURE or turn.intent in ("greet", "thank"):
        return False
    if turn.intent == "report_need":
        return turn.need.sure and turn.need.kind != "mental_health"
    return turn.intent in FORMS or turn.intent in ANSWERS


def _end_well(turn: Turn, crisis: Crisis | None) -> None:
    """All is well: kind words, never a reproach; what was put aside is offered again."""
    aside = turn.slots.get("aside")
    name = (crisis.taken_by or crisis.on_duty or "") if crisis else ""
    turn.end()
    if aside:
        turn.say("crisis_fine", name=name)
        kind = get_kind(aside.get("kind_code", "other")).name
        turn.ask(
            RESUME,
            "crisis_resume",
            choice("button_go_on", "go_on"),
            choice("button_not_now", "not_now"),
            kind=kind,
        )
    else:
        turn.say("crisis_fine", *menu(), name=name)


def _resume(turn: Turn) -> None:
    """Go on with what was put aside, or leave it."""
    aside, value = turn.slots.get("aside"), turn.entities.get("value")
    turn.keep(aside=None)
    wants = (
        value == "go_on" or turn.intent == "affirm" or (turn.intent == "report_need" and not turn.need.sure)
    )
    form = FORMS.get(turn.intent) if turn.confidence >= SURE and turn.text else None
    if aside and wants:
        turn.switch_to(REPORT_FORM)
        turn.keep(draft=aside)
    elif form and turn.intent != "withdraw_need":
        turn.switch_to(form)
    else:
        turn.end()
        turn.say("report_dropped")


def _is_past(held: Held, crisis: Crisis) -> bool:
    return crisis.need.state in ENDED or now() - datetime.fromisoformat(held.at) > OVER_AFTER


async def _go_on_elsewhere(turn: Turn, session: AsyncSession) -> None:
    """The crisis was hours ago, or is over: the message is an ordinary one."""
    form = FORMS.get(turn.intent)
    if form and turn.confidence >= SURE:
        turn.switch_to(form)
        return
    turn.end()
    if turn.is_clearly_aside:
        await ANSWERS[turn.intent](turn, session)
    else:
        turn.say("crisis_how_are_you", *menu())


async def _find_lines(turn: Turn, session: AsyncSession, danger: Danger) -> Sequence[OpenLine]:
    profile = await get_profile(session, turn.resident_id)
    community_id = profile.community.id if profile.community else None
    return (await find_lines_for(session, community_id, danger, now()))[:MOST_LINES]


def _call_buttons(lines: Sequence[OpenLine]) -> list[Button]:
    """A tap calls; a channel that cannot do that shows the number, which stands in the words as well."""
    return [Button("button_call", f"tel:{line.number}", {"number": line.number}) for line in lines]


def _company() -> list[Button]:
    return [choice("button_somebody_here", "yes"), choice("button_nobody_here", "no")]


def _safety() -> list[Button]:
    return [choice("button_safe", "yes"), choice("button_not_safe", "no")]
