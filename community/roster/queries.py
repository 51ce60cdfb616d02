"""Who is on duty for a party, who is next, who leads it, and who is at the street office."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, select
from sqlalchemy.ext.asyncio import AsyncSession

from community.parties.models import DutyShift, Party, Role, Staff
from community.routing.people import is_absent

AHEAD = timedelta(hours=24)


async def find_all_on_duty(session: AsyncSession, party_id: UUID, at: datetime) -> Sequence[Staff]:
    """Whom the roster names at `at` and who is not absent, who began first before the others."""
    on = (DutyShift.starts_at <= at, DutyShift.ends_at > at, ~is_absent(at))
    wanted = _shifts_of(party_id).where(*on)
    return _once((await session.scalars(wanted.order_by(DutyShift.starts_at, Staff.name))).all())


async def find_next_up(session: AsyncSession, party_id: UUID, at: datetime) -> Sequence[Staff]:
    """Who is on duty within the next day and is not absent now, the soonest first."""
    soon = (DutyShift.starts_at > at, DutyShift.starts_at <= at + AHEAD, ~is_absent(at))
    wanted = _shifts_of(party_id).where(*soon)
    return _once((await session.scalars(wanted.order_by(DutyShift.starts_at, Staff.name))).all())


async def find_next_start(session: AsyncSession, party_id: UUID, at: datetime) -> datetime | None:
    """When the next shift after `at` begins."""
    wanted = (
        select(DutyShift.starts_at)
        .join(Staff, has_shift())
        .where(DutyShift.party_id == party_id, DutyShift.starts_at > at)
        .order_by(DutyShift.starts_at)
        .limit(1)
    )
    found: datetime | None = await session.scalar(wanted)
    return found


async def find_leaders(session: AsyncSession, party_id: UUID, at: datetime) -> Sequence[Staff]:
    """Who leads a party and is there; where no leader is, everybody who is, and where nobody is, as if all were."""
    wanted = select(Staff, is_absent(at)).where(
        Staff.party_id == party_id, Staff.disabled_at.is_(None), Staff.role != Role.ADMIN
    )
    rows = (await session.execute(wanted.order_by(Staff.name))).all()
    people = [person for person, is_away in rows if not is_away] or [person for person, _ in rows]
    return [person for person in people if person.leads] or people


async def find_street_staff(session: AsyncSession, street_id: UUID) -> Sequence[Staff]:
    """Who works at the street office."""
    wanted = (
        select(Staff)
        .join(Party, Party.id == Staff.party_id)
        .where(Party.street_id == street_id, Staff.role == Role.STREET, Staff.disabled_at.is_(None))
    )
    return (await session.scalars(wanted.order_by(Staff.leads.desc(), Staff.name))).all()


def has_shift() -> ColumnElement[bool]:
    """Joins a shift with who has it: not with somebody who left, nor who works for another party by now."""
    return and_(
        Staff.id == DutyShift.staff_id, Staff.party_id == DutyShift.party_id, Staff.disabled_at.is_(None)
    )


def _shifts_of(party_id: UUID) -> Select[Staff]:
    return (
        select(Staff)
        .join(DutyShift, has_shift())
        .where(DutyShift.party_id == party_id, Staff.role != Role.ADMIN)
    )


def _once(people: Sequence[Staff]) -> list[Staff]:
    return list({person.id: person for person in people}.values())
