"""What is said to a person of a notice: the name of the message with its values, in both languages, and its buttons.

The same for everybody, so it is sealed once for all rows of a statement.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from community.files.attaching import Attachment
from community.notices.marks import plain_words
from community.notices.models import Notice

Button = Mapping[str, Any]
MOST_BUTTONS = 4
"""So many every channel draws."""
LABEL = 7


@dataclass(frozen=True, slots=True)
class Bubble:
    """A named message (templates/messages) with its values and buttons."""

    message: str
    values: Mapping[str, Any]
    buttons: Sequence[Button] = field(default=())


def notice_bubble(notice: Notice, sender: Mapping[str, str], files: Sequence[Attachment] = ()) -> Bubble:
    """The notice itself; `sender` is the name of the community or street that sends it, `files` go with it."""
    return Bubble("notice", _said(notice, sender) | _with(files), notice_buttons(notice))


def reminder_bubble(notice: Notice, sender: Mapping[str, str]) -> Bubble:
    """The notice once more, in words alone, for who has not confirmed it."""
    return Bubble("notice_reminder", _said(notice, sender), notice_buttons(notice))


def digest_bubble(notices: Sequence[Notice]) -> Bubble:
    """Several notices in one message, a line each; a number or a button tells one of them, of many the newest."""
    titles = [notice.title for notice in notices]
    buttons: Sequence[Button] = [{"label": "button_menu_notices", "payload": "/read_notices"}]
    if len(notices) <= MOST_BUTTONS:
        buttons = [
            _button("button_notice", "read_notices", notice.id)
            | {"values": {"nth": nth, "title": short_title(notice.title)}}
            for nth, notice in enumerate(notices, 1)
        ]
    return Bubble("notice_digest", {"titles": titles, "count": len(titles)}, buttons)


def short_title(title: Mapping[str, str]) -> dict[str, str]:
    """As much of a title as fits on a button; Latin letters are half as wide."""
    return {language: words[: LABEL * 2 if words.isascii() else LABEL] for language, words in title.items()}


def notice_buttons(notice: Notice) -> Sequence[Button]:
    """I have read it; I need help with it; I take part."""
    offered = (
        ("button_notice_read", "ack_notice", notice.need_receipt),
        ("button_notice_help", "help_with_notice", notice.help_button),
    )
    buttons = [_button(label, intent, notice.id) for label, intent, wanted in offered if wanted]
    if notice.activity_id is not None:
        buttons.append(
            {
                "label": "button_join_it",
                "payload": f"/join_activity{json.dumps({'activity': str(notice.activity_id)})}",
            }
        )
    return buttons


def _button(label: str, intent: str, notice_id: UUID) -> dict[str, Any]:
    return {"label": label, "payload": f"/{intent}{json.dumps({'notice': str(notice_id)})}"}


def _with(files: Sequence[Attachment]) -> dict[str, Any]:
    """As channels/render reads them; nothing where there are none."""
    found = [{"id": str(file.id), "name": file.name, "photo": file.is_photo} for file in files]
    return {"files": found} if found else {}


def _said(notice: Notice, sender: Mapping[str, str]) -> dict[str, Any]:
    return {
        "notice": str(notice.id),
        "public": notice.public,
        "title": notice.title,
        "text": {language: plain_words(text) for language, text in notice.text.items()},
        "community": dict(sender),
        "day": notice.valid_from.isoformat(),
    }
