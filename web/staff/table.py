"""A need as a row of a table that is taken away: words in the reader's language, cells that no program executes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Row

from community.needs.kinds import kind_of
from community.needs.models import Urgency, Visibility
from web.staff.desk import Desk

HEADINGS = (
    "code", "kind", "state", "urgency", "visibility", "place", "words", "created", "due", "answered", "resolved",
    "mark", "party", "assignee", "resident", "phone",
)  # fmt: skip
_EXECUTED = tuple("=+-@|%＝＋－＠")
"""With the wide ones, which table programs in Chinese take for the others."""
_NOT_SHOWN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def say_row(desk: Desk, row: Row[Any], zone: str) -> Sequence[str]:
    """The cells in the order of HEADINGS; who it is and how to call them only where the row says that one may."""
    t, language = desk.t, desk.language
    urgency = t(f"staff.urgency_{row.urgency}") if row.urgency is not Urgency.NORMAL else ""
    visibility = t(f"staff.visibility_{row.visibility}") if row.visibility is not Visibility.PUBLIC else ""
    phones = [phone for phone in (*row.contact_phones, row.phone) if phone]
    cells = (
        row.code,
        kind_of(row.kind).name[language],
        t(f"staff.state_{row.state}"),
        urgency,
        visibility,
        " ".join(filter(None, (getattr(row, f"place_{language}"), row.place_words))),
        row.words,
        local(row.created_at, zone),
        local(row.solution_due_at or row.first_answer_due_at, zone),
        local(row.first_answered_at, zone),
        local(row.resolved_at, zone),
        t(f"staff_clocks.mark_{row.clock_mark}") if row.clock_mark else "",
        getattr(row, f"party_{language}") or "",
        row.assignee or "",
        (row.resident or "") if row.contact else "",
        ", ".join(dict.fromkeys(phones)) if row.contact else "",
    )
    return [harmless(cell) for cell in cells]


def harmless(text: str) -> str:
    """A cell that a table program shows as it is: what looks like a formula gets a mark before it."""
    shown = _NOT_SHOWN.sub("", text)
    return f"'{shown}" if shown.lstrip().startswith(_EXECUTED) else shown


def local(moment: datetime | None, zone: str) -> str:
    """2026-11-22 14:30 where the office is; empty for None."""
    return f"{moment.astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M}" if moment else ""
