"""Look for a substitute in small rounds, by day, until places are filled, staff stop it, or nobody is left to ask."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from community.activities.models import Part, ShiftPlaces
from community.activities.rights import may_run
from community.activities.telling import shift_values
from community.actors import StaffActor
from community.clock import now
from community.errors import NotAllowed, NotFound, Refused, WrongState
from community.outbox.models import Priority
from community.outbox.usecases import enqueue_message, withdraw_messages
from community.quiet import after_quiet
from community.signups.usecases.steps import Around, lock_around
from community.substitutes.candidates import find_candidates
from community.substitutes.models import Ask, Search, SearchState, Volunteer

ROUND = 3
LAST_ASK = timedelta(minutes=45)
SHORTEST, LONGEST, SHARE = timedelta(minutes=15), timedelta(hours=6), 12


async def start_search(session: AsyncSession, around: Around, staff_id: UUID | None = None) -> Search | None:
    """Begin to look for who fills the free places; one search runs at a time. The places are locked.

    None where one runs, or where the shift has begun. The worker asks; too late for that, it hands the search to staff.
    """
    at = now()
    if around.shift.starts_at <= at:
        return None
    row = insert(Search).values(
        shift_id=around.shift.id,
        places_id=around.places.id,
        state=SearchState.RUNNING,
        rounds=0,
        next_at=at,
        started_by=staff_id,
        created_at=at,
    )
    made = await session.scalar(row.on_conflict_do_nothing().returning(Search))
    found: Search | None = made
    return found


async def call_for_more(session: AsyncSession, actor: StaffActor, shift_id: UUID) -> Search:
    """Staff ask volunteers for a shift that lacks them. Raises NotFound, NotAllowed; Refused("search_not_needed")."""
    wanted = select(ShiftPlaces.id).where(
        ShiftPlaces.shift_id == shift_id, ShiftPlaces.part == Part.VOLUNTEER
    )
    places_id = await session.scalar(wanted)
    if places_id is None:
        raise NotFound
    around = await lock_around(session, places_id)
    _check_may_run(actor, around)
    if around.places.free <= 0 or around.shift.cancelled_at is not None:
        raise Refused("search_not_needed")
    search = await start_search(session, around, actor.staff_id)
    if search is None:
        raise Refused("search_not_needed")
    return search


async def stop_search(session: AsyncSession, actor: StaffActor, search_id: UUID) -> Search:
    """Staff end a search; nobody more is asked. Raises NotFound, NotAllowed, WrongState where it is over."""
    places_id = await session.scalar(select(Search.places_id).where(Search.id == search_id))
    if places_id is None:
        raise NotFound
    around = await lock_around(session, places_id)
    _check_may_run(actor, around)
    search = await session.get_one(Search, search_id, populate_existing=True)
    if search.state is not SearchState.RUNNING:
        raise WrongState(state=search.state.value)
    _end(search, SearchState.STOPPED, now())
    search.stopped_by = actor.staff_id
    return search


async def end_searches(session: AsyncSession, shift_id: UUID) -> None:
    """Nobody is asked any more for a shift that is called off, and asks that are queued are not sent."""
    await session.execute(
        update(Search)
        .where(Search.shift_id == shift_id, Search.state == SearchState.RUNNING)
        .values(state=SearchState.OVER, ended_at=now())
    )
    for search_id in await session.scalars(select(Search.id).where(Search.shift_id == shift_id)):
        await withdraw_messages(
            session, f"search:{search_id}:", select(Ask.resident_id).where(Ask.search_id == search_id)
        )


async def note_answer(session: AsyncSession, resident_id: UUID, shift_id: UUID, said: bool) -> bool:
    """Keep what somebody who was asked for this shift said; False where nobody had asked them."""
    wanted = (
        select(Ask)
        .join(Search, Search.id == Ask.search_id)
        .where(Ask.resident_id == resident_id, Search.shift_id == shift_id)
        .order_by(Ask.asked_at.desc())
        .limit(1)
    )
    ask: Ask | None = await session.scalar(wanted)
    if ask is not None:
        ask.said, ask.said_at = said, now()
    return ask is not None


async def find_due_searches(session: AsyncSession, at: datetime, most: int) -> Sequence[UUID]:
    """At most `most` searches whose next round is due at `at`."""
    wanted = (
        select(Search.id)
        .where(Search.state == SearchState.RUNNING, Search.next_at <= at)
        .order_by(Search.next_at)
        .limit(most)
    )
    return (await session.scalars(wanted)).all()


async def take_due_search(session: AsyncSession, at: datetime, search_id: UUID) -> int:
    """Ask the next few, or end the search: filled, over, or handed to staff. Gives how many were asked."""
    places_id = await session.scalar(select(Search.places_id).where(Search.id == search_id))
    if places_id is None:
        return 0
    around = await lock_around(session, places_id)
    search = await session.get_one(Search, search_id, populate_existing=True)
    if search.state is not SearchState.RUNNING or search.next_at > at:
        return 0
    waits_until = after_quiet(at, around.zone)
    ended = _ended(around, at, waits_until)
    if ended is not None:
        return _end(search, ended, at)
    if waits_until > at:
        search.next_at = waits_until
        return 0
    return await _ask_round(session, search, around, at)


def _ended(around: Around, at: datetime, waits_until: datetime) -> SearchState | None:
    """How a search ends now; None where people can be asked, now or in the morning."""
    if around.places.free <= 0:
        return SearchState.FILLED
    if around.shift.cancelled_at is not None or around.shift.starts_at <= at:
        return SearchState.OVER
    return SearchState.ESCALATED if waits_until >= around.shift.starts_at - LAST_ASK else None


async def _ask_round(session: AsyncSession, search: Search, around: Around, at: datetime) -> int:
    chosen = await find_candidates(session, around.activity, around.shift, at, ROUND)
    if not chosen:
        return _end(search, SearchState.ESCALATED, at)
    session.add_all(Ask(search_id=search.id, resident_id=each, asked_at=at) for each in chosen)
    await session.execute(
        update(Volunteer)
        .where(Volunteer.resident_id.in_(chosen), Volunteer.community_id == around.shift.community_id)
        .values(asked=Volunteer.asked + 1, asked_at=at)
    )
    for resident_id in chosen:
        await _ask(session, search, around, resident_id)
    search.rounds += 1
    left = around.shift.starts_at - at
    search.next_at = at + min(max(left / SHARE, SHORTEST), LONGEST)
    return len(chosen)


async def _ask(session: AsyncSession, search: Search, around: Around, resident_id: UUID) -> None:
    shift_id = around.shift.id
    await enqueue_message(
        session,
        resident_id,
        "substitute_ask",
        f"search:{search.id}:{resident_id}",
        values=shift_values(around.activity, around.shift),
        buttons=[
            {
                "label": "button_i_come",
                "payload": f'/join_activity{{"shift": "{shift_id}", "value": "volunteer"}}',
            },
            {"label": "button_not_this_time", "payload": f'/cancel_signup{{"shift": "{shift_id}"}}'},
        ],
        priority=Priority.NORMAL,
        expires_at=around.shift.starts_at - LAST_ASK,
    )


def _end(search: Search, state: SearchState, at: datetime) -> int:
    search.state, search.ended_at = state, at
    return 0


def _check_may_run(actor: StaffActor, around: Around) -> None:
    if around.shift.community_id != actor.community_id:
        raise NotFound
    if not may_run(actor, around.activity):
        raise NotAllowed
