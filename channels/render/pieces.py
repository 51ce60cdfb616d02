"""What a message becomes on a channel: one piece is one message of the platform."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Choice:
    """A button. `payload` is ours and never leaves us; `key` (34 to 36 bytes) stands for it at the platform."""

    label: str
    payload: str
    key: str


@dataclass(frozen=True, slots=True)
class Words:
    """A text, with the buttons under it where the channel draws them."""

    text: str
    choices: Sequence[Choice] = field(default=())


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture of ours."""

    file_id: UUID
    caption: str = ""


@dataclass(frozen=True, slots=True)
class Document:
    """A file of ours under the name that the sender gave it."""

    file_id: UUID
    name: str


@dataclass(frozen=True, slots=True)
class Card:
    """A link that is drawn. `url` is absolute."""

    title: str
    text: str
    url: str


Piece = Words | Picture | Document | Card
