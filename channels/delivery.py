"""The one way out: claimed outbox rows are sent by their channel and what became of each is recorded.

In the app it delivers the bubbles of a turn at once; in the worker everything else, and what was left behind.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from itertools import groupby
from uuid import UUID

import structlog
from sqlalchemy import RowMapping

from channels.contract import Channel, Outcome, Outgoing, ShownInside
from channels.errors import STOP_ADDRESS, TELL_OPERATOR, TRY_AGAIN, SendError
from community.clock import now
from community.outbox.sending import (
    Failure,
    claim_due,
    record_failures,
    record_sent,
    set_old_aside,
    stop_addresses,
    take_back_lost,
)
from linli.database import Sessions

log = structlog.get_logger()


class Delivery:
    """Sends claimed rows by the channels that are on."""

    def __init__(self, sessions: Sessions, channels: Mapping[str, Channel], *, hold_after: timedelta) -> None:
        self._sessions, self._channels, self._hold_after = sessions, channels, hold_after

    def shown_inside(self, name: str) -> ShownInside | None:
        """The channel of this name, where what it delivers is a row of ours."""
        channel = self._channels.get(name)
        return channel if isinstance(channel, ShownInside) else None

    async def deliver(self, claimed: Sequence[Outgoing]) -> None:
        """Send claimed rows, in order for each channel, and record what became of them."""
        batches = groupby(sorted(claimed, key=lambda row: row.channel), key=lambda row: row.channel)
        outcomes = await asyncio.gather(*(self._send(name, list(batch)) for name, batch in batches))
        if flat := [outcome for part in outcomes for outcome in part]:
            await self._record({row.id: row for row in claimed}, flat)

    async def deliver_due(self, at: datetime, most: int = 200) -> int:
        """Claim and deliver one batch of what is due at `at`; gives how many rows were claimed."""
        async with self._sessions.begin() as session:
            rows = await claim_due(session, at, most)
        await self.deliver([_outgoing(row) for row in rows])
        return len(rows)

    async def tidy(self, at: datetime) -> None:
        """Take back what a dead process left in the middle, expire and hold what is too old."""
        recognising = [name for name, channel in self._channels.items() if channel.abilities.idempotent]
        async with self._sessions.begin() as session:
            lost = await take_back_lost(session, at, recognising)
            held = await set_old_aside(session, at, self._hold_after)
        if lost or held:
            log.warning("outbox_tidied", lost=lost, held=held)

    async def _send(self, name: str, batch: list[Outgoing]) -> Sequence[Outcome]:
        """One outcome a row, also of a channel that breaks its word: its rows are tried three times and no more."""
        channel = self._channels.get(name)
        if channel is None:
            return [Outcome(row.id, SendError.MISCONFIGURED) for row in batch]
        try:
            outcomes = await channel.send(batch)
        except Exception as error:  # noqa: BLE001 - a channel's own fault must not leave its rows without an end
            log.error("channel_broke", channel=name, error=type(error).__name__, rows=len(batch))
            outcomes = []
        told = {outcome.id for outcome in outcomes}
        return [*outcomes, *(Outcome(row.id, SendError.LOST_ANSWER) for row in batch if row.id not in told)]

    async def _record(self, rows: Mapping[UUID, Outgoing], outcomes: Sequence[Outcome]) -> None:
        moment = now()
        sent = [(outcome.id, outcome.outside_id) for outcome in outcomes if outcome.error is None]
        failures = [_failure(rows[outcome.id], outcome) for outcome in outcomes if outcome.error is not None]
        stopped = [rows[outcome.id].address_id for outcome in outcomes if outcome.error in STOP_ADDRESS]
        async with self._sessions.begin() as session:
            if sent:
                await record_sent(session, sent, moment)
            if failures:
                await record_failures(session, failures, moment)
            if stopped:
                await stop_addresses(session, stopped)
        for failure in failures:
            log.warning("not_sent", row=str(failure.id), reason=failure.reason, attempts=failure.attempts)


def _failure(row: Outgoing, outcome: Outcome) -> Failure:
    error = outcome.error or SendError.REFUSED
    again = error in TRY_AGAIN or error in TELL_OPERATOR
    after = timedelta(seconds=outcome.retry_after) if outcome.retry_after else None
    return Failure(row.id, error.value, final=not again, attempts=row.attempts, after=after)


def _outgoing(row: RowMapping) -> Outgoing:
    return Outgoing(
        id=row["id"],
        address_id=row["address_id"],
        outside_id=row["outside_id"],
        channel=row["channel"],
        message=row["message"],
        values=row["values"],
        buttons=row["buttons"],
        language=row["language"],
        zone=row["zone"],
        attempts=row["attempts"],
    )
