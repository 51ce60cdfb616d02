"""Rows are claimed for one channel at a time, in the order they must go, as many as their people may be sent now.

Before: enqueue_message. After: channels/delivery sends them, and community/outbox/sending.py records what became of it.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import RowMapping, text
from sqlalchemy.ext.asyncio import AsyncSession

from community.outbox.models import OutboxMessage, Priority
from community.places.models import DEFAULT_ZONE

LEASE = timedelta(seconds=30)
ANSWERING = timedelta(seconds=3)
"""So long whatever is no reply stays behind while somebody who may be sent little waits for an answer."""
KEPT_FOR_ANSWERS = 2
_PRIORITIES = [priority.value for priority in Priority]


@dataclass(frozen=True, slots=True)
class Claim:
    """What is claimed: at most `most` rows of a channel that are due at `at` and not overdue by `hold_after`.

    `kept` channels have a window, a budget or a pace a person; `gap` is the time between two messages to one person,
    `any_time` the messages that need no window. `freed_for` is an address: only what waited for its person is claimed.
    """

    channel: str
    at: datetime
    most: int
    hold_after: timedelta
    kept: bool = False
    gap: timedelta | None = None
    any_time: Collection[str] = ()
    freed_for: UUID | None = None


# One range of the index a priority: rows that are not due yet are never looked at.
_DUE = """
    due AS MATERIALIZED (
        SELECT o.* FROM unnest(CAST(:priorities AS text[])) AS p (priority)
        CROSS JOIN LATERAL (
            SELECT id, resident_id, address_id, message, priority, due_at, seq FROM outbox_messages AS m
            WHERE m.state = 'pending' AND m.channel = :channel AND m.priority = p.priority
              AND m.due_at <= :now AND m.due_at > :oldest AND (m.expires_at IS NULL OR m.expires_at > :now) {also}
            ORDER BY m.due_at, m.seq LIMIT :most FOR UPDATE SKIP LOCKED
        ) AS o
        LIMIT :most
    )
"""
_TOLD = """
    RETURNING o.id, o.seq, o.resident_id, o.address_id, o.channel, o.message, o.values, o.buttons, o.attempts,
        o.priority, o.due_at, o.need_id, o.answers_id, a.outside_id, coalesce(r.language, 'zh') AS language,
        coalesce(c.zone, :zone) AS zone, {fields}
        (SELECT concat(CASE WHEN r.language = 'en' THEN p.en ELSE p.zh END, ' ', s.name)
         FROM staff AS s JOIN parties AS p ON p.id = s.party_id WHERE s.id = o.staff_id) AS sender
"""
_FREED = """
    due AS MATERIALIZED (
        SELECT id, resident_id, address_id, message, priority, due_at, seq FROM outbox_messages AS m
        WHERE m.state = 'pending' AND m.reason = 'freed' AND m.address_id = :address_id
          AND m.due_at <= :now AND (m.expires_at IS NULL OR m.expires_at > :now)
        ORDER BY m.priority, m.due_at, m.seq LIMIT :most FOR UPDATE SKIP LOCKED
    )
"""
_FROM = "addresses AS a, residents AS r LEFT JOIN communities AS c ON c.id = r.community_id"
_SEALED = {"values": OutboxMessage.values.type, "buttons": OutboxMessage.buttons.type}

# Nobody has two senders at once, so that what they are told comes in order: what a dead sender has in its hands holds
# back what comes after it. For kept channels see `lock_channel` for why that holds with many workers.
_IN_ORDER = """
    AND NOT EXISTS (
        SELECT FROM outbox_messages AS s
        WHERE s.address_id = m.address_id AND s.state = 'sending' AND s.answers_id IS NULL
    )
"""
_CLAIM = text(
    f"""
    WITH {_DUE.format(also=_IN_ORDER)}
    UPDATE outbox_messages AS o SET state = 'sending', lease_until = :until, attempts = attempts + 1
    FROM due, {_FROM}
    WHERE o.id = due.id AND a.id = o.address_id AND r.id = o.resident_id
    {_TOLD.format(fields="'sending' AS fate, NULL AS may_send, NULL AS window_until,")}
    """  # noqa: S608 - put together from the lines above
).columns(**_SEALED)

_KEPT = f"""
    WITH {{due}}, people AS MATERIALIZED (
        SELECT id, state, may_send, window_until, next_send_at, EXISTS (
            SELECT FROM inbound_messages AS i WHERE i.resident_id = a.resident_id AND i.state = 'waiting'
        ) AS waits
        FROM addresses AS a WHERE id IN (SELECT address_id FROM due) ORDER BY id FOR UPDATE
    ), numbered AS (
        SELECT d.id, d.address_id, d.priority, d.message, p.state = 'stopped' AS stopped,
               p.may_send, p.window_until, p.next_send_at,
               p.waits AND d.priority <> '1_reply' AS behind,
               row_number() OVER (PARTITION BY d.address_id ORDER BY d.priority, d.due_at, d.seq) AS n
        FROM due AS d JOIN people AS p ON p.id = d.address_id
    ), judged AS (
        SELECT *, CASE WHEN stopped THEN 'address_stopped' WHEN window_until <= :now THEN 'window_over'
                       WHEN n > may_send AND NOT behind THEN 'budget_spent' END AS over,
               CASE WHEN behind AND may_send - n < :kept_for_answers THEN :answered_by
                    ELSE greatest(next_send_at, :now) + (n - 1) * CAST(:gap AS interval) END AS slot
        FROM numbered
    ), decided AS MATERIALIZED (
        SELECT *, CASE WHEN over IS NULL THEN CASE WHEN slot > :now THEN 'pending' ELSE 'sending' END
                       WHEN message = ANY(CAST(:any_time AS text[])) AND NOT stopped THEN 'sending'
                       ELSE 'waiting' END AS fate
        FROM judged
    ), counted AS (
        UPDATE addresses AS a
        SET may_send = a.may_send - d.counted,
            next_send_at = CASE WHEN :gap IS NULL THEN a.next_send_at
                           ELSE greatest(a.next_send_at, :now) + d.sent * CAST(:gap AS interval) END
        FROM (
            SELECT address_id, count(*) AS sent, count(*) FILTER (WHERE over IS NULL) AS counted
            FROM decided WHERE fate = 'sending' GROUP BY address_id
        ) AS d
        WHERE a.id = d.address_id
    )
    UPDATE outbox_messages AS o
    SET state = d.fate, due_at = CASE d.fate WHEN 'pending' THEN d.slot ELSE o.due_at END,
        lease_until = CASE d.fate WHEN 'sending' THEN CAST(:until AS timestamptz) END,
        attempts = o.attempts + CASE d.fate WHEN 'sending' THEN 1 ELSE 0 END,
        reason = CASE d.fate WHEN 'waiting' THEN d.over ELSE o.reason END
    FROM decided AS d, {_FROM}
    WHERE o.id = d.id AND a.id = o.address_id AND r.id = o.resident_id
    {
    _TOLD.format(
        fields="d.fate, CASE WHEN d.over IS NULL THEN d.may_send - d.n + 1 END AS may_send, "
        "CASE WHEN d.over IS NULL THEN d.window_until END AS window_until,"
    )
}
"""  # noqa: S608 - put together from the lines above
_CLAIM_KEPT = text(_KEPT.format(due=_DUE.format(also=_IN_ORDER))).columns(**_SEALED)
_CLAIM_FREED = text(_KEPT.format(due=_FREED)).columns(**_SEALED)


async def claim_due(session: AsyncSession, claim: Claim) -> Sequence[RowMapping]:
    """Claim rows, in the order they must go; others skip them while the lease lasts.

    Of a kept channel also gives what may not go: `fate` is then waiting (for the person's next contact) or pending
    (put off).
    """
    values = {
        "channel": claim.channel,
        "now": claim.at,
        "oldest": claim.at - claim.hold_after,
        "until": claim.at + LEASE,
        "most": claim.most,
        "zone": DEFAULT_ZONE,
        "priorities": _PRIORITIES,
    }
    if claim.kept:
        values |= {
            "gap": claim.gap,
            "any_time": list(claim.any_time),
            "answered_by": claim.at + ANSWERING,
            "kept_for_answers": KEPT_FOR_ANSWERS,
            "address_id": claim.freed_for,
        }
    statement = _CLAIM if not claim.kept else _CLAIM_FREED if claim.freed_for else _CLAIM_KEPT
    rows = (await session.execute(statement, values)).mappings().all()
    return sorted(rows, key=lambda row: (row["priority"], row["due_at"], row["seq"]))
