"""How long what is offered holds: a sixth of the time that is left, so shorter as the shift nears, never by night."""

from __future__ import annotations

from datetime import datetime, timedelta

from community.quiet import after_quiet

LAST_OFFER = timedelta(minutes=30)
SHORTEST, LONGEST = timedelta(minutes=20), timedelta(hours=12)
SHARE = 6


def hold_until(at: datetime, starts_at: datetime, zone: str) -> datetime | None:
    """Until when an offer made at `at` holds; None where it is too late to offer anything."""
    sent = after_quiet(at, zone)
    left = starts_at - LAST_OFFER - sent
    if left <= timedelta():
        return None
    length = min(max(left / SHARE, SHORTEST), LONGEST)
    return min(after_quiet(sent + length, zone), starts_at - LAST_OFFER)
