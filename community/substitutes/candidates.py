"""Whom a search asks next: volunteers who could come, least asked first, nobody more than twice a week."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import exists, select
from sqlalchemy.ext.asyncio import AsyncSession

from community.activities.models import Activity, Shift
from community.activities.open_to import open_to
from community.residents.models import Address, AddressState, Resident
from community.signups.models import HELD, SignUp
from community.substitutes.asking import asked_too_often
from community.substitutes.models import Ask, Search, Volunteer


async def find_candidates(
    session: AsyncSession, activity: Activity, shift: Shift, at: datetime, most: int
) -> Sequence[UUID]:
    """At most `most` who can be reached, are free then, were not in this shift, nor asked for it, nor too often."""
    one = Volunteer.resident_id
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
            ~asked_too_often(one, at),
            *open_to(one, activity, shift.starts_at),
        )
        .order_by(Volunteer.asked, Volunteer.asked_at)  # as the index: zero is never asked
        .limit(most)
    )
    return (await session.scalars(wanted.with_for_update(of=Volunteer, skip_locked=True))).all()
