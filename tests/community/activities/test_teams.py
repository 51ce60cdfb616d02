"""Teams: members by code, a leader who signs them up, keeps the list of who came, and nobody else's."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
import time_machine

from community.activities.models import Activity, Shift
from community.actors import ResidentActor
from community.errors import NotAllowed, NotFound, Refused, WrongState
from community.parties.models import PartyType
from community.residents.usecases import choose_community
from community.signups.led import find_led_people
from community.signups.models import SignUp, SignUpState
from community.signups.usecases.arriving import check_in_by_leader, check_out_by_leader
from community.signups.usecases.ending import correct_minutes
from community.signups.usecases.teaming import TeamJoined, join_as_team
from community.teams.queries import find_kept_teams, find_led_teams, find_members, find_own_teams
from community.teams.usecases import change_leader, end_team, join_team, leave_team, make_team
from linli.database import Sessions
from tests.cast import Cast
from tests.community.activities.plans import MONDAY, SATURDAY, make_plan, meet, publish, states, told
from tests.community.activities.test_joining import refusal
from tests.community.activities.test_life_of_a_shift import join, tick

HOUR = timedelta(hours=1)
COMMITTEE = PartyType.COMMITTEE


@pytest.fixture
def monday() -> Iterator[None]:
    with time_machine.travel(MONDAY):
        yield


async def make(sessions: Sessions, cast: Cast, leader: UUID, *members: UUID) -> UUID:
    async with sessions.begin() as session:
        team = await make_team(session, cast.here.staff[COMMITTEE], "银发巡逻队", leader)
    for member in members:
        async with sessions.begin() as session:
            await join_team(session, member, f" {team.code.lower()} ")
    return team.id


async def sign_up(
    sessions: Sessions, leader: UUID, team: UUID, shift_id: UUID, request_id: UUID | None = None
) -> TeamJoined:
    async with sessions.begin() as session:
        return await join_as_team(session, leader, team, shift_id, None, request_id=request_id or uuid4())


async def test_a_team_signs_up_and_each_may_say_no(sessions: Sessions, cast: Cast) -> None:
    with time_machine.travel(MONDAY):
        leader, anna, busy = await meet(sessions, cast, 3)
        team = await make(sessions, cast, leader, anna, busy)
        shift_id = await publish(sessions, cast, make_plan(volunteers=5))
        await join(sessions, busy, await publish(sessions, cast, make_plan(kind="patrol")))
        request_id = uuid4()
        for _ in range(2):
            done = await sign_up(sessions, leader, team, shift_id, request_id)
            assert len(done.joined) == 2
            assert [(each.member.resident_id, each.why) for each in done.left_out] == [
                (busy, "join_collides")
            ]
        assert await states(sessions, shift_id) == ["signed_up"] * 2
        assert await told(sessions, anna) == ["team_signed_up"]
        assert await told(sessions, leader) == []
        with pytest.raises(NotFound):
            await sign_up(sessions, anna, team, shift_id)


async def test_only_as_many_as_there_are_places(sessions: Sessions, cast: Cast) -> None:
    with time_machine.travel(MONDAY):
        leader, *others = await meet(sessions, cast, 4)
        team = await make(sessions, cast, leader, *others)
        shift_id = await publish(sessions, cast, make_plan(volunteers=2))
        done = await sign_up(sessions, leader, team, shift_id)
        assert (len(done.joined), {each.why for each in done.left_out}) == (2, {"join_filled"})
        with pytest.raises(Refused, match="team_nobody"):
            await sign_up(sessions, leader, team, shift_id)


async def test_some_activities_are_for_a_team(sessions: Sessions, cast: Cast) -> None:
    with time_machine.travel(MONDAY):
        leader, stranger = await meet(sessions, cast, 2)
        team = await make(sessions, cast, leader)
        shift_id = await publish(sessions, cast, make_plan(team_id=team))
        assert await refusal(sessions, stranger, shift_id) == "join_other_team"
        await join(sessions, leader, shift_id)


async def test_the_leader_keeps_the_list_of_the_team_alone(sessions: Sessions, cast: Cast) -> None:
    with time_machine.travel(MONDAY):
        leader, anna, other = await meet(sessions, cast, 3)
        team = await make(sessions, cast, leader, anna)
        shift_id = await publish(sessions, cast, make_plan(volunteers=5))
        done = await sign_up(sessions, leader, team, shift_id)
        annas = next(held.sign_up.id for held in done.joined if held.sign_up.resident_id == anna)
        others = await join(sessions, other, shift_id)
    actor = ResidentActor(leader)
    with time_machine.travel(SATURDAY):
        async with sessions.begin() as session:
            await check_in_by_leader(session, actor, annas)
            with pytest.raises(NotFound):
                await check_in_by_leader(session, actor, others)
            with pytest.raises(NotFound):
                await check_in_by_leader(session, ResidentActor(anna), annas)
    with time_machine.travel(SATURDAY + HOUR):
        async with sessions.begin() as session:
            await check_out_by_leader(session, actor, annas)
    await tick(sessions, SATURDAY + 5 * HOUR)
    async with sessions.begin() as session:
        assert (await session.get_one(SignUp, annas)).minutes == 60
        await correct_minutes(session, actor, annas, 90, "多留了半小时")
        with pytest.raises(NotFound):
            await correct_minutes(session, actor, others, 90, "也来了")
    async with sessions() as session:
        done_by = await session.get_one(SignUp, annas)
    assert (done_by.state, done_by.minutes) == (SignUpState.COMPLETED, 90)


async def test_a_leader_notes_nothing_of_their_own(sessions: Sessions, cast: Cast) -> None:
    with time_machine.travel(MONDAY):
        (leader,) = await meet(sessions, cast, 1)
        team = await make(sessions, cast, leader)
        shift_id = await publish(sessions, cast, make_plan(volunteers=5))
        own = (await sign_up(sessions, leader, team, shift_id)).joined[0].sign_up.id
    with time_machine.travel(SATURDAY), pytest.raises(NotFound):
        async with sessions.begin() as session:
            await check_in_by_leader(session, ResidentActor(leader), own)
    await tick(sessions, SATURDAY + 5 * HOUR)
    with pytest.raises(NotFound):
        async with sessions.begin() as session:
            await correct_minutes(session, ResidentActor(leader), own, 960, "我来了")
    async with sessions.begin() as session:
        await correct_minutes(session, cast.here.staff[COMMITTEE], own, 90, "社区看到了")


async def test_who_moved_away_is_left_out_and_the_others_come(sessions: Sessions, cast: Cast) -> None:
    with time_machine.travel(MONDAY):
        leader, anna, bao = await meet(sessions, cast, 3)
        team = await make(sessions, cast, leader, anna, bao)
        shift_id = await publish(sessions, cast, make_plan(volunteers=5))
        async with sessions.begin() as session:
            await choose_community(session, bao, cast.there.community.id)
        done = await sign_up(sessions, leader, team, shift_id)
        assert ([each.sign_up.resident_id for each in done.joined], done.left_out) == ([leader, anna], [])
        async with sessions() as session:
            assert [line.members for line in await find_own_teams(session, anna)] == [2]
            assert await find_own_teams(session, bao) == []


async def test_a_leader_who_moved_away_leads_nobody(sessions: Sessions, cast: Cast) -> None:
    with time_machine.travel(MONDAY):
        leader, anna = await meet(sessions, cast, 2)
        team = await make(sessions, cast, leader, anna)
        shift_id = await publish(sessions, cast, make_plan(volunteers=5))
        done = await sign_up(sessions, leader, team, shift_id)
        annas = next(held.sign_up.id for held in done.joined if held.sign_up.resident_id == anna)
        async with sessions.begin() as session:
            await choose_community(session, leader, cast.there.community.id)
        with pytest.raises(NotFound):
            await sign_up(sessions, leader, team, await publish(sessions, cast, make_plan(kind="patrol")))
    with time_machine.travel(SATURDAY):
        async with sessions() as session:
            assert await find_led_people(session, leader, shift_id) == []
            assert await find_led_teams(session, leader) == []
        with pytest.raises(NotFound):
            async with sessions.begin() as session:
                await check_in_by_leader(session, ResidentActor(leader), annas)


async def test_members_come_and_go(sessions: Sessions, cast: Cast) -> None:
    leader, anna, bao = await meet(sessions, cast, 3)
    team = await make(sessions, cast, leader, anna, bao)
    async with sessions.begin() as session:
        with pytest.raises(NotFound):
            await leave_team(session, anna, team, bao)
        await leave_team(session, leader, team, anna)
        await leave_team(session, bao, team)
        with pytest.raises(WrongState, match="team_needs_leader"):
            await leave_team(session, leader, team)
    actor = cast.here.staff[COMMITTEE]
    async with sessions.begin() as session:
        await change_leader(session, actor, team, anna)
        assert {each.resident_id for each in await find_members(session, team)} == {leader, anna}
        await end_team(session, actor, team)
    async with sessions() as session:
        assert await find_own_teams(session, anna) == []


@pytest.mark.usefixtures("monday")
async def test_a_partner_keeps_its_own_teams_alone(sessions: Sessions, cast: Cast) -> None:
    committees = await make(sessions, cast, cast.owner.resident_id)
    company = cast.here.staff[PartyType.PROPERTY_COMPANY]
    own_plan = await publish(sessions, cast, make_plan())
    async with sessions.begin() as session:
        with pytest.raises(NotFound):
            await end_team(session, company, committees)
        with pytest.raises(NotFound):
            await change_leader(session, company, committees, cast.neighbour.resident_id)
        with pytest.raises(NotFound):
            await make_team(session, company, "物业的队", cast.neighbour.resident_id)
        shift = await session.get_one(Shift, own_plan)
        (await session.get_one(Activity, shift.activity_id)).party_id = company.party_id
    await join(sessions, cast.neighbour.resident_id, own_plan)
    async with sessions.begin() as session:
        team = await make_team(session, company, "物业的队", cast.neighbour.resident_id)
        assert [line.team.id for line in await find_kept_teams(session, company)] == [team.id]
        everybody = await find_kept_teams(session, cast.here.staff[COMMITTEE])
        assert {line.team.id for line in everybody} == {committees, team.id}
        await end_team(session, company, team.id)


async def test_who_may_make_a_team_and_join_it(sessions: Sessions, cast: Cast) -> None:
    await make(sessions, cast, cast.owner.resident_id)
    async with sessions.begin() as session:
        for actor, wrong in ((cast.there.staff[COMMITTEE], NotFound), (cast.street, NotAllowed)):
            with pytest.raises(wrong):
                await make_team(session, actor, "别处的队", cast.owner.resident_id)
        code = (await find_own_teams(session, cast.owner.resident_id))[0].team.code
        for who, said in ((cast.stranger.resident_id, code), (cast.neighbour.resident_id, "XXXXX")):
            with pytest.raises(Refused, match="team_code"):
                await join_team(session, who, said)
