"""Makes a skill's step an action for rasa-sdk: what it writes is one transaction, a refusal is said by its message."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from bot.actions.alarm import is_alarm
from bot.actions.learning import learn_from
from bot.actions.turn import CRISIS_FORM, REQUESTED, Turn, read_turn
from community.errors import Refused, TooMany
from community.inbox.answers import find_answer, keep_answer
from community.needs.usecases.residents import ReportLimits
from linli.database import Sessions, has_begun

Step = Callable[[Turn, AsyncSession], Awaitable[None]]
Events = list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Tools:
    """What actions need of the app."""

    sessions: Sessions
    limits: ReportLimits


class Dispatcher(Protocol):
    """What an action answers through, as rasa-sdk has it."""

    def utter_message(self, *, json_message: dict[str, Any]) -> None:
        """Add a bubble."""


class TrackerLike(Protocol):
    """The tracker as rasa-sdk gives it to an action."""

    def current_state(self) -> dict[str, Any]:
        """The tracker as Rasa sent it."""


Run = Callable[[Dispatcher, TrackerLike, Mapping[str, Any]], Awaitable[Events]]


def make_action(name: str, step: Step, tools: Tools) -> Run:
    """The step as rasa-sdk calls it."""

    async def run(dispatcher: Dispatcher, tracker: TrackerLike, domain: Mapping[str, Any]) -> Events:
        del domain  # rasa-sdk hands it to every action; ours need none
        turn = await take(name, step, tools, tracker.current_state())
        for bubble in turn.bubbles:
            dispatcher.utter_message(json_message=bubble)
        return _events(turn)

    return run


async def take(name: str, step: Step, tools: Tools, tracker: Mapping[str, Any]) -> Turn:
    """Run the step; what it writes is one transaction. A refusal undoes it and is what the person is told.

    Danger goes before every step but its own: a report under way is put aside. A message that runs again is answered
    as it was before.
    """
    turn = read_turn(tracker, tools.limits)
    if is_alarm(turn) and turn.form != CRISIS_FORM:
        turn.switch_to(CRISIS_FORM)
        if (turn.slots.get("draft") or {}).get("words"):
            turn.keep(aside=turn.slots["draft"])
        return turn
    try:
        earlier = await _run_once(name, step, tools, turn)
    except Refused as refusal:
        earlier = await _find_earlier(name, tools, turn)
        turn = read_turn(tracker, tools.limits)
        _refuse(turn, refusal)
    if earlier is not None:
        turn.answer_as_before(earlier)
    return turn


def _refuse(turn: Turn, refusal: Refused) -> None:
    """Say why not. What passes with time leaves the question open and all that was told; anything else ends it."""
    turn.say(refusal.message, **refusal.values)
    if turn.asked and isinstance(refusal, TooMany):
        turn.ask_again()
        turn.say("kept_for_later")
    else:
        turn.end()


async def _run_once(name: str, step: Step, tools: Tools, turn: Turn) -> Mapping[str, Any] | None:
    """Run the step; where an earlier run has written already, nothing of this one stays, and its answer is given.

    Of a step that only read, nothing is kept; whether an earlier run has written is asked where there may be one.
    """
    try:
        async with tools.sessions() as session:
            await step(turn, session)
            await learn_from(turn, session)
            await session.flush()
            if not await has_begun(session):
                asks = session.in_transaction() and not turn.first_try
                return await find_answer(session, turn.message_id, name) if asks else None
            earlier = await keep_answer(session, turn.message_id, name, turn.answer)
            await session.commit()
            return earlier
    except IntegrityError:
        earlier = await _find_earlier(name, tools, turn)
        if earlier is None:
            raise
        return earlier


async def _find_earlier(name: str, tools: Tools, turn: Turn) -> Mapping[str, Any] | None:
    async with tools.sessions() as session:
        return await find_answer(session, turn.message_id, name)


def _events(turn: Turn) -> Events:
    kept = {"failures": 0, "unclear": None, "wanted": None} | turn.kept
    requested = kept.pop(REQUESTED, None)
    events: Events = [_slot(name, value) for name, value in kept.items()]
    if turn.form is not None or turn.next_form is not None:
        events.append(_slot(REQUESTED, requested))
    if turn.next_form is not None:
        events.append({"event": "active_loop", "name": turn.next_form, "timestamp": None})
    return events


def _slot(name: str, value: object) -> dict[str, Any]:
    return {"event": "slot", "name": name, "value": value, "timestamp": None}
