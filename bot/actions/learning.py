"""Leaves for staff what was not understood, and what the person wanted then; called after the step of every action.

What may be private is not even handed over: danger, a form under way, a kind that others do not read. The rest is
decided and masked in community/learning/noting.py.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from bot.actions.turn import Turn
from community.learning.noting import Unclear, note_picked, note_unclear
from community.needs.kinds import kind_of
from community.needs.models import Urgency, Visibility

NOT_UNDERSTOOD = frozenset(
    {"unclear", "unclear_guesses", "unclear_menu", "unclear_person", "unclear_to_person"}
    | {"answer_which", "answer_unknown"}
)
"""Messages that are said where something was not understood."""
SAYS_NOTHING = frozenset({"out_of_scope", "choose", "send_sticker", "send_photo"})
POSSIBLE_CRISIS = 0.05
LEAST_CONFIDENTIAL = 0.35


async def learn_from(turn: Turn, session: AsyncSession) -> None:
    """Note this message where it was not understood; else what it shows about the one before."""
    if any(bubble["message"] in NOT_UNDERSTOOD for bubble in turn.bubbles):
        await _note(turn, session)
    elif (noted := _noted_before(turn)) and turn.intent not in SAYS_NOTHING:
        await note_picked(session, noted, turn.intent)


def is_private(turn: Turn) -> bool:
    """Whether the words may be about something that is not for everybody of the committee."""
    if (
        turn.form is not None
        or turn.next_form is not None
        or turn.slots.get("draft")
        or turn.slots.get("aside")
    ):
        return True
    if turn.intent == "crisis" or turn.need.urgency is Urgency.CRISIS:
        return True
    if any(name == "crisis" and confidence >= POSSIBLE_CRISIS for name, confidence in turn.ranking):
        return True
    visibility = kind_of(turn.need.kind).visibility
    if visibility is Visibility.CONFIDENTIAL:
        return turn.need.confidence >= LEAST_CONFIDENTIAL
    return turn.need.sure and visibility is not Visibility.PUBLIC and turn.need.kind != "admin_policy_consult"


async def _note(turn: Turn, session: AsyncSession) -> None:
    if not turn.text or is_private(turn):
        return
    noted = await note_unclear(session, turn.resident_id, Unclear(turn.text, turn.vector, _offered(turn)))
    kept = turn.kept.get("unclear")
    if noted is not None and isinstance(kept, Mapping):
        turn.keep(unclear={**kept, "noted": str(noted)})


def _noted_before(turn: Turn) -> UUID | None:
    kept = turn.slots.get("unclear")
    noted = kept.get("noted") if isinstance(kept, Mapping) else None
    return UUID(noted) if noted else None


def _offered(turn: Turn) -> list[str]:
    """The guesses: intents, or answers by their codes."""
    if any(bubble["message"] in ("unclear_guesses", "answer_which") for bubble in turn.bubbles):
        payloads = [button["payload"] for bubble in turn.bubbles for button in bubble["buttons"]]
        return [guess for guess in map(_guess_in, payloads) if guess]
    return []


def _guess_in(payload: str) -> str:
    intent, brace, rest = payload.removeprefix("/").partition("{")
    value = str(json.loads(brace + rest).get("value", "")) if brace else ""
    return "" if intent == "choose" or value.startswith("none_of") else value or intent
