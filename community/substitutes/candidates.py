"""Whom a search asks next: volunteers who could come, least asked first, nobody more than twice a week."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import exists, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from community.activities.models import Activity, Qualification, Shift
from community.places.models import Place
from community.residents.models import Address, AddressState, Resident
from community.signups.models import HELD, SignUp
from community.substitutes.models import Ask, Search, Volunteer

WEEK, MOST_A_WEEK = timedelta(days=7), 2


async def find_candidates(
    session: AsyncSession, activity: Activity, shift: Shift, at: datetime, most: int
) -> Sequence[UUID]:
    """At most `most` who can be reached, are free then, were not in this shift, nor asked for it, nor too often."""
    one = Volunteer.resident_id
    asked_this_week = (
        select(func.count())
        .select_from(Ask)
        .where(Ask.resident_id == one, Ask.asked_at > at - WEEK)
        .scalar_subquery()
    )
    wanted = (
        select(one)
        .join(Resident, Resident.id == one)
        .where(
            Volunteer.community_id == shift.community_id,
            Resident.community_id == shift.community_id,
            exists().where(Address.resident_id == one, Address.state == AddressState.ACTIVE),
            ~exists().where(SignUp.resident_id == one, SignUp.shift_id == shift.id),
            ~exists().where(
                SignUp.resident_id == one,
                SignUp.starts_at < shift.ends_at,
                SignUp.ends_at > shift.starts_at,
                SignUp.state.in_(HELD),
            ),
            ~exists().where(Ask.resident_id == one, Ask.search_id == Search.id, Search.shift_id == shift.id),
            asked_this_week < MOST_A_WEEK,
        )
        .order_by(Volunteer.asked, Volunteer.asked_at)  # as the index: zero is never asked
        .limit(most)
    )
    if activity.qualification:
        wanted = wanted.where(
            exists().where(
                Qualification.resident_id == one,
                Qualification.community_id == shift.community_id,
                Qualification.code == activity.qualification,
                or_(Qualification.expires_at.is_(None), Qualification.expires_at > shift.starts_at),
            )
        )
    if activity.building_id is not None:
        inside = select(Place.id).where(
            or_(Place.id == activity.building_id, Place.parent_id == activity.building_id)
        )
        wanted = wanted.where(Resident.home_id.in_(inside))
    return (await session.scalars(wanted.with_for_update(of=Volunteer, skip_locked=True))).all()
