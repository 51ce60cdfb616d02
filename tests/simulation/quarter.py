"""The simulated quarter: arrivals, staff, residents and the worker's jobs on one line of time, which is moved.

Every chance comes from the seed and the need's number, so that a seed tells the same story however fast it is told.
"""

from __future__ import annotations

import asyncio
import heapq
import random
from collections import Counter
from collections.abc import Callable, Coroutine
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import count
from typing import Any
from uuid import UUID

import time_machine
from sqlalchemy import select, update

from channels.delivery import Delivery
from channels.registry import make_channels
from community.callbacks.models import CallBack, CallBackState
from community.errors import Refused
from community.residents.models import Address, AddressState
from community.routing.people import add_absence
from community.surveys.asking import SurveyTimes
from community.surveys.models import Survey, SurveyState
from linli.database import Sessions
from linli.settings import Settings
from scheduler.jobs.call_backs import call_backs
from scheduler.jobs.clocks import clocks
from scheduler.jobs.surveys import surveys
from scheduler.tools import Tools
from tests.simulation.town import WINDOWS, Town

BEGIN = datetime(2025, 9, 1, tzinfo=UTC)
DAYS = 90
END = BEGIN + timedelta(days=DAYS)
AFTERWARDS = timedelta(days=45)
"""What was begun in the quarter is watched until it is over."""

Act = partial[Coroutine[Any, Any, None]]


class Quarter:
    """The line of time. `tick` is how often the worker runs; acts within one tick happen in their own minute."""

    def __init__(
        self, sessions: Sessions, town: Town, seed: int, *, tick: timedelta, at_once: int = 1
    ) -> None:
        self.sessions, self.town, self.seed, self.tick = sessions, town, seed, tick
        delivery = Delivery(sessions, make_channels(Settings(), sessions), hold_after=timedelta(hours=24))
        self.tools = Tools(sessions, delivery, SurveyTimes(windows=WINDOWS))
        self.refused: Counter[str] = Counter()
        self.done: Counter[str] = Counter()
        self._line: list[tuple[datetime, int, Act]] = []
        self._order = count()
        self._room = asyncio.Semaphore(at_once)
        self._called_until = BEGIN
        self.when_asked: Callable[[Survey, datetime], None]
        self.when_called: Callable[[CallBack, datetime], None]

    def at(self, moment: datetime, act: Act) -> None:
        """Let something happen at a moment, in whole minutes."""
        minute = moment.astimezone(UTC).replace(second=0, microsecond=0)
        heapq.heappush(self._line, (minute, next(self._order), act))

    def chance(self, *names: object) -> random.Random:
        """The chances of one thing."""
        return random.Random(":".join(map(str, (self.seed, *names))))

    async def run(self) -> datetime:
        """Everything that is on the line, and the worker at every tick, until the end and some weeks after it."""
        moment = BEGIN
        with time_machine.travel(moment, tick=False) as travelled:
            while moment < END + AFTERWARDS:
                moment += self.tick
                await self._happen(moment, travelled)
                travelled.move_to(moment)
                await self._work(moment)
        return moment

    async def _happen(self, until: datetime, travelled: time_machine.Traveller) -> None:
        """What stands before the tick, minute by minute; what happens in one minute happens side by side."""
        while self._line and self._line[0][0] < until:
            minute = self._line[0][0]
            acts = []
            while self._line and self._line[0][0] == minute:
                acts.append(heapq.heappop(self._line)[2])
            travelled.move_to(minute)
            await asyncio.gather(*(self._do(act, minute) for act in acts))

    async def _do(self, act: Act, minute: datetime) -> None:
        async with self._room:
            try:
                await act(minute)
            except Refused as error:
                self.refused[f"{act.func.__name__}: {error.message}"] += 1

    async def _work(self, moment: datetime) -> None:
        """The worker's jobs, as often as something is due, then what they led to is noticed."""
        for job in (clocks, surveys, call_backs):
            while await job(self.tools, moment):
                pass
        async with self.sessions() as session:
            asked = await session.scalars(
                select(Survey).where(Survey.asked_at == moment, Survey.state == SurveyState.ASKED)
            )
            for survey in asked:
                self.when_asked(survey, moment)
            called = await session.scalars(
                select(CallBack).where(
                    CallBack.created_at > self._called_until, CallBack.state == CallBackState.OPEN
                )
            )
            self._called_until = moment
            for call in called:
                self.when_called(call, moment)

    async def contact(self, resident_id: UUID, at: datetime) -> None:
        """The person writes something: the channel may be written to again."""
        async with self.sessions.begin() as session:
            seen = {"last_seen_at": at, "state": AddressState.ACTIVE}
            await session.execute(update(Address).where(Address.resident_id == resident_id).values(seen))
        self.town.contacts[resident_id].append(at)

    async def stop(self, resident_id: UUID, at: datetime) -> None:
        """The person stops us: the platform said so."""
        async with self.sessions.begin() as session:
            stopped = {"state": AddressState.STOPPED}
            await session.execute(update(Address).where(Address.resident_id == resident_id).values(stopped))
        self.town.stopped.setdefault(resident_id, []).append(at)

    async def plan_absences(self) -> None:
        """Everybody is away now and then, from a day to two weeks."""
        for actor in self.town.actors.values():
            chance = self.chance("away", actor.name)
            for _ in range(chance.choice((0, 1, 1, 2))):
                begins = BEGIN + timedelta(days=chance.uniform(0, DAYS))
                ends = begins + timedelta(days=chance.uniform(1, 14))
                with time_machine.travel(BEGIN, tick=False):
                    async with self.sessions.begin() as session:
                        await add_absence(session, actor, actor.staff_id, begins, ends)
