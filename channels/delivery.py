"""The one way out: claimed outbox rows are sent by their channel and what became of each is recorded.

In the app it delivers the bubbles of a turn at once; in the worker everything else, and what was left behind. Each
channel is claimed and sent for itself, so that one that is slow or down delays no other (channels/draining.py).
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import groupby
from uuid import UUID

import structlog
from sqlalchemy import RowMapping
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncSession

from channels.contract import Budget, Channel, Outcome, Outgoing, Resting, ShownInside
from channels.draining import Drains
from channels.errors import SendError
from channels.on import ChannelsOn
from channels.outcomes import Verdict, judge
from channels.recording import record
from community.clock import now
from community.outbox.claiming import Claim, claim_due
from community.outbox.models import Priority
from community.outbox.paces import Room, lock_channel, take_room
from community.outbox.reserving import reserve
from community.outbox.sending import keep_leases, set_old_aside, take_back_lost
from community.outbox.waiting import leave_channels_that_are_off, move_elsewhere, watch
from linli.database import Sessions

log = structlog.get_logger()
MOST_FREED = 20
KEEP_SECONDS = 3.0
"""Shorter than every lease."""
_SENDING, _WAITING = "sending", "waiting"


class Delivery:
    """Sends claimed rows by the channels that are on."""

    def __init__(self, sessions: Sessions, channels: Mapping[str, Channel], *, hold_after: timedelta) -> None:
        """`hold_after`: rows that were due longer ago wait for a person's release."""
        self._sessions, self._hold_after = sessions, hold_after
        self._on = ChannelsOn(channels)
        self._drains = Drains(self)

    @property
    def names(self) -> Collection[str]:
        """The channels that are on."""
        return self._on.names

    def find_channel(self, name: str) -> Channel | None:
        """The channel of this name, where it is on."""
        return self._on.find(name)

    def shown_inside(self, name: str) -> ShownInside | None:
        """The channel of this name, where what it delivers is a row of ours."""
        return self._on.shown_inside(name)

    async def close(self) -> None:
        """Let go of what the channels hold."""
        await self._on.close()

    async def deliver(self, claimed: Sequence[Outgoing]) -> None:
        """Send the bubbles of a turn, which are claimed already, in order, and record what became of them."""
        for name, rows in groupby(sorted(claimed, key=lambda row: row.channel), key=lambda row: row.channel):
            await self._answer(name, list(rows))

    async def deliver_freed(self, name: str, address_id: UUID) -> None:
        """Send what waited for this person's contact; called before the answer to it goes out."""
        if not self._on.is_kept(name):
            return
        claim = replace(self._claim(name, now(), MOST_FREED), freed_for=address_id)
        async with self._sessions.begin() as session:
            rows = await self._take(session, claim)
        await self.send(name, rows)

    async def deliver_all(self, at: datetime) -> int:
        """Deliver what is due at `at` on every channel that is not at it here already; gives how many rows."""
        return await self._drains.run(at)

    async def claim(self, name: str, at: datetime, most: int) -> tuple[list[Outgoing], Room]:
        """Claim a batch of one channel, and say how much room there was."""
        claim, room = self._claim(name, at, most), Room(most)
        async with self._sessions.begin() as session:
            if claim.kept:
                rate = self._on.pace(name)[0]
                room = await lock_channel(session, name, at, most, rate)
                if not room.messages:
                    return [], room
            rows = await self._take(session, replace(claim, most=room.messages))
        return rows, room

    async def send(self, name: str, rows: Sequence[Outgoing], at: datetime | None = None) -> None:
        """Send rows of one channel from `at` on, keep their leases, and record what became of them.

        What follows is counted from the platform's answer on: a rest that it names begins then.
        """
        if not rows:
            return
        began, started = at or now(), time.monotonic()
        async with self._keeping([row.id for row in rows]):
            outcomes = await self._on.ask(name, rows)
            moment = began + timedelta(seconds=time.monotonic() - started)
            verdict = self._judge(name, rows, outcomes, moment)
            await record(self._sessions, name, verdict, began, moment, self.names)
        for failure in verdict.failures:
            log.warning("not_sent", row=str(failure.id), reason=failure.reason, state=failure.state.value)

    async def tidy(self, at: datetime) -> None:
        """Take back what a dead process left in the middle, expire and hold what is too old, free what may go now."""
        recognising = [name for name in self.names if self._on.knows_repeats(name)]
        async with self._sessions.begin() as session:
            lost = await take_back_lost(session, at, recognising)
            held = await set_old_aside(session, at, self._hold_after)
            held += await watch(session, at, self._hold_after, self.names)
            off = await leave_channels_that_are_off(session, self.names, at)
        if lost or held or off:
            log.warning("outbox_tidied", lost=lost, held=held, off=off)

    async def _answer(self, name: str, rows: list[Outgoing]) -> None:
        """Send bubbles to one person, each when the channel's pace allows it."""
        if not self._on.is_kept(name):
            await self.send(name, rows)
            return
        async with self._keeping([row.id for row in rows]):
            going = await self._reserve(name, rows)
            for moment, wave in groupby(going, key=lambda pair: pair[0]):
                await asyncio.sleep(max(0.0, (moment - now()).total_seconds()))
                await self.send(name, [row for _, row in wave])

    async def _reserve(self, name: str, rows: list[Outgoing]) -> list[tuple[datetime, Outgoing]]:
        rate, gap = self._on.pace(name)
        async with self._sessions.begin() as session:
            reserved = await reserve(
                session,
                name,
                rows[0].address_id,
                [row.id for row in rows],
                now(),
                rate=rate,
                gap=gap or timedelta(),
                free=self._on.free_answers(name),
            )
            await move_elsewhere(session, reserved.waiting, now(), self.names)
        by_id, rest = {row.id: row for row in rows}, reserved.rest
        resting = Resting(SendError(rest.reason), rest.until) if rest else None
        return [
            (moment, replace(by_id[row_id], budget=_budget(left, reserved.until), resting=resting))
            for row_id, moment, left in reserved.going
        ]

    async def _take(self, session: AsyncSession, claim: Claim) -> list[Outgoing]:
        """The rows of a claim that may go; the others wait, or another channel of their person carries them."""
        rows = await claim_due(session, claim)
        going = [_outgoing(row) for row in rows if row["fate"] == _SENDING]
        rate = self._on.pace(claim.channel)[0]
        if rate is not None and going:
            await take_room(session, claim.channel, claim.at, len(going), rate)
        waiting = [row["id"] for row in rows if row["fate"] == _WAITING]
        await move_elsewhere(session, waiting, claim.at, self.names)
        return going

    def _judge(
        self, name: str, rows: Sequence[Outgoing], outcomes: Sequence[Outcome], at: datetime
    ) -> Verdict:
        return judge(
            {row.id: row for row in rows},
            outcomes,
            at,
            idempotent=self._on.knows_repeats(name),
            any_time=self._on.any_time(name),
        )

    def _claim(self, name: str, at: datetime, most: int) -> Claim:
        return Claim(
            channel=name,
            at=at,
            most=most,
            hold_after=self._hold_after,
            kept=self._on.is_kept(name),
            gap=self._on.pace(name)[1],
            any_time=self._on.any_time(name),
        )

    @asynccontextmanager
    async def _keeping(self, ids: Collection[UUID]) -> AsyncIterator[None]:
        """Make the leases of rows last while inside."""
        keeper = asyncio.create_task(self._keep(ids))
        try:
            yield
        finally:
            keeper.cancel()
            await asyncio.gather(keeper, return_exceptions=True)

    async def _keep(self, ids: Collection[UUID]) -> None:
        while True:
            await asyncio.sleep(KEEP_SECONDS)
            try:
                async with self._sessions.begin() as session:
                    await keep_leases(session, ids, now())
            except (SQLAlchemyError, OSError, TimeoutError) as error:
                log.warning("leases_not_kept", error=type(error).__name__)


def _budget(left: int | None, until: datetime | None) -> Budget | None:
    return None if left is None else Budget(left, until)


def _outgoing(row: RowMapping) -> Outgoing:
    limited = row["may_send"] is not None or row["window_until"] is not None
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
        resident_id=row["resident_id"],
        answers_id=row["answers_id"],
        priority=Priority(row["priority"]),
        need_id=row["need_id"],
        sender=row["sender"],
        budget=Budget(row["may_send"], row["window_until"]) if limited else None,
    )
