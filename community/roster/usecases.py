"""Keeping the duty roster: shifts are added, changed and removed. Nobody is in two places at once.

What is over stays as it was: it says who was reached then. Changes of one party wait for each other. Next:
repeating.py, which adds the shifts of a week once more.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import delete, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from community.actors import Actor
from community.audit.usecases import note_act
from community.clock import now
from community.errors import NotAllowed, NotFound, Refused
from community.needs.usecases.steps import NEEDS_CHANGED
from community.parties.models import DutyShift, Party, Role, Staff
from community.places.models import DEFAULT_ZONE, Community
from community.roster.models import ShiftSwap, SwapState
from community.roster.rights import may_keep, may_see

LONGEST = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Times:
    """A shift as it is typed: who, the local day, from and to (not after `opens`: until the next day), and a phone."""

    staff_id: UUID
    day: date
    opens: time
    closes: time
    phone: str = ""


async def add_shift(session: AsyncSession, actor: Actor, party_id: UUID, times: Times) -> DutyShift:
    """Put a colleague on the roster. Raises NotFound, NotAllowed, Refused."""
    party = await lock_kept(session, actor, party_id)
    starts_at, ends_at = await read_times(session, party, times)
    await check_free(session, party, times.staff_id, starts_at, ends_at)
    shift = DutyShift(
        party_id=party.id,
        staff_id=times.staff_id,
        starts_at=starts_at,
        ends_at=ends_at,
        phone=times.phone.strip() or None,
    )
    session.add(shift)
    await session.flush()
    note_shift(session, actor, "shift_added", party, shift)
    await tell_consoles(session, party)
    return shift


async def change_shift(session: AsyncSession, actor: Actor, shift_id: UUID, times: Times) -> DutyShift:
    """Another colleague or other hours; a swap that was asked for ends."""
    party, shift = await lock_shift(session, actor, shift_id)
    starts_at, ends_at = await read_times(session, party, times)
    await check_free(session, party, times.staff_id, starts_at, ends_at, besides=(shift.id,))
    shift.staff_id, shift.starts_at, shift.ends_at = times.staff_id, starts_at, ends_at
    shift.phone = times.phone.strip() or None
    await end_swaps(session, [shift.id])
    note_shift(session, actor, "shift_changed", party, shift)
    await tell_consoles(session, party)
    return shift


async def remove_shift(session: AsyncSession, actor: Actor, shift_id: UUID) -> None:
    """Nobody is on duty then, or who else has a shift."""
    party, shift = await lock_shift(session, actor, shift_id)
    await session.delete(shift)
    note_shift(session, actor, "shift_removed", party, shift)
    await tell_consoles(session, party)


async def lock_kept(session: AsyncSession, actor: Actor, party_id: UUID) -> Party:
    """The party, locked, of a roster that the actor keeps."""
    party = await session.get(Party, party_id, with_for_update=True)
    if party is None or not await may_see(session, actor, party):
        raise NotFound("no_such_party")
    if not may_keep(actor, party):
        raise NotAllowed
    return party


async def lock_shift(session: AsyncSession, actor: Actor, shift_id: UUID) -> tuple[Party, DutyShift]:
    """A shift that is not over, with its party, of a roster that the actor keeps."""
    party_id = await session.scalar(select(DutyShift.party_id).where(DutyShift.id == shift_id))
    if party_id is None:
        raise NotFound
    party = await lock_kept(session, actor, party_id)
    shift = await session.get(DutyShift, shift_id, with_for_update=True, populate_existing=True)
    if shift is None:
        raise NotFound
    if shift.ends_at <= now():
        raise Refused("shift_is_over")
    return party, shift


async def read_times(session: AsyncSession, party: Party, times: Times) -> tuple[datetime, datetime]:
    """When the shift begins and ends, in UTC. Raises Refused for one that is over, and for who is no colleague."""
    staff = await session.get(Staff, times.staff_id)
    if staff is None or not works_in(staff, party):
        raise NotFound("no_such_colleague")
    zone = await zone_of_party(session, party)
    until = times.day if times.closes > times.opens else times.day + timedelta(days=1)
    starts_at, ends_at = local_moment(times.day, times.opens, zone), local_moment(until, times.closes, zone)
    if ends_at <= now():
        raise Refused("shift_is_over")
    if ends_at - starts_at > LONGEST:
        raise Refused("shift_too_long")
    return starts_at, ends_at


def works_in(staff: Staff, party: Party) -> bool:
    """Whether somebody can be on this party's roster now."""
    return staff.party_id == party.id and staff.disabled_at is None and staff.role is not Role.ADMIN


async def check_free(
    session: AsyncSession,
    party: Party,
    staff_id: UUID,
    starts_at: datetime,
    ends_at: datetime,
    besides: Sequence[UUID] = (),
) -> None:
    """Raise Refused("shift_overlaps") where this colleague is on duty then already."""
    wanted = select(DutyShift.id).where(
        DutyShift.party_id == party.id,
        DutyShift.staff_id == staff_id,
        DutyShift.starts_at < ends_at,
        DutyShift.ends_at > starts_at,
        DutyShift.id.not_in(besides),
    )
    if await session.scalar(wanted.limit(1)) is not None:
        staff = await session.get_one(Staff, staff_id)
        raise Refused("shift_overlaps", name=staff.name)


async def end_swaps(session: AsyncSession, shift_ids: Sequence[UUID]) -> None:
    """What was asked about these shifts holds no more."""
    await session.execute(
        update(ShiftSwap)
        .where(or_(ShiftSwap.shift_id.in_(shift_ids), ShiftSwap.for_shift_id.in_(shift_ids)))
        .where(ShiftSwap.state == SwapState.OPEN)
        .values(state=SwapState.WITHDRAWN, answered_at=now())
    )


async def leave_roster(session: AsyncSession, party: Party, staff_id: UUID) -> None:
    """Who works elsewhere from now on is on duty no more: what runs ends now, what was to come is removed."""
    at = now()
    of_them = or_(ShiftSwap.asked_by == staff_id, ShiftSwap.asked_of == staff_id)
    await session.execute(
        update(ShiftSwap)
        .where(of_them, ShiftSwap.state == SwapState.OPEN)
        .values(state=SwapState.WITHDRAWN, answered_at=at)
    )
    theirs = (DutyShift.staff_id == staff_id, DutyShift.ends_at > at)
    await session.execute(delete(DutyShift).where(*theirs, DutyShift.starts_at >= at))
    await session.execute(update(DutyShift).where(*theirs).values(ends_at=at))
    await tell_consoles(session, party)


def note_shift(session: AsyncSession, actor: Actor, act: str, party: Party, shift: DutyShift) -> None:
    """Who is on duty when was changed: a line in the audit log."""
    note_act(
        session,
        actor,
        act,
        subject_kind="shift",
        subject_id=shift.id,
        community_id=party.community_id,
        party=party.id,
        on_duty=shift.staff_id,
        starts_at=shift.starts_at,
        ends_at=shift.ends_at,
    )


async def tell_consoles(session: AsyncSession, party: Party) -> None:
    """Open pages read anew when this commits."""
    await session.flush()
    await session.execute(select(func.pg_notify(NEEDS_CHANGED, f"{party.community_id}:{party.id}")))


async def zone_of_party(session: AsyncSession, party: Party) -> ZoneInfo:
    """The zone in which the party's days begin."""
    community = await session.get(Community, party.community_id) if party.community_id else None
    return ZoneInfo(community.zone if community else DEFAULT_ZONE)


def local_moment(day: date, clock: time, zone: ZoneInfo) -> datetime:
    """A local day and time as a moment in UTC."""
    return datetime.combine(day, clock, zone).astimezone(UTC)
