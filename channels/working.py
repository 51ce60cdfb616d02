"""While the bot takes its time, the person's phone shows that an answer is being made, where the platform can.

It is a call like any other: where messages wait for their turn, or the channel rests, it is left out.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from channels.contract import Channel, ShowsWork
from community.clock import now
from community.outbox.paces import take_spare_room
from linli.database import Sessions

SOON = 1.0
"""Seconds in which an answer mostly is there: nothing is shown before."""


@asynccontextmanager
async def shown_at_work(sessions: Sessions, channel: Channel | None, outside_id: str) -> AsyncIterator[None]:
    """Show it to this person while inside; the answer waits for no platform."""
    if not isinstance(channel, ShowsWork):
        yield
        return
    showing = asyncio.create_task(_show_soon(sessions, channel, outside_id))
    try:
        yield
    finally:
        showing.cancel()
        await asyncio.gather(showing, return_exceptions=True)


async def show_work(sessions: Sessions, channel: ShowsWork, outside_id: str) -> None:
    """Show it now, where there is room for a call more."""
    pace = channel.abilities.pace
    async with sessions.begin() as session:
        room = await take_spare_room(session, channel.name, now(), pace.all_per_second if pace else None)
    if room:
        await channel.show_work(outside_id)


async def _show_soon(sessions: Sessions, channel: ShowsWork, outside_id: str) -> None:
    await asyncio.sleep(SOON)
    await show_work(sessions, channel, outside_id)
