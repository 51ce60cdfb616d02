"""Whatever is thrown at WeChat's door: it is refused or answered, never with an error of ours, and nothing breaks."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from linli.settings import Settings
from operations.platforms.wechat.pushes import as_xml
from tests.channels.bot_stand_in import BotStandIn
from tests.channels.wechat.stand_in import Platform
from tests.web.conftest import serving

NAMES = [
    "ToUserName", "FromUserName", "CreateTime", "MsgType", "MsgId", "Content", "Event", "EventKey", "MediaId",
    "Recognition", "Location_X", "Location_Y", "Label", "bizmsgmenuid", "Status", "MsgID", "Encrypt", "Title", "Url",
]  # fmt: skip
KINDS = ["text", "image", "voice", "video", "location", "link", "event", "TEXT", "", "nonsense"]
EVENTS = [
    "subscribe",
    "unsubscribe",
    "SCAN",
    "CLICK",
    "VIEW",
    "TEMPLATESENDJOBFINISH",
    "subscribe_msg_popup_event",
]
XML_TEXT = st.text(
    st.characters(blacklist_categories=["Cs"], min_codepoint=9, blacklist_characters="\x0b\x0c\ufffe\uffff"),
    max_size=60,
)
fields = st.dictionaries(st.sampled_from(NAMES), XML_TEXT, max_size=8)
likely = st.fixed_dictionaries(
    {
        "ToUserName": st.just("gh_7f083739789a"),
        "FromUserName": st.sampled_from(["o1", "o2", "o3"]),
        "CreateTime": st.integers(0, 2**40).map(str),
        "MsgType": st.sampled_from(KINDS),
        "Event": st.sampled_from(EVENTS),
        "MsgId": st.integers(0, 2**70).map(str),
    },
    optional=dict.fromkeys(set(NAMES[5:]) - {"Event"}, XML_TEXT),
)
queries = st.dictionaries(
    st.sampled_from(["signature", "timestamp", "nonce", "msg_signature", "encrypt_type", "echostr"]),
    st.text(max_size=50),
)
FEW = settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))


@pytest.fixture
async def door(wechat_settings: Settings, platform: Platform, bot: BotStandIn) -> AsyncIterator[str]:
    """A running app in plain mode, so that what is inside is reached; its door."""
    platform.account.mode = "plain"
    more = {"bot_url": bot.url, "messages_per_minute": 10_000, **platform.settings()}
    async with serving(wechat_settings.model_copy(update=more)) as address:
        platform.account.callback = f"{address}/channels/wechat"
        yield platform.account.callback


@pytest.fixture
async def line() -> AsyncIterator[httpx.AsyncClient]:
    """A client."""
    async with httpx.AsyncClient(trust_env=False, timeout=20) as client:
        yield client


async def test_no_bytes_break_the_door(
    door: str, platform: Platform, line: httpx.AsyncClient, capsys: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:  # fmt: skip
    caplog.set_level(logging.ERROR)

    @FEW
    @given(
        st.one_of(
            st.binary(max_size=300), st.text(max_size=200).map(lambda words: words.encode("utf-8", "replace"))
        )
    )
    async def signed(body: bytes) -> None:
        query, _ = platform.pusher.sealed({})
        answer = await line.post(door, params=query, content=body)
        assert (answer.status_code, answer.text) == (200, "success")

    @FEW
    @given(queries, st.binary(max_size=50))
    async def unsigned(query: dict[str, str], body: bytes) -> None:
        for answer in (await line.post(door, params=query, content=body), await line.get(door, params=query)):
            assert answer.status_code in (400, 403)

    await _run(signed)
    await _run(unsigned)
    _check_quiet(capsys, caplog)


async def test_no_fields_break_the_door(
    door: str, platform: Platform, line: httpx.AsyncClient, capsys: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr("channels.wechat.passive.OPEN_SECONDS", 0.05)
    caplog.set_level(logging.ERROR)

    @FEW
    @given(st.one_of(fields, likely, likely))
    async def pushed(some: dict[str, str]) -> None:
        query, _ = platform.pusher.sealed({})
        body = f"<xml>{as_xml(some)}</xml>".encode("utf-8", "replace")
        assert (await line.post(door, params=query, content=body)).status_code == 200

    await _run(pushed)
    _check_quiet(capsys, caplog)


async def _run(test: object) -> None:
    """Hypothesis runs a coroutine a try; they share this loop by running in a thread that hands them over."""
    loop = asyncio.get_running_loop()
    inner = test.hypothesis.inner_test  # type: ignore[attr-defined]

    def hand_over(*args: object, **named: object) -> None:
        asyncio.run_coroutine_threadsafe(inner(*args, **named), loop).result(30)

    test.hypothesis.inner_test = hand_over  # type: ignore[attr-defined]
    await asyncio.to_thread(test)  # type: ignore[arg-type]


def _check_quiet(capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture) -> None:
    said = capsys.readouterr().out
    assert "Traceback" not in said
    assert "[error" not in said
    assert [record for record in caplog.records if record.exc_info] == []
