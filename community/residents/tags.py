"""What the committee notes about a resident's life so that a notice finds them: a closed list of tags, data.

Kept on the resident's page of the console; read by the audiences of notices.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from uuid import UUID

from sqlalchemy import DateTime, ForeignKey, Index, PrimaryKeyConstraint, String
from sqlalchemy.orm import Mapped, mapped_column

from community.base import Base


@dataclass(frozen=True)
class Tag:
    """One tag; the Chinese name is short enough to stand in a line with others."""

    code: str
    zh: str
    en: str

    @property
    def name(self) -> dict[str, str]:
        """The name in both languages."""
        return {"zh": self.zh, "en": self.en}


_ALL = (
    Tag("living_alone", "独居", "Lives alone"),
    Tag("small_children", "家有小孩", "Small children"),
    Tag("hard_to_walk", "行动不便", "Walks with difficulty"),
    Tag("volunteer", "志愿者", "Volunteer"),
    Tag("party_member", "党员", "Party member"),
    Tag("building_head", "楼长", "Head of the building"),
    Tag("tenant", "租户", "Tenant"),
    Tag("no_phone", "不用手机", "No smartphone"),
)
TAGS: Mapping[str, Tag] = MappingProxyType({tag.code: tag for tag in _ALL})


class ResidentTag(Base):
    """A tag of a resident, and who of the committee put it there when."""

    __tablename__ = "resident_tags"
    __table_args__ = (
        PrimaryKeyConstraint("resident_id", "tag"),
        Index("ix_resident_tags_tag_resident_id", "tag", "resident_id"),
    )

    resident_id: Mapped[UUID] = mapped_column(ForeignKey("residents.id"))
    tag: Mapped[str] = mapped_column(String(40))
    staff_id: Mapped[UUID | None] = mapped_column(ForeignKey("staff.id"))
    since: Mapped[datetime] = mapped_column(DateTime(timezone=True))
