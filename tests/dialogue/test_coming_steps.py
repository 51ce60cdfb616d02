"""Coming or not, as the action sees it: what a bare yes or no is the answer to, which shift a number means."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import count
from uuid import UUID

import pytest
import time_machine
from sqlalchemy import select, update

from channels.contract import Incoming
from channels.inbound import store_inbound
from community.activities.models import Part
from community.clock import now
from community.outbox.models import OutboxMessage, OutboxState
from community.outbox.usecases import enqueue_message
from community.residents.models import Resident
from community.residents.usecases import Known
from community.signups.models import ShiftReminder, SignUp
from community.signups.usecases.answering import leave_sign_up
from community.signups.usecases.joining import join_shift
from community.signups.usecases.reminding import find_due_reminders, take_due_reminder
from community.substitutes.models import Search
from community.substitutes.usecases import take_due_search
from community.substitutes.volunteers import note_volunteer
from linli.database import Sessions
from tests.cast import Cast
from tests.community.activities.plans import MONDAY, SATURDAY, make_plan, publish, states
from tests.dialogue.test_joining_steps import FORM, Person

NUMBERS = count(1)
BARE = "validate_rating_form"
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    """Monday; tests move on from there."""
    with time_machine.travel(MONDAY, tick=True) as traveller:
        yield traveller


async def _join(sessions: Sessions, cast: Cast, shift_id: UUID) -> UUID:
    async with sessions.begin() as session:
        return (await join_shift(session, cast.owner.resident_id, shift_id, Part.VOLUNTEER)).sign_up.id


async def _be_asked(sessions: Sessions, clock: time_machine.Traveller) -> None:
    """Linli asks the day before whether one comes."""
    async with sessions() as session:
        due_at = (await session.scalars(select(ShiftReminder.due_at).order_by(ShiftReminder.due_at))).first()
    assert due_at is not None
    clock.move_to(due_at)
    async with sessions.begin() as session:
        for reminder_id in await find_due_reminders(session, due_at, 9):
            await take_due_reminder(session, due_at, reminder_id)
    await _deliver(sessions, due_at)


async def _deliver(sessions: Sessions, at: datetime) -> None:
    pending = update(OutboxMessage).where(OutboxMessage.state == OutboxState.PENDING)
    async with sessions.begin() as session:
        await session.execute(pending.values(state=OutboxState.SENT, sent_at=at))


async def say_bare(
    sessions: Sessions, who: Known, person: Person, text: str, intent: str, action: str = BARE
) -> list[str]:
    """A bare word that has come in as a message, or words that begin a form of their own."""
    incoming = Incoming("web", str(who.resident_id), f"said-{next(NUMBERS)}", text)
    async with sessions.begin() as session:
        stored = await store_inbound(session, who, incoming)
    return await person.say(text, intent, action, message_id=stored.id)


async def _say(
    sessions: Sessions, cast: Cast, person: Person, text: str, intent: str, action: str = BARE
) -> list[str]:
    return await say_bare(sessions, cast.owner, person, text, intent, action)


async def test_a_bare_yes_to_the_question_is_taken(
    sessions: Sessions, cast: Cast, clock: time_machine.Traveller
) -> None:
    shift_id = await publish(sessions, cast)
    await _join(sessions, cast, shift_id)
    await _be_asked(sessions, clock)
    person = Person(sessions, cast.owner.resident_id)
    clock.shift(HOUR)
    assert await _say(sessions, cast, person, "好", "affirm") == ["shift_confirmed"]
    assert await states(sessions, shift_id) == ["confirmed"]


async def test_a_bare_no_gives_up_a_place_only_when_sure(
    sessions: Sessions, cast: Cast, clock: time_machine.Traveller
) -> None:
    shift_id = await publish(sessions, cast)
    await _join(sessions, cast, shift_id)
    await _be_asked(sessions, clock)
    person = Person(sessions, cast.owner.resident_id)
    clock.shift(HOUR)
    assert await _say(sessions, cast, person, "没有", "deny") == ["own_shift_leave"]
    assert await states(sessions, shift_id) == ["signed_up"]
    assert await person.say("不退", "deny") == ["own_shift_kept"]
    assert await _say(sessions, cast, person, "不", "deny") == ["own_shift_leave"]
    assert await person.say("退掉", "affirm") == ["shift_declined"]
    assert await states(sessions, shift_id) == ["declined"]


@pytest.mark.parametrize(("word", "intent"), [("没有", "deny"), ("好", "affirm")])
async def test_a_bare_word_is_no_answer_to_a_question_before_the_last(
    sessions: Sessions, cast: Cast, clock: time_machine.Traveller, word: str, intent: str
) -> None:
    shift_id = await publish(sessions, cast)
    await _join(sessions, cast, shift_id)
    await _be_asked(sessions, clock)
    clock.shift(HOUR)
    async with sessions.begin() as session:
        await enqueue_message(session, cast.owner.resident_id, "survey_ask", "asked-since")
    await _deliver(sessions, now())
    clock.shift(HOUR)
    person = Person(sessions, cast.owner.resident_id)
    assert await _say(sessions, cast, person, word, intent) == ["what_else"]
    assert await states(sessions, shift_id) == ["signed_up"]


async def test_a_number_means_what_was_listed(
    sessions: Sessions, cast: Cast, clock: time_machine.Traveller
) -> None:
    """Signed up for three days, the words fit the last two: the second of those two is meant."""
    at = [SATURDAY, SATURDAY + DAY, SATURDAY + DAY + 5 * HOUR]
    shifts = [await publish(sessions, cast, make_plan(each)) for each in at]
    for shift_id in shifts:
        await _join(sessions, cast, shift_id)
    person = Person(sessions, cast.owner.resident_id)
    assert await person.say("周日的我去不了", "cancel_signup") == ["own_shift_which"]
    assert len(person.bubbles[0]["buttons"]) == 2
    assert await person.say("第二场", "choose") == ["shift_left"]
    assert [await states(sessions, each) for each in shifts] == [["signed_up"], ["signed_up"], ["cancelled"]]


async def test_another_day_than_the_one_asked_about_is_asked_back(
    sessions: Sessions, cast: Cast, clock: time_machine.Traveller
) -> None:
    shift_id = await publish(sessions, cast)
    await _join(sessions, cast, shift_id)
    await _be_asked(sessions, clock)
    person = Person(sessions, cast.owner.resident_id)
    clock.shift(HOUR)
    assert await person.say("今天上午的来不了", "cancel_signup") == ["own_shift_leave"]
    assert await states(sessions, shift_id) == ["signed_up"]
    person.slots = {}
    assert await person.say("来不了了，孩子发烧", "cancel_signup") == ["shift_declined"]


async def _be_asked_to_step_in(sessions: Sessions, cast: Cast) -> UUID:
    """Somebody else cannot come on Saturday, and Linli asks the owner; the shift."""
    shift_id = await publish(sessions, cast, make_plan(volunteers=1))
    async with sessions.begin() as session:
        other = cast.neighbour.resident_id
        gone = (await join_shift(session, other, shift_id, Part.VOLUNTEER)).sign_up.id
        await note_volunteer(session, cast.owner.resident_id, cast.here.community.id)
        await leave_sign_up(session, other, gone)
        [search_id] = await session.scalars(select(Search.id))
        assert await take_due_search(session, now(), search_id) == 1
    await _deliver(sessions, now())
    return shift_id


@pytest.mark.parametrize(
    ("said", "intent", "answer", "states_then"),
    [
        ("好", "affirm", "stepped_in", ["cancelled", "signed_up"]),
        ("不", "deny", "substitute_refused", ["cancelled"]),
    ],
)
async def test_a_bare_word_answers_whether_one_steps_in(
    sessions: Sessions, cast: Cast, said: str, intent: str, answer: str, states_then: list[str]
) -> None:
    shift_id = await _be_asked_to_step_in(sessions, cast)
    person = Person(sessions, cast.owner.resident_id)
    assert await _say(sessions, cast, person, said, intent) == [answer]
    assert await states(sessions, shift_id) == states_then


@pytest.mark.parametrize(
    ("said", "intent", "answer"),
    [
        ("我能来", "confirm_shift", "stepped_in"),
        ("周六我可以来", "confirm_shift", "stepped_in"),
        ("not this time, sorry", "cancel_signup", "substitute_refused"),
        ("发烧了，来不了", "cancel_signup", "substitute_refused"),
    ],
)
async def test_words_answer_whether_one_steps_in(
    sessions: Sessions, cast: Cast, said: str, intent: str, answer: str
) -> None:
    await _be_asked_to_step_in(sessions, cast)
    person = Person(sessions, cast.owner.resident_id)
    assert await _say(sessions, cast, person, said, intent, FORM) == [answer]


@pytest.mark.parametrize(
    ("said", "answer"), [("周六的探访我来不了", "shift_left"), ("我来不了", "own_shift_leave")]
)
async def test_what_is_named_is_given_up_at_once(
    sessions: Sessions, cast: Cast, said: str, answer: str
) -> None:
    await _join(sessions, cast, await publish(sessions, cast))
    person = Person(sessions, cast.owner.resident_id)
    assert await person.say(said, "cancel_signup") == [answer]


async def test_another_day_is_no_answer_to_whether_one_steps_in(sessions: Sessions, cast: Cast) -> None:
    sunday = await publish(sessions, cast, make_plan(SATURDAY + DAY))
    await _join(sessions, cast, sunday)
    await _be_asked_to_step_in(sessions, cast)
    person = Person(sessions, cast.owner.resident_id)
    assert await _say(sessions, cast, person, "周日的我来不了", "cancel_signup", FORM) == ["shift_left"]


async def test_another_kind_is_no_answer_to_whether_one_steps_in(sessions: Sessions, cast: Cast) -> None:
    patrol = await publish(sessions, cast, make_plan(SATURDAY + DAY, kind="patrol", title_zh="巡逻"))
    await _join(sessions, cast, patrol)
    asked = await _be_asked_to_step_in(sessions, cast)
    before = await states(sessions, asked)
    person = Person(sessions, cast.owner.resident_id)
    assert await _say(sessions, cast, person, "巡逻我不去了", "cancel_signup", FORM) == ["shift_left"]
    assert await states(sessions, patrol) == ["cancelled"]
    assert await states(sessions, asked) == before


async def test_who_has_moved_away_since_is_not_held_by_the_question(sessions: Sessions, cast: Cast) -> None:
    await _be_asked_to_step_in(sessions, cast)
    async with sessions.begin() as session:
        resident = await session.get_one(Resident, cast.owner.resident_id)
        resident.community_id = cast.there.community.id
    person = Person(sessions, cast.owner.resident_id)
    assert await _say(sessions, cast, person, "我不去了", "cancel_signup", FORM) != ["not_found"]


async def test_coming_to_what_one_is_not_in_is_joining(sessions: Sessions, cast: Cast) -> None:
    """ "周六的巡逻我去" reads like coming, and is joining where one is in no such shift."""
    visit = await publish(sessions, cast)
    await publish(sessions, cast, make_plan(SATURDAY + DAY, kind="patrol", title_zh="巡逻"))
    person = Person(sessions, cast.owner.resident_id)
    assert await person.say("周六的探访我去", "confirm_shift") == ["join_read_back"]
    assert await person.say("好", "affirm") == ["joined"]
    assert await states(sessions, visit) == ["signed_up"]
    assert await person.say("周六的探访我去", "confirm_shift") == ["shift_confirmed"]
    assert await person.say("周日的巡逻我去", "confirm_shift") == ["join_read_back"]


async def test_whoever_stepped_in_may_step_back(sessions: Sessions, cast: Cast) -> None:
    shift_id = await _be_asked_to_step_in(sessions, cast)
    person = Person(sessions, cast.owner.resident_id)
    shift = str(shift_id)
    assert await person.say("", "join_activity", value="volunteer", shift=shift) == ["stepped_in"]
    assert await person.say("", "cancel_signup", shift=shift) == ["shift_left"]
    async with sessions() as session:
        mine = select(SignUp.state).where(SignUp.resident_id == cast.owner.resident_id)
        assert (await session.scalars(mine)).one() == "cancelled"
