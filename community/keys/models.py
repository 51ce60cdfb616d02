"""Keys that have sealed something here, by id: what a start compares the keys of its settings with."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import DateTime, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from community.base import Base


class SealingKey(Base):
    """A key in use since `used_from`. `proof` is sealed with it: who holds the key opens it, nobody else."""

    __tablename__ = "sealing_keys"

    id: Mapped[str] = mapped_column(String(16), primary_key=True)
    proof: Mapped[str] = mapped_column(Text)
    used_from: Mapped[datetime] = mapped_column(DateTime(timezone=True))
