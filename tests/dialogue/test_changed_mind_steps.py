"""Another mind in the middle of joining, as the action sees it: every open question, and two wishes in one message."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID

import pytest
import time_machine

from channels.render import render_text
from community.activities.models import Part
from community.signups.usecases.joining import join_shift
from linli.database import Sessions
from tests.cast import Cast
from tests.community.activities.plans import MONDAY, SATURDAY, make_plan, publish, states
from tests.dialogue.test_joining_steps import FINDS, FORM, Person

SUNDAY = SATURDAY + timedelta(days=1)
HOURS = timedelta(hours=1)


@pytest.fixture(autouse=True)
def _monday() -> Iterator[None]:
    with time_machine.travel(MONDAY, tick=True):
        yield


@pytest.fixture
async def visit(sessions: Sessions, cast: Cast) -> UUID:
    """A visit on Saturday in the morning, from twelve years on."""
    return await publish(sessions, cast, make_plan(volunteers=5, minimum_age=12))


@pytest.fixture
async def party(sessions: Sessions, cast: Cast) -> UUID:
    """A festival on Sunday in the evening, to take part in or to help."""
    plan = make_plan(
        SUNDAY + 9 * HOURS, participants=50, kind="festival", title_zh="邻居节", title_en="Festival"
    )
    return await publish(sessions, cast, plan)


@pytest.fixture
def person(sessions: Sessions, cast: Cast) -> Person:
    """Somebody who joins."""
    return Person(sessions, cast.owner.resident_id)


@pytest.mark.parametrize(
    "said",
    [
        "还是那个探访老人的吧",
        "不要这个了，周六那个",
        "上午那场吧",
        "换一个吧，周六的",
        "the Saturday one instead",
        "actually I'd rather visit the elderly",
    ],
)
async def test_another_shift_while_asked_as_what(person: Person, visit: UUID, party: UUID, said: str) -> None:
    assert await person.say("我要报名周日的邻居节", "join_activity") == ["join_ask_part"]
    assert await person.say(said, "out_of_scope") == ["join_read_back"]
    assert person.bubbles[0]["values"]["title"]["zh"] == "探访独居老人"
    assert await person.say("好", "affirm") == ["joined"]
    assert await states(person.tools.sessions, visit) == ["signed_up"]
    assert await states(person.tools.sessions, party) == []


@pytest.mark.parametrize("said", ["啊不，第一个", "前面那个", "the first one"])
async def test_another_of_the_list(person: Person, visit: UUID, party: UUID, said: str) -> None:
    assert await person.say("周末有什么活动", "find_activities", FINDS) == ["activities_listed"]
    assert await person.say("第二个", "join_activity") == ["join_ask_part"]
    assert await person.say(said, "deny") == ["join_read_back"]
    assert person.bubbles[0]["values"]["title"]["zh"] == "探访独居老人"


async def test_another_without_saying_which(person: Person, visit: UUID, party: UUID) -> None:
    assert await person.say("我要报名周日的邻居节", "join_activity") == ["join_ask_part"]
    assert await person.say("换一个吧", "out_of_scope") == ["activity_one"]
    assert await person.say("那就这个", "affirm") == ["join_read_back"]


async def test_another_while_asked_to_confirm(person: Person, visit: UUID, party: UUID) -> None:
    assert await person.say("周六的探访我去", "confirm_shift") == ["join_read_back"]
    assert await person.say("我明天问问老伴再定", "out_of_scope") == ["answer_unclear", "join_read_back"]
    assert await person.say("不是周六，是周日的", "deny") == ["join_ask_part"]
    assert await person.say("来参加", "inform") == ["join_read_back"]
    assert await person.say("我报一个", "out_of_scope") == ["joined"]
    assert await states(person.tools.sessions, party) == ["signed_up"]


async def test_the_age_comes_with_the_wish_and_another_shift_after_it(
    person: Person, visit: UUID, party: UUID
) -> None:
    assert await person.say("探访老人我去，带上我妈和我家娃6岁", "join_activity") == [
        "join_child_stays",
        "join_read_back",
    ]
    assert person.bubbles[-1]["values"]["people"] == 2
    other = Person(person.tools.sessions, person.resident_id)
    assert await other.say("我带儿子去探访老人", "join_activity") == ["join_ask_age"]
    assert await other.say("那还是去邻居节吧", "out_of_scope") == ["join_ask_part"]


async def test_fewer_along(person: Person, visit: UUID) -> None:
    assert await person.say("我和我妈带上儿子去探访老人", "join_activity") == ["join_ask_age"]
    assert await person.say("那儿子不去了，就我和我妈", "cancel_signup") == ["join_read_back"]
    assert person.bubbles[0]["values"]["people"] == 2
    assert await person.say("老伴也去", "inform") == ["join_read_back"]
    assert person.bubbles[0]["values"]["people"] == 3
    assert await person.say("算了，就我一个人", "stop_current") == ["join_read_back"]
    assert person.bubbles[0]["values"]["people"] == 1


@pytest.mark.parametrize("said", ["那算了，不去了", "下次再说吧", "changed my mind"])
async def test_not_after_all_whatever_is_asked(person: Person, visit: UUID, party: UUID, said: str) -> None:
    for wish in ("我带儿子去探访老人", "我要报名周日的邻居节", "我自己去探访老人", "我想报名"):
        await person.say(wish, "join_activity")
        assert await person.say(said, "out_of_scope") == ["join_dropped"], wish
        assert person.slots["requested_slot"] is None


async def test_both_of_a_list_one_after_the_other(person: Person, visit: UUID, party: UUID) -> None:
    assert await person.say("周末有什么活动", "find_activities", FINDS) == ["activities_listed"]
    assert await person.say("两个都报", "join_activity") == ["join_read_back"]
    assert await person.say("对", "affirm") == ["joined", "join_ask_part"]
    assert await person.say("来参加", "inform") == ["join_read_back"]
    assert await person.say("好", "affirm") == ["joined"]
    assert (
        await states(person.tools.sessions, visit)
        == await states(person.tools.sessions, party)
        == ["signed_up"]
    )


@pytest.mark.parametrize(
    "said", ["在哪儿集合", "要带什么吗", "what time does it end?", "how many places are left"]
)
async def test_what_is_asked_about_the_shift_is_answered(person: Person, visit: UUID, said: str) -> None:
    assert await person.say("我想去探访老人", "join_activity") == ["join_read_back"]
    assert await person.say(said, "out_of_scope") == ["shift_about", "join_read_back"]


@pytest.mark.parametrize("said", ["晚上那场", "the evening one"])
async def test_which_by_the_time_of_the_day(person: Person, visit: UUID, party: UUID, said: str) -> None:
    assert await person.say("我想报名", "join_activity") == ["activities_listed"]
    assert await person.say(said, "greet") == ["join_ask_part"]
    assert person.bubbles[0]["values"]["title"]["zh"] == "邻居节"


async def test_one_shift_and_not_the_other(sessions: Sessions, cast: Cast, person: Person) -> None:
    saturday, sunday = [
        await publish(sessions, cast, make_plan(day, kind="patrol", title_zh="巡逻"))
        for day in (SATURDAY, SUNDAY)
    ]
    async with sessions.begin() as session:
        await join_shift(session, cast.owner.resident_id, sunday, Part.VOLUNTEER)
    assert await person.say("周六的巡逻我去，周日的来不了", "cancel_signup") == [
        "shift_left",
        "join_read_back",
    ]
    assert await person.say("对", "affirm") == ["joined"]
    assert await states(sessions, saturday) == ["signed_up"]
    assert await states(sessions, sunday) == ["cancelled"]
    assert await person.say("周六的巡逻我去，周日的来不了", "cancel_signup") == ["shift_confirmed"]


async def test_a_reason_alone_gives_up_nothing(
    sessions: Sessions, cast: Cast, person: Person, visit: UUID
) -> None:
    async with sessions.begin() as session:
        await join_shift(session, cast.owner.resident_id, visit, Part.VOLUNTEER)
    assert await person.say("周六上午要上班，周日的巡逻我去", "confirm_shift") == ["own_shift_which"]
    assert await states(sessions, visit) == ["signed_up"]


@pytest.mark.parametrize("said", ["这个周末的我都来不了了，要回老家", "I can't make either of them, I'm ill"])
async def test_all_that_were_named(sessions: Sessions, cast: Cast, person: Person, said: str) -> None:
    for day in (SATURDAY, SUNDAY):
        shift_id = await publish(sessions, cast, make_plan(day, kind="patrol", title_zh="巡逻"))
        async with sessions.begin() as session:
            await join_shift(session, cast.owner.resident_id, shift_id, Part.VOLUNTEER)
    assert await person.say("我来不了了", "cancel_signup") == ["own_shift_which"]
    assert await person.say("都不退", "deny") == ["own_shifts_kept"]
    assert await person.say(said, "cancel_signup") == ["shift_left", "shift_left"]


@pytest.mark.parametrize("said", ["7号有活动吗", "七号呢", "what about the 7th?"])
async def test_the_number_of_a_day(person: Person, visit: UUID, party: UUID, said: str) -> None:
    assert await person.say(said, "find_activities", FINDS) == ["activity_one"]
    assert person.bubbles[0]["values"]["title"]["zh"] == "探访独居老人"


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("2月30号有活动吗", "2 月没有 30 号"),
        ("下个月31号呢", "4 月没有 31 号"),
        ("anything on the 31st of April?", "April has no day 31"),
        ("on the 32nd", "no day 32"),
    ],
)
async def test_a_day_that_there_is_not(
    person: Person, visit: UUID, party: UUID, said: str, told: str
) -> None:
    language = "en" if said.isascii() else "zh"
    for intent, action in (("find_activities", FINDS), ("join_activity", FORM)):
        assert await person.say(said, intent, action) == ["no_such_day", "activities_listed"]
        assert told in render_text("no_such_day", language, person.bubbles[0]["values"])
    assert await person.say(said, "out_of_scope") == ["no_such_day", "activities_listed"]


@pytest.mark.parametrize(
    ("said", "intent", "people"),
    [
        ("我妈不去了，我一个人去", "cancel_signup", 1),
        ("my mum isn't coming, just me", "cancel_signup", 1),
        ("我再带个朋友行吗", "join_activity", 3),
        ("my son is coming too", "confirm_shift", 3),
    ],
)
async def test_others_along_after_signing_up(
    person: Person, visit: UUID, said: str, intent: str, people: int
) -> None:
    await person.say("我和我妈去探访老人", "join_activity")
    assert await person.say("好", "affirm") == ["joined"]
    if "son" in said:
        assert await person.say(said, intent) == ["join_too_young"]
        return
    assert await person.say(said, intent) == ["own_comers_changed"]
    assert person.bubbles[0]["values"]["people"] == people
    assert await states(person.tools.sessions, visit) == ["signed_up"]


@pytest.mark.parametrize("said", ["孩子发烧了 来不了", "我去不了了", "my kid is ill, can't come"])
async def test_who_does_not_come_at_all_is_asked(person: Person, visit: UUID, said: str) -> None:
    await person.say("我和我妈去探访老人", "join_activity")
    await person.say("好", "affirm")
    assert await person.say(said, "cancel_signup") == ["own_shift_leave"]


async def test_a_day_without_a_shift_is_answered_with_those_there_are(person: Person, visit: UUID) -> None:
    assert await person.say("我想去探访老人", "join_activity") == ["join_read_back"]
    assert await person.say("周五行吗", "out_of_scope") == ["activity_one"]
    assert await person.say("那就这个", "affirm") == ["join_read_back"]


@pytest.mark.parametrize("said", ["路上堵车，晚到十分钟", "running ten minutes late"])
async def test_whoever_is_late_hears_whom_to_tell(person: Person, visit: UUID, said: str) -> None:
    await person.say("我想去探访老人", "join_activity")
    await person.say("好", "affirm")
    assert await person.say(said, "confirm_shift") == ["shift_late"]
    assert "李姐" in person.bubbles[0]["values"]["contact"]
