"""While the account may make no call, answers go back with the request; a kind that is used up stops no other."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import select

from channels.contract import Budget, Outgoing
from channels.errors import SendError
from channels.wechat import passive
from channels.wechat.channel import SEND, WeChatChannel
from community.clock import now
from community.files.usecases import add_file
from community.outbox.models import ChannelPace, OutboxMessage
from community.outbox.paces import rest
from community.residents.models import Address
from community.residents.usecases import meet_person
from linli.database import Sessions
from linli.file_store import store_file
from linli.settings import Settings
from operations.platforms.wechat import Person
from operations.platforms.wechat.account import AFTER_MESSAGE
from tests.channels.bot_stand_in import BotStandIn
from tests.channels.conftest import until
from tests.channels.wechat.stand_in import Platform
from tests.channels.wechat.test_passive import answers
from tests.web.conftest import serving

TEMPLATE = "ngqIpbwh8bUfcSsECmogfXcV14J0tQlEpBO27izEYtY"
OFTEN = 45009


@pytest.fixture
async def person(wechat_settings: Settings, platform: Platform, bot: BotStandIn) -> AsyncIterator[Person]:
    """A follower who was greeted, with an app that is running."""
    async with serving(wechat_settings.model_copy(update={"bot_url": bot.url})) as address:
        platform.account.callback = f"{address}/channels/wechat"
        person = platform.account.person()
        await platform.pusher.follow(person)
        person.thread.clear()
        yield person


@pytest.fixture
async def midnight(person: Person, sessions: Sessions) -> datetime:
    """Until when the account has no call left."""
    ends = now() + timedelta(hours=5)
    async with sessions.begin() as session:
        await rest(session, "wechat", now(), ends, "quota_spent")
    return ends


async def _rows(sessions: Sessions) -> list[tuple[str, str | None]]:
    async with sessions() as session:
        rows = await session.scalars(
            select(OutboxMessage).where(OutboxMessage.message == "staff_answer").order_by(OutboxMessage.seq)
        )
        return [(row.state.value, row.reason) for row in rows][1:]  # without the greeting


async def test_an_answer_goes_back_with_the_request_although_no_call_is_left(
    platform: Platform, person: Person, bot: BotStandIn, sessions: Sessions, midnight: datetime
) -> None:
    before = platform.account.calls[SEND]
    bot.handler = answers("请拨打12356", "我在这里")
    await platform.pusher.say(person, "我不想活了")
    assert [(shown.way, shown.text) for shown in person.thread[1:]] == [("passive", "请拨打12356")]

    async def recorded() -> bool:
        return await _rows(sessions) == [("sent", None), ("pending", "quota_spent")]

    await until(recorded)
    assert platform.account.calls[SEND] == before


async def test_where_no_request_waits_no_call_is_made_and_the_answer_is_put_off(
    platform: Platform,
    person: Person,
    bot: BotStandIn,
    sessions: Sessions,
    midnight: datetime,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    before = platform.account.calls[SEND]
    monkeypatch.setattr(passive, "OPEN_SECONDS", 0.2)
    bot.handler = answers("来晚了", seconds=0.6)
    await platform.pusher.say(person, "在吗")

    async def recorded() -> bool:
        return await _rows(sessions) == [("pending", "quota_spent")]

    await until(recorded)
    assert platform.account.calls[SEND] == before
    async with sessions() as session:
        address = (await session.scalars(select(Address).where(Address.outside_id == person.openid))).one()
        pace = await session.get_one(ChannelPace, "wechat")
    assert address.may_send == 5
    assert pace.reason == "quota_spent"
    assert pace.rests_until is not None
    assert pace.rests_until >= midnight


@pytest.fixture
async def channel(wechat_settings: Settings, sessions: Sessions) -> AsyncIterator[WeChatChannel]:
    """The channel of one process, with a template."""
    settings = wechat_settings.model_copy(update={"wechat_template": f"{TEMPLATE}:thing1"})
    channel = WeChatChannel(settings, sessions)
    yield channel
    await channel.close()


@pytest.fixture
async def follower(platform: Platform, channel: WeChatChannel) -> Person:
    """Somebody who has just written, while the token is known."""
    person = platform.account.person()
    person.follows = True
    person.grant(AFTER_MESSAGE)
    await channel.send([_row(person)])
    return person


def _row(person: Person, **more: Any) -> Outgoing:
    values: dict[str, Any] = {
        "id": uuid4(),
        "address_id": uuid4(),
        "outside_id": person.openid,
        "channel": "wechat",
        "message": "staff_answer",
        "values": {"words": "修好了", "code": "", "name": ""},
        "buttons": (),
        "language": "zh",
        "zone": "Asia/Shanghai",
        "attempts": 1,
        "budget": Budget(5, now() + timedelta(hours=48)),
    }
    return Outgoing(**(values | more))


async def test_templates_that_are_used_up_leave_talks_alone(
    channel: WeChatChannel, platform: Platform, follower: Person
) -> None:
    platform.account.faults.errcodes = [OFTEN]
    late, talk = await channel.send([_row(follower, budget=None), _row(follower)])
    assert (late.error, talk.error) == (SendError.KIND_SPENT, None)
    platform.account.faults.errcodes = [OFTEN]
    [talk] = await channel.send([_row(follower)])
    assert talk.error is SendError.QUOTA_SPENT


async def test_pictures_that_are_used_up_leave_talks_alone(
    channel: WeChatChannel,
    platform: Platform,
    follower: Person,
    sessions: Sessions,
    wechat_settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    file_id = store_file(wechat_settings.files_dir, b"jpeg")
    async with sessions.begin() as session:
        known = await meet_person(session, "wechat", follower.openid)
        await add_file(
            session, known.resident_id, file_id, media_type="image/jpeg", size=4, width=1, height=1
        )
    files = [{"id": str(file_id), "photo": True}]
    picture = _row(follower, values={"words": "", "code": "", "name": "", "files": files})
    refused = platform.account.faults.errcodes
    post = channel._post

    async def words_first(*call: Any) -> None:
        await post(*call)
        refused.append(OFTEN)  # for the picture that follows

    monkeypatch.setattr(channel, "_post", words_first)
    [outcome] = await channel.send([picture])
    assert outcome.error is SendError.KIND_SPENT
