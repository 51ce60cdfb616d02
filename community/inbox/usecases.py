"""The queue of a person: claim it by a lease row, take the first waiting message, record what became of it.

Locks last one short transaction; the lease alone says who works on a queue, and a lost one ends by itself.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import RowMapping, delete, select, update
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.ext.asyncio import AsyncSession

from community.actors import StaffActor
from community.audit.usecases import note_act
from community.base import seal_json
from community.clock import now
from community.errors import NotFound
from community.inbox.models import InboundMessage, InboundState, TurnLease
from community.inbox.statements import CLAIM, FIRST, QUEUE_REPLIES, REMEMBER
from community.needs.usecases.steps import wake_consoles_of
from community.outbox.models import OutboxState, Priority
from community.places.models import DEFAULT_ZONE
from community.residents.models import Language, Resident
from community.residents.rights import may_answer_for

LEASE = timedelta(seconds=10)
TRIES = 3
BACKOFF = (timedelta(seconds=2), timedelta(seconds=10), timedelta(seconds=30))
AWAY = timedelta(seconds=2)
AWAY_REASON = "bot_away"


class LeaseLost(Exception):
    """Somebody else works on this queue now; whatever was done here must not be recorded."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """The first waiting message of a queue that is claimed by `owner`, with what is needed to answer it.

    `state` is where the dialogue stands, None for somebody who is new. `media` is what is still to be fetched.
    `staff_wait` where staff have asked the person something about a need.
    `first_try` where it was claimed by the statement that stored it: nobody can have begun to answer it before.
    """

    id: int
    owner: str
    resident_id: UUID
    address_id: UUID
    channel: str
    outside_id: str
    text: str
    payload: str | None
    files: Sequence[str]
    tries: int
    reason: str | None
    language: Language
    zone: str
    with_staff: bool
    staff_wait: bool
    state: Mapping[str, Any] | None
    media: Sequence[Mapping[str, Any]] = ()
    location: Mapping[str, Any] | None = None
    first_try: bool = False


@dataclass(frozen=True, slots=True)
class Reply:
    """One bubble to be queued: message name, values, buttons."""

    message: str
    values: Mapping[str, Any]
    buttons: Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class TurnAnswer:
    """What a turn answers, and where the dialogue stands after it; None leaves that as it was."""

    replies: Sequence[Reply]
    state: Mapping[str, Any] | None = None


async def claim_next(session: AsyncSession, resident_id: UUID, owner: str) -> Waiting | None:
    """Claim (or keep) a person's queue and give its first message, if that is due; otherwise let the queue go.

    None also where somebody else holds the queue. Each statement may be a transaction of its own.
    """
    moment = now()
    lease = {"resident_id": resident_id, "owner": owner, "until": moment + LEASE, "now": moment}
    if await session.scalar(CLAIM, lease) is None:
        return None
    wanted = {"resident_id": resident_id, "now": moment, "zone": DEFAULT_ZONE}
    row = (await session.execute(FIRST, wanted)).mappings().first()
    if row is None or row["due_at"] > moment:
        await session.execute(
            delete(TurnLease).where(TurnLease.resident_id == resident_id, TurnLease.owner == owner)
        )
        return None
    return _waiting(row, resident_id, owner)


async def keep_claims(session: AsyncSession, resident_ids: Collection[UUID], process: str) -> None:
    """Make the leases of a process last; called every few seconds while it works."""
    await session.execute(
        update(TurnLease)
        .where(TurnLease.resident_id.in_(resident_ids), TurnLease.owner.startswith(process))
        .values(until=now() + LEASE)
    )


async def find_queues_to_run(session: AsyncSession, at: datetime, most: int) -> Sequence[UUID]:
    """People whose first waiting message is due and whose queue nobody holds: left by a dead process, or put off."""
    held = select(TurnLease.resident_id).where(TurnLease.until >= at)
    first = (
        select(InboundMessage.resident_id, InboundMessage.id, InboundMessage.due_at)
        .where(InboundMessage.state == InboundState.WAITING, InboundMessage.resident_id.not_in(held))
        .ext(distinct_on(InboundMessage.resident_id))
        .order_by(InboundMessage.resident_id, InboundMessage.id)
        .subquery()
    )
    wanted = select(first.c.resident_id).where(first.c.due_at <= at).order_by(first.c.id).limit(most)
    return (await session.scalars(wanted)).all()


async def record_answer(session: AsyncSession, waiting: Waiting, answer: TurnAnswer) -> Sequence[UUID]:
    """In one transaction: the message is handled, the dialogue's state kept, the bubbles claimed for delivery.

    Gives the outbox ids in order. Raises LeaseLost where another process took over.
    """
    await _check_lease(session, waiting)
    await _finish(session, waiting, state=InboundState.HANDLED, handled_at=now())
    if answer.state is not None:
        kept = {"resident_id": waiting.resident_id, "state": answer.state, "now": now()}
        await session.execute(REMEMBER, kept)
    if waiting.with_staff:
        await wake_consoles_of(session, waiting.resident_id)
    return await _queue_replies(session, waiting, "reply", answer.replies)


async def record_failure(
    session: AsyncSession, waiting: Waiting, reason: str, excuses: Sequence[Reply], *, shown: bool = False
) -> Sequence[UUID]:
    """Count a failed try: the first is told to the person, the third one puts the message on the list for staff.

    `shown` where the caller shows the excuse in this transaction.
    """
    await _check_lease(session, waiting)
    tries = waiting.tries + 1
    state = InboundState.STUCK if tries >= TRIES else InboundState.WAITING
    due = now() + BACKOFF[min(tries, len(BACKOFF)) - 1]
    await _finish(session, waiting, state=state, tries=tries, reason=reason, due_at=due)
    if state is InboundState.STUCK:
        await wake_consoles_of(session, waiting.resident_id)
    return [] if waiting.reason else await _excuse(session, waiting, excuses, shown=shown)


async def record_away(
    session: AsyncSession, waiting: Waiting, excuses: Sequence[Reply], *, shown: bool = False
) -> Sequence[UUID]:
    """The bot is away, which is not the message's fault: it waits a little, and the person is told once.

    `shown` where the caller shows the excuse in this transaction.
    """
    await _check_lease(session, waiting)
    await _finish(session, waiting, due_at=now() + AWAY, reason=AWAY_REASON)
    return [] if waiting.reason else await _excuse(session, waiting, excuses, shown=shown)


async def read_stuck(session: AsyncSession, actor: StaffActor, message_id: int) -> InboundMessage:
    """A stuck message with its words, for those who may answer for the resident. Raises NotFound."""
    message = await _get_stuck(session, actor, message_id)
    await _note(session, actor, "stuck_read", message)
    return message


async def try_again(session: AsyncSession, actor: StaffActor, message_id: int) -> UUID:
    """Staff put a stuck message back into its queue; gives the resident whose queue to wake."""
    message = await _get_stuck(session, actor, message_id)
    message.state, message.tries, message.due_at = InboundState.WAITING, 0, now()
    return message.resident_id


async def discard_stuck(session: AsyncSession, actor: StaffActor, message_id: int) -> None:
    """Staff give a stuck message up; it stays in the thread."""
    message = await _get_stuck(session, actor, message_id)
    message.state = InboundState.DISCARDED
    await _note(session, actor, "stuck_discarded", message)


def _waiting(row: RowMapping, resident_id: UUID, owner: str) -> Waiting:
    return Waiting(
        id=row["id"],
        owner=owner,
        resident_id=resident_id,
        address_id=row["address_id"],
        channel=row["channel"],
        outside_id=row["outside_id"],
        text=row["text"],
        payload=row["payload"],
        files=row["files"],
        tries=row["tries"],
        reason=row["reason"],
        language=Language(row["language"]),
        zone=row["zone"],
        with_staff=row["with_staff"],
        staff_wait=row["staff_wait"],
        state=row["state"],
        media=row["media"] or (),
        location=row["location"],
    )


async def _check_lease(session: AsyncSession, waiting: Waiting) -> None:
    kept = await session.scalar(
        update(TurnLease)
        .where(TurnLease.resident_id == waiting.resident_id, TurnLease.owner == waiting.owner)
        .values(until=now() + LEASE)
        .returning(TurnLease.resident_id)
    )
    if kept is None:
        raise LeaseLost


async def _finish(session: AsyncSession, waiting: Waiting, **values: object) -> None:
    changed = await session.scalar(
        update(InboundMessage)
        .where(InboundMessage.id == waiting.id, InboundMessage.state == InboundState.WAITING)
        .values(**values)
        .returning(InboundMessage.id)
    )
    if changed is None:
        raise LeaseLost


async def _excuse(
    session: AsyncSession, waiting: Waiting, excuses: Sequence[Reply], *, shown: bool
) -> Sequence[UUID]:
    """Say so once; where staff have the conversation their consoles show the words meanwhile."""
    if waiting.with_staff:
        await wake_consoles_of(session, waiting.resident_id)
    return await _queue_replies(session, waiting, "excuse", excuses, shown=shown)


async def _queue_replies(
    session: AsyncSession, waiting: Waiting, purpose: str, replies: Sequence[Reply], *, shown: bool = False
) -> Sequence[UUID]:
    """Put the bubbles into the outbox: sent where they are shown already, else claimed for delivery at once."""
    if not replies:
        return []
    moment, rows = now(), reply_rows(waiting, purpose, replies)
    whose = {
        "resident_id": waiting.resident_id,
        "address_id": waiting.address_id,
        "channel": waiting.channel,
        "answers_id": waiting.id,
        "priority": Priority.REPLY.value,
        "state": (OutboxState.SENT if shown else OutboxState.SENDING).value,
        "now": moment,
        "sent_at": moment if shown else None,
        "lease_until": None if shown else moment + LEASE,
    }
    await session.execute(QUEUE_REPLIES, whose | {"replies": sealed_rows(rows)})
    return [UUID(row["id"]) for row in rows]


def reply_rows(waiting: Waiting, purpose: str, replies: Sequence[Reply]) -> list[dict[str, Any]]:
    """Bubbles as rows of the outbox, as far as each has its own; JSON."""
    return [
        {
            "id": str(uuid4()),
            "purpose": f"{purpose}:{waiting.id}:{number}",
            "message": reply.message,
            "values": dict(reply.values),
            "buttons": [dict(button) for button in reply.buttons],
        }
        for number, reply in enumerate(replies)
    ]


async def _note(session: AsyncSession, actor: StaffActor, act: str, message: InboundMessage) -> None:
    resident = await session.get_one(Resident, message.resident_id)
    note_act(
        session,
        actor,
        act,
        subject_kind="resident",
        subject_id=resident.id,
        community_id=resident.community_id,
        message=message.id,
    )


def sealed_rows(rows: Sequence[Mapping[str, Any]]) -> str:
    """Rows of `reply_rows` as JSON for a statement: what they say is sealed."""
    return json.dumps(
        [
            {
                **row,
                "values": seal_json("outbox_messages.values", row["values"]),
                "buttons": seal_json("outbox_messages.buttons", row["buttons"]),
            }
            for row in rows
        ]
    )


async def _get_stuck(session: AsyncSession, actor: StaffActor, message_id: int) -> InboundMessage:
    message = await session.get(InboundMessage, message_id, with_for_update=True)
    if message is None or message.state is not InboundState.STUCK:
        raise NotFound
    resident = await session.get(Resident, message.resident_id)
    if resident is None or not may_answer_for(actor, resident):
        raise NotFound
    return message
