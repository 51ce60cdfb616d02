"""Call-backs: who is named after a bad score, what comes out, and that nobody says how well their own work was done."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from uuid import UUID

import pytest
import time_machine
from sqlalchemy import event, select, update

from community.actors import StaffActor
from community.callbacks.choosing import find_callers
from community.callbacks.models import CallBack, CallBackState, CallBackWhy
from community.callbacks.queries import count_call_backs, find_call_backs
from community.callbacks.usecases import (
    end_call_back,
    find_due_call_backs,
    give_call_back,
    give_up_call_back,
    note_not_reached,
    rate_by_phone,
    reopen_by_call,
    take_call_back,
    take_due_call_back,
)
from community.clock import now
from community.errors import NotAllowed, NotFound, Refused, WrongState
from community.needs.models import Need, NeedState
from community.needs.usecases.residents import Report, report_need
from community.needs.usecases.staff import accept_need, resolve_need
from community.outbox.models import OutboxMessage
from community.parties.models import PartyType, Role, Staff
from community.parties.usecases import change_staff
from community.residents.models import Language, Resident
from community.routing.models import Absence
from community.surveys.asking import SurveyTimes, take_due_survey
from community.surveys.models import HeldFor, Survey, SurveyState
from community.surveys.usecases import answer_solved, rate_need, remark_on_survey
from linli.database import Sessions
from tests.cast import Cast

MONDAY = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)  # nine in the morning there
TIMES = SurveyTimes()
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def monday() -> Iterator[None]:
    with time_machine.travel(MONDAY, tick=False):
        yield


def _handler(cast: Cast, kind: str = "elevator") -> StaffActor:
    social = kind == "mental_health"
    return cast.here.staff[PartyType.SOCIAL_WORK_TEAM if social else PartyType.PROPERTY_COMPANY]


async def _solve(sessions: Sessions, cast: Cast, resident_id: UUID, kind: str = "elevator") -> Survey:
    """A need that its handler solved, with its survey due."""
    async with sessions.begin() as session:
        need = await report_need(session, resident_id, Report(kind=kind, words="又坏了"))
        await accept_need(session, _handler(cast, kind), need.id)
        await resolve_need(session, _handler(cast, kind), need.id, "修好了", survey_at=now())
        await take_due_survey(session, now(), TIMES)
        return (await session.scalars(select(Survey).where(Survey.need_id == need.id))).one()


async def _rate(sessions: Sessions, cast: Cast, score: int, kind: str = "elevator") -> Survey:
    resident_id = cast.owner.resident_id
    survey = await _solve(sessions, cast, resident_id, kind)
    async with sessions.begin() as session:
        await answer_solved(session, resident_id, survey.id, solved=True)
        await rate_need(session, resident_id, survey.id, score)
        await remark_on_survey(session, resident_id, survey.id, "等了五天")
    return survey


async def _calls(sessions: Sessions) -> list[CallBack]:
    async with sessions() as session:
        return list((await session.scalars(select(CallBack).order_by(CallBack.created_at))).all())


async def _need(sessions: Sessions, survey: Survey) -> Need:
    async with sessions() as session:
        return await session.get_one(Need, survey.need_id)


def _actor(cast: Cast, staff_id: UUID | None) -> StaffActor:
    everybody = [*cast.here.staff.values(), *cast.here.colleagues.values()]
    return next(actor for actor in everybody if actor.staff_id == staff_id)


async def _lead(sessions: Sessions, actor: StaffActor) -> None:
    async with sessions.begin() as session:
        await session.execute(update(Staff).where(Staff.id == actor.staff_id).values(leads=True))


@pytest.mark.parametrize("score", [1, 2])
async def test_a_low_score_is_called_about_by_who_had_no_part(
    sessions: Sessions, cast: Cast, score: int
) -> None:
    await _rate(sessions, cast, score)
    (call,) = await _calls(sessions)
    caller = _actor(cast, call.staff_id)
    assert caller.staff_id != _handler(cast).staff_id
    assert caller.party_id in {
        cast.here.parties[PartyType.PROPERTY_COMPANY].id,
        cast.here.parties[PartyType.COMMITTEE].id,
    }
    assert (call.why, call.state) == (CallBackWhy.LOW_SCORE, CallBackState.OPEN)
    assert call.due_at == MONDAY + timedelta(hours=24)  # one day of the office
    async with sessions() as session:
        (line,) = await find_call_backs(session, caller)
        assert line.survey is not None
        assert (line.survey.score, line.survey.words) == (score, "等了五天")
        assert await count_call_backs(session, _handler(cast)) == 0
        assert await count_call_backs(session, cast.there.staff[PartyType.COMMITTEE]) == 0


async def test_a_corrected_score_takes_it_back_and_brings_it_again(sessions: Sessions, cast: Cast) -> None:
    survey = await _rate(sessions, cast, 3)
    assert await _calls(sessions) == []
    for score, state in ((1, CallBackState.OPEN), (4, CallBackState.CANCELLED), (2, CallBackState.OPEN)):
        async with sessions.begin() as session:
            await rate_need(session, cast.owner.resident_id, survey.id, score)
        (call,) = await _calls(sessions)
        assert call.state is state


async def test_who_is_least_loaded_is_named(sessions: Sessions, cast: Cast) -> None:
    await _rate(sessions, cast, 1)
    with time_machine.travel(MONDAY + 2 * DAY, tick=False):
        await _rate(sessions, cast, 1)
    first, second = await _calls(sessions)
    assert first.staff_id != second.staff_id


async def test_after_the_talk_one_second_survey(sessions: Sessions, cast: Cast) -> None:
    survey = await _rate(sessions, cast, 1)
    (call,) = await _calls(sessions)
    caller = _actor(cast, call.staff_id)
    with pytest.raises(Refused, match="say_what_came_out"):
        async with sessions.begin() as session:
            await end_call_back(session, caller, call.id, " ", survey_at=now() + DAY)
    async with sessions.begin() as session:
        await end_call_back(session, caller, call.id, "赔了不是", survey_at=now() + DAY)
    with pytest.raises(WrongState):
        async with sessions.begin() as session:
            await end_call_back(session, caller, call.id, "又一次", survey_at=now() + DAY)
    with time_machine.travel(MONDAY + 2 * DAY, tick=False):
        async with sessions.begin() as session:
            again = await take_due_survey(session, now(), TIMES)
            assert again is not None
            assert (again.need_id, again.turn, again.state) == (survey.need_id, 2, SurveyState.ASKED)
            told = (await session.scalars(select(OutboxMessage.message).order_by(OutboxMessage.seq))).all()
            assert told[-1] == "survey_ask_again"
        async with sessions.begin() as session:
            await answer_solved(session, cast.owner.resident_id, again.id, solved=True)
            await rate_need(session, cast.owner.resident_id, again.id, 1)
    assert len(await _calls(sessions)) == 1  # a second call-back about it there is not
    assert (await _need(sessions, survey)).state is NeedState.CLOSED


async def test_a_no_to_the_second_survey_opens_it_again(sessions: Sessions, cast: Cast) -> None:
    survey = await _rate(sessions, cast, 2)
    (call,) = await _calls(sessions)
    async with sessions.begin() as session:
        await end_call_back(session, _actor(cast, call.staff_id), call.id, "聊了", survey_at=now())
    async with sessions.begin() as session:
        again = await take_due_survey(session, now(), TIMES)
        assert again is not None
        need = await answer_solved(session, cast.owner.resident_id, again.id, solved=False)
    assert (need.state, need.rounds, need.closed_at) == (NeedState.REOPENED, 2, None)
    assert need.lead_party_id == survey.party_id


async def test_opened_again_in_the_talk(sessions: Sessions, cast: Cast) -> None:
    survey = await _rate(sessions, cast, 1)
    (call,) = await _calls(sessions)
    async with sessions.begin() as session:
        await reopen_by_call(session, _actor(cast, call.staff_id), call.id, "门还是关不上")
    need = await _need(sessions, survey)
    assert (need.state, need.lead_party_id) == (NeedState.REOPENED, survey.party_id)
    async with sessions() as session:
        told = (await session.scalars(select(OutboxMessage.message).order_by(OutboxMessage.seq))).all()
        assert told[-1] == "call_back_reopened"
        rows = (await session.scalars(select(Survey).where(Survey.turn == 2))).all()
        assert rows == []  # the survey of the next round is the second one


async def test_who_had_a_hand_in_it_is_refused_whatever_the_row_says(sessions: Sessions, cast: Cast) -> None:
    await _rate(sessions, cast, 1)
    (call,) = await _calls(sessions)
    handler = _handler(cast)
    async with sessions.begin() as session:
        await session.execute(update(CallBack).values(staff_id=handler.staff_id, party_id=handler.party_id))
    acts = (
        partial(end_call_back, words="挺好", survey_at=now()),
        partial(reopen_by_call, words="再办"),
        note_not_reached,
        take_call_back,
    )
    for act in acts:
        with pytest.raises(NotAllowed, match="call_back_of_own_work"):
            async with sessions.begin() as session:
                await act(session, handler, call.id)
    with pytest.raises(NotFound):
        async with sessions.begin() as session:
            await give_call_back(session, handler, call.id, handler.staff_id)


async def test_three_calls_nobody_answers_lie_with_the_leader(sessions: Sessions, cast: Cast) -> None:
    await _rate(sessions, cast, 1)
    (call,) = await _calls(sessions)
    caller = _actor(cast, call.staff_id)
    with pytest.raises(WrongState, match="call_back_try_again"):
        async with sessions.begin() as session:
            await give_up_call_back(session, caller, call.id)
    for tries in (1, 2, 3):
        async with sessions.begin() as session:
            tried = await note_not_reached(session, caller, call.id)
            assert (tried.tries, tried.with_leader) == (tries, tries == 3)
            assert tried.due_at == datetime(2026, 3, 3, 0, 30, tzinfo=UTC)  # when the office opens tomorrow
    async with sessions.begin() as session:
        ended = await give_up_call_back(session, caller, call.id)
    assert ended.state is CallBackState.NOT_REACHED


async def test_what_is_late_goes_to_the_leader_once_and_past_who_is_away(
    sessions: Sessions, cast: Cast
) -> None:
    await _rate(sessions, cast, 1)
    (call,) = await _calls(sessions)
    caller = _actor(cast, call.staff_id)
    async with sessions.begin() as session:
        away = Absence(
            staff_id=caller.staff_id, starts_at=now(), ends_at=now() + 9 * DAY, set_by=caller.staff_id
        )
        session.add(away)
    late = call.due_at + timedelta(minutes=1)
    async with sessions.begin() as session:
        assert await find_due_call_backs(session, late, 10) == [call.id]
        assert await take_due_call_back(session, late, call.id) == 1
        assert await take_due_call_back(session, late, call.id) == 0
    (moved,) = await _calls(sessions)
    assert moved.with_leader
    assert moved.staff_id not in (caller.staff_id, _handler(cast).staff_id, None)
    assert moved.due_at > late


async def test_a_leader_takes_it_or_names_somebody(sessions: Sessions, cast: Cast) -> None:
    await _rate(sessions, cast, 1)
    committee = (cast.here.staff[PartyType.COMMITTEE], cast.here.colleagues[PartyType.COMMITTEE])
    leader, other = committee
    await _lead(sessions, leader)
    async with sessions.begin() as session:
        await session.execute(
            update(CallBack).values(party_id=leader.party_id, staff_id=other.staff_id, with_leader=True)
        )
    (call,) = await _calls(sessions)
    with pytest.raises(NotAllowed, match="call_back_of_somebody_else"):
        async with sessions.begin() as session:
            await note_not_reached(session, leader, call.id)
    async with sessions.begin() as session:
        assert (await take_call_back(session, leader, call.id)).staff_id == leader.staff_id
        assert (await give_call_back(session, leader, call.id, other.staff_id)).staff_id == other.staff_id


async def test_a_confidential_one_stays_with_its_social_workers(sessions: Sessions, cast: Cast) -> None:
    await _rate(sessions, cast, 1, "mental_health")
    (call,) = await _calls(sessions)
    caller = cast.here.colleagues[PartyType.SOCIAL_WORK_TEAM]
    assert call.staff_id == caller.staff_id
    async with sessions() as session:
        (line,) = await find_call_backs(session, caller)
        assert (line.survey, line.resident, line.phones) == (None, None, ())
    for outsider in (cast.here.staff[PartyType.COMMITTEE], cast.street, cast.admin):
        async with sessions() as session:
            assert await find_call_backs(session, outsider) == []
        with pytest.raises(NotFound):
            async with sessions.begin() as session:
                await take_call_back(session, outsider, call.id)


async def _caller_without_channel(sessions: Sessions, cast: Cast) -> UUID:
    async with sessions.begin() as session:
        resident = Resident(
            community_id=cast.here.community.id, language=Language.ZH, name="陈伯", phone="13900001111"
        )
        session.add(resident)
        await session.flush()
        return resident.id


async def test_who_has_no_channel_is_asked_by_phone(sessions: Sessions, cast: Cast) -> None:
    resident_id = await _caller_without_channel(sessions, cast)
    survey = await _solve(sessions, cast, resident_id)
    assert (survey.state, survey.held_for, survey.due_at) == (SurveyState.PLANNED, HeldFor.NO_CHANNEL, None)
    (call,) = await _calls(sessions)
    assert call.why is CallBackWhy.NOT_WRITTEN
    caller = _actor(cast, call.staff_id)
    async with sessions.begin() as session:
        assert (await find_call_backs(session, caller))[0].phones == ["13900001111"]
        with pytest.raises(Refused, match="call_back_needs_answer"):
            await end_call_back(session, caller, call.id, "好了", survey_at=now())
        await rate_by_phone(session, caller, call.id, solved=True, score=2, words="太慢")
    async with sessions() as session:
        told = await session.get_one(Survey, survey.id)
    assert (told.solved, told.score, told.entered_by) == (True, 2, caller.staff_id)
    assert (await _need(sessions, survey)).state is NeedState.CLOSED
    assert len(await _calls(sessions)) == 1  # they were talked with just now


async def test_who_filed_or_handled_it_writes_no_answer_down(sessions: Sessions, cast: Cast) -> None:
    resident_id = await _caller_without_channel(sessions, cast)
    filer, handler = cast.here.staff[PartyType.COMMITTEE], _handler(cast)
    survey = await _solve(sessions, cast, resident_id)
    async with sessions.begin() as session:
        await session.execute(update(Need).values(filed_by=filer.staff_id))
    for actor in (filer, handler):
        async with sessions.begin() as session:
            await session.execute(update(CallBack).values(staff_id=actor.staff_id, party_id=actor.party_id))
        (call,) = await _calls(sessions)
        with pytest.raises(NotAllowed, match="call_back_of_own_work"):
            async with sessions.begin() as session:
                await rate_by_phone(session, actor, call.id, solved=True, score=5)
    assert (await _need(sessions, survey)).state is NeedState.RESOLVED


async def test_nobody_answers_the_phone_and_the_need_is_closed(sessions: Sessions, cast: Cast) -> None:
    survey = await _solve(sessions, cast, await _caller_without_channel(sessions, cast))
    (call,) = await _calls(sessions)
    caller = _actor(cast, call.staff_id)
    async with sessions.begin() as session:
        for _ in range(3):
            await note_not_reached(session, caller, call.id)
        await give_up_call_back(session, caller, call.id)
    assert (await _need(sessions, survey)).state is NeedState.CLOSED
    async with sessions() as session:
        assert (await session.get_one(Survey, survey.id)).state is SurveyState.EXPIRED


async def test_who_moves_to_another_party_has_no_call_back_of_the_old_one(
    sessions: Sessions, cast: Cast
) -> None:
    survey = await _rate(sessions, cast, 1)
    (call,) = await _calls(sessions)
    caller, company = _actor(cast, call.staff_id), cast.there.parties[PartyType.PROPERTY_COMPANY]
    moved = replace(caller, role=Role.PARTNER, party_id=company.id, community_id=cast.there.community.id)
    async with sessions() as session:  # whatever the row says
        assert await find_call_backs(session, moved) == []
        with pytest.raises(NotFound):
            await end_call_back(session, moved, call.id, "聊了", survey_at=now())
    async with sessions.begin() as session:
        await session.execute(update(CallBack).values(next_at=None, with_leader=True))  # it was late already
        await change_staff(session, cast.admin, caller.staff_id, Role.PARTNER, company.id)
    (left,) = await _calls(sessions)
    assert (left.staff_id, left.party_id, left.state) == (None, caller.party_id, CallBackState.OPEN)
    async with sessions.begin() as session:
        assert await find_due_call_backs(session, now(), 10) == [call.id]
        assert await take_due_call_back(session, now(), call.id) == 1
    (given,) = await _calls(sessions)
    assert given.staff_id not in (None, caller.staff_id, _handler(cast).staff_id)
    assert (await _need(sessions, survey)).state is NeedState.CLOSED


async def test_an_answer_in_writing_ends_the_calls_for_it_whoever_tried(
    sessions: Sessions, cast: Cast
) -> None:
    resident_id = await _caller_without_channel(sessions, cast)
    survey = await _solve(sessions, cast, resident_id)
    (call,) = await _calls(sessions)
    async with sessions.begin() as session:
        await note_not_reached(session, _actor(cast, call.staff_id), call.id)
    async with sessions.begin() as session:
        await answer_solved(session, resident_id, survey.id, solved=True)
    (ended,) = await _calls(sessions)
    assert (ended.state, ended.next_at) == (CallBackState.CANCELLED, None)


async def test_a_low_score_after_that_is_a_call_back_of_its_own_kind(sessions: Sessions, cast: Cast) -> None:
    resident_id = await _caller_without_channel(sessions, cast)
    survey = await _solve(sessions, cast, resident_id)
    (call,) = await _calls(sessions)
    async with sessions.begin() as session:
        for _ in range(3):
            await note_not_reached(session, _actor(cast, call.staff_id), call.id)
    later = MONDAY + DAY
    with time_machine.travel(later, tick=False):
        async with sessions.begin() as session:
            await answer_solved(session, resident_id, survey.id, solved=True)
            await rate_need(session, resident_id, survey.id, 1)
        (again,) = await _calls(sessions)
        assert (again.why, again.state) == (CallBackWhy.LOW_SCORE, CallBackState.OPEN)
        assert (again.tries, again.with_leader, again.created_at) == (0, False, later)
        async with sessions.begin() as session:
            await end_call_back(
                session, _actor(cast, again.staff_id), again.id, "聊了", survey_at=now() + DAY
            )
    (ended,) = await _calls(sessions)
    assert ended.state is CallBackState.DONE


async def test_a_better_score_takes_back_no_talk_that_somebody_began(sessions: Sessions, cast: Cast) -> None:
    survey = await _rate(sessions, cast, 1)
    (call,) = await _calls(sessions)
    async with sessions.begin() as session:
        await note_not_reached(session, _actor(cast, call.staff_id), call.id)
        await rate_need(session, cast.owner.resident_id, survey.id, 4)
    (left,) = await _calls(sessions)
    assert left.state is CallBackState.OPEN


async def test_who_else_may_call_is_one_statement_for_all_that_a_leader_sees(
    sessions: Sessions, cast: Cast
) -> None:
    leader = cast.here.staff[PartyType.COMMITTEE]
    for day in range(3):
        with time_machine.travel(MONDAY + 2 * day * DAY, tick=False):
            await _rate(sessions, cast, 1)
    async with sessions.begin() as session:
        late = update(CallBack).values(party_id=leader.party_id, staff_id=None, with_leader=True)
        await session.execute(late)
        theirs = select(Need.id).order_by(Need.created_at.desc()).limit(1).scalar_subquery()
        filed = update(Need).where(Need.id == theirs).values(filed_by=leader.staff_id)
        await session.execute(filed.execution_options(synchronize_session=False))
    said: list[object] = []

    def note(*given: object) -> None:
        said.append(given[2])

    async with sessions() as session:
        engine = session.get_bind()
        event.listen(engine, "before_cursor_execute", note)
        try:
            lines = await find_call_backs(session, leader)
        finally:
            event.remove(engine, "before_cursor_execute", note)
        assert (len(lines), len(said)) == (3, 2)
        others = [[person.id for person in line.others] for line in lines]
        assert [leader.staff_id in each for each in others] == [True, True, False]
        for line, each in zip(lines, others, strict=True):
            callers = await find_callers(session, line.need, now(), before=line.call.created_at)
            assert [person.id for person in callers] == each
            assert _handler(cast).staff_id not in each
