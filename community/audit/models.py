"""One act that may be asked about later. No words of people in it: ids, codes of closed lists, numbers.

A trigger refuses to change or delete a row younger than three years; what is older goes with the worker's `clean_up`.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import BigInteger, DateTime, Identity, Index, String
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from community.base import Base, closed_list


class WhoKind(StrEnum):
    """Who acted: Linli itself and its operator are one, nobody is who could not sign in."""

    STAFF = "staff"
    RESIDENT = "resident"
    LINLI = "linli"
    NOBODY = "nobody"


class AuditAct(Base):
    """An act. Ids have no foreign keys: the row outlives what it speaks of, and then leads to nobody.

    `community_id` is None for what belongs to the whole street.
    """

    __tablename__ = "audit_acts"
    __table_args__ = (
        Index("ix_audit_acts_at", "at"),
        Index("ix_audit_acts_community_id_at", "community_id", "at"),
        Index("ix_audit_acts_who_id_at", "who_id", "at"),
        Index("ix_audit_acts_subject_id_at", "subject_id", "at"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    community_id: Mapped[UUID | None]
    who_kind: Mapped[WhoKind] = mapped_column(closed_list(WhoKind))
    who_id: Mapped[UUID | None]
    act: Mapped[str] = mapped_column(String(40))
    subject_kind: Mapped[str] = mapped_column(String(40))
    subject_id: Mapped[UUID | None]
    details: Mapped[dict[str, object]] = mapped_column(JSONB)
