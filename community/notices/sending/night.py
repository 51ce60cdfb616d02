"""What was queued by day and is still not out when people sleep waits for the morning: a platform is slow, or its quota
was spent.

When a message is due was settled when the notice was expanded (settling.py). Emergencies and what is urgent go on.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from community.base import count_changed
from community.places.models import DEFAULT_ZONE
from community.quiet import BEGINS, ENDS

AT_ONCE = 10_000
_WAITS = text(
    """
    WITH due AS (
        SELECT m.id, l.local, l.minute, l.quiet_until, l.zone
        FROM outbox_messages AS m
        JOIN residents AS r ON r.id = m.resident_id
        LEFT JOIN communities AS c ON c.id = r.community_id
        LEFT JOIN contact_preferences AS p ON p.resident_id = m.resident_id
        CROSS JOIN LATERAL (
            SELECT z.*, CAST(extract(hour FROM local) * 60 + extract(minute FROM local) AS int) AS minute,
                coalesce(p.quiet_from, CAST(:quiet_from AS int)) AS quiet_from,
                coalesce(p.quiet_until, CAST(:quiet_until AS int)) AS quiet_until
            FROM (
                SELECT coalesce(c.zone, CAST(:zone AS text)) AS zone,
                    CAST(:at AS timestamptz) AT TIME ZONE coalesce(c.zone, CAST(:zone AS text)) AS local
            ) AS z
        ) AS l
        WHERE m.state = 'pending' AND m.due_at <= :at AND m.priority IN ('3_normal', '4_bulk')
            AND m.message IN ('notice', 'notice_reminder', 'notice_digest')
            AND CASE
                WHEN l.quiet_from <= l.quiet_until THEN l.minute >= l.quiet_from AND l.minute < l.quiet_until
                ELSE l.minute >= l.quiet_from OR l.minute < l.quiet_until
            END
        LIMIT :most FOR UPDATE OF m SKIP LOCKED
    )
    UPDATE outbox_messages AS o
    SET due_at = (date_trunc('day', local)
        + make_interval(days => CAST(minute >= quiet_until AS int), mins => quiet_until)) AT TIME ZONE zone
    FROM due WHERE o.id = due.id
    """
)


async def keep_until_morning(session: AsyncSession, at: datetime, most: int = AT_ONCE) -> int:
    """Put off what is due for people who sleep at `at`; how many messages."""
    values = {
        "at": at,
        "most": most,
        "zone": DEFAULT_ZONE,
        "quiet_from": BEGINS.hour * 60 + BEGINS.minute,
        "quiet_until": ENDS.hour * 60 + ENDS.minute,
    }
    return count_changed(await session.execute(_WAITS, values))
