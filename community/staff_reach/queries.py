"""Whether a colleague is also a resident: whoever is may not handle, rate or call about an own need as staff."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.ext.asyncio import AsyncSession

from community.staff_reach.models import StaffLink

Id = UUID | ColumnElement[Any] | Any


def is_resident(staff_id: Id, resident_id: Id) -> ColumnElement[bool]:
    """Whether a colleague is this resident, as a condition; ids or columns."""
    return exists().where(StaffLink.staff_id == staff_id, StaffLink.resident_id == resident_id)


async def is_same_person(session: AsyncSession, staff_id: UUID, resident_id: UUID) -> bool:
    """Whether a colleague is this resident."""
    return bool(await session.scalar(select(is_resident(staff_id, resident_id))))


async def find_staff_who_are(session: AsyncSession, resident_id: UUID) -> frozenset[UUID]:
    """The colleagues who are this resident."""
    wanted = select(StaffLink.staff_id).where(StaffLink.resident_id == resident_id)
    return frozenset((await session.scalars(wanted)).all())
