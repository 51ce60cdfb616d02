"""Staff on own channels: what is urgent arrives there, when it may, without a word of a case; ended it ends."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
import time_machine
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from channels.render import render_text
from community.actors import StaffActor
from community.alerts.crisis import report_crisis
from community.alerts.models import Alert
from community.alerts.queries import find_ringing
from community.alerts.usecases import take_alert, take_due_alert
from community.clocks.reminding import take_due_need
from community.conversations.queries import get_handover_conversation
from community.conversations.usecases import ask_for_person, take_conversation
from community.errors import NotFound
from community.hotlines.models import Danger
from community.linking.usecases import Said, enter_code
from community.needs.models import Need, Urgency
from community.needs.usecases.residents import Report, report_need
from community.needs.usecases.staff import accept_need, resolve_need
from community.outbox.models import OutboxMessage, OutboxState, Priority
from community.outbox.queries import find_undelivered
from community.outbox.rights import may_decide_on
from community.outbox.waiting import stop_addresses
from community.parties.models import DutyShift, PartyType, Staff
from community.parties.usecases import disable_staff
from community.residents.models import Address, AddressState, Resident
from community.residents.usecases import Known, meet_person
from community.staff_reach.linking import end_link, find_links, link_staff, make_staff_code
from community.staff_reach.models import StaffLink
from community.staff_reach.telling import tell_staff
from community.staff_reach.unreached import find_unreached
from community.surveys.asking import SurveyTimes, take_due_survey
from community.surveys.usecases import answer_solved, rate_need
from linli.database import Sessions
from tests.cast import Cast

ZONE = ZoneInfo("Asia/Shanghai")
TEN = datetime(2026, 3, 4, 10, 0, tzinfo=ZONE)  # a Wednesday
NIGHT = datetime(2026, 3, 4, 23, 0, tzinfo=ZONE)
MORNING = datetime(2026, 3, 5, 8, 30, tzinfo=ZONE)
TEAM, PROPERTY, COMMITTEE = PartyType.SOCIAL_WORK_TEAM, PartyType.PROPERTY_COMPANY, PartyType.COMMITTEE
WORDS = "我不想活了"


async def link(session: AsyncSession, actor: StaffActor, channel: str = "telegram") -> Known:
    """The colleague links an account on a channel as one does it: a code of the console, typed there."""
    known = await meet_person(session, channel, f"{channel} of {actor.name}")
    shown = await make_staff_code(session, actor)
    typed = await enter_code(session, known.resident_id, known.address_id, shown.digits)
    assert typed.said is Said.STAFF
    return known


async def told(sessions: Sessions, *people: Known) -> Sequence[OutboxMessage]:
    """What was queued for these accounts, in order."""
    async with sessions() as session:
        ids = [known.address_id for known in people]
        wanted = select(OutboxMessage).where(OutboxMessage.address_id.in_(ids)).order_by(OutboxMessage.seq)
        return (await session.scalars(wanted)).all()


async def put_on_duty(session: AsyncSession, who: StaffActor, since: datetime) -> None:
    ends = since + timedelta(hours=12)
    session.add(DutyShift(party_id=who.party_id, staff_id=who.staff_id, starts_at=since, ends_at=ends))


async def test_a_crisis_rings_on_all_ways_until_somebody_takes_it(sessions: Sessions, cast: Cast) -> None:
    on_duty, colleague = cast.here.staff[TEAM], cast.here.colleagues[TEAM]
    with time_machine.travel(NIGHT, tick=False) as clock:
        async with sessions.begin() as session:
            await put_on_duty(session, on_duty, NIGHT - timedelta(hours=1))
            phone, wechat = await link(session, on_duty), await link(session, on_duty, "wechat")
            other = await link(session, colleague)
        async with sessions.begin() as session:
            crisis = await report_crisis(session, cast.owner.resident_id, Danger.SELF_HARM, WORDS, at=NIGHT)
        rows = await told(sessions, phone, wechat)
        assert [row.message for row in rows] == ["staff_crisis", "staff_crisis"]
        assert {(row.priority, row.due_at) for row in rows} == {(Priority.URGENT, NIGHT)}
        assert all(WORDS not in f"{row.values}" and "mental" not in f"{row.values}" for row in rows)
        assert rows[0].values == {"code": crisis.need.code, "console": f"/staff/needs/{crisis.need.id}"}
        clock.shift(timedelta(minutes=5))
        async with sessions.begin() as session:
            alert = (await session.scalars(select(Alert))).one()
            await take_due_alert(session, NIGHT + timedelta(minutes=5), alert.id)
        assert [row.message for row in await told(sessions, other)] == ["staff_crisis"]
        async with sessions.begin() as session:
            await take_alert(session, on_duty, alert.id)
        rest = await told(sessions, other)
    assert [(row.message, row.state) for row in rest] == [
        ("staff_crisis", OutboxState.SUPPRESSED),
        ("staff_crisis_taken", OutboxState.PENDING),
    ]
    assert on_duty.name in render_text("staff_crisis_taken", "zh", rest[-1].values)
    assert {row.state for row in await told(sessions, phone, wechat)} == {OutboxState.SUPPRESSED}


async def test_whom_no_call_came_through_to_is_named(sessions: Sessions, cast: Cast) -> None:
    on_duty, leader = cast.here.staff[TEAM], cast.here.colleagues[TEAM]
    with time_machine.travel(NIGHT, tick=False):
        async with sessions.begin() as session:
            await put_on_duty(session, on_duty, NIGHT - timedelta(hours=1))
            await link(session, on_duty), await link(session, on_duty, "wechat")
            await report_crisis(session, cast.owner.resident_id, Danger.SELF_HARM, WORDS, at=NIGHT)
        async with sessions.begin() as session:
            alert = (await session.scalars(select(Alert))).one()
            assert await find_unreached(session, leader.staff_id, alert.id) == []
            rows = select(OutboxMessage).where(OutboxMessage.message == "staff_crisis")
            first, second = await session.scalars(rows)
            first.state = OutboxState.FAILED
            await session.flush()
            assert await find_unreached(session, leader.staff_id, alert.id) == [], (
                "the other account may hear it"
            )
            second.state = OutboxState.WAITING
            await session.flush()
            assert await find_unreached(session, leader.staff_id, alert.id) == [on_duty.name]
            [ringing] = await find_ringing(session, on_duty)
            assert ringing.unreached == [], "who reads it is told nothing about themselves"


async def test_who_has_blocked_linli_everywhere_is_named(sessions: Sessions, cast: Cast) -> None:
    on_duty, leader = cast.here.staff[TEAM], cast.here.colleagues[TEAM]
    with time_machine.travel(NIGHT, tick=False):
        async with sessions.begin() as session:
            await put_on_duty(session, on_duty, NIGHT - timedelta(hours=1))
            known = await link(session, on_duty)
            await stop_addresses(session, [known.address_id], NIGHT)
            await report_crisis(session, cast.owner.resident_id, Danger.SELF_HARM, WORDS, at=NIGHT)
        async with sessions() as session:
            alert = (await session.scalars(select(Alert))).one()
            assert await find_unreached(session, leader.staff_id, alert.id) == [on_duty.name]


async def test_a_call_that_was_taken_back_has_reached_nobody(sessions: Sessions, cast: Cast) -> None:
    on_duty, leader = cast.here.staff[TEAM], cast.here.colleagues[TEAM]
    with time_machine.travel(NIGHT, tick=False):
        async with sessions.begin() as session:
            await put_on_duty(session, on_duty, NIGHT - timedelta(hours=1))
            known = await link(session, on_duty)
            await report_crisis(session, cast.owner.resident_id, Danger.SELF_HARM, WORDS, at=NIGHT)
            await stop_addresses(session, [known.address_id], NIGHT)
        async with sessions() as session:
            alert = (await session.scalars(select(Alert))).one()
            assert await find_unreached(session, leader.staff_id, alert.id) == [on_duty.name]


async def test_a_next_round_rings_again(sessions: Sessions, cast: Cast) -> None:
    on_duty = cast.here.staff[TEAM]
    with time_machine.travel(NIGHT, tick=False):
        async with sessions.begin() as session:
            await put_on_duty(session, on_duty, NIGHT - timedelta(hours=1))
            phone = await link(session, on_duty)
            await report_crisis(session, cast.owner.resident_id, Danger.SELF_HARM, WORDS, at=NIGHT)
            alert = (await session.scalars(select(Alert))).one()
        for hours in range(1, 4):
            async with sessions.begin() as session:
                await take_due_alert(session, NIGHT + timedelta(hours=hours), alert.id)
    assert len(await told(sessions, phone)) >= 2


async def test_an_urgent_need_goes_to_the_party_in_office_hours(sessions: Sessions, cast: Cast) -> None:
    with time_machine.travel(TEN, tick=False):
        async with sessions.begin() as session:
            own = await link(session, cast.here.staff[PROPERTY])
            foreign = await link(session, cast.here.staff[COMMITTEE])
            urgent = Report(kind="elevator", words="电梯关人了", urgency=Urgency.URGENT)
            need = await report_need(session, cast.owner.resident_id, urgent)
            await report_need(session, cast.owner.resident_id, Report(kind="elevator", words="电梯有声音"))
        [row] = await told(sessions, own)
        assert (row.message, row.due_at) == ("staff_urgent_need", TEN)
        assert need.code in render_text(row.message, "en", row.values)
        assert await told(sessions, foreign) == []


async def test_at_night_only_who_is_on_duty_hears_of_it(sessions: Sessions, cast: Cast) -> None:
    on_duty, colleague = cast.here.staff[PROPERTY], cast.here.colleagues[PROPERTY]
    with time_machine.travel(NIGHT, tick=False):
        async with sessions.begin() as session:
            await put_on_duty(session, on_duty, NIGHT - timedelta(hours=1))
            awake, asleep = await link(session, on_duty), await link(session, colleague)
            urgent = Report(kind="elevator", words="电梯关人了", urgency=Urgency.URGENT)
            await report_need(session, cast.owner.resident_id, urgent)
    assert [row.due_at for row in await told(sessions, awake)] == [NIGHT]
    assert [row.due_at for row in await told(sessions, asleep)] == [MORNING]


async def test_a_bad_rating_goes_to_who_calls_back(sessions: Sessions, cast: Cast) -> None:
    with time_machine.travel(TEN, tick=False):
        async with sessions.begin() as session:
            people = [
                await link(session, actor)
                for actor in (
                    *(cast.here.staff[party] for party in (PROPERTY, COMMITTEE)),
                    *(cast.here.colleagues[party] for party in (PROPERTY, COMMITTEE)),
                )
            ]
            survey_id = await _resolve(session, cast, cast.here.staff[PROPERTY])
            await rate_need(session, cast.owner.resident_id, survey_id, 1, "态度差")
        rows = await told(sessions, *people)
    assert [row.message for row in rows] == ["staff_bad_rating"]
    assert "态度差" not in f"{rows[0].values}"


async def test_a_clock_that_runs_out_reminds_the_person_when_the_office_is_open(
    sessions: Sessions, cast: Cast
) -> None:
    actor = cast.here.staff[PROPERTY]
    with time_machine.travel(TEN, tick=False) as clock:
        async with sessions.begin() as session:
            phone = await link(session, actor)
            need = await report_need(session, cast.owner.resident_id, Report(kind="elevator", words="电梯慢"))
            await accept_need(session, actor, need.id)
        late = TEN + timedelta(days=1, hours=12)
        clock.move_to(late)
        async with sessions.begin() as session:
            assert await take_due_need(session, late, need.id)
    rows = await told(sessions, phone)
    assert {row.message for row in rows} <= {"staff_clock", "staff_clock_late"}
    assert rows
    assert all(row.due_at > late for row in rows)


async def test_who_left_gets_nothing_not_even_what_was_queued(sessions: Sessions, cast: Cast) -> None:
    actor = cast.here.staff[PROPERTY]
    urgent = Report(kind="elevator", words="电梯关人了", urgency=Urgency.URGENT)
    with time_machine.travel(TEN, tick=False):
        async with sessions.begin() as session:
            phone = await link(session, actor)
            await report_need(session, cast.owner.resident_id, urgent)
            await disable_staff(session, cast.admin, actor.staff_id)
            await report_need(session, cast.neighbour.resident_id, urgent)
            assert (await session.scalars(select(StaffLink))).all() == []
    assert [row.state for row in await told(sessions, phone)] == [OutboxState.SUPPRESSED]


async def test_a_closed_account_links_nothing(sessions: Sessions, cast: Cast) -> None:
    actor = cast.here.staff[PROPERTY]
    async with sessions.begin() as session:
        shown = await make_staff_code(session, actor)
        (await session.get_one(Staff, actor.staff_id)).disabled_at = TEN
        known = await meet_person(session, "telegram", "late")
        with pytest.raises(NotFound):
            await enter_code(session, known.resident_id, known.address_id, shown.digits)


async def test_an_own_account_is_ended_by_its_colleague_alone(sessions: Sessions, cast: Cast) -> None:
    actor, colleague = cast.here.staff[PROPERTY], cast.here.colleagues[PROPERTY]
    async with sessions.begin() as session:
        phone = await link(session, actor)
        with pytest.raises(NotFound):
            await end_link(session, colleague, phone.address_id)
        await end_link(session, actor, phone.address_id)
        assert await find_links(session, actor.staff_id) == []


async def test_an_ended_account_leaves_what_rings_at_the_other_one(sessions: Sessions, cast: Cast) -> None:
    actor = cast.here.staff[PROPERTY]
    with time_machine.travel(TEN, tick=False):
        async with sessions.begin() as session:
            phone = await link(session, actor)
            spare = Address(
                resident_id=phone.resident_id, channel="wechat", outside_id="spare", last_seen_at=TEN
            )
            session.add(spare)
            await session.flush()
            await link_staff(session, actor.staff_id, phone.resident_id, spare.id)
            need = await report_need(
                session, cast.owner.resident_id, Report(kind="elevator", words="电梯坏了")
            )
            await tell_staff(session, need, [actor.staff_id], "staff_crisis", "rings", at=TEN, all_ways=True)
            await end_link(session, actor, phone.address_id)
    async with sessions() as session:
        rows = (
            await session.scalars(select(OutboxMessage).where(OutboxMessage.message == "staff_crisis"))
        ).all()
    assert {(row.channel, row.state) for row in rows} == {
        ("telegram", OutboxState.SUPPRESSED),
        ("wechat", OutboxState.PENDING),
    }


async def test_a_stopped_address_is_not_written_to(sessions: Sessions, cast: Cast) -> None:
    with time_machine.travel(TEN, tick=False):
        async with sessions.begin() as session:
            phone = await link(session, cast.here.staff[PROPERTY])
            (await session.get_one(Address, phone.address_id)).state = AddressState.STOPPED
            await session.flush()
            urgent = Report(kind="elevator", words="电梯关人了", urgency=Urgency.URGENT)
            await report_need(session, cast.owner.resident_id, urgent)
    assert await told(sessions, phone) == []


async def test_nobody_else_reads_or_decides_about_what_went_to_a_colleague(
    sessions: Sessions, cast: Cast
) -> None:
    committee, actor = cast.here.staff[COMMITTEE], cast.here.staff[PROPERTY]
    with time_machine.travel(TEN, tick=False) as clock:
        async with sessions.begin() as session:
            phone = await link(session, actor)
            (await session.get_one(Resident, phone.resident_id)).community_id = cast.here.community.id
            asked = await ask_for_person(session, phone.resident_id, "有人吗")
            asked.created_at = TEN - timedelta(hours=1)  # the database's clock stands elsewhere
            await take_conversation(session, committee, asked.id)
        clock.shift(timedelta(minutes=1))
        async with sessions.begin() as session:
            urgent = Report(kind="elevator", words="电梯关人了", urgency=Urgency.URGENT)
            await report_need(session, cast.owner.resident_id, urgent)
            row = (
                await session.scalars(select(OutboxMessage).where(OutboxMessage.purpose.like("staff:%")))
            ).one()
            row.state = OutboxState.FAILED
            await session.flush()
            _, said = await get_handover_conversation(session, committee, asked.id)
            assert {line.message for line in said} == {"person_joins"}
            assert row.id not in {each.id for each in await find_undelivered(session, committee)}
            assert not await may_decide_on(session, committee, row)


async def _resolve(session: AsyncSession, cast: Cast, actor: StaffActor) -> UUID:
    """A need of the owner that this colleague has done, and the survey that the owner says yes to."""
    need = await report_need(session, cast.owner.resident_id, Report(kind="elevator", words="电梯慢"))
    await accept_need(session, actor, need.id)
    await resolve_need(session, actor, need.id, "修好了", survey_at=TEN)
    survey = await take_due_survey(session, TEN, SurveyTimes())
    assert survey is not None
    await answer_solved(session, cast.owner.resident_id, survey.id, solved=True)
    assert (await session.get_one(Need, need.id)).code
    return survey.id
