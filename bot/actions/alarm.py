"""Danger is heard before everything: whatever was under way, a report of it begins with the numbers to call."""

from __future__ import annotations

from bot.actions.turn import Turn
from community.needs.guessing import guess_kind
from community.needs.models import Urgency


def is_alarm(turn: Turn) -> bool:
    """Whether the message tells of danger to life: by its understanding, or by its words alone."""
    return bool(turn.text) and (turn.intent == "crisis" or guess_kind(turn.text).urgency is Urgency.CRISIS)
