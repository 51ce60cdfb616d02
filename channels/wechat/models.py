"""What Linli keeps for WeChat alone: answers that go with an open request, the token, uploads, consents to notices."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    Date,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    PrimaryKeyConstraint,
    SmallInteger,
    String,
)
from sqlalchemy.orm import Mapped, mapped_column

from community.base import Base, CreatedAt, SealedText


class WeChatAnswer(Base):
    """How far the passive reply to one message is; docs/decisions tells its states under the passive reply.

    `open_until` is how long a request of the platform's waits for it. `outbox_id` is the row that it delivers and
    `answer` the words as they are sent, `offered_at` when the sender gave them, `taken_at` when a request began to
    write them, `done_at` when one had written them.
    """

    __tablename__ = "wechat_answers"
    __table_args__ = (Index("ix_wechat_answers_created_at", "created_at"),)

    inbound_id: Mapped[int] = mapped_column(
        BigInteger,
        ForeignKey("inbound_messages.id", ondelete="CASCADE"),
        primary_key=True,
        autoincrement=False,
    )
    open_until: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    outbox_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("outbox_messages.id", ondelete="CASCADE"), unique=True
    )
    answer: Mapped[str | None] = mapped_column(SealedText("wechat_answers.answer"))
    offered_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    taken_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    done_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    created_at: Mapped[CreatedAt]


class WeChatToken(Base):
    """The access token that all processes share, who fetches the next one, and what the operator has to know.

    `version` rises with each token. Forced renewals are counted, because the platform allows 20 a day.
    """

    __tablename__ = "wechat_tokens"

    app_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    token: Mapped[str] = mapped_column(SealedText("wechat_tokens.token"), default="")
    version: Mapped[int] = mapped_column(Integer, default=0, server_default="0")
    expires_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    fetching_until: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    forced_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    forced_on: Mapped[date | None] = mapped_column(Date)
    forced: Mapped[int] = mapped_column(SmallInteger, default=0, server_default="0")
    trouble: Mapped[str | None] = mapped_column(String(40))
    trouble_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class WeChatUpload(Base):
    """A picture of ours that the platform holds for three days, so that it is given once and not to each person."""

    __tablename__ = "wechat_uploads"

    file_id: Mapped[UUID] = mapped_column(ForeignKey("files.id", ondelete="CASCADE"), primary_key=True)
    media_id: Mapped[str] = mapped_column(String(128))
    until: Mapped[datetime] = mapped_column(DateTime(timezone=True))


class WeChatConsent(Base):
    """How many subscription notices a person has agreed to that were not sent yet: one consent, one notice."""

    __tablename__ = "wechat_consents"
    __table_args__ = (PrimaryKeyConstraint("address_id", "template_id"),)

    address_id: Mapped[UUID] = mapped_column(ForeignKey("addresses.id", ondelete="CASCADE"))
    template_id: Mapped[str] = mapped_column(String(64))
    left: Mapped[int] = mapped_column(SmallInteger, default=0, server_default="0")
