"""Files that people and staff sent: the row here, the bytes under the data folder, named by the random id."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import ForeignKey, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from community.base import Base, CreatedAt, RandomId, SealedText


class File(Base):
    """One photo, re-encoded, or a document of staff as it came.

    `owner_id` is the resident who sent it, `staff_id` the colleague; both where staff handed it in with a filing.
    `name` is what a document was called. Width and height, in pixels, are those of photos.
    """

    __tablename__ = "files"

    id: Mapped[RandomId]
    owner_id: Mapped[UUID | None] = mapped_column(ForeignKey("residents.id"), index=True)
    staff_id: Mapped[UUID | None] = mapped_column(ForeignKey("staff.id"))
    media_type: Mapped[str] = mapped_column(String(100))
    name: Mapped[str | None] = mapped_column(SealedText("files.name"))
    size: Mapped[int] = mapped_column(Integer)
    width: Mapped[int | None] = mapped_column(Integer)
    height: Mapped[int | None] = mapped_column(Integer)
    created_at: Mapped[CreatedAt] = mapped_column(index=True)
