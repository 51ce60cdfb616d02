"""The thread of a person in the web chat: numbered under a row lock, so reading on misses nothing."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, DateTime, ForeignKey, Integer, PrimaryKeyConstraint
from sqlalchemy.orm import Mapped, mapped_column

from community.base import Base


class ThreadItem(Base):
    """One line of a thread: a message of the person (`inbound_id`) or to the person (`outbox_id`), each once."""

    __tablename__ = "thread_items"
    __table_args__ = (PrimaryKeyConstraint("address_id", "seq"),)

    address_id: Mapped[UUID] = mapped_column(ForeignKey("addresses.id"))
    seq: Mapped[int] = mapped_column(Integer)
    inbound_id: Mapped[int | None] = mapped_column(BigInteger, unique=True)
    outbox_id: Mapped[UUID | None] = mapped_column(unique=True)
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
