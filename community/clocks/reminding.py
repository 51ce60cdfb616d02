"""Reminders of clocks that run out, sent by the worker: to the person, the leader, the street; each once.

A need is locked before its clocks, as staff's acts do, and one that somebody works on just now is left for the next
run. Reminder, history line and mark are one transaction: a worker that dies in it has done nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from community.actors import SYSTEM
from community.clocks.models import ClockName, ClockReminder, ClockStep, NeedClock
from community.clocks.running import find_running, mark_need, resume_clocks, take_step
from community.needs.models import Need
from community.needs.usecases.steps import note_event, tell_resident
from community.outbox.models import Priority
from community.parties.models import Party, PartyType
from community.places.models import Community
from community.routing.people import suggest_assignee
from community.staff_reach.urgent import tell_of_clock


@dataclass(frozen=True, slots=True)
class Receiver:
    """Whom a reminder is for, with the line of the story that says why; `said` fills its sentence."""

    event: str
    party_id: UUID | None
    staff_id: UUID | None = None
    said: Mapping[str, str] = field(default_factory=dict)


async def find_due_needs(session: AsyncSession, at: datetime, most: int) -> Sequence[UUID]:
    """At most `most` needs with a clock of which something is due at `at`, what is due longest first."""
    due = select(NeedClock.need_id).where(NeedClock.next_at <= at).group_by(NeedClock.need_id)
    return (await session.scalars(due.order_by(func.min(NeedClock.next_at)).limit(most))).all()


async def take_due_need(session: AsyncSession, at: datetime, need_id: UUID) -> int:
    """Send what is due at `at` for one need; gives how many reminders, none where somebody works on it just now."""
    locked = select(Need).where(Need.id == need_id).with_for_update(skip_locked=True)
    need = await session.scalar(locked, execution_options={"populate_existing": True})
    if need is None:
        return 0
    community = await session.get_one(Community, need.community_id)
    clocks, sent = await find_running(session, need), 0
    for clock in clocks:
        while clock.next_at is not None and clock.next_at <= at and clock.ended_at is None:
            await _take_step(session, need, clock, community, at)
            sent += 1
    mark_need(need, await find_running(session, need))
    await session.flush()
    return sent


async def _take_step(
    session: AsyncSession, need: Need, clock: NeedClock, community: Community, at: datetime
) -> None:
    step, due_at = clock.next_step, clock.next_at
    if step is None or due_at is None:
        return
    take_step(clock, community)
    if clock.name is ClockName.WAITING:
        await _take_waiting_step(session, need, clock, step, at)
        return
    to = await _find_receiver(session, need, community, step, at)
    reminder = ClockReminder(
        clock_id=clock.id, step=step, due_at=due_at, done_at=at, party_id=to.party_id, staff_id=to.staff_id
    )
    session.add(reminder)
    await tell_of_clock(
        session,
        need,
        f"{clock.id}:{step}",
        to.staff_id,
        to.party_id,
        clock.due_at,
        at,
        waits=not clock.around_the_clock,
    )
    details = {"clock": clock.name.value, "due_at": clock.due_at.isoformat(), **to.said}
    await note_event(session, SYSTEM, need, to.event, at=at, **details)


async def _take_waiting_step(
    session: AsyncSession, need: Need, clock: NeedClock, step: ClockStep, at: datetime
) -> None:
    """The resident is asked once again; later the clocks run on without an answer."""
    session.add(
        ClockReminder(clock_id=clock.id, step=step, due_at=at, done_at=at, party_id=need.lead_party_id)
    )
    if step is ClockStep.OVERDUE:
        await resume_clocks(session, need, at)
        await note_event(session, SYSTEM, need, "waiting_over", at=at)
        return
    await note_event(session, SYSTEM, need, "asked_again", at=at)
    await tell_resident(
        session,
        need,
        "need_still_waiting",
        f"waiting:{clock.id}",
        buttons=answer_buttons(need.id),
        priority=Priority.NORMAL,
    )


def answer_buttons(need_id: UUID) -> Sequence[dict[str, object]]:
    """The button under a question of staff: what is written next is added to this need."""
    return [{"label": "button_answer_question", "payload": f'/add_to_need{{"value": "{need_id}"}}'}]


async def _find_receiver(
    session: AsyncSession, need: Need, community: Community, step: ClockStep, at: datetime
) -> Receiver:
    """The first reminder is for a person, the next for who leads the party; where nobody is there, for the street."""
    if step is ClockStep.STREET:
        return Receiver(f"clock_{step}", await _find_street_office(session, community))
    if step is ClockStep.OVERDUE:
        return Receiver(f"clock_{step}", need.lead_party_id)
    person = await suggest_assignee(session, need, at)
    if person is None:
        office = await _find_street_office(session, community)
        return Receiver("clock_nobody", office or need.lead_party_id)
    if step is ClockStep.LEADER:
        return Receiver(f"clock_{step}", need.lead_party_id)
    said = {"name": person.staff.name, "count": str(person.open)}
    event = (
        f"clock_{step}" if person.handles else "clock_least" if need.assignee_id is None else "clock_instead"
    )
    return Receiver(event, need.lead_party_id, person.staff.id, said)


async def _find_street_office(session: AsyncSession, community: Community) -> UUID | None:
    office: UUID | None = await session.scalar(
        select(Party.id).where(Party.street_id == community.street_id, Party.type == PartyType.STREET_OFFICE)
    )
    return office
