"""One turn of one person inside Rasa: the state that came with the message, and what Rasa makes of it.

The door (`channel.py`) opens a turn, Rasa's processor runs in it, and the tracker store (`tracker_store.py`) reads
from it and leaves its result in it. So nothing is kept here between two messages.
"""

from __future__ import annotations

from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

from rasa.shared.core.trackers import DialogueStateTracker

Bubble = dict[str, Any]


@dataclass(frozen=True)
class State:
    """Where the dialogue with a person stands: slots that hold something, and the active form."""

    slots: dict[str, Any] = field(default_factory=dict)
    loop: str | None = None


@dataclass
class Turn:
    """A turn under way: `state` comes with the message, `tracker` and `error` are left behind by Rasa."""

    sender: str
    state: State
    tracker: DialogueStateTracker | None = None
    error: BaseException | None = None


current_turn: ContextVar[Turn | None] = ContextVar("current_turn", default=None)
