"""For those who watch over Linli: /healthz (alive), /readyz (database, bot, worker answer), /metrics (Prometheus)."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from ipaddress import ip_address

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import JSONResponse, PlainTextResponse, Response
from prometheus_client import CONTENT_TYPE_LATEST, Gauge, generate_latest
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from community.clock import now
from community.heartbeats.usecases import find_last_beat
from community.outbox.queries import count_uncertain
from web.origin import client_address
from web.parts import Held, Parts

router = APIRouter(include_in_schema=False)
PATIENCE_SECONDS = 3.0
WORKER_SILENT = timedelta(seconds=45)
WORKER = "worker"

OLDEST_WAITING = Gauge("linli_oldest_waiting_seconds", "Age of the oldest row that waits", ["queue"])
WAITING = Gauge("linli_waiting", "Rows that wait", ["queue"])
UNCERTAIN = Gauge("linli_uncertain", "Messages that may have reached their person twice")
TROUBLED = Gauge("linli_troubled", "Rows that wait for a person to decide", ["queue"])

# A state a branch, so that each reads its own partial index and nothing of what is past.
_QUEUES = text(
    """
    SELECT queue, count(*) FILTER (WHERE NOT troubled) AS waiting,
           EXTRACT(EPOCH FROM now() - min(since) FILTER (WHERE NOT troubled)) AS age,
           count(*) FILTER (WHERE troubled) AS troubled
    FROM (
        SELECT 'inbound' AS queue, received_at AS since, false AS troubled
        FROM inbound_messages WHERE state = 'waiting'
        UNION ALL SELECT 'inbound', received_at, true FROM inbound_messages WHERE state = 'stuck'
        UNION ALL SELECT 'outbox', due_at, false FROM outbox_messages WHERE state = 'pending' AND due_at <= now()
        UNION ALL SELECT 'outbox', due_at, false FROM outbox_messages WHERE state = 'sending' AND due_at <= now()
        UNION ALL SELECT 'outbox', due_at, true FROM outbox_messages WHERE state IN ('failed', 'held')
        UNION ALL SELECT queue, NULL, NULL FROM (VALUES ('inbound'), ('outbox')) AS none_at_all (queue)
    ) AS rows_at_hand
    GROUP BY queue
    """
)


@router.get("/healthz")
async def healthz() -> PlainTextResponse:
    """This process answers."""
    return PlainTextResponse("ok")


@router.get("/readyz")
async def readyz(parts: Held) -> JSONResponse:
    """200 where database, bot and worker answer, else 503; the body says which does not."""
    (database, worker), bot = await asyncio.gather(_look_at_rows(parts), parts.bot.is_alive())
    ready = {"database": database, "bot": bot, "worker": worker}
    return JSONResponse(
        {name: "ok" if well else "no answer" for name, well in ready.items()},
        200 if all(ready.values()) else 503,
    )


@router.get("/metrics")
async def metrics(request: Request, parts: Held) -> Response:
    """Figures for Prometheus, for callers in private networks only."""
    if not _is_inside(client_address(request, parts.settings.proxies)):
        raise HTTPException(404)
    async with asyncio.timeout(PATIENCE_SECONDS), parts.sessions() as session:
        for row in (await session.execute(_QUEUES)).mappings():
            WAITING.labels(row["queue"]).set(row["waiting"])
            TROUBLED.labels(row["queue"]).set(row["troubled"])
            OLDEST_WAITING.labels(row["queue"]).set(max(0.0, float(row["age"] or 0)))
        UNCERTAIN.set(await count_uncertain(session))
    return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)


async def _look_at_rows(parts: Parts) -> tuple[bool, bool]:
    """Whether the database answers in time, and whether the worker has written its sign of life there."""
    try:
        async with asyncio.timeout(PATIENCE_SECONDS), parts.sessions() as session:
            last = await find_last_beat(session, WORKER)
    except (SQLAlchemyError, OSError, TimeoutError):
        return False, False
    return True, last is not None and now() - last < WORKER_SILENT


def _is_inside(address: str) -> bool:
    try:
        return not ip_address(address).is_global
    except ValueError:
        return False
