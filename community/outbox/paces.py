"""How fast a channel goes, for all processes together, and its rests: a row a channel says it.

Before a claim `lock_channel` says for how many messages there is room; after a batch `rest` or `note_well` say how it
went.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import and_, func, or_, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from community.outbox.models import ChannelPace

AT_ONCE = timedelta(seconds=0.2)
"""A channel that has been idle may send at once what it may send in this time; see `_steadily`."""
PROBE = 10
"""Of a channel from which nothing came back last time so many rows are tried."""
LONGEST_REST = timedelta(seconds=30)
LATELY = timedelta(minutes=1)
KINDS = ("kind_spent", "kind_closed")
"""Of one kind of message alone: that others go well does not mean that it is over; it is shown for a day at least."""
LASTING = ("misconfigured", "quota_spent", *KINDS)
"""What passes by itself only tomorrow, or when somebody does something."""

_MAKE = text("INSERT INTO channel_paces (channel) VALUES (:channel) ON CONFLICT DO NOTHING")
_LOCK = text("SELECT next_at, rests_until, fruitless FROM channel_paces WHERE channel = :channel FOR UPDATE")
_TAKE = text(
    """
    INSERT INTO channel_paces (channel, next_at)
    VALUES (:channel, CAST(:at AS timestamptz) + CAST(:long AS interval))
    ON CONFLICT (channel) DO UPDATE
    SET next_at = greatest(channel_paces.next_at, CAST(:at AS timestamptz)) + CAST(:long AS interval)
    """
)
_HARD_REST = text(
    """
    SELECT rests_until, reason FROM channel_paces
    WHERE channel = :channel AND rests_until > :at AND reason IN ('rate_limited', 'quota_spent')
    """
)
_REST = text(
    """
    INSERT INTO channel_paces (channel, rests_until, reason, since) VALUES (:channel, :until, :reason, :at)
    ON CONFLICT (channel) DO UPDATE
    SET rests_until = greatest(channel_paces.rests_until, CAST(:until AS timestamptz)), reason = :reason,
        since = CASE WHEN channel_paces.reason = :reason THEN channel_paces.since ELSE :at END
    """
)
_FRUITLESS = text(
    """
    INSERT INTO channel_paces (channel, rests_until, fruitless, reason, since)
    VALUES (:channel, CAST(:at AS timestamptz) + interval '1 second', 1, :reason, :at)
    ON CONFLICT (channel) DO UPDATE
    SET rests_until = greatest(channel_paces.rests_until, :at + least(
            CAST(:longest AS interval), interval '1 second' * power(2, least(channel_paces.fruitless, 10))
        )),
        fruitless = channel_paces.fruitless + 1, reason = :reason,
        since = CASE WHEN channel_paces.reason = :reason THEN channel_paces.since ELSE :at END
    """
)
_TROUBLE = text(
    """
    INSERT INTO channel_paces (channel, reason, since) VALUES (:channel, :reason, :at)
    ON CONFLICT (channel) DO UPDATE
    SET reason = :reason, since = CASE WHEN channel_paces.reason = :reason THEN channel_paces.since ELSE :at END
    """
)
_OVER = "(reason <> ALL(CAST(:kinds AS text[])) OR since < CAST(:at AS timestamptz) - interval '1 day')"
_WELL = text(
    f"""
    UPDATE channel_paces
    SET fruitless = 0, reason = CASE WHEN NOT {_OVER} THEN reason END, since = CASE WHEN NOT {_OVER} THEN since END
    WHERE channel = :channel AND (fruitless > 0 OR {_OVER}) AND coalesce(rests_until <= :at, true)
    """  # noqa: S608 - put together from the lines above
)


@dataclass(frozen=True, slots=True)
class HardRest:
    """The platform takes no call at all before `until`."""

    until: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class Room:
    """How many messages may be claimed now, and when there is room for the next where there is none for more."""

    messages: int
    more_at: datetime | None = None


async def lock_channel(
    session: AsyncSession, channel: str, at: datetime, most: int, rate: float | None
) -> Room:
    """Room for at most `most`; until the transaction ends nobody else claims for this channel.

    So two workers never hold rows of one person at the same time, and both together keep to the rate (a second).
    """
    row = (await session.execute(_LOCK, {"channel": channel})).first()
    if row is None:
        await session.execute(_MAKE, {"channel": channel})
        row = (await session.execute(_LOCK, {"channel": channel})).one()
    if row.rests_until is not None and row.rests_until > at:
        return Room(0)
    most = min(most, PROBE) if row.fruitless else most
    if rate is None:
        return Room(most)
    ahead = max(timedelta(), row.next_at - at) if row.next_at else timedelta()
    room = int((AT_ONCE - ahead).total_seconds() * _steadily(rate) + 1e-6)
    return Room(max(0, min(most, room)), at + ahead if room < most else None)


async def take_room(session: AsyncSession, channel: str, at: datetime, messages: int, rate: float) -> None:
    """So many messages go now, also where there is no room: what comes after them waits the longer."""
    long = timedelta(seconds=messages / _steadily(rate))
    await session.execute(_TAKE, {"channel": channel, "at": at, "long": long})


async def take_spare_room(session: AsyncSession, channel: str, at: datetime, rate: float | None) -> bool:
    """Take the room of one call that may as well be left out; False where there is none now, or the channel rests."""
    room = await lock_channel(session, channel, at, 1, rate)
    if room.messages and rate is not None:
        await take_room(session, channel, at, 1, rate)
    return bool(room.messages)


def _steadily(rate: float) -> float:
    """What goes at once and what follows within a second are together no more than the rate, whichever second it is."""
    return rate / (1 + AT_ONCE.total_seconds())


async def find_hard_rest(session: AsyncSession, channel: str, at: datetime) -> HardRest | None:
    """Until when the platform takes no call at all; a channel that only seems to be away is tried for an answer."""
    found = (await session.execute(_HARD_REST, {"channel": channel, "at": at})).first()
    return HardRest(found.rests_until, found.reason) if found else None


async def rest(session: AsyncSession, channel: str, at: datetime, until: datetime, reason: str) -> None:
    """The whole channel sends nothing before `until`."""
    await session.execute(_REST, {"channel": channel, "at": at, "until": until, "reason": reason})


async def rest_after_nothing(session: AsyncSession, channel: str, at: datetime, reason: str) -> None:
    """Nothing of a batch went out: the channel rests 1, 2, 4 … 30 seconds, the longer the more often it was so."""
    values = {"channel": channel, "at": at, "reason": reason, "longest": LONGEST_REST}
    await session.execute(_FRUITLESS, values)


async def note_trouble(session: AsyncSession, channel: str, at: datetime, reason: str) -> None:
    """An operator has to do something about this channel, which goes on meanwhile."""
    await session.execute(_TROUBLE, {"channel": channel, "at": at, "reason": reason})


async def note_well(session: AsyncSession, channel: str, at: datetime) -> None:
    """Everything of a batch went out: whatever was wrong is over, but for a kind that none of it was."""
    await session.execute(_WELL, {"channel": channel, "at": at, "kinds": list(KINDS)})


async def find_paces(session: AsyncSession, at: datetime) -> list[ChannelPace]:
    """The channels in trouble, by name; a rest of some seconds is none, and neither is one that is over."""
    resting = func.coalesce(ChannelPace.rests_until, at) >= at - LATELY
    lasting = or_(ChannelPace.reason.in_(KINDS), and_(ChannelPace.reason.in_(LASTING), resting))
    long = and_(ChannelPace.fruitless > 0, ChannelPace.since < at - LATELY)
    wanted = select(ChannelPace).where(or_(lasting, long)).order_by(ChannelPace.channel)
    return list((await session.scalars(wanted)).all())
