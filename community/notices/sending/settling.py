"""Of a set of residents: who gets a message now, who later, who waits, who not and why; one statement for all of them.

Used by the first sending of a notice, by digests and by reminders, each of which adds what it writes. A person's own
wishes (community/contact) hold for everything but an emergency. The address is the chosen one where it can be written
to now, else one that can and where the person was lately; where none can, delivery lets the message wait.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any

from sqlalchemy import CTE, Row, Select, TextClause, text
from sqlalchemy.ext.asyncio import AsyncSession

from community.base import seal_json
from community.contact.hours import ASLEEP, MINUTE, MORNING, USUAL
from community.notices.sending.bubble import Bubble
from community.outbox.models import Priority
from community.outbox.waiting import SEEN_WITHIN
from community.places.models import DEFAULT_ZONE

MOST_APART = 3
"""So many notices a day come one by one; what is more comes together, in a digest."""
DIGEST_EVENING, DIGEST_MORNING = time(18), time(9)


@dataclass(frozen=True, slots=True)
class Wave:
    """The same message to many, under a `purpose` that ends in the id of each; `until` is when it is of no use.

    `category` is what people may have unfollowed, `followed` what holds for who said nothing. `for_all` goes out
    at night, into a pause and over every limit. `merges`: what is too much on a day comes in a digest.
    """

    bubble: Bubble
    purpose: str
    priority: Priority
    until: datetime
    category: str = ""
    followed: bool = True
    for_all: bool = False
    urgent: bool = False
    merges: bool = False


_WISHES = text(
    """
    SELECT w.id, a.id AS address_id, a.channel, p.most_a_day,
        coalesce(c.zone, CAST(:zone AS text)) AS zone,
        CASE
            WHEN a.id IS NULL THEN 'no_address'
            WHEN :for_all THEN NULL
            WHEN p.notices_stopped_at IS NOT NULL THEN 'stopped'
            WHEN NOT coalesce(f.follows, :followed) THEN 'unfollowed'
            WHEN p.paused_until >= :until THEN 'paused'
        END AS reason,
        CASE WHEN :for_all THEN CAST(:at AS timestamptz) ELSE greatest(CAST(:at AS timestamptz), p.paused_until)
        END AS wanted_at,
        coalesce(p.quiet_from, CAST(:quiet_from AS int)) AS quiet_from,
        coalesce(p.quiet_until, CAST(:quiet_until AS int)) AS quiet_until
    FROM whom AS w
    JOIN LATERAL (SELECT community_id FROM residents WHERE id = w.id LIMIT 1) AS r ON true
    LEFT JOIN communities AS c ON c.id = r.community_id
    LEFT JOIN contact_preferences AS p ON p.resident_id = w.id
    LEFT JOIN category_follows AS f ON f.resident_id = w.id AND f.category = :category
    LEFT JOIN LATERAL (
        SELECT b.id, b.channel
        FROM (
            SELECT *, coalesce(window_until > :at, true) AND coalesce(may_send > 0, true) AS reached,
                channel IS NOT DISTINCT FROM p.channel AS chosen
            FROM addresses WHERE resident_id = w.id AND state = 'active'
        ) AS b
        ORDER BY NOT (b.reached AND (b.chosen OR b.last_seen_at > :seen_since)), NOT b.chosen, b.last_seen_at DESC
        LIMIT 1
    ) AS a ON true
    """
)
_TIMES = text(
    f"""
    SELECT v.*, CASE WHEN NOT :for_all AND {ASLEEP} THEN {MORNING} ELSE wanted_at END AS due_at
    FROM (
        SELECT l.*, {MINUTE}
        FROM (SELECT *, wanted_at AT TIME ZONE zone AS local FROM wishes) AS l
    ) AS v
    """  # noqa: S608 - no value is put in
)
_HEARD = text(
    """
    SELECT t.id, t.address_id, t.channel, t.zone, t.due_at, t.most_a_day,
        CASE WHEN t.reason IS NULL AND t.due_at >= :until THEN 'quiet_hours' ELSE t.reason END AS reason,
        date_trunc('day', t.due_at AT TIME ZONE t.zone) AS day,
        CASE WHEN :merges AND t.reason IS NULL THEN (
            SELECT count(DISTINCT o.id)
            FROM notice_recipients AS n JOIN outbox_messages AS o ON o.id = n.outbox_id
            WHERE n.resident_id = t.id AND n.queued_at > CAST(:at AS timestamptz) - interval '31 days'
                AND o.state IN ('pending', 'sending', 'sent', 'waiting')
                AND o.due_at >= date_trunc('day', t.due_at AT TIME ZONE t.zone) AT TIME ZONE t.zone
                AND o.due_at < (date_trunc('day', t.due_at AT TIME ZONE t.zone) + interval '1 day') AT TIME ZONE t.zone
        ) ELSE 0 END AS heard
    FROM times AS t
    """
)
_LIMITS = text(
    """
    SELECT h.*, heard >= most_a_day AS over_own, CASE
        WHEN reason IS NOT NULL THEN NULL
        WHEN heard >= most_a_day THEN (day + interval '1 day' + CAST(:morning AS time)) AT TIME ZONE zone
        WHEN heard < :most_apart OR :urgent THEN NULL
        WHEN due_at < (day + CAST(:evening AS time)) AT TIME ZONE zone
            THEN (day + CAST(:evening AS time)) AT TIME ZONE zone
        ELSE (day + interval '1 day' + CAST(:morning AS time)) AT TIME ZONE zone
    END AS together_at
    FROM heard AS h
    """
)
_SETTLED = text(
    """
    SELECT id, address_id, channel, due_at,
        CASE WHEN reason IS NULL AND over_own AND together_at >= :until THEN 'daily_limit' ELSE reason END AS reason,
        CASE WHEN together_at < :until THEN together_at END AS digest_at,
        CASE WHEN reason IS NULL AND (together_at IS NULL OR (together_at >= :until AND over_own IS NOT TRUE))
            THEN gen_random_uuid() END AS outbox_id
    FROM limits
    """
)
_STEPS = (
    ("wishes", _WISHES),
    ("times", _TIMES),
    ("heard", _HEARD),
    ("limits", _LIMITS),
    ("settled", _SETTLED),
)
QUEUED = text(
    """
    INSERT INTO outbox_messages (id, resident_id, address_id, channel, purpose, message, "values", buttons, priority,
        state, due_at, expires_at, created_at)
    SELECT s.outbox_id, s.id, s.address_id, s.channel, concat(CAST(:purpose AS text), ':', s.id),
        CAST(:message AS text), CAST(:bubble_values AS jsonb), CAST(:bubble_buttons AS jsonb), CAST(:priority AS text),
        'pending', s.due_at, CAST(:until AS timestamptz), CAST(:at AS timestamptz)
    FROM settled AS s JOIN told AS t ON t.id = s.id
    WHERE s.outbox_id IS NOT NULL
    ON CONFLICT DO NOTHING
    """
)
_COUNTED = text("SELECT count(*) AS people, (array_agg(id ORDER BY id DESC))[1] AS last FROM whom")


async def settle(
    session: AsyncSession,
    wave: Wave,
    whom: Select[Any],
    at: datetime,
    writes: Mapping[str, TextClause],
    **values: object,
) -> Row[Any]:
    """Settle it for these residents and write what `writes` names, one statement after the other within one.

    They read `settled` (id, address_id, channel, due_at, reason, digest_at, outbox_id); one of them is
    `told`, which gives the ids that are to be queued. Gives how many `people` there were, and the `last` id.
    """
    steps: list[CTE] = [whom.cte("whom")]
    # In wishes LIMIT 1 keeps the planner from reading all residents for each set, which costs more the more they are.
    # Each step is done once: folded into each other, they would count what a person heard a dozen times.
    steps += [clause.columns().cte(name).prefix_with("MATERIALIZED") for name, clause in _STEPS]
    steps += [clause.columns().cte(name) for name, clause in writes.items()]
    statement = _COUNTED.columns().add_cte(*steps)
    return (await session.execute(statement, _values(wave, at) | values)).one()


def _values(wave: Wave, at: datetime) -> dict[str, object]:
    bubble = wave.bubble
    return {
        "at": at,
        "seen_since": at - SEEN_WITHIN,
        "until": wave.until,
        "zone": DEFAULT_ZONE,
        "category": wave.category,
        "followed": wave.followed,
        "for_all": wave.for_all,
        "urgent": wave.urgent,
        "merges": wave.merges and not wave.for_all,
        "most_apart": MOST_APART,
        "morning": DIGEST_MORNING,
        "evening": DIGEST_EVENING,
        **USUAL,
        "purpose": wave.purpose,
        "priority": wave.priority.value,
        "message": bubble.message,
        "bubble_values": json.dumps(seal_json("outbox_messages.values", dict(bubble.values))),
        "bubble_buttons": json.dumps(
            seal_json("outbox_messages.buttons", [dict(each) for each in bubble.buttons])
        ),
    }
