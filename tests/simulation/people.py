"""What people do in the simulated quarter: residents report, answer, withdraw and rate; staff take, pass on, solve."""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

from community.actors import StaffActor
from community.callbacks.models import CallBack, CallBackState, CallBackWhy
from community.callbacks.usecases import (
    end_call_back,
    give_up_call_back,
    note_not_reached,
    rate_by_phone,
    reopen_by_call,
    take_call_back,
)
from community.needs.kinds import KINDS
from community.needs.models import ENDED, Need, NeedState, Urgency, Visibility
from community.needs.usecases.asking import ask_resident
from community.needs.usecases.residents import Report, ReportLimits, add_to_need, report_need, withdraw_need
from community.needs.usecases.staff import (
    DeclineReason,
    accept_need,
    answer_resident,
    assign_need,
    decline_need,
    hand_over_need,
    resolve_need,
)
from community.needs.usecases.steering import decide_need, refuse_errand
from community.parties.models import Role
from community.surveys.models import Survey
from community.surveys.usecases import answer_solved, rate_need, remark_on_survey
from tests.cast import Neighbourhood
from tests.simulation.quarter import DAYS, Act, Quarter
from tests.simulation.town import Person

ZONE = ZoneInfo("Asia/Shanghai")
BY_HOUR = (1, 1, 1, 1, 1, 2, 4, 8, 12, 12, 10, 7, 6, 6, 8, 9, 9, 8, 9, 11, 10, 7, 4, 2)
KIND_CODES = sorted(KINDS)
FIRST_LETTER = {code: 1 + 40 // (1 + place) for place, code in enumerate(KIND_CODES)}
LIMITS = ReportLimits(an_hour=10_000, a_day=10_000)
SCORES, SCORE_WEIGHTS = (1, 2, 3, 4, 5), (5, 5, 12, 33, 45)


class People:
    """Plans what everybody does about each need on the line of time."""

    def __init__(self, quarter: Quarter, needs: int) -> None:
        self.quarter, self.needs = quarter, needs
        self.sessions, self.town = quarter.sessions, quarter.town
        self.numbers: dict[UUID, int] = {}
        quarter.when_asked, quarter.when_called = self._hear_question, self._hear_call

    def plan(self, begin: datetime) -> None:
        """Every arrival of the quarter: more in the morning and in the evening, few at night."""
        chance = self.quarter.chance("arrivals")
        for number in range(self.needs):
            day = begin.astimezone(ZONE).replace(hour=0) + timedelta(days=chance.randrange(DAYS))
            hour = chance.choices(range(24), BY_HOUR)[0]
            moment = max(begin, day + timedelta(hours=hour, minutes=chance.randrange(60)))
            self.quarter.at(moment, partial(self._report, number, chance.choice(self.town.people)))

    async def _report(self, number: int, person: Person, at: datetime) -> None:
        chance = self.quarter.chance("need", number)
        if person.channel:
            await self.quarter.contact(person.id, at)
        async with self.sessions.begin() as session:
            need = await report_need(session, person.id, _make_report(person, chance), limits=LIMITS)
            if person.channel is None:
                need.filed_by = chance.choice(self.town.by_party[_committee(person)]).staff_id
        self.numbers[need.id] = number
        self.quarter.done["reported"] += 1
        self._later(chance, at, 0.05, 9, partial(self._work, need.id, 0))
        if chance.random() < 0.04:
            self._later(chance, at, 2, 200, partial(self._withdraw, need.resident_id, need.id))
        if person.channel == "post" and chance.random() < 0.4:
            self._later(chance, at, 60, 500, partial(self.quarter.contact, person.id))
        if person.channel == "post" and chance.random() < 0.03:
            self._later(chance, at, 1, 100, partial(self.quarter.stop, person.id))

    async def _work(self, need_id: UUID, step: int, at: datetime) -> None:
        """Somebody of the party that leads does the next thing; then there is a next one until the need is over."""
        chance = self.quarter.chance("work", self.numbers[need_id], step)
        async with self.sessions.begin() as session:
            need = await session.get_one(Need, need_id)
            if need.state in ENDED:
                return
            pace = await self._act(session, need, chance)
        self._later(chance, at, 0.2, pace, partial(self._work, need_id, step + 1))

    async def _act(self, session: AsyncSession, need: Need, chance: random.Random) -> float:
        """One act; gives how many hours the next one may take."""
        actor = await self._actor(session, need, chance)
        if actor is None or chance.random() < 0.08:  # nobody is there, or it lies about
            return 60
        if actor.role is Role.STREET:
            party = chance.choice([*self._home(need).parties.values()])
            await decide_need(session, actor, need.id, party.id)
            return 20
        if need.state in (NeedState.ROUTED, NeedState.REOPENED):
            return await self._begin(session, need, actor, chance)
        return await self._go_on(session, need, actor, chance)

    async def _begin(
        self, session: AsyncSession, need: Need, actor: StaffActor, chance: random.Random
    ) -> float:
        """Accept, decline, refuse an errand, hand over, or ask the resident first."""
        confidential, roll = need.visibility is Visibility.CONFIDENTIAL, chance.random()
        decided = need.routing_why == "street_decided"
        if roll < 0.1 and need.state is NeedState.ROUTED and not confidential and not decided:
            if actor.role is Role.SOCIAL_WORKER and roll < 0.05:
                await refuse_errand(session, actor, need.id)
            else:
                await decline_need(session, actor, need.id, DeclineReason.NOT_OURS, "不归我们管")
            self.quarter.done["declined"] += 1
        elif roll < 0.13 and not confidential:
            others = [
                party.id for party in self._home(need).parties.values() if party.id != need.lead_party_id
            ]
            await hand_over_need(session, actor, need.id, chance.choice(others), "他们更熟")
        elif confidential and roll < 0.3:
            await assign_need(session, actor, need.id, actor.staff_id)
            await ask_resident(session, actor, need.id, "方便说说吗？")
            self._may_answer(need, chance)
        else:
            await accept_need(session, actor, need.id)
        return 12

    async def _go_on(
        self, session: AsyncSession, need: Need, actor: StaffActor, chance: random.Random
    ) -> float:
        """Answer, ask the resident, or solve it."""
        roll = chance.random()
        if need.waiting_since is None and roll < 0.12:
            await ask_resident(session, actor, need.id, "是哪一户？")
            self._may_answer(need, chance)
        elif need.first_answered_at is None and roll < 0.7:
            await answer_resident(session, actor, need.id, "明天上门")
        else:
            at = datetime.now(ZONE)
            survey_at = at + timedelta(minutes=30)
            await resolve_need(session, actor, need.id, "办好了", survey_at=survey_at)
            self.quarter.done["resolved"] += 1
        return 36

    def _may_answer(self, need: Need, chance: random.Random) -> None:
        if chance.random() < 0.75:
            at, act = datetime.now(ZONE), partial(self._add, need.resident_id, need.id)
            self._later(chance, at, 0.2, 70, act, working=False)

    async def _add(self, resident_id: UUID, need_id: UUID, at: datetime) -> None:
        await self.quarter.contact(resident_id, at)
        async with self.sessions.begin() as session:
            await add_to_need(session, resident_id, need_id, "3号楼302")

    async def _withdraw(self, resident_id: UUID, need_id: UUID, at: datetime) -> None:
        async with self.sessions.begin() as session:
            await withdraw_need(session, resident_id, need_id)
        self.quarter.done["withdrawn"] += 1

    def _hear_question(self, survey: Survey, at: datetime) -> None:
        chance = self.quarter.chance("asked", self.numbers[survey.need_id], survey.round, survey.turn)
        if chance.random() < 0.62:
            self._later(chance, at, 0.05, 110, partial(self._rate, survey), working=False)

    async def _rate(self, survey: Survey, at: datetime) -> None:
        survey_id, resident_id = survey.id, survey.resident_id
        chance = self.quarter.chance("rate", self.numbers[survey.need_id], survey.round, survey.turn)
        await self.quarter.contact(resident_id, at)
        async with self.sessions.begin() as session:
            solved = chance.random() < 0.88
            need = await answer_solved(session, resident_id, survey_id, solved)
            if not solved:
                await remark_on_survey(session, resident_id, survey_id, "又坏了")
            elif chance.random() < 0.85:
                score = chance.choices(SCORES, SCORE_WEIGHTS)[0]
                await rate_need(session, resident_id, survey_id, score, "谢谢" if score > 3 else "太慢")
        self.quarter.done["answered"] += 1
        if not solved:
            self._later(chance, at, 0.2, 20, partial(self._work, need.id, 1000 * need.rounds))

    def _hear_call(self, call: CallBack, at: datetime) -> None:
        chance = self.quarter.chance("call", self.numbers[call.need_id])
        self._later(chance, at, 0.5, 12, partial(self._call, call, 0))

    async def _call(self, made: CallBack, step: int, at: datetime) -> None:
        """Who is named calls; where nobody is, or that one is away, the leader takes it when it is late."""
        chance = self.quarter.chance("called", self.numbers[made.need_id], made.created_at, step)
        async with self.sessions.begin() as session:
            call = await session.get_one(CallBack, made.id)
            if not _is_open(call):
                return
            need = await session.get_one(Need, call.need_id)
            actor = self.town.actors.get(call.staff_id) if call.staff_id else None
            if actor is None and call.with_leader:
                leaders = [one for one in self.town.by_party[call.party_id] if one.name.count(".") == 1]
                await take_call_back(session, leaders[0], call.id)
            elif actor is not None:
                await self._talk(session, actor, call, chance, at)
        if _is_open(call):
            self._later(chance, at, 4, 30, partial(self._call, made, step + 1))
        elif need.state is NeedState.REOPENED:
            self._later(chance, at, 0.2, 20, partial(self._work, need.id, 1000 * need.rounds))

    async def _talk(
        self, session: AsyncSession, actor: StaffActor, call: CallBack, chance: random.Random, at: datetime
    ) -> None:
        self.quarter.done["called"] += 1
        if chance.random() < 0.35:
            if call.tries >= 3:
                await give_up_call_back(session, actor, call.id)
            else:
                await note_not_reached(session, actor, call.id)
        elif call.why is CallBackWhy.NOT_WRITTEN:
            solved = chance.random() < 0.85
            score = chance.choices(SCORES, SCORE_WEIGHTS)[0]
            await rate_by_phone(session, actor, call.id, solved=solved, score=score, words="电话里说的")
        elif chance.random() < 0.25:
            await reopen_by_call(session, actor, call.id, "还想再看看")
        else:
            await end_call_back(session, actor, call.id, "说开了", survey_at=at + timedelta(hours=20))

    async def _actor(self, session: AsyncSession, need: Need, chance: random.Random) -> StaffActor | None:
        """Who acts for the party that leads: who handles it, else anybody who is no partner in name only."""
        if need.assignee_id in self.town.actors:
            return self.town.actors[need.assignee_id]
        assert need.lead_party_id is not None
        return chance.choice(self.town.by_party[need.lead_party_id])

    def _home(self, need: Need) -> Neighbourhood:
        return next(home for home in self.town.homes() if home.community.id == need.community_id)

    def _later(
        self,
        chance: random.Random,
        at: datetime,
        least: float,
        most: float,
        act: Act,
        *,
        working: bool = True,
    ) -> None:
        """In so many hours, often soon, sometimes late; staff act by day, also at weekends now and then."""
        moment = at + timedelta(hours=least + (most - least) * chance.random() ** 2, minutes=1)
        if working and chance.random() < 0.95:
            local = moment.astimezone(ZONE)
            if not 8 <= local.hour < 18:
                moment += timedelta(hours=(8 - local.hour) % 24 + chance.random())
        self.quarter.at(moment, act)


def _is_open(call: CallBack) -> bool:
    return call.state is CallBackState.OPEN


def _committee(person: Person) -> UUID:
    return next(party.id for kind, party in person.home.parties.items() if kind.value == "committee")


def _make_report(person: Person, chance: random.Random) -> Report:
    code = chance.choices(KIND_CODES, [FIRST_LETTER[each] for each in KIND_CODES])[0]
    return Report(
        kind=code,
        words=chance.choice(("电梯又坏了", "楼道灯不亮", "想问问怎么办", "太吵了睡不着", "门口堆着东西")),
        place_id=chance.choice((None, person.home.building.id, person.home.unit.id)),
        urgency=chance.choices((Urgency.NORMAL, Urgency.URGENT, Urgency.CRISIS), (82, 17, 1))[0],
    )
