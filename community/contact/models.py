"""What a person wishes of the messages that nobody waits for: where they go, when not, how many, about what.

Answers to the person's own words go where these were said, whatever is wished here.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import Boolean, CheckConstraint, DateTime, ForeignKey, SmallInteger, String
from sqlalchemy.orm import Mapped, mapped_column

from community.base import Base

DAY_MINUTES = 24 * 60


class ContactPreference(Base):
    """The wishes of one person. No row, and each field that is null, means: as for everybody.

    `channel` null is the one used last. `quiet_from` and `quiet_until` are minutes of the day in the community's
    zone, and may go over midnight; null is the community's quiet time (community/quiet.py). `paused_until` and
    `notices_stopped_at` are about notices only: what was asked for or signed up to is told as before.
    """

    __tablename__ = "contact_preferences"
    __table_args__ = (
        CheckConstraint(
            f"quiet_from BETWEEN 0 AND {DAY_MINUTES - 1} AND quiet_until BETWEEN 0 AND {DAY_MINUTES - 1}",
            name="quiet_minutes",
        ),
        CheckConstraint("(quiet_from IS NULL) = (quiet_until IS NULL)", name="quiet_both"),
        CheckConstraint("most_a_day > 0", name="most_a_day"),
    )

    resident_id: Mapped[UUID] = mapped_column(ForeignKey("residents.id"), primary_key=True)
    channel: Mapped[str | None] = mapped_column(String(20))
    quiet_from: Mapped[int | None] = mapped_column(SmallInteger)
    quiet_until: Mapped[int | None] = mapped_column(SmallInteger)
    paused_until: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    notices_stopped_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    most_a_day: Mapped[int | None] = mapped_column(SmallInteger)
    changed_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


class CategoryFollow(Base):
    """One category of notices (community/notices/kinds.py) that a person wants, or does not want any more.

    No row: what the category itself says for who never said anything.
    """

    __tablename__ = "category_follows"

    resident_id: Mapped[UUID] = mapped_column(ForeignKey("residents.id"), primary_key=True)
    category: Mapped[str] = mapped_column(String(40), primary_key=True)
    follows: Mapped[bool] = mapped_column(Boolean)
    changed_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
