"""The API client against the stand-in: the shared token, its renewal, errors in 200 answers, a platform that fails."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import text

from channels.wechat.calling import Answer, Away, CallFailed, Lost, Refused
from channels.wechat.models import WeChatToken
from community.clock import now
from linli.database import Sessions
from tests.channels.wechat.conftest import MakeApi
from tests.channels.wechat.stand_in import Platform

FETCH = "/cgi-bin/stable_token"
MENU = "/cgi-bin/menu/create"
GOOD = {"button": [{"name": "报事", "type": "click", "key": "report"}]}


DEEP = b"[" * 200_000


@pytest.mark.parametrize("content", [DEEP, b"", b"[]", b"7", b'{"errcode": "0"}', b"\xff", b"{" * 10])
def test_an_answer_that_makes_no_sense_is_lost(content: bytes) -> None:
    with pytest.raises(Lost):
        Answer(content, "application/json").as_json()


async def test_many_processes_fetch_the_token_once(platform: Platform, make_api: MakeApi) -> None:
    apis = [make_api() for _ in range(6)]
    await asyncio.gather(*(api.post(MENU, GOOD) for api in apis for _ in range(3)))
    assert platform.account.calls[FETCH] == 1


async def test_the_row_holds_the_token_sealed(
    platform: Platform, make_api: MakeApi, sessions: Sessions
) -> None:
    await make_api().post(MENU, GOOD)
    async with sessions() as session:
        stored = await session.scalar(text("SELECT token FROM wechat_tokens"))
    assert stored.startswith("sealed:1:")
    assert platform.account.access_token not in stored


@pytest.mark.parametrize("code", [40001, 40014, 42001])
async def test_a_refused_token_is_renewed_once_and_asked_once_more(
    platform: Platform, make_api: MakeApi, code: int
) -> None:
    api, other = make_api(), make_api()
    await api.post(MENU, GOOD)
    await other.post(MENU, GOOD)
    platform.account.token_ends = None  # it ended early, as when somebody forces another one
    platform.account.access_token = "of somebody else"
    await asyncio.gather(*(one.post(MENU, GOOD) for one in (api, other) for _ in range(4)))
    assert platform.account.calls[FETCH] == 2
    platform.account.faults.errcodes = [code]
    await api.post(MENU, GOOD)
    assert len(platform.account.forced) == 1  # the same token was given again, so another is forced


async def test_what_is_refused_twice_is_an_error(platform: Platform, make_api: MakeApi) -> None:
    api = make_api()
    await api.post(MENU, GOOD)
    platform.account.secret = "another"
    platform.account.access_token = "gone"
    with pytest.raises(Refused, match="40125"):
        await api.post(MENU, GOOD)


async def test_a_token_is_forced_again_only_after_half_a_minute(
    platform: Platform, make_api: MakeApi
) -> None:
    api = make_api()
    await api.post(MENU, GOOD)
    with time_machine.travel(now(), tick=False) as clock:
        platform.account.faults.errcodes = [40001]
        await api.post(MENU, GOOD)
        platform.account.faults.errcodes = [40001]
        with pytest.raises(Refused, match="40001"):
            await api.post(MENU, GOOD)
        clock.shift(timedelta(seconds=31))
        platform.account.faults.errcodes = [40001]
        await api.post(MENU, GOOD)
    assert len(platform.account.forced) == 2


async def test_a_token_is_fetched_again_before_it_ends(platform: Platform, make_api: MakeApi) -> None:
    api = make_api()
    await api.post(MENU, GOOD)
    with time_machine.travel(now() + timedelta(minutes=116), tick=True):
        await api.post(MENU, GOOD)
    assert platform.account.calls[FETCH] == 2


async def test_a_process_that_dies_while_it_fetches_is_followed_by_another(
    make_api: MakeApi, sessions: Sessions
) -> None:
    async with sessions.begin() as session:
        session.add(
            WeChatToken(app_id="wx5823bf96d3bd56c7", token="", fetching_until=now() + timedelta(seconds=0.3))
        )
    await make_api().post(MENU, GOOD)


@pytest.mark.parametrize(
    ("way", "error"), [("down", Away), ("garbage", Lost), ("drop", Lost), ("swallow", Lost)]
)
async def test_a_platform_that_fails_is_told_apart(
    platform: Platform, make_api: MakeApi, way: str, error: type[CallFailed]
) -> None:
    api = make_api()
    await api.post(MENU, GOOD)
    platform.account.faults.way = way  # type: ignore[assignment]
    with pytest.raises(error):
        await api.post(MENU, GOOD)
    platform.account.faults.way = ""
    await api.post(MENU, GOOD)


async def test_nobody_there_is_away(platform: Platform, make_api: MakeApi) -> None:
    api = make_api()
    await api.post(MENU, GOOD)
    api._line._base = "http://127.0.0.1:1"
    await api._line.close()
    with pytest.raises(Away):
        await api.post(MENU, GOOD)


async def test_errors_tell_no_secret(platform: Platform, make_api: MakeApi) -> None:
    api, account = make_api(), platform.account
    account.faults.way = "garbage"
    with pytest.raises(CallFailed) as failed:
        await api.find_openid("code")
    for secret in (account.secret, account.app_id):
        assert secret not in repr(failed.value)


async def test_pictures_go_up_and_come_down(platform: Platform, make_api: MakeApi) -> None:
    api = make_api()
    media_id = await api.upload_image(b"jpeg")
    assert (await api.download(media_id, 100)).content == b"jpeg"
    with pytest.raises(Lost):
        await api.download(media_id, 3)
    with pytest.raises(Refused, match="40007"):
        await api.download("gone", 100)
