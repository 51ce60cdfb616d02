"""Whether a person can be written to now, and if not, why not. Next: whoever writes puts it into the outbox, or waits.

A channel may have a window: a platform that lets us write only so long after the person's own last message. The
windows come from the channels' abilities (channels/registry.py); a channel that has none may always be written to.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from community.contact.queries import chosen_first
from community.residents.models import Address, AddressState

Windows = Mapping[str, timedelta]
"""How long after the person's last message each channel may be written to, by the channel's name."""


class Unreachable(StrEnum):
    """Why somebody cannot be written to: never had a channel, stopped us there, or the window is over until they write.

    The first lasts; the others end with the person's next contact.
    """

    NO_CHANNEL = "no_channel"
    STOPPED = "stopped"
    WINDOW_OVER = "window_over"


@dataclass(frozen=True, slots=True)
class Reach:
    """The address to write to now, or why there is none."""

    address: Address | None
    why_not: Unreachable | None = None

    @property
    def may_write(self) -> bool:
        """Whether something that is queued now would arrive."""
        return self.why_not is None


async def find_reach(session: AsyncSession, resident_id: UUID, at: datetime, windows: Windows) -> Reach:
    """How the resident is reached at `at`: as `find_address`, if the window there is open."""
    wanted = (
        select(Address)
        .where(Address.resident_id == resident_id)
        .order_by(chosen_first(), Address.last_seen_at.desc())
    )
    addresses = (await session.scalars(wanted)).all()
    active = next((address for address in addresses if address.state is AddressState.ACTIVE), None)
    if active is None:
        return Reach(None, Unreachable.STOPPED if addresses else Unreachable.NO_CHANNEL)
    window = windows.get(active.channel)
    if window is not None and active.last_seen_at + window <= at:
        return Reach(None, Unreachable.WINDOW_OVER)
    return Reach(active)
