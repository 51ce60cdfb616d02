"""Files that people sent: the row here, the bytes under the data folder, named by the random id."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import ForeignKey, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from community.base import Base, CreatedAt, RandomId


class File(Base):
    """One photo, re-encoded; `owner_id` is the resident who sent it."""

    __tablename__ = "files"

    id: Mapped[RandomId]
    owner_id: Mapped[UUID | None] = mapped_column(ForeignKey("residents.id"), index=True)
    media_type: Mapped[str] = mapped_column(String(60))
    size: Mapped[int] = mapped_column(Integer)
    width: Mapped[int] = mapped_column(Integer)
    height: Mapped[int] = mapped_column(Integer)
    created_at: Mapped[CreatedAt]
