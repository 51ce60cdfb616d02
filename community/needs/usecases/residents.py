"""What a resident does with needs, in the chat and on the pages alike: report, add words, withdraw."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from community.actors import SYSTEM, ResidentActor, StaffActor
from community.clock import now
from community.errors import NotFound, Refused, TooMany, WrongState
from community.files.usecases import find_own_files
from community.needs.clocks import due_at
from community.needs.codes import make_code
from community.needs.kinds import Kind, get_kind
from community.needs.models import (
    ENDED,
    CameBy,
    EntryKind,
    Need,
    NeedFile,
    NeedHistory,
    NeedState,
    Urgency,
    Visibility,
)
from community.needs.terms import keep_terms, make_terms
from community.needs.told import NOTHING_TOLD, Told, columns_of
from community.needs.usecases.routing import choose_lead
from community.needs.usecases.standing import add_coordinates
from community.needs.usecases.steps import (
    add_entry,
    is_added,
    lock_need,
    move_need,
    take_phones,
    tell_followers,
)
from community.parts.usecases import cancel_undone_parts
from community.places.models import Community, Place
from community.places.queries import find_path
from community.residents.models import Resident

MOST_FILES = 9


@dataclass(frozen=True, slots=True)
class Report:
    """What a resident confirmed: kind (a code of kinds.py), the own words, where, photos, how soon, and facts."""

    kind: str
    words: str
    place_id: UUID | None = None
    place_words: str | None = None
    file_ids: tuple[UUID, ...] = ()
    urgency: Urgency = Urgency.NORMAL
    visibility: Visibility | None = None
    told: Told = NOTHING_TOLD


@dataclass(frozen=True, slots=True)
class ReportLimits:
    """How many needs one person may report."""

    an_hour: int = 10
    a_day: int = 60


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
    if message_id is not None and (made := await _find_made(session, resident_id, message_id)):
        return made
    moment = at or now()
    community = await _get_community(session, resident_id)
    if filed is None:
        await _check_limits(session, resident_id, limits or ReportLimits(), moment)
    await _check_place(session, community, report.place_id)
    if message_id is not None:
        where = await add_coordinates(session, resident_id, message_id, report.place_words, moment)
        report = replace(report, place_words=where)
    need = await _insert_need(
        session, resident_id, community, report, message_id=message_id, filed=filed, at=moment
    )
    await _attach(session, need, resident_id, report.file_ids)
    await _write_first_lines(session, need, filed.actor if filed else ResidentActor(resident_id), moment)
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
    await tell_followers(session, need, "followed_withdrawn", "withdrawn")
    need.closed_at = need.changed_at
    return need


async def lock_own_need(session: AsyncSession, resident_id: UUID, need_id: UUID) -> Need:
    """The resident's own need, locked; NotFound also where it is somebody else's."""
    need = await lock_need(session, need_id)
    if need.resident_id != resident_id:
        raise NotFound
    return need


async def _find_made(session: AsyncSession, resident_id: UUID, message_id: int) -> Need | None:
    made: Need | None = await session.scalar(
        select(Need).where(Need.message_id == message_id, Need.resident_id == resident_id)
    )
    return made


async def _get_community(session: AsyncSession, resident_id: UUID) -> Community:
    community: Community | None = await session.scalar(
        select(Community)
        .join(Resident, Resident.community_id == Community.id)
        .where(Resident.id == resident_id)
    )
    if community is None:
        raise Refused("community_unknown")
    return community


async def _check_limits(session: AsyncSession, resident_id: UUID, limits: ReportLimits, at: datetime) -> None:
    latest = await session.scalars(
        select(Need.created_at)
        .where(Need.resident_id == resident_id)
        .order_by(Need.created_at.desc())
        .limit(max(limits.an_hour, limits.a_day))
    )
    moments = latest.all()
    for most, window in ((limits.an_hour, timedelta(hours=1)), (limits.a_day, timedelta(days=1))):
        if len(moments) >= most and (left := moments[most - 1] + window - at) > timedelta():
            raise TooMany(int(left.total_seconds()) + 1, "too_many_reports")


async def _check_place(session: AsyncSession, community: Community, place_id: UUID | None) -> None:
    if place_id is None:
        return
    place = await session.get(Place, place_id)
    if place is None or place.community_id != community.id:
        raise NotFound("unknown_place")


async def _insert_need(
    session: AsyncSession,
    resident_id: UUID,
    community: Community,
    report: Report,
    *,
    message_id: int | None,
    filed: Filed | None,
    at: datetime,
) -> Need:
    kind = get_kind(report.kind)
    told, visibility = (
        columns_of(report.told, report.words, report.place_words),
        report.visibility or kind.visibility,
    )
    values = {
        "community_id": community.id,
        "resident_id": resident_id,
        "message_id": message_id,
        "came_by": filed.came_by if filed else CameBy.CHAT,
        "filed_by": filed.actor.staff_id if filed else None,
        "request_id": filed.request_id if filed else None,
        "kind": kind.code,
        **told,
        "place_id": report.place_id,
        "urgency": report.urgency,
        "visibility": visibility,
        "terms": await _first_terms(session, kind, visibility, told, report.place_id, at),
        "state": NeedState.REPORTED,
        "first_answer_due_at": due_at(kind, report.urgency, at, community.office_hours, community.zone),
        "created_at": at,
        "changed_at": at,
    }
    need: Need | None = None
    while need is None:
        row = (
            insert(Need).values(code=make_code(), **values).on_conflict_do_nothing(index_elements=[Need.code])
        )
        need = await session.scalar(row.returning(Need))
    return need


async def _first_terms(
    session: AsyncSession,
    kind: Kind,
    visibility: Visibility,
    told: Mapping[str, Any],
    place_id: UUID | None,
    at: datetime,
) -> list[str]:
    if visibility is Visibility.CONFIDENTIAL:
        return []
    return make_terms(
        kind=kind.code,
        words=[told["words"], told["place_words"] or ""],
        path=await find_path(session, place_id),
        phones=told["contact_phones"],
        at=at,
    )


async def _attach(session: AsyncSession, need: Need, resident_id: UUID, file_ids: Sequence[UUID]) -> None:
    if not file_ids:
        return
    for file_id in await find_own_files(session, resident_id, file_ids[:MOST_FILES]):
        row = insert(NeedFile).values(need_id=need.id, file_id=file_id)
        await session.execute(row.on_conflict_do_nothing())


async def _write_first_lines(
    session: AsyncSession, need: Need, who: ResidentActor | StaffActor, at: datetime
) -> None:
    route = await choose_lead(session, need, at=at)
    by = {"staff_id": who.staff_id} if isinstance(who, StaffActor) else {"resident_id": who.resident_id}
    session.add(NeedHistory(need_id=need.id, at=at, to_state=NeedState.REPORTED, **by))
    need.lead_party_id, need.routing_why, need.routing_values = route.party.id, route.why, dict(route.values)
    await move_need(session, SYSTEM, need, NeedState.ROUTED, why=route.why, details=route.values, at=at)
