"""Starts, pauses, resumes and ends the clocks of a need, within the change that causes it; the need is locked by then.

`community/needs/usecases/steps.py` calls this at every transition and entry; the reminders are sent by `reminding.py`.
The due moments of a need are copies of its clocks', so what is promised, shown and reminded of is one thing.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from community.clocks.models import ClockName, ClockStep, NeedClock, Outcome
from community.clocks.moments import LADDER, allowed_for, count_anew, moment_of, next_moment, passed
from community.errors import NotFound
from community.needs.clocks import add_time
from community.needs.models import ClockMark, Need, NeedState, Urgency
from community.places.models import Community

ALL = frozenset(ClockName)
_NEW_ROUND = (ClockName.ACCEPT, ClockName.ANSWER, ClockName.SOLUTION)
_PROMISED = frozenset({ClockName.ANSWER, ClockName.SOLUTION})
_ENDS_ALL = frozenset({NeedState.RESOLVED, NeedState.CLOSED, NeedState.WITHDRAWN})


def make_first_clocks(need: Need, community: Community, at: datetime) -> Sequence[NeedClock]:
    """The clocks of a need that is reported and routed at `at`; they are not stored by this."""
    clocks = [_make(need, name, 1, at, community) for name in _NEW_ROUND]
    _copy(need, clocks)
    return clocks


async def follow_move(session: AsyncSession, need: Need, came_from: NeedState | None, at: datetime) -> None:
    """What a transition, which has just happened, does to the clocks."""
    if need.state is NeedState.ROUTED:
        await end_clocks(session, need, {ClockName.ACCEPT}, at)
        again = () if came_from is not NeedState.CLOSED else _promised_again(need)
        await _start(session, need, (ClockName.ACCEPT, *again), at)
    elif need.state is NeedState.REOPENED:
        need.first_answered_at = None
        await _start(session, need, _NEW_ROUND, at)
    elif need.state in _ENDS_ALL:
        await end_clocks(session, need, ALL, at, stopped=need.state is not NeedState.RESOLVED)
    else:
        await end_clocks(session, need, {ClockName.ACCEPT}, at)
    await session.flush()


async def end_clocks(
    session: AsyncSession, need: Need, names: Collection[ClockName], at: datetime, *, stopped: bool = False
) -> None:
    """What these clocks wait for has happened; or it does not matter any more (`stopped`)."""
    clocks = await find_running(session, need)
    for clock in clocks:
        if clock.name in names:
            in_time = (clock.paused_at or at) <= clock.due_at
            clock.outcome = Outcome.STOPPED if stopped else Outcome.MET if in_time else Outcome.LATE
            clock.ended_at, clock.next_step, clock.next_at = at, None, None
    if ClockName.WAITING in names:
        need.waiting_since = None
    mark_need(need, clocks)
    await session.flush()


async def pause_clocks(session: AsyncSession, need: Need, at: datetime) -> None:
    """Staff wait for the resident: what was promised stands still, and the waiting has a clock of its own."""
    if need.waiting_since is not None:
        return
    community = await _get_community(session, need)
    clocks = await find_running(session, need)
    for clock in clocks:
        if clock.name in _PROMISED:
            clock.used += int(passed(clock, at, community).total_seconds())
            clock.paused_at, clock.next_at = at, None
    need.waiting_since = at
    mark_need(need, clocks)
    await _start(session, need, (ClockName.WAITING,), at)


async def resume_clocks(session: AsyncSession, need: Need, at: datetime) -> None:
    """The waiting is over: due moments move by the working time that was waited."""
    if need.waiting_since is None:
        return
    community = await _get_community(session, need)
    await end_clocks(session, need, {ClockName.WAITING}, at)
    clocks = await find_running(session, need)
    for clock in clocks:
        if clock.paused_at is not None:
            clock.counted_from, clock.paused_at = at, None
            if clock.used < clock.minutes * 60:
                clock.due_at = moment_of(clock, ClockStep.OVERDUE, community)
            clock.next_at = next_moment(clock, community)
    _copy(need, clocks)
    mark_need(need, clocks)
    await session.flush()


async def change_times(session: AsyncSession, need: Need) -> None:
    """Kind or urgency changed: the clocks have the new times, counted from where they began, without what was waited.

    A first answer that was promised is not moved later, and what has run out stays so.
    """
    community = await _get_community(session, need)
    clocks, waits = await find_running(session, need), await _find_waits(session, need)
    for clock in clocks:
        allowed = allowed_for(need, clock.name)
        fresh = add_time(allowed, clock.started_at, community.office_hours, community.zone)
        if clock.name not in _PROMISED or clock.next_step is None:
            continue
        if clock.name is ClockName.ANSWER and fresh > clock.due_at:
            continue
        clock.minutes, clock.around_the_clock = allowed.minutes, allowed.around_the_clock
        count_anew(clock, waits, community)
        clock.due_at = moment_of(clock, ClockStep.OVERDUE, community)
        if clock.paused_at is None:
            clock.next_at = next_moment(clock, community)
    _copy(need, clocks)
    await session.flush()


async def hurry_clocks(session: AsyncSession, need: Need, at: datetime) -> None:
    """The need is a crisis from `at` on: what runs begins anew then with a crisis's times, and only its end reminds.

    What was promised is never moved later, so a clock that ends sooner keeps its end. Who was answered before is
    answered anew: about the danger nobody has said anything yet.
    """
    community = await _get_community(session, need)
    clocks = await find_running(session, need)
    for clock in clocks:
        if clock.name is ClockName.WAITING:
            continue
        allowed = allowed_for(need, clock.name)
        fresh = add_time(allowed, at, community.office_hours, community.zone)
        if fresh < clock.due_at:
            clock.minutes, clock.around_the_clock = allowed.minutes, allowed.around_the_clock
            clock.started_at, clock.counted_from, clock.used, clock.due_at = at, at, 0, fresh
        if clock.next_step is not None:
            clock.next_step = ClockStep.OVERDUE
            clock.next_at = None if clock.paused_at else clock.due_at
    _copy(need, clocks)
    if all(clock.name is not ClockName.ANSWER for clock in clocks):
        need.first_answered_at = None
        await _start(session, need, (ClockName.ANSWER,), at)
    mark_need(need, clocks)
    await session.flush()


async def find_running(session: AsyncSession, need: Need) -> Sequence[NeedClock]:
    """The clocks of a need that have not ended."""
    wanted = select(NeedClock).where(NeedClock.need_id == need.id, NeedClock.ended_at.is_(None))
    return (await session.scalars(wanted.order_by(NeedClock.id))).all()


def take_step(clock: NeedClock, community: Community) -> None:
    """The due reminder was sent: the next one is due when more of the time is used."""
    steps = list(LADDER)
    if clock.name is ClockName.WAITING:
        steps = [ClockStep.PERSON, ClockStep.OVERDUE]
    later = steps[steps.index(clock.next_step) + 1 :] if clock.next_step else []
    clock.next_step = later[0] if later else None
    clock.next_at = next_moment(clock, community)


async def set_back(session: AsyncSession, need: Need, since: datetime, at: datetime) -> None:
    """What happened to the clocks since a moment happened at `at` instead: for stories that are told afterwards."""
    community = await _get_community(session, need)
    wanted = select(NeedClock).where(NeedClock.need_id == need.id).order_by(NeedClock.id)
    clocks = (await session.scalars(wanted)).all()
    for clock in clocks:
        if clock.started_at >= since:
            clock.started_at = clock.counted_from = at
            clock.due_at = moment_of(clock, ClockStep.OVERDUE, community)
            clock.next_at = next_moment(clock, community)
        if clock.ended_at is not None and clock.ended_at >= since:
            clock.ended_at = at
            if clock.outcome is not Outcome.STOPPED:
                clock.outcome = Outcome.MET if at <= clock.due_at else Outcome.LATE
    _copy(need, clocks)
    await session.flush()


async def _find_waits(session: AsyncSession, need: Need) -> Sequence[NeedClock]:
    waits = select(NeedClock).where(NeedClock.need_id == need.id, NeedClock.name == ClockName.WAITING)
    return (await session.scalars(waits.order_by(NeedClock.started_at))).all()


def _promised_again(need: Need) -> tuple[ClockName, ...]:
    return (ClockName.SOLUTION,) if need.first_answered_at else (ClockName.ANSWER, ClockName.SOLUTION)


async def _start(session: AsyncSession, need: Need, names: Sequence[ClockName], at: datetime) -> None:
    community = await _get_community(session, need)
    before = await _count_rounds(session, need)
    clocks = [_make(need, name, before.get(name, 0) + 1, at, community) for name in names]
    session.add_all(clocks)
    _copy(need, clocks)
    await session.flush()


def _make(need: Need, name: ClockName, turn: int, at: datetime, community: Community) -> NeedClock:
    allowed = allowed_for(need, name)
    crisis = need.urgency is Urgency.CRISIS  # community/alerts calls people about it, long before it is late
    clock = NeedClock(
        need_id=need.id,
        name=name,
        round=turn,
        minutes=allowed.minutes,
        around_the_clock=allowed.around_the_clock,
        started_at=at,
        counted_from=at,
        used=0,
        due_at=add_time(allowed, at, community.office_hours, community.zone),
        next_step=ClockStep.OVERDUE if crisis else ClockStep.PERSON,
    )
    clock.next_at = next_moment(clock, community)
    return clock


def _copy(need: Need, clocks: Sequence[NeedClock]) -> None:
    for clock in clocks:
        if clock.name is ClockName.ANSWER:
            need.first_answer_due_at = clock.due_at
        elif clock.name is ClockName.SOLUTION:
            need.solution_due_at = clock.due_at


def mark_need(need: Need, clocks: Sequence[NeedClock]) -> None:
    """Set the mark that the console shows, from the running clocks."""
    running = [clock for clock in clocks if clock.ended_at is None and clock.paused_at is None]
    shown = [clock for clock in running if clock.name is not ClockName.WAITING]
    if any(clock.next_step is None for clock in shown):
        need.clock_mark = ClockMark.OVERDUE
    elif any(_is_reminded(need, clock) for clock in shown):
        need.clock_mark = ClockMark.AT_RISK
    else:
        need.clock_mark = None


def _is_reminded(need: Need, clock: NeedClock) -> bool:
    first = ClockStep.OVERDUE if need.urgency is Urgency.CRISIS else ClockStep.PERSON
    return clock.next_step is not first


async def _count_rounds(session: AsyncSession, need: Need) -> dict[ClockName, int]:
    wanted = select(NeedClock.name, func.max(NeedClock.round)).where(NeedClock.need_id == need.id)
    rows = await session.execute(wanted.group_by(NeedClock.name))
    return {name: latest for name, latest in rows}  # noqa: C416 - rows are no pairs to mypy


async def _get_community(session: AsyncSession, need: Need) -> Community:
    community = await session.get(Community, need.community_id)
    if community is None:
        raise NotFound
    return community
