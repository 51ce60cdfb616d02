"""How somebody in distress wants to be reached, beside the confidential need that it belongs to."""

from __future__ import annotations

from enum import StrEnum
from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from community.base import Base, CreatedAt, closed_list


class ContactWay(StrEnum):
    """By message, by phone, in person, or without anybody knowing who asks."""

    MESSAGE = "message"
    CALL = "call"
    MEET = "meet"
    ANONYMOUS = "anonymous"


class ContactWish(Base):
    """The wish; where it is ANONYMOUS, staff see neither name nor phone."""

    __tablename__ = "contact_wishes"

    need_id: Mapped[UUID] = mapped_column(ForeignKey("needs.id"), primary_key=True)
    way: Mapped[ContactWay] = mapped_column(closed_list(ContactWay))
    created_at: Mapped[CreatedAt]
