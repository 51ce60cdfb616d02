"""/readyz says which part does not answer; /metrics has the age of what waits, for callers inside only."""

from __future__ import annotations

from datetime import timedelta

import httpx
from sqlalchemy import text

from community.clock import now
from community.heartbeats.usecases import beat
from linli.database import Sessions
from linli.settings import Settings
from tests.channels.bot_stand_in import Answer, BotStandIn
from tests.web.conftest import Visit, say, serving, thread
from web.health import _QUEUES


async def _ready(address: str) -> tuple[int, dict[str, str]]:
    async with httpx.AsyncClient() as client:
        answer = await client.get(f"{address}/readyz")
        return answer.status_code, answer.json()


async def _beat(sessions: Sessions, ago: timedelta) -> None:
    async with sessions.begin() as session:
        await beat(session, "worker", now() - ago)


async def test_all_three_answer(address: str, sessions: Sessions) -> None:
    await _beat(sessions, timedelta(seconds=5))
    assert await _ready(address) == (200, {"database": "ok", "bot": "ok", "worker": "ok"})


async def test_a_worker_that_fell_silent_is_seen_within_a_minute(address: str, sessions: Sessions) -> None:
    assert (await _ready(address))[1]["worker"] == "no answer"
    await _beat(sessions, timedelta(seconds=50))
    assert await _ready(address) == (503, {"database": "ok", "bot": "ok", "worker": "no answer"})


async def test_a_bot_that_is_away_is_seen(address: str, bot: BotStandIn) -> None:
    await bot.stop()
    assert (await _ready(address))[1]["bot"] == "no answer"


async def test_a_database_that_is_away_is_seen_and_the_process_lives(settings: Settings) -> None:
    nowhere = settings.model_copy(update={"database_url": "postgresql://nobody@127.0.0.1:9/none"})
    async with serving(nowhere) as address, httpx.AsyncClient() as client:
        assert (await client.get(f"{address}/healthz")).text == "ok"
        status, parts = await _ready(address)
        assert (status, parts["database"], parts["worker"]) == (503, "no answer", "no answer")
        assert (await client.get(f"{address}/metrics")).status_code == 503


async def _fail(_: object) -> Answer:
    return 500, {}


async def test_the_age_of_what_waits_is_a_figure(visit: Visit, bot: BotStandIn) -> None:
    bot.handler = _fail
    client = await visit()
    await say(client, "你好")
    await thread(client, at_least=2)
    figures = (await client.get("/metrics")).text
    assert 'linli_waiting{queue="inbound"} 1.0' in figures
    assert 'linli_oldest_waiting_seconds{queue="inbound"} 0.0\n' not in figures


async def test_figures_read_nothing_of_what_is_past(sessions: Sessions) -> None:
    async with sessions() as session:
        await session.execute(text("SET enable_seqscan = off"))  # a table without rows would be read whole
        plan = "\n".join(await session.scalars(text(f"EXPLAIN {_QUEUES.text}")))
    assert "Seq Scan" not in plan


async def test_figures_are_for_callers_inside(settings: Settings) -> None:
    behind = settings.model_copy(update={"trusted_proxies": ("127.0.0.0/8",)})
    async with serving(behind) as address, httpx.AsyncClient() as client:
        outside = await client.get(f"{address}/metrics", headers={"X-Forwarded-For": "8.8.8.8"})
        inside = await client.get(f"{address}/metrics", headers={"X-Forwarded-For": "10.1.2.3"})
    assert (outside.status_code, inside.status_code) == (404, 200)
