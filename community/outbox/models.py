"""The one way out: every message to a person is a row here, from the bot's bubble to the staff's answer."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    Boolean,
    DateTime,
    ForeignKey,
    Identity,
    Index,
    Integer,
    SmallInteger,
    String,
    Text,
)
from sqlalchemy.orm import Mapped, mapped_column

from community.base import Base, CreatedAt, RandomId, SealedJson, closed_list


class OutboxState(StrEnum):
    """pending -> sending -> sent | pending again | failed | expired | suppressed.

    held waits for a person's yes. waiting may be sent when its person writes again: until then the platform takes
    nothing for them (`reason` says why), and no other channel reaches them.
    """

    PENDING = "pending"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    EXPIRED = "expired"
    SUPPRESSED = "suppressed"
    HELD = "held"
    WAITING = "waiting"


class Priority(StrEnum):
    """What goes first: a reply never waits behind a broadcast. Codes sort in this order."""

    REPLY = "1_reply"
    URGENT = "2_urgent"
    NORMAL = "3_normal"
    BULK = "4_bulk"


TO_STAFF = "staff:"
"""How the purposes of messages to a colleague's own account begin: nobody else is shown them."""


class OutboxMessage(Base):
    """One message to one person on one channel. `purpose` is unique: the same purpose is never queued twice.

    `seen_at` is when the person's page showed what staff wrote; `told_by` and `told_at` who told it in another way.
    `uncertain` is set where a send was in flight when its process died, on a channel that cannot recognise a repeat.
    """

    __tablename__ = "outbox_messages"
    __table_args__ = (
        Index(
            "ix_outbox_messages_due",
            "channel",
            "priority",
            "due_at",
            "seq",
            postgresql_where="state = 'pending'",
        ),
        Index("ix_outbox_messages_lease", "lease_until", postgresql_where="state = 'sending'"),
        Index("ix_outbox_messages_sending", "address_id", postgresql_where="state = 'sending'"),
        Index("ix_outbox_messages_waiting", "resident_id", "seq", postgresql_where="state = 'waiting'"),
        Index(
            "ix_outbox_messages_freed",
            "address_id",
            postgresql_where="state = 'pending' AND reason = 'freed'",
        ),
        Index(
            "ix_outbox_messages_expires",
            "expires_at",
            postgresql_where="state IN ('pending', 'waiting') AND expires_at IS NOT NULL",
        ),
        Index("ix_outbox_messages_trouble", "state", "seq", postgresql_where="state IN ('failed', 'held')"),
        Index("ix_outbox_messages_uncertain", "id", postgresql_where="uncertain"),
        Index("ix_outbox_messages_resident_id_seq", "resident_id", "seq"),
        Index("ix_outbox_messages_need_id", "need_id"),
    )

    id: Mapped[RandomId]
    seq: Mapped[int] = mapped_column(BigInteger, Identity(always=True))
    resident_id: Mapped[UUID] = mapped_column(ForeignKey("residents.id"))
    address_id: Mapped[UUID | None] = mapped_column(ForeignKey("addresses.id"))
    channel: Mapped[str | None] = mapped_column(String(20))
    purpose: Mapped[str] = mapped_column(String(200), unique=True)
    message: Mapped[str] = mapped_column(String(80))
    values: Mapped[dict[str, Any]] = mapped_column(SealedJson("outbox_messages.values"), default=dict)
    buttons: Mapped[list[dict[str, Any]]] = mapped_column(SealedJson("outbox_messages.buttons"), default=list)
    priority: Mapped[Priority] = mapped_column(closed_list(Priority), default=Priority.NORMAL)
    state: Mapped[OutboxState] = mapped_column(closed_list(OutboxState), default=OutboxState.PENDING)
    due_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    expires_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    lease_until: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    attempts: Mapped[int] = mapped_column(SmallInteger, default=0, server_default="0")
    uncertain: Mapped[bool] = mapped_column(Boolean, default=False, server_default="false")
    reason: Mapped[str | None] = mapped_column(Text)
    answers_id: Mapped[int | None] = mapped_column(BigInteger)
    need_id: Mapped[UUID | None] = mapped_column(ForeignKey("needs.id"))
    staff_id: Mapped[UUID | None] = mapped_column(ForeignKey("staff.id"))
    outside_id: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[CreatedAt]
    sent_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    seen_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    told_by: Mapped[UUID | None] = mapped_column(ForeignKey("staff.id"))
    told_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class ChannelPace(Base):
    """How fast a channel may send, for all processes together, and whether it rests.

    `next_at` is when the next message may go; it runs ahead of the clock while messages go faster than the platform
    takes them. `rests_until` and `reason` say that nothing is sent and why, `since` from when on; `fruitless` counts
    batches of which nothing arrived.
    """

    __tablename__ = "channel_paces"

    channel: Mapped[str] = mapped_column(String(20), primary_key=True)
    next_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    rests_until: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    fruitless: Mapped[int] = mapped_column(Integer, default=0, server_default="0")
    reason: Mapped[str | None] = mapped_column(Text)
    since: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class OutboxWatch(Base):
    """One row: when the outbox was tidied last, and up to which inbound message contacts were looked at for it."""

    __tablename__ = "outbox_watch"

    id: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    tidied_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    inbound_seen: Mapped[int] = mapped_column(BigInteger, default=0, server_default="0")
