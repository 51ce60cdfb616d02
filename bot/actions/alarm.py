"""Danger is heard before everything: whatever was under way, a report of it begins with the numbers to call."""

from __future__ import annotations

from bot.actions.turn import Turn
from community.needs.models import Urgency


def is_alarm(turn: Turn) -> bool:
    """Whether the message tells of danger to life: a wish or a need as the bot understood it."""
    return turn.intent == "crisis" or turn.need.urgency is Urgency.CRISIS
