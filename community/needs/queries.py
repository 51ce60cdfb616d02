"""Reading needs within one's rights: a resident's own, a party's queue, one need with everything around it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import (
    Boolean,
    ColumnElement,
    Row,
    Select,
    and_,
    exists,
    false,
    func,
    literal_column,
    not_,
    or_,
    select,
)
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from community.actors import StaffActor
from community.clock import now
from community.errors import NotFound
from community.needs.models import (
    ENDED,
    PAST,
    PAST_STATES,
    UNENDED,
    EntryKind,
    Need,
    NeedAssignment,
    NeedEntry,
    NeedFile,
    NeedHistory,
    NeedState,
    NeedView,
    Visibility,
)
from community.needs.rights import is_shared_with, may_know, may_read
from community.parties.models import Party, Role, Staff
from community.places.models import Place
from community.routing.matrix import find_shares
from community.surveys.models import Survey

PAGE = 30
SAME_VIEW = timedelta(minutes=1)
# In the words of its index, so that the index is used.
PAST_ONLY: ColumnElement[bool] = literal_column(f"needs.{PAST_STATES}", Boolean)


@dataclass(frozen=True, slots=True)
class NeedLine:
    """A need in a list. `readable` is False where the reader may know that it exists and no more."""

    need: Need
    party: Party | None
    place: Place | None
    assignee: Staff | None
    readable: bool = True


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened to a need, for a time line: a transition or words. `who` is a name, or None for Linli.

    `details` fill the sentence; `by_itself` marks what is no transition, such as a reminder.
    """

    at: datetime
    what: str
    who: str | None
    by: str
    words: str | None
    party: Mapping[str, str] | None = None
    details: Mapping[str, Any] | None = None
    by_itself: bool = False


@dataclass(frozen=True, slots=True)
class NeedPage:
    """One need with its time line, photos and survey."""

    line: NeedLine
    events: Sequence[Event]
    file_ids: Sequence[UUID]
    survey: Survey | None
    shares: Sequence[tuple[Party, str]]


@dataclass(frozen=True, slots=True)
class QueueFilter:
    """What a staff member looks at: whose needs, in which states, of which kind, with which words or code."""

    scope: str = "party"
    states: frozenset[NeedState] = frozenset()
    kind: str | None = None
    words: str = ""
    late: bool = False


async def find_own_needs(
    session: AsyncSession,
    resident_id: UUID,
    *,
    only_open: bool = False,
    most: int = PAGE,
    before: datetime | None = None,
) -> Sequence[NeedLine]:
    """The resident's needs, newest first."""
    wanted = _lines().where(Need.resident_id == resident_id)
    if only_open:
        wanted = wanted.where(Need.state.not_in(ENDED))
    if before is not None:
        wanted = wanted.where(Need.created_at < before)
    rows = await session.execute(wanted.order_by(Need.created_at.desc()).limit(most))
    return [_line(row) for row in rows]


async def count_own_needs(session: AsyncSession, resident_id: UUID) -> int:
    """How many needs the resident has reported, with those that are over."""
    wanted = select(func.count()).select_from(Need).where(Need.resident_id == resident_id)
    return await session.scalar(wanted) or 0


async def get_own_need(session: AsyncSession, resident_id: UUID, need_id: UUID) -> NeedPage:
    """One own need for the resident: no notes of staff in it. NotFound also where it is somebody else's."""
    row = (await session.execute(_lines().where(Need.id == need_id, Need.resident_id == resident_id))).first()
    if row is None:
        raise NotFound
    return await _page(session, _line(row), with_notes=False)


async def find_last_answer(session: AsyncSession, need_id: UUID) -> Event | None:
    """What staff last answered about a need that the caller has found to be the reader's."""
    answers = _entries_of(need_id).where(NeedEntry.kind == EntryKind.ANSWER)
    row = (await session.execute(answers.order_by(NeedEntry.id.desc()).limit(1))).first()
    return _event(row) if row else None


async def find_by_code(session: AsyncSession, resident_id: UUID, code: str) -> Need | None:
    """The resident's own need of this code; another person's code finds nothing."""
    found: Need | None = await session.scalar(
        select(Need).where(Need.code == code.upper(), Need.resident_id == resident_id)
    )
    return found


async def find_queue(
    session: AsyncSession, actor: StaffActor, wanted: QueueFilter, *, most: int = PAGE, skip: int = 0
) -> Sequence[NeedLine]:
    """The queue of the actor, open and soonest due first, what is past by age; masked where the actor may not read."""
    listed = _lines().where(_known_to(actor), *_conditions(actor, wanted)).order_by(*_order(wanted))
    rows = await session.execute(listed.offset(skip).limit(most))
    lines = [_line(row) for row in rows]
    assigned = await _find_assigned(session, actor, [line.need.id for line in lines])
    return [_masked(line, line.need.id in assigned) for line in lines]


async def count_queue(
    session: AsyncSession, actor: StaffActor, scope: str = "party"
) -> Mapping[NeedState, int]:
    """How many needs of a scope stand in each state; what is past grows for ever and is not counted."""
    conditions = _conditions(actor, QueueFilter(scope=scope, states=frozenset(NeedState) - PAST))
    rows = await session.execute(
        select(Need.state, func.count()).where(_known_to(actor), *conditions).group_by(Need.state)
    )
    return dict(rows.all())


async def count_late(session: AsyncSession, actor: StaffActor, scope: str = "party") -> int:
    """How many needs of a scope wait for a first answer longer than was promised."""
    conditions = _conditions(actor, QueueFilter(scope=scope, late=True))
    return await session.scalar(select(func.count()).where(_known_to(actor), *conditions)) or 0


async def get_need_page(session: AsyncSession, actor: StaffActor, need_id: UUID) -> NeedPage:
    """One need for staff. A confidential one writes a line in the log of views, in the caller's transaction.

    Raises NotFound; for staff who may only know that it exists the page has `readable=False` and nothing in it.
    """
    row = (await session.execute(_lines().where(Need.id == need_id))).first()
    if row is None or not await may_know(session, actor, row[0]):
        raise NotFound
    line = _line(row)
    readable = await may_read(session, actor, line.need)
    if line.need.visibility is Visibility.CONFIDENTIAL:
        await _log_view(session, actor, need_id, allowed=readable)
    if not readable:
        return NeedPage(_masked(line, False), [], [], None, [])
    return await _page(session, line, with_notes=True)


async def find_colleagues(session: AsyncSession, party_id: UUID) -> Sequence[Staff]:
    """Staff of a party who can be assigned: not those who only look after accounts."""
    working = (Staff.party_id == party_id, Staff.disabled_at.is_(None), Staff.role != Role.ADMIN)
    wanted = select(Staff).where(*working).order_by(Staff.name)
    return (await session.scalars(wanted)).all()


async def find_parties(session: AsyncSession, community_id: UUID) -> Sequence[Party]:
    """The parties of a community, to hand over to."""
    return (
        await session.scalars(select(Party).where(Party.community_id == community_id).order_by(Party.type))
    ).all()


def _line(row: Row[Need, Party | None, Place | None, Staff | None]) -> NeedLine:
    need, party, place, assignee = row
    return NeedLine(need, party, place, assignee)


def _lines() -> Select[Need, Party | None, Place | None, Staff | None]:
    return (
        select(Need, Party, Place, Staff)
        .outerjoin(Party, Party.id == Need.lead_party_id)
        .outerjoin(Place, Place.id == Need.place_id)
        .outerjoin(Staff, Staff.id == Need.assignee_id)
    )


def _known_to(actor: StaffActor) -> ColumnElement[bool]:
    """The rule of `may_know` as a condition, so that lists and counts hold no more than single pages do."""
    if actor.role is Role.SOCIAL_WORKER:
        led = and_(Need.community_id == actor.community_id, Need.lead_party_id == actor.party_id)
        return or_(readable_to(actor), led)
    return readable_to(actor)


def readable_to(actor: StaffActor) -> ColumnElement[bool]:
    """The rule of `may_read` as a condition on needs."""
    open_to_all = Need.visibility != Visibility.CONFIDENTIAL
    inside = Need.community_id == actor.community_id
    own = Need.lead_party_id == actor.party_id
    if actor.role is Role.COMMITTEE:
        return and_(inside, open_to_all)
    if actor.role is Role.SOCIAL_WORKER:
        shared = and_(open_to_all, or_(own, is_shared_with(actor.party_id)))
        return and_(inside, or_(shared, and_(not_(open_to_all), _assigned_to(actor))))
    if actor.role is Role.PARTNER:
        return and_(inside, open_to_all, or_(own, is_shared_with(actor.party_id)))
    if actor.role is Role.STREET and actor.community_id is None:
        of_street = select(Party.id).where(Party.street_id == actor.street_id)
        return and_(open_to_all, Need.lead_party_id.in_(of_street))
    return false()


def _assigned_to(actor: StaffActor) -> ColumnElement[bool]:
    return Need.id.in_(
        select(NeedAssignment.need_id).where(
            NeedAssignment.staff_id == actor.staff_id, NeedAssignment.ended_at.is_(None)
        )
    )


def _conditions(actor: StaffActor, wanted: QueueFilter) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.scope == "mine":
        found.append(Need.assignee_id == actor.staff_id)
    elif wanted.scope != "all":
        found.append(Need.lead_party_id == actor.party_id)
    if wanted.states == PAST:
        found.append(PAST_ONLY)
    elif wanted.states:
        found.append(Need.state.in_(wanted.states))
    if wanted.kind:
        found.append(and_(Need.kind == wanted.kind, readable_to(actor)))
    if wanted.late:
        found.append(
            and_(Need.first_answered_at.is_(None), Need.first_answer_due_at < now(), Need.state.in_(UNENDED))
        )
    if words := wanted.words.strip():
        pattern = f"%{words.replace('%', '').replace('_', '')}%"
        readable = and_(Need.visibility != Visibility.CONFIDENTIAL, Need.words.ilike(pattern))
        found.append(or_(Need.code == words.upper(), readable))
    return found


def _order(wanted: QueueFilter) -> Sequence[ColumnElement[Any] | InstrumentedAttribute[Any]]:
    if wanted.states == PAST:
        return (Need.created_at.desc(),)
    ended, answered = Need.state.in_(ENDED), Need.first_answered_at.is_not(None)
    return ended, answered, Need.first_answer_due_at, Need.id


async def _log_view(session: AsyncSession, actor: StaffActor, need_id: UUID, *, allowed: bool) -> None:
    """One line a minute and reader: a page that refreshes itself is the same view."""
    moment = now()
    lately = exists().where(
        NeedView.need_id == need_id,
        NeedView.staff_id == actor.staff_id,
        NeedView.allowed == allowed,
        NeedView.at > moment - SAME_VIEW,
    )
    if not await session.scalar(select(lately)):
        session.add(
            NeedView(need_id=need_id, staff_id=actor.staff_id, at=moment, what="page", allowed=allowed)
        )


async def _find_assigned(session: AsyncSession, actor: StaffActor, need_ids: Sequence[UUID]) -> set[UUID]:
    if actor.role is not Role.SOCIAL_WORKER:
        return set()
    wanted = select(NeedAssignment.need_id).where(
        NeedAssignment.staff_id == actor.staff_id,
        NeedAssignment.ended_at.is_(None),
        NeedAssignment.need_id.in_(need_ids),
    )
    return set((await session.scalars(wanted)).all())


def _masked(line: NeedLine, assigned: bool) -> NeedLine:
    if line.need.visibility is not Visibility.CONFIDENTIAL or assigned:
        return line
    return NeedLine(line.need, line.party, None, line.assignee, readable=False)


async def _page(session: AsyncSession, line: NeedLine, *, with_notes: bool) -> NeedPage:
    need = line.need
    events = [
        *await _transitions(session, need.id, with_notes),
        *await _entries(session, need.id, with_notes),
    ]
    files = await session.scalars(select(NeedFile.file_id).where(NeedFile.need_id == need.id))
    survey = await session.scalar(
        select(Survey)
        .where(Survey.need_id == need.id)
        .order_by(Survey.round.desc(), Survey.turn.desc())
        .limit(1)
    )
    shares = await find_shares(session, need)
    ordered = sorted(events, key=lambda event: event.at)
    return NeedPage(line, ordered, files.all(), survey, [(party, share.value) for party, share in shares])


async def _transitions(session: AsyncSession, need_id: UUID, with_events: bool) -> list[Event]:
    wanted = (
        select(NeedHistory, Staff.name, Party)
        .outerjoin(Staff, Staff.id == NeedHistory.staff_id)
        .outerjoin(Party, Party.id == NeedHistory.party_id)
        .where(NeedHistory.need_id == need_id)
        .order_by(NeedHistory.id)
    )
    if not with_events:
        wanted = wanted.where(NeedHistory.event.is_(None))
    return [
        Event(
            line.at,
            line.event or line.to_state.value,
            name,
            _by(line),
            line.why,
            party.name if party is not None else None,
            line.details,
            by_itself=line.event is not None,
        )
        for line, name, party in await session.execute(wanted)
    ]


async def _entries(session: AsyncSession, need_id: UUID, with_notes: bool) -> list[Event]:
    wanted = _entries_of(need_id).order_by(NeedEntry.id)
    if not with_notes:
        wanted = wanted.where(NeedEntry.kind != EntryKind.NOTE)
    return [_event(row) for row in await session.execute(wanted)]


def _entries_of(need_id: UUID) -> Select[NeedEntry, str, Party]:
    return (
        select(NeedEntry, Staff.name, Party)
        .outerjoin(Staff, Staff.id == NeedEntry.staff_id)
        .outerjoin(Party, Party.id == Staff.party_id)
        .where(NeedEntry.need_id == need_id)
    )


def _event(row: Row[NeedEntry, str, Party]) -> Event:
    entry, name, party = row
    named = party.name if party is not None else None
    return Event(entry.at, entry.kind.value, name, _by(entry), entry.words, named)


def _by(row: NeedHistory | NeedEntry) -> str:
    if row.resident_id is not None:
        return "resident"
    return "staff" if row.staff_id is not None else "linli"
