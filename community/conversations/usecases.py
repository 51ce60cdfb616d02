"""A resident wants a person: ask for one, staff take the conversation, write, and give it back to the bot."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy import ColumnElement, exists, func, not_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from community.actors import StaffActor
from community.canned.filling import check_filled
from community.clock import now
from community.conversations.models import Handover
from community.conversations.rights import may_hold
from community.errors import NotAllowed, NotFound, Refused
from community.needs.models import Need, NeedAssignment
from community.needs.usecases.routing import get_party_of_type
from community.needs.usecases.steps import NEEDS_CHANGED
from community.outbox.models import OutboxMessage, Priority
from community.outbox.usecases import enqueue_message
from community.parties.models import DutyShift, Party, PartyType, Staff
from community.residents.usecases import get_resident
from community.roster.queries import has_shift
from community.routing.people import is_absent

QUIET = timedelta(hours=12)


async def ask_for_person(
    session: AsyncSession,
    resident_id: UUID,
    words: str,
    *,
    message_id: int | None = None,
    confided: bool = False,
) -> Handover:
    """Queue the wish for a person with the committee; while one is open, it is that one.

    Who wants somebody about something `confided` gets the social work team, and waits for nobody else any more; nobody
    else learns that they asked. Who speaks with staff already goes on with them.

    Raises Refused("community_unknown").
    """
    resident = await get_resident(session, resident_id)
    if resident.community_id is None:
        raise Refused("community_unknown")
    type_ = PartyType.SOCIAL_WORK_TEAM if confided else PartyType.COMMITTEE
    party = await get_party_of_type(session, resident.community_id, type_)
    if confided:
        await _end_waiting_elsewhere(session, resident_id, party.id)
    row = insert(Handover).values(
        id=uuid4(),
        resident_id=resident_id,
        community_id=resident.community_id,
        party_id=party.id,
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
        await _say(session, handover, "person_joins", "joins")
    await _announce(session, handover)
    return handover


async def write_in_conversation(
    session: AsyncSession, actor: StaffActor, handover_id: UUID, words: str, request_id: UUID
) -> None:
    """Write to the resident under one's own name; a repeated `request_id` sends once."""
    handover = await _lock_open(session, actor, handover_id)
    if handover.staff_id != actor.staff_id:
        raise NotAllowed("take_it_first")
    check_filled(words)
    await _say(session, handover, "person_says", str(request_id), words=words)


async def give_back(session: AsyncSession, actor: StaffActor, handover_id: UUID) -> None:
    """The conversation goes back to the bot; a colleague may do that for who has it and is away."""
    await _end(session, await _lock_open(session, actor, handover_id), now())


async def end_talks(session: AsyncSession, need: Need) -> None:
    """The need passes from those who spoke about it: the bot speaks again, unless who speaks handles it still."""
    handles_it = exists().where(
        NeedAssignment.need_id == need.id,
        NeedAssignment.staff_id == Handover.staff_id,
        NeedAssignment.ended_at.is_(None),
    )
    await _end_open(session, Handover.need_id == need.id, not_(handles_it))


async def end_talks_about(session: AsyncSession, need: Need) -> None:
    """The need is over: nobody has to remember to give the conversation about it back, and the bot speaks again."""
    await _end_open(session, Handover.need_id == need.id)


async def leave_talks(session: AsyncSession, staff_id: UUID) -> None:
    """Who works here no more has no conversation: the bot speaks again, and the residents are told."""
    await _end_open(session, Handover.staff_id == staff_id)


async def keep_one_talk(session: AsyncSession, resident_ids: Collection[UUID]) -> None:
    """These are one person from now on, who speaks with one colleague: whoever has taken it longest goes on."""
    wanted = select(Handover).where(Handover.resident_id.in_(resident_ids), Handover.ended_at.is_(None))
    first = wanted.order_by(Handover.taken_at.asc().nulls_last(), Handover.created_at)
    for handover in (await session.scalars(first.offset(1).with_for_update())).all():
        await _end(session, handover, now())


async def end_quiet_conversations(session: AsyncSession, at: datetime, quiet: timedelta = QUIET) -> int:
    """Give back what staff took and wrote nothing in for `quiet`, so that the bot is not silent for ever; how many."""
    said = exists().where(
        OutboxMessage.resident_id == Handover.resident_id,
        OutboxMessage.staff_id == Handover.staff_id,
        OutboxMessage.due_at > at - quiet,
    )
    forgotten = select(Handover).where(
        Handover.ended_at.is_(None), Handover.taken_at <= at - quiet, not_(said)
    )
    handovers = (await session.scalars(forgotten.limit(100).with_for_update(skip_locked=True))).all()
    for handover in handovers:
        await _end(session, handover, at)
    return len(handovers)


async def find_on_duty(session: AsyncSession, party_id: UUID, at: datetime) -> tuple[Staff, DutyShift] | None:
    """Whom the duty roster names for a party now and who is not absent."""
    now_on = (DutyShift.starts_at <= at, DutyShift.ends_at > at, ~is_absent(at))
    wanted = (
        select(Staff, DutyShift)
        .join(DutyShift, has_shift())
        .where(DutyShift.party_id == party_id, *now_on)
        .order_by(DutyShift.starts_at)
        .limit(1)
    )
    row = (await session.execute(wanted)).first()
    return (row[0], row[1]) if row else None


async def find_next_duty(
    session: AsyncSession, party_id: UUID, at: datetime
) -> tuple[Staff, DutyShift] | None:
    """Who is on duty next for a party, and from when; nobody who will be absent then."""
    to_come = (DutyShift.starts_at > at, ~is_absent(DutyShift.starts_at))
    wanted = (
        select(Staff, DutyShift)
        .join(DutyShift, has_shift())
        .where(DutyShift.party_id == party_id, *to_come)
        .order_by(DutyShift.starts_at)
        .limit(1)
    )
    row = (await session.execute(wanted)).first()
    return (row[0], row[1]) if row else None


async def _end_waiting_elsewhere(session: AsyncSession, resident_id: UUID, party_id: UUID) -> None:
    waits = Handover.taken_at.is_(None)
    await _end_open(session, Handover.resident_id == resident_id, Handover.party_id != party_id, waits)
    await session.flush()


async def _lock_open(session: AsyncSession, actor: StaffActor, handover_id: UUID) -> Handover:
    handover = await session.get(Handover, handover_id, with_for_update=True)
    if handover is None or not await may_hold(session, actor, handover):
        raise NotFound
    return handover


async def _end_open(session: AsyncSession, *which: ColumnElement[bool]) -> None:
    wanted = select(Handover).where(Handover.ended_at.is_(None), *which)
    for handover in (await session.scalars(wanted.with_for_update())).all():
        await _end(session, handover, now())


async def _end(session: AsyncSession, handover: Handover, at: datetime) -> None:
    if handover.taken_at is not None:
        await _say(session, handover, "person_leaves", "leaves")
    handover.ended_at = at
    await _announce(session, handover)


async def _say(session: AsyncSession, handover: Handover, message: str, purpose: str, **values: str) -> None:
    """Tell the resident something under the name of who has the conversation."""
    speaker = await session.get(Staff, handover.staff_id)
    party = await session.get(Party, handover.party_id)
    await enqueue_message(
        session,
        handover.resident_id,
        message,
        f"handover:{handover.id}:{purpose}",
        values={"name": speaker.name if speaker else "", "party": party.name if party else {}, **values},
        priority=Priority.REPLY,
        need_id=handover.need_id,
        staff_id=handover.staff_id,
    )


async def _announce(session: AsyncSession, handover: Handover) -> None:
    payload = f"{handover.community_id}:{handover.party_id}"
    await session.execute(select(func.pg_notify(NEEDS_CHANGED, payload)))
