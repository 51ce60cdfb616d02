"""Which page a message leads to that is no need's: a notice, the settings of being told, activities, one's shifts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

OPEN_NOTICE, OWN_NOTICE = "/m/notices", "/m/notices/mine"
"""A notice that is open to everybody has a page that is good to forward; one that is not opens for its person alone."""
LABELS = {
    "notice": "button_notice_page",
    "/m/me/notices": "button_wishes_page",
    "/m/activities": "button_activities_page",
    "/m/shifts": "button_shifts_page",
}


def find_page(values: Mapping[str, Any]) -> tuple[str, str] | None:
    """The path and the name of the message that is written on the link; None where the row leads to neither."""
    if notice := values.get("notice"):
        pages = OPEN_NOTICE if values.get("public", True) else OWN_NOTICE
        return f"{pages}/{UUID(str(notice))}", LABELS["notice"]
    path = values.get("page")
    return (path, LABELS[path]) if isinstance(path, str) and path in LABELS else None
