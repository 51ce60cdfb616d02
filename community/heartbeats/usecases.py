"""Signs of life: each process writes its own, /readyz reads them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from community.heartbeats.models import Heartbeat


async def beat(session: AsyncSession, name: str, at: datetime) -> None:
    """Say that the process of this name is alive at `at`."""
    row = insert(Heartbeat).values(name=name, at=at)
    await session.execute(
        row.on_conflict_do_update(index_elements=[Heartbeat.name], set_={"at": row.excluded.at})
    )


async def find_last_beat(session: AsyncSession, name: str) -> datetime | None:
    """When the process of this name was last alive."""
    found: datetime | None = await session.scalar(select(Heartbeat.at).where(Heartbeat.name == name))
    return found
