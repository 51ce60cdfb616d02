"""A worker that only delivers, and only to the sink: `python -m bench.delivery_worker PORT`, until it is stopped."""

from __future__ import annotations

import asyncio
import sys
from datetime import timedelta

from bench.delivery_sink import NAME, DeliverySink
from channels.delivery import Delivery
from community.clock import now
from linli.database import make_engine, make_sessions
from linli.settings import load_settings
from scheduler.priority import give_way

IDLE_SECONDS = 0.1


async def work(port: int) -> None:
    """Deliver what is due, again and again."""
    settings = load_settings()
    engine = make_engine(settings.database_url, pool=settings.database_pool)
    sessions = make_sessions(engine)
    delivery = Delivery(sessions, {NAME: DeliverySink(port)}, hold_after=timedelta(hours=24))
    while True:
        if not await delivery.deliver_all(now()):
            await asyncio.sleep(IDLE_SECONDS)


if __name__ == "__main__":
    give_way()
    asyncio.run(work(int(sys.argv[1])))
