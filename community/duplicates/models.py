"""Duplicates 重复诉求: the sentence vector of each need that may be compared, and who follows somebody else's need."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import DateTime, ForeignKey, LargeBinary, PrimaryKeyConstraint
from sqlalchemy.orm import Mapped, mapped_column

from community.base import Base


class NeedVector(Base):
    """512 half-precision numbers of length 1 for the words of a need; confidential needs have none."""

    __tablename__ = "need_vectors"

    need_id: Mapped[UUID] = mapped_column(ForeignKey("needs.id"), primary_key=True)
    vector: Mapped[bytes] = mapped_column(LargeBinary)


class NeedFollower(Base):
    """A resident follows a need of somebody else: is told how far it is, and nothing about who reported it."""

    __tablename__ = "need_followers"
    __table_args__ = (PrimaryKeyConstraint("need_id", "resident_id"),)

    need_id: Mapped[UUID] = mapped_column(ForeignKey("needs.id"))
    resident_id: Mapped[UUID] = mapped_column(ForeignKey("residents.id"), index=True)
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    own_need_id: Mapped[UUID | None] = mapped_column(ForeignKey("needs.id"))
