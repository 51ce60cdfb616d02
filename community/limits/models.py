"""Counters of limits, one row a key and window, so that they survive a restart and hold across processes."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import DateTime, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from community.base import Base


class LimitCounter(Base):
    """How often a key was used since `starts_at`."""

    __tablename__ = "limit_counters"

    key: Mapped[str] = mapped_column(String(200), primary_key=True)
    starts_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), index=True)
    used: Mapped[int] = mapped_column(Integer)
