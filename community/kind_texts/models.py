"""A community's own words about a kind: what happens next, and who is called meanwhile."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import DateTime, ForeignKey, PrimaryKeyConstraint, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from community.base import Base


class KindText(Base):
    """Words of one community about one kind, in both languages; `phone` is the number that they speak of."""

    __tablename__ = "kind_texts"
    __table_args__ = (PrimaryKeyConstraint("community_id", "kind"),)

    community_id: Mapped[UUID] = mapped_column(ForeignKey("communities.id"))
    kind: Mapped[str] = mapped_column(String(60))
    zh: Mapped[str] = mapped_column(Text)
    en: Mapped[str] = mapped_column(Text)
    phone: Mapped[str | None] = mapped_column(Text)
    changed_by: Mapped[UUID | None] = mapped_column(ForeignKey("staff.id"))
    changed_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))

    @property
    def words(self) -> dict[str, str]:
        """The words in both languages."""
        return {"zh": self.zh, "en": self.en}
