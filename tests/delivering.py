"""Delivery batch by batch, for tests that look at what one batch did: the worker drains a channel, batches beside each
other (channels/draining.py)."""

from __future__ import annotations

from datetime import datetime

from channels import delivery
from channels.gathering import gather_all


class Delivery(delivery.Delivery):
    """As the real one; `deliver_due` claims and sends once."""

    async def deliver_due(self, at: datetime, most: int = 200) -> int:
        """Claim and deliver one batch of each channel of what is due at `at`; gives how many rows were tried."""
        return sum(await gather_all(self._deliver_one(name, at, most) for name in self.names))

    async def _deliver_one(self, name: str, at: datetime, most: int) -> int:
        rows, _ = await self.claim(name, at, most)
        await self.send(name, rows, at)
        return len(rows)
