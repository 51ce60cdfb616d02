"""What a resident does with needs, in the chat and on the pages alike: report, add words, withdraw."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from community.actors import SYSTEM, ResidentActor, StaffActor
from community.clock import now
from community.clocks.running import make_first_clocks
from community.conversations.usecases import end_talks_about
from community.duplicates.finding import make_vectors
from community.errors import NotFound, Refused, TooMany, WrongState
from community.files.usecases import find_own_files
from community.needs.clocks import due_at, solution_due_at
from community.needs.kinds import Kind, get_kind
from community.needs.models import (
    ENDED,
    CameBy,
    EntryKind,
    Need,
    NeedFile,
    NeedState,
    Urgency,
    Visibility,
)
from community.needs.terms import keep_terms, make_terms
from community.needs.told import NOTHING_TOLD, Told, columns_of
from community.needs.usecases.before import look_back
from community.needs.usecases.routing import choose_lead
from community.needs.usecases.steps import (
    add_entry,
    bell_of,
    first_line,
    is_added,
    lock_need,
    move_need,
    next_line,
    take_phones,
    tell_followers,
)
from community.parts.usecases import cancel_undone_parts
from community.places.models import Community, Place
from community.places.queries import find_path
from community.places.tree import PlaceNode
from community.places.trees import get_tree
from community.residents.models import Resident
from community.staff_reach.urgent import tell_of_urgent_need
from community.together import store_together

MOST_FILES = 9


@dataclass(frozen=True, slots=True)
class Report:
    """What a resident confirmed: kind (a code of kinds.py), the own words, where, photos, how soon, and facts.

    `meaning` is the vector of the words, by which a neighbour's like need is found.
    """

    kind: str
    words: str
    place_id: UUID | None = None
    place_words: str | None = None
    file_ids: tuple[UUID, ...] = ()
    urgency: Urgency = Urgency.NORMAL
    visibility: Visibility | None = None
    told: Told = NOTHING_TOLD
    meaning: bytes | None = None


@dataclass(frozen=True, slots=True)
class ReportLimits:
    """How many needs one person may report."""

    an_hour: int = 10
    a_day: int = 60

    @property
    def most(self) -> int:
        """So many of the latest reports decide whether one more is too many."""
        return max(self.an_hour, self.a_day)


@dataclass(frozen=True, slots=True)
class Filed:
    """Who of staff files the report for the resident, how it came, and the form that did it."""

    actor: StaffActor
    came_by: CameBy
    request_id: UUID


async def report_need(
    session: AsyncSession,
    resident_id: UUID,
    report: Report,
    *,
    message_id: int | None = None,
    limits: ReportLimits | None = None,
    filed: Filed | None = None,
    at: datetime | None = None,
) -> Need:
    """Store a confirmed report and route it. The same `message_id` again gives the need that it made before.

    What staff file (filing.py) is not counted among what the person reports.
    Raises Refused("community_unknown") where the resident's community is not known yet, NotFound for a place of
    another community, TooMany over the limits.
    """
    moment, limits = at or now(), limits or ReportLimits()
    before = await look_back(session, resident_id, message_id, limits.most, moment)
    if before.made is not None:
        return await session.get_one(Need, before.made)
    community = await _get_community(session, resident_id)
    if filed is None:
        _check_limits(before.reported, limits, moment)
    path = await _find_path(session, community, report.place_id)
    report = replace(report, place_words=before.put_coordinates(report.place_words))
    need = _make_need(before.code, resident_id, community, report, path, at=moment)
    need.message_id = message_id
    if filed is not None:
        need.came_by, need.filed_by, need.request_id = filed.came_by, filed.actor.staff_id, filed.request_id
    await _store(
        session, need, community, filed.actor if filed else ResidentActor(resident_id), report.meaning
    )
    await _attach(session, need, resident_id, report.file_ids)
    return need


async def add_to_need(
    session: AsyncSession,
    resident_id: UUID,
    need_id: UUID,
    words: str,
    *,
    file_ids: Sequence[UUID] = (),
    message_id: int | None = None,
    request_id: UUID | None = None,
) -> Need:
    """Add the resident's words or photos to an own need that is not over; a repeated id adds nothing.

    A phone in the words is one more to be called about this need, and does not stay in them.
    """
    need = await lock_own_need(session, resident_id, need_id)
    if await is_added(session, message_id=message_id, request_id=request_id):
        return need
    if need.state in ENDED:
        raise WrongState("need_is_over", code=need.code)
    actor = ResidentActor(resident_id)
    kept = take_phones(need, words)
    await add_entry(
        session, need, EntryKind.ADDITION, kept, actor=actor, message_id=message_id, request_id=request_id
    )
    await keep_terms(session, need)
    await _attach(session, need, resident_id, file_ids)
    return need


async def withdraw_need(
    session: AsyncSession, resident_id: UUID, need_id: UUID, why: str | None = None
) -> Need:
    """Take an own need back. Withdrawing a withdrawn one changes nothing; one that is over raises WrongState.

    A phone does not stay in the words why, as in `add_to_need`.
    """
    need = await lock_own_need(session, resident_id, need_id)
    if need.state is NeedState.WITHDRAWN:
        return need
    kept = take_phones(need, why) if why else None
    await move_need(session, ResidentActor(resident_id), need, NeedState.WITHDRAWN, why=kept)
    await keep_terms(session, need)
    await cancel_undone_parts(session, need)
    await end_talks_about(session, need)
    await tell_followers(session, need, "followed_withdrawn", "withdrawn")
    need.closed_at = need.changed_at
    return need


async def lock_own_need(session: AsyncSession, resident_id: UUID, need_id: UUID) -> Need:
    """The resident's own need, locked; NotFound also where it is somebody else's."""
    need = await lock_need(session, need_id)
    if need.resident_id != resident_id:
        raise NotFound
    return need


async def _get_community(session: AsyncSession, resident_id: UUID) -> Community:
    resident = await session.get(Resident, resident_id)
    if resident is None or resident.community_id is None:
        raise Refused("community_unknown")
    return await session.get_one(Community, resident.community_id)


def _check_limits(reported: Sequence[datetime], limits: ReportLimits, at: datetime) -> None:
    for most, window in ((limits.an_hour, timedelta(hours=1)), (limits.a_day, timedelta(days=1))):
        if len(reported) >= most and (left := reported[most - 1] + window - at) > timedelta():
            raise TooMany(int(left.total_seconds()) + 1, "too_many_reports")


async def _find_path(
    session: AsyncSession, community: Community, place_id: UUID | None
) -> Sequence[Place | PlaceNode]:
    """The place and what it lies in, by the tree that is kept in memory; one that is new to it is looked up."""
    if place_id is None:
        return []
    if kept := (await get_tree(session, community.id)).path(place_id):
        return kept
    path = await find_path(session, place_id)
    if not path or path[0].community_id != community.id:
        raise NotFound("unknown_place")
    return path


def _make_need(
    code: str,
    resident_id: UUID,
    community: Community,
    report: Report,
    path: Sequence[Place | PlaceNode],
    *,
    at: datetime,
) -> Need:
    """The need as it is when it has been reported and nobody has it yet; it is not stored by this."""
    kind = get_kind(report.kind)
    visibility = report.visibility or kind.visibility
    told = columns_of(report.told, report.words, report.place_words)
    hours, zone = community.office_hours, community.zone
    return Need(
        id=uuid4(),
        code=code,
        community_id=community.id,
        resident_id=resident_id,
        came_by=CameBy.CHAT,
        kind=kind.code,
        **told,
        place_id=report.place_id,
        urgency=report.urgency,
        visibility=visibility,
        terms=[] if visibility is Visibility.CONFIDENTIAL else _first_terms(kind, told, path, at),
        state=NeedState.REPORTED,
        declines=0,
        first_answer_due_at=due_at(kind, report.urgency, at, hours, zone),
        solution_due_at=solution_due_at(kind, report.urgency, at, hours, zone),
        created_at=at,
        changed_at=at,
    )


def _first_terms(
    kind: Kind, told: Mapping[str, Any], path: Sequence[Place | PlaceNode], at: datetime
) -> list[str]:
    words = [told["words"], told["place_words"] or ""]
    return make_terms(kind=kind.code, words=words, path=path, phones=told["contact_phones"], at=at)


async def _store(
    session: AsyncSession,
    need: Need,
    community: Community,
    who: ResidentActor | StaffActor,
    meaning: bytes | None,
) -> None:
    """Store the need with the party that leads it, its first two lines of history, its clocks and its meaning."""
    route = await choose_lead(session, need, at=need.created_at)
    need.lead_party_id, need.routing_why, need.routing_values = route.party.id, route.why, dict(route.values)
    reported = first_line(need, who)
    routed = next_line(
        need, SYSTEM, NeedState.ROUTED, why=route.why, details=route.values, at=need.created_at
    )
    clocks = make_first_clocks(need, community, need.created_at)
    rows = [need, reported, routed, *clocks, *make_vectors(need, meaning)]
    await store_together(session, rows, told=bell_of(need.community_id, need.lead_party_id))
    if need.urgency is Urgency.URGENT:
        await tell_of_urgent_need(session, need, need.created_at)


async def _attach(session: AsyncSession, need: Need, resident_id: UUID, file_ids: Sequence[UUID]) -> None:
    if not file_ids:
        return
    for file_id in await find_own_files(session, resident_id, file_ids[:MOST_FILES]):
        row = insert(NeedFile).values(need_id=need.id, file_id=file_id)
        await session.execute(row.on_conflict_do_nothing())
