"""Who looks at a need now: one row an open page, which ends by itself where the page does not say that it is there."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import DateTime, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from community.base import Base, RandomId


class NeedLooker(Base):
    """One open page of a need; `until` moves on while its line to the server is open."""

    __tablename__ = "need_lookers"

    id: Mapped[RandomId]
    need_id: Mapped[UUID] = mapped_column(ForeignKey("needs.id", ondelete="CASCADE"), index=True)
    staff_id: Mapped[UUID] = mapped_column(ForeignKey("staff.id", ondelete="CASCADE"), index=True)
    until: Mapped[datetime] = mapped_column(DateTime(timezone=True), index=True)
