"""A resident's calendar feed: a secret link that calendars ask again and again, made, renewed and taken back."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime
from uuid import UUID

from sqlalchemy import DateTime, ForeignKey, LargeBinary, delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from community.base import Base
from community.clock import now


class CalendarFeed(Base):
    """The feed of one resident; of the secret only its hash is kept, so it is shown once."""

    __tablename__ = "calendar_feeds"

    resident_id: Mapped[UUID] = mapped_column(ForeignKey("residents.id"), primary_key=True)
    secret_hash: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    made_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


async def make_feed(session: AsyncSession, resident_id: UUID) -> str:
    """A new secret for the resident's feed; the link before it opens nothing any more."""
    secret = secrets.token_urlsafe(24)
    values = {"secret_hash": _hash(secret), "made_at": now()}
    row = insert(CalendarFeed).values(resident_id=resident_id, **values)
    await session.execute(row.on_conflict_do_update(index_elements=["resident_id"], set_=values))
    return secret


async def revoke_feed(session: AsyncSession, resident_id: UUID) -> None:
    """The link opens nothing any more."""
    await session.execute(delete(CalendarFeed).where(CalendarFeed.resident_id == resident_id))


async def find_feed(session: AsyncSession, secret: str) -> UUID | None:
    """Whose feed a secret opens."""
    wanted = select(CalendarFeed.resident_id).where(CalendarFeed.secret_hash == _hash(secret))
    found: UUID | None = await session.scalar(wanted)
    return found


async def has_feed(session: AsyncSession, resident_id: UUID) -> bool:
    """Whether the resident has a link out."""
    return await session.get(CalendarFeed, resident_id) is not None


def _hash(secret: str) -> bytes:
    return hashlib.sha256(secret.encode()).digest()
