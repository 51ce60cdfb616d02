"""How many outbox rows a second one worker delivers: into web threads, and to a platform that is never slow.

The worker's own job (scheduler/jobs/deliver.py) runs here, in a process that does nothing else.
"""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta

from sqlalchemy import text

from bench.figures import Report
from bench.ground import beside, ground
from bench.sink_channel import SinkChannel
from bench.talk import COMMUNITY
from channels.contract import Channel
from channels.delivery import Delivery
from channels.registry import make_channels
from community.clock import now
from linli.database import Sessions, make_engine, make_sessions
from linli.settings import Settings
from operations.children import Child
from operations.environment import settings_environment
from operations.places import ROOT
from operations.ports import choose_port
from scheduler.jobs import JOBS
from scheduler.tools import make_tools

MUST = 500.0

_PEOPLE = text(
    """
    WITH people AS (
        INSERT INTO residents (id, community_id, language, home_claim)
        SELECT gen_random_uuid(), c.id, 'zh', 'none'
        FROM communities AS c, generate_series(1, :people) WHERE c.code = :community
        RETURNING id
    )
    INSERT INTO addresses (id, resident_id, channel, outside_id, state, last_seen_at)
    SELECT gen_random_uuid(), id, channel, concat('bench:', id), 'active', now()
    FROM people, unnest(ARRAY['web', 'sink']) AS channel
    """
)
_ROWS = text(
    """
    INSERT INTO outbox_messages
        (id, resident_id, address_id, channel, purpose, message, "values", buttons, priority, state, due_at)
    SELECT gen_random_uuid(), a.resident_id, a.id, a.channel, concat('bench:', n, ':', a.id), 'person_says',
           jsonb_build_object('name', '陈敏', 'party', jsonb_build_object('zh', '居委会', 'en', 'Committee'),
                              'words', '电梯师傅今天下午三点到，修好了我们告诉您。'),
           '[]', '3_normal', 'pending', now()
    FROM addresses AS a, generate_series(1, :each) AS n
    WHERE a.channel = :channel AND starts_with(a.outside_id, 'bench:')
    ORDER BY n
    """
)
_SENT = text(
    "SELECT count(*) FROM outbox_messages "
    "WHERE channel = :channel AND state = 'sent' AND starts_with(purpose, 'bench:')"
)


@dataclass(frozen=True, slots=True)
class Sizes:
    """So many people get `each` messages."""

    people: int = 500
    each: int = 8


def run(report: Report, sizes: Sizes) -> None:
    """Print `outbox 1,800/s` and `outbox to a sink 1,200/s`."""
    with ground() as linli:
        port = choose_port(0, "the sink")
        environment = settings_environment(linli.settings)
        command = [sys.executable, "-m", "bench.sink", str(port)]
        with beside(Child("sink", command, linli.logs / "sink.log", ROOT, environment), _url(port)):
            rates = asyncio.run(_measure(linli.settings, port, sizes))
    report.rate("outbox", rates["web"], MUST)
    report.rate("outbox to a sink", rates["sink"], MUST)


def _url(port: int) -> str:
    return f"http://127.0.0.1:{port}/"


async def _measure(settings: Settings, port: int, sizes: Sizes) -> Mapping[str, float]:
    engine = make_engine(settings.database_url, pool=settings.database_pool)
    sessions = make_sessions(engine)
    sink = await SinkChannel(port).open()
    async with sessions.begin() as session:
        await session.execute(_PEOPLE, {"people": sizes.people, "community": COMMUNITY})
    channels: Mapping[str, Channel] = {**make_channels(settings, sessions), "sink": sink}
    rates = {name: await _deliver(settings, sessions, channels, name, sizes) for name in ("web", "sink")}
    await sink.close()
    await engine.dispose()
    return rates


async def _deliver(
    settings: Settings, sessions: Sessions, channels: Mapping[str, Channel], name: str, sizes: Sizes
) -> float:
    """Queue rows of one channel and let the job deliver all of them; rows a second."""
    delivery = Delivery(sessions, channels, hold_after=timedelta(hours=settings.outbox_hold_hours))
    tools = replace(make_tools(settings, sessions), delivery=delivery)
    await JOBS["deliver"].run(tools, now())  # what the demo has left
    async with sessions.begin() as session:
        await session.execute(_ROWS, {"channel": name, "each": sizes.each})
    started = time.perf_counter()
    delivered = await JOBS["deliver"].run(tools, now())
    took = time.perf_counter() - started
    async with sessions() as session:
        sent = await session.scalar(_SENT, {"channel": name})
    if not delivered == sent == sizes.people * sizes.each:
        raise RuntimeError(f"{delivered} rows were tried and {sent} are sent, of {sizes.people * sizes.each}")
    return delivered / took
