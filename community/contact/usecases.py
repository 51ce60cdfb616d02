"""A person says where, when and about what they want to be told. Next: community/outbox and the notices read it."""

from __future__ import annotations

from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from community.clock import now
from community.contact.models import DAY_MINUTES, CategoryFollow, ContactPreference
from community.contact.queries import get_preference
from community.errors import Refused
from community.residents.models import Address, AddressState


class Unchanged:
    """What is not said stays as it is, so that None can say: as for everybody."""


UNCHANGED: Final = Unchanged()


async def set_preference(
    session: AsyncSession,
    resident_id: UUID,
    *,
    channel: str | Unchanged | None = UNCHANGED,
    quiet: tuple[int, int] | Unchanged | None = UNCHANGED,
    paused_until: datetime | Unchanged | None = UNCHANGED,
    notices_stopped_at: datetime | Unchanged | None = UNCHANGED,
    most_a_day: int | Unchanged | None = UNCHANGED,
) -> ContactPreference:
    """Keep what the person wishes; None takes a wish back. `quiet` is from and until, in minutes of the day.

    Raises Refused("channel_not_yours") for a channel on which the person is not, Refused("quiet_hours_unclear") for
    minutes outside a day, Refused("most_a_day_unclear") for less than one message a day.
    """
    if isinstance(channel, str) and not await is_on(session, resident_id, channel):
        raise Refused("channel_not_yours")
    said = {
        "channel": channel,
        **_quiet_fields(quiet),
        "paused_until": paused_until,
        "notices_stopped_at": notices_stopped_at,
        "most_a_day": _check_most(most_a_day),
    }
    values = {name: value for name, value in said.items() if not isinstance(value, Unchanged)}
    values["changed_at"] = now()
    row = insert(ContactPreference).values(resident_id=resident_id, **values)
    await session.execute(row.on_conflict_do_update(index_elements=["resident_id"], set_=values))
    preference = await get_preference(session, resident_id)
    await session.refresh(preference)
    return preference


async def set_follow(session: AsyncSession, resident_id: UUID, category: str, *, follows: bool) -> None:
    """The person wants this category of notices, or does not want it; said twice is said once."""
    values = {"follows": follows, "changed_at": now()}
    row = insert(CategoryFollow).values(resident_id=resident_id, category=category, **values)
    await session.execute(row.on_conflict_do_update(index_elements=["resident_id", "category"], set_=values))


async def is_on(session: AsyncSession, resident_id: UUID, channel: str) -> bool:
    """Whether the person can be written to on this channel."""
    wanted = select(Address.id).where(
        Address.resident_id == resident_id, Address.channel == channel, Address.state == AddressState.ACTIVE
    )
    return await session.scalar(wanted.limit(1)) is not None


def _quiet_fields(quiet: tuple[int, int] | Unchanged | None) -> dict[str, int | Unchanged | None]:
    if isinstance(quiet, Unchanged) or quiet is None:
        return {"quiet_from": quiet, "quiet_until": quiet}
    if not all(0 <= minute < DAY_MINUTES for minute in quiet) or quiet[0] == quiet[1]:
        raise Refused("quiet_hours_unclear")
    return {"quiet_from": quiet[0], "quiet_until": quiet[1]}


def _check_most(most: int | Unchanged | None) -> int | Unchanged | None:
    if isinstance(most, int) and most < 1:
        raise Refused("most_a_day_unclear")
    return most
