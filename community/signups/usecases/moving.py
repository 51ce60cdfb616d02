"""A shift is moved or called off, or an activity is: everybody who was coming or waiting is told, and asked again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from community.activities.models import Activity, ActivityState, Shift, ShiftPlaces
from community.activities.rights import may_run
from community.activities.telling import correct_news
from community.activities.usecases.planning import LONGEST_SHIFT
from community.activities.usecases.steps import lock_run_activity, note_act
from community.actors import SYSTEM, StaffActor
from community.clock import now
from community.errors import NotAllowed, NotFound, Refused, WrongState
from community.outbox.models import Priority
from community.signups.models import COMING, OPEN, SignUp, SignUpState
from community.signups.usecases.reminding import plan_reminders
from community.signups.usecases.steps import (
    Around,
    Held,
    answer_buttons,
    drop_reminders,
    lock_around,
    move_sign_up,
    tell,
    withdraw_told,
)
from community.signups.usecases.waiting import find_elsewhere, hold_until
from community.substitutes.usecases import end_searches


async def cancel_activity(session: AsyncSession, actor: StaffActor, activity_id: UUID, why: str) -> Activity:
    """Call off an activity with all shifts ahead. Raises NotFound, NotAllowed; WrongState where it is called off."""
    wanted = (
        select(Shift.id)
        .where(Shift.activity_id == activity_id, Shift.starts_at > now(), Shift.cancelled_at.is_(None))
        .order_by(Shift.starts_at)
    )
    for shift_id in (await session.scalars(wanted)).all():
        await cancel_shift(session, actor, shift_id, why)
    activity = await lock_run_activity(session, actor, activity_id)
    if activity.state is ActivityState.CANCELLED:
        raise WrongState(state=activity.state.value)
    activity.state = ActivityState.CANCELLED
    note_act(session, actor, activity, "cancelled", why=why or None)
    return activity


async def cancel_shift(session: AsyncSession, actor: StaffActor, shift_id: UUID, why: str) -> Shift:
    """Call off one shift; everybody is told, with staff's reason. Raises WrongState where it is over."""
    activity, shift, arounds = await _lock_all(session, actor, shift_id)
    shift.cancelled_at = now()
    note_act(session, actor, activity, "shift_cancelled", shift_id=shift.id, why=why or None)
    await end_searches(session, shift.id)
    await correct_news(session, activity)
    for held in await _find_open(session, arounds):
        if held.sign_up.state is SignUpState.WAITING:
            held.places.waiting -= 1
            if held.sign_up.offered_until is not None:
                held.places.taken -= held.sign_up.people
                held.sign_up.offered_until = None
        else:
            held.places.taken -= held.sign_up.people
        move_sign_up(session, SYSTEM, held.sign_up, SignUpState.CANCELLED, why="shift_cancelled")
        await drop_reminders(session, [held.sign_up.id])
        await withdraw_told(session, held.sign_up)
        await tell(session, held, "shift_cancelled", "shift_cancelled", priority=Priority.URGENT, why=why)
    return shift


async def move_shift(
    session: AsyncSession, actor: StaffActor, shift_id: UUID, starts_at: datetime, ends_at: datetime
) -> Shift:
    """Give a shift another time; who was coming is told and asked again.

    Raises Refused: plan_times, plan_past, plan_taken where the activity has a shift at that time.
    """
    if not starts_at < ends_at <= starts_at + LONGEST_SHIFT:
        raise Refused("plan_times")
    if starts_at <= now():
        raise Refused("plan_past")
    activity, shift, arounds = await _lock_all(session, actor, shift_id)
    if await _has_shift_at(session, activity, starts_at, shift.id):
        raise Refused("plan_taken")
    before = shift.starts_at
    shift.starts_at, shift.ends_at, shift.moves = starts_at, ends_at, shift.moves + 1
    note_act(session, actor, activity, "shift_moved", shift_id=shift.id)
    await session.flush()
    await correct_news(session, activity)
    for held in await _find_open(session, arounds):
        await _move_one(session, held, before)
    return shift


async def _has_shift_at(session: AsyncSession, activity: Activity, starts_at: datetime, but: UUID) -> bool:
    wanted = select(Shift.id).where(
        Shift.activity_id == activity.id,
        Shift.starts_at == starts_at,
        Shift.id != but,
        Shift.cancelled_at.is_(None),
    )
    return await session.scalar(wanted) is not None


async def _move_one(session: AsyncSession, held: Held, before: datetime) -> None:
    """The sign-up stays, and is asked about anew; one who cannot come then says so with one tap."""
    sign_up = held.sign_up
    sign_up.starts_at, sign_up.ends_at = held.shift.starts_at, held.shift.ends_at
    await drop_reminders(session, [sign_up.id])
    if sign_up.state is SignUpState.CONFIRMED:
        move_sign_up(session, SYSTEM, sign_up, SignUpState.SIGNED_UP, why="shift_moved")
    if sign_up.state in COMING:
        sign_up.asked_at = now()
        await plan_reminders(session, held)
    if sign_up.offered_until is not None:
        until = hold_until(now(), held.shift.starts_at, held.zone)
        sign_up.offered_until = min(sign_up.offered_until, until or now())
    other = await find_elsewhere(session, sign_up) if sign_up.state in COMING else None
    await tell(
        session,
        held,
        "shift_moved",
        f"shift_moved:{held.shift.moves}",
        buttons=answer_buttons(sign_up.id) if sign_up.state in COMING else (),
        priority=Priority.URGENT,
        before=before.isoformat(),
        asks=sign_up.state in COMING,
        other=other.title if other else None,
    )


async def _lock_all(
    session: AsyncSession, actor: StaffActor, shift_id: UUID
) -> tuple[Activity, Shift, list[Around]]:
    """All places of a shift that staff may run and that has not begun, locked before the shift itself."""
    ids = select(ShiftPlaces.id).where(ShiftPlaces.shift_id == shift_id).order_by(ShiftPlaces.part)
    arounds = [await lock_around(session, places_id) for places_id in (await session.scalars(ids)).all()]
    if not arounds or arounds[0].shift.community_id != actor.community_id:
        raise NotFound
    shift, activity = arounds[0].shift, arounds[0].activity
    if not may_run(actor, activity):
        raise NotAllowed
    if shift.cancelled_at is not None or shift.starts_at <= now():
        raise WrongState("shift_begun")
    return activity, shift, arounds


async def _find_open(session: AsyncSession, arounds: Sequence[Around]) -> list[Held]:
    found = []
    for around in arounds:
        wanted = select(SignUp).where(SignUp.places_id == around.places.id, SignUp.state.in_(OPEN))
        rows = await session.scalars(
            wanted.order_by(SignUp.created_at).execution_options(populate_existing=True)
        )
        found += [Held(row, around.places, around.shift, around.activity, around.zone) for row in rows]
    return found
