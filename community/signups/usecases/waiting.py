"""The waiting list moves up by itself: a place that falls free is kept for the next for a while, then for who follows.

How long shrinks as the shift nears; nothing is offered at night, and nothing in the last half hour.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from community.activities.models import Activity, Part, Shift
from community.actors import SYSTEM, ResidentActor
from community.clock import now
from community.errors import Refused, WrongState
from community.outbox.models import Priority
from community.quiet import after_quiet
from community.signups.models import HELD, SignUp, SignUpState
from community.signups.usecases.holding import hold_until
from community.signups.usecases.reminding import plan_reminders
from community.signups.usecases.steps import (
    Around,
    Held,
    answer_buttons,
    hold_own,
    hold_sign_up,
    lock_resident,
    move_sign_up,
    tell,
)
from community.substitutes.usecases import start_search

SEARCHED_WITHIN = timedelta(days=7)


async def offer_places(session: AsyncSession, around: Around, at: datetime) -> int:
    """Keep what is free for those who wait, in their order as far as they fit; gives how many were asked.

    The places are locked.
    """
    until = hold_until(at, around.shift.starts_at, around.zone)
    if until is None or around.places.free <= 0 or around.places.waiting == 0:
        return 0
    wanted = (
        select(SignUp)
        .where(
            SignUp.places_id == around.places.id,
            SignUp.state == SignUpState.WAITING,
            SignUp.offered_until.is_(None),
        )
        .order_by(SignUp.number)
        .limit(around.places.waiting)
    )
    asked = 0
    for sign_up in await session.scalars(wanted):
        if around.places.free <= 0:
            break
        if sign_up.people <= around.places.free and not await find_elsewhere(session, sign_up):
            around.places.taken += sign_up.people
            sign_up.offered_until = until
            await _tell_offer(
                session, Held(sign_up, around.places, around.shift, around.activity, around.zone), at
            )
            asked += 1
    await session.flush()
    return asked


async def fill_places(session: AsyncSession, around: Around, at: datetime) -> None:
    """Offer what fell free to who waits; for a volunteer's place within a week that is left, look for a substitute.

    The places are locked.
    """
    await offer_places(session, around, at)
    is_near = around.shift.starts_at - at <= SEARCHED_WITHIN
    if around.places.free > 0 and around.places.part is Part.VOLUNTEER and is_near:
        await start_search(session, around)


async def accept_offer(session: AsyncSession, resident_id: UUID, sign_up_id: UUID) -> Held:
    """Whoever waits takes the place that is kept, or one that is free since it was too late to offer it.

    Raises WrongState("offer_over") where there is none, or no longer; Refused("offer_collides").
    """
    await lock_resident(session, resident_id)
    held = await hold_own(session, resident_id, sign_up_id)
    sign_up, at = held.sign_up, now()
    is_kept = sign_up.offered_until is not None and sign_up.offered_until > at
    is_free = sign_up.offered_until is None and held.places.free >= sign_up.people
    if sign_up.state is not SignUpState.WAITING or not (is_kept or is_free) or held.shift.starts_at <= at:
        raise WrongState("offer_over", **held.values)
    if await find_elsewhere(session, sign_up):
        raise Refused("offer_collides", **held.values)
    move_sign_up(session, ResidentActor(resident_id), sign_up, SignUpState.SIGNED_UP, why="offer")
    sign_up.offered_until = None
    held.places.waiting -= 1
    if is_free:
        held.places.taken += sign_up.people
    await plan_reminders(session, held)
    return held


async def find_lapsed_offers(session: AsyncSession, at: datetime, most: int) -> Sequence[UUID]:
    """At most `most` sign-ups whose offer ran out by `at`."""
    wanted = select(SignUp.id).where(SignUp.offered_until <= at).order_by(SignUp.offered_until).limit(most)
    return (await session.scalars(wanted)).all()


async def take_lapsed_offer(session: AsyncSession, at: datetime, sign_up_id: UUID) -> int:
    """End one offer that ran out, tell the person, and keep the place for the next; 1 where it was still open."""
    held = await hold_sign_up(session, sign_up_id)
    sign_up = held.sign_up
    if (
        sign_up.state is not SignUpState.WAITING
        or sign_up.offered_until is None
        or sign_up.offered_until > at
    ):
        return 0
    await give_up_waiting(session, held, SignUpState.DECLINED, "offer_lapsed")
    await tell(session, held, "offer_lapsed", "offer_lapsed", expires_at=held.shift.starts_at)
    await fill_places(session, Around(held.places, held.shift, held.activity, held.zone), at)
    return 1


async def give_up_waiting(session: AsyncSession, held: Held, to: SignUpState, why: str) -> None:
    """Take somebody off the waiting list, with the place that was kept."""
    actor = (
        SYSTEM
        if why in ("offer_lapsed", "shift_over", "shift_cancelled")
        else ResidentActor(held.sign_up.resident_id)
    )
    move_sign_up(session, actor, held.sign_up, to, why=why)
    held.places.waiting -= 1
    if held.sign_up.offered_until is not None:
        held.places.taken -= held.sign_up.people
        held.sign_up.offered_until = None
    await session.flush()


async def find_elsewhere(session: AsyncSession, sign_up: SignUp) -> Activity | None:
    """Where else the person has a place at that time by now."""
    wanted = (
        select(Activity)
        .join(Shift, Shift.activity_id == Activity.id)
        .join(SignUp, SignUp.shift_id == Shift.id)
        .where(
            SignUp.resident_id == sign_up.resident_id,
            SignUp.id != sign_up.id,
            SignUp.starts_at < sign_up.ends_at,
            SignUp.ends_at > sign_up.starts_at,
            SignUp.state.in_(HELD),
        )
        .order_by(SignUp.starts_at)
    )
    found: Activity | None = await session.scalar(wanted.limit(1))
    return found


async def find_all_elsewhere(
    session: AsyncSession, shift: Shift, sign_up_ids: Sequence[UUID]
) -> dict[UUID, dict[str, str]]:
    """For those of a shift's sign-ups whose people have another place at its time: that activity's title."""
    other = aliased(SignUp)
    wanted = (
        select(SignUp.id, Activity)
        .join(other, other.resident_id == SignUp.resident_id)
        .join(
            Activity,
            Activity.id == select(Shift.activity_id).where(Shift.id == other.shift_id).scalar_subquery(),
        )
        .where(
            SignUp.id.in_(sign_up_ids),
            other.id != SignUp.id,
            other.starts_at < shift.ends_at,
            other.ends_at > shift.starts_at,
            other.state.in_(HELD),
        )
        .order_by(other.starts_at.desc())
    )
    return {sign_up_id: activity.title for sign_up_id, activity in await session.execute(wanted)}


async def _tell_offer(session: AsyncSession, held: Held, at: datetime) -> None:
    until = held.sign_up.offered_until
    if until is not None:
        await tell(
            session,
            held,
            "place_offered",
            "offer",
            buttons=answer_buttons(held.sign_up.id, "button_i_come", "button_not_this_time"),
            priority=Priority.URGENT,
            due_at=after_quiet(at, held.zone),
            expires_at=until,
            until=until.isoformat(),
        )
