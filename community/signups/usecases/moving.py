"""A shift is moved or called off, or an activity is: everybody who was coming or waiting is told, and asked again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from community.activities.models import Activity, ActivityState, Shift, ShiftPlaces
from community.activities.rights import may_run
from community.activities.telling import correct_news, shift_values
from community.activities.usecases.planning import LONGEST_SHIFT
from community.activities.usecases.steps import lock_run_activity, note_act
from community.actors import StaffActor
from community.clock import now
from community.errors import NotAllowed, NotFound, Refused, WrongState
from community.outbox.many import Letter, enqueue_many
from community.outbox.models import Priority
from community.signups.models import COMING, OPEN, SignUp, SignUpHistory, SignUpState
from community.signups.usecases.holding import hold_until
from community.signups.usecases.reminding import plan_all
from community.signups.usecases.steps import (
    Around,
    answer_buttons,
    drop_reminders,
    lock_around,
    withdraw_told,
)
from community.signups.usecases.waiting import find_all_elsewhere
from community.substitutes.usecases import end_searches
from community.swaps.usecases import end_swaps


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
    await end_swaps(session, shift.id)
    await _cancel_sign_ups(session, activity, shift, why)
    for around in arounds:
        around.places.taken = around.places.waiting = 0
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
    await end_swaps(session, shift.id)
    await _move_sign_ups(session, activity, shift, arounds[0].zone, before)
    return shift


async def _has_shift_at(session: AsyncSession, activity: Activity, starts_at: datetime, but: UUID) -> bool:
    wanted = select(Shift.id).where(
        Shift.activity_id == activity.id,
        Shift.starts_at == starts_at,
        Shift.id != but,
        Shift.cancelled_at.is_(None),
    )
    return await session.scalar(wanted) is not None


async def _cancel_sign_ups(session: AsyncSession, activity: Activity, shift: Shift, why: str) -> None:
    """All open sign-ups of a shift end, each with its line of history, in a few statements however many they are."""
    rows = await _find_open(session, shift)
    ids = [row.id for row in rows]
    await _write_lines(session, rows, SignUpState.CANCELLED, "shift_cancelled")
    await _change_all(session, ids, state=SignUpState.CANCELLED, offered_until=None)
    await drop_reminders(session, ids)
    await withdraw_told(session, ids)
    values = shift_values(activity, shift) | {"why": why}
    letters = [
        Letter(row.resident_id, f"sign_up:{row.id}:shift_cancelled", values | {"people": row.people})
        for row in rows
    ]
    await enqueue_many(session, "shift_cancelled", letters, priority=Priority.URGENT)


async def _move_sign_ups(
    session: AsyncSession, activity: Activity, shift: Shift, zone: str, before: datetime
) -> None:
    """Sign-ups stay, and are asked about anew; whoever cannot come then says so with one tap."""
    at = now()
    rows = await _find_open(session, shift)
    ids = [row.id for row in rows]
    coming = [row for row in rows if row.state in COMING]
    confirmed = [row for row in rows if row.state is SignUpState.CONFIRMED]
    await _write_lines(session, confirmed, SignUpState.SIGNED_UP, "shift_moved")
    await _change_all(session, ids, starts_at=shift.starts_at, ends_at=shift.ends_at)
    await _change_all(session, [row.id for row in coming], state=SignUpState.SIGNED_UP, asked_at=at)
    until = hold_until(at, shift.starts_at, zone) or at
    offered = [row.id for row in rows if row.offered_until is not None]
    await _change_all(session, offered, offered_until=func.least(SignUp.offered_until, until))
    await drop_reminders(session, ids)
    await plan_all(session, activity, shift, zone, coming)
    elsewhere = await find_all_elsewhere(session, shift, [row.id for row in coming])
    values = shift_values(activity, shift) | {"before": before.isoformat()}
    letters = [
        Letter(
            row.resident_id,
            f"sign_up:{row.id}:shift_moved:{shift.moves}",
            values | {"people": row.people, "asks": row.state in COMING, "other": elsewhere.get(row.id)},
            answer_buttons(row.id) if row.state in COMING else (),
        )
        for row in rows
    ]
    await enqueue_many(session, "shift_moved", letters, priority=Priority.URGENT)


async def _write_lines(session: AsyncSession, rows: Sequence[SignUp], to: SignUpState, why: str) -> None:
    fields = {"at": now(), "to_state": to, "why": why}
    lines = [fields | {"sign_up_id": row.id, "from_state": row.state} for row in rows]
    if lines:
        await session.execute(insert(SignUpHistory), lines)


async def _change_all(session: AsyncSession, ids: Sequence[UUID], **values: object) -> None:
    await session.execute(
        update(SignUp).where(SignUp.id.in_(ids)).values(**values),
        execution_options={"synchronize_session": False},
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


async def _find_open(session: AsyncSession, shift: Shift) -> Sequence[SignUp]:
    """The shift's open sign-ups as they are; apart from the session, since they are changed in sets."""
    wanted = select(SignUp).where(SignUp.shift_id == shift.id, SignUp.state.in_(OPEN))
    rows = (
        await session.scalars(wanted.order_by(SignUp.created_at).execution_options(populate_existing=True))
    ).all()
    for row in rows:
        session.expunge(row)
    return rows
