"""Routing 分派: proposals for the list of responsibilities, moves of needs between parties, and absences of people."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, DateTime, ForeignKey, Identity, Index, String, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from community.base import Base, RandomId, SealedText, closed_list
from community.parties.models import Applies


class ProposalState(StrEnum):
    """proposed -> approved by somebody else | refused by somebody else | withdrawn by who proposed."""

    PROPOSED = "proposed"
    APPROVED = "approved"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class MatrixProposal(Base):
    """One line of the list as somebody wants it; nothing changes before somebody else approves.

    `before` and `after` are {"lead": id or None, "assist": [ids], "inform": [ids]}; an empty `after` takes a narrower
    line away. Decided proposals are the history of the list.
    """

    __tablename__ = "matrix_proposals"
    __table_args__ = (
        Index("ix_matrix_proposals_community_id_at", "community_id", "proposed_at"),
        Index(
            "uq_matrix_proposals_open",
            "community_id",
            "kind",
            "place_id",
            "applies",
            unique=True,
            postgresql_where="state = 'proposed'",
            postgresql_nulls_not_distinct=True,
        ),
        CheckConstraint("decided_by IS DISTINCT FROM proposed_by OR state = 'withdrawn'", name="second_pair"),
    )

    id: Mapped[RandomId]
    community_id: Mapped[UUID] = mapped_column(ForeignKey("communities.id"))
    kind: Mapped[str] = mapped_column(String(60))
    place_id: Mapped[UUID | None] = mapped_column(ForeignKey("places.id"))
    applies: Mapped[Applies] = mapped_column(closed_list(Applies), default=Applies.ALWAYS)
    before: Mapped[dict[str, object]] = mapped_column(JSONB)
    after: Mapped[dict[str, object]] = mapped_column(JSONB)
    why: Mapped[str] = mapped_column(Text)
    need_id: Mapped[UUID | None] = mapped_column(ForeignKey("needs.id"))
    state: Mapped[ProposalState] = mapped_column(closed_list(ProposalState), default=ProposalState.PROPOSED)
    proposed_by: Mapped[UUID] = mapped_column(ForeignKey("staff.id"))
    proposed_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    decided_by: Mapped[UUID | None] = mapped_column(ForeignKey("staff.id"))
    decided_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    decided_why: Mapped[str | None] = mapped_column(Text)


class MoveKind(StrEnum):
    """How a need went from one party to another."""

    DECLINED = "declined"
    ERRAND = "errand"
    HANDED_OVER = "handed_over"
    STREET = "street"
    KIND_CHANGED = "kind_changed"


class NeedMove(Base):
    """A need went from a party to another, by whom and why; burdens and refused errands are counted here."""

    __tablename__ = "need_moves"
    __table_args__ = (
        Index("ix_need_moves_need_id_id", "need_id", "id"),
        Index("ix_need_moves_to_party_id_at", "to_party_id", "at"),
        Index("ix_need_moves_from_party_id_at", "from_party_id", "at"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    need_id: Mapped[UUID] = mapped_column(ForeignKey("needs.id"))
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    how: Mapped[MoveKind] = mapped_column(closed_list(MoveKind))
    from_party_id: Mapped[UUID | None] = mapped_column(ForeignKey("parties.id"))
    to_party_id: Mapped[UUID] = mapped_column(ForeignKey("parties.id"))
    staff_id: Mapped[UUID | None] = mapped_column(ForeignKey("staff.id"))
    reason: Mapped[str | None] = mapped_column(String(40))
    words: Mapped[str] = mapped_column(SealedText("need_moves.words"), default="", server_default="")


class Absence(Base):
    """Somebody is not there between two moments: gets no new needs and no reminders."""

    __tablename__ = "absences"
    __table_args__ = (
        Index("ix_absences_staff_id_ends_at", "staff_id", "ends_at"),
        CheckConstraint("starts_at < ends_at", name="in_order"),
    )

    id: Mapped[RandomId]
    staff_id: Mapped[UUID] = mapped_column(ForeignKey("staff.id"))
    starts_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    ends_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    why: Mapped[str] = mapped_column(SealedText("absences.why"), default="", server_default="")
    set_by: Mapped[UUID] = mapped_column(ForeignKey("staff.id"))
