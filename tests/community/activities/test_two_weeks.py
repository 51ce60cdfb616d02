"""Two weeks of shifts with people who join, confirm, decline and vanish; afterwards the promises hold for every row."""

from __future__ import annotations

import random
from collections import Counter
from datetime import datetime, timedelta
from uuid import UUID

import time_machine
from sqlalchemy import func, select

from channels.delivery import Delivery
from channels.registry import make_channels
from community.activities.models import Part, Shift, ShiftPlaces
from community.errors import Refused
from community.outbox.models import OutboxMessage
from community.parties.models import PartyType
from community.quiet import is_quiet
from community.signups.models import COMING, HELD, ReminderState, ShiftReminder, SignUp, SignUpState
from community.signups.usecases.answering import confirm_sign_up, leave_sign_up
from community.signups.usecases.arriving import check_in_by_leader
from community.signups.usecases.joining import Comer, join_shift
from community.signups.usecases.waiting import accept_offer
from community.substitutes.models import Ask, Search, SearchState
from community.surveys.usecases import SurveyTimes
from linli.database import Sessions
from linli.settings import Settings
from scheduler.jobs.shifts import shifts
from scheduler.tools import Tools
from tests.cast import Cast
from tests.community.activities.plans import MONDAY, make_plan, meet, publish

DAYS, PEOPLE = 15, 20
STEP = timedelta(hours=4)


class Weeks:
    """The people of these weeks; chance decides what they do, always the same."""

    def __init__(self, sessions: Sessions, cast: Cast, people: list[UUID]) -> None:
        self.sessions, self.cast, self.people = sessions, cast, people
        self.chance = random.Random(5)
        self.tools = Tools(
            sessions,
            Delivery(sessions, make_channels(Settings(), sessions), hold_after=timedelta(days=1)),
            SurveyTimes(),
        )

    async def live(self, at: datetime) -> None:
        """A step: the worker works, some act."""
        with time_machine.travel(at, tick=True):
            await shifts(self.tools, at)
            if not is_quiet(at, "Asia/Shanghai"):
                await self._act(at)

    async def _act(self, at: datetime) -> None:
        async with self.sessions() as session:
            ahead = (await session.scalars(select(Shift.id).where(Shift.starts_at > at))).all()
            rows = (await session.scalars(select(SignUp).where(SignUp.ends_at > at))).all()
        for sign_up in rows:
            await self._answer(sign_up, at)
        for person in self.chance.sample(self.people, 4):
            if ahead:
                comers = [Comer("friend")] * self.chance.choice((0, 0, 0, 1))
                await self._try(join_shift, person, self.chance.choice(ahead), Part.VOLUNTEER, comers)

    async def _answer(self, sign_up: SignUp, at: datetime) -> None:
        dice = self.chance.random()
        if sign_up.offered_until is not None and dice < 0.5:
            await self._try(accept_offer if dice < 0.35 else leave_sign_up, sign_up.resident_id, sign_up.id)
        elif sign_up.state in COMING and sign_up.starts_at - timedelta(minutes=30) <= at:
            if dice < 0.8:
                committee = self.cast.here.staff[PartyType.COMMITTEE]
                await self._try(check_in_by_leader, committee, sign_up.id)
        elif sign_up.state is SignUpState.SIGNED_UP and sign_up.asked_at is not None and dice < 0.6:
            await self._try(confirm_sign_up if dice < 0.4 else leave_sign_up, sign_up.resident_id, sign_up.id)
        elif sign_up.state in COMING and dice < 0.03:
            await self._try(leave_sign_up, sign_up.resident_id, sign_up.id)

    async def _try(self, act: object, *given: object) -> None:
        """Do it; being refused is part of life."""
        assert callable(act)
        try:
            async with self.sessions.begin() as session:
                await act(session, *given)
        except Refused:
            return


async def test_two_weeks_keep_their_promises(sessions: Sessions, cast: Cast) -> None:
    with time_machine.travel(MONDAY):
        for day in range(2, DAYS - 2, 2):
            for hour in (2, 3):
                begins = MONDAY.replace(hour=hour) + timedelta(days=day)
                await publish(sessions, cast, make_plan(begins, volunteers=3, title_zh=f"{day}-{hour}"))
        people = await meet(sessions, cast, PEOPLE)
    weeks = Weeks(sessions, cast, people)
    at = MONDAY
    while at < MONDAY + timedelta(days=DAYS):
        await weeks.live(at)
        at += STEP
    await _check_places(sessions)
    await _check_nobody_is_in_two_places(sessions)
    await _check_reminders(sessions)
    await _check_asks(sessions)
    await _check_all_is_written_up(sessions)


async def _check_places(sessions: Sessions) -> None:
    """No shift is over-filled, and the counters are what the rows say."""
    async with sessions() as session:
        for places in (await session.scalars(select(ShiftPlaces))).all():
            held = select(func.coalesce(func.sum(SignUp.people), 0)).where(
                SignUp.places_id == places.id,
                SignUp.state.in_((*HELD, SignUpState.COMPLETED, SignUpState.NO_SHOW)),
            )
            assert await session.scalar(held) == places.taken <= places.places
            assert places.waiting == 0, "the waiting list ends with the shift"


async def _check_nobody_is_in_two_places(sessions: Sessions) -> None:
    kept = (*HELD, SignUpState.COMPLETED, SignUpState.NO_SHOW)
    async with sessions() as session:
        rows = (await session.scalars(select(SignUp).where(SignUp.state.in_(kept)))).all()
    for one in rows:
        for other in rows:
            if one.id != other.id and one.resident_id == other.resident_id:
                assert one.ends_at <= other.starts_at or other.ends_at <= one.starts_at
    assert len(rows) > 12


async def _check_reminders(sessions: Sessions) -> None:
    """Each once: as many messages as rows that were sent, and none is left due."""
    async with sessions() as session:
        states = Counter((await session.scalars(select(ShiftReminder.state))).all())
        named = select(func.count()).where(OutboxMessage.message.in_(("shift_confirm", "shift_soon")))
        assert await session.scalar(named) == states[ReminderState.SENT] > 12
    assert states[ReminderState.DUE] == 0


async def _check_asks(sessions: Sessions) -> None:
    """Nobody is asked more than twice in any seven days; every search was filled or is handed to staff."""
    async with sessions() as session:
        asks = (await session.scalars(select(Ask).order_by(Ask.asked_at))).all()
        ended = set((await session.scalars(select(Search.state))).all())
    for ask in asks:
        week = [
            other
            for other in asks
            if other.resident_id == ask.resident_id
            and ask.asked_at <= other.asked_at < ask.asked_at + timedelta(days=7)
        ]
        assert len(week) <= 2
    assert asks
    assert ended <= {SearchState.FILLED, SearchState.ESCALATED, SearchState.OVER}


async def _check_all_is_written_up(sessions: Sessions) -> None:
    async with sessions() as session:
        open_still = (
            await session.scalars(select(SignUp.state).where(SignUp.state.in_((*HELD, SignUpState.WAITING))))
        ).all()
        assert open_still == []
        thanked = select(func.count()).where(OutboxMessage.message == "shift_thanks")
        done = select(func.count()).where(SignUp.state == SignUpState.COMPLETED)
        assert await session.scalar(thanked) == await session.scalar(done)
