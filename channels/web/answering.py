"""The end of a turn on the web, in one statement: message handled, dialogue kept, bubbles sent and shown, queue let go.

One round trip and one wait for the disk, because all of it is rows of ours. Before: channels/turns.py, which hands
the items on to the browsers that are connected to this process; others are notified and read.
"""

from __future__ import annotations

from sqlalchemy import bindparam, text
from sqlalchemy.ext.asyncio import AsyncSession

from channels.contract import Answered
from channels.web.reading import answer_item
from community.clock import now
from community.inbox.models import DialogueState
from community.inbox.usecases import LeaseLost, TurnAnswer, Waiting, reply_rows, sealed_rows
from community.places.models import DEFAULT_ZONE

_ANSWER = text(
    """
    WITH let_go AS (
        DELETE FROM turn_leases WHERE resident_id = :resident_id AND owner = :owner RETURNING resident_id
    ), handled AS (
        UPDATE inbound_messages SET state = 'handled', handled_at = :now
        WHERE id = :id AND state = 'waiting' AND EXISTS (SELECT FROM let_go)
        RETURNING id
    ), remembered AS (
        INSERT INTO dialogue_states (resident_id, state, changed_at)
        SELECT :resident_id, :state, :now FROM handled WHERE :state IS NOT NULL
        ON CONFLICT (resident_id) DO UPDATE SET state = excluded.state, changed_at = excluded.changed_at
    ), replies AS (
        SELECT r.* FROM handled, ROWS FROM (
            jsonb_to_recordset(CAST(:replies AS jsonb))
                AS (id uuid, purpose text, message text, "values" jsonb, buttons jsonb)
        ) WITH ORDINALITY AS r (id, purpose, message, "values", buttons, n)
    ), sent AS (
        INSERT INTO outbox_messages
            (id, resident_id, address_id, channel, purpose, message, "values", buttons, priority, state,
             due_at, sent_at, attempts, answers_id)
        SELECT id, :resident_id, :address_id, 'web', purpose, message, "values", buttons, '1_reply', 'sent',
               :now, :now, 1, :id
        FROM replies ORDER BY n
    ), longer AS (
        UPDATE addresses SET thread_length = thread_length + (SELECT count(*) FROM replies)
        WHERE id = :address_id AND EXISTS (SELECT FROM handled)
        RETURNING thread_length - (SELECT count(*) FROM replies) AS base
    ), shown AS (
        INSERT INTO thread_items (address_id, seq, outbox_id, at)
        SELECT :address_id, longer.base + replies.n, replies.id, :now FROM longer, replies
        RETURNING address_id
    )
    SELECT EXISTS (
               SELECT FROM inbound_messages AS i
               WHERE i.resident_id = :resident_id AND i.state = 'waiting' AND i.id <> :id
           ) AS more,
           (SELECT base FROM longer) AS base, coalesce(r.language, 'zh') AS language, coalesce(c.zone, :zone) AS zone,
           (SELECT count(pg_notify('linli_thread', address_id || ':' || :owner))
            FROM (SELECT address_id FROM shown LIMIT 1) AS changed) AS told
    FROM handled
    JOIN residents AS r ON r.id = :resident_id
    LEFT JOIN communities AS c ON c.id = r.community_id
    """
).bindparams(bindparam("state", type_=DialogueState.state.type))


async def answer_in_thread(session: AsyncSession, waiting: Waiting, answer: TurnAnswer) -> Answered:
    """Raises LeaseLost where somebody else has answered, or is about to."""
    moment, rows = now(), reply_rows(waiting, "reply", answer.replies)
    values = {
        "id": waiting.id,
        "resident_id": waiting.resident_id,
        "address_id": waiting.address_id,
        "owner": waiting.owner,
        "now": moment,
        "zone": DEFAULT_ZONE,
        "replies": sealed_rows(rows),
        "state": answer.state,
    }
    made = (await session.execute(_ANSWER, values)).first()
    if made is None:
        raise LeaseLost
    shown_to = {"at": moment, "language": made.language, "zone": made.zone}
    return Answered(
        made.more,
        [
            answer_item({**row, **shown_to, "outbox_id": row["id"], "seq": made.base + number})
            for number, row in enumerate(rows, 1)
        ],
    )
