"""After a shift: hours for who was there, a note for who was not, thanks with the sum; corrections with a reason."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from community.activities.models import Part, Shift, ShiftPlaces
from community.actors import SYSTEM, ResidentActor, StaffActor
from community.clock import now
from community.credits.usecases import correct_credit, earn_credit
from community.errors import Refused, WrongState
from community.quiet import after_quiet
from community.signups.leading import hold_led
from community.signups.models import COMING, OPEN, SignUp, SignUpState
from community.signups.queries import find_hours
from community.signups.usecases.steps import (
    Around,
    Held,
    lock_around,
    make_line,
    move_sign_up,
    tell,
)
from community.signups.usecases.waiting import give_up_waiting
from linli.text import check_text

WRITTEN_UP_AFTER = timedelta(hours=2)  # the leader completes the list meanwhile
THANKS_HOLD = timedelta(days=3)
MOST_MINUTES = 16 * 60
LONGEST_WHY = 200


async def find_ended_shifts(session: AsyncSession, at: datetime, most: int) -> Sequence[UUID]:
    """At most `most` shifts that ended two hours before `at` and are not written up, the oldest first."""
    wanted = (
        select(Shift.id)
        .where(Shift.ended_at.is_(None), Shift.cancelled_at.is_(None), Shift.ends_at <= at - WRITTEN_UP_AFTER)
        .order_by(Shift.ends_at)
        .limit(most)
    )
    return (await session.scalars(wanted)).all()


async def end_shift(session: AsyncSession, at: datetime, shift_id: UUID) -> int:
    """Write up one shift: hours and thanks, or no show; gives how many sign-ups. A second worker finds it done."""
    ids = select(ShiftPlaces.id).where(ShiftPlaces.shift_id == shift_id).order_by(ShiftPlaces.part)
    arounds = [await lock_around(session, places_id) for places_id in (await session.scalars(ids)).all()]
    shift = await session.get_one(Shift, shift_id, with_for_update=True, populate_existing=True)
    if shift.ended_at is not None or shift.cancelled_at is not None:
        return 0
    shift.ended_at = at
    return sum([await _end_places(session, around, at) for around in arounds])


async def _end_places(session: AsyncSession, around: Around, at: datetime) -> int:
    wanted = select(SignUp).where(SignUp.places_id == around.places.id, SignUp.state.in_(OPEN))
    rows = (await session.scalars(wanted.order_by(SignUp.created_at))).all()
    for sign_up in rows:
        held = Held(sign_up, around.places, around.shift, around.activity, around.zone)
        if sign_up.state is SignUpState.WAITING:
            await give_up_waiting(session, held, SignUpState.CANCELLED, "shift_over")
        elif sign_up.state in COMING:
            move_sign_up(session, SYSTEM, sign_up, SignUpState.NO_SHOW)
        else:
            sign_up.minutes = minutes_there(sign_up)
            move_sign_up(session, SYSTEM, sign_up, SignUpState.COMPLETED)
            await earn_credit(session, held)
            await _thank(session, held, at)
    return len(rows)


def minutes_there(sign_up: SignUp) -> int:
    """From arriving to going where both are known, within the shift; else, or noted after its end, its length."""
    came, went = sign_up.checked_in_at, sign_up.checked_out_at
    if came is None or went is None or came > sign_up.ends_at:
        return int((sign_up.ends_at - sign_up.starts_at).total_seconds()) // 60
    began = max(came, sign_up.starts_at)
    ended = min(went, sign_up.ends_at)
    return max(0, round((ended - began).total_seconds() / 60))


async def correct_minutes(
    session: AsyncSession, actor: StaffActor | ResidentActor, sign_up_id: UUID, minutes: int, why: str
) -> Held:
    """Staff or the team's leader set the hours of somebody, with a reason; who was missed counts as having been there.

    Raises NotFound for whoever may not lead the list, WrongState before the shift is written up,
    Refused("minutes_wrong"), TextRefused without a reason.
    """
    held = await hold_led(session, actor, sign_up_id)
    before = held.sign_up.minutes or 0
    if not 0 <= minutes <= MOST_MINUTES:
        raise Refused("minutes_wrong")
    reason = check_text(why, LONGEST_WHY)
    if held.sign_up.state is SignUpState.NO_SHOW:
        move_sign_up(session, actor, held.sign_up, SignUpState.COMPLETED, why=reason)
    elif held.sign_up.state is SignUpState.COMPLETED:
        session.add(make_line(actor, held.sign_up, SignUpState.COMPLETED, reason))
    else:
        raise WrongState("sign_up_over", state=held.sign_up.state.value)
    held.sign_up.minutes = minutes
    await correct_credit(session, held, before)
    return held


async def _thank(session: AsyncSession, held: Held, at: datetime) -> None:
    """A volunteer hears the hours; whoever took part did none."""
    await session.flush()
    helped = held.places.part is Part.VOLUNTEER
    total = await find_hours(session, held.sign_up.resident_id)
    scores = (("button_shift_good", 5), ("button_shift_fair", 3), ("button_shift_bad", 1))
    buttons = [
        {"label": label, "payload": f'/my_signups{{"signup": "{held.sign_up.id}", "score": "{score}"}}'}
        for label, score in scores
    ]
    await tell(
        session,
        held,
        "shift_thanks" if helped else "shift_attended",
        "thanks",
        buttons=buttons,
        due_at=after_quiet(at, held.zone),
        expires_at=now() + THANKS_HOLD,
        hours=round((held.sign_up.minutes or 0) / 60, 1),
        total=round(total.minutes / 60, 1),
    )
