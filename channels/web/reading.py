"""Reading a thread for the browser: rows of the inbox and the outbox become items with words in the reader's language."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import RowMapping, text
from sqlalchemy.ext.asyncio import AsyncSession

from channels.render import render, render_label

PAGE = 50
Item = dict[str, Any]

_ITEMS = """
    SELECT t.seq, t.at, i.outside_id, i.text, i.files, o.id AS outbox_id, o.message, o.values, o.buttons,
           s.name AS staff_name, p.zh AS party_zh, p.en AS party_en
    FROM thread_items AS t
    LEFT JOIN inbound_messages AS i ON i.id = t.inbound_id
    LEFT JOIN outbox_messages AS o ON o.id = t.outbox_id
    LEFT JOIN staff AS s ON s.id = o.staff_id
    LEFT JOIN parties AS p ON p.id = s.party_id
    WHERE t.address_id = :address_id AND {where}
    ORDER BY t.seq {order} LIMIT :limit
"""
_AFTER = text(_ITEMS.format(where="t.seq > :after", order="ASC"))
_BEFORE = text(_ITEMS.format(where="t.seq < :before", order="DESC"))
_LAST = text("SELECT thread_length FROM addresses WHERE id = :address_id")


@dataclass(frozen=True, slots=True)
class Reader:
    """Whose thread is read, in which language, in which time zone."""

    address_id: UUID
    language: str
    zone: str


async def find_last_seq(session: AsyncSession, address_id: UUID) -> int:
    """The number of the newest item, 0 in an empty thread."""
    last: int | None = await session.scalar(_LAST, {"address_id": address_id})
    return last or 0


async def read_after(session: AsyncSession, reader: Reader, after: int, limit: int = PAGE) -> Sequence[Item]:
    """Items with numbers above `after`, oldest first."""
    values = {"address_id": reader.address_id, "after": after, "limit": limit}
    rows = (await session.execute(_AFTER, values)).mappings().all()
    return [_item(row, reader) for row in rows]


async def read_before(
    session: AsyncSession, reader: Reader, before: int | None, limit: int = PAGE
) -> tuple[Sequence[Item], bool]:
    """The newest items with numbers below `before` (None: of all), oldest first, and whether there are older ones."""
    values = {"address_id": reader.address_id, "before": before or 2**31 - 1, "limit": limit + 1}
    rows = (await session.execute(_BEFORE, values)).mappings().all()
    return [_item(row, reader) for row in reversed(rows[:limit])], len(rows) > limit


def _item(row: RowMapping, reader: Reader) -> Item:
    return {
        "seq": row["seq"],
        "at": row["at"].isoformat(),
        **(_own(row) if row["outbox_id"] is None else _told(row, reader)),
    }


def _own(row: RowMapping) -> Item:
    files = [{"url": f"/files/{file_id}", "name": ""} for file_id in row["files"]]
    return {
        "from": "me",
        "id": row["outside_id"],
        "name": None,
        "text": row["text"],
        "files": files,
        "buttons": [],
    }


def _told(row: RowMapping, reader: Reader) -> Item:
    by_staff = row["staff_name"] is not None
    party = row["party_en"] if reader.language == "en" else row["party_zh"]
    return {
        "from": "staff" if by_staff else "linli",
        "id": None,
        "name": f"{party} {row['staff_name']}" if by_staff else None,
        "text": render(row["message"], row["values"], reader.language, reader.zone, row["at"]),
        "files": [],
        "buttons": [
            {
                "label": render_label(button["label"], button.get("values", {}), reader.language),
                "message": str(row["outbox_id"]),
                "index": index,
            }
            for index, button in enumerate(row["buttons"])
        ],
    }
