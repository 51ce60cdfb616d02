"""WeChat's door with a real app: who gets in, in which mode, what is stored and what is answered."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from datetime import timedelta

import httpx
import pytest
from sqlalchemy import func, select, update

from channels.wechat.models import WeChatConsent
from channels.wechat.passive import OPEN_SECONDS
from community.clock import now
from community.inbox.models import InboundMessage
from community.outbox.models import OutboxMessage, OutboxState
from community.outbox.usecases import enqueue_message
from community.residents.models import Address, AddressState
from community.residents.usecases import find_person
from linli.database import Sessions
from linli.settings import Settings
from operations.platforms.wechat import Account
from tests.channels.bot_stand_in import BotStandIn
from tests.channels.wechat.stand_in import Platform, platform_on_loopback
from tests.web.conftest import serving

DTD = '<!DOCTYPE x [<!ENTITY a "b">]>'


async def count(sessions: Sessions) -> int:
    """How many messages are stored."""
    async with sessions() as session:
        return await session.scalar(select(func.count()).select_from(InboundMessage)) or 0


@pytest.fixture(params=["plain", "compatible", "safe"])
async def mode(
    request: pytest.FixtureRequest, wechat_settings: Settings, platform: Platform, bot: BotStandIn
) -> AsyncIterator[str]:
    """A running app in each mode of the callback."""
    platform.account.mode = request.param
    settings = wechat_settings.model_copy(update={"bot_url": bot.url, **platform.settings()})
    async with serving(settings) as address:
        platform.account.callback = f"{address}/channels/wechat"
        yield request.param


@pytest.fixture
async def door(wechat_settings: Settings, platform: Platform, bot: BotStandIn) -> AsyncIterator[str]:
    """A running app in safe mode; its door."""
    async with serving(wechat_settings.model_copy(update={"bot_url": bot.url})) as address:
        platform.account.callback = f"{address}/channels/wechat"
        yield platform.account.callback


async def test_a_message_is_answered_in_the_request(mode: str, platform: Platform) -> None:
    person = platform.account.person()
    await platform.pusher.follow(person)
    pushed = await platform.pusher.say(person, "3号楼2单元的电梯坏了 😀 ]]> <b>")
    assert (pushed.status, pushed.tries) == (200, 1)
    assert person.thread[-1].way == "passive"
    assert person.heard() == ["/greet", "3号楼2单元的电梯坏了 😀 ]]> <b>"]
    assert pushed.seconds < OPEN_SECONDS


async def test_the_platform_verifies_the_door(door: str, platform: Platform) -> None:
    async with httpx.AsyncClient(trust_env=False) as client:
        query, _ = platform.pusher.sealed({})
        answer = await client.get(door, params=query | {"echostr": "5837397520665436492"})
        assert (answer.status_code, answer.text) == (200, "5837397520665436492")
        for wrong in ({"signature": "0" * 40}, {"nonce": "another"}, {"timestamp": "1"}, {"signature": ""}):
            assert (await client.get(door, params=query | wrong)).status_code == 403


@pytest.mark.parametrize("seconds", [-301, 310, -86_400])
async def test_an_old_request_is_refused(
    door: str, platform: Platform, sessions: Sessions, seconds: int
) -> None:
    person = platform.account.person()
    fields = message(platform, person.openid, "我要报修")
    query, content = platform.pusher.sealed(fields, int(time.time()) + seconds)
    async with httpx.AsyncClient(trust_env=False) as client:
        assert (await client.post(door, params=query, content=content)).status_code == 403
    assert await count(sessions) == 0


async def test_forged_requests_are_refused(mode: str, platform: Platform, sessions: Sessions) -> None:
    door, account = platform.account.callback, platform.account
    query, content = platform.pusher.sealed(message(platform, "person", "我要报修"))
    wrong = [query | {"signature": "0" * 40}, query | {"timestamp": "abc"}, {}, query | {"nonce": "x"}]
    if mode != "plain":
        wrong += [query | {"msg_signature": "0" * 40}, {**query, "msg_signature": ""}]
    async with httpx.AsyncClient(trust_env=False) as client:
        for each in wrong:
            assert (await client.post(door, params=each, content=content)).status_code == 403
        if mode != "plain":
            other = Account(app_id="wx0000000000000000", aes_key=account.aes_key, mode="safe")
            async with platform_on_loopback(other) as elsewhere:
                theirs, sealed = elsewhere.pusher.sealed(message(platform, "person", "我要报修"))
                assert (await client.post(door, params=theirs, content=sealed)).status_code == 403
    assert await count(sessions) == 0


async def test_with_a_key_nothing_plain_is_taken(door: str, platform: Platform, sessions: Sessions) -> None:
    platform.account.mode = "plain"
    pushed = await platform.pusher.push(
        platform.account.person(), {"MsgType": "text", "Content": "我要报修", "MsgId": "1"}
    )
    assert pushed.answer == "success"
    assert await count(sessions) == 0


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{}",
        b"<xml>",
        b"\xff\xfe\x00",
        f"{DTD}<xml><ToUserName>gh_1</ToUserName></xml>".encode(),
        b"<xml><ToUserName>gh_1</ToUserName><FromUserName>o1</FromUserName></xml>",
        b"<xml><ToUserName>gh_1</ToUserName><FromUserName>o1</FromUserName><CreateTime>soon</CreateTime></xml>",
        b"<xml><ToUserName>gh_1</ToUserName><FromUserName>o 1</FromUserName><CreateTime>1</CreateTime></xml>",
        b'<?xml version="1.0" encoding="nonsense"?><xml/>',
    ],
)
async def test_wrong_shapes_are_answered_and_not_stored(
    wechat_settings: Settings, platform: Platform, bot: BotStandIn, sessions: Sessions, body: bytes
) -> None:
    platform.account.mode = "plain"
    settings = wechat_settings.model_copy(update={"bot_url": bot.url, **platform.settings()})
    query, _ = platform.pusher.sealed({})
    async with serving(settings) as address, httpx.AsyncClient(trust_env=False) as client:
        answer = await client.post(f"{address}/channels/wechat", params=query, content=body)
    assert (answer.status_code, answer.text) == (200, "success")
    assert await count(sessions) == 0


async def test_a_body_that_is_too_long_is_refused(door: str, platform: Platform) -> None:
    query, _ = platform.pusher.sealed({})
    async with httpx.AsyncClient(trust_env=False) as client:
        assert (await client.post(door, params=query, content=b"x" * 70_000)).status_code == 413


async def test_a_repeat_has_one_effect_and_the_same_answer(
    door: str, platform: Platform, sessions: Sessions, bot: BotStandIn
) -> None:
    person = platform.account.person()
    await platform.pusher.follow(person)
    pushed = await platform.pusher.say(person, "电梯坏了")
    first = person.heard()[-1]
    for _ in range(2):
        again = await platform.pusher.repeat(pushed)
        platform.pusher._show(person, again)
        assert person.heard()[-1] == first
    assert bot.asked == ["/greet", "电梯坏了"]
    assert await count(sessions) == 2


async def test_events_of_one_second_are_told_apart(door: str, platform: Platform, sessions: Sessions) -> None:
    person, at = platform.account.person(), now()
    for key in ("report_need", "read_notices", "report_need"):
        fields = {"MsgType": "event", "Event": "CLICK", "EventKey": key}
        await platform.pusher.push(person, fields, at)
    assert await count(sessions) == 2


async def test_who_stops_following_is_written_to_no_more_until_the_next_word(
    door: str, platform: Platform, sessions: Sessions
) -> None:
    person = platform.account.person()
    await platform.pusher.follow(person)
    assert (await platform.pusher.unfollow(person)).answer == "success"
    assert await state(sessions) is AddressState.STOPPED
    later, again = now() + timedelta(seconds=2), {"MsgType": "event", "Event": "subscribe", "EventKey": ""}
    await platform.pusher.push(person, again, later)
    assert await state(sessions) is AddressState.ACTIVE


async def test_consents_are_counted_once_a_push(door: str, platform: Platform, sessions: Sessions) -> None:
    person = platform.account.person()
    await platform.pusher.follow(person)
    item = "<TemplateId>T1</TemplateId><SubscribeStatusString>accept</SubscribeStatusString>"
    nested = f"<List>{item}<PopupScene>2</PopupScene></List>"
    pushed = await platform.pusher.event(person, "subscribe_msg_popup_event", SubscribeMsgPopupEvent=nested)
    await platform.pusher.repeat(pushed)
    async with sessions() as session:
        assert await session.scalar(select(WeChatConsent.left)) == 1


async def test_what_concerns_nobody_is_answered(door: str, platform: Platform, sessions: Sessions) -> None:
    person = platform.account.person()
    for event in ("VIEW", "LOCATION", "view_miniprogram", "user_authorization_revoke", "new_event"):
        assert (await platform.pusher.event(person, event, EventKey="x")).answer == "success"
    assert await count(sessions) == 0


async def test_without_settings_there_is_no_door(
    database_url: str, bot: BotStandIn, wechat_settings: Settings
) -> None:
    off = wechat_settings.model_copy(update={"wechat_app_id": "", "bot_url": bot.url})
    async with serving(off) as address, httpx.AsyncClient(trust_env=False) as client:
        for ask in (client.get, client.post):
            assert (await ask(f"{address}/channels/wechat")).status_code == 404


async def state(sessions: Sessions) -> AddressState | None:
    """The state of the only address."""
    async with sessions() as session:
        found: AddressState | None = await session.scalar(select(Address.state))
    return found


def message(platform: Platform, openid: str, words: str) -> dict[str, str]:
    """The fields of a text."""
    return {
        "ToUserName": platform.account.original_id,
        "FromUserName": openid,
        "CreateTime": str(int((now() - timedelta(seconds=1)).timestamp())),
        "MsgType": "text",
        "Content": words,
        "MsgId": str(platform.account.next_number()),
    }


async def test_a_template_that_was_not_shown_is_a_failed_message(
    door: str, platform: Platform, sessions: Sessions
) -> None:
    person = platform.account.person()
    await platform.pusher.follow(person)
    async with sessions.begin() as session:
        known = await find_person(session, "wechat", person.openid)
        assert known is not None
        await enqueue_message(session, known.resident_id, "welcome", "template:1")
        sent = {"state": OutboxState.SENT, "outside_id": "200163836"}
        await session.execute(
            update(OutboxMessage).where(OutboxMessage.purpose == "template:1").values(**sent)
        )
    for number, status in (("17", "failed:user block"), ("200163836", "failed:user block")):
        await platform.pusher.event(person, "TEMPLATESENDJOBFINISH", MsgID=number, Status=status)
    async with sessions() as session:
        rows = select(OutboxMessage.state, OutboxMessage.reason).where(OutboxMessage.purpose == "template:1")
        assert tuple((await session.execute(rows)).one()) == (OutboxState.FAILED, "refused")
