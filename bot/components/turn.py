"""One turn of one person inside Rasa: what was kept of them before it, and what Rasa wants to keep after it.

The door (`channel.py`) opens a turn, Rasa's processor runs in it, and the tracker store (`tracker_store.py`) reads
from it and leaves its result in it. So a turn costs one read and one write, and nothing is written when it failed.
"""

from __future__ import annotations

from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from rasa.shared.core.trackers import DialogueStateTracker

Bubble = dict[str, Any]


@dataclass(frozen=True)
class Kept:
    """What the table holds of one person: the dialogue's state, the last message's id, and its answers."""

    slots: dict[str, Any]
    loop: str | None
    message_id: str | None
    answers: list[Bubble]
    updated_at: datetime | None


NOTHING = Kept(slots={}, loop=None, message_id=None, answers=[], updated_at=None)


@dataclass
class Turn:
    """A turn under way: `kept` is read before it, `tracker` and `error` are left behind by Rasa."""

    sender: str
    kept: Kept
    tracker: DialogueStateTracker | None = None
    error: BaseException | None = None


current_turn: ContextVar[Turn | None] = ContextVar("current_turn", default=None)
