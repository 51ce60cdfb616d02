"""Residents and their addresses: a person may be reached at several, one a channel account."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import (
    Boolean,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    SmallInteger,
    String,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, validates

from community.base import Base, CreatedAt, RandomId, SealedText, closed_list
from community.search.phones import stored_phone


class Language(StrEnum):
    """The languages Linli speaks."""

    ZH = "zh"
    EN = "en"


class HomeClaim(StrEnum):
    """How sure it is that somebody lives where they said: only a confirmed home opens what concerns a household."""

    NONE = "none"
    CLAIMED = "claimed"
    CONFIRMED = "confirmed"


class AddressState(StrEnum):
    """Whether an address may be written to."""

    ACTIVE = "active"
    STOPPED = "stopped"


class Resident(Base):
    """A person who talks to Linli. Nothing but a language is needed; name and phone only where the person gave them.

    A language that was chosen stays; any other follows what the person writes. The year of birth, where it was given,
    is for notices to an age; the room (501), which staff learn at the door, for lists by floor.
    """

    __tablename__ = "residents"
    __table_args__ = (
        Index("ix_residents_age", "community_id", "birth_year", "id"),
        Index("ix_residents_language", "community_id", "language", "id"),
    )

    id: Mapped[RandomId]
    community_id: Mapped[UUID | None] = mapped_column(ForeignKey("communities.id"), index=True)
    home_id: Mapped[UUID | None] = mapped_column(ForeignKey("places.id"), index=True)
    home_claim: Mapped[HomeClaim] = mapped_column(closed_list(HomeClaim), default=HomeClaim.NONE)
    language: Mapped[Language | None] = mapped_column(closed_list(Language))
    language_chosen: Mapped[bool] = mapped_column(Boolean, default=False, server_default="false")
    name: Mapped[str | None] = mapped_column(SealedText("residents.name"))
    phone: Mapped[str | None] = mapped_column(SealedText("residents.phone"))
    phone_term: Mapped[str | None] = mapped_column(String(8), index=True)
    room: Mapped[str | None] = mapped_column(SealedText("residents.room"))
    birth_year: Mapped[int | None] = mapped_column(SmallInteger)
    created_at: Mapped[CreatedAt]

    @validates("phone")
    def _keep_term(self, _: str, phone: str | None) -> str | None:
        """The term by which the phone is found goes with it, whoever writes it."""
        self.phone_term = stored_phone(phone)
        return phone


class Address(Base):
    """One person on one channel. `thread_length` numbers what is shown in the person's web thread.

    Some platforms let us write only after an act of the person: `may_send` messages until `window_until`; None is no
    limit. Nothing goes out before `next_send_at`. One that the person let go (`unlinked_at`) has a name of ours for its
    outside id: whoever writes there next is somebody new.
    """

    __tablename__ = "addresses"
    __table_args__ = (
        UniqueConstraint("channel", "outside_id"),
        Index("ix_addresses_resident_id", "resident_id"),
    )

    id: Mapped[RandomId]
    resident_id: Mapped[UUID] = mapped_column(ForeignKey("residents.id"))
    channel: Mapped[str] = mapped_column(String(20))
    outside_id: Mapped[str] = mapped_column(String(200))
    state: Mapped[AddressState] = mapped_column(closed_list(AddressState), default=AddressState.ACTIVE)
    thread_length: Mapped[int] = mapped_column(Integer, default=0, server_default="0")
    may_send: Mapped[int | None] = mapped_column(Integer)
    window_until: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    next_send_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    last_seen_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    unlinked_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    created_at: Mapped[CreatedAt]
