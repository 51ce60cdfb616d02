"""How staff get in: sessions, one-time invitations, and the attempts that the throttle counts."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, Boolean, DateTime, ForeignKey, Identity, Index, String, true
from sqlalchemy.orm import Mapped, mapped_column

from community.base import Base, CreatedAt, RandomId


class StaffSession(Base):
    """One signed-in browser. Only the hash of its token is stored; not `whole` while the second factor is missing."""

    __tablename__ = "staff_sessions"

    id: Mapped[RandomId]
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    csrf: Mapped[str] = mapped_column(String(64))
    staff_id: Mapped[UUID] = mapped_column(ForeignKey("staff.id", ondelete="CASCADE"), index=True)
    created_at: Mapped[CreatedAt]
    used_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    ends_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    whole: Mapped[bool] = mapped_column(Boolean, default=True, server_default=true())


class Invitation(Base):
    """A one-time link by which a staff member sets a first password."""

    __tablename__ = "invitations"

    id: Mapped[RandomId]
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    staff_id: Mapped[UUID] = mapped_column(ForeignKey("staff.id", ondelete="CASCADE"))
    ends_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    used_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class SignInFailure(Base):
    """A failed sign-in: the name that was typed (lower case, hashed) and the address it came from."""

    __tablename__ = "sign_in_failures"
    __table_args__ = (
        Index("ix_sign_in_failures_name_hash_at", "name_hash", "at"),
        Index("ix_sign_in_failures_address_at", "address", "at"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    name_hash: Mapped[str] = mapped_column(String(64))
    address: Mapped[str] = mapped_column(String(45))
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
