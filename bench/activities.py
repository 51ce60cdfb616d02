"""What listing and joining cost with 100,000 volunteers and 1,000,000 past sign-ups stored, against 100 and 1,000.

Two databases of a Linli's own, filled in sets (activities.sql), asked in turn; every figure is the median of many. The
same person joins the same shift and leaves it again in both, so that nothing grows but what was stored before.
"""

from __future__ import annotations

import asyncio
import hashlib
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from statistics import median
from uuid import UUID, uuid4

import psycopg
from psycopg import ClientCursor
from pydantic import SecretStr
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bench.figures import Report, milliseconds
from bench.ground import ground
from bench.talk import COMMUNITY
from community.activities.models import Activity, Part, Shift
from community.activities.queries import find_open_shifts
from community.activities.usecases.planning import Plan, plan_activity, publish_activity
from community.actors import StaffActor
from community.clock import now
from community.parties.models import Party, PartyType, Role, Staff
from community.places.models import Community
from community.residents.usecases import meet_person
from community.signups.queries import find_hours, find_own_open, find_own_past
from community.signups.usecases.answering import leave_sign_up
from community.signups.usecases.joining import join_shift
from community.substitutes.candidates import find_candidates
from linli.database import Sessions, make_engine, make_sessions
from linli.sealing import new_key
from operations.deployment import Deployment
from operations.embedded_postgres import ROLE, SUPERUSER

MUST = 1.25
AHEAD = timedelta(days=60)
STATEMENTS = (Path(__file__).parent / "activities.sql").read_text(encoding="utf-8").split("\n\n")[1:]
TABLES = [
    "residents",
    "addresses",
    "volunteers",
    "shifts",
    "shift_places",
    "sign_ups",
    "sign_up_history",
    "activities",
]


@dataclass(frozen=True, slots=True)
class Sizes:
    """Volunteers and past sign-ups in the small and in the large database, ten each, and how often each is asked."""

    small: tuple[int, int] = (100, 1_000)
    large: tuple[int, int] = (100_000, 1_000_000)
    times: int = 41


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two: its database, a community with its shifts, and somebody who looks and joins."""

    sessions: Sessions
    community_id: UUID
    shift_id: UUID
    helper_id: UUID
    joiner_id: UUID


Act = Callable[[Side], Awaitable[object]]


def run(report: Report, sizes: Sizes) -> None:
    """Print `activities join 1.05x` and the like."""
    keys = SecretStr(new_key())
    with ground(encryption_keys=keys) as small, ground(encryption_keys=keys) as large:
        figures = asyncio.run(_measure(report, (small, sizes.small), (large, sizes.large), sizes.times))
    for name, (before, after) in figures.items():
        report.say(f"activities {name}: {milliseconds(before)} and {milliseconds(after)}")
        report.at_most(f"activities {name}", after / before, MUST)


async def _measure(
    report: Report,
    small: tuple[Deployment, tuple[int, int]],
    large: tuple[Deployment, tuple[int, int]],
    times: int,
) -> Mapping[str, tuple[float, float]]:
    sides = [await _open(report, linli, *size) for linli, size in (small, large)]
    acts: Mapping[str, Act] = {"list": _list, "join": _join, "own": _own, "search": _search}
    return {name: await _ask(sides, act, times) for name, act in acts.items()}


async def _ask(sides: Sequence[Side], act: Act, times: int) -> tuple[float, float]:
    """The medians; the first quarter warms up and does not count."""
    took: list[list[float]] = [[], []]
    for _ in range(times + times // 4):
        for side, seconds in zip(sides, took, strict=True):
            started = time.perf_counter()
            await act(side)
            seconds.append(time.perf_counter() - started)
    before, after = (median(seconds[times // 4 :]) for seconds in took)
    return before, after


async def _list(side: Side) -> object:
    """What is on in the next two months."""
    async with side.sessions() as session:
        return await find_open_shifts(session, side.community_id, now(), now() + AHEAD, most=200)


async def _join(side: Side) -> object:
    """Join a shift, and leave it again."""
    async with side.sessions.begin() as session:
        held = await join_shift(session, side.joiner_id, side.shift_id, Part.VOLUNTEER)
    async with side.sessions.begin() as session:
        return await leave_sign_up(session, side.joiner_id, held.sign_up.id)


async def _own(side: Side) -> object:
    """The page of somebody's own shifts, with what was and the hours."""
    async with side.sessions() as session:
        await find_own_open(session, side.helper_id, now())
        await find_own_past(session, side.helper_id)
        return await find_hours(session, side.helper_id)


async def _search(side: Side) -> object:
    """Whom to ask to step in."""
    async with side.sessions() as session:
        shift = await session.get_one(Shift, side.shift_id)
        activity = await session.get_one(Activity, shift.activity_id)
        return await find_candidates(session, activity, shift, now(), 3)


async def _open(report: Report, linli: Deployment, people: int, past: int) -> Side:
    started = time.perf_counter()
    sessions = make_sessions(make_engine(linli.settings.database_url, pool=2))
    async with sessions.begin() as session:
        activity = await _publish(session)
        activity_id, community_id = activity.id, activity.community_id
        wanted = (
            select(Shift.id).where(Shift.activity_id == activity_id).order_by(Shift.starts_at.desc()).limit(1)
        )
        shift_id = (await session.scalars(wanted)).one()
        joiner = await meet_person(session, "web", str(uuid4()), community_id=community_id)
    _fill(linli, activity_id, people, past)
    report.say(f"activities filled {past:,} sign-ups in {time.perf_counter() - started:.0f} s")
    return Side(sessions, community_id, shift_id, _helper(), joiner.resident_id)


def _helper() -> UUID:
    """The first of the volunteers, whose id the database made of a name."""
    return UUID(hashlib.md5(b"helper1", usedforsecurity=False).hexdigest())


async def _publish(session: AsyncSession) -> Activity:
    """A patrol each week ahead, by the committee."""
    wanted = (
        select(Staff, Party, Community)
        .join(Party, Party.id == Staff.party_id)
        .join(Community, Community.id == Party.community_id)
        .where(Party.type == PartyType.COMMITTEE, Community.code == COMMUNITY)
        .limit(1)
    )
    staff, party, community = (await session.execute(wanted)).one()
    actor = StaffActor(staff.id, Role.COMMITTEE, party.id, community.id, community.street_id, staff.name)
    begins = now() + timedelta(days=20)
    plan = Plan(
        kind="patrol",
        title_zh="巡逻",
        words="晚上走一圈。",
        where_zh="北门",
        contact="李姐",
        starts_at=begins,
        ends_at=begins + timedelta(hours=2),
        places={Part.VOLUNTEER: 100},
    )
    activity = await plan_activity(session, actor, plan)
    return await publish_activity(session, actor, activity.id)


def _fill(linli: Deployment, activity_id: UUID, people: int, past: int) -> None:
    if linli.database is None:
        raise ValueError("only an embedded database is filled")
    with psycopg.connect(linli.database.url(ROLE, SUPERUSER), autocommit=True) as connection:
        connection.execute("SET session_replication_role = replica")
        for statement in STATEMENTS:
            values = {"people": people, "past": past, "activity": activity_id}
            ClientCursor(connection).execute(statement, values)
        for table in TABLES:
            connection.execute(f"VACUUM (ANALYZE) {table}")
