"""Signing up step by step, as the action sees it: what is kept between questions, without Rasa in front."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import timedelta
from itertools import count
from typing import Any
from uuid import UUID, uuid4

import pytest
import time_machine

from bot.actions.registry import ACTIONS
from bot.actions.running import Tools, take
from community.activities.models import Shift
from community.needs.usecases.residents import ReportLimits
from community.notices.models import Notice
from community.notices.sending.bubble import notice_buttons
from community.parties.models import PartyType
from community.residents.usecases import get_resident
from community.teams.usecases import join_team, make_team
from linli.database import Sessions
from tests.cast import Cast
from tests.community.activities.plans import MONDAY, SATURDAY, make_plan, publish, states

FORM, FINDS = "validate_activity_form", "action_find_activities"


class Person:
    """Somebody whose words reach the actions with the intent that Rasa would give them."""

    _numbers = count(500)

    def __init__(self, sessions: Sessions, resident_id: UUID) -> None:
        self.tools = Tools(sessions, ReportLimits())
        self.resident_id = resident_id
        self.slots: dict[str, Any] = {}
        self.bubbles: list[dict[str, Any]] = []

    async def say(
        self, text: str, intent: str, action: str = FORM, *, message_id: int | None = None, **entities: str
    ) -> list[str]:
        """Say it, or tap a button with these entities; the names of what is answered."""
        message = {
            "text": text,
            "intent": {"name": intent},
            "intent_ranking": [{"name": intent, "confidence": 0.9}],
            "entities": [{"entity": name, "value": value} for name, value in entities.items()],
            "metadata": {"message_id": str(message_id or next(self._numbers))},
        }
        tracker = {
            "sender_id": str(self.resident_id),
            "slots": dict(self.slots),
            "active_loop": {"name": action.removeprefix("validate_")} if action.endswith("_form") else {},
            "latest_message": message,
        }
        turn = await take(action, ACTIONS[action], self.tools, tracker)
        self.slots.update(turn.kept)
        self.bubbles = turn.bubbles
        if turn.next_form == FORM.removeprefix("validate_"):
            return await self.say(text, intent, message_id=message_id, **entities)
        return [bubble["message"] for bubble in turn.bubbles]


@pytest.fixture(autouse=True)
def _monday() -> Iterator[None]:
    with time_machine.travel(MONDAY, tick=True):
        yield


@pytest.fixture
async def shift_id(sessions: Sessions, cast: Cast) -> UUID:
    """A visit on Saturday, and a patrol after it."""
    await publish(sessions, cast, make_plan(SATURDAY + timedelta(hours=5), kind="patrol", title_zh="巡逻"))
    return await publish(sessions, cast, make_plan())


async def test_words_wait_for_the_community(sessions: Sessions, cast: Cast, shift_id: UUID) -> None:
    async with sessions.begin() as session:
        (await get_resident(session, cast.owner.resident_id)).community_id = None
    person = Person(sessions, cast.owner.resident_id)
    assert await person.say("我想去探访老人", "join_activity") == ["report_ask_community"]
    assert await person.say("榕树社区", "out_of_scope") == ["join_read_back"]
    assert await person.say("好", "affirm") == ["joined"]
    assert await states(sessions, shift_id) == ["signed_up"]


async def test_the_first_of_a_list_with_somebody_along(
    sessions: Sessions, cast: Cast, shift_id: UUID
) -> None:
    person = Person(sessions, cast.owner.resident_id)
    assert await person.say("周末有什么活动", "find_activities", FINDS) == ["activities_listed"]
    assert await person.say("第一个 带上我妈", "join_activity") == ["join_read_back"]
    assert await person.say("对", "affirm") == ["joined"]
    other = Person(sessions, cast.neighbour.resident_id)
    assert await other.say("我想去探访老人", "join_activity") == ["join_read_back"]
    assert await other.say("对", "affirm") == ["join_waits"]
    assert await states(sessions, shift_id) == ["signed_up", "waiting"]


@pytest.mark.parametrize("said", ["我要报今天的探访老人", "sign me up for the visit to the elderly today"])
async def test_what_is_about_to_begin_is_too_late(sessions: Sessions, cast: Cast, said: str) -> None:
    await publish(sessions, cast, make_plan(MONDAY + timedelta(minutes=40)))
    person = Person(sessions, cast.owner.resident_id)
    assert await person.say(said, "join_activity") == ["join_too_late"]
    assert "李姐" in person.bubbles[0]["values"]["contact"]
    assert person.slots["requested_slot"] is None


async def test_what_is_signed_up_leads_to_ones_own_page(
    sessions: Sessions, cast: Cast, shift_id: UUID
) -> None:
    person = Person(sessions, cast.owner.resident_id)
    await person.say("周末有什么活动", "find_activities", FINDS)
    assert person.bubbles[0]["values"]["page"] == "/m/activities"
    assert await person.say("", "join_activity", shift=str(shift_id)) == ["joined"]
    assert person.bubbles[0]["values"]["page"] == "/m/shifts"


async def test_every_child_has_to_be_old_enough(sessions: Sessions, cast: Cast) -> None:
    shift_id = await publish(sessions, cast, make_plan(volunteers=9, minimum_age=12))
    person = Person(sessions, cast.owner.resident_id)
    assert await person.say("我带3个孩子报名探访老人", "join_activity") == ["join_ask_age"]
    assert person.bubbles[0]["values"]["people"] == 4
    again = await person.say("不是12岁，是13岁", "inform")
    assert again[-1] == "join_ask_age"
    assert await person.say("是的，大的13岁，小的8岁", "affirm") == ["join_child_stays", "join_read_back"]
    assert person.bubbles[-1]["values"]["people"] == 1
    assert await person.say("对", "affirm") == ["joined"]
    assert await states(sessions, shift_id) == ["signed_up"]


@pytest.mark.parametrize("said", ["我们队想去探访老人", "sign our team up for the visit on saturday"])
async def test_a_leader_signs_the_team_up(sessions: Sessions, cast: Cast, shift_id: UUID, said: str) -> None:
    async with sessions.begin() as session:
        committee = cast.here.staff[PartyType.COMMITTEE]
        team = await make_team(session, committee, "银发巡逻队", cast.owner.resident_id)
        await join_team(session, cast.neighbour.resident_id, team.code)
    neighbour = Person(sessions, cast.neighbour.resident_id)
    assert await neighbour.say(said, "join_activity") == ["join_read_back"], "a member does not lead"
    leader = Person(sessions, cast.owner.resident_id)
    assert await leader.say(said, "join_activity") == ["join_read_back_team"]
    assert leader.bubbles[0]["values"]["people"] == 2
    assert await leader.say("好", "affirm") == ["team_joined"]
    assert await states(sessions, shift_id) == ["signed_up"] * 2


async def test_a_team_does_not_sign_up_where_nobody_helps(sessions: Sessions, cast: Cast) -> None:
    await publish(sessions, cast, make_plan(volunteers=0, participants=9))
    async with sessions.begin() as session:
        await make_team(session, cast.here.staff[PartyType.COMMITTEE], "银发巡逻队", cast.owner.resident_id)
    leader = Person(sessions, cast.owner.resident_id)
    assert await leader.say("我们队想去探访老人", "join_activity") == ["team_no_helpers"]


async def test_the_button_of_a_notice_leads_to_its_activity(
    sessions: Sessions, cast: Cast, shift_id: UUID
) -> None:
    async with sessions() as session:
        activity_id = (await session.get_one(Shift, shift_id)).activity_id
    notice = Notice(id=uuid4(), activity_id=activity_id, need_receipt=False, help_button=False)
    (button,) = notice_buttons(notice)
    intent, told = re.fullmatch(r"/(\w+)(\{.*\})", button["payload"]).groups()  # type: ignore[union-attr]
    person = Person(sessions, cast.owner.resident_id)
    assert await person.say("", intent, **json.loads(told)) == ["joined"]
    assert person.bubbles[-1]["values"]["title"]["zh"] == "探访独居老人"
    async with sessions.begin() as session:
        (await session.get_one(Shift, shift_id)).cancelled_at = MONDAY
    other = Person(sessions, cast.neighbour.resident_id)
    assert await other.say("", intent, **json.loads(told)) == ["join_no_date"]
