"""Reminders of a shift as rows: a day before, which asks to confirm, and shortly before, with where and what to bring.

One whose time passed while the worker was down is sent while it is of use, but not at night, else counted as late.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from community.activities.models import Activity, Shift
from community.clock import now
from community.outbox.models import Priority
from community.quiet import after_quiet, before_quiet
from community.signups.models import (
    COMING,
    ReminderName,
    ReminderState,
    ReminderWish,
    ShiftReminder,
    SignUp,
    SignUpState,
)
from community.signups.usecases.steps import Held, answer_buttons, hold_sign_up, tell

LATEST_SOON = timedelta(minutes=20)
IN_TIME = timedelta(hours=1)  # what was due in the evening may still go out then


async def plan_reminders(session: AsyncSession, held: Held) -> None:
    """Plan what lies ahead of this sign-up; whoever joins within the last day is not asked again."""
    await plan_all(session, held.activity, held.shift, held.zone, [held.sign_up])


async def plan_all(
    session: AsyncSession, activity: Activity, shift: Shift, zone: str, sign_ups: Sequence[SignUp]
) -> None:
    """Plan for all of these, as long before the shift as each person wishes, else as the activity has it."""
    wished = select(ReminderWish).where(ReminderWish.resident_id.in_([each.resident_id for each in sign_ups]))
    wishes = {wish.resident_id: wish for wish in await session.scalars(wished)}
    rows = []
    for sign_up in sign_ups:
        for name, (due_at, useful_until) in _plan(
            activity, shift, zone, wishes.get(sign_up.resident_id)
        ).items():
            fields = {"sign_up_id": sign_up.id, "name": name, "due_at": due_at, "useful_until": useful_until}
            rows.append(fields | {"id": uuid4(), "round": shift.moves, "state": ReminderState.DUE})
    if rows:
        await session.execute(insert(ShiftReminder).on_conflict_do_nothing(), rows)


async def plan_anew(
    session: AsyncSession, activity: Activity, shift: Shift, zone: str, sign_ups: Sequence[SignUp]
) -> None:
    """Plan what still lies ahead by other times. What was sent is not sent again: its row stays, one a round."""
    ahead = ShiftReminder.sign_up_id.in_([each.id for each in sign_ups])
    await session.execute(delete(ShiftReminder).where(ahead, ShiftReminder.state == ReminderState.DUE))
    await plan_all(session, activity, shift, zone, sign_ups)


def _plan(
    activity: Activity, shift: Shift, zone: str, wish: ReminderWish | None
) -> dict[ReminderName, tuple[datetime, datetime]]:
    """When each reminder is due and until when it is of use; what is past or of no use by day is left out."""
    before_soon = (wish and wish.remind_minutes) or activity.remind_minutes
    before_confirm = (wish and wish.confirm_minutes) or activity.confirm_minutes
    soon = shift.starts_at - timedelta(minutes=before_soon)
    confirm = shift.starts_at - timedelta(minutes=before_confirm)
    moments = {
        ReminderName.CONFIRM: (confirm, before_quiet(soon, zone)),
        ReminderName.SOON: (soon, shift.starts_at - LATEST_SOON),
    }
    due = {
        name: (_next_by_day(wished, until, zone, now()), until) for name, (wished, until) in moments.items()
    }
    return {name: (due_at, until) for name, (due_at, until) in due.items() if due_at is not None}


def _next_by_day(wished: datetime, useful_until: datetime, zone: str, at: datetime) -> datetime | None:
    """The moment itself, or of a night the evening before, else the morning after where that is still of use."""
    if before_quiet(wished, zone) > at:
        return before_quiet(wished, zone)
    morning = after_quiet(wished, zone)
    return morning if at < morning <= useful_until else None


async def find_due_reminders(session: AsyncSession, at: datetime, most: int) -> Sequence[UUID]:
    """At most `most` reminders that are due at `at`, the longest waiting first."""
    wanted = (
        select(ShiftReminder.id)
        .where(ShiftReminder.state == ReminderState.DUE, ShiftReminder.due_at <= at)
        .order_by(ShiftReminder.due_at)
        .limit(most)
    )
    return (await session.scalars(wanted)).all()


async def take_due_reminder(session: AsyncSession, at: datetime, reminder_id: UUID) -> int:
    """Send one reminder that is still of use; 1 where it was sent. Two workers never send the same."""
    sign_up_id = await session.scalar(select(ShiftReminder.sign_up_id).where(ShiftReminder.id == reminder_id))
    if sign_up_id is None:
        return 0
    held = await hold_sign_up(session, sign_up_id)
    reminder = await session.get_one(ShiftReminder, reminder_id, with_for_update=True, populate_existing=True)
    if reminder.state is not ReminderState.DUE or reminder.due_at > at:
        return 0
    sent_at = at if at - reminder.due_at <= IN_TIME else after_quiet(at, held.zone)
    reminder.state = _outcome(held, reminder, sent_at)
    if reminder.state is ReminderState.SENT and sent_at > at:
        reminder.state, reminder.due_at = ReminderState.DUE, sent_at
    if reminder.state is ReminderState.SENT:
        await _send(session, held, reminder, at)
    return int(reminder.state is ReminderState.SENT)


def _outcome(held: Held, reminder: ShiftReminder, at: datetime) -> ReminderState:
    is_asked_for = reminder.name is ReminderName.CONFIRM and held.sign_up.state is SignUpState.CONFIRMED
    if held.sign_up.state not in COMING or is_asked_for:
        return ReminderState.DROPPED
    return ReminderState.LATE if at > reminder.useful_until else ReminderState.SENT


async def _send(session: AsyncSession, held: Held, reminder: ShiftReminder, at: datetime) -> None:
    asks = reminder.name is ReminderName.CONFIRM
    if asks:
        held.sign_up.asked_at = at
    await tell(
        session,
        held,
        "shift_confirm" if asks else "shift_soon",
        f"reminder:{reminder.name}:{reminder.round}",
        buttons=answer_buttons(held.sign_up.id) if asks else (),
        priority=Priority.NORMAL if asks else Priority.URGENT,
        expires_at=held.shift.starts_at,
    )
