"""Counting an audience and showing some of its people, among a million residents: how long, and by which indexes."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass
from statistics import median
from uuid import UUID

import psycopg
from pydantic import SecretStr
from sqlalchemy import func, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from bench.figures import Report
from bench.ground import ground
from community.actors import StaffActor
from community.notices.audiences import Audience, residents_in
from community.notices.counting import count_audience, forecast
from community.parties.models import Role
from community.places.models import Community
from community.residents.models import Language
from linli.database import make_engine, make_sessions
from linli.sealing import new_key
from operations.deployment import Deployment
from operations.embedded_postgres import ROLE, SUPERUSER

MUST_SECONDS = 1.0
TIMES = 3
BUILDINGS = 1_000

_INDEX = re.compile(r"\b(?:ix|pk|uq)_[a-z_]+")
_COMMUNITY = """
    INSERT INTO communities (id, street_id, code, zh, en, zone, office_hours)
    SELECT gen_random_uuid(), street_id, 'large', '大社区', 'Large', zone, office_hours FROM communities LIMIT 1
    RETURNING id
"""
_PLACES = """
    INSERT INTO places (id, community_id, level, number, zh, en)
    SELECT gen_random_uuid(), %(community)s, 'building', n::text, concat(n, '号楼'), concat('Building ', n)
    FROM generate_series(1, %(buildings)s) AS n
    RETURNING id
"""
_PEOPLE = """
    WITH people AS (
        INSERT INTO residents (id, community_id, home_id, language, home_claim, birth_year)
        SELECT gen_random_uuid(), %(community)s, (%(homes)s::uuid[])[1 + mod(n, %(buildings)s)],
            CASE WHEN mod(n, 20) = 0 THEN 'en' ELSE 'zh' END, 'claimed', 1935 + mod(n * 7, 85)
        FROM generate_series(1, %(people)s) AS n
        RETURNING id, birth_year
    ), tagged AS (
        INSERT INTO resident_tags (resident_id, tag, since)
        SELECT id, CASE WHEN birth_year < 1950 THEN 'living_alone' ELSE 'tenant' END, now()
        FROM people WHERE mod(birth_year, 10) = 5
    )
    INSERT INTO addresses (id, resident_id, channel, outside_id, state, last_seen_at)
    SELECT gen_random_uuid(), id, CASE WHEN mod(birth_year, 3) = 0 THEN 'telegram' ELSE 'web' END,
        concat('bench:', id), 'active', now() FROM people
"""


@dataclass(frozen=True, slots=True)
class Sizes:
    """How many people the community has."""

    people: int = 1_000_000


def run(report: Report, sizes: Sizes) -> None:
    """Print `audience everybody 0.20 s` for each kind of audience, and what the forecast takes."""
    with ground(encryption_keys=SecretStr(new_key())) as linli:
        community_id, homes = _settle(linli, sizes.people)
        asyncio.run(_measure(report, linli, community_id, homes))


def audiences(community_id: UUID, homes: list[UUID]) -> Mapping[str, Audience]:
    """What committees ask for, from everybody to a few."""
    return {
        "everybody": Audience(community_id),
        "over 60": Audience(community_id, age_from=60),
        "five buildings": Audience(community_id, places=tuple(homes[:5])),
        "over 60 in five buildings": Audience(community_id, places=tuple(homes[:5]), age_from=60),
        "English": Audience(community_id, language=Language.EN),
        "living alone": Audience(community_id, tags=("living_alone",)),
        "without tenants": Audience(community_id, without_tags=("tenant",)),
        "on Telegram, over 60": Audience(community_id, channels=("telegram",), age_from=60),
    }


def _settle(linli: Deployment, people: int) -> tuple[UUID, list[UUID]]:
    """A community of so many; foreign keys are not checked here, by the rights of the superuser."""
    if linli.database is None:
        raise ValueError("only an embedded database is measured")
    with psycopg.connect(linli.database.url(ROLE, SUPERUSER), autocommit=True) as connection:
        connection.execute("SET session_replication_role = replica")
        (community_id,) = connection.execute(_COMMUNITY).fetchone() or (None,)
        values = {"community": community_id, "buildings": BUILDINGS, "people": people}
        homes = [row[0] for row in connection.execute(_PLACES, values)]
        connection.execute(_PEOPLE, {**values, "homes": homes})
        connection.execute("VACUUM (ANALYZE) residents, addresses, resident_tags, places")
    assert isinstance(community_id, UUID)
    return community_id, homes


async def _measure(report: Report, linli: Deployment, community_id: UUID, homes: list[UUID]) -> None:
    engine = make_engine(linli.settings.database_url)
    async with make_sessions(engine)() as session:
        actor, everybody = await _clerk(session, community_id), 0
        for name, audience in audiences(community_id, homes).items():
            took, people = [], 0
            for _ in range(TIMES):
                started = time.perf_counter()
                people = (await count_audience(session, actor, audience)).people
                took.append(time.perf_counter() - started)
            started = time.perf_counter()
            await forecast(session, audience, "utilities", people)
            forecast_took = time.perf_counter() - started
            used = ", ".join(sorted(set(_INDEX.findall(await explain(session, audience))))) or "no index"
            report.say(f"audience {name}: {people:,} people, forecast {forecast_took:.2f} s, by {used}")
            report.seconds(f"audience {name}", median(took), MUST_SECONDS)
            everybody = max(everybody, people)
            if used == "no index" and people * 2 < everybody:  # more than half is read faster without one
                report.missed.append(f"audience {name}: its plan uses no index")
    await engine.dispose()


async def explain(session: AsyncSession, audience: Audience) -> str:
    """How the database finds the people whom it counts."""
    counted = select(func.count()).select_from(residents_in(audience).subquery())
    dialect = (await session.connection()).dialect
    statement = counted.compile(dialect=dialect, compile_kwargs={"literal_binds": True})
    return "\n".join((await session.scalars(text(f"EXPLAIN {statement}"))).all())


async def _clerk(session: AsyncSession, community_id: UUID) -> StaffActor:
    """Somebody of its committee."""
    community = await session.get_one(Community, community_id)
    nobody = UUID(int=0)
    return StaffActor(nobody, Role.COMMITTEE, nobody, community_id, community.street_id, "bench")
