"""The vocabulary of all notices: each English word once, with its trigrams, so that a misspelt one is found."""

from __future__ import annotations

from sqlalchemy import Index, String
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from community.base import Base


class NoticeWord(Base):
    """A word; it says nothing about which notice, so it is in no wall's way."""

    __tablename__ = "notice_words"
    __table_args__ = (Index("ix_notice_words_trigrams", "trigrams", postgresql_using="gin"),)

    word: Mapped[str] = mapped_column(String(40), primary_key=True)
    trigrams: Mapped[list[str]] = mapped_column(ARRAY(String(3)))
