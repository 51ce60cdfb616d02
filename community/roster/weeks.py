"""A week of a party's roster as people look at it: days with their holidays, shifts, and when nobody is on duty."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from community.actors import StaffActor
from community.calendar.china import DayKind, kind_of_day, name_holiday
from community.clock import now
from community.errors import NotFound
from community.parties.models import DutyShift, Party, Role, Staff
from community.roster.models import ShiftSwap, SwapState
from community.roster.repeating import WEEK
from community.roster.rights import KEPT, may_keep, may_see
from community.roster.usecases import local_moment, zone_of_party

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Gap:
    """Nobody is on duty; None where no shift is before or after it."""

    since: datetime | None
    until: datetime | None


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a day: a shift with who has it, or (both None) a time when nobody is there. Times are local."""

    opens: time
    closes: time
    shift: DutyShift | None = None
    staff: Staff | None = None


@dataclass(frozen=True, slots=True)
class Day:
    """A day with its lines in order; `holiday` names a public holiday, or one that is worked for."""

    day: date
    kind: DayKind
    holiday: Mapping[str, str] | None
    lines: Sequence[Line]


@dataclass(frozen=True, slots=True)
class Asked:
    """A swap that is open: whose shift, who asked whom, and which shift in return."""

    swap: ShiftSwap
    shift: DutyShift
    asked_by: str
    asked_of: str
    in_return: DutyShift | None


@dataclass(frozen=True, slots=True)
class Week:
    """All that a roster's page shows of a week."""

    party: Party
    monday: date
    days: Sequence[Day]
    gaps: Sequence[Gap]
    asked: Sequence[Asked]
    colleagues: Sequence[Staff]
    zone: ZoneInfo
    may_keep: bool


async def find_rosters(session: AsyncSession, actor: StaffActor) -> Sequence[Party]:
    """The parties that work still and whose rosters the actor may see, the own first."""
    works = (Party.type.in_(KEPT), Party.ended_at.is_(None))
    wanted = select(Party).where(Party.street_id == actor.street_id, *works)
    if actor.community_id is not None:
        wanted = wanted.where(Party.community_id == actor.community_id)
    parties = (await session.scalars(wanted.order_by(Party.community_id, Party.type))).all()
    seen = [party for party in parties if await may_see(session, actor, party)]
    return sorted(seen, key=lambda party: party.id != actor.party_id)


async def get_week(session: AsyncSession, actor: StaffActor, party_id: UUID, monday: date) -> Week:
    """A week of a roster that the actor may see. Raises NotFound."""
    party = await session.get(Party, party_id)
    if party is None or not await may_see(session, actor, party):
        raise NotFound("no_such_party")
    zone = await zone_of_party(session, party)
    begins = local_moment(monday, time(), zone)
    ends = local_moment(monday + WEEK, time(), zone)
    rows = await _find_shifts(session, party, begins, ends)
    spans = [(shift.starts_at, shift.ends_at) for shift, _ in rows]
    gaps = find_gaps(spans, begins, ends)
    return Week(
        party=party,
        monday=monday,
        days=[_day(monday + number * DAY, rows, gaps, zone) for number in range(7)],
        gaps=await _stretch(session, party, gaps, begins, ends),
        asked=await _find_asked(session, party),
        colleagues=await _find_colleagues(session, party),
        zone=zone,
        may_keep=may_keep(actor, party),
    )


async def count_asked(session: AsyncSession, actor: StaffActor) -> int:
    """How many swaps wait for the actor's answer."""
    waiting = (ShiftSwap.asked_of == actor.staff_id, ShiftSwap.state == SwapState.OPEN)
    return await session.scalar(select(func.count()).select_from(ShiftSwap).where(*waiting)) or 0


def find_gaps(
    spans: Sequence[tuple[datetime, datetime]], begins: datetime, ends: datetime
) -> list[tuple[datetime, datetime]]:
    """What of the time between the two moments no span covers."""
    gaps, free_from = [], begins
    for starts, until in sorted(spans):
        if starts > free_from:
            gaps.append((free_from, min(starts, ends)))
        free_from = max(free_from, until)
    if free_from < ends:
        gaps.append((free_from, ends))
    return gaps


def _day(
    day: date,
    rows: Sequence[tuple[DutyShift, Staff]],
    gaps: Sequence[tuple[datetime, datetime]],
    zone: ZoneInfo,
) -> Day:
    begins, ends = local_moment(day, time(), zone), local_moment(day + DAY, time(), zone)
    shifts = [
        (shift.starts_at, Line(_clock(shift.starts_at, zone), _clock(shift.ends_at, zone), shift, staff))
        for shift, staff in rows
        if begins <= shift.starts_at < ends
    ]
    free = [
        (max(since, begins), Line(_clock(max(since, begins), zone), _clock(min(until, ends), zone)))
        for since, until in gaps
        if since < ends and until > begins
    ]
    lines = [line for _, line in sorted([*shifts, *free], key=lambda row: row[0])]
    return Day(day, kind_of_day(day), name_holiday(day), lines)


def _clock(moment: datetime, zone: ZoneInfo) -> time:
    return moment.astimezone(zone).time()


async def _find_shifts(
    session: AsyncSession, party: Party, begins: datetime, ends: datetime
) -> list[tuple[DutyShift, Staff]]:
    wanted = (
        select(DutyShift, Staff)
        .join(Staff, Staff.id == DutyShift.staff_id)
        .where(DutyShift.party_id == party.id, DutyShift.starts_at < ends, DutyShift.ends_at > begins)
        .order_by(DutyShift.starts_at, Staff.name)
    )
    return [(shift, staff) for shift, staff in await session.execute(wanted)]


async def _stretch(
    session: AsyncSession,
    party: Party,
    gaps: Sequence[tuple[datetime, datetime]],
    begins: datetime,
    ends: datetime,
) -> list[Gap]:
    """Gaps as they really are, also where they reach into the week before or after."""
    of_party = DutyShift.party_id == party.id
    before = await session.scalar(
        select(func.max(DutyShift.ends_at)).where(of_party, DutyShift.ends_at <= begins)
    )
    after = await session.scalar(
        select(func.min(DutyShift.starts_at)).where(of_party, DutyShift.starts_at >= ends)
    )
    return [
        Gap(before if since == begins else since, after if until == ends else until) for since, until in gaps
    ]


async def _find_asked(session: AsyncSession, party: Party) -> list[Asked]:
    wanted = (
        select(ShiftSwap, DutyShift)
        .join(DutyShift, DutyShift.id == ShiftSwap.shift_id)
        .where(DutyShift.party_id == party.id, ShiftSwap.state == SwapState.OPEN)
        .where(DutyShift.ends_at > now())
        .order_by(DutyShift.starts_at)
    )
    rows = (await session.execute(wanted)).all()
    asked = []
    for swap, shift in rows:
        by, of = await session.get_one(Staff, swap.asked_by), await session.get_one(Staff, swap.asked_of)
        in_return = await session.get(DutyShift, swap.for_shift_id) if swap.for_shift_id else None
        asked.append(Asked(swap, shift, by.name, of.name, in_return))
    return asked


async def _find_colleagues(session: AsyncSession, party: Party) -> Sequence[Staff]:
    working = (Staff.party_id == party.id, Staff.disabled_at.is_(None), Staff.role != Role.ADMIN)
    return (await session.scalars(select(Staff).where(*working).order_by(Staff.name))).all()
