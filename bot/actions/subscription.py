"""What one wants to be told, and when: kept at once and read back, then a correction in words is taken.

The form asks nothing: it listens for a while whether what was read back is right, and lets everything else pass.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from bot.actions import asides, fallback, receipts, small_talk
from bot.actions.turn import REQUESTED, SURE, Turn
from bot.actions.wishes import say_what_is_possible, take_wish
from community.clock import now

LISTENS = timedelta(minutes=30)
OWN = "manage_subscription"
CORRECTION = "correction"


async def manage(turn: Turn, session: AsyncSession) -> None:
    """One step: a wish kept, a correction of it, or something else."""
    if turn.asked is None or turn.intent == OWN:
        await _take(turn, session)
    elif _is_late(turn) or not await _corrected(turn, session):
        await _pass(turn, session)


async def _take(turn: Turn, session: AsyncSession) -> None:
    wish = await take_wish(turn, session, corrects_quiet=_was_quiet(turn))
    if not wish:
        say_what_is_possible(turn)
    _listen(turn, quiet=wish.quiet is not None)


def _listen(turn: Turn, *, quiet: bool) -> None:
    """A question that nobody has to answer: it is neither asked again nor picked up after hours."""
    turn.keep(
        **{REQUESTED: CORRECTION, "asked_at": None, "errand": {"at": now().isoformat(), "quiet": quiet}}
    )


def _kept(turn: Turn) -> dict[str, Any]:
    kept = turn.slots.get("errand")
    return kept if isinstance(kept, dict) else {}


def _is_late(turn: Turn) -> bool:
    at = _kept(turn).get("at")
    return at is None or now() - datetime.fromisoformat(at) > LISTENS


def _was_quiet(turn: Turn) -> bool:
    return bool(turn.asked and _kept(turn).get("quiet"))


async def _corrected(turn: Turn, session: AsyncSession) -> bool:
    """Whether the message is about what was read back: right, wrong, or said anew."""
    if turn.intent in ("affirm", "ack_notice") and "notice" not in turn.entities:
        turn.end()
        turn.say("wishes_right")
        return True
    if turn.intent in ("deny", "out_of_scope") or turn.confidence < SURE:
        wish = await take_wish(turn, session, corrects_quiet=_was_quiet(turn))
        if wish:
            _listen(turn, quiet=wish.quiet is not None)
            return True
    if turn.intent == "deny":
        say_what_is_possible(turn)
        _listen(turn, quiet=_was_quiet(turn))
        return True
    return False


async def _pass(turn: Turn, session: AsyncSession) -> None:
    """Something else: taken as if nothing had been said about wishes."""
    form = {"affirm": "rating_form", "deny": "rating_form"}.get(turn.intent) or asides.FORMS.get(turn.intent)
    if form is not None:
        turn.switch_to(form)
        return
    once = {
        **asides.ANSWERS,
        "ack_notice": receipts.take_receipt,
        "choose": fallback.take_button,
        "goodbye": small_talk.say_goodbye,
        "stop_current": small_talk.leave_off,
    }
    await once.get(turn.intent, fallback.fall_back)(turn, session)
    if turn.next_form is None:
        turn.end()
