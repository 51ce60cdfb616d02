"""Alerts: one case a crisis, whom the roster names, on to the next until somebody takes it, exactly once."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from sqlalchemy import func, select, update

from channels.delivery import Delivery
from channels.registry import make_channels
from channels.render import render_text
from community.actors import StaffActor
from community.alerts.crisis import Crisis, hear_in_crisis, report_crisis, set_crisis
from community.alerts.models import Alert, AlertCall, CallStep
from community.alerts.queries import find_ringing
from community.alerts.usecases import take_alert, take_due_alert
from community.clock import now
from community.conversations.usecases import find_next_duty, find_on_duty
from community.duplicates.finding import SIZE, Sought, find_likely
from community.duplicates.models import NeedFollower, NeedVector
from community.duplicates.usecases import follow_need
from community.errors import NotAllowed, NotFound, Refused, WrongState
from community.hotlines.models import Danger
from community.needs.models import Need, NeedAssignment, NeedHistory, NeedState, NeedView, Urgency, Visibility
from community.needs.queries import get_need_page
from community.needs.usecases.asking import ask_resident
from community.needs.usecases.residents import Report, report_need
from community.needs.usecases.staff import accept_need, answer_resident, hand_over_need, resolve_need
from community.outbox.models import OutboxMessage
from community.parties.models import DutyShift, PartyType, Role, Staff
from community.residents.models import Resident
from community.roster.queries import find_leaders, find_next_start, find_next_up
from community.routing.models import Absence
from community.surveys.asking import SurveyTimes, take_due_survey
from community.surveys.usecases import answer_solved
from linli.database import Sessions
from linli.settings import Settings
from scheduler.jobs.alerts import alerts
from scheduler.tools import Tools
from tests.cast import Cast

ZONE = ZoneInfo("Asia/Shanghai")
TEN = datetime(2026, 3, 4, 10, 0, tzinfo=ZONE)  # a Wednesday
NIGHT = datetime(2026, 3, 4, 23, 0, tzinfo=ZONE)
WORDS = "我不想活了"
TEAM, COMMITTEE = PartyType.SOCIAL_WORK_TEAM, PartyType.COMMITTEE


async def put_on_duty(sessions: Sessions, who: StaffActor, since: datetime, hours: float = 4) -> None:
    async with sessions.begin() as session:
        ends = since + timedelta(hours=hours)
        shift = DutyShift(party_id=who.party_id, staff_id=who.staff_id, starts_at=since, ends_at=ends)
        session.add(shift)


async def tell(
    sessions: Sessions,
    cast: Cast,
    danger: Danger = Danger.SELF_HARM,
    *,
    at: datetime = TEN,
    words: str = WORDS,
) -> Crisis:
    with time_machine.travel(at, tick=False):
        async with sessions.begin() as session:
            return await report_crisis(session, cast.owner.resident_id, danger, words, at=at)


async def calls(sessions: Sessions) -> list[tuple[CallStep, str | None]]:
    """Why and who, in order."""
    wanted = select(AlertCall.step, Staff.name).outerjoin(Staff, Staff.id == AlertCall.staff_id)
    async with sessions() as session:
        return [(step, name) for step, name in await session.execute(wanted.order_by(AlertCall.id))]


async def get_alert(sessions: Sessions) -> Alert:
    async with sessions() as session:
        return (await session.scalars(select(Alert).order_by(Alert.raised_at.desc()))).first()  # type: ignore[return-value]


def tools_of(sessions: Sessions) -> Tools:
    return Tools(
        sessions,
        Delivery(sessions, make_channels(Settings(), sessions), hold_after=timedelta(hours=24)),
        SurveyTimes(),
    )


async def work(sessions: Sessions, at: datetime) -> int:
    """The worker's job, as if it were `at`."""
    with time_machine.travel(at, tick=False):
        return await alerts(tools_of(sessions), at)


async def test_a_crisis_is_a_confidential_case_of_social_work_with_a_clock_in_minutes(
    sessions: Sessions, cast: Cast
) -> None:
    worker = cast.here.staff[TEAM]
    await put_on_duty(sessions, worker, TEN - timedelta(hours=1))
    crisis = await tell(sessions, cast)
    need = crisis.need
    assert (need.visibility, need.urgency) == (Visibility.CONFIDENTIAL, Urgency.CRISIS)
    assert need.lead_party_id == cast.here.parties[TEAM].id
    assert need.first_answer_due_at == TEN + timedelta(minutes=15)
    assert (crisis.is_new, crisis.on_duty, crisis.promised_at) == (True, worker.name, None)
    assert await calls(sessions) == [(CallStep.DUTY, worker.name)]


@pytest.mark.parametrize("danger", [Danger.FIRE, Danger.GAS, Danger.INJURY, Danger.MISSING, Danger.OTHER])
async def test_other_danger_is_private_and_goes_to_the_committee(
    sessions: Sessions, cast: Cast, danger: Danger
) -> None:
    crisis = await tell(sessions, cast, danger, words="3号楼着火了")
    assert crisis.need.visibility is Visibility.PRIVATE
    assert crisis.need.lead_party_id == cast.here.parties[COMMITTEE].id
    assert crisis.need.routing_why == "crisis"


async def test_nobody_on_duty_promises_the_next_shift(sessions: Sessions, cast: Cast) -> None:
    morning = datetime(2026, 3, 5, 8, 30, tzinfo=ZONE)
    await put_on_duty(sessions, cast.here.staff[TEAM], morning)
    crisis = await tell(sessions, cast, at=NIGHT)
    assert (crisis.on_duty, crisis.promised_at) == (None, morning)
    assert await calls(sessions) == [
        (CallStep.NOBODY, None),
        (CallStep.NEXT, cast.here.staff[TEAM].name),
    ]


async def test_without_a_roster_the_office_hours_are_promised(sessions: Sessions, cast: Cast) -> None:
    crisis = await tell(sessions, cast, at=NIGHT)
    assert crisis.promised_at == datetime(2026, 3, 5, 8, 30, tzinfo=ZONE)


async def test_a_second_message_is_the_same_case(sessions: Sessions, cast: Cast) -> None:
    first = await tell(sessions, cast)
    second = await tell(sessions, cast, at=TEN + timedelta(minutes=2), words="药都买好了")
    assert (second.need.id, second.is_new) == (first.need.id, False)
    async with sessions() as session:
        assert await session.scalar(select(func.count()).select_from(Need)) == 1
        assert await session.scalar(select(func.count()).select_from(Alert)) == 1


async def test_not_taken_goes_on_to_the_next_the_leader_and_the_street(
    sessions: Sessions, cast: Cast
) -> None:
    first, second = cast.here.staff[TEAM], cast.here.colleagues[TEAM]
    await put_on_duty(sessions, first, TEN - timedelta(hours=1))
    await put_on_duty(sessions, second, TEN + timedelta(hours=5))
    async with sessions.begin() as session:
        await session.execute(update(Staff).where(Staff.id == second.staff_id).values(leads=True))
    await tell(sessions, cast)
    assert await work(sessions, TEN + timedelta(minutes=4)) == 0
    assert await work(sessions, TEN + timedelta(minutes=5)) == 1
    assert await work(sessions, TEN + timedelta(minutes=5)) == 0, "each step once"
    assert await work(sessions, TEN + timedelta(minutes=10)) == 1
    assert await calls(sessions) == [
        (CallStep.DUTY, first.name),
        (CallStep.NEXT, second.name),
        (CallStep.STREET, cast.street.name),  # the leader was called already
    ]
    async with sessions() as session:
        told = select(NeedHistory.event).where(NeedHistory.event.is_not(None)).order_by(NeedHistory.id)
        assert (await session.scalars(told)).all() == ["alert_duty", "alert_next", "alert_street"]
    again = TEN + timedelta(hours=1, minutes=10)
    assert await work(sessions, again) == 1
    assert (await calls(sessions))[-1] == (CallStep.DUTY, first.name), "the roster is gone through again"


async def test_the_leader_is_called_before_the_street(sessions: Sessions, cast: Cast) -> None:
    await put_on_duty(sessions, cast.here.staff[TEAM], TEN - timedelta(hours=1))
    await tell(sessions, cast)
    for minutes in (5, 10):
        await work(sessions, TEN + timedelta(minutes=minutes))
    assert [step for step, _ in await calls(sessions)] == [CallStep.DUTY, CallStep.LEADER, CallStep.STREET]


async def test_the_shift_that_begins_is_called_when_it_begins(sessions: Sessions, cast: Cast) -> None:
    await put_on_duty(sessions, cast.here.colleagues[TEAM], TEN + timedelta(minutes=2))
    await put_on_duty(sessions, cast.here.staff[TEAM], TEN - timedelta(hours=1))
    await tell(sessions, cast)
    await work(sessions, TEN + timedelta(minutes=2))
    assert (await calls(sessions))[-1] == (CallStep.DUTY, cast.here.colleagues[TEAM].name)


async def test_two_tap_at_once_and_one_has_it(sessions: Sessions, cast: Cast) -> None:
    people = (cast.here.staff[TEAM], cast.here.colleagues[TEAM])
    await put_on_duty(sessions, people[0], TEN - timedelta(hours=1))
    await tell(sessions, cast)
    alert = await get_alert(sessions)

    async def take(who: StaffActor) -> str:
        try:
            async with sessions.begin() as session:
                await take_alert(session, who, alert.id)
        except WrongState as error:
            return error.message
        return who.name

    results = await asyncio.gather(*(take(who) for who in people))
    assert sorted(result == "alert_taken" for result in results) == [False, True]
    taken = await get_alert(sessions)
    winner = next(who for who, result in zip(people, results, strict=True) if result != "alert_taken")
    assert (taken.taken_by, taken.due_at, taken.quiet_at) == (winner.staff_id, None, None)
    async with sessions() as session:
        need = (await session.scalars(select(Need))).one()
        assert (need.assignee_id, need.state) == (winner.staff_id, NeedState.ACCEPTED)
        viewers = (await session.scalars(select(NeedView.staff_id))).all()
        assert viewers == [winner.staff_id]
        told = (await session.scalars(select(OutboxMessage.message))).all()
        assert told == ["crisis_taken"]
        assert (await get_need_page(session, winner, need.id)).line.readable
    assert await work(sessions, TEN + timedelta(hours=3)) == 0


async def test_taking_again_is_no_mistake(sessions: Sessions, cast: Cast) -> None:
    await tell(sessions, cast)
    alert = await get_alert(sessions)
    for _ in range(2):
        async with sessions.begin() as session:
            await take_alert(session, cast.here.staff[TEAM], alert.id)
    async with sessions() as session:
        assert await session.scalar(select(func.count()).select_from(OutboxMessage)) == 1


async def test_only_social_workers_of_the_team_take_a_confidential_one(
    sessions: Sessions, cast: Cast
) -> None:
    await tell(sessions, cast)
    alert = await get_alert(sessions)
    for who, refusal in (
        (cast.here.staff[COMMITTEE], NotFound),
        (cast.there.staff[TEAM], NotFound),
        (cast.admin, NotFound),
        (cast.here.staff[PartyType.PROPERTY_COMPANY], NotFound),
        (cast.street, NotFound),
    ):
        with pytest.raises(refusal):
            async with sessions.begin() as session:
                await take_alert(session, who, alert.id)
    for minutes in (5, 10, 15):  # the street is called, and still may not read
        await work(sessions, TEN + timedelta(minutes=minutes))
    with pytest.raises(NotAllowed):
        async with sessions.begin() as session:
            await take_alert(session, cast.street, alert.id)
    async with sessions() as session:
        assert (await session.scalars(select(NeedView))).all() == []


async def test_accepting_by_another_door_ends_the_alert(sessions: Sessions, cast: Cast) -> None:
    crisis = await tell(sessions, cast, Danger.FIRE)
    async with sessions.begin() as session:
        await accept_need(session, cast.here.staff[COMMITTEE], crisis.need.id)
    alert = await get_alert(sessions)
    assert (alert.taken_by, alert.due_at) == (cast.here.staff[COMMITTEE].staff_id, None)


@pytest.mark.parametrize("act", [ask_resident, answer_resident])
async def test_asking_or_answering_the_resident_ends_the_alert(
    sessions: Sessions, cast: Cast, act: Callable[..., Awaitable[object]]
) -> None:
    worker = cast.here.staff[COMMITTEE]
    crisis = await tell(sessions, cast, Danger.FIRE)
    with time_machine.travel(TEN + timedelta(minutes=1), tick=False):
        async with sessions.begin() as session:
            await act(session, worker, crisis.need.id, "几楼？人都下来了吗？")
    alert = await get_alert(sessions)
    assert (alert.taken_by, alert.due_at, alert.quiet_at) == (worker.staff_id, None, None)
    assert await work(sessions, TEN + timedelta(hours=1)) == 0
    async with sessions() as session:
        assert (await session.get_one(Need, crisis.need.id)).assignee_id == worker.staff_id
        assert (await session.scalars(select(NeedAssignment.staff_id))).all() == [worker.staff_id]


async def _move(sessions: Sessions, cast: Cast, who: StaffActor) -> StaffActor:
    """To the property company; the roster of before is left as it is."""
    company = cast.here.parties[PartyType.PROPERTY_COMPANY].id
    async with sessions.begin() as session:
        moved = update(Staff).where(Staff.id == who.staff_id).values(party_id=company, role=Role.PARTNER)
        await session.execute(moved)
    return replace(who, party_id=company, role=Role.PARTNER)


async def test_an_old_roster_names_nobody_who_works_elsewhere_by_now(sessions: Sessions, cast: Cast) -> None:
    worker, colleague = cast.here.staff[TEAM], cast.here.colleagues[TEAM]
    await put_on_duty(sessions, worker, TEN - timedelta(hours=1))
    await put_on_duty(sessions, worker, TEN + timedelta(hours=4))
    await _move(sessions, cast, worker)
    async with sessions() as session:
        for find in (find_on_duty, find_next_duty, find_next_start):
            assert await find(session, colleague.party_id, TEN) is None
    assert (await tell(sessions, cast)).on_duty is None
    for minutes in (5, 10, 15):
        await work(sessions, TEN + timedelta(minutes=minutes))
    assert [name for _, name in await calls(sessions)] == [None, colleague.name, cast.street.name]


async def test_who_moves_after_the_call_learns_nothing_more_of_it(sessions: Sessions, cast: Cast) -> None:
    worker = cast.here.staff[TEAM]
    await put_on_duty(sessions, worker, TEN - timedelta(hours=1))
    need = (await tell(sessions, cast)).need
    for minutes in (5, 10):
        await work(sessions, TEN + timedelta(minutes=minutes))
    async with sessions() as session:
        for who in (worker, cast.here.colleagues[TEAM], cast.street):
            assert [ring.code for ring in await find_ringing(session, who)] == [need.code]
    moved, alert = await _move(sessions, cast, worker), await get_alert(sessions)
    async with sessions() as session:
        assert await find_ringing(session, moved) == []
        with pytest.raises(NotFound):
            await take_alert(session, moved, alert.id)


async def test_a_worker_killed_in_the_middle_calls_nobody_twice(sessions: Sessions, cast: Cast) -> None:
    await put_on_duty(sessions, cast.here.staff[TEAM], TEN - timedelta(hours=1))
    await tell(sessions, cast)
    alert = await get_alert(sessions)
    late = TEN + timedelta(minutes=5)

    class Killed(Exception):
        """The process is gone before the commit."""

    async def die_before_the_commit() -> None:
        async with sessions.begin() as session:
            assert await take_due_alert(session, late, alert.id)
            raise Killed

    with pytest.raises(Killed):
        await die_before_the_commit()
    assert len(await calls(sessions)) == 1
    await asyncio.gather(work(sessions, late), work(sessions, late), work(sessions, late))
    assert len({staff for _, staff in await calls(sessions)}) == len(await calls(sessions))
    assert [step for step, _ in await calls(sessions)].count(CallStep.DUTY) == 1


async def test_a_silent_person_is_asked_twice_and_not_more(sessions: Sessions, cast: Cast) -> None:
    await tell(sessions, cast)
    for minutes in range(1, 120):
        await work(sessions, TEN + timedelta(minutes=minutes))
    async with sessions() as session:
        rows = (
            await session.execute(
                select(OutboxMessage.message, OutboxMessage.due_at).order_by(OutboxMessage.due_at)
            )
        ).all()
    assert [(row.message, row.due_at) for row in rows] == [
        ("crisis_still_there", TEN + timedelta(minutes=10)),
        ("crisis_here_any_time", TEN + timedelta(minutes=30)),
    ]


async def test_who_writes_is_not_asked_and_who_is_fine_neither(sessions: Sessions, cast: Cast) -> None:
    need = (await tell(sessions, cast)).need
    with time_machine.travel(TEN + timedelta(minutes=8), tick=False):
        async with sessions.begin() as session:
            await hear_in_crisis(session, cast.owner.resident_id, need.id, "在")
    await work(sessions, TEN + timedelta(minutes=11))
    with time_machine.travel(TEN + timedelta(minutes=12), tick=False):
        async with sessions.begin() as session:
            await hear_in_crisis(session, cast.owner.resident_id, need.id, "没事了", calm=True)
    await work(sessions, TEN + timedelta(minutes=40))
    async with sessions() as session:
        assert (await session.scalars(select(OutboxMessage.message))).all() == []
    assert (await get_alert(sessions)).ended_at is None, "a person still looks at it"


async def test_what_is_told_later_for_social_workers_alone_takes_the_case_there(
    sessions: Sessions, cast: Cast
) -> None:
    fire = await tell(sessions, cast, Danger.FIRE, words="着火了")
    async with sessions.begin() as session:
        session.add(NeedFollower(need_id=fire.need.id, resident_id=cast.neighbour.resident_id, at=TEN))
    later = await tell(sessions, cast, Danger.SELF_HARM, at=TEN + timedelta(minutes=1))
    assert later.need.id == fire.need.id
    assert later.need.visibility is Visibility.CONFIDENTIAL
    async with sessions() as session:
        with pytest.raises(NotFound):
            await get_need_page(session, cast.here.staff[COMMITTEE], fire.need.id)
        assert (await session.scalars(select(NeedFollower))).all() == [], "nobody else hears of it"


async def test_without_a_community_nothing_can_be_stored(sessions: Sessions, cast: Cast) -> None:
    async with sessions.begin() as session:
        await session.execute(
            update(Resident).where(Resident.id == cast.owner.resident_id).values(community_id=None)
        )
    with pytest.raises(Refused, match="community_unknown"):
        await tell(sessions, cast)


@pytest.mark.parametrize("danger", [Danger.SELF_HARM, Danger.VIOLENCE])
async def test_what_staff_see_for_social_workers_alone_goes_to_them(
    sessions: Sessions, cast: Cast, danger: Danger
) -> None:
    lead, worker = cast.here.staff[PartyType.PROPERTY_COMPANY], cast.here.staff[TEAM]
    await put_on_duty(sessions, worker, TEN - timedelta(hours=1))
    with time_machine.travel(TEN, tick=False):
        async with sessions.begin() as session:
            need = await report_need(
                session,
                cast.owner.resident_id,
                Report("elevator", "电梯停了，他要跳下去", meaning=bytes(2 * SIZE)),
            )
            await follow_need(session, cast.neighbour.resident_id, need.id)
            await accept_need(session, lead, need.id)
        async with sessions.begin() as session:
            alert = await set_crisis(session, lead, need.id, danger)
    assert (alert.party_id, alert.danger) == (worker.party_id, danger.value)
    assert await calls(sessions) == [(CallStep.DUTY, worker.name)]
    async with sessions() as session:
        stored = await session.get_one(Need, need.id)
        assert (stored.visibility, stored.lead_party_id) == (Visibility.CONFIDENTIAL, worker.party_id)
        assert (stored.state, stored.assignee_id) == (NeedState.ROUTED, None)
        assert stored.first_answer_due_at == TEN + timedelta(minutes=15)
        assert await session.get(NeedVector, need.id) is None
        assert (await session.scalars(select(NeedFollower))).all() == []
        for who in (lead, cast.here.staff[COMMITTEE], cast.street):
            with pytest.raises(NotFound):
                await get_need_page(session, who, need.id)
    async with sessions.begin() as session:
        await take_alert(session, worker, alert.id)
        assert (await get_need_page(session, worker, need.id)).line.readable


async def test_what_is_dangerous_is_no_longer_public_and_not_offered_to_neighbours(
    sessions: Sessions, cast: Cast
) -> None:
    sought = Sought(
        cast.here.community.id, "elevator", "有人困在里面", resident_id=cast.neighbour.resident_id
    )
    async with sessions.begin() as session:
        need = await report_need(session, cast.owner.resident_id, Report("elevator", "有人困在里面"))
        assert len(await find_likely(session, sought, now())) == 1
        await set_crisis(session, cast.here.staff[PartyType.PROPERTY_COMPANY], need.id, Danger.INJURY)
    async with sessions.begin() as session:
        stored = await session.get_one(Need, need.id)
        assert stored.visibility is Visibility.PRIVATE
        assert stored.lead_party_id == cast.here.parties[PartyType.PROPERTY_COMPANY].id
        stored.visibility = Visibility.PUBLIC
        await session.flush()
        assert await find_likely(session, sought, now()) == []


async def test_a_crisis_that_is_passed_on_rings_with_those_who_have_it_now(
    sessions: Sessions, cast: Cast
) -> None:
    clerk, guard = cast.here.staff[COMMITTEE], cast.here.staff[PartyType.PROPERTY_COMPANY]
    for who in (clerk, guard):
        await put_on_duty(sessions, who, TEN - timedelta(hours=1))
    need = (await tell(sessions, cast, Danger.GAS, words="楼道里有煤气味")).need
    alert = await get_alert(sessions)
    later = TEN + timedelta(minutes=3)
    with time_machine.travel(later, tick=False):
        async with sessions.begin() as session:
            await take_alert(session, clerk, alert.id)
            await hand_over_need(session, clerk, need.id, guard.party_id, "归物业查管道")
    assert await work(sessions, later) == 1
    assert await calls(sessions) == [(CallStep.DUTY, clerk.name), (CallStep.DUTY, guard.name)]
    again = await get_alert(sessions)
    assert (again.party_id, again.danger, again.ended_at) == (guard.party_id, "gas", None)
    async with sessions.begin() as session:
        await take_alert(session, guard, again.id)
        assert (await session.get_one(Need, need.id)).assignee_id == guard.staff_id


async def test_an_alert_that_nobody_took_goes_on_with_those_who_have_it_now(
    sessions: Sessions, cast: Cast
) -> None:
    clerk, guard = cast.here.staff[COMMITTEE], cast.here.staff[PartyType.PROPERTY_COMPANY]
    for who in (clerk, guard):
        await put_on_duty(sessions, who, TEN - timedelta(hours=1))
    need = (await tell(sessions, cast, Danger.GAS, words="楼道里有煤气味")).need
    with time_machine.travel(TEN, tick=False):
        async with sessions.begin() as session:
            await hand_over_need(session, clerk, need.id, guard.party_id, "归物业查管道")
    assert await work(sessions, TEN) == 1  # at once, not when the committee's next would have been called
    assert (await calls(sessions))[-1] == (CallStep.DUTY, guard.name)


async def test_a_crisis_that_opens_again_rings_again(sessions: Sessions, cast: Cast) -> None:
    clerk = cast.here.staff[COMMITTEE]
    await put_on_duty(sessions, clerk, TEN - timedelta(hours=1))
    need = (await tell(sessions, cast, Danger.GAS, words="楼道里有煤气味")).need
    alert = await get_alert(sessions)
    with time_machine.travel(TEN + timedelta(minutes=5), tick=False):
        async with sessions.begin() as session:
            await take_alert(session, clerk, alert.id)
            await resolve_need(session, clerk, need.id, "关了阀门", survey_at=TEN + timedelta(hours=1))
    later = TEN + timedelta(hours=1)
    with time_machine.travel(later, tick=False):
        async with sessions.begin() as session:
            survey = await take_due_survey(session, later, SurveyTimes())
            assert survey is not None
            await answer_solved(session, cast.owner.resident_id, survey.id, solved=False)
    assert await work(sessions, later) == 1
    assert await calls(sessions) == [(CallStep.DUTY, clerk.name)] * 2


async def test_staff_set_a_crisis(sessions: Sessions, cast: Cast) -> None:
    lead = cast.here.staff[PartyType.PROPERTY_COMPANY]
    async with sessions.begin() as session:
        need = await report_need(
            session, cast.owner.resident_id, Report(kind="elevator", words="有人困在里面")
        )
    for who, refusal in (
        (cast.here.staff[COMMITTEE], NotAllowed),
        (cast.there.staff[COMMITTEE], NotFound),
        (cast.admin, NotFound),
    ):
        with pytest.raises(refusal):
            async with sessions.begin() as session:
                await set_crisis(session, who, need.id, Danger.INJURY)
    async with sessions.begin() as session:
        alert = await set_crisis(session, lead, need.id, Danger.INJURY)
        again = await set_crisis(session, lead, need.id, Danger.INJURY)
    assert (alert.raised_by, again.id) == (lead.staff_id, alert.id)
    assert (await calls(sessions))[0] == (CallStep.NOBODY, None)
    assert alert.quiet_at is None, "the resident did not raise it and is not asked"
    async with sessions() as session:
        stored = await session.get_one(Need, need.id)
        assert stored.urgency is Urgency.CRISIS


async def test_of_a_crisis_that_staff_set_the_resident_has_the_numbers_once(
    sessions: Sessions, cast: Cast
) -> None:
    lead = cast.here.staff[COMMITTEE]
    async with sessions.begin() as session:
        need = await report_need(session, cast.owner.resident_id, Report("noise", "隔壁在打人"))
        for _ in range(2):
            await set_crisis(session, lead, need.id, Danger.INJURY)
    async with sessions() as session:
        (told,) = (await session.scalars(select(OutboxMessage))).all()
    assert (told.message, told.resident_id) == ("crisis_set", cast.owner.resident_id)
    assert [button["payload"] for button in told.buttons][:1] == ["tel:120"]
    for language in ("zh", "en"):
        words = render_text(told.message, language, told.values)
        assert "120" in words
        assert lead.name in words


async def test_an_alert_ends_with_its_need(sessions: Sessions, cast: Cast) -> None:
    lead = cast.here.staff[COMMITTEE]
    async with sessions.begin() as session:
        need = await report_need(session, cast.owner.resident_id, Report("noise", "隔壁在打人"))
        await accept_need(session, lead, need.id)
        await set_crisis(session, lead, need.id, Danger.INJURY)
    assert (await get_alert(sessions)).ended_at is None
    async with sessions.begin() as session:
        await resolve_need(session, lead, need.id, "送到医院了", survey_at=now())
    over = await get_alert(sessions)
    assert (over.ended_why, over.due_at) == ("over", None)


async def test_who_is_absent_is_neither_called_next_nor_as_the_leader(sessions: Sessions, cast: Cast) -> None:
    away, there = cast.here.staff[TEAM], cast.here.colleagues[TEAM]
    await put_on_duty(sessions, away, TEN + timedelta(hours=6))
    async with sessions.begin() as session:
        await session.execute(update(Staff).where(Staff.id == away.staff_id).values(leads=True))
        session.add(
            Absence(
                staff_id=away.staff_id,
                starts_at=TEN - timedelta(hours=1),
                ends_at=TEN + timedelta(days=2),
                set_by=away.staff_id,
            )
        )
    async with sessions() as session:
        assert await find_next_up(session, away.party_id, TEN) == []
        leaders = [person.id for person in await find_leaders(session, away.party_id, TEN)]
    assert leaders == [there.staff_id]
