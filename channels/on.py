"""The channels that are on, and what sending by them has to know of each. Used by delivery.py."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import timedelta

import structlog

from channels.contract import Channel, Closes, Outcome, Outgoing, ShownInside, WritesAnyTime
from channels.errors import SendError
from channels.gathering import gather_all

log = structlog.get_logger()


class ChannelsOn:
    """Channels by name. One that is off is asked like the others, and knows as little as a channel can."""

    def __init__(self, channels: Mapping[str, Channel]) -> None:
        self._channels = channels

    @property
    def names(self) -> Collection[str]:
        """The names of all."""
        return self._channels.keys()

    def find(self, name: str) -> Channel | None:
        """The channel of this name, where it is on."""
        return self._channels.get(name)

    def shown_inside(self, name: str) -> ShownInside | None:
        """The channel of this name, where what it delivers is a row of ours."""
        channel = self.find(name)
        return channel if isinstance(channel, ShownInside) else None

    def is_kept(self, name: str) -> bool:
        """Whether a platform takes the messages, for which budgets, paces and one sender a person are kept."""
        channel = self.find(name)
        return channel is not None and not isinstance(channel, ShownInside)

    def knows_repeats(self, name: str) -> bool:
        """Whether a message that is sent again is not shown twice."""
        channel = self.find(name)
        return channel is not None and channel.abilities.idempotent

    def free_answers(self, name: str) -> int:
        """How many messages of an answer cost nothing of the person's budget."""
        channel = self.find(name)
        return channel.abilities.free_answers if channel else 0

    def any_time(self, name: str) -> Collection[str]:
        """The messages of the channel that need no window."""
        channel = self.find(name)
        return channel.any_time if isinstance(channel, WritesAnyTime) else ()

    def pace(self, name: str) -> tuple[float | None, timedelta | None]:
        """How many a second in all, and the time between two to one person."""
        channel = self.find(name)
        pace = channel.abilities.pace if channel else None
        if pace is None:
            return None, None
        gap = timedelta(seconds=1 / pace.one_per_second) if pace.one_per_second else None
        return pace.all_per_second, gap

    async def ask(self, name: str, rows: Sequence[Outgoing]) -> Sequence[Outcome]:
        """One outcome a row, also of a channel that breaks its word: its rows are tried three times and no more."""
        channel = self.find(name)
        if channel is None:
            return [Outcome(row.id, SendError.MISCONFIGURED) for row in rows]
        try:
            outcomes = await channel.send(rows)
        except Exception as error:  # noqa: BLE001 - a channel's own fault must not leave its rows without an end
            log.error("channel_broke", channel=name, error=type(error).__name__, rows=len(rows))
            outcomes = []
        told = {outcome.id for outcome in outcomes}
        return [*outcomes, *(Outcome(row.id, SendError.LOST_ANSWER) for row in rows if row.id not in told)]

    async def close(self) -> None:
        """Let go of what the channels hold."""
        await gather_all(
            channel.close() for channel in self._channels.values() if isinstance(channel, Closes)
        )
