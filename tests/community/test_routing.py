"""Where a need goes and why: the list with narrower lines, absence, closed offices, declines, errands, the street."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
import time_machine
from sqlalchemy import func, select

from community.actors import StaffActor
from community.clocks.models import ClockName, NeedClock
from community.errors import NotAllowed, NotFound, Refused, WrongState
from community.needs.filtering import QueueFilter, Scope
from community.needs.models import Need, NeedHistory, NeedState, Urgency, Visibility
from community.needs.queue import find_queue
from community.needs.rights import may_read
from community.needs.usecases.residents import Report, report_need
from community.needs.usecases.routing import ROUTES
from community.needs.usecases.staff import DeclineReason, accept_need, decline_need, hand_over_need
from community.needs.usecases.steering import change_kind, decide_need, refuse_errand
from community.outbox.models import OutboxMessage
from community.parties.models import Applies, Party, PartyType, Responsibility, Role, Share
from community.routing.matrix import find_matrix, find_shares
from community.routing.models import MatrixProposal, MoveKind, NeedMove
from community.routing.people import add_absence, end_absence, find_loads, suggest_assignee
from community.routing.proposals import (
    NewLine,
    approve_proposal,
    propose_line,
    refuse_proposal,
    withdraw_proposal,
)
from community.routing.proposed import find_proposals
from linli.database import Sessions
from tests.cast import Cast
from web.words import all_words

ZONE = ZoneInfo("Asia/Shanghai")
OPEN = datetime(2026, 3, 3, 10, 0, tzinfo=ZONE)
NIGHT = datetime(2026, 3, 3, 23, 0, tzinfo=ZONE)
COMMITTEE, PROPERTY = PartyType.COMMITTEE, PartyType.PROPERTY_COMPANY
VOLUNTEERS, SOCIAL_WORK = PartyType.VOLUNTEER_TEAM, PartyType.SOCIAL_WORK_TEAM
DEPARTMENT = PartyType.DEPARTMENT


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(OPEN, tick=False) as travelled:
        yield travelled


async def report(sessions: Sessions, cast: Cast, kind: str = "elevator", **more: object) -> Need:
    made = Report(kind=kind, words="请来看看", **more)  # type: ignore[arg-type]
    async with sessions.begin() as session:
        return await report_need(session, cast.owner.resident_id, made)


async def set_line(sessions: Sessions, cast: Cast, line: NewLine) -> MatrixProposal:
    async with sessions.begin() as session:
        made = await propose_line(
            session, cast.here.staff[COMMITTEE], cast.here.community.id, line, "按新合同"
        )
        await approve_proposal(session, cast.street, made.id)
    return made


def party(cast: Cast, kind: PartyType) -> UUID:
    return cast.here.parties[kind].id


def leader_of(cast: Cast, need: Need) -> StaffActor:
    return next(actor for actor in cast.here.staff.values() if actor.party_id == need.lead_party_id)


@pytest.mark.parametrize("why", sorted(ROUTES))
def test_every_route_has_a_sentence(why: str) -> None:
    assert f"staff_routes.why_{why}" in all_words()


async def test_a_route_says_why_with_names(
    sessions: Sessions, cast: Cast, clock: time_machine.Traveller
) -> None:
    need = await report(sessions, cast)
    assert need.routing_why == "matrix"
    assert need.routing_values == {
        "kind": {"zh": "电梯", "en": "Lift"},
        "party": {"zh": "榕树社区物业", "en": "Banyan property company"},
        "assist": [{"zh": "榕树社区居委会", "en": "Banyan committee"}],
    }
    async with sessions() as session:
        line = await session.scalar(select(NeedHistory).where(NeedHistory.to_state == NeedState.ROUTED))
    assert line is not None
    assert line.details == need.routing_values


async def test_the_narrowest_line_holds(
    sessions: Sessions, cast: Cast, clock: time_machine.Traveller
) -> None:
    building = cast.here.building.id
    narrow = NewLine("elevator", party(cast, VOLUNTEERS), [party(cast, DEPARTMENT)], place_id=building)
    await set_line(sessions, cast, narrow)
    inside = await report(sessions, cast, place_id=cast.here.unit.id)
    outside = await report(sessions, cast)
    assert (inside.lead_party_id, inside.routing_why) == (party(cast, VOLUNTEERS), "place")
    assert inside.routing_values is not None
    assert inside.routing_values["place"] == cast.here.building.name
    assert outside.lead_party_id == party(cast, PROPERTY)
    async with sessions() as session:
        shares = await find_shares(session, inside)
        assert [(who.id, share) for who, share in shares] == [
            (party(cast, VOLUNTEERS), Share.LEAD),
            (party(cast, DEPARTMENT), Share.ASSIST),
        ]


async def test_a_narrower_line_takes_the_place_of_the_general_one_in_rights_too(
    sessions: Sessions, cast: Cast, clock: time_machine.Traveller
) -> None:
    narrow = NewLine(
        "noise", party(cast, COMMITTEE), [party(cast, DEPARTMENT)], place_id=cast.here.building.id
    )
    await set_line(sessions, cast, narrow)
    inside = await report(sessions, cast, "noise", place_id=cast.here.unit.id)
    outside = await report(sessions, cast, "noise")
    readers = {PROPERTY: {outside.id}, DEPARTMENT: {inside.id}, COMMITTEE: {inside.id, outside.id}}
    for kind, readable in readers.items():
        async with sessions() as session:
            actor = cast.here.staff[kind]
            listed = await find_queue(session, actor, QueueFilter(scope=Scope.ALL))
            assert {line.need.id for line in listed} == readable
            for need in (inside, outside):
                assert await may_read(session, actor, need) is (need.id in readable)


async def test_urgent_needs_after_hours_have_a_line_of_their_own(
    sessions: Sessions, cast: Cast, clock: time_machine.Traveller
) -> None:
    await set_line(
        sessions,
        cast,
        NewLine("elevator", party(cast, DEPARTMENT), applies=Applies.URGENT_AFTER_HOURS),
    )
    by_day = await report(sessions, cast, urgency=Urgency.URGENT)
    clock.move_to(NIGHT)
    at_night = await report(sessions, cast, urgency=Urgency.URGENT)
    normal = await report(sessions, cast)
    assert (by_day.lead_party_id, by_day.routing_why) == (party(cast, PROPERTY), "matrix")
    assert (at_night.lead_party_id, at_night.routing_why) == (party(cast, DEPARTMENT), "after_hours")
    assert normal.lead_party_id == party(cast, PROPERTY)


async def send_away(sessions: Sessions, cast: Cast, kind: PartyType, hours: int) -> None:
    """Nobody of the party is there for so many hours from now."""
    for actor in (cast.here.staff[kind], cast.here.colleagues[kind]):
        async with sessions.begin() as session:
            back_at = OPEN + timedelta(hours=hours)
            await add_absence(session, actor, actor.staff_id, OPEN - timedelta(hours=1), back_at)


async def test_an_urgent_need_passes_over_a_party_where_nobody_is(
    sessions: Sessions, cast: Cast, clock: time_machine.Traveller
) -> None:
    await send_away(sessions, cast, PROPERTY, hours=2)
    urgent = await report(sessions, cast, urgency=Urgency.URGENT)
    normal = await report(sessions, cast)
    assert (urgent.lead_party_id, urgent.routing_why) == (party(cast, COMMITTEE), "absent")
    assert (normal.lead_party_id, normal.routing_why) == (party(cast, PROPERTY), "matrix")
    async with sessions() as session:
        assert await suggest_assignee(session, normal, OPEN) is None
        assert await suggest_assignee(session, normal, OPEN + timedelta(hours=3)) is not None


async def test_a_normal_need_passes_over_a_party_that_is_away_until_after_the_answer_is_due(
    sessions: Sessions, cast: Cast, clock: time_machine.Traveller
) -> None:
    await send_away(sessions, cast, PROPERTY, hours=48)
    need = await report(sessions, cast)
    assert (need.lead_party_id, need.routing_why) == (party(cast, COMMITTEE), "away")
    assert need.routing_values == {
        "kind": {"zh": "电梯", "en": "Lift"},
        "party": {"zh": "榕树社区居委会", "en": "Banyan committee"},
        "absent": {"zh": "榕树社区物业", "en": "Banyan property company"},
        "due_at": need.first_answer_due_at.isoformat(),
    }


@pytest.mark.parametrize("urgency", [Urgency.NORMAL, Urgency.URGENT])
async def test_where_nobody_of_the_list_is_there_it_stays_with_who_leads_and_says_so(
    sessions: Sessions, cast: Cast, clock: time_machine.Traveller, urgency: Urgency
) -> None:
    for kind in (PROPERTY, COMMITTEE):
        await send_away(sessions, cast, kind, hours=48)
    need = await report(sessions, cast, urgency=urgency)
    assert (need.lead_party_id, need.routing_why) == (party(cast, PROPERTY), "nobody_there")


async def test_the_least_loaded_who_is_there_is_suggested(
    sessions: Sessions, cast: Cast, clock: time_machine.Traveller
) -> None:
    one, two = cast.here.staff[PROPERTY], cast.here.colleagues[PROPERTY]
    busy = await report(sessions, cast)
    async with sessions.begin() as session:
        await accept_need(session, one, busy.id)
    fresh = await report(sessions, cast)
    async with sessions.begin() as session:
        suggested = await suggest_assignee(session, fresh, OPEN)
        assert suggested is not None
        assert (suggested.staff.id, suggested.open, suggested.handles) == (two.staff_id, 0, False)
        absence = await add_absence(session, two, two.staff_id, OPEN, OPEN + timedelta(days=1), "休假")
        loads = {
            load.staff.id: (load.open, load.away_until)
            for load in await find_loads(session, one.party_id, OPEN)
        }
        assert loads == {one.staff_id: (1, None), two.staff_id: (0, OPEN + timedelta(days=1))}
        suggested = await suggest_assignee(session, fresh, OPEN)
        assert suggested is not None
        assert suggested.staff.id == one.staff_id
        await end_absence(session, two, absence.id)
    async with sessions.begin() as session:
        with pytest.raises(NotAllowed):
            await add_absence(session, one, two.staff_id, OPEN, OPEN + timedelta(days=1))
        with pytest.raises(NotFound):
            await add_absence(
                session, cast.there.staff[PROPERTY], two.staff_id, OPEN, OPEN + timedelta(days=1)
            )
        await add_absence(session, cast.admin, two.staff_id, OPEN, OPEN + timedelta(days=1))


async def test_a_declining_party_names_the_right_one(
    sessions: Sessions, cast: Cast, clock: time_machine.Traveller
) -> None:
    need = await report(sessions, cast)
    async with sessions.begin() as session:
        named = await decline_need(
            session,
            cast.here.staff[PROPERTY],
            need.id,
            DeclineReason.NOT_OURS,
            "路灯归城管",
            named_party_id=party(cast, DEPARTMENT),
        )
    assert (named.lead_party_id, named.routing_why) == (party(cast, DEPARTMENT), "named")
    async with sessions.begin() as session:
        with pytest.raises(NotFound):
            await decline_need(
                session,
                cast.here.staff[DEPARTMENT],
                need.id,
                DeclineReason.NOT_OURS,
                named_party_id=cast.there.parties[PROPERTY].id,
            )
    async with sessions() as session:
        told = (await session.scalars(select(OutboxMessage))).all()
        assert [(row.message, row.values["party"]["zh"]) for row in told] == [
            ("need_passed_on", "榕树社区城管办")
        ]
        assert all("不归" not in str(row.values) for row in told)


async def _decline_twice(sessions: Sessions, cast: Cast, need: Need) -> Need:
    for _ in range(2):
        async with sessions.begin() as session:
            current = await session.get_one(Need, need.id)
            need = await decline_need(
                session, leader_of(cast, current), need.id, DeclineReason.NOT_OURS, "不归我们"
            )
    return need


async def test_after_two_declines_the_street_decides_and_can_make_a_rule(
    sessions: Sessions, cast: Cast, clock: time_machine.Traveller
) -> None:
    need = await _decline_twice(sessions, cast, await report(sessions, cast, place_id=cast.here.unit.id))
    assert (need.lead_party_id, need.routing_why) == (cast.street.party_id, "street")
    async with sessions.begin() as session:
        with pytest.raises(NotAllowed):
            await decide_need(session, cast.here.staff[COMMITTEE], need.id, party(cast, PROPERTY))
        with pytest.raises(NotFound):
            await decide_need(session, cast.street, need.id, cast.there.parties[PROPERTY].id)
        decided = await decide_need(session, cast.street, need.id, party(cast, PROPERTY), "维保合同在物业")
    assert (decided.lead_party_id, decided.routing_why) == (party(cast, PROPERTY), "street_decided")
    async with sessions.begin() as session:
        with pytest.raises(NotAllowed):
            await decline_need(session, cast.here.staff[PROPERTY], need.id, DeclineReason.NOT_OURS)
        line = NewLine("elevator", party(cast, PROPERTY), place_id=cast.here.building.id)
        made = await propose_line(session, cast.street, cast.here.community.id, line, "街道已定", need.id)
        assert made.need_id == need.id
    async with sessions() as session:
        moves = (await session.scalars(select(NeedMove).order_by(NeedMove.id))).all()
    assert [move.how for move in moves] == [MoveKind.DECLINED, MoveKind.DECLINED, MoveKind.STREET]


async def test_a_social_worker_refuses_an_errand_and_it_is_counted(
    sessions: Sessions, cast: Cast, clock: time_machine.Traveller
) -> None:
    worker, need = cast.here.staff[SOCIAL_WORK], await report(sessions, cast, "elderly_care")
    async with sessions.begin() as session:
        with pytest.raises(NotAllowed):
            await refuse_errand(session, cast.here.staff[VOLUNTEERS], need.id)
        refused = await refuse_errand(session, worker, need.id)
    assert (refused.lead_party_id, refused.routing_why) == (party(cast, COMMITTEE), "errand")
    async with sessions() as session:
        moves = (await session.scalars(select(NeedMove))).all()
    assert [(move.how, move.from_party_id, move.to_party_id) for move in moves] == [
        (MoveKind.ERRAND, party(cast, SOCIAL_WORK), party(cast, COMMITTEE))
    ]


async def test_a_new_kind_routes_again(sessions: Sessions, cast: Cast, clock: time_machine.Traveller) -> None:
    need = await report(sessions, cast)
    async with sessions.begin() as session:
        await decline_need(session, cast.here.staff[PROPERTY], need.id, DeclineReason.NOT_OURS)
        with pytest.raises(Refused):
            await change_kind(session, cast.here.staff[COMMITTEE], need.id, "no_such_kind")
        with pytest.raises(NotAllowed):
            await change_kind(session, cast.here.staff[PROPERTY], need.id, "noise")
        changed = await change_kind(session, cast.here.staff[COMMITTEE], need.id, "parking_vehicles")
    assert (changed.kind, changed.lead_party_id, changed.declines) == (
        "parking_vehicles",
        party(cast, PROPERTY),
        0,
    )
    async with sessions() as session:
        solution = await session.scalar(select(NeedClock).where(NeedClock.name == ClockName.SOLUTION))
        lines = (await session.scalars(select(NeedHistory.event).where(NeedHistory.event.is_not(None)))).all()
    assert solution is not None
    assert (solution.minutes, solution.due_at) == (4200, changed.solution_due_at)
    assert changed.first_answer_due_at == need.first_answer_due_at  # a promise is not moved later
    assert list(lines) == ["kind_changed"]


async def test_a_new_kind_that_is_confidential_is_closed_to_all_but_social_work(
    sessions: Sessions, cast: Cast, clock: time_machine.Traveller
) -> None:
    need = await report(sessions, cast, "noise")
    async with sessions.begin() as session:
        changed = await change_kind(session, cast.here.staff[COMMITTEE], need.id, "mental_health")
    assert changed.visibility is Visibility.CONFIDENTIAL
    assert changed.lead_party_id == party(cast, SOCIAL_WORK)
    for actor in cast.here.staff.values():
        async with sessions() as session:
            assert not await may_read(session, actor, changed)


async def test_nothing_changes_before_somebody_else_approves(
    sessions: Sessions, cast: Cast, clock: time_machine.Traveller
) -> None:
    committee, here = cast.here.staff[COMMITTEE], cast.here.community.id
    line = NewLine("noise", party(cast, PROPERTY), [party(cast, COMMITTEE)])
    async with sessions.begin() as session:
        made = await propose_line(session, committee, here, line, "物业有保安")
    assert (await report(sessions, cast, "noise")).lead_party_id == party(cast, COMMITTEE)
    async with sessions.begin() as session:
        with pytest.raises(NotAllowed):
            await approve_proposal(session, committee, made.id)
        with pytest.raises(NotAllowed):
            await approve_proposal(session, cast.here.staff[SOCIAL_WORK], made.id)
        with pytest.raises(NotFound):
            await approve_proposal(session, cast.there.staff[COMMITTEE], made.id)
        with pytest.raises(Refused):
            await propose_line(session, cast.street, here, line, "又提")
    async with sessions.begin() as session:
        await approve_proposal(session, cast.here.colleagues[COMMITTEE], made.id)
    assert (await report(sessions, cast, "noise")).lead_party_id == party(cast, PROPERTY)
    async with sessions.begin() as session:
        with pytest.raises(WrongState):
            await refuse_proposal(session, cast.street, made.id, "晚了")
        history = await find_proposals(session, here, open_only=False)
        assert [
            (row.row.state.value, row.proposer.id, row.decider and row.decider.id) for row in history
        ] == [("approved", committee.staff_id, cast.here.colleagues[COMMITTEE].staff_id)]


@pytest.mark.parametrize(
    ("who", "allowed"),
    [
        ("committee", True),
        ("social_work_team", True),
        ("property_company", False),
        ("department", False),
        ("volunteer_team", False),
    ],
)
async def test_who_may_propose(sessions: Sessions, cast: Cast, who: str, allowed: bool) -> None:
    line = NewLine("noise", party(cast, PROPERTY))
    async with sessions.begin() as session:
        if allowed:
            await propose_line(session, cast.here.staff[PartyType(who)], cast.here.community.id, line, "新")
        else:
            with pytest.raises(NotAllowed):
                await propose_line(
                    session, cast.here.staff[PartyType(who)], cast.here.community.id, line, "新"
                )
        with pytest.raises(NotFound):
            await propose_line(session, cast.there.staff[COMMITTEE], cast.here.community.id, line, "新")


async def test_a_list_that_changed_meanwhile_is_not_overwritten(sessions: Sessions, cast: Cast) -> None:
    here, committee = cast.here.community.id, cast.here.staff[COMMITTEE]
    async with sessions.begin() as session:
        made = await propose_line(session, committee, here, NewLine("noise", party(cast, PROPERTY)), "新")
        row = await session.scalar(
            select(Responsibility).where(Responsibility.kind == "noise", Responsibility.share == Share.ASSIST)
        )
        assert row is not None
        await session.delete(row)
    async with sessions.begin() as session:
        with pytest.raises(WrongState):
            await approve_proposal(session, cast.street, made.id)
        await withdraw_proposal(session, committee, made.id)


BAD = ["no_lead", "no_such_kind", "other_party", "unit", "same", "no_why"]


@pytest.mark.parametrize("what", BAD)
async def test_bad_lines_are_refused(sessions: Sessions, cast: Cast, what: str) -> None:
    line = {
        "no_lead": NewLine("noise", None, [party(cast, PROPERTY)]),
        "no_such_kind": NewLine("weather", party(cast, PROPERTY)),
        "other_party": NewLine("noise", cast.there.parties[PROPERTY].id),
        "unit": NewLine("noise", party(cast, PROPERTY), place_id=cast.here.unit.id),
        "same": NewLine("noise", party(cast, COMMITTEE), [party(cast, PROPERTY)]),
        "no_why": NewLine("noise", party(cast, PROPERTY)),
    }[what]
    async with sessions.begin() as session:
        with pytest.raises((Refused, NotFound)):
            await propose_line(
                session,
                cast.here.staff[COMMITTEE],
                cast.here.community.id,
                line,
                " " if what == "no_why" else "新",
            )
    async with sessions() as session:
        assert await session.scalar(select(func.count()).select_from(MatrixProposal)) == 0


async def test_a_narrower_line_can_be_taken_away(
    sessions: Sessions, cast: Cast, clock: time_machine.Traveller
) -> None:
    building = cast.here.building.id
    await set_line(sessions, cast, NewLine("noise", party(cast, PROPERTY), place_id=building))
    async with sessions() as session:
        before = len(await find_matrix(session, cast.here.community.id))
    await set_line(sessions, cast, NewLine("noise", None, place_id=building))
    async with sessions() as session:
        assert len(await find_matrix(session, cast.here.community.id)) == before - 1
    assert (await report(sessions, cast, "noise", place_id=cast.here.unit.id)).lead_party_id == party(
        cast, COMMITTEE
    )


async def test_handing_over_keeps_the_words_and_the_move(
    sessions: Sessions, cast: Cast, clock: time_machine.Traveller
) -> None:
    need = await report(sessions, cast)
    async with sessions.begin() as session:
        await hand_over_need(session, cast.here.staff[PROPERTY], need.id, party(cast, COMMITTEE), "要开会定")
    async with sessions() as session:
        move = (await session.scalars(select(NeedMove))).one()
        to = await session.get_one(Party, move.to_party_id)
        line = (await session.scalars(select(NeedHistory).order_by(NeedHistory.id.desc()))).first()
        why = await session.scalar(select(Need.routing_why))
    assert (move.how, to.type, move.words) == (MoveKind.HANDED_OVER, COMMITTEE, "要开会定")
    assert line is not None
    assert (line.why, why) == ("要开会定", "handed_over")
    assert cast.street.role is Role.STREET


async def test_words_are_no_decision_of_the_street(
    sessions: Sessions, cast: Cast, clock: time_machine.Traveller
) -> None:
    need = await report(sessions, cast)
    async with sessions.begin() as session:
        await hand_over_need(
            session, cast.here.staff[PROPERTY], need.id, party(cast, DEPARTMENT), "street_decided"
        )
        await decline_need(session, cast.here.staff[DEPARTMENT], need.id, DeclineReason.NOT_OURS)
