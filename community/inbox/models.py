"""Messages that came in: stored before they are answered, unique on channel and outside id."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    DateTime,
    ForeignKey,
    Identity,
    Index,
    Integer,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from community.base import Base, CreatedAt, SealedJson, SealedText, closed_list


class InboundState(StrEnum):
    """waiting -> handled, or stuck after three tries until staff decide, or discarded by them."""

    WAITING = "waiting"
    HANDLED = "handled"
    STUCK = "stuck"
    DISCARDED = "discarded"


class InboundMessage(Base):
    """One message of one person. `text` is what was said, `payload` what we issued with the button that was tapped.

    `media` is what the platform still keeps: it is fetched into `files` before the bot is asked. `location` is where
    the person's phone said to be.
    """

    __tablename__ = "inbound_messages"
    __table_args__ = (
        UniqueConstraint("channel", "outside_id"),
        Index("ix_inbound_messages_resident_id_id", "resident_id", "id"),
        Index("ix_inbound_messages_waiting", "resident_id", "id", postgresql_where="state = 'waiting'"),
        Index("ix_inbound_messages_stuck", "id", postgresql_where="state = 'stuck'"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    address_id: Mapped[UUID] = mapped_column(ForeignKey("addresses.id"))
    resident_id: Mapped[UUID] = mapped_column(ForeignKey("residents.id"))
    channel: Mapped[str] = mapped_column(String(20))
    outside_id: Mapped[str] = mapped_column(String(200))
    text: Mapped[str] = mapped_column(SealedText("inbound_messages.text"))
    payload: Mapped[str | None] = mapped_column(SealedText("inbound_messages.payload"))
    files: Mapped[list[str]] = mapped_column(JSONB, default=list)
    media: Mapped[list[dict[str, Any]] | None] = mapped_column(SealedJson("inbound_messages.media"))
    location: Mapped[dict[str, Any] | None] = mapped_column(SealedJson("inbound_messages.location"))
    state: Mapped[InboundState] = mapped_column(closed_list(InboundState), default=InboundState.WAITING)
    tries: Mapped[int] = mapped_column(Integer, default=0, server_default="0")
    due_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    reason: Mapped[str | None] = mapped_column(Text)
    received_at: Mapped[CreatedAt]
    handled_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class TurnLease(Base):
    """Who works on a person's queue, and until when; a process that dies leaves a lease that ends by itself."""

    __tablename__ = "turn_leases"

    resident_id: Mapped[UUID] = mapped_column(ForeignKey("residents.id"), primary_key=True)
    owner: Mapped[str] = mapped_column(String(80))
    until: Mapped[datetime] = mapped_column(DateTime(timezone=True))


class DialogueState(Base):
    """Where the dialogue with a person stands: what Rasa is told with a message and gives back with the answer."""

    __tablename__ = "dialogue_states"

    resident_id: Mapped[UUID] = mapped_column(ForeignKey("residents.id"), primary_key=True)
    state: Mapped[dict[str, Any]] = mapped_column(SealedJson("dialogue_states.state"))
    changed_at: Mapped[CreatedAt]


class ActionAnswer(Base):
    """What an action answered to a message for which it wrote something; written with it, kept for a day."""

    __tablename__ = "action_answers"

    message_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    action: Mapped[str] = mapped_column(String(80), primary_key=True)
    answer: Mapped[dict[str, Any]] = mapped_column(SealedJson("action_answers.answer"))
    at: Mapped[CreatedAt]
