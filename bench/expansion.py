"""How long a notice takes from "send" to a row a person, against a plain INSERT ... SELECT of as many outbox rows.

The worker's own job (scheduler/jobs/notices.py) runs here, in a process that does nothing else, so that its memory can
be compared: with the small audience and with the large one.
"""

from __future__ import annotations

import asyncio
import resource
import time
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID, uuid4

import psycopg
from pydantic import SecretStr
from sqlalchemy import func, select

from bench.figures import Report
from bench.ground import ground
from community.clock import now
from community.notices.models import Notice, NoticeRecipient, NoticeState
from community.notices.sending.models import NoticeSending
from community.outbox.models import OutboxMessage
from linli.database import Sessions, make_engine, make_sessions
from linli.sealing import new_key
from operations.deployment import Deployment
from operations.embedded_postgres import ROLE, SUPERUSER
from scheduler.jobs import JOBS
from scheduler.tools import make_tools

MUST = 3.0
MUST_MEGABYTES = 50.0
TEXT = (
    "明天（周四）9:00 到 12:00 检修主水管，全小区停水，请提前存水。"
    "家里有老人、接水不方便的，点下面告诉我们，志愿者会上门。"
)
TEXT_EN = (
    "The main pipe is repaired tomorrow, Thursday, 9:00 to 12:00: no water in all buildings. Please store some; "
    "tell us if carrying water is hard for you."
)

_COMMUNITY = """
    INSERT INTO communities (id, street_id, code, zh, en, zone, office_hours)
    SELECT gen_random_uuid(), street_id, %(code)s, '大社区', 'Large', zone, office_hours FROM communities LIMIT 1
    RETURNING id
"""
_PEOPLE = """
    WITH people AS (
        INSERT INTO residents (id, community_id, language, home_claim)
        SELECT gen_random_uuid(), %(community)s, 'zh', 'none' FROM generate_series(1, %(people)s)
        RETURNING id
    )
    INSERT INTO addresses (id, resident_id, channel, outside_id, state, last_seen_at)
    SELECT gen_random_uuid(), id, 'web', concat('bench:', id), 'active', now() FROM people
"""
_PLAIN = """
    INSERT INTO outbox_messages (id, resident_id, address_id, channel, purpose, message, "values", buttons, priority,
        state, due_at, expires_at, created_at)
    SELECT gen_random_uuid(), r.id, a.id, a.channel, concat('plain:', %(notice)s::text, ':', r.id), o.message,
        o."values", o.buttons, o.priority, 'pending', now() + interval '1 year', o.expires_at, now()
    FROM residents AS r JOIN addresses AS a ON a.resident_id = r.id,
        (SELECT * FROM outbox_messages WHERE purpose LIKE concat('notice:', %(notice)s::text, ':%%') LIMIT 1) AS o
    WHERE r.community_id = %(community)s AND r.id > %(after)s AND (%(until)s::uuid IS NULL OR r.id <= %(until)s)
"""


@dataclass(frozen=True, slots=True)
class Sizes:
    """People of the two communities."""

    small: int = 10_000
    large: int = 1_000_000


def run(report: Report, sizes: Sizes) -> None:
    """Print `expansion 1.80x` and `expansion memory 3 MB`."""
    with ground(encryption_keys=SecretStr(new_key()), bot_url="http://127.0.0.1:9") as linli:
        small, large = (
            _settle(linli, code, people) for code, people in (("small", sizes.small), ("large", sizes.large))
        )
        before, _, _ = asyncio.run(_send(linli, small, sizes.small))
        after, took, plain = asyncio.run(_send(linli, large, sizes.large))
    report.say(f"expansion of {sizes.large:,}: {took:.1f} s, a plain INSERT ... SELECT {plain:.1f} s")
    report.at_most("expansion", took / plain, MUST)
    report.megabytes("expansion memory", after - before, MUST_MEGABYTES)


def _settle(linli: Deployment, code: str, people: int) -> UUID:
    """A community of so many; foreign keys are not checked here, by the rights of the superuser."""
    with _connect(linli) as connection:
        connection.execute("SET session_replication_role = replica")
        (community_id,) = connection.execute(_COMMUNITY, {"code": code}).fetchone() or (None,)
        connection.execute(_PEOPLE, {"community": community_id, "people": people})
        connection.execute("VACUUM (ANALYZE) residents, addresses")
    assert isinstance(community_id, UUID)
    return community_id


def _insert_plainly(
    connection: psycopg.Connection, community_id: UUID, notice_id: UUID, after: UUID, until: UUID | None
) -> float:
    """For the same people as many rows as the notice has made, like these, into the same table; seconds."""
    values = {"community": community_id, "notice": notice_id, "after": after, "until": until}
    started = time.perf_counter()
    connection.execute(_PLAIN, values)
    return time.perf_counter() - started


def _connect(linli: Deployment) -> psycopg.Connection:
    if linli.database is None:
        raise ValueError("only an embedded database is measured")
    return psycopg.connect(linli.database.url(ROLE, SUPERUSER), autocommit=True)


async def _send(linli: Deployment, community_id: UUID, people: int) -> tuple[float, float, float]:
    """Approve a notice and let the job send it, in turns with plain inserts, so that both meet the same disk.

    Gives the most memory that this process ever had (MB), the seconds of the job and those of the inserts.
    """
    engine = make_engine(linli.settings.database_url, pool=linli.settings.database_pool)
    sessions = make_sessions(engine)
    tools = make_tools(linli.settings, sessions)
    notice_id, after, took, plain = await _approve(sessions, community_id), UUID(int=0), 0.0, 0.0
    with _connect(linli) as connection:
        expanded = False
        while not expanded:
            started = time.perf_counter()
            await JOBS["notices"].run(tools, now())
            took += time.perf_counter() - started
            expanded, until = await _look(sessions, notice_id)
            plain += _insert_plainly(connection, community_id, notice_id, after, until)
            after = until or after
    await _check(sessions, notice_id, people)
    await engine.dispose()
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, took, plain


async def _approve(sessions: Sessions, community_id: UUID) -> UUID:
    at = now()
    notice = Notice(
        id=uuid4(),
        community_id=community_id,
        category="utilities",
        state=NoticeState.APPROVED,
        title_zh="停水通知",
        title_en="No water",
        text_zh=TEXT,
        text_en=TEXT_EN,
        valid_from=at,
        valid_until=at + timedelta(days=3),
        need_receipt=True,
        help_button=True,
    )
    async with sessions.begin() as session:
        session.add(notice)
    return notice.id


async def _look(sessions: Sessions, notice_id: UUID) -> tuple[bool, UUID | None]:
    """Whether everybody has a row, and else who was the last."""
    async with sessions() as session:
        sending = await session.get_one(NoticeSending, notice_id)
        return sending.expanded_at is not None, sending.cursor


async def _check(sessions: Sessions, notice_id: UUID, people: int) -> None:
    """Everybody has one row, and one message."""
    async with sessions() as session:
        rows = select(func.count(), func.count(OutboxMessage.id), func.count(OutboxMessage.id.distinct()))
        joined = rows.select_from(NoticeRecipient).outerjoin(
            OutboxMessage, OutboxMessage.id == NoticeRecipient.outbox_id
        )
        found = (await session.execute(joined.where(NoticeRecipient.notice_id == notice_id))).one()
    if tuple(found) != (people, people, people):
        raise RuntimeError(f"{people} people, and (recipients, messages, different ones) are {tuple(found)}")
