"""One row on its way to one person: what it has cost so far, and what it must not overtake. Used by channel.py."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass

from channels.contract import Outgoing

REPLY_ARRIVES_SECONDS = 0.4


@dataclass(slots=True)
class Replied:
    """When words went back to a person with a request, of time.monotonic()."""

    at: float | None = None


class Sending:
    """How many messages of the budget it took, and the platform's id.

    `spoke` where the interface for talks was asked last, not another one, of which the platform counts the calls apart.
    """

    def __init__(self, row: Outgoing, replied: Replied) -> None:
        self.row, self.used, self.replied = row, 0, replied
        self.outside_id: str | None = None
        self.spoke = False

    async def let_reply_arrive(self) -> None:
        """A reply and a message take two ways to the phone: what comes after the reply sets out a little later."""
        if self.replied.at is not None:
            await asyncio.sleep(max(0.0, self.replied.at + REPLY_ARRIVES_SECONDS - time.monotonic()))
