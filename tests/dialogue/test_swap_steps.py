"""Swapping and saying how it was, as the action sees it: what is asked for, what a number or a bare yes means."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from uuid import UUID, uuid4

import pytest
import time_machine
from sqlalchemy import select, update

from community.activities.models import Part
from community.clock import now
from community.outbox.models import OutboxMessage, OutboxState
from community.parties.models import PartyType
from community.signups.models import SignUp, SignUpState
from community.signups.usecases.joining import join_shift
from community.signups.usecases.teaming import join_as_team
from community.swaps.models import Swap
from community.swaps.usecases import ask_swap, refuse_swap
from community.teams.usecases import join_team, make_team
from linli.database import Sessions
from tests.cast import Cast
from tests.community.activities.plans import MONDAY, SATURDAY, make_plan, publish, states
from tests.dialogue.test_coming_steps import say_bare
from tests.dialogue.test_joining_steps import Person

DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    """Monday; tests move on from there."""
    with time_machine.travel(MONDAY, tick=True) as traveller:
        yield traveller


async def _join(sessions: Sessions, resident_id: UUID, shift_id: UUID) -> UUID:
    async with sessions.begin() as session:
        return (await join_shift(session, resident_id, shift_id, Part.VOLUNTEER)).sign_up.id


async def _deliver(sessions: Sessions, at: datetime) -> None:
    pending = update(OutboxMessage).where(OutboxMessage.state == OutboxState.PENDING)
    async with sessions.begin() as session:
        await session.execute(pending.values(state=OutboxState.SENT, sent_at=at))


@pytest.fixture
async def weekend(sessions: Sessions, cast: Cast) -> tuple[UUID, UUID]:
    """The owner comes on Saturday, the neighbour on Sunday, and both days are full."""
    saturday = await publish(sessions, cast, make_plan(volunteers=1))
    sunday = await publish(sessions, cast, make_plan(SATURDAY + DAY, volunteers=1))
    await _join(sessions, cast.owner.resident_id, saturday)
    await _join(sessions, cast.neighbour.resident_id, sunday)
    return saturday, sunday


@pytest.mark.parametrize(("asks", "chooses"), [("我想换班", "第一个"), ("can I swap my shift", "sunday")])
async def test_a_swap_is_asked_for_and_agreed_to_by_button(
    sessions: Sessions, cast: Cast, weekend: tuple[UUID, UUID], asks: str, chooses: str
) -> None:
    owner = Person(sessions, cast.owner.resident_id)
    neighbour = Person(sessions, cast.neighbour.resident_id)
    assert await owner.say(asks, "cancel_signup") == ["swap_which"]
    assert len(owner.bubbles[0]["buttons"]) == 1
    assert await owner.say(chooses, "find_activities") == ["swap_asked"]
    async with sessions() as session:
        swap_id = (await session.scalars(select(Swap.id))).one()
    assert await neighbour.say("", "confirm_shift", swap=str(swap_id)) == ["swap_done"]
    assert [await states(sessions, shift) for shift in weekend] == [["cancelled", "signed_up"]] * 2
    assert await neighbour.say("", "cancel_signup", swap=str(swap_id)) == ["swap_agreed"]
    leave = neighbour.bubbles[0]["buttons"][0]["payload"]
    assert await neighbour.say("", "cancel_signup", **json.loads(leave.removeprefix("/cancel_signup"))) == [
        "shift_left"
    ]


@pytest.mark.parametrize(
    "said", ["周六我有事，想换到周日那场", "could I swap my Saturday shift with someone on Sunday?"]
)
async def test_the_shift_that_is_named_with_the_wish_is_asked_for(
    sessions: Sessions, cast: Cast, weekend: tuple[UUID, UUID], said: str
) -> None:
    assert await Person(sessions, cast.owner.resident_id).say(said, "cancel_signup") == ["swap_asked"]


async def test_the_only_one_there_is_needs_no_number(
    sessions: Sessions, cast: Cast, weekend: tuple[UUID, UUID]
) -> None:
    owner = Person(sessions, cast.owner.resident_id)
    assert await owner.say("我想换班", "cancel_signup") == ["swap_which"]
    assert await owner.say("好", "affirm") == ["swap_asked"]


@pytest.mark.parametrize(("intent", "answer"), [("affirm", "swap_done"), ("deny", "swap_refused")])
async def test_a_bare_word_answers_the_question(
    sessions: Sessions,
    cast: Cast,
    weekend: tuple[UUID, UUID],
    clock: time_machine.Traveller,
    intent: str,
    answer: str,
) -> None:
    async with sessions.begin() as session:
        own = (
            await session.scalars(select(SignUp.id).where(SignUp.resident_id == cast.owner.resident_id))
        ).one()
        await ask_swap(session, cast.owner.resident_id, own, weekend[1])
    await _deliver(sessions, now())
    clock.shift(60)
    person = Person(sessions, cast.neighbour.resident_id)
    assert await say_bare(sessions, cast.neighbour, person, "好", intent) == [answer]


@pytest.mark.parametrize(("intent", "answer"), [("affirm", "shift_confirmed"), ("deny", "own_shift_leave")])
async def test_a_bare_word_answers_whether_one_comes_after_all(
    sessions: Sessions,
    cast: Cast,
    weekend: tuple[UUID, UUID],
    clock: time_machine.Traveller,
    intent: str,
    answer: str,
) -> None:
    async with sessions.begin() as session:
        own = (
            await session.scalars(select(SignUp.id).where(SignUp.resident_id == cast.owner.resident_id))
        ).one()
        swap = await ask_swap(session, cast.owner.resident_id, own, weekend[1])
        await refuse_swap(session, cast.neighbour.resident_id, swap.id)
    await _deliver(sessions, now())
    clock.shift(60)
    person = Person(sessions, cast.owner.resident_id)
    assert await say_bare(sessions, cast.owner, person, "嗯", intent) == [answer]


async def test_a_member_answers_the_leader_with_a_bare_word(
    sessions: Sessions, cast: Cast, clock: time_machine.Traveller
) -> None:
    shift_id = await publish(sessions, cast)
    leader, member = cast.neighbour.resident_id, cast.owner.resident_id
    async with sessions.begin() as session:
        team = await make_team(session, cast.here.staff[PartyType.COMMITTEE], "银发巡逻队", leader)
        await join_team(session, member, team.code)
        await join_as_team(session, leader, team.id, shift_id, None, request_id=uuid4())
    await _deliver(sessions, now())
    clock.shift(60)
    person = Person(sessions, member)
    assert await say_bare(sessions, cast.owner, person, "可以", "affirm") == ["shift_confirmed"]


async def test_nobody_to_swap_with_gets_the_way_to_a_substitute(sessions: Sessions, cast: Cast) -> None:
    shift_id = await publish(sessions, cast)
    await _join(sessions, cast.owner.resident_id, shift_id)
    person = Person(sessions, cast.owner.resident_id)
    assert await person.say("能换班吗", "cancel_signup") == ["swap_nobody"]
    payload = person.bubbles[0]["buttons"][0]["payload"]
    assert payload.startswith('/cancel_signup{"signup"')


async def test_of_two_own_shifts_the_one_is_asked_for(
    sessions: Sessions, cast: Cast, weekend: tuple[UUID, UUID]
) -> None:
    patrol = make_plan(SATURDAY + 3 * DAY, kind="patrol", title_zh="巡逻")
    await _join(sessions, cast.owner.resident_id, await publish(sessions, cast, patrol))
    person = Person(sessions, cast.owner.resident_id)
    assert await person.say("我要换班", "cancel_signup") == ["own_shift_which"]
    assert await person.say("第一个", "choose") == ["swap_which"]
    assert await person.say("算了", "stop_current") == ["own_shifts_kept"]
    assert await person.say("巡逻想换个班", "cancel_signup") == ["swap_nobody"]
    assert await states(sessions, weekend[0]) == ["signed_up"]


async def test_what_was_not_good_may_sound_like_a_report(sessions: Sessions, cast: Cast) -> None:
    shift_id = await publish(sessions, cast)
    own = await _join(sessions, cast.owner.resident_id, shift_id)
    async with sessions.begin() as session:
        (await session.get_one(SignUp, own)).state = SignUpState.COMPLETED
    person = Person(sessions, cast.owner.resident_id)
    await person.say("", "my_signups", "action_my_signups", signup=str(own), score="1")
    assert await person.say("nobody told us where to go", "report_need") == ["shift_remark_kept"]
    async with sessions() as session:
        assert (await session.get_one(SignUp, own)).remark == "nobody told us where to go"


@pytest.mark.parametrize(("score", "heard"), [("5", "shift_score_good"), ("1", "shift_score_other")])
async def test_how_it_was_with_a_word_on_it(sessions: Sessions, cast: Cast, score: str, heard: str) -> None:
    shift_id = await publish(sessions, cast)
    own = await _join(sessions, cast.owner.resident_id, shift_id)
    async with sessions.begin() as session:
        (await session.get_one(SignUp, own)).state = SignUpState.COMPLETED
    person = Person(sessions, cast.owner.resident_id)
    asked = await person.say("", "my_signups", "action_my_signups", signup=str(own), score=score)
    assert asked == [heard]
    assert await person.say("老人家很开心，下次早点到", "out_of_scope") == ["shift_remark_kept"]
    async with sessions() as session:
        sign_up = await session.get_one(SignUp, own)
    assert (sign_up.score, sign_up.remark) == (int(score), "老人家很开心，下次早点到")
