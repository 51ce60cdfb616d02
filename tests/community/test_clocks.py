"""Clocks of needs: what starts, pauses and ends them, who is reminded when, and each reminder once."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import datetime, timedelta
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import pytest
import time_machine
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from community.actors import StaffActor
from community.alerts.crisis import set_crisis
from community.calendar.usecases import set_day
from community.clocks.models import ClockName, ClockReminder, ClockStep, NeedClock, Outcome
from community.clocks.queries import find_reminders
from community.clocks.reminding import find_due_needs, take_due_need
from community.hotlines.models import Danger
from community.needs.clocks import CRISIS_MINUTES
from community.needs.models import ClockMark, Need, NeedHistory, NeedState, Urgency
from community.needs.usecases.asking import ask_resident, stop_waiting
from community.needs.usecases.residents import Report, add_to_need, report_need, withdraw_need
from community.needs.usecases.staff import (
    DeclineReason,
    accept_need,
    answer_resident,
    decline_need,
    hand_over_need,
    resolve_need,
)
from community.needs.usecases.steering import change_kind
from community.outbox.models import OutboxMessage, OutboxState
from community.parties.models import PartyType
from community.routing.people import add_absence
from community.surveys.asking import SurveyTimes, take_due_survey
from community.surveys.usecases import answer_solved
from linli.database import Sessions
from tests.cast import Cast
from web.words import all_words

ZONE = ZoneInfo("Asia/Shanghai")
START = datetime(2026, 3, 3, 8, 30, tzinfo=ZONE)  # a Tuesday, when the office opens
LIFT = Report(kind="elevator", words="电梯停了")


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(START, tick=False) as travelled:
        yield travelled


def at(text: str) -> datetime:
    """03T10:30 is that time of the third of March."""
    return datetime.fromisoformat(f"2026-03-{text}").replace(tzinfo=ZONE)


async def report(sessions: Sessions, cast: Cast, made: Report = LIFT) -> Need:
    async with sessions.begin() as session:
        return await report_need(session, cast.owner.resident_id, made)


async def read(sessions: Sessions, need_id: UUID) -> Need:
    async with sessions() as session:
        return await session.get_one(Need, need_id)


async def read_clocks(sessions: Sessions, need_id: UUID) -> dict[str, NeedClock]:
    async with sessions() as session:
        rows = await session.scalars(
            select(NeedClock).where(NeedClock.need_id == need_id).order_by(NeedClock.id)
        )
        return {f"{row.name}{row.round}": row for row in rows}


async def remind(sessions: Sessions, moment: datetime) -> int:
    async with sessions() as session:
        due = await find_due_needs(session, moment, 50)
    sent = 0
    for need_id in due:
        async with sessions.begin() as session:
            sent += await take_due_need(session, moment, need_id)
    return sent


async def reminders(sessions: Sessions) -> list[tuple[str, str]]:
    async with sessions() as session:
        rows = await session.execute(
            select(NeedClock.name, ClockReminder.step)
            .join(NeedClock, NeedClock.id == ClockReminder.clock_id)
            .order_by(ClockReminder.id)
        )
        return [(name.value, step.value) for name, step in rows]


async def test_a_report_starts_three_clocks(
    sessions: Sessions, cast: Cast, clock: time_machine.Traveller
) -> None:
    need = await report(sessions, cast)
    clocks = await read_clocks(sessions, need.id)
    assert {name: row.due_at for name, row in clocks.items()} == {
        "accept1": at("03T10:30"),
        "answer1": at("03T14:30"),
        "solution1": at("04T17:30"),
    }
    assert need.first_answer_due_at == clocks["answer1"].due_at
    assert need.solution_due_at == clocks["solution1"].due_at
    assert clocks["answer1"].next_at == at("03T10:30")


@pytest.mark.parametrize(
    ("kind", "urgency", "accept", "answer", "solution"),
    [
        ("elevator", Urgency.NORMAL, "03T10:30", "03T14:30", "04T17:30"),
        ("noise", Urgency.NORMAL, "03T10:30", "03T17:30", "09T17:30"),
        ("noise", Urgency.URGENT, "03T09:00", "03T10:30", "03T17:30"),
        ("fire_public_safety", Urgency.URGENT, "03T09:00", "03T09:30", "03T12:30"),
    ],
)
async def test_times_of_kind_and_urgency(
    sessions: Sessions,
    cast: Cast,
    clock: time_machine.Traveller,
    kind: str,
    urgency: Urgency,
    accept: str,
    answer: str,
    solution: str,
) -> None:
    need = await report(sessions, cast, Report(kind=kind, words="请来看看", urgency=urgency))
    clocks = await read_clocks(sessions, need.id)
    assert [row.due_at for row in clocks.values()] == [at(accept), at(answer), at(solution)]


async def test_a_crisis_counts_minutes_and_reminds_only_when_late(
    sessions: Sessions, cast: Cast, clock: time_machine.Traveller
) -> None:
    need = await report(sessions, cast, Report(kind="noise", words="救命", urgency=Urgency.CRISIS))
    first = (await read_clocks(sessions, need.id))["answer1"]
    assert first.due_at == START + timedelta(minutes=CRISIS_MINUTES)
    assert first.next_at == first.due_at
    assert (await read(sessions, need.id)).clock_mark is None


NOISE = Report(kind="noise", words="隔壁又吵又砸")


async def test_a_crisis_that_staff_set_is_counted_from_then_on(
    sessions: Sessions, cast: Cast, clock: time_machine.Traveller
) -> None:
    clock.move_to(at("03T16:30"))
    need, lead = await report(sessions, cast, NOISE), cast.here.staff[PartyType.COMMITTEE]
    clock.move_to(at("04T09:00"))
    async with sessions.begin() as session:
        await set_crisis(session, lead, need.id, Danger.INJURY)
    clock.move_to(at("04T09:05"))
    async with sessions.begin() as session:
        await set_crisis(session, lead, need.id, Danger.INJURY)  # pressed again: nothing begins anew
    clocks = await read_clocks(sessions, need.id)
    assert clocks["accept1"].due_at == clocks["answer1"].due_at == at("04T09:15")
    assert clocks["solution1"].due_at > at("04T15:00")
    assert (await read(sessions, need.id)).first_answer_due_at == at("04T09:15")
    assert await remind(sessions, at("04T09:14")) == 0
    assert (await read(sessions, need.id)).clock_mark is None
    assert await remind(sessions, at("04T09:15")) == 2
    assert await reminders(sessions) == [("accept", "overdue"), ("answer", "overdue")]
    assert (await read(sessions, need.id)).clock_mark is ClockMark.OVERDUE


async def test_a_crisis_of_what_was_answered_has_minutes_of_its_own(
    sessions: Sessions, cast: Cast, clock: time_machine.Traveller
) -> None:
    need, lead = await report(sessions, cast, NOISE), cast.here.staff[PartyType.COMMITTEE]
    async with sessions.begin() as session:
        await answer_resident(session, lead, need.id, "我去看看")
    clock.move_to(at("03T11:00"))
    async with sessions.begin() as session:
        await set_crisis(session, lead, need.id, Danger.INJURY)
    clocks, shown = await read_clocks(sessions, need.id), await read(sessions, need.id)
    assert clocks["answer1"].outcome is Outcome.MET
    assert clocks["answer2"].due_at == shown.first_answer_due_at == at("03T11:15")
    assert shown.first_answered_at is None  # the lists count the minutes
    clock.move_to(at("03T11:10"))
    async with sessions.begin() as session:
        await answer_resident(session, lead, need.id, "我们到楼下了")
    assert (await read_clocks(sessions, need.id))["answer2"].outcome is Outcome.MET
    assert await remind(sessions, at("03T11:15")) == 0


async def test_in_a_crisis_nobody_waits_for_the_resident(
    sessions: Sessions, cast: Cast, clock: time_machine.Traveller
) -> None:
    need, lead = await report(sessions, cast, NOISE), cast.here.staff[PartyType.COMMITTEE]
    async with sessions.begin() as session:
        await ask_resident(session, lead, need.id, "是哪一户？")
    clock.move_to(at("03T09:30"))
    async with sessions.begin() as session:
        await set_crisis(session, lead, need.id, Danger.INJURY)
    solution = (await read_clocks(sessions, need.id))["solution1"]
    assert (solution.paused_at, solution.next_at) == (None, solution.due_at)
    assert (await read(sessions, need.id)).waiting_since is None


async def test_a_crisis_moves_no_promise_later(
    sessions: Sessions, cast: Cast, clock: time_machine.Traveller
) -> None:
    need = await report(sessions, cast, NOISE)
    for moment in (
        "03T17:20",
        "04T09:00",
    ):  # ten minutes before the end of the answer's time, and when it is over
        clock.move_to(at(moment))
        async with sessions.begin() as session:
            await set_crisis(session, cast.here.staff[PartyType.COMMITTEE], need.id, Danger.INJURY)
        clocks = await read_clocks(sessions, need.id)
        assert clocks["answer1"].due_at == at("03T17:30")
        assert clocks["accept1"].due_at == at("03T10:30")


async def test_the_person_then_the_leader_then_the_street(
    sessions: Sessions, cast: Cast, clock: time_machine.Traveller
) -> None:
    need = await report(sessions, cast)
    for moment, sent, mark in [
        ("03T09:29", 0, None),
        ("03T09:30", 1, ClockMark.AT_RISK),
        ("03T09:30", 0, ClockMark.AT_RISK),
        ("03T10:00", 1, ClockMark.AT_RISK),
        ("03T10:18", 1, ClockMark.AT_RISK),
        ("03T10:30", 2, ClockMark.OVERDUE),  # not accepted; and half the time for the answer is over
    ]:
        assert await remind(sessions, at(moment)) == sent, moment
        assert (await read(sessions, need.id)).clock_mark is mark
    assert await reminders(sessions) == [
        ("accept", "person"),
        ("accept", "leader"),
        ("accept", "street"),
        ("accept", "overdue"),
        ("answer", "person"),
    ]
    async with sessions() as session:
        rows = (await session.scalars(select(ClockReminder).order_by(ClockReminder.id))).all()
        events = await session.scalars(
            select(NeedHistory.event).where(NeedHistory.event.is_not(None)).order_by(NeedHistory.id)
        )
        assert list(events) == [f"clock_{step}" for step in ("least", "leader", "street", "overdue", "least")]
    lead, street = cast.here.parties[PartyType.PROPERTY_COMPANY].id, cast.street.party_id
    assert [row.party_id for row in rows] == [lead, lead, street, lead, lead]
    assert rows[0].staff_id is not None
    assert rows[1].staff_id is None


async def test_what_was_missed_while_the_worker_was_away_comes_once(
    sessions: Sessions, cast: Cast, clock: time_machine.Traveller
) -> None:
    need = await report(sessions, cast)
    assert await remind(sessions, at("20T12:00")) == 12
    assert await remind(sessions, at("20T12:00")) == 0
    assert (await read(sessions, need.id)).clock_mark is ClockMark.OVERDUE


async def test_accepting_and_answering_end_their_clocks(
    sessions: Sessions, cast: Cast, clock: time_machine.Traveller
) -> None:
    lead, need = cast.here.staff[PartyType.PROPERTY_COMPANY], await report(sessions, cast)
    await remind(sessions, at("03T09:30"))
    clock.move_to(at("03T09:40"))
    async with sessions.begin() as session:
        await accept_need(session, lead, need.id)
    assert (await read(sessions, need.id)).clock_mark is None
    clock.move_to(at("03T15:00"))
    async with sessions.begin() as session:
        await answer_resident(session, lead, need.id, "师傅在路上")
    clocks = await read_clocks(sessions, need.id)
    assert clocks["accept1"].outcome is Outcome.MET
    assert clocks["answer1"].outcome is Outcome.LATE
    assert clocks["solution1"].ended_at is None
    assert await remind(sessions, at("03T15:00")) == 0  # half of 840 minutes are over tonight


async def test_a_need_that_ends_stops_its_clocks(
    sessions: Sessions, cast: Cast, clock: time_machine.Traveller
) -> None:
    need = await report(sessions, cast)
    async with sessions.begin() as session:
        await withdraw_need(session, cast.owner.resident_id, need.id)
    clocks = await read_clocks(sessions, need.id)
    assert {row.outcome for row in clocks.values()} == {Outcome.STOPPED}
    assert await remind(sessions, at("20T12:00")) == 0


async def test_each_party_has_its_own_time_to_accept(
    sessions: Sessions, cast: Cast, clock: time_machine.Traveller
) -> None:
    need = await report(sessions, cast)
    clock.move_to(at("03T10:00"))
    async with sessions.begin() as session:
        await decline_need(
            session, cast.here.staff[PartyType.PROPERTY_COMPANY], need.id, DeclineReason.NOT_OURS
        )
    clocks = await read_clocks(sessions, need.id)
    assert clocks["accept1"].outcome is Outcome.MET
    assert clocks["accept2"].due_at == at("03T12:00")
    assert clocks["answer1"].due_at == at("03T14:30")  # what was promised stays


async def test_waiting_for_the_resident_moves_the_solution(
    sessions: Sessions, cast: Cast, clock: time_machine.Traveller
) -> None:
    lead, need = cast.here.staff[PartyType.PROPERTY_COMPANY], await report(sessions, cast)
    clock.move_to(at("03T10:30"))
    asked = uuid4()
    for _ in range(2):
        async with sessions.begin() as session:
            await ask_resident(session, lead, need.id, "是左边那台还是右边那台？", request_id=asked)
    waiting = await read(sessions, need.id)
    assert (waiting.state, waiting.waiting_since) == (NeedState.ACCEPTED, at("03T10:30"))
    assert await remind(sessions, at("04T17:31")) == 0
    clock.move_to(at("05T09:30"))  # 1 h 30 on Tuesday before noon, 3 h 30 after, a day of 7 h, one hour: 13 h
    async with sessions.begin() as session:
        await add_to_need(session, cast.owner.resident_id, need.id, "左边那台")
    clocks = await read_clocks(sessions, need.id)
    assert clocks["answer1"].outcome is Outcome.MET
    assert clocks["waiting1"].outcome is Outcome.MET
    assert clocks["solution1"].due_at == at("06T16:30")
    answered = await read(sessions, need.id)
    assert (answered.waiting_since, answered.solution_due_at) == (None, at("06T16:30"))
    async with sessions() as session:
        told = (await session.scalars(select(OutboxMessage).order_by(OutboxMessage.seq))).all()
    assert [row.message for row in told] == ["staff_question"]
    assert told[0].buttons


async def test_waiting_twice_adds_up(sessions: Sessions, cast: Cast, clock: time_machine.Traveller) -> None:
    lead, need = cast.here.staff[PartyType.PROPERTY_COMPANY], await report(sessions, cast)
    for asked, answered in [("03T09:00", "03T10:00"), ("03T11:00", "03T14:30"), ("03T17:30", "04T08:30")]:
        clock.move_to(at(asked))
        async with sessions.begin() as session:
            await ask_resident(session, lead, need.id, "几楼？")
        clock.move_to(at(answered))
        async with sessions.begin() as session:
            await stop_waiting(session, lead, need.id)
    assert (await read(sessions, need.id)).solution_due_at == at("05T11:00")  # 1 h, 1 h 30, nothing at night


async def test_without_an_answer_the_resident_is_asked_again_and_the_clock_goes_on(
    sessions: Sessions, cast: Cast, clock: time_machine.Traveller
) -> None:
    lead, need = cast.here.staff[PartyType.PROPERTY_COMPANY], await report(sessions, cast)
    async with sessions.begin() as session:
        await ask_resident(session, lead, need.id, "几楼？")
    assert await remind(sessions, at("05T12:00")) == 1
    assert await remind(sessions, at("09T17:30")) == 1
    after = await read(sessions, need.id)
    assert after.waiting_since is None
    assert after.solution_due_at == at("11T17:30")
    async with sessions() as session:
        told = await session.scalars(select(OutboxMessage.message).order_by(OutboxMessage.seq))
        assert list(told) == ["staff_question", "need_still_waiting"]


@pytest.mark.parametrize("how", ["answered", "withdrawn", "resolved"])
async def test_who_is_waited_for_no_more_is_not_asked_again_by_what_is_still_queued(
    sessions: Sessions, cast: Cast, clock: time_machine.Traveller, how: str
) -> None:
    lead, need = cast.here.staff[PartyType.PROPERTY_COMPANY], await report(sessions, cast)
    async with sessions.begin() as session:
        await ask_resident(session, lead, need.id, "几楼？")
    await remind(sessions, at("05T12:00"))
    async with sessions.begin() as session:
        if how == "answered":
            await add_to_need(session, cast.owner.resident_id, need.id, "五楼")
        elif how == "withdrawn":
            await withdraw_need(session, cast.owner.resident_id, need.id)
        else:
            await resolve_need(session, lead, need.id, "修好了", survey_at=at("06T09:00"))
    async with sessions() as session:
        told = select(OutboxMessage.message, OutboxMessage.state).order_by(OutboxMessage.seq)
        assert [tuple(row) for row in await session.execute(told.limit(2))] == [
            ("staff_question", OutboxState.PENDING),
            ("need_still_waiting", OutboxState.SUPPRESSED),
        ]


async def test_a_reopened_need_has_a_new_round_of_clocks(
    sessions: Sessions, cast: Cast, clock: time_machine.Traveller
) -> None:
    lead, need = cast.here.staff[PartyType.PROPERTY_COMPANY], await report(sessions, cast)
    async with sessions.begin() as session:
        await accept_need(session, lead, need.id)
        await resolve_need(session, lead, need.id, "修好了", survey_at=START)
    clock.move_to(at("04T08:30"))
    async with sessions.begin() as session:
        survey = await take_due_survey(session, at("04T08:30"), SurveyTimes())
        assert survey is not None
        again = await answer_solved(session, cast.owner.resident_id, survey.id, solved=False)
    clocks = await read_clocks(sessions, need.id)
    assert clocks["solution1"].outcome is Outcome.MET
    assert clocks["answer2"].due_at == again.first_answer_due_at == at("04T14:30")
    assert clocks["solution2"].due_at == again.solution_due_at == at("05T17:30")


async def test_who_is_absent_is_not_reminded(
    sessions: Sessions, cast: Cast, clock: time_machine.Traveller
) -> None:
    lead = cast.here.staff[PartyType.PROPERTY_COMPANY]
    other = cast.here.colleagues[PartyType.PROPERTY_COMPANY]
    need = await report(sessions, cast)
    async with sessions.begin() as session:
        await accept_need(session, lead, need.id)
        await add_absence(session, lead, lead.staff_id, at("03T09:00"), at("05T09:00"), "病假")
    await remind(sessions, at("03T10:30"))
    async with sessions() as session:
        told = (await session.scalars(select(ClockReminder))).one()
        line = await session.scalar(select(NeedHistory).where(NeedHistory.event == "clock_instead"))
    assert (told.step, told.staff_id) == (ClockStep.PERSON, other.staff_id)
    assert line is not None
    assert line.details is not None
    assert (line.details["name"], line.details["count"]) == (other.name, "0")


async def test_who_handles_it_is_reminded_and_where_nobody_is_there_the_street(
    sessions: Sessions, cast: Cast, clock: time_machine.Traveller
) -> None:
    lead = cast.here.staff[PartyType.PROPERTY_COMPANY]
    need = await report(sessions, cast)
    async with sessions.begin() as session:
        await accept_need(session, lead, need.id)
    await remind(sessions, at("03T10:30"))
    async with sessions.begin() as session:
        for away in (lead, cast.here.colleagues[PartyType.PROPERTY_COMPANY]):
            await add_absence(session, away, away.staff_id, at("03T10:31"), at("05T09:00"))
    await remind(sessions, at("03T12:00"))
    await remind(sessions, at("03T14:10"))
    async with sessions() as session:
        told = (await session.scalars(select(ClockReminder).order_by(ClockReminder.id))).all()
        events = await session.scalars(
            select(NeedHistory.event).where(NeedHistory.event.is_not(None)).order_by(NeedHistory.id)
        )
    assert list(events) == ["clock_person", "clock_nobody", "clock_street"]
    assert [(row.step, row.party_id) for row in told] == [
        (ClockStep.PERSON, lead.party_id),
        (ClockStep.LEADER, cast.street.party_id),
        (ClockStep.STREET, cast.street.party_id),
    ]


async def test_a_worker_that_dies_before_its_commit_has_sent_nothing(
    sessions: Sessions, cast: Cast, clock: time_machine.Traveller
) -> None:
    need = await report(sessions, cast)
    with pytest.raises(DBAPIError):
        await _remind_and_die(sessions, need.id, at("03T10:30"))
    assert await reminders(sessions) == []
    assert (await read(sessions, need.id)).clock_mark is None
    assert await remind(sessions, at("03T10:30")) == 5


async def _remind_and_die(sessions: Sessions, need_id: UUID, moment: datetime) -> None:
    """The worker's connection goes away between its claim and its commit."""
    async with sessions.begin() as session:
        assert await take_due_need(session, moment, need_id) == 5
        backend = await session.scalar(text("SELECT pg_backend_pid()"))
        async with sessions.begin() as other:
            await other.execute(text("SELECT pg_terminate_backend(:pid)"), {"pid": backend})
        await session.execute(text("SELECT 1"))


async def test_two_workers_remind_once(sessions: Sessions, cast: Cast, clock: time_machine.Traveller) -> None:
    for _ in range(6):
        await report(sessions, cast)
    sent = await asyncio.gather(*(remind(sessions, at("03T10:30")) for _ in range(4)))
    assert sum(sent) + await remind(sessions, at("03T10:30")) == 30
    assert len(await reminders(sessions)) == 30


async def test_a_need_that_staff_work_on_just_now_is_left_for_the_next_run(
    sessions: Sessions, cast: Cast, clock: time_machine.Traveller
) -> None:
    lead, need = cast.here.staff[PartyType.PROPERTY_COMPANY], await report(sessions, cast)
    async with sessions.begin() as session:
        await accept_need(session, lead, need.id)
        assert await remind(sessions, at("03T09:30")) == 0
    assert await remind(sessions, at("03T09:30")) == 0  # accepted meanwhile
    assert await remind(sessions, at("03T10:30")) == 1


@pytest.mark.parametrize("name", list(ClockName))
def test_every_clock_has_a_name_in_the_console(name: ClockName) -> None:
    assert f"staff_clocks.clock_{name}" in all_words()


async def test_a_new_kind_does_not_count_what_was_waited(
    sessions: Sessions, cast: Cast, clock: time_machine.Traveller
) -> None:
    lead, need = cast.here.staff[PartyType.PROPERTY_COMPANY], await report(sessions, cast)
    clock.move_to(at("03T10:30"))
    async with sessions.begin() as session:
        await ask_resident(session, lead, need.id, "是左边那台还是右边那台？")
    clock.move_to(at("05T09:30"))
    async with sessions.begin() as session:
        await add_to_need(session, cast.owner.resident_id, need.id, "左边那台，有焦味")
        changed = await change_kind(session, lead, need.id, "fire_public_safety")  # 14 hours, as a lift has
    assert changed.solution_due_at == at("06T16:30")


async def test_what_has_run_out_is_late_under_another_kind_too(
    sessions: Sessions, cast: Cast, clock: time_machine.Traveller
) -> None:
    lead, need = cast.here.staff[PartyType.PROPERTY_COMPANY], await report(sessions, cast)
    clock.move_to(at("05T09:30"))
    await remind(sessions, at("05T09:30"))
    async with sessions.begin() as session:
        changed = await change_kind(session, lead, need.id, "parking_vehicles")  # that has 70 hours
    assert (changed.clock_mark, changed.solution_due_at) == (ClockMark.OVERDUE, need.solution_due_at)


async def test_other_office_hours_move_no_promise_and_no_reminder_behind_it(
    sessions: Sessions, cast: Cast, clock: time_machine.Traveller
) -> None:
    need, committee = await report(sessions, cast), cast.here.staff[PartyType.COMMITTEE]
    async with sessions.begin() as session:
        await set_day(session, committee, cast.here.community.id, START.date(), [], "停电，不办公")
    for moment in ("03T10:30", "03T14:30"):
        await remind(sessions, at(moment))
    answers = [step for name, step in await reminders(sessions) if name == "answer"]
    assert answers == ["person", "leader", "street", "overdue"]
    assert (await read(sessions, need.id)).first_answer_due_at == at("03T14:30")
    assert (await read(sessions, need.id)).clock_mark is ClockMark.OVERDUE


async def test_reminders_stay_behind_when_a_need_goes_to_another_party(
    sessions: Sessions, cast: Cast, clock: time_machine.Traveller
) -> None:
    need, property_company = await report(sessions, cast), PartyType.PROPERTY_COMPANY
    await remind(sessions, at("03T11:30"))

    async def who_reads() -> list[bool]:
        async with sessions() as session:
            people = (*_both(cast, property_company), cast.street)
            return [bool(await find_reminders(session, actor)) for actor in people]

    assert await who_reads() == [True, True, True]
    async with sessions.begin() as session:
        committee = cast.here.parties[PartyType.COMMITTEE].id
        await hand_over_need(session, cast.here.staff[property_company], need.id, committee, "要开会定")
    assert await who_reads() == [False, False, False]


def _both(cast: Cast, kind: PartyType) -> tuple[StaffActor, StaffActor]:
    return cast.here.staff[kind], cast.here.colleagues[kind]
