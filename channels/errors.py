"""The closed list of what can go wrong when a message is sent; the adapter names it, delivery alone decides."""

from __future__ import annotations

from enum import StrEnum


class SendError(StrEnum):
    """What happened. Each member stands in one of the groups below."""

    BUSY = "busy"
    UNREACHABLE = "unreachable"
    LOST_ANSWER = "lost_answer"
    TOO_LONG = "too_long"
    REFUSED = "refused"
    NOBODY_THERE = "nobody_there"
    MISCONFIGURED = "misconfigured"


TRY_AGAIN = frozenset({SendError.BUSY, SendError.UNREACHABLE, SendError.LOST_ANSWER})
GIVE_UP = frozenset({SendError.TOO_LONG, SendError.REFUSED})
STOP_ADDRESS = frozenset({SendError.NOBODY_THERE})
TELL_OPERATOR = frozenset({SendError.MISCONFIGURED})
