"""The statements that every message runs, in their order; as text, because building one costs more than running it."""

from __future__ import annotations

from sqlalchemy import bindparam, text

from community.inbox.models import DialogueState, InboundMessage

# A lease may be lost with the server, nothing depends on it: its commit does not wait for the disk.
CLAIM = text(
    """
    INSERT INTO turn_leases (resident_id, owner, until) VALUES (:resident_id, :owner, :until)
    ON CONFLICT (resident_id) DO UPDATE SET owner = excluded.owner, until = excluded.until
    WHERE turn_leases.until < :now OR turn_leases.owner = excluded.owner
    RETURNING set_config('synchronous_commit', 'off', true)
    """
)
# A statement of its own, after the claim: the claim may have waited for the last holder, and would not see what that
# one has just answered.
FIRST = text(
    """
    SELECT first.*, CASE WHEN due_at <= :now AND NOT with_staff
                    THEN pg_notify('linli_typing', CAST(address_id AS text)) END AS told
    FROM (
        SELECT i.id, i.address_id, i.channel, i.text, i.payload, i.files, i.tries, i.reason, i.due_at,
               i.media, i.location,
               a.outside_id, coalesce(r.language, 'zh') AS language, coalesce(c.zone, :zone) AS zone,
               EXISTS (
                   SELECT FROM handovers AS h
                   WHERE h.resident_id = r.id AND h.taken_at IS NOT NULL AND h.ended_at IS NULL
               ) AS with_staff,
               EXISTS (SELECT FROM needs AS n WHERE n.resident_id = r.id AND n.waiting_since IS NOT NULL) AS staff_wait,
               (SELECT d.state FROM dialogue_states AS d WHERE d.resident_id = r.id) AS state
        FROM inbound_messages AS i
        JOIN addresses AS a ON a.id = i.address_id
        JOIN residents AS r ON r.id = i.resident_id
        LEFT JOIN communities AS c ON c.id = r.community_id
        WHERE i.resident_id = :resident_id AND i.state = 'waiting'
        ORDER BY i.id LIMIT 1
    ) AS first
    """
).columns(
    text=InboundMessage.text.type,
    payload=InboundMessage.payload.type,
    media=InboundMessage.media.type,
    location=InboundMessage.location.type,
    state=DialogueState.state.type,
)
REMEMBER = text(
    """
    INSERT INTO dialogue_states (resident_id, state, changed_at) VALUES (:resident_id, :state, :now)
    ON CONFLICT (resident_id) DO UPDATE SET state = excluded.state, changed_at = excluded.changed_at
    """
).bindparams(bindparam("state", type_=DialogueState.state.type))
QUEUE_REPLIES = text(
    """
    INSERT INTO outbox_messages
        (id, resident_id, address_id, channel, purpose, message, "values", buttons, priority, state,
         due_at, sent_at, lease_until, attempts, answers_id)
    SELECT r.id, :resident_id, :address_id, :channel, r.purpose, r.message, r."values", r.buttons, :priority, :state,
           :now, CAST(:sent_at AS timestamptz), CAST(:lease_until AS timestamptz), 1, :answers_id
    FROM ROWS FROM (
        jsonb_to_recordset(CAST(:replies AS jsonb))
            AS (id uuid, purpose text, message text, "values" jsonb, buttons jsonb)
    ) WITH ORDINALITY AS r (id, purpose, message, "values", buttons, n)
    ORDER BY r.n
    """
)
