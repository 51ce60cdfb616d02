"""The search for a substitute 找替补: whom it asked and when, so that nobody is asked too often."""

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
    PrimaryKeyConstraint,
    SmallInteger,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from community.base import Base, CreatedAt, RandomId, closed_list


class SearchState(StrEnum):
    """running -> filled, stopped (by staff), escalated (nobody or no time is left) or over (the shift began)."""

    RUNNING = "running"
    FILLED = "filled"
    STOPPED = "stopped"
    ESCALATED = "escalated"
    OVER = "over"


class Search(Base):
    """One search for the free places of one part of a shift; the next round of asking is due at `next_at`."""

    __tablename__ = "substitute_searches"
    __table_args__ = (
        Index(
            "uq_substitute_searches_running", "places_id", unique=True, postgresql_where="state = 'running'"
        ),
        Index("ix_substitute_searches_next_at", "next_at", postgresql_where="state = 'running'"),
        Index("ix_substitute_searches_shift_id", "shift_id"),
    )

    id: Mapped[RandomId]
    shift_id: Mapped[UUID] = mapped_column(ForeignKey("shifts.id"))
    places_id: Mapped[UUID] = mapped_column(ForeignKey("shift_places.id"))
    state: Mapped[SearchState] = mapped_column(closed_list(SearchState), default=SearchState.RUNNING)
    rounds: Mapped[int] = mapped_column(SmallInteger, default=0)
    next_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    started_by: Mapped[UUID | None] = mapped_column(ForeignKey("staff.id"))
    stopped_by: Mapped[UUID | None] = mapped_column(ForeignKey("staff.id"))
    created_at: Mapped[CreatedAt]
    ended_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class Ask(Base):
    """One volunteer asked in a search, once; `said` is the answer, None while there is none."""

    __tablename__ = "substitute_asks"
    __table_args__ = (
        UniqueConstraint("search_id", "resident_id"),
        Index("ix_substitute_asks_resident_id_asked_at", "resident_id", "asked_at"),
    )

    id: Mapped[RandomId]
    search_id: Mapped[UUID] = mapped_column(ForeignKey("substitute_searches.id"))
    resident_id: Mapped[UUID] = mapped_column(ForeignKey("residents.id"))
    asked_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    said: Mapped[bool | None] = mapped_column(Boolean)
    said_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class Volunteer(Base):
    """Somebody who helps in a community, since the first sign-up as one; `asked` counts how often Linli asked.

    Whom to ask next is read from here in order, so that a search costs the same with many volunteers.
    """

    __tablename__ = "volunteers"
    __table_args__ = (
        PrimaryKeyConstraint("resident_id", "community_id"),
        Index("ix_volunteers_least_asked", "community_id", "asked", "asked_at"),
    )

    resident_id: Mapped[UUID] = mapped_column(ForeignKey("residents.id"))
    community_id: Mapped[UUID] = mapped_column(ForeignKey("communities.id"))
    since: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    asked: Mapped[int] = mapped_column(Integer, default=0, server_default="0")
    asked_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
