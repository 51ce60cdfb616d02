"""One at a time: what comes twice at the same moment, a form, or two colleagues at one name, waits for the first."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession


async def wait_for_others(session: AsyncSession, name: object) -> None:
    """From here to the end of the transaction nobody else is at what is named so."""
    await session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(str(name), 0))))
