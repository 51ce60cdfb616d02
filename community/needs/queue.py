"""The queues of the console: whose needs, filtered, in the order in which they press; counts beside their names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, case, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from community.actors import StaffActor
from community.needs.filtering import QueueFilter, Scope, conditions_of
from community.needs.known import known_to
from community.needs.lines import PAGE, NeedLine, find_assigned, line_of, masked, select_lines
from community.needs.looking import find_past_ids, find_present_ids
from community.needs.models import ENDED, PAST, PAST_ONLY, UNENDED, Need, NeedState
from community.parties.models import Party, Staff
from community.places.models import Place
from community.search.asking import read_sought

Lines = Select[Need, Party | None, Place | None, Staff | None]
NOT_PAST = frozenset(NeedState) - PAST


async def find_queue(
    session: AsyncSession, actor: StaffActor, wanted: QueueFilter, *, most: int = PAGE, skip: int = 0
) -> Sequence[NeedLine]:
    """A page of the queue: what is not past in the order in which it is due, then what is past, the latest first.

    Masked where the actor may not read.
    """
    states = wanted.states or frozenset(NeedState)
    present, past = states - PAST, states & PAST
    wanted_ids = await _look_for(session, actor, wanted, present) if present else None
    lines: list[NeedLine] = []
    if present and (wanted_ids is None or wanted_ids):
        listed = _present(actor, wanted, present, wanted_ids).order_by(*_pressing())
        lines = await _find(session, listed.offset(skip).limit(most))
    if past and len(lines) < most:
        before = (
            await _count_present(session, actor, wanted, present, wanted_ids)
            if present and skip
            else len(lines)
        )
        lines += await _find_past(session, actor, wanted, most - len(lines), max(0, skip - before))
    assigned = await find_assigned(session, actor, [line.need.id for line in lines])
    return [masked(line, line.need.id in assigned) for line in lines]


async def count_scopes(session: AsyncSession, actor: StaffActor) -> Mapping[Scope, int]:
    """How many needs that are not over stand in each queue that has a count, in one look at the party's open needs."""
    counted = (Scope.MINE, Scope.PARTY, Scope.UNASSIGNED, Scope.AT_RISK, Scope.WAITING)
    of_party = (known_to(actor), Need.lead_party_id == actor.party_id, Need.state.in_(UNENDED))
    each = [
        func.count().filter(*conditions_of(actor, QueueFilter(scope=scope))).label(scope.value)
        for scope in counted
    ]
    row = (await session.execute(select(*each).select_from(Need).where(*of_party))).one()
    parts = conditions_of(actor, QueueFilter(scope=Scope.PARTS))
    asked = select(func.count()).select_from(Need).where(known_to(actor), *parts, Need.state.in_(UNENDED))
    return dict(zip(counted, row, strict=True)) | {Scope.PARTS: await session.scalar(asked) or 0}


async def count_queue(
    session: AsyncSession,
    actor: StaffActor,
    scope: Scope = Scope.PARTY,
    states: frozenset[NeedState] = NOT_PAST,
) -> Mapping[NeedState, int]:
    """How many needs of a queue stand in each of the states; what is past grows for ever and is not counted."""
    rows = await session.execute(
        select(Need.state, func.count())
        .where(known_to(actor), *conditions_of(actor, QueueFilter(scope=scope)))
        .where(Need.state.in_(states - PAST))
        .group_by(Need.state)
    )
    return dict(rows.all())


async def count_late(session: AsyncSession, actor: StaffActor, scope: Scope = Scope.PARTY) -> int:
    """How many needs of a queue wait for a first answer longer than was promised."""
    late = conditions_of(actor, QueueFilter(scope=scope, late=True))
    return await session.scalar(select(func.count()).where(known_to(actor), *late)) or 0


async def _look_for(
    session: AsyncSession, actor: StaffActor, wanted: QueueFilter, states: frozenset[NeedState]
) -> Sequence[UUID] | None:
    """The ids of what holds the words; None where no words are looked for."""
    if not read_sought(wanted.words):
        return None
    return await find_present_ids(session, actor, wanted, states)


def _present(
    actor: StaffActor, wanted: QueueFilter, states: frozenset[NeedState], ids: Sequence[UUID] | None
) -> Lines:
    if ids is not None:
        return select_lines().where(Need.id.in_(ids))
    return select_lines().where(known_to(actor), Need.state.in_(states), *conditions_of(actor, wanted))


async def _count_present(
    session: AsyncSession,
    actor: StaffActor,
    wanted: QueueFilter,
    states: frozenset[NeedState],
    ids: Sequence[UUID] | None,
) -> int:
    if ids is not None:
        return len(ids)
    counted = select(func.count()).select_from(Need).where(known_to(actor), Need.state.in_(states))
    return await session.scalar(counted.where(*conditions_of(actor, wanted))) or 0


async def _find_past(
    session: AsyncSession,
    actor: StaffActor,
    wanted: QueueFilter,
    most: int,
    skip: int,
) -> list[NeedLine]:
    latest = Need.created_at.desc()
    if read_sought(wanted.words):
        ids = await find_past_ids(session, actor, wanted, most=most, skip=skip)
        return await _find(session, select_lines().where(Need.id.in_(ids)).order_by(latest)) if ids else []
    listed = select_lines().where(known_to(actor), PAST_ONLY, *conditions_of(actor, wanted))
    return await _find(session, listed.order_by(latest).offset(skip).limit(most))


def _pressing() -> Sequence[ColumnElement[Any] | InstrumentedAttribute[Any]]:
    """First what has no answer yet, by when that was promised; then what has, by when it is to be solved."""
    ended, answered = Need.state.in_(ENDED), Need.first_answered_at.is_not(None)
    due_at = case((answered, Need.solution_due_at), else_=Need.first_answer_due_at)
    return ended, answered, due_at, Need.id


async def _find(session: AsyncSession, wanted: Lines) -> list[NeedLine]:
    return [line_of(row) for row in await session.execute(wanted)]
