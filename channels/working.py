"""While the bot takes its time, the person's phone shows that an answer is being made, where the platform can."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from channels.contract import ShowsWork

SOON = 1.0
"""Seconds in which an answer mostly is there: nothing is shown before."""


@asynccontextmanager
async def shown_at_work(channel: object, outside_id: str) -> AsyncIterator[None]:
    """Show it to this person while inside; the answer waits for no platform."""
    if not isinstance(channel, ShowsWork):
        yield
        return
    showing = asyncio.create_task(_show(channel, outside_id))
    try:
        yield
    finally:
        showing.cancel()
        await asyncio.gather(showing, return_exceptions=True)


async def _show(channel: ShowsWork, outside_id: str) -> None:
    await asyncio.sleep(SOON)
    await channel.show_work(outside_id)
