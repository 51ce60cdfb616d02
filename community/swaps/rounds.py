"""Asking for a swap in rounds of three as long as there are any; then whoever asked hears that nobody could."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from community.activities.models import Activity, Shift
from community.activities.telling import shift_values
from community.clock import now
from community.outbox.models import Priority
from community.outbox.usecases import enqueue_message, withdraw_messages
from community.quiet import after_quiet
from community.signups.models import COMING
from community.signups.usecases.holding import hold_until
from community.signups.usecases.steps import Held, answer_buttons, tell
from community.substitutes.models import Volunteer
from community.swaps.candidates import find_candidates
from community.swaps.models import Swap, SwapAsk, SwapState

ROUND = 3


async def go_on(session: AsyncSession, swap: Swap, held: Held, at: datetime) -> int:
    """The next round of a swap that nobody agreed to, or its end."""
    shift = await session.get_one(Shift, swap.shift_id)
    activity = await session.get_one(Activity, shift.activity_id)
    until = (
        hold_swap_until(held, shift, at)
        if held.sign_up.state in COMING and shift.cancelled_at is None
        else None
    )
    if until is not None:
        swap.until = until
        if asked := await ask_round(session, swap, held, shift, activity):
            return asked
    swap.state, swap.ended_at = SwapState.OVER, at
    await withdraw_asks(session, swap.id)
    if held.sign_up.state in COMING and held.shift.starts_at > at:
        await _tell_nobody(session, swap, held, shift, activity, at)
    return 0


async def ask_round(session: AsyncSession, swap: Swap, held: Held, shift: Shift, activity: Activity) -> int:
    """Ask the next few; gives how many."""
    at = now()
    found = await find_candidates(session, held.sign_up, held.activity, shift.id, at, ROUND)
    for theirs in found:
        session.add(
            SwapAsk(swap_id=swap.id, resident_id=theirs.resident_id, sign_up_id=theirs.id, asked_at=at)
        )
        await enqueue_message(
            session,
            theirs.resident_id,
            "swap_ask",
            f"swap:{swap.id}:ask:{theirs.resident_id}",
            values=swap_values(activity, shift, held.activity, held.shift),
            buttons=[
                {"label": "button_swap_yes", "payload": f'/confirm_shift{{"swap": "{swap.id}"}}'},
                {"label": "button_swap_no", "payload": f'/cancel_signup{{"swap": "{swap.id}"}}'},
            ],
            priority=Priority.NORMAL,
            due_at=after_quiet(at, held.zone),
            expires_at=swap.until,
        )
    await session.execute(
        update(Volunteer)
        .where(
            Volunteer.resident_id.in_([each.resident_id for each in found]),
            Volunteer.community_id == held.shift.community_id,
        )
        .values(asked=Volunteer.asked + 1, asked_at=at)
    )
    await session.flush()
    return len(found)


async def _tell_nobody(
    session: AsyncSession, swap: Swap, held: Held, shift: Shift, activity: Activity, at: datetime
) -> None:
    """Who asked still has the place, and says whether they can come to it."""
    held.sign_up.asked_at = at
    values: dict[str, Any] = swap_values(activity, shift, held.activity, held.shift)
    await tell(
        session,
        held,
        "swap_none",
        f"swap:{swap.id}:none",
        buttons=answer_buttons(held.sign_up.id),
        due_at=after_quiet(at, held.zone),
        expires_at=held.shift.starts_at,
        **values,
    )


async def withdraw_asks(session: AsyncSession, swap_id: UUID) -> None:
    """Nobody more hears the question of a swap that is over."""
    asked = select(SwapAsk.resident_id).where(SwapAsk.swap_id == swap_id)
    await withdraw_messages(session, f"swap:{swap_id}:ask:", asked)


def swap_values(
    activity: Activity, shift: Shift, gives_activity: Activity, gives: Shift
) -> dict[str, object]:
    """What a message about a swap may name: the shift that one comes to have, and the one that one gives."""
    return {
        **shift_values(activity, shift),
        "gives": gives.starts_at.isoformat(),
        "gives_title": gives_activity.title,
    }


def hold_swap_until(held: Held, wanted: Shift, at: datetime) -> datetime | None:
    return hold_until(at, min(held.shift.starts_at, wanted.starts_at), held.zone)
