"""Writing down what became of a batch, in one transaction; patient, because what was sent must not be sent again."""

from __future__ import annotations

import asyncio
from collections.abc import Collection
from datetime import datetime

import structlog
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncSession

from channels.outcomes import Verdict
from community.clock import now
from community.outbox.paces import note_trouble, note_well, rest, rest_after_nothing
from community.outbox.sending import empty_addresses, give_back, record_failures, record_sent
from community.outbox.waiting import move_elsewhere, stop_addresses
from linli.database import Sessions

log = structlog.get_logger()
PATIENCE = (0.2, 0.5, 1.0, 2.0, 4.0, 8.0)
"""Seconds between tries while the database is away; after that the lease has ended, and the rows go out again."""


async def record(
    sessions: Sessions,
    channel: str,
    verdict: Verdict,
    began: datetime,
    at: datetime,
    channels: Collection[str],
) -> None:
    """Record a verdict of what was sent from `began` on and answered at `at`, also where the database is away a while.

    `channels` are those that are on.
    """
    for wait in PATIENCE:
        try:
            async with sessions.begin() as session:
                return await _record(session, channel, verdict, began, at, channels)
        except (SQLAlchemyError, OSError, TimeoutError) as error:
            log.warning("not_recorded_yet", channel=channel, error=type(error).__name__)
        await asyncio.sleep(wait)
    async with sessions.begin() as session:
        await _record(session, channel, verdict, began, at, channels)
    return None


async def _record(
    session: AsyncSession,
    channel: str,
    verdict: Verdict,
    began: datetime,
    at: datetime,
    channels: Collection[str],
) -> None:
    if verdict.sent:
        await record_sent(session, verdict.sent, now())
    if verdict.failures:
        await record_failures(session, verdict.failures, at)
    await _note_channel(session, channel, verdict, at)  # before its people, as a claim locks them
    if verdict.spent:
        await give_back(session, verdict.spent)
    if verdict.emptied:
        await empty_addresses(session, verdict.emptied, at)
    await move_elsewhere(session, verdict.elsewhere, at, channels)
    if verdict.stopped:
        await stop_addresses(session, verdict.stopped, at, channels, unless_seen_since=began)


async def _note_channel(session: AsyncSession, channel: str, verdict: Verdict, at: datetime) -> None:
    if verdict.fruitless:
        await rest_after_nothing(session, channel, at, verdict.fruitless)
    elif verdict.rest:
        await rest(session, channel, at, verdict.rest.until, verdict.rest.reason)
    elif verdict.trouble:
        await note_trouble(session, channel, at, verdict.trouble)
    elif verdict.well:
        await note_well(session, channel, at)
