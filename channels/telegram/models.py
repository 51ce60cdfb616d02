"""What Linli keeps for Telegram alone: who polls and how far, which buttons were tapped, what groups asked."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, DateTime, ForeignKey, Index, PrimaryKeyConstraint, SmallInteger, String
from sqlalchemy.orm import Mapped, mapped_column

from community.base import Base, CreatedAt, SealedText


class TelegramListener(Base):
    """The one process that listens for a bot, until when, and the first update that is not stored yet."""

    __tablename__ = "telegram_listeners"

    bot_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    owner: Mapped[str] = mapped_column(String(64))
    until: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    next_update: Mapped[int | None] = mapped_column(BigInteger)


class TelegramTap(Base):
    """A button of a message that its person has tapped; its payload is in the message's outbox row."""

    __tablename__ = "telegram_taps"
    __table_args__ = (PrimaryKeyConstraint("outbox_id", "button"),)

    outbox_id: Mapped[UUID] = mapped_column(ForeignKey("outbox_messages.id", ondelete="CASCADE"))
    button: Mapped[int] = mapped_column(SmallInteger)
    at: Mapped[CreatedAt]


class TelegramGroup(Base):
    """A group of which an administrator said, by the link that added the bot, which community it belongs to."""

    __tablename__ = "telegram_groups"

    chat_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    community_id: Mapped[UUID] = mapped_column(ForeignKey("communities.id"))


class TelegramGroupQuestion(Base):
    """A general question that a group asked the bot: its words go with the answer, nobody's name is kept.

    `id` is the bot's number and the update's. `due_at` is when somebody may take it up again. `scene` is the community
    that the group is said to belong to, `asked_by` who says so, None for an administrator who stays unnamed: both go
    with the answer too.
    """

    __tablename__ = "telegram_group_questions"
    __table_args__ = (
        Index("ix_telegram_group_questions_waiting", "due_at", postgresql_where="answered_at IS NULL"),
    )

    id: Mapped[str] = mapped_column(String(60), primary_key=True)
    chat_id: Mapped[int] = mapped_column(BigInteger)
    message_id: Mapped[int] = mapped_column(BigInteger)
    words: Mapped[str | None] = mapped_column(SealedText("telegram_group_questions.words"))
    scene: Mapped[str | None] = mapped_column(String(64))
    asked_by: Mapped[int | None] = mapped_column(BigInteger)
    tries: Mapped[int] = mapped_column(SmallInteger, default=0, server_default="0")
    due_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    received_at: Mapped[CreatedAt]
    answered_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class TelegramAlbumPart(Base):
    """A picture of an album that was taken in: Telegram brings each as an update of its own, `id` is the update's."""

    __tablename__ = "telegram_album_parts"

    id: Mapped[str] = mapped_column(String(60), primary_key=True)
    received_at: Mapped[CreatedAt]
