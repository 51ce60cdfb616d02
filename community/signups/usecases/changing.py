"""An activity is changed: a draft in everything, a published one in what does not move it; who comes is asked anew."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from community.activities.models import (
    Activity,
    ActivityHistory,
    ActivityState,
    Part,
    Shift,
    ShiftPlaces,
)
from community.activities.rights import may_run
from community.activities.telling import correct_news, shift_values
from community.activities.usecases.planning import (
    MOST_PLACES,
    Plan,
    add_shifts,
    check_plan,
    check_who,
    fill_in,
    find_times,
)
from community.activities.usecases.steps import lock_run_activity, note_act
from community.actors import StaffActor
from community.clock import now
from community.errors import NotAllowed, NotFound, Refused, WrongState
from community.outbox.many import Letter, enqueue_many
from community.outbox.models import Priority
from community.places.models import Community
from community.signups.models import COMING, OPEN, SignUp, SignUpHistory, SignUpState
from community.signups.usecases.reminding import plan_anew
from community.signups.usecases.steps import answer_buttons, lock_around
from community.signups.usecases.waiting import fill_places


async def change_activity(
    session: AsyncSession, actor: StaffActor, activity_id: UUID, plan: Plan
) -> Activity:
    """Take over a changed plan. A draft's shifts are made anew; of a published one dates and places stay as they are.

    Where a published one meets elsewhere or needs something else, everybody who is coming is told and asked again, and
    reminders follow their times. Raises as `plan_activity`; WrongState for what is called off.
    """
    activity = await lock_run_activity(session, actor, activity_id)
    if activity.state is ActivityState.DRAFT:
        await _change_draft(session, activity, plan)
    elif activity.state is ActivityState.PUBLISHED:
        await _change_published(session, activity, plan)
    else:
        raise WrongState(state=activity.state.value)
    note_act(session, actor, activity, "changed")
    return activity


async def change_places(
    session: AsyncSession, actor: StaffActor, shift_id: UUID, part: Part, many: int
) -> None:
    """Another number of places of a shift that lies ahead; who waits is offered what is new.

    Raises NotFound, NotAllowed, WrongState("shift_begun"); Refused: plan_places, places_taken.
    """
    wanted = select(ShiftPlaces.id).where(ShiftPlaces.shift_id == shift_id, ShiftPlaces.part == part)
    places_id = await session.scalar(wanted)
    if places_id is None:
        raise NotFound
    around = await lock_around(session, places_id)
    if around.shift.community_id != actor.community_id:
        raise NotFound
    if not may_run(actor, around.activity):
        raise NotAllowed
    if around.shift.cancelled_at is not None or around.shift.starts_at <= now():
        raise WrongState("shift_begun")
    if not 1 <= many <= MOST_PLACES:
        raise Refused("plan_places")
    if many < around.places.taken:
        raise Refused("places_taken", taken=around.places.taken)
    around.places.places = many
    note_act(session, actor, around.activity, "places_changed", shift_id=shift_id)
    await session.flush()
    await fill_places(session, around, now())


async def _change_draft(session: AsyncSession, activity: Activity, plan: Plan) -> None:
    await check_plan(session, activity.community_id, plan)
    community = await session.get_one(Community, activity.community_id)
    is_as_before = await _has_same_dates(session, activity, plan, community.zone)
    activity.kind = plan.kind
    fill_in(activity, plan)
    if is_as_before:
        return
    shifts = select(Shift.id).where(Shift.activity_id == activity.id)
    await session.execute(delete(ShiftPlaces).where(ShiftPlaces.shift_id.in_(shifts)))
    of_shift = ActivityHistory.shift_id.in_(shifts)
    await session.execute(update(ActivityHistory).where(of_shift).values(shift_id=None))
    await session.execute(delete(Shift).where(Shift.activity_id == activity.id))
    await add_shifts(session, activity, plan, community.zone)


async def _has_same_dates(session: AsyncSession, activity: Activity, plan: Plan, zone: str) -> bool:
    """Whether times, repetition and numbers stay; the dates of a copy, which no rule gives, then stay too."""
    first = select(Shift.id).where(Shift.activity_id == activity.id).order_by(Shift.starts_at).limit(1)
    rows = select(ShiftPlaces.part, ShiftPlaces.places).where(
        ShiftPlaces.shift_id == first.scalar_subquery(), ShiftPlaces.places > 0
    )
    places = {row.part: row.places for row in await session.execute(rows)}
    wanted = {part: many for part, many in plan.places.items() if many}
    return (
        plan.rule == activity.rule
        and places == wanted
        and plan.times == await find_times(session, activity.id, zone)
    )


async def _change_published(session: AsyncSession, activity: Activity, plan: Plan) -> None:
    await check_who(session, activity.community_id, plan)
    before, rule = _told(activity), activity.rule
    fill_in(activity, plan)
    activity.rule = rule
    await session.flush()
    await correct_news(session, activity)
    zone = (await session.get_one(Community, activity.community_id)).zone
    ahead = select(Shift).where(
        Shift.activity_id == activity.id, Shift.starts_at > now(), Shift.cancelled_at.is_(None)
    )
    for shift in (await session.scalars(ahead.order_by(Shift.starts_at))).all():
        rows = await _lock_open(session, shift)
        if _told(activity) != before:
            await _ask_again(session, activity, shift, rows)
        coming = [row for row in rows if row.state in COMING]
        await plan_anew(session, activity, shift, zone, coming)


def _told(activity: Activity) -> tuple[object, ...]:
    """What everybody who comes has to know."""
    return activity.where_zh, activity.where_en, activity.bring


async def _lock_open(session: AsyncSession, shift: Shift) -> Sequence[SignUp]:
    ids = select(ShiftPlaces.id).where(ShiftPlaces.shift_id == shift.id).order_by(ShiftPlaces.part)
    for places_id in (await session.scalars(ids)).all():
        await lock_around(session, places_id)
    wanted = select(SignUp).where(SignUp.shift_id == shift.id, SignUp.state.in_(OPEN))
    return (await session.scalars(wanted.execution_options(populate_existing=True))).all()


async def _ask_again(session: AsyncSession, activity: Activity, shift: Shift, rows: Sequence[SignUp]) -> None:
    """Everybody hears of it; whoever is coming is asked whether they still do."""
    coming = [row.id for row in rows if row.state in COMING]
    confirmed = [row.id for row in rows if row.state is SignUpState.CONFIRMED]
    lines = [
        {
            "sign_up_id": each,
            "at": now(),
            "from_state": SignUpState.CONFIRMED,
            "to_state": SignUpState.SIGNED_UP,
            "why": "activity_changed",
        }
        for each in confirmed
    ]
    if lines:
        await session.execute(insert(SignUpHistory), lines)
    values = shift_values(activity, shift)
    stamp = f"{now():%Y%m%d%H%M%S}"
    letters = [
        Letter(
            row.resident_id,
            f"sign_up:{row.id}:changed:{stamp}",
            values | {"people": row.people, "asks": row.state in COMING},
            answer_buttons(row.id) if row.state in COMING else (),
        )
        for row in rows
    ]
    await enqueue_many(
        session, "activity_changed", letters, priority=Priority.URGENT, expires_at=shift.starts_at
    )
    await session.execute(
        update(SignUp).where(SignUp.id.in_(coming)).values(state=SignUpState.SIGNED_UP, asked_at=now()),
        execution_options={"synchronize_session": "fetch"},
    )
