"""What one has done, as the chat tells it: hours, what the time bank holds, and the page with certificates."""

from __future__ import annotations

from uuid import UUID

import pytest
import time_machine

from channels.render import render_text
from community.activities.models import Part
from community.clock import now
from community.credits.models import CreditLine, CreditReason
from community.credits.usecases import set_time_bank
from community.parties.models import PartyType
from community.signups.models import SignUp, SignUpState
from community.signups.usecases.joining import join_shift
from linli.database import Sessions
from tests.cast import Cast
from tests.community.activities.plans import MONDAY, publish
from tests.dialogue.test_joining_steps import Person

MINE = "action_my_signups"


@pytest.fixture
async def person(sessions: Sessions, cast: Cast) -> Person:
    """The owner, who has helped for two hours."""
    with time_machine.travel(MONDAY):
        shift_id = await publish(sessions, cast)
        async with sessions.begin() as session:
            held = await join_shift(session, cast.owner.resident_id, shift_id, Part.VOLUNTEER)
            sign_up = await session.get_one(SignUp, held.sign_up.id)
            sign_up.state, sign_up.minutes = SignUpState.COMPLETED, 120
    return Person(sessions, cast.owner.resident_id)


async def test_hours_lead_to_the_page_with_certificates(person: Person) -> None:
    assert await person.say("给我开个志愿证明", "my_signups", MINE) == ["own_hours", "own_shifts_none"]
    hours = person.bubbles[0]["values"]
    assert hours == {"hours": 2.0, "shifts": 1, "bank": None, "page": "/m/shifts"}


async def test_the_time_bank_is_told_where_there_is_one(
    person: Person, sessions: Sessions, cast: Cast
) -> None:
    async with sessions.begin() as session:
        await set_time_bank(session, cast.here.staff[PartyType.COMMITTEE], kept=True)
        session.add(_line(cast.owner.resident_id, cast.here.community.id))
    await person.say("我有多少积分", "my_signups", MINE)
    assert person.bubbles[0]["values"]["bank"] == 1.5


def _line(resident_id: UUID, community_id: UUID) -> CreditLine:
    return CreditLine(
        resident_id=resident_id,
        community_id=community_id,
        minutes=90,
        reason=CreditReason.SERVED,
        at=now(),
    )


@pytest.mark.parametrize("said", ["能加到我手机日历里吗", "can I get this in my calendar?"])
async def test_the_calendar_is_on_the_page(person: Person, said: str) -> None:
    assert await person.say(said, "my_signups", MINE) == ["own_calendar"]
    assert person.bubbles[0]["values"] == {"page": "/m/shifts"}


@pytest.mark.parametrize(
    "said", ["时间银行怎么用", "我想用积分找人帮我换灯泡", "how do I spend my time credits"]
)
async def test_how_the_time_bank_is_used(person: Person, sessions: Sessions, cast: Cast, said: str) -> None:
    assert await person.say(said, "my_signups", MINE) == ["own_bank"]
    assert "没有开时间银行" in render_text("own_bank", "zh", person.bubbles[0]["values"])
    async with sessions.begin() as session:
        await set_time_bank(session, cast.here.staff[PartyType.COMMITTEE], kept=True)
    await person.say(said, "my_signups", MINE)
    assert person.bubbles[0]["values"] == {"bank": 0.0, "page": "/m/shifts"}


@pytest.mark.parametrize("said", ["不对啊，我干了三个小时", "that's wrong, it should be three hours"])
async def test_wrong_hours_are_told_to_who_ran_it(person: Person, said: str) -> None:
    assert await person.say(said, "my_signups", MINE) == ["own_hours", "own_hours_wrong", "own_shifts_none"]
    assert "李姐" in person.bubbles[1]["values"]["contact"]


async def test_whoever_has_no_hours_hears_so(sessions: Sessions, cast: Cast) -> None:
    new = Person(sessions, cast.neighbour.resident_id)
    assert await new.say("我有多少志愿时长", "my_signups", MINE) == ["own_hours_none", "own_shifts_none"]
    assert await new.say("我报了哪些活动", "my_signups", MINE) == ["own_shifts_none"]


@pytest.mark.parametrize("said", ["时间银行怎么用", "how does the time bank work"])
async def test_no_answer_of_the_community_is_needed_for_it(person: Person, said: str) -> None:
    assert await person.say(said, "ask_procedure", "action_ask_procedure") == ["own_bank"]
