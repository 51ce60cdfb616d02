"""Reading a thread for the browser: rows of inbox and outbox become items with words in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from channels.render import render_if_possible, render_text
from channels.render.notice_pages import find_page
from community.inbox.models import InboundMessage
from community.outbox.models import OutboxMessage

PAGE = 50
SPEAKS = {"language_is_chinese": "zh", "language_is_english": "en"}
"""What says that the person chose a language: the browser draws its page anew in it."""
TALK = frozenset({"person_joins", "person_says", "person_leaves"})
"""What is said while people talk leads to no page."""
Item = dict[str, Any]

_ITEMS = """
    SELECT t.seq, t.at, i.outside_id, i.text, i.files, o.id AS outbox_id, o.message, o.values, o.buttons, o.need_id,
           s.name AS staff_name, p.zh AS party_zh, p.en AS party_en,
           coalesce(r.language, 'zh') AS language, coalesce(c.zone, 'Asia/Shanghai') AS zone
    FROM thread_items AS t
    JOIN addresses AS a ON a.id = t.address_id
    JOIN residents AS r ON r.id = a.resident_id
    LEFT JOIN communities AS c ON c.id = r.community_id
    LEFT JOIN inbound_messages AS i ON i.id = t.inbound_id
    LEFT JOIN outbox_messages AS o ON o.id = t.outbox_id
    LEFT JOIN staff AS s ON s.id = o.staff_id
    LEFT JOIN parties AS p ON p.id = s.party_id
    WHERE t.address_id = :address_id AND {where}
    ORDER BY t.seq {order} LIMIT :limit
"""
_SEALED = {
    "text": InboundMessage.text.type,
    "values": OutboxMessage.values.type,
    "buttons": OutboxMessage.buttons.type,
}
_AFTER = text(_ITEMS.format(where="t.seq > :after", order="ASC")).columns(**_SEALED)
_BEFORE = text(_ITEMS.format(where="t.seq < :before", order="DESC")).columns(**_SEALED)
_ANSWERING = text(
    """
    SELECT EXISTS (
        SELECT FROM inbound_messages AS i JOIN addresses AS a ON a.resident_id = i.resident_id
        WHERE a.id = :address_id AND i.state = 'waiting' AND i.reason IS NULL
    )
    """
)
_LAST = text("SELECT thread_length FROM addresses WHERE id = :address_id")


async def find_last_seq(session: AsyncSession, address_id: UUID) -> int:
    """The number of the newest item, 0 in an empty thread."""
    last: int | None = await session.scalar(_LAST, {"address_id": address_id})
    return last or 0


async def is_being_answered(session: AsyncSession, address_id: UUID) -> bool:
    """Whether something the person said waits for its first try; a message that was put off is no sign of typing."""
    return bool(await session.scalar(_ANSWERING, {"address_id": address_id}))


async def read_after(
    session: AsyncSession, address_id: UUID, after: int, limit: int = PAGE
) -> Sequence[Item]:
    """At most `limit` items with numbers above `after`, oldest first."""
    values = {"address_id": address_id, "after": after, "limit": limit}
    return [_item(dict(row)) for row in (await session.execute(_AFTER, values)).mappings()]


async def read_before(
    session: AsyncSession, address_id: UUID, before: int, limit: int = PAGE
) -> tuple[Sequence[Item], bool]:
    """The newest items with numbers below `before`, oldest first, and whether there are older ones."""
    values = {"address_id": address_id, "before": before, "limit": limit + 1}
    rows = (await session.execute(_BEFORE, values)).mappings().all()
    return [_item(dict(row)) for row in reversed(rows[:limit])], len(rows) > limit


def own_item(seq: int, at: datetime, message_id: str, words: str, files: Sequence[str] = ()) -> Item:
    """A message that the person sent, as the browser gets it."""
    return {
        "seq": seq,
        "at": at.isoformat(),
        "from": "me",
        "id": message_id,
        "name": None,
        "text": words,
        "files": [{"url": f"/files/{file_id}"} for file_id in files],
        "buttons": [],
        "link": None,
        "speaks": None,
    }


def answer_item(row: Mapping[str, Any]) -> Item:
    """A bubble of Linli's answer, as the browser gets it; `row` is of the outbox, with seq, at, language and zone."""
    return _told({"staff_name": None, "need_id": None, **row})


def _item(row: Mapping[str, Any]) -> Item:
    if row["outbox_id"] is None:
        return own_item(row["seq"], row["at"], row["outside_id"], row["text"], row["files"])
    return _told(row)


def _told(row: Mapping[str, Any]) -> Item:
    name = _staff_name(row)
    return {
        "seq": row["seq"],
        "at": row["at"].isoformat(),
        "from": "staff" if name else "linli",
        "id": None,
        "name": name,
        "text": _words(row),
        "files": [_file(file) for file in row["values"].get("files", ())],
        "buttons": _buttons(row),
        "link": _link(row),
        "speaks": SPEAKS.get(row["message"]),
    }


def _file(file: Mapping[str, Any]) -> Item:
    """A picture, or a document with its name, that staff sent."""
    return {"url": f"/files/{file['id']}", **({} if file["photo"] else {"name": file["name"]})}


def _words(row: Mapping[str, Any]) -> str:
    words = render_if_possible(row["message"], row["language"], row["values"], row["zone"], row["at"])
    return words or render_text("words_gone", row["language"], {})


def _staff_name(row: Mapping[str, Any]) -> str | None:
    if not row["staff_name"]:
        return None
    party = row["party_en"] if row["language"] == "en" else row["party_zh"]
    return f"{party} {row['staff_name']}"


def _link(row: Mapping[str, Any]) -> Item | None:
    """The page of the notice or need that a message is about; of a need only where no buttons ask for something."""
    if page := find_page(row["values"]):
        return {"url": page[0], "label": render_text(page[1], row["language"], {})}
    if row["need_id"] is None or row["buttons"] or row["message"] in TALK:
        return None
    return {"url": f"/m/needs/{row['need_id']}", "label": render_text("button_see_need", row["language"], {})}


def render_label(button: Mapping[str, Any], language: str) -> str:
    """What is written on a button of an outbox row; empty where its words are gone."""
    return render_if_possible(button["label"], language, button.get("values", {}))


def _buttons(row: Mapping[str, Any]) -> list[Item]:
    outbox_id = str(row["outbox_id"])
    labels = [render_label(button, row["language"]) for button in row["buttons"]]
    return [
        {"label": label, "message": outbox_id, "index": index, **_call(row["buttons"][index])}
        for index, label in enumerate(labels)
        if label
    ]


def _call(button: Mapping[str, Any]) -> Item:
    """A button that calls a number: the browser opens it as a link."""
    payload = str(button.get("payload", ""))
    return {"call": payload} if payload.startswith("tel:") else {}
