"""Simulated weeks over National Day: needs come, people act or do not, time moves in steps; what must always hold."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from channels.delivery import Delivery
from channels.registry import make_channels
from community.actors import StaffActor
from community.clocks.models import ClockName, ClockReminder, ClockStep, NeedClock, Outcome
from community.clocks.moments import LADDER
from community.needs.clocks import add_time, answer_time, is_open, working_time_between
from community.needs.kinds import KINDS, get_kind
from community.needs.models import ENDED, ClockMark, Need, NeedHistory, NeedState, Urgency
from community.needs.usecases.asking import ask_resident
from community.needs.usecases.residents import Report, ReportLimits, add_to_need, report_need, withdraw_need
from community.needs.usecases.staff import (
    DeclineReason,
    accept_need,
    answer_resident,
    decline_need,
    resolve_need,
)
from community.surveys.asking import SurveyTimes
from linli.database import Sessions
from linli.settings import Settings
from scheduler.jobs.clocks import clocks
from scheduler.tools import Tools
from tests.cast import Cast

BEGIN = datetime(2025, 9, 26, 0, 0, tzinfo=UTC)
WEEKS = 3
STEP = timedelta(hours=5)
NEEDS = 40
AS_STEP = {"clock_least": "clock_person", "clock_instead": "clock_person"}


class Weeks:
    """The simulation: one stream of chances, so that a seed tells the same story."""

    def __init__(self, sessions: Sessions, cast: Cast, seed: int) -> None:
        self.sessions, self.cast = sessions, cast
        self.chance = random.Random(seed)
        self.needs: list[Need] = []
        delivery = Delivery(sessions, make_channels(Settings(), sessions), hold_after=timedelta(hours=24))
        self.tools = Tools(sessions, delivery, SurveyTimes())

    async def run(self) -> datetime:
        moment = BEGIN
        with time_machine.travel(moment, tick=False) as travelled:
            while moment < BEGIN + timedelta(weeks=WEEKS):
                moment += STEP * self.chance.random()
                travelled.move_to(moment)
                await self._happen(moment)
                if self.chance.random() < 0.5:  # the worker runs now and then
                    await clocks(self.tools, moment)
            await clocks(self.tools, moment)
        return moment

    async def _happen(self, at: datetime) -> None:
        if len(self.needs) < NEEDS and self.chance.random() < 0.5:
            await self._report(at)
        for need in self.chance.sample(self.needs, min(3, len(self.needs))):
            await self._act(need)

    async def _report(self, at: datetime) -> None:
        kinds = [kind.code for kind in KINDS.values() if kind.visibility.value != "confidential"]
        made = Report(
            kind=self.chance.choice(kinds),
            words="请来看看",
            urgency=self.chance.choice([Urgency.NORMAL, Urgency.NORMAL, Urgency.URGENT]),
        )
        limits = ReportLimits(an_hour=1000, a_day=1000)
        async with self.sessions.begin() as session:
            resident = self.cast.owner.resident_id
            self.needs.append(await report_need(session, resident, made, limits=limits, at=at))

    async def _act(self, need: Need) -> None:
        async with self.sessions.begin() as session:
            fresh = await session.get_one(Need, need.id)
            if fresh.state in ENDED:
                return
            lead, choice = self._staff(fresh), self.chance.random()
            if choice < 0.6:
                await self._begin(session, fresh, lead, choice)
            elif choice < 0.75:
                await answer_resident(session, lead, fresh.id, "明天来")
            elif choice < 0.85 and fresh.state is not NeedState.ROUTED:
                await resolve_need(session, lead, fresh.id, "好了", survey_at=fresh.changed_at)

    async def _begin(self, session: AsyncSession, fresh: Need, lead: StaffActor, choice: float) -> None:
        if fresh.waiting_since is not None and choice < 0.5:
            await add_to_need(session, fresh.resident_id, fresh.id, "是的")
        elif choice < 0.1:
            await withdraw_need(session, fresh.resident_id, fresh.id)
        elif choice < 0.25 and fresh.state is NeedState.ROUTED and lead.role.value != "street":
            await decline_need(session, lead, fresh.id, DeclineReason.NO_CAPACITY)
        elif choice < 0.5 and fresh.state is NeedState.ROUTED:
            await accept_need(session, lead, fresh.id)
        elif choice >= 0.5:
            await ask_resident(session, lead, fresh.id, "几楼？")

    def _staff(self, need: Need) -> StaffActor:
        everybody = [*self.cast.here.staff.values(), self.cast.street]
        return next(actor for actor in everybody if actor.party_id == need.lead_party_id)


@pytest.mark.parametrize("seed", [1, 2, 3])
async def test_weeks(sessions: Sessions, cast: Cast, seed: int) -> None:
    weeks = Weeks(sessions, cast, seed)
    end = await weeks.run()
    assert len(weeks.needs) == NEEDS
    async with sessions() as session:
        needs = (await session.scalars(select(Need))).all()
        every = (await session.scalars(select(NeedClock))).all()
        reminders = (await session.scalars(select(ClockReminder))).all()
        events = (
            await session.scalars(select(NeedHistory.event).where(NeedHistory.event.is_not(None)))
        ).all()
        doubled = await session.execute(
            select(ClockReminder.clock_id, ClockReminder.step)
            .group_by(ClockReminder.clock_id, ClockReminder.step)
            .having(func.count() > 1)
        )
        assert doubled.all() == []
    _check_needs(needs, every)
    _check_clocks(cast, every, reminders, end)
    told = Counter(AS_STEP.get(event, event) for event in events if event and event.startswith("clock_"))
    sent = Counter(
        f"clock_{row.step}" for row in reminders if _clock(every, row).name is not ClockName.WAITING
    )
    assert told == sent
    assert {outcome for outcome in (row.outcome for row in every) if outcome} == set(Outcome)


def _check_needs(needs: Sequence[Need], every: Sequence[NeedClock]) -> None:
    """One lead each; the promised moments are those of the clocks; a mark says what the clocks say."""
    for need in needs:
        assert need.lead_party_id is not None
        own = [row for row in every if row.need_id == need.id]
        running = {row.name: row for row in own if row.ended_at is None}
        assert (need.state in ENDED) is (running == {})
        answers = [row for row in own if row.name is ClockName.ANSWER]
        assert need.first_answer_due_at == answers[-1].due_at
        assert need.solution_due_at == [row for row in own if row.name is ClockName.SOLUTION][-1].due_at
        assert (need.waiting_since is not None) is (ClockName.WAITING in running)
        live = [
            row for row in running.values() if row.paused_at is None and row.name is not ClockName.WAITING
        ]
        late = any(row.next_step is None for row in live)
        risk = any(row.next_step is not ClockStep.PERSON for row in live)
        assert need.clock_mark is (ClockMark.OVERDUE if late else ClockMark.AT_RISK if risk else None)


def _check_clocks(
    cast: Cast, every: Sequence[NeedClock], reminders: Sequence[ClockReminder], end: datetime
) -> None:
    """Due moments lie in office hours and hold the allowed time; each reminder came in its turn and not too early."""
    hours, zone = cast.here.community.office_hours, cast.here.community.zone
    for row in every:
        if not row.around_the_clock and row.paused_at is None:
            assert is_open(hours, zone, row.due_at - timedelta(seconds=1))
        if row.used == 0 and row.counted_from == row.started_at and not row.around_the_clock:
            worked = working_time_between(row.started_at, row.due_at, hours, zone)
            assert worked == timedelta(minutes=row.minutes)
        assert row.next_at is None or row.next_at > end
        own = [mark for mark in reminders if mark.clock_id == row.id]
        order = [list(LADDER).index(mark.step) for mark in sorted(own, key=lambda mark: mark.id)]
        assert order == sorted(order)
        assert all(mark.due_at <= mark.done_at for mark in own)
        if row.outcome is Outcome.MET:
            assert not any(mark.step is ClockStep.OVERDUE for mark in own)
        if row.outcome is Outcome.LATE and row.name is not ClockName.WAITING:
            assert row.ended_at is not None
            assert row.ended_at > row.due_at


def _clock(every: Sequence[NeedClock], reminder: ClockReminder) -> NeedClock:
    return next(row for row in every if row.id == reminder.clock_id)


async def test_the_promise_of_a_report_is_its_clock(sessions: Sessions, cast: Cast) -> None:
    with time_machine.travel(datetime(2025, 9, 30, 8, 0, tzinfo=UTC), tick=False):
        async with sessions.begin() as session:
            need = await report_need(session, cast.owner.resident_id, Report("noise", "吵"))
    hours, zone = cast.here.community.office_hours, cast.here.community.zone
    allowed = answer_time(get_kind("noise"), Urgency.NORMAL)
    due = add_time(allowed, need.created_at, hours, zone)
    assert need.first_answer_due_at == due == datetime(2025, 10, 9, 8, 0, tzinfo=UTC)
