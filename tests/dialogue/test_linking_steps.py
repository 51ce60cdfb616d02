"""Linking, letting go and choosing where notices go, as the actions see it: without Rasa in front."""

from __future__ import annotations

import re
from datetime import timedelta
from itertools import count

import pytest
import time_machine
from sqlalchemy import delete

from channels.contract import Incoming
from channels.inbound import store_inbound
from channels.render import render_text
from community.clock import now
from community.contact.models import ContactPreference
from community.inbox.models import TurnLease
from community.linking.codes import MOST_TRIES
from community.needs.usecases.residents import Report, report_need
from community.parties.models import PartyType
from community.residents.models import Resident
from community.residents.queries import find_addresses
from community.residents.usecases import Known, meet_person
from community.staff_reach.linking import find_links, make_staff_code
from linli.database import Sessions
from tests.cast import Cast
from tests.dialogue.test_joining_steps import Person

FALLS_BACK = "action_fall_back"
_IDS = count(1)


class Someone:
    """A person at one address: each message is stored before the action sees it, as the doors do."""

    def __init__(self, sessions: Sessions, known: Known, channel: str) -> None:
        self.sessions, self.known, self.channel = sessions, known, channel
        self.person = Person(sessions, known.resident_id)

    async def say(
        self, text: str, intent: str = "nlu_fallback", action: str = FALLS_BACK, **entities: str
    ) -> str:
        """Say it; the name of what is answered."""
        async with self.sessions.begin() as session:
            incoming = Incoming(self.channel, "x", f"{next(_IDS)}", text)
            stored = await store_inbound(session, self.known, incoming)
        names = await self.person.say(text, intent, action, message_id=stored.id, **entities)
        return " ".join(names)

    async def tap(self, number: int) -> str:
        """Tap a button of the last answer."""
        payload = self.person.bubbles[-1]["buttons"][number]["payload"]
        value = re.search(r'"value": "([^"]+)"', payload)
        assert value is not None
        return await self.say("", "choose", "action_choose", value=value[1])

    def digits(self) -> str:
        """The code in the last answer."""
        return str(self.person.bubbles[-1]["values"]["code"])


@pytest.fixture
def web(sessions: Sessions, cast: Cast) -> Someone:
    return Someone(sessions, cast.owner, "web")


@pytest.fixture
async def phone(sessions: Sessions, cast: Cast) -> Someone:
    """The same person on Telegram, which nobody knows yet."""
    async with sessions.begin() as session:
        known = await meet_person(session, "telegram", "42", community_id=cast.here.community.id)
    return Someone(sessions, known, "telegram")


async def test_a_code_is_shown_here_and_typed_there(sessions: Sessions, web: Someone, phone: Someone) -> None:
    assert await web.say("把Telegram也连上", "update_profile") == "link_code"
    assert render_text("link_code", "zh", web.person.bubbles[0]["values"]).count("分钟") == 1
    assert await phone.say(web.digits()) == "link_done"
    assert [button["values"]["channel"]["en"] for button in phone.person.bubbles[0]["buttons"]] == [
        "Telegram",
        "the web page",
    ]
    assert await phone.tap(1) == "notices_go_there"
    async with sessions() as session:
        assert await session.get(Resident, web.known.resident_id) is None
        preference = await session.get_one(ContactPreference, phone.known.resident_id)
        assert preference.channel == "web"


async def test_who_has_own_matters_says_yes_first(sessions: Sessions, web: Someone, phone: Someone) -> None:
    async with sessions.begin() as session:
        await report_need(session, phone.known.resident_id, Report(kind="noise", words="太吵"))
    await web.say("link my Telegram")
    assert await phone.say(web.digits()) == "link_ask"
    assert await phone.tap(0) == "link_done"
    assert await phone.tap(0) == "notices_go_there"


async def test_a_no_links_nothing(sessions: Sessions, web: Someone, phone: Someone) -> None:
    async with sessions.begin() as session:
        await report_need(session, phone.known.resident_id, Report(kind="noise", words="太吵"))
    await web.say("link my Telegram")
    assert await phone.say(web.digits()) == "link_ask"
    assert await phone.tap(1) == "link_not_done"
    async with sessions() as session:
        assert await session.get(Resident, web.known.resident_id) is not None


async def test_wrong_digits_are_said_to_be_wrong_and_then_enough(web: Someone, phone: Someone) -> None:
    await web.say("连上微信")
    right = web.digits().replace(" ", "")
    for step in range(1, MOST_TRIES + 1):
        assert await phone.say(f"{(int(right) + step) % 1_000_000:06}") == "link_wrong"
    assert await phone.say(f"绑定 {right}") == "link_spent"
    assert await phone.say(right) == "link_wrong"


async def test_a_code_is_over_and_an_own_one_is_for_elsewhere(web: Someone, phone: Someone) -> None:
    with time_machine.travel(now()) as clock:
        await web.say("连上微信")
        code = web.digits()
        assert await web.say(code) == "link_same"
        clock.shift(timedelta(minutes=10))
        assert await phone.say(code) == "link_wrong"


async def test_an_open_question_stays_open(sessions: Sessions, web: Someone, phone: Someone) -> None:
    await web.say("连上微信")
    code = web.digits()
    assert await phone.say("周六的活动我想签到", "check_in", "action_check_in") == "check_in_nothing"
    phone.person.slots["requested_slot"] = "code"
    assert await phone.say(code, "inform", "validate_activity_form") == "link_done"
    assert phone.person.slots["requested_slot"] == "code"


async def test_while_the_other_side_is_answered_the_digits_wait(
    sessions: Sessions, web: Someone, phone: Someone
) -> None:
    await web.say("连上微信")
    code = web.digits()
    async with sessions.begin() as session:
        lease = TurnLease(resident_id=web.known.resident_id, owner="a", until=now() + timedelta(seconds=30))
        session.add(lease)
    phone.person.slots["requested_slot"] = "code"
    assert await phone.say(code, "inform", "validate_activity_form") == "link_busy"
    assert phone.person.slots["requested_slot"] == "code"
    async with sessions.begin() as session:
        await session.execute(delete(TurnLease))
    assert await phone.say(code) == "link_done"


async def test_letting_go(sessions: Sessions, web: Someone, phone: Someone) -> None:
    assert await web.say("断开微信") == "unlink_none"
    await web.say("连上Telegram")
    await phone.say(web.digits())
    assert await phone.say("断开Telegram") == "unlink_on_page"
    assert await phone.say("断开网页") == "unlinked"
    async with sessions() as session:
        left = await find_addresses(session, phone.known.resident_id)
    assert [address.channel for address in left] == ["telegram"]


async def test_where_notices_go(web: Someone) -> None:
    assert (
        await web.say("通知发到哪？", "manage_subscription", "validate_subscription_form") == "notices_where"
    )
    assert await web.tap(0) == "notices_go_there"
    assert await web.say("通知发到微信") == "notices_not_there"
    assert await web.say("通知发到最近用的那个") == "notices_go_last"


async def test_a_colleague_types_the_code_of_the_console(
    sessions: Sessions, cast: Cast, phone: Someone
) -> None:
    actor = cast.here.staff[PartyType.COMMITTEE]
    async with sessions.begin() as session:
        digits = (await make_staff_code(session, actor)).digits
    assert await phone.say(digits) == "staff_linked"
    async with sessions() as session:
        links = await find_links(session, actor.staff_id)
        assert [address.channel for _, address in links] == ["telegram"]
