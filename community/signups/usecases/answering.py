"""Saying that one comes, or that one does not: places given back go to who waits, then a substitute is looked for."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from community.actors import ResidentActor
from community.clock import now
from community.errors import WrongState
from community.signups.models import COMING, SignUpState
from community.signups.usecases.steps import (
    Around,
    Held,
    drop_reminders,
    hold_own,
    move_sign_up,
    withdraw_told,
)
from community.signups.usecases.waiting import fill_places, give_up_waiting
from community.swaps.usecases import end_wish


async def confirm_sign_up(session: AsyncSession, resident_id: UUID, sign_up_id: UUID) -> Held:
    """The person is coming; saying so again changes nothing. Raises WrongState("sign_up_over") when it is over."""
    held = await hold_own(session, resident_id, sign_up_id)
    if held.sign_up.state is SignUpState.CONFIRMED:
        return held
    if held.sign_up.state is not SignUpState.SIGNED_UP or held.shift.ends_at <= now():
        raise WrongState("sign_up_over", state=held.sign_up.state.value)
    move_sign_up(session, ResidentActor(resident_id), held.sign_up, SignUpState.CONFIRMED)
    return held


async def leave_sign_up(session: AsyncSession, resident_id: UUID, sign_up_id: UUID) -> Held:
    """The person does not come: cancelled while there is time, declined after that or after an offer.

    Reminders of the shift end; the place goes to the waiting list; for a volunteer's place within a week that nobody
    takes, a substitute is looked for. Leaving again changes nothing. Raises WrongState("sign_up_over") after the shift.
    """
    held = await hold_own(session, resident_id, sign_up_id)
    sign_up = held.sign_up
    if sign_up.state in (SignUpState.CANCELLED, SignUpState.DECLINED):
        return held
    around = Around(held.places, held.shift, held.activity, held.zone)
    fell_free = sign_up.state in COMING or sign_up.offered_until is not None
    if sign_up.state is SignUpState.WAITING:
        to = SignUpState.DECLINED if fell_free else SignUpState.CANCELLED
        await give_up_waiting(session, held, to, "left")
    elif sign_up.state in COMING and held.shift.ends_at > now():
        await _give_back(session, held)
    else:
        raise WrongState("sign_up_over", state=sign_up.state.value)
    await withdraw_told(session, [sign_up.id])
    if fell_free:
        await fill_places(session, around, now())
    return held


async def _give_back(session: AsyncSession, held: Held) -> None:
    is_late = now() > held.shift.starts_at - timedelta(minutes=held.activity.cancel_minutes)
    to = SignUpState.DECLINED if is_late or held.sign_up.asked_at is not None else SignUpState.CANCELLED
    move_sign_up(
        session,
        ResidentActor(held.sign_up.resident_id),
        held.sign_up,
        to,
        why="late" if is_late else None,
    )
    held.places.taken -= held.sign_up.people
    await drop_reminders(session, [held.sign_up.id])
    await end_wish(session, held.sign_up.id)
    await session.flush()
