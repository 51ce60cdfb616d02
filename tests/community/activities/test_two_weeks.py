"""Weeks of shifts with people who join, confirm, swap, decline and vanish; afterwards the promises hold for every row.

Two weeks in `make test`; a month of 300 shifts with 2,000 volunteers in `make soak`.
"""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from uuid import UUID

import pytest
import time_machine
from sqlalchemy import func, select

from channels.delivery import Delivery
from channels.registry import make_channels
from community.activities.models import Activity, Part, Shift, ShiftPlaces
from community.errors import Refused
from community.outbox.models import OutboxMessage
from community.parties.models import PartyType
from community.quiet import is_quiet
from community.signups.models import (
    COMING,
    HELD,
    ReminderState,
    ShiftReminder,
    SignUp,
    SignUpHistory,
    SignUpState,
)
from community.signups.usecases.answering import confirm_sign_up, leave_sign_up
from community.signups.usecases.arriving import check_in_by_leader
from community.signups.usecases.joining import Comer, join_shift
from community.signups.usecases.waiting import accept_offer
from community.substitutes.models import Ask, Search, SearchState
from community.surveys.asking import SurveyTimes
from community.swaps.agreeing import agree_swap
from community.swaps.candidates import find_swappable
from community.swaps.models import Swap, SwapAsk, SwapState
from community.swaps.usecases import ask_swap, refuse_swap
from linli.database import Sessions
from linli.settings import Settings
from scheduler.jobs.shifts import shifts
from scheduler.tools import Tools
from tests.cast import Cast
from tests.community.activities.plans import MONDAY, make_plan, meet, publish

STEP = timedelta(hours=4)


@dataclass(frozen=True, slots=True)
class Size:
    """How many days and people, how many shifts a day and places in each, how many look for one at a time, and how
    often somebody would like to swap: few shifts are full, so most may not, and refusals took much of a month's run.
    """

    days: int
    people: int
    shifts: int
    places: int
    join: int
    swap: float


SMALL = Size(days=15, people=20, shifts=2, places=3, join=4, swap=0.08)
MONTH = Size(days=31, people=2_000, shifts=22, places=8, join=60, swap=0.02)


class Weeks:
    """The people of these weeks; chance decides what they do, always the same."""

    def __init__(self, sessions: Sessions, cast: Cast, people: list[UUID], size: Size) -> None:
        self.sessions, self.cast, self.people, self.size = sessions, cast, people, size
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
            asked = select(SwapAsk.swap_id, SwapAsk.resident_id).where(SwapAsk.said.is_(None))
            asks = (await session.execute(asked)).all()
        for swap_id, resident_id in asks:
            dice = self.chance.random()
            if dice < 0.6:
                await self._try(agree_swap if dice < 0.4 else refuse_swap, resident_id, swap_id)
        for sign_up in rows:
            await self._answer(sign_up, at)
        for person in self.chance.sample(self.people, self.size.join):
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
        elif sign_up.state in COMING and dice < self.size.swap:
            await self._swap(sign_up, at)
        elif sign_up.state in COMING and dice < self.size.swap + 0.03:
            await self._try(leave_sign_up, sign_up.resident_id, sign_up.id)

    async def _swap(self, sign_up: SignUp, at: datetime) -> None:
        async with self.sessions() as session:
            shift = await session.get_one(Shift, sign_up.shift_id)
            activity = await session.get_one(Activity, shift.activity_id)
            until = at + timedelta(days=60)
            found = await find_swappable(session, sign_up, activity, at, until, 4)
        if found:
            chosen, _ = self.chance.choice(found)
            await self._try(ask_swap, sign_up.resident_id, sign_up.id, chosen.id)

    async def _try(self, act: object, *given: object) -> None:
        """Do it; being refused is part of life."""
        assert callable(act)
        try:
            async with self.sessions.begin() as session:
                await act(session, *given)
        except Refused:
            return


async def test_two_weeks_keep_their_promises(sessions: Sessions, cast: Cast) -> None:
    await _live_through(sessions, cast, SMALL)


@pytest.mark.soak
async def test_a_month_keeps_its_promises(sessions: Sessions, cast: Cast) -> None:
    await _live_through(sessions, cast, MONTH)


async def _live_through(sessions: Sessions, cast: Cast, size: Size) -> None:
    with time_machine.travel(MONDAY):
        for day in range(2, size.days - 2, 2):
            for nth in range(size.shifts):
                begins = MONDAY.replace(hour=1 + nth % 9) + timedelta(days=day)
                plan = make_plan(begins, volunteers=size.places, title_zh=f"{day}-{nth}")
                await publish(sessions, cast, plan)
        people = await meet(sessions, cast, size.people)
    weeks = Weeks(sessions, cast, people, size)
    at = MONDAY
    while at < MONDAY + timedelta(days=size.days):
        await weeks.live(at)
        at += STEP
    await _check_places(sessions)
    await _check_nobody_is_in_two_places(sessions)
    await _check_reminders(sessions)
    await _check_asks(sessions)
    await _check_swaps(sessions)
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
    mine: dict[UUID, list[SignUp]] = {}
    for row in sorted(rows, key=lambda each: each.starts_at):
        mine.setdefault(row.resident_id, []).append(row)
    for own in mine.values():
        assert all(one.ends_at <= other.starts_at for one, other in pairwise(own))
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
        asks = (await session.execute(select(Ask.resident_id, Ask.asked_at))).all()
        swaps = (await session.execute(select(SwapAsk.resident_id, SwapAsk.asked_at))).all()
        wanted = select(Search, Shift.starts_at).join(Shift, Shift.id == Search.shift_id)
        searches = (await session.execute(wanted)).all()
    moments: dict[UUID, list[datetime]] = {}
    for resident_id, asked_at in (*asks, *swaps):
        moments.setdefault(resident_id, []).append(asked_at)
    for asked in moments.values():
        ordered = sorted(asked)
        assert all(
            third - first >= timedelta(days=7) for first, third in zip(ordered, ordered[2:], strict=False)
        )
    assert asks
    for search, starts_at in searches:
        is_seen = search.next_at <= starts_at - STEP
        ends = {SearchState.FILLED, SearchState.ESCALATED} | (set() if is_seen else {SearchState.OVER})
        assert search.state in ends, (
            "a vacancy is filled or handed to staff, where the worker comes by before the shift"
        )


async def _check_swaps(sessions: Sessions) -> None:
    """Each ended; one that was agreed to moved two people, and took and gave as many places."""
    async with sessions() as session:
        states = Counter((await session.scalars(select(Swap.state))).all())
        why = (await session.scalars(select(SignUpHistory.why))).all()
    assert states[SwapState.ASKED] == 0
    assert states[SwapState.AGREED] >= 1
    assert why.count("swap") == 4 * states[SwapState.AGREED]


async def _check_all_is_written_up(sessions: Sessions) -> None:
    async with sessions() as session:
        open_still = (
            await session.scalars(select(SignUp.state).where(SignUp.state.in_((*HELD, SignUpState.WAITING))))
        ).all()
        assert open_still == []
        thanked = select(func.count()).where(OutboxMessage.message == "shift_thanks")
        done = select(func.count()).where(SignUp.state == SignUpState.COMPLETED)
        assert await session.scalar(thanked) == await session.scalar(done)
