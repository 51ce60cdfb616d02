"""What was queued by day and is still not out when people sleep waits for the morning: a platform is slow, or its quota
was spent.

When a message is due was settled when the notice was expanded (settling.py). Emergencies and what is urgent go on.
Nothing is looked at by day but the messages of those whose own quiet hours it is: a queue may be a million long.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession

from community.base import count_changed
from community.contact.hours import ASLEEP, MINUTE, MORNING
from community.places.models import DEFAULT_ZONE, Community
from community.quiet import after_quiet, is_quiet

AT_ONCE = 10_000
_WAITS = """m.state = 'pending' AND m.due_at <= :at AND m.priority IN ('3_normal', '4_bulk')
            AND m.message IN ('notice', 'notice_reminder', 'notice_digest')"""
_OWN_HOURS = text(
    f"""
    WITH clocks AS (
        SELECT p.resident_id, p.quiet_from, p.quiet_until, coalesce(c.zone, CAST(:default_zone AS text)) AS zone,
            CAST(:at AS timestamptz) AT TIME ZONE coalesce(c.zone, CAST(:default_zone AS text)) AS local
        FROM contact_preferences AS p
        JOIN residents AS r ON r.id = p.resident_id
        LEFT JOIN communities AS c ON c.id = r.community_id
        WHERE p.quiet_from IS NOT NULL
    ), asleep AS MATERIALIZED (
        SELECT resident_id, {MORNING} AS morning
        FROM clocks CROSS JOIN LATERAL (SELECT {MINUTE}) AS day
        WHERE {ASLEEP}
    ), due AS (
        SELECT mine.id, a.morning FROM asleep AS a CROSS JOIN LATERAL (
            SELECT m.id FROM outbox_messages AS m WHERE m.resident_id = a.resident_id AND {_WAITS}
            LIMIT :most FOR UPDATE SKIP LOCKED
        ) AS mine
        LIMIT :most
    )
    UPDATE outbox_messages AS o SET due_at = due.morning FROM due WHERE o.id = due.id
    """  # noqa: S608 - no value is put in
)
_AS_EVERYBODY = text(
    f"""
    WITH due AS (
        SELECT m.id FROM outbox_messages AS m
        JOIN residents AS r ON r.id = m.resident_id
        LEFT JOIN communities AS c ON c.id = r.community_id
        LEFT JOIN contact_preferences AS p ON p.resident_id = m.resident_id
        WHERE {_WAITS}
            AND p.quiet_from IS NULL AND coalesce(c.zone, CAST(:default_zone AS text)) = :zone
        LIMIT :most FOR UPDATE OF m SKIP LOCKED
    )
    UPDATE outbox_messages AS o SET due_at = :morning FROM due WHERE o.id = due.id
    """  # noqa: S608 - no value is put in
)


async def keep_until_morning(session: AsyncSession, at: datetime, most: int = AT_ONCE) -> int:
    """Put off what is due for people who sleep at `at`; how many messages, at most so many for each quiet time."""
    values = {"at": at, "most": most, "default_zone": DEFAULT_ZONE}
    kept = count_changed(await session.execute(_OWN_HOURS, values))
    for zone in await _zones_asleep(session, at):
        quiet = values | {"zone": zone, "morning": after_quiet(at, zone)}
        kept += count_changed(await session.execute(_AS_EVERYBODY, quiet))
    return kept


async def _zones_asleep(session: AsyncSession, at: datetime) -> Sequence[str]:
    """Where it is the community's quiet time."""
    zones = {DEFAULT_ZONE, *await session.scalars(select(Community.zone).distinct())}
    return [zone for zone in sorted(zones) if is_quiet(at, zone)]
