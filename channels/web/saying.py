"""The usual message of the web chat, words of a person we know: stored, shown, and its queue claimed in one statement.

Everything else (a button, photos, a message that comes again, too many of them) goes the longer way of
channels/inbound.py, which says what is wrong. Next: channels/turns.py.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import bindparam, text
from sqlalchemy.ext.asyncio import AsyncSession

from channels.inbound import WINDOW
from channels.web.reading import Item, own_item
from community.clock import now
from community.inbox.models import DialogueState, InboundMessage
from community.inbox.usecases import LEASE, Waiting
from community.places.models import DEFAULT_ZONE
from community.residents.models import Language
from community.residents.usecases import Known

# The queue is claimed only where nothing else is seen to wait in it, so what is claimed is what comes next. Where this
# statement waited for the last holder, it still sees that one's message waiting, and claims nothing. Where it waited
# for somebody who lengthened the thread, a message of another tab may have come first: it claims nothing either.
# The commit does not wait for the disk: the bot reads meanwhile, and who calls waits before the person is answered.
_SAY = (
    text(
        """
    WITH person AS (
        SELECT id, resident_id, thread_length FROM addresses WHERE channel = 'web' AND outside_id = :outside_id
    ), stored AS (
        INSERT INTO inbound_messages
            (address_id, resident_id, channel, outside_id, text, files, state, due_at, received_at)
        SELECT p.id, p.resident_id, 'web', :message_id, :words, '[]', 'waiting', :now, :now
        FROM person AS p
        WHERE NOT EXISTS (
            SELECT FROM (
                SELECT received_at FROM inbound_messages AS i WHERE i.resident_id = p.resident_id
                ORDER BY i.id DESC OFFSET :older LIMIT 1
            ) AS one_too_many
            WHERE received_at > :since
        )
        ON CONFLICT (channel, outside_id) DO NOTHING
        RETURNING id, address_id, resident_id
    ), longer AS (
        UPDATE addresses AS a SET thread_length = a.thread_length + 1, last_seen_at = :now, state = 'active'
        FROM stored WHERE a.id = stored.address_id
        RETURNING a.thread_length
    ), shown AS (
        INSERT INTO thread_items (address_id, seq, inbound_id, at)
        SELECT stored.address_id, longer.thread_length, stored.id, :now FROM stored, longer
        RETURNING seq
    ), claimed AS (
        INSERT INTO turn_leases (resident_id, owner, until)
        SELECT stored.resident_id, :owner, :until
        FROM stored CROSS JOIN longer CROSS JOIN person AS p
        WHERE longer.thread_length = p.thread_length + 1 AND NOT EXISTS (
            SELECT FROM inbound_messages AS i WHERE i.resident_id = stored.resident_id AND i.state = 'waiting'
        )
        ON CONFLICT (resident_id) DO UPDATE SET owner = excluded.owner, until = excluded.until
        WHERE turn_leases.until < :now
        RETURNING resident_id
    )
    SELECT stored.id, stored.address_id, stored.resident_id, shown.seq,
           EXISTS (SELECT FROM claimed) AS claimed, set_config('synchronous_commit', 'off', true),
           coalesce(r.language, 'zh') AS language, coalesce(c.zone, :zone) AS zone,
           EXISTS (
               SELECT FROM handovers AS h
               WHERE h.resident_id = r.id AND h.taken_at IS NOT NULL AND h.ended_at IS NULL
           ) AS with_staff,
           EXISTS (SELECT FROM needs AS n WHERE n.resident_id = r.id AND n.waiting_since IS NOT NULL) AS staff_wait,
           d.state
    FROM stored CROSS JOIN shown
    JOIN residents AS r ON r.id = stored.resident_id
    LEFT JOIN dialogue_states AS d ON d.resident_id = r.id
    LEFT JOIN communities AS c ON c.id = r.community_id
    """
    )
    .bindparams(bindparam("words", type_=InboundMessage.text.type))
    .columns(state=DialogueState.state.type)
)


@dataclass(frozen=True, slots=True)
class Said:
    """A message that is stored: who said it, and its number in the thread.

    `item` is how the thread shows it; `claimed` is there where its turn is to be taken at once by who stored it.
    """

    known: Known
    seq: int
    item: Item | None = None
    claimed: Waiting | None = None


async def say(
    session: AsyncSession, outside_id: str, message_id: str, words: str, *, most_a_minute: int, owner: str
) -> Said | None:
    """Store and show words of the person at `outside_id`, and claim the queue for `owner` where it is free.

    None, and nothing stored, where this is not so simple. The commit does not wait for the disk (linli/disk.py).
    """
    moment = now()
    values = {
        "outside_id": outside_id,
        "message_id": message_id,
        "words": words,
        "now": moment,
        "since": moment - WINDOW,
        "older": most_a_minute - 1,
        "owner": owner,
        "until": moment + LEASE,
        "zone": DEFAULT_ZONE,
    }
    row = (await session.execute(_SAY, values)).first()
    if row is None:
        return None
    waiting = Waiting(
        id=row.id,
        owner=owner,
        resident_id=row.resident_id,
        address_id=row.address_id,
        channel="web",
        outside_id=outside_id,
        text=words,
        payload=None,
        files=(),
        tries=0,
        reason=None,
        language=Language(row.language),
        zone=row.zone,
        with_staff=row.with_staff,
        staff_wait=row.staff_wait,
        state=row.state,
        first_try=True,
    )
    return Said(
        Known(row.address_id, row.resident_id),
        row.seq,
        own_item(row.seq, moment, message_id, words),
        waiting if row.claimed else None,
    )
