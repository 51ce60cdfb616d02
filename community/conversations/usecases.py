"""A resident wants a person: ask for one, staff take the conversation, write, and give it back to the bot."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from community.actors import StaffActor
from community.clock import now
from community.conversations.models import Handover
from community.errors import NotAllowed, NotFound, Refused
from community.needs.usecases.routing import get_party_of_type
from community.needs.usecases.steps import NEEDS_CHANGED
from community.outbox.models import Priority
from community.outbox.usecases import enqueue_message
from community.parties.models import DutyShift, Party, PartyType, Staff
from community.residents.usecases import get_resident


async def ask_for_person(
    session: AsyncSession, resident_id: UUID, words: str, *, message_id: int | None = None
) -> Handover:
    """Queue the wish for a person with the committee; while one is open, it is that one.

    Raises Refused("community_unknown").
    """
    resident = await get_resident(session, resident_id)
    if resident.community_id is None:
        raise Refused("community_unknown")
    committee = await get_party_of_type(session, resident.community_id, PartyType.COMMITTEE)
    row = insert(Handover).values(
        id=uuid4(),
        resident_id=resident_id,
        community_id=resident.community_id,
        party_id=committee.id,
        message_id=message_id,
        words=words,
    )
    await session.execute(row.on_conflict_do_nothing())
    wanted = select(Handover).where(Handover.resident_id == resident_id)
    handover: Handover | None = await session.scalar(wanted.order_by(Handover.created_at.desc()).limit(1))
    if handover is None:
        raise NotFound
    await _announce(session, handover)
    return handover


async def take_conversation(session: AsyncSession, actor: StaffActor, handover_id: UUID) -> Handover:
    """A staff member of the party speaks from now on; the bot is silent and the resident is told who it is."""
    handover = await _lock_open(session, actor, handover_id)
    if handover.staff_id not in (None, actor.staff_id):
        raise NotAllowed("colleague_has_it")
    if handover.taken_at is None:
        handover.staff_id, handover.taken_at = actor.staff_id, now()
        await _say(session, actor, handover, "person_joins", "joins")
    await _announce(session, handover)
    return handover


async def write_in_conversation(
    session: AsyncSession, actor: StaffActor, handover_id: UUID, words: str, request_id: UUID
) -> None:
    """Write to the resident under one's own name; a repeated `request_id` sends once."""
    handover = await _lock_open(session, actor, handover_id)
    if handover.staff_id != actor.staff_id:
        raise NotAllowed("take_it_first")
    await _say(session, actor, handover, "person_says", str(request_id), words=words)


async def give_back(session: AsyncSession, actor: StaffActor, handover_id: UUID) -> None:
    """The conversation goes back to the bot."""
    handover = await _lock_open(session, actor, handover_id)
    if handover.taken_at is not None:
        await _say(session, actor, handover, "person_leaves", "leaves")
    handover.ended_at = now()
    await _announce(session, handover)


async def find_on_duty(session: AsyncSession, party_id: UUID, at: datetime) -> tuple[Staff, DutyShift] | None:
    """Whom the duty roster names for a party now."""
    wanted = (
        select(Staff, DutyShift)
        .join(DutyShift, DutyShift.staff_id == Staff.id)
        .where(DutyShift.party_id == party_id, DutyShift.starts_at <= at, DutyShift.ends_at > at)
        .where(Staff.disabled_at.is_(None))
        .order_by(DutyShift.starts_at)
        .limit(1)
    )
    row = (await session.execute(wanted)).first()
    return (row[0], row[1]) if row else None


async def find_next_duty(
    session: AsyncSession, party_id: UUID, at: datetime
) -> tuple[Staff, DutyShift] | None:
    """Who is on duty next for a party, and from when."""
    wanted = (
        select(Staff, DutyShift)
        .join(DutyShift, DutyShift.staff_id == Staff.id)
        .where(DutyShift.party_id == party_id, DutyShift.starts_at > at, Staff.disabled_at.is_(None))
        .order_by(DutyShift.starts_at)
        .limit(1)
    )
    row = (await session.execute(wanted)).first()
    return (row[0], row[1]) if row else None


async def _lock_open(session: AsyncSession, actor: StaffActor, handover_id: UUID) -> Handover:
    handover = await session.get(Handover, handover_id, with_for_update=True)
    if handover is None or handover.ended_at is not None or handover.party_id != actor.party_id:
        raise NotFound
    return handover


async def _say(
    session: AsyncSession, actor: StaffActor, handover: Handover, message: str, purpose: str, **values: str
) -> None:
    party = await session.get(Party, actor.party_id)
    await enqueue_message(
        session,
        handover.resident_id,
        message,
        f"handover:{handover.id}:{purpose}",
        values={"name": actor.name, "party": party.name if party else {}, **values},
        priority=Priority.REPLY,
        staff_id=actor.staff_id,
    )


async def _announce(session: AsyncSession, handover: Handover) -> None:
    payload = f"{handover.community_id}:{handover.party_id}"
    await session.execute(select(func.pg_notify(NEEDS_CHANGED, payload)))
