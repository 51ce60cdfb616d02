"""With whom somebody can swap: volunteers with one place each, who could come instead and are not asked too often."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, exists, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from community.activities.models import Activity, ActivityState, Part, Shift, ShiftPlaces
from community.activities.open_to import open_to
from community.residents.models import Address, AddressState
from community.signups.models import COMING, HELD, OPEN, SignUp
from community.substitutes.asking import asked_too_often
from community.substitutes.models import Volunteer
from community.swaps.models import Swap, SwapAsk

# Made once: an alias made anew costs more than the rest of the question that is asked with it.
Other, Mine, Theirs = aliased(SignUp), aliased(SignUp), aliased(SignUp)


async def find_swappable(
    session: AsyncSession, own: SignUp, activity: Activity, at: datetime, until: datetime, most: int
) -> Sequence[tuple[Shift, Activity]]:
    """Shifts of the same kind with somebody who could swap, which the person could come to instead; the next first."""
    wanted = (
        select(Shift, Activity)
        .join(Activity, Activity.id == Shift.activity_id)
        .where(
            Shift.community_id == activity.community_id,
            Activity.kind == activity.kind,
            *fits(own, at),
            Shift.starts_at < until,
            exists(_candidates(own, activity, at).where(Other.shift_id == Shift.id)),
        )
    )
    rows = await session.execute(wanted.order_by(Shift.starts_at, Shift.id).limit(most))
    return [(shift, its_activity) for shift, its_activity in rows]


def fits(own: SignUp, at: datetime) -> Sequence[ColumnElement[bool]]:
    """A shift that stands, is not the own one, and at whose time the person has nothing else."""
    return (
        Activity.state == ActivityState.PUBLISHED,
        Shift.cancelled_at.is_(None),
        Shift.starts_at > at,
        Shift.id != own.shift_id,
        ~exists().where(
            Mine.resident_id == own.resident_id,
            Mine.id != own.id,
            Mine.starts_at < Shift.ends_at,
            Mine.ends_at > Shift.starts_at,
            Mine.state.in_(HELD),
        ),
        ~exists().where(Mine.resident_id == own.resident_id, Mine.shift_id == Shift.id, Mine.state.in_(OPEN)),
    )


async def find_candidates(
    session: AsyncSession, own: SignUp, activity: Activity, shift_id: UUID, at: datetime, most: int
) -> Sequence[SignUp]:
    """At most `most` sign-ups of a shift whose people could swap and were not asked by this person yet."""
    asked = exists().where(
        SwapAsk.resident_id == Other.resident_id, SwapAsk.swap_id == Swap.id, Swap.sign_up_id == own.id
    )
    wanted = _candidates(own, activity, at).where(Other.shift_id == shift_id, ~asked)
    least = wanted.join(
        Volunteer,
        and_(Volunteer.resident_id == Other.resident_id, Volunteer.community_id == activity.community_id),
    ).order_by(Volunteer.asked, Other.created_at, Other.id)
    return (await session.scalars(least.limit(most))).all()


def _candidates(own: SignUp, activity: Activity, at: datetime) -> Select[SignUp]:
    """Whoever comes alone to help, is reached, and has nothing else at the time of the place that is offered."""
    collides = and_(
        Theirs.resident_id == Other.resident_id,
        Theirs.id != Other.id,
        Theirs.starts_at < own.ends_at,
        Theirs.ends_at > own.starts_at,
        Theirs.state.in_(HELD),
    )
    same = and_(
        Theirs.resident_id == Other.resident_id, Theirs.shift_id == own.shift_id, Theirs.state.in_(OPEN)
    )
    return (
        select(Other)
        .join(ShiftPlaces, ShiftPlaces.id == Other.places_id)
        .where(
            ShiftPlaces.part == Part.VOLUNTEER,
            Other.state.in_(COMING),
            Other.people == 1,
            Other.resident_id != own.resident_id,
            exists().where(Address.resident_id == Other.resident_id, Address.state == AddressState.ACTIVE),
            ~exists().where(collides),
            ~exists().where(same),
            ~asked_too_often(Other.resident_id, at),
            *open_to(Other.resident_id, activity, own.starts_at),
        )
    )
