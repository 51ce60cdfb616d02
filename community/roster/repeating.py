"""A week of the duty roster once more, for as many weeks as are wanted. Shifts are those of usecases.py."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from community.actors import Actor
from community.audit.usecases import note_act
from community.clock import now
from community.errors import Refused
from community.parties.models import DutyShift, Party, Staff
from community.roster.usecases import (
    check_free,
    local_moment,
    lock_kept,
    tell_consoles,
    works_in,
    zone_of_party,
)

MOST_WEEKS = 12
WEEK = timedelta(days=7)


async def repeat_week(session: AsyncSession, actor: Actor, party_id: UUID, monday: date, weeks: int) -> int:
    """Copy the shifts of this week into the next `weeks`; gives how many.

    What is there already, or would have a colleague in two places or one who works here no more, is left out: repeating
    again adds nothing.
    """
    party = await lock_kept(session, actor, party_id)
    if not 1 <= weeks <= MOST_WEEKS:
        raise Refused("weeks_unclear", most=MOST_WEEKS)
    zone = await zone_of_party(session, party)
    begins = local_moment(monday, time(), zone)
    shifts = await _shifts_between(session, party, begins, begins + WEEK)
    made = 0
    for number in range(1, weeks + 1):
        for shift in shifts:
            made += await _copy(session, party, shift, number, zone)
    note_act(
        session,
        actor,
        "week_repeated",
        subject_kind="party",
        subject_id=party.id,
        community_id=party.community_id,
        monday=monday,
        weeks=weeks,
        shifts=made,
    )
    await tell_consoles(session, party)
    return made


async def _copy(session: AsyncSession, party: Party, shift: DutyShift, weeks: int, zone: ZoneInfo) -> bool:
    """The same local hours so many weeks later; False where that does not fit."""
    starts_at, ends_at = (_later(moment, weeks, zone) for moment in (shift.starts_at, shift.ends_at))
    staff = await session.get_one(Staff, shift.staff_id)
    if ends_at <= now() or not works_in(staff, party):
        return False
    try:
        await check_free(session, party, shift.staff_id, starts_at, ends_at)
    except Refused:
        return False
    copy = DutyShift(
        party_id=party.id, staff_id=shift.staff_id, starts_at=starts_at, ends_at=ends_at, phone=shift.phone
    )
    session.add(copy)
    await session.flush()
    return True


def _later(moment: datetime, weeks: int, zone: ZoneInfo) -> datetime:
    local = moment.astimezone(zone)
    return local_moment(local.date() + weeks * WEEK, local.time(), zone)


async def _shifts_between(
    session: AsyncSession, party: Party, begins: datetime, ends: datetime
) -> Sequence[DutyShift]:
    wanted = select(DutyShift).where(
        DutyShift.party_id == party.id, DutyShift.starts_at >= begins, DutyShift.starts_at < ends
    )
    return (await session.scalars(wanted.order_by(DutyShift.starts_at))).all()
