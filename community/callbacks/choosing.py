"""Who is to call back: who of the leading party or the committee did not handle the need and has least to do."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, ScalarSelect, Select, exists, false, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

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


async def find_callers(
    session: AsyncSession, need: Need, at: datetime, *, before: datetime | None = None
) -> Sequence[Staff]:
    """Who may call about a need, who has least to do first: nobody who had a hand in it, nobody who is absent.

    `before` is when the call-back was made: whoever came to the need after that, to read it for the call, may call.
    """
    wanted = (
        select(Staff)
        .join(Party, Party.id == Staff.party_id)
        .where(Staff.disabled_at.is_(None), Staff.role != Role.ADMIN, ~is_absent(at))
        .where(Staff.id.not_in(_hands(need.id, before)))
        .order_by(_count_calls(), _count_needs(), Staff.name, Staff.id)
    )
    return (await session.scalars(wanted.where(*_of_the_parties(need)))).all()


async def had_a_hand(
    session: AsyncSession, staff_id: UUID, need: Need, *, before: datetime | None = None
) -> bool:
    """Whether a member of staff filed, took, answered or moved this need, so may not say how well it was done."""
    mine = exists().where(Staff.id == staff_id, Staff.id.in_(_hands(need.id, before)))
    return bool(await session.scalar(select(mine)))


def _of_the_parties(need: Need) -> list[ColumnElement[bool]]:
    """The leading party and the committee; of a confidential need only the social workers who lead it."""
    if need.visibility is Visibility.CONFIDENTIAL:
        return [Staff.party_id == need.lead_party_id, Staff.role == Role.SOCIAL_WORKER]
    committee = (Party.community_id == need.community_id) & (Party.type == PartyType.COMMITTEE)
    return [or_(Staff.party_id == need.lead_party_id, committee)]


def _hands(need_id: UUID, before: datetime | None) -> Select[UUID]:
    """Who filed the need, acted on it, answered the resident, or was assigned to it.

    A note among staff is no hand, nor is an earlier call-back.
    """
    called = or_(NeedHistory.event.startswith("call_back_"), NeedHistory.to_state == NeedState.REOPENED)
    acted = select(NeedHistory.staff_id.label("staff_id")).where(
        NeedHistory.need_id == need_id,
        NeedHistory.staff_id.is_not(None),
        func.coalesce(called, false()).is_(False),
    )
    filed = select(Need.filed_by).where(Need.id == need_id, Need.filed_by.is_not(None))
    said = select(NeedEntry.staff_id).where(
        NeedEntry.need_id == need_id, NeedEntry.staff_id.is_not(None), NeedEntry.kind == EntryKind.ANSWER
    )
    held = select(NeedAssignment.staff_id).where(NeedAssignment.need_id == need_id)
    if before is not None:
        acted, said = acted.where(NeedHistory.at <= before), said.where(NeedEntry.at <= before)
        held = held.where(NeedAssignment.at <= before)
    every = acted.union(said, held, filed).subquery()
    return select(every.c.staff_id)


def _count_calls() -> ScalarSelect[int]:
    open_ones = select(func.count()).where(
        CallBack.staff_id == Staff.id, CallBack.state == CallBackState.OPEN
    )
    return open_ones.correlate(Staff).scalar_subquery()


def _count_needs() -> ScalarSelect[int]:
    handled = select(func.count()).where(Need.assignee_id == Staff.id, Need.state.in_(UNENDED))
    return handled.correlate(Staff).scalar_subquery()
