"""What was before a report: the need that its message has made already, the person's latest reports, and where the
person stood.

One statement reads all of it: of all turns it is a report's that people wait for longest. Coordinates that a phone sent
while the need was told go with its words for the place. They are sealed with these words, as the place of a person is
nobody's business but of who handles the need.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import bindparam, text
from sqlalchemy.dialects.postgresql import ARRAY, BIGINT
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.types import DateTime

from community.inbox.models import InboundMessage
from community.needs.codes import make_code

LATELY = timedelta(minutes=30)
LAST_MESSAGES = 20
_BEFORE = (
    text(
        """
        SELECT (SELECT id FROM needs WHERE message_id = :message_id AND resident_id = :resident_id) AS made,
            (SELECT EXISTS (SELECT FROM needs WHERE code = :code)) AS taken,
            ARRAY (
                SELECT created_at FROM needs WHERE resident_id = :resident_id ORDER BY created_at DESC LIMIT :most
            ) AS reported,
            (
                SELECT location FROM (
                    SELECT id, location, received_at FROM inbound_messages
                    WHERE resident_id = :resident_id AND id <= :message_id ORDER BY id DESC LIMIT :last
                ) AS last
                WHERE location IS NOT NULL AND location <> 'null' AND received_at > :since
                ORDER BY id DESC LIMIT 1
            ) AS stood
        """
    )
    .bindparams(bindparam("message_id", type_=BIGINT))
    .columns(reported=ARRAY(DateTime(timezone=True)), stood=InboundMessage.location.type)
)


@dataclass(frozen=True, slots=True)
class Before:
    """A free code; the need that the message has made; when the person's latest needs were reported, the last one
    first; the place that the phone told of with this message or one shortly before.
    """

    code: str
    made: UUID | None
    reported: Sequence[datetime]
    stood: Mapping[str, object] | None

    def put_coordinates(self, place_words: str | None) -> str | None:
        """The words for the place with the coordinates, where there are any."""
        if not self.stood:
            return place_words
        coordinates = f"{self.stood['latitude']:.5f}, {self.stood['longitude']:.5f}"
        words = place_words or str(self.stood["label"])
        return f"{words} ({coordinates})" if words else coordinates


async def look_back(
    session: AsyncSession, resident_id: UUID, message_id: int | None, most: int, at: datetime
) -> Before:
    """What was before a report at `at`, with the `most` latest ones.

    Without a message nothing was made by it, and nobody stood anywhere.
    """
    wanted = {
        "resident_id": resident_id,
        "message_id": message_id,
        "most": most,
        "last": LAST_MESSAGES,
        "since": at - LATELY,
    }
    while True:
        code = make_code()
        row = (await session.execute(_BEFORE, wanted | {"code": code})).one()
        if not row.taken:
            return Before(code, row.made, row.reported, row.stood)
