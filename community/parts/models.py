"""Parts 协办任务: one party's share in a need that several handle on the one clock of the need."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import DateTime, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from community.base import Base, RandomId, SealedText, closed_list


class PartState(StrEnum):
    """asked -> accepted | refused; accepted -> done; cancelled by who leads."""

    ASKED = "asked"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    DONE = "done"
    CANCELLED = "cancelled"


UNDONE = frozenset({PartState.ASKED, PartState.ACCEPTED})


class NeedPart(Base):
    """One part: `what` is asked of the party, `words` why it refuses or what it did."""

    __tablename__ = "need_parts"
    __table_args__ = (
        Index("ix_need_parts_need_id", "need_id"),
        Index("ix_need_parts_party_id_state", "party_id", "state"),
        Index(
            "uq_need_parts_undone",
            "need_id",
            "party_id",
            unique=True,
            postgresql_where="state IN ('asked', 'accepted')",
        ),
    )

    id: Mapped[RandomId]
    need_id: Mapped[UUID] = mapped_column(ForeignKey("needs.id"))
    party_id: Mapped[UUID] = mapped_column(ForeignKey("parties.id"))
    what: Mapped[str] = mapped_column(SealedText("need_parts.what"))
    state: Mapped[PartState] = mapped_column(closed_list(PartState), default=PartState.ASKED)
    asked_by: Mapped[UUID] = mapped_column(ForeignKey("staff.id"))
    asked_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    changed_by: Mapped[UUID | None] = mapped_column(ForeignKey("staff.id"))
    changed_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    words: Mapped[str | None] = mapped_column(SealedText("need_parts.words"))
