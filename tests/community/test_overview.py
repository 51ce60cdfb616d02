"""Figures of who leads: who sees whose, that they are the records counted, and that nothing confidential stands out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from statistics import median
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from community.actors import StaffActor
from community.clock import now
from community.clocks.models import ClockName, NeedClock, Outcome
from community.errors import NotFound
from community.needs.models import Need, NeedHistory, NeedState, Visibility
from community.needs.usecases.residents import Report, report_need
from community.needs.usecases.staff import accept_need, answer_resident, resolve_need
from community.overview.flow import Course, count_by_building, count_by_kind, count_over_time
from community.overview.load import find_loads_by_age
from community.overview.periods import Period, Span, own_period, period_around
from community.overview.promises import count_quarters, measure_times
from community.overview.side_by_side import sum_up
from community.overview.together import count_moves, count_parts, count_turns, reopened_of
from community.overview.views import View, get_view
from community.parties.models import Party, PartyType, Staff
from community.parts.usecases import make_part
from community.routing.models import MoveKind, NeedMove
from linli.database import Sessions
from operations.demo.past import remember_past
from tests.cast import Cast, Neighbourhood

ZONE = "Asia/Shanghai"
TODAY = now().astimezone(ZoneInfo(ZONE)).date()


async def _lead(sessions: Sessions, actor: StaffActor) -> None:
    async with sessions.begin() as session:
        await session.execute(update(Staff).where(Staff.id == actor.staff_id).values(leads=True))


async def _live(sessions: Sessions, where: Neighbourhood, a_week: int = 2) -> None:
    """A year of needs in a community."""
    async with sessions.begin() as session:
        staff = {
            party.id: (await session.scalars(select(Staff).where(Staff.party_id == party.id))).all()
            for party in where.parties.values()
        }
        parties = {kind: await session.get_one(Party, party.id) for kind, party in where.parties.items()}
        await remember_past(session, where.community, parties, staff, [where.unit.id], now(), a_week)


@pytest.fixture
async def committee(sessions: Sessions, cast: Cast) -> StaffActor:
    """The leader of the committee here, with a year of needs here and there."""
    await _live(sessions, cast.here)
    await _live(sessions, cast.there, 1)
    actor = cast.here.staff[PartyType.COMMITTEE]
    await _lead(sessions, actor)
    return actor


async def _needs(sessions: Sessions, view: View, period: Period) -> list[Need]:
    async with sessions() as session:
        wanted = select(Need).where(
            Need.community_id.in_([each.id for each in view.communities]),
            Need.created_at >= period.since,
            Need.created_at < period.until,
        )
        return list(await session.scalars(wanted))


def _open_to_all(needs: Sequence[Need]) -> list[Need]:
    return [need for need in needs if need.visibility is not Visibility.CONFIDENTIAL]


def _check_course(course: Course | None, needs: Sequence[Need], declined: Collection[UUID]) -> None:
    answered = [_seconds(need, need.first_answered_at) for need in needs if need.first_answered_at]
    solved = [_seconds(need, need.resolved_at) for need in needs if need.resolved_at]
    assert course is not None
    assert course.declined == len([need for need in needs if need.id in declined])
    assert course.reopened == len([need for need in needs if need.rounds > 1])
    assert course.answer == (pytest.approx(median(answered)) if answered else None)
    assert course.solution == (pytest.approx(median(solved)) if solved else None)


def _seconds(need: Need, until: datetime) -> float:
    return (until - need.created_at).total_seconds()


async def test_who_sees_whose_figures(sessions: Sessions, cast: Cast) -> None:
    property_company = cast.here.staff[PartyType.PROPERTY_COMPANY]
    for leader in cast.here.staff[PartyType.COMMITTEE], property_company:
        async with sessions() as session:
            with pytest.raises(NotFound):
                await get_view(session, leader)
        await _lead(sessions, leader)
    async with sessions() as session:
        with pytest.raises(NotFound):
            await get_view(session, cast.admin)
        whole = await get_view(session, cast.here.staff[PartyType.COMMITTEE])
        own = await get_view(session, property_company)
        street = await get_view(session, cast.street)
        one = await get_view(session, cast.street, cast.there.community.id)
        with pytest.raises(NotFound):
            await get_view(session, property_company, cast.there.community.id)
    here, there = cast.here.community.id, cast.there.community.id
    assert ([each.id for each in whole.communities], whole.party_id) == ([here], None)
    assert ([each.id for each in own.communities], own.party_id) == ([here], property_company.party_id)
    assert {each.id for each in street.communities} == {here, there}
    assert [each.id for each in one.communities] == [there]


@dataclass(frozen=True)
class Records:
    """What half a year left in the tables of a community, without what is confidential: to be counted by hand."""

    period: Period
    needs: Sequence[Need]
    clocks: Sequence[tuple[NeedClock, UUID | None]]
    history: Sequence[NeedHistory]

    @property
    def declined(self) -> set[UUID]:
        return {line.need_id for line in self.history if line.to_state is NeedState.DECLINED}


async def test_figures_are_the_records_of_the_community_counted(
    sessions: Sessions, cast: Cast, committee: StaffActor
) -> None:
    period = own_period(TODAY - timedelta(days=150), TODAY, ZONE)
    async with sessions() as session:
        view = await get_view(session, committee)
        needs = _open_to_all(await _needs(sessions, view, period))
        records = await _read_records(session, committee, period, needs)
        await _check_sums(session, view, records)
        await _check_kinds_and_buildings(session, view, records, cast.here.building.id)
        await _check_times(session, view, records)


async def _read_records(
    session: AsyncSession, actor: StaffActor, period: Period, needs: Sequence[Need]
) -> Records:
    ours = Need.community_id == actor.community_id, Need.visibility != Visibility.CONFIDENTIAL
    rows = await session.execute(
        select(NeedClock, Need.lead_party_id)
        .join(Need, Need.id == NeedClock.need_id)
        .where(*ours, NeedClock.outcome != Outcome.STOPPED)
    )
    clocks = [(clock, party) for clock, party in rows if _is_within(clock.ended_at, period)]
    lines = select(NeedHistory).join(Need, Need.id == NeedHistory.need_id)
    history = await session.scalars(lines.where(*ours, NeedHistory.event.is_(None)))
    return Records(period, needs, clocks, history.all())


async def _check_sums(session: AsyncSession, view: View, records: Records) -> None:
    turns = await count_turns(session, view, records.period)
    times = await measure_times(session, view, records.period)
    ((_, whole),) = await sum_up(session, view, records.period, turns, times)
    steps = await count_over_time(session, view, records.period, turns)
    moved = Counter(line.to_state for line in records.history if _is_within(line.at, records.period))
    assert whole.came == len(records.needs) == sum(step.came for step in steps) > 20
    assert whole.solved == moved[NeedState.RESOLVED] == sum(step.solved for step in steps)
    assert whole.reopened == moved[NeedState.REOPENED] == sum(each.reopened for each in reopened_of(turns))
    answers = [clock for clock, _ in records.clocks if clock.name is ClockName.ANSWER]
    assert whole.answers == len(answers)
    assert whole.answers_kept == len([clock for clock in answers if clock.outcome is Outcome.MET])


async def _check_kinds_and_buildings(
    session: AsyncSession, view: View, records: Records, building_id: UUID
) -> None:
    kinds = await count_by_kind(session, view, records.period)
    (building,) = await count_by_building(session, view, records.period)
    counted = Counter(need.kind for need in records.needs)
    assert {each.kind: each.count for each in kinds if each.kind} == counted
    for kind in kinds:
        if kind.kind:
            alike = [need for need in records.needs if need.kind == kind.kind]
            _check_course(kind.course, alike, records.declined)
        else:
            assert kind.course is None
    assert sum(kind.course.declined for kind in kinds if kind.course) > 0
    placed = [need for need in records.needs if need.place_id]
    assert (building.count, building.place_id) == (len(placed), building_id)
    _check_course(building.course, placed, records.declined)


async def _check_times(session: AsyncSession, view: View, records: Records) -> None:
    for each in await measure_times(session, view, records.period):
        taken = [
            (clock.ended_at - clock.started_at).total_seconds()
            for clock, party in records.clocks
            if clock.name is each.step and party == each.party_id and clock.ended_at
        ]
        assert each.count == len(taken)
        assert each.median == pytest.approx(median(taken))


async def test_a_party_sees_its_own_and_the_street_both_communities(
    sessions: Sessions, cast: Cast, committee: StaffActor
) -> None:
    period = own_period(TODAY - timedelta(days=365), TODAY, ZONE)
    partner = cast.here.staff[PartyType.PROPERTY_COMPANY]
    await _lead(sessions, partner)
    async with sessions() as session:
        own, street = await get_view(session, partner), await get_view(session, cast.street)
        of_own = await sum_up(session, own, period, [], await measure_times(session, own, period))
        of_street = dict(await sum_up(session, street, period, [], []))
        turns = await count_turns(session, own, period)
        moves = await count_moves(session, own, period)
        all_moves = (await session.scalars(select(NeedMove))).all()
    needs = await _needs(sessions, street, period)
    assert of_own[0][1].came == len([need for need in needs if need.lead_party_id == partner.party_id])
    assert {turn.party_id for turn in turns} == {partner.party_id}
    assert all(partner.party_id in (move.from_id, move.to_id) for move in moves)
    assert sum(move.count for move in moves) < len(all_moves)
    assert {place: sums.came for place, sums in of_street.items()} == Counter(
        need.community_id for need in _open_to_all(needs)
    )


async def test_what_is_confidential_stands_in_no_cell_of_its_own(sessions: Sessions, cast: Cast) -> None:
    committee, worker = cast.here.staff[PartyType.COMMITTEE], cast.here.staff[PartyType.SOCIAL_WORK_TEAM]
    for actor in committee, worker:
        await _lead(sessions, actor)
    period = period_around(Span.MONTH, now().astimezone(ZoneInfo(ZONE)).date(), ZONE)
    for count in (2, 3):
        async with sessions.begin() as session:
            for _ in range(count - 1 if count == 2 else 1):
                need = await report_need(
                    session,
                    cast.owner.resident_id,
                    Report(kind="mental_health", words="睡不着", place_id=cast.here.unit.id),
                )
                await accept_need(session, worker, need.id)
        async with sessions() as session:
            view, own = await get_view(session, committee), await get_view(session, worker)
            kinds = await count_by_kind(session, view, period)
            loads = await find_loads_by_age(session, view, TODAY)
            assert await count_by_building(session, view, period) == []
            mine = await find_loads_by_age(session, own, TODAY)
        assert [each.kind for each in kinds] == [None]
        assert all(each.count is None or each.count >= 3 for each in kinds)
        assert [(load.hidden, load.staff_id, load.party_id) for load in loads] == [(True, None, None)]
        assert [load.staff_id for load in mine] == [worker.staff_id]


async def test_no_figure_less_another_is_what_is_confidential(sessions: Sessions, cast: Cast) -> None:
    """Two needs that only social work knows, handed on, joined, answered and solved, beside one that all may know."""
    committee, worker = cast.here.staff[PartyType.COMMITTEE], cast.here.staff[PartyType.SOCIAL_WORK_TEAM]
    for actor in committee, worker:
        await _lead(sessions, actor)
    async with sessions.begin() as session:
        for kind in ("mental_health", "mental_health", "elevator"):
            await report_need(session, cast.owner.resident_id, Report(kind, "请来看看", cast.here.unit.id))
        for need in (await session.scalars(select(Need).where(Need.kind == "mental_health"))).all():
            await accept_need(session, worker, need.id)
            await answer_resident(session, worker, need.id, "在办了")
            await resolve_need(session, worker, need.id, "谈过了", survey_at=now())
            company = await session.get_one(Party, cast.here.parties[PartyType.PROPERTY_COMPANY].id)
            await make_part(session, need, company, "装扶手", asked_by=worker.staff_id)
            parties = {"from_party_id": company.id, "to_party_id": worker.party_id}
            session.add(NeedMove(need_id=need.id, at=now(), how=MoveKind.KIND_CHANGED, **parties))
    period = period_around(Span.MONTH, now().astimezone(ZoneInfo(ZONE)).date(), ZONE)
    seen = []
    for actor in committee, cast.street, worker:
        async with sessions() as session:
            view = await get_view(session, actor)
            turns = await count_turns(session, view, period)
            times = await measure_times(session, view, period)
            sums = dict(await sum_up(session, view, period, turns, times))[cast.here.community.id]
            steps = await count_over_time(session, view, period, turns)
            moves = await count_moves(session, view, period)
            parts = await count_parts(session, view, period)
            quarters = await count_quarters(session, view, period)
        assert sum(step.came for step in steps) == sums.came
        solved = sum(quarter.solved for quarter in quarters)
        seen.append((sums.came, sums.open, sums.solved, solved, len(times), len(moves), len(parts)))
    assert seen == [(1, 1, 0, 0, 0, 0, 0), (1, 1, 0, 0, 0, 0, 0), (2, 0, 2, 2, 3, 1, 1)]


async def test_quarters_hold_what_ended_in_them(sessions: Sessions, committee: StaffActor) -> None:
    period = period_around(Span.QUARTER, TODAY - timedelta(days=30), ZONE)  # in which something has ended
    async with sessions() as session:
        view = await get_view(session, committee)
        quarters = await count_quarters(session, view, period)
        turns = await count_turns(session, view, period)
    assert [quarter.first for quarter in quarters] == sorted({quarter.first for quarter in quarters})
    assert len(quarters) >= 4
    last = next(quarter for quarter in quarters if quarter.first == period.first)
    assert last.solved == sum(turn.solved for turn in turns)


@pytest.mark.parametrize(
    ("span", "first", "last", "step"),
    [
        (Span.WEEK, date(2026, 11, 16), date(2026, 11, 22), "day"),
        (Span.MONTH, date(2026, 11, 1), date(2026, 11, 30), "week"),
        (Span.QUARTER, date(2026, 10, 1), date(2026, 12, 31), "week"),
        (Span.YEAR, date(2026, 1, 1), date(2026, 12, 31), "month"),
    ],
)
def test_periods(span: Span, first: date, last: date, step: str) -> None:
    period = period_around(span, date(2026, 11, 22), ZONE)
    assert (period.first, period.last, period.step) == (first, last, step)
    assert period.beside(1).first == last + timedelta(days=1)
    assert period.beside(-1).last == first - timedelta(days=1)
    assert period.since == datetime(first.year, first.month, first.day, tzinfo=UTC) - timedelta(hours=8)


def test_an_own_period_is_what_it_says_whichever_day_comes_first() -> None:
    period = own_period(date(2026, 3, 10), date(2026, 3, 1), ZONE)
    assert (period.first, period.last, period.beside(-1).last) == (
        date(2026, 3, 1), date(2026, 3, 10), date(2026, 2, 28),
    )  # fmt: skip


def _is_within(moment: datetime | None, period: Period) -> bool:
    return moment is not None and period.since <= moment < period.until
