"""The place tree: a street office with its communities; in each community grids, buildings and units."""

from __future__ import annotations

from enum import StrEnum
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from community.base import Base, CreatedAt, RandomId, closed_list

DEFAULT_ZONE = "Asia/Shanghai"
Hours = dict[str, list[list[str]]]


class Level(StrEnum):
    """The steps of the place tree inside a community."""

    GRID = "grid"
    BUILDING = "building"
    UNIT = "unit"


class Street(Base):
    """A street office 街道: one deployment serves one."""

    __tablename__ = "streets"

    id: Mapped[RandomId]
    zh: Mapped[str] = mapped_column(Text)
    en: Mapped[str] = mapped_column(Text)


class Community(Base):
    """A community 社区 with its zone, office hours and hotlines, which are data because promises are made from them."""

    __tablename__ = "communities"

    id: Mapped[RandomId]
    street_id: Mapped[UUID] = mapped_column(ForeignKey("streets.id"))
    code: Mapped[str] = mapped_column(String(20), unique=True)
    zh: Mapped[str] = mapped_column(Text)
    en: Mapped[str] = mapped_column(Text)
    zone: Mapped[str] = mapped_column(Text, default=DEFAULT_ZONE)
    phone: Mapped[str | None] = mapped_column(Text)
    office_hours: Mapped[Hours] = mapped_column(JSONB)
    created_at: Mapped[CreatedAt]

    @property
    def name(self) -> dict[str, str]:
        """The name in both languages."""
        return {"zh": self.zh, "en": self.en}


class Place(Base):
    """A grid, a building or a unit. `number` is how people say it: 3 for 3号楼, 2 for 2单元."""

    __tablename__ = "places"
    __table_args__ = (
        UniqueConstraint("community_id", "level", "parent_id", "number", postgresql_nulls_not_distinct=True),
        Index("ix_places_parent_id", "parent_id"),
    )

    id: Mapped[RandomId]
    community_id: Mapped[UUID] = mapped_column(ForeignKey("communities.id"))
    parent_id: Mapped[UUID | None] = mapped_column(ForeignKey("places.id"))
    level: Mapped[Level] = mapped_column(closed_list(Level))
    number: Mapped[str] = mapped_column(String(20))
    zh: Mapped[str] = mapped_column(Text)
    en: Mapped[str] = mapped_column(Text)

    @property
    def name(self) -> dict[str, str]:
        """The full name in both languages, such as 3号楼2单元."""
        return {"zh": self.zh, "en": self.en}
