"""Who is to call back: who of the leading party or the committee did not handle the need and has least to do."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, ScalarSelect, and_, exists, false, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from community.callbacks.models import CallBack, CallBackState
from community.needs.models import (
    UNENDED,
    EntryKind,
    Need,
    NeedAssignment,
    NeedEntry,
    NeedHistory,
    NeedState,
    Visibility,
)
from community.parties.models import Party, PartyType, Role, Staff
from community.routing.people import is_absent
from community.staff_reach.models import StaffLink
from community.staff_reach.queries import is_resident

Moment = datetime | InstrumentedAttribute[datetime]


async def find_callers(
    session: AsyncSession, need: Need, at: datetime, *, before: datetime | None = None
) -> Sequence[Staff]:
    """Who may call about a need, who has least to do first: nobody whose own it is, nobody who is absent.

    `before` is when the call-back was made: whoever came to the need after that, to read it for the call, may call.
    """
    wanted = (
        select(Staff)
        .select_from(Need)
        .join(Party, _is_asked())
        .join(Staff, Staff.party_id == Party.id)
        .where(Need.id == need.id, *_fits(at), ~_is_own(before))
        .order_by(_count_calls(), _count_needs(), Staff.name, Staff.id)
    )
    return (await session.scalars(wanted)).all()


async def find_callers_of_all(
    session: AsyncSession, call_back_ids: Sequence[UUID], at: datetime
) -> Mapping[UUID, Sequence[Staff]]:
    """Who may make each of these call-backs, as `find_callers` says it of one."""
    if not call_back_ids:
        return {}
    wanted = (
        select(CallBack.id, Staff)
        .join(Need, Need.id == CallBack.need_id)
        .join(Party, _is_asked())
        .join(Staff, Staff.party_id == Party.id)
        .where(CallBack.id.in_(call_back_ids), *_fits(at), ~_is_own(CallBack.created_at))
        .order_by(_count_calls(), _count_needs(), Staff.name, Staff.id)
    )
    callers: defaultdict[UUID, list[Staff]] = defaultdict(list)
    for call_back_id, person in await session.execute(wanted):
        callers[call_back_id].append(person)
    return callers


async def had_a_hand(
    session: AsyncSession, staff_id: UUID, need: Need, *, before: datetime | None = None
) -> bool:
    """Whether a member of staff filed, took, answered or moved this need, or is its resident, so may not say how well
    it was done."""
    mine = exists().where(Staff.id == staff_id, Need.id == need.id, _is_own(before))
    return bool(await session.scalar(select(mine)))


async def rates_own_work(session: AsyncSession, resident_id: UUID, need: Need) -> bool:
    """Whether this resident is a colleague, by an own account, who had a hand in the need."""
    linked = select(StaffLink.staff_id).where(StaffLink.resident_id == resident_id)
    mine = exists().where(Staff.id.in_(linked), Need.id == need.id, _had_a_hand(None))
    return bool(await session.scalar(select(mine)))


def _is_asked() -> ColumnElement[bool]:
    """The leading party and the committee; of a confidential need only the party that leads it."""
    committee = and_(Party.community_id == Need.community_id, Party.type == PartyType.COMMITTEE)
    return or_(Party.id == Need.lead_party_id, and_(Need.visibility != Visibility.CONFIDENTIAL, committee))


def _fits(at: datetime) -> tuple[ColumnElement[bool], ...]:
    """Works there and is present; for a confidential need, is a social worker."""
    reads = or_(Need.visibility != Visibility.CONFIDENTIAL, Staff.role == Role.SOCIAL_WORKER)
    return (Staff.disabled_at.is_(None), Staff.role != Role.ADMIN, ~is_absent(at), reads)


def _is_own(before: Moment | None) -> ColumnElement[bool]:
    """Whether `Need` is the work of `Staff`, or the own matter."""
    return or_(_had_a_hand(before), is_resident(Staff.id, Need.resident_id))


def _had_a_hand(before: Moment | None) -> ColumnElement[bool]:
    """Whether `Staff` filed `Need`, acted on it, answered the resident, or was assigned to it.

    A note among staff is no hand, nor is an earlier call-back.
    """
    called = or_(NeedHistory.event.startswith("call_back_"), NeedHistory.to_state == NeedState.REOPENED)
    acted = exists().where(
        NeedHistory.need_id == Need.id,
        NeedHistory.staff_id == Staff.id,
        func.coalesce(called, false()).is_(False),
        *_until(NeedHistory.at, before),
    )
    said = exists().where(
        NeedEntry.need_id == Need.id,
        NeedEntry.staff_id == Staff.id,
        NeedEntry.kind == EntryKind.ANSWER,
        *_until(NeedEntry.at, before),
    )
    held = exists().where(
        NeedAssignment.need_id == Need.id,
        NeedAssignment.staff_id == Staff.id,
        *_until(NeedAssignment.at, before),
    )
    return or_(Need.filed_by.is_not_distinct_from(Staff.id), acted, said, held)


def _until(at: InstrumentedAttribute[datetime], before: Moment | None) -> list[ColumnElement[bool]]:
    return [] if before is None else [at <= before]


def _count_calls() -> ScalarSelect[int]:
    open_ones = select(func.count()).where(
        CallBack.staff_id == Staff.id, CallBack.state == CallBackState.OPEN
    )
    return open_ones.correlate(Staff).scalar_subquery()


def _count_needs() -> ScalarSelect[int]:
    handled = select(func.count()).where(Need.assignee_id == Staff.id, Need.state.in_(UNENDED))
    return handled.correlate(Staff).scalar_subquery()
