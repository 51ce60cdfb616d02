"""The closed list of what can go wrong when a message is sent; the adapter names it, delivery alone decides."""

from __future__ import annotations

from enum import StrEnum


class SendError(StrEnum):
    """What happened. Each member has its consequence in CONSEQUENCES of channels/consequences.py."""

    BUSY = "busy"
    """The platform said that it cannot now: again, after `retry_after` where it named one."""
    UNREACHABLE = "unreachable"
    """Nobody answered, or the platform is down: it has not taken the message."""
    LOST_ANSWER = "lost_answer"
    """It was sent, and what became of it is not known: it may have arrived."""
    RATE_LIMITED = "rate_limited"
    """We send too fast: the whole channel rests for `retry_after`. No try of this message."""
    QUOTA_SPENT = "quota_spent"
    """The account's day is used up: the whole channel rests until tomorrow."""
    KIND_SPENT = "kind_spent"
    """The account may send no more of this kind today (templates, pictures); anything else goes on."""
    KIND_CLOSED = "kind_closed"
    """The account may not send this kind at all before an operator has done something; anything else goes on."""
    WINDOW_OVER = "window_over"
    """The person wrote too long ago to be written to."""
    BUDGET_SPENT = "budget_spent"
    """Everything that the person's last act allowed was sent."""
    NEEDS_CONSENT = "needs_consent"
    """The person has not agreed to be sent this kind."""
    TOO_LONG = "too_long"
    REFUSED = "refused"
    """The platform will not have this message, whenever it comes."""
    NOBODY_THERE = "nobody_there"
    """Blocked, unfollowed, deleted: this address takes nothing."""
    MISCONFIGURED = "misconfigured"
    """The account, its token or its rights: an operator has to do something."""
