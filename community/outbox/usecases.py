"""Queue messages to people, and decide about those that could not be delivered. Next: channels/delivery."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, case, func, literal, select, true, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from community.actors import StaffActor
from community.audit.usecases import note_act
from community.clock import now
from community.contact.queries import chosen_first
from community.errors import NotFound
from community.outbox.models import OutboxMessage, OutboxState, Priority
from community.outbox.rights import may_decide_on
from community.residents.models import Address, AddressState, Resident

Buttons = Sequence[Mapping[str, Any]]
Residents = Collection[UUID] | Select[UUID]


async def enqueue_message(
    session: AsyncSession,
    resident_id: UUID,
    message: str,
    purpose: str,
    *,
    values: Mapping[str, Any] | None = None,
    buttons: Buttons = (),
    priority: Priority = Priority.NORMAL,
    due_at: datetime | None = None,
    expires_at: datetime | None = None,
    need_id: UUID | None = None,
    staff_id: UUID | None = None,
    address: Address | None = None,
) -> bool:
    """Queue the named message for a resident at this address, else `find_address`; False where `purpose` is queued.

    Times are aware. A resident without an active address gets a suppressed row, so that staff can see it.
    """
    address = address or await find_address(session, resident_id)
    row = insert(OutboxMessage).values(
        resident_id=resident_id,
        address_id=address.id if address else None,
        channel=address.channel if address else None,
        purpose=purpose,
        message=message,
        values=dict(values or {}),
        buttons=[dict(button) for button in buttons],
        priority=priority,
        state=OutboxState.PENDING if address else OutboxState.SUPPRESSED,
        reason=None if address else "no_address",
        due_at=due_at or now(),
        expires_at=expires_at,
        need_id=need_id,
        staff_id=staff_id,
        created_at=now(),  # not when the transaction began: it comes after what it tells of
    )
    queued = await session.scalar(row.on_conflict_do_nothing().returning(OutboxMessage.id))
    return queued is not None


async def enqueue_for_all(
    session: AsyncSession,
    residents: Select[UUID],
    message: str,
    purpose: str,
    *,
    values: Mapping[str, Any],
    buttons: Buttons,
    due_at: datetime,
    expires_at: datetime,
) -> None:
    """Queue the same words for all of these residents in one statement; `purpose` ends in the id of each.

    As with `enqueue_message`, what is queued already stays, and whoever has no address gets a suppressed row.
    """
    whom = residents.subquery()
    resident_id = next(iter(whom.c))
    address = (
        select(Address.id, Address.channel)
        .where(Address.resident_id == resident_id, Address.state == AddressState.ACTIVE)
        .order_by(chosen_first(), Address.last_seen_at.desc())
        .limit(1)
        .lateral()
    )
    fields: dict[Any, Any] = {
        OutboxMessage.id: func.gen_random_uuid(),
        OutboxMessage.resident_id: resident_id,
        OutboxMessage.address_id: address.c.id,
        OutboxMessage.channel: address.c.channel,
        OutboxMessage.purpose: func.concat(purpose, ":", resident_id),
        OutboxMessage.message: message,
        OutboxMessage.values: dict(values),
        OutboxMessage.buttons: [dict(button) for button in buttons],
        OutboxMessage.priority: Priority.BULK,
        OutboxMessage.state: case(
            (address.c.id.is_(None), _state(OutboxState.SUPPRESSED)), else_=_state(OutboxState.PENDING)
        ),
        OutboxMessage.reason: case((address.c.id.is_(None), "no_address")),
        OutboxMessage.due_at: due_at,
        OutboxMessage.expires_at: expires_at,
        OutboxMessage.created_at: now(),
    }
    columns = [
        value if isinstance(value, ColumnElement) else literal(value, column.type)
        for column, value in fields.items()
    ]
    rows = select(*columns).select_from(whom.outerjoin(address, true()))
    queue = insert(OutboxMessage).from_select(list(fields), rows, include_defaults=False)
    await session.execute(queue.on_conflict_do_nothing())


def _state(state: OutboxState) -> ColumnElement[OutboxState]:
    return literal(state, OutboxMessage.state.type)


def still_queued(purpose: str, residents: Residents) -> Sequence[ColumnElement[bool]]:
    """What waits for these residents to be sent, or to be released by staff, and whose purpose begins so."""
    return (
        OutboxMessage.resident_id.in_(residents),
        OutboxMessage.state.in_((OutboxState.PENDING, OutboxState.WAITING, OutboxState.HELD)),
        OutboxMessage.purpose.startswith(purpose, autoescape=True),
    )


async def withdraw_messages(
    session: AsyncSession, purpose: str, residents: Residents, address_id: UUID | None = None
) -> None:
    """Do not send what is still queued for them, or for this address of theirs, with a purpose that begins so."""
    there = true() if address_id is None else OutboxMessage.address_id == address_id
    await session.execute(
        update(OutboxMessage)
        .where(*still_queued(purpose, residents), there)
        .values(state=OutboxState.SUPPRESSED, reason="withdrawn")
    )


async def find_address(session: AsyncSession, resident_id: UUID) -> Address | None:
    """The active address on the channel that the resident chose, else the one used last."""
    wanted = (
        select(Address)
        .where(Address.resident_id == resident_id, Address.state == AddressState.ACTIVE)
        .order_by(chosen_first(), Address.last_seen_at.desc())
        .limit(1)
    )
    found: Address | None = await session.scalar(wanted)
    return found


async def send_again(session: AsyncSession, actor: StaffActor, outbox_id: UUID) -> None:
    """Put a failed or held message back into the queue, due now, for the address at which its person is reached now.

    Who is reached nowhere any more is to be told in another way. Raises NotFound where the actor may not decide.
    """
    row = await _get_troubled(session, actor, outbox_id)
    await _note(session, actor, "message_sent_again", row)
    address = await find_address(session, row.resident_id)
    row.due_at, row.attempts = now(), 0
    if address is None:
        row.state, row.reason = OutboxState.SUPPRESSED, "no_address"
        return
    row.address_id, row.channel = address.id, address.channel
    row.state, row.reason = OutboxState.PENDING, None


async def discard_message(session: AsyncSession, actor: StaffActor, outbox_id: UUID) -> None:
    """Give up a failed or held message. Raises NotFound where the actor may not decide."""
    row = await _get_troubled(session, actor, outbox_id)
    await _note(session, actor, "message_discarded", row)
    await session.execute(
        update(OutboxMessage)
        .where(OutboxMessage.id == outbox_id)
        .values(state=OutboxState.SUPPRESSED, reason="discarded")
    )


async def _note(session: AsyncSession, actor: StaffActor, act: str, row: OutboxMessage) -> None:
    resident = await session.get(Resident, row.resident_id)
    note_act(
        session,
        actor,
        act,
        subject_kind="message",
        subject_id=row.id,
        community_id=resident.community_id if resident else actor.community_id,
        message=row.message,
    )


async def _get_troubled(session: AsyncSession, actor: StaffActor, outbox_id: UUID) -> OutboxMessage:
    row = await session.get(OutboxMessage, outbox_id, with_for_update=True)
    troubled = (OutboxState.FAILED, OutboxState.HELD)
    if row is None or row.state not in troubled or not await may_decide_on(session, actor, row):
        raise NotFound
    return row
