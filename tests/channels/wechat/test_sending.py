"""Customer-service messages against the stand-in: budgets, buttons, pictures, templates, and each of its errors."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from typing import Any, Literal
from urllib.parse import parse_qs, urlencode, urlsplit
from uuid import UUID, uuid4

import pytest
import time_machine
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from channels.contract import Budget, FetchFailed, Media, MediaRef, Outgoing
from channels.errors import SendError
from channels.wechat.channel import WeChatChannel
from channels.wechat.consents import note_consents
from channels.wechat.models import WeChatConsent
from community.clock import now
from community.files.usecases import add_file
from community.residents.usecases import Known, meet_person
from linli.database import Sessions
from linli.file_store import store_file
from linli.settings import Settings
from operations.platforms.wechat import Person
from operations.platforms.wechat.account import AFTER_ACT, AFTER_MESSAGE
from tests.channels.wechat.stand_in import Platform

Way = Literal["down", "garbage", "drop", "swallow"]
BUTTONS = [
    {"label": "button_solved", "payload": "/affirm"},
    {"label": "button_not_solved", "payload": "/deny"},
]


@pytest.fixture
async def person(platform: Platform) -> Person:
    """A follower who has just written."""
    person = platform.account.person()
    person.follows = True
    person.grant(AFTER_MESSAGE)
    return person


@pytest.fixture
async def channel(wechat_settings: Settings, sessions: Sessions) -> AsyncIterator[WeChatChannel]:
    """The channel of one process."""
    channel = WeChatChannel(wechat_settings, sessions)
    yield channel
    await channel.close()


def row(person: Person, words: str = "修好了", **more: Any) -> Outgoing:
    """A row with these words on its way to a person."""
    made = Outgoing(
        id=uuid4(),
        address_id=uuid4(),
        outside_id=person.openid,
        channel="wechat",
        message="staff_answer",
        values={"words": words, "code": "", "name": ""},
        buttons=(),
        language="zh",
        zone="Asia/Shanghai",
        attempts=1,
        budget=Budget(5, now() + timedelta(hours=48)),
    )
    return replace(made, **more)


async def test_a_row_that_breaks_leaves_the_others_sent_and_known_to_be(
    channel: WeChatChannel, platform: Platform, person: Person
) -> None:
    """Nobody foresaw its values: it is tried again like one that is lost, and nobody else gets theirs twice."""
    other = platform.account.person()
    other.follows = True
    other.grant(AFTER_MESSAGE)
    poison = row(other, resident_id=uuid4())
    poison = replace(poison, values={**poison.values, "notice": "no id of a notice"})
    rows = [row(person, "一"), poison, row(person, "二")]
    errors = {outcome.id: outcome.error for outcome in await channel.send(rows)}
    assert [errors[each.id] for each in rows] == [None, SendError.LOST_ANSWER, None]
    assert person.heard() == ["一", "二"]


async def test_words_arrive_as_they_are(channel: WeChatChannel, platform: Platform, person: Person) -> None:
    words = "3号楼 “电梯” 😀 \\u4f60 </xml> é"
    [outcome] = await channel.send([row(person, words)])
    assert (outcome.error, outcome.used) == (None, 1)
    assert person.heard() == [words]


async def test_buttons_are_a_menu_whose_items_have_our_keys(channel: WeChatChannel, person: Person) -> None:
    asked = row(person, buttons=BUTTONS)
    await channel.send([asked])
    assert person.thread[-1].choices == [
        (f"{asked.id.hex}:0", "办好了"),
        (f"{asked.id.hex}:1", "还没有"),
    ]


async def test_an_account_without_menus_gets_numbers(
    channel: WeChatChannel, platform: Platform, person: Person
) -> None:
    platform.account.kind = "test"
    outcomes = await channel.send([row(person, buttons=BUTTONS), row(person, buttons=BUTTONS)])
    assert [outcome.error for outcome in outcomes] == [None, None]
    assert [shown.kind for shown in person.thread] == ["text", "text"]
    assert "1. 办好了\n2. 还没有\n回复数字" in person.heard()[0]
    assert person.left == 3  # what was refused costs nothing


async def test_the_budget_of_a_message_is_five_and_of_an_act_three(
    channel: WeChatChannel, platform: Platform, person: Person
) -> None:
    with time_machine.travel(now(), tick=False) as clock:
        await channel.send([row(person)])  # the token is fetched
        person.grant(AFTER_MESSAGE)
        outcomes = await channel.send([row(person, str(number)) for number in range(7)])
        assert [outcome.error for outcome in outcomes] == [None] * 5 + [SendError.BUDGET_SPENT] * 2
        person.grant(AFTER_ACT)
        outcomes = await channel.send([row(person, str(number)) for number in range(4)])
        assert [outcome.error for outcome in outcomes] == [None] * 3 + [SendError.BUDGET_SPENT]
        person.grant(AFTER_ACT)
        clock.shift(timedelta(seconds=61))
        assert [each.error for each in await channel.send([row(person)])] == [SendError.WINDOW_OVER]
        person.grant(AFTER_MESSAGE)
        clock.shift(timedelta(hours=48, seconds=1))
        assert [each.error for each in await channel.send([row(person)])] == [SendError.WINDOW_OVER]


@pytest.mark.parametrize(
    ("code", "error"),
    [
        (-1, SendError.BUSY),
        (40003, SendError.NOBODY_THERE),
        (40164, SendError.MISCONFIGURED),
        (43004, SendError.NOBODY_THERE),
        (43101, SendError.NEEDS_CONSENT),
        (45002, SendError.TOO_LONG),
        (45009, SendError.QUOTA_SPENT),
        (45011, SendError.RATE_LIMITED),
        (45015, SendError.WINDOW_OVER),
        (45047, SendError.BUDGET_SPENT),
        (48001, SendError.KIND_CLOSED),
        (50002, SendError.REFUSED),
        (99999, SendError.REFUSED),
    ],
)
async def test_each_code_has_its_error(
    channel: WeChatChannel, platform: Platform, person: Person, code: int, error: SendError
) -> None:
    await channel.send([row(person)])
    platform.account.faults.errcodes = [code]
    [outcome] = await channel.send([row(person)])
    assert (outcome.error, outcome.used) == (error, 0)
    assert (outcome.retry_after is not None) == (error is SendError.RATE_LIMITED)


async def test_what_the_whole_account_is_told_ends_the_batch(
    channel: WeChatChannel, platform: Platform, person: Person
) -> None:
    other = platform.account.person()
    other.follows = True
    other.grant(AFTER_MESSAGE)
    await channel.send([row(person)])
    platform.account.day_quota = 1
    before = platform.account.calls["/cgi-bin/message/custom/send"]
    outcomes = await channel.send([row(person), row(person), row(person)])
    assert {outcome.error for outcome in outcomes} == {SendError.QUOTA_SPENT}
    assert platform.account.calls["/cgi-bin/message/custom/send"] == before + 1


@pytest.mark.parametrize("code", [48001, 48004, 50001])
async def test_an_interface_that_is_closed_ends_no_batch(
    wechat_settings: Settings,
    sessions: Sessions,
    platform: Platform,
    person: Person,
    known: Known,
    code: int,
) -> None:
    """The template is refused; what else the batch holds goes, to this person and to others."""
    platform.account.templates = {TEMPLATE: ("thing1",)}
    settings = wechat_settings.model_copy(update={"wechat_template": f"{TEMPLATE}:thing1"})
    channel = WeChatChannel(settings, sessions)
    await channel.send([row(person)])  # the token is fetched
    other = platform.account.person()
    other.follows = True
    other.grant(AFTER_MESSAGE)
    platform.account.faults.errcodes = [code]
    late = row(person, budget=None, address_id=known.address_id)
    outcomes = await channel.send([late, row(person, "一"), row(other, "二")])
    assert [outcome.error for outcome in outcomes] == [SendError.KIND_CLOSED, None, None]
    assert (person.heard(), other.heard()) == (["修好了", "一"], ["二"])
    await channel.close()


async def test_the_operator_sees_what_was_refused_until_it_goes_well(
    channel: WeChatChannel, platform: Platform, person: Person
) -> None:
    await channel.send([row(person)])
    platform.account.faults.errcodes = [48001]
    await channel.send([row(person)])
    findings = {finding.subject: finding for finding in await channel.check()}
    assert "authentication" in findings["WeChat sending"].words
    assert not findings["WeChat menu"].well
    await channel.send([row(person)])
    assert "WeChat sending" not in {finding.subject for finding in await channel.check()}


async def test_a_check_tells_who_we_are_or_why_not(channel: WeChatChannel, platform: Platform) -> None:
    platform.account.secret = "another"
    [finding] = await channel.check()
    assert not finding.well
    assert "LINLI_WECHAT_SECRET" in finding.words


@pytest.mark.parametrize(
    ("way", "error"),
    [
        ("down", SendError.UNREACHABLE),
        ("garbage", SendError.LOST_ANSWER),
        ("drop", SendError.LOST_ANSWER),
        ("swallow", SendError.LOST_ANSWER),
    ],
)
async def test_a_platform_that_fails_is_named(
    channel: WeChatChannel, platform: Platform, person: Person, way: Way, error: SendError
) -> None:
    await channel.send([row(person)])
    platform.account.faults.way = way
    [outcome] = await channel.send([row(person)])
    assert outcome.error is error


async def test_what_follows_a_message_that_did_not_go_waits_for_it(
    channel: WeChatChannel, platform: Platform, person: Person
) -> None:
    await channel.send([row(person)])
    platform.account.faults.errcodes = [-1]
    first, second = await channel.send([row(person, "一"), row(person, "二")])
    assert (first.error, second.error) == (SendError.BUSY, SendError.BUSY)
    assert person.heard() == ["修好了"]


async def test_one_slow_person_delays_nobody(
    channel: WeChatChannel, platform: Platform, person: Person
) -> None:
    people = [platform.account.person() for _ in range(10)]
    for each in people:
        each.follows = True
        each.grant(AFTER_MESSAGE)
    await channel.send([row(person)])
    platform.account.faults.seconds = 1.0
    async with asyncio.timeout(8):
        await channel.send([row(each) for each in people])


async def test_secrets_and_words_stay_out_of_the_log(
    channel: WeChatChannel, platform: Platform, person: Person, capsys: pytest.CaptureFixture[str]
) -> None:
    await channel.send([row(person)])
    for way in ("down", "garbage", "drop"):
        platform.account.faults.way = way
        await channel.send([row(person, "我爱人住院了")])
    platform.account.faults.way = ""
    platform.account.faults.errcodes = [40001, 48001]
    await channel.send([row(person, "我爱人住院了")])
    said = capsys.readouterr().out
    assert "wechat_not_sent" in said
    account = platform.account
    for secret in (
        account.secret,
        account.access_token,
        account.token,
        account.aes_key,
        "住院",
        person.openid,
    ):
        assert secret not in said


@pytest.fixture
async def known(sessions: Sessions, person: Person) -> Known:
    """The person as Linli knows them."""
    async with sessions.begin() as session:
        return await meet_person(session, "wechat", person.openid)


@pytest.fixture
async def picture(sessions: Sessions, known: Known, wechat_settings: Settings) -> UUID:
    """A picture of ours."""
    file_id = store_file(wechat_settings.files_dir, b"jpeg")
    async with sessions.begin() as session:
        await add_file(
            session, known.resident_id, file_id, media_type="image/jpeg", size=4, width=1, height=1
        )
    return file_id


async def test_a_picture_is_uploaded_once_for_everybody(
    channel: WeChatChannel, platform: Platform, person: Person, picture: UUID
) -> None:
    values = {"words": "看图", "code": "", "name": "", "files": [{"id": str(picture), "photo": True}]}
    await channel.send([row(person, values=values), row(person, values=values)])
    assert [shown.kind for shown in person.thread] == ["text", "image", "text", "image"]
    assert platform.account.calls["/cgi-bin/media/upload"] == 1
    platform.account.media.clear()  # the platform has lost it
    person.grant(AFTER_MESSAGE)
    [outcome] = await channel.send([row(person, values=values)])
    assert outcome.error is None
    assert platform.account.calls["/cgi-bin/media/upload"] == 2


async def test_a_picture_that_is_gone_is_refused(channel: WeChatChannel, person: Person) -> None:
    values = {"words": "看图", "code": "", "name": "", "files": [{"id": str(uuid4()), "photo": True}]}
    [outcome] = await channel.send([row(person, values=values)])
    assert (outcome.error, outcome.used) == (SendError.REFUSED, 1)


async def test_what_stands_behind_a_lost_answer_is_not_tried(
    channel: WeChatChannel, platform: Platform, person: Person
) -> None:
    await channel.send([row(person)])  # the token is fetched
    platform.account.faults.way = "swallow"
    outcomes = await channel.send([row(person, "一"), row(person, "二")])
    assert [outcome.tried for outcome in outcomes] == [True, False]
    assert person.heard() == ["修好了", "一"]


async def test_media_is_fetched_up_to_a_limit(channel: WeChatChannel, platform: Platform) -> None:
    media_id = platform.account.keep_media(b"x" * 1000)
    fetched = await channel.fetch(MediaRef(Media.IMAGE, media_id), most_bytes=1000)
    assert (len(fetched.content), fetched.media_type) == (1000, "image/jpeg")
    for ref, most, again in ((media_id, 999, True), ("gone", 1000, False)):
        with pytest.raises(FetchFailed) as failed:
            await channel.fetch(MediaRef(Media.IMAGE, ref), most_bytes=most)
        assert failed.value.again is again


async def test_a_video_is_fetched_from_where_the_platform_says_it_lies(
    channel: WeChatChannel, platform: Platform
) -> None:
    video = b"\x00\x00\x00\x18ftypmp42" + b"\x00" * 988
    ref = MediaRef(Media.VIDEO, platform.account.keep_media(video))
    fetched = await channel.fetch(ref, most_bytes=1000)
    assert (fetched.content, fetched.media_type) == (video, "video/mp4")
    with pytest.raises(FetchFailed, match="Lost"):
        await channel.fetch(ref, most_bytes=999)


@pytest.mark.parametrize(
    "url",
    ["http://127.0.0.1:1/v", "file:///etc/passwd", "https://qq.com.example.org/v", "http://[", "http:///v"],
)
async def test_a_video_is_fetched_nowhere_else(channel: WeChatChannel, platform: Platform, url: str) -> None:
    platform.account.video_url = url
    ref = MediaRef(Media.VIDEO, platform.account.keep_media(b"\x00\x00\x00\x18ftypmp42"))
    with pytest.raises(FetchFailed, match="Lost"):
        await channel.fetch(ref, most_bytes=1000)


async def test_no_answer_of_the_platform_leads_elsewhere(channel: WeChatChannel, platform: Platform) -> None:
    media_id = platform.account.keep_media(b"\x00\x00\x00\x18ftypmp42")
    redirects = {
        "appid": "",
        "redirect_uri": f"{platform.url}/videos/{media_id}",
        "response_type": "code",
        "scope": "snsapi_base",
        "state": "",
    }
    platform.account.video_url = f"{platform.url}/connect/oauth2/authorize?{urlencode(redirects)}"
    with pytest.raises(FetchFailed, match="Lost"):
        await channel.fetch(MediaRef(Media.VIDEO, media_id), most_bytes=1000)


TEMPLATE = "ngqIpbwh8bUfcSsECmogfXcV14J0tQlEpBO27izEYtY"


async def test_outside_the_window_a_template_says_it(
    wechat_settings: Settings, sessions: Sessions, platform: Platform, person: Person, known: Known
) -> None:
    platform.account.templates = {TEMPLATE: ("thing1",)}
    settings = wechat_settings.model_copy(update={"wechat_template": f"{TEMPLATE}:thing1"})
    channel = WeChatChannel(settings, sessions)
    assert "need_resolved" in channel.any_time
    person.until = None
    late = row(
        person,
        message="staff_answer",
        values={"words": "师傅明天上午九点带新的门机过来换，请让开门口。", "code": "", "name": ""},
        budget=None,
        resident_id=known.resident_id,
        address_id=known.address_id,
    )
    [outcome] = await channel.send([late])
    assert (outcome.error, outcome.used, person.thread[-1].way) == (None, 0, "template")
    assert outcome.outside_id
    assert len(person.heard()[0]) <= 20
    assert "/connect/oauth2/authorize?appid=" in person.thread[-1].url
    await channel.close()


async def test_a_notice_goes_once_for_each_consent(
    wechat_settings: Settings, sessions: Sessions, platform: Platform, person: Person, known: Known
) -> None:
    platform.account.templates = {TEMPLATE: ("thing1",)}
    person.consents[TEMPLATE] = 1
    settings = wechat_settings.model_copy(update={"wechat_notice": f"{TEMPLATE}:thing1"})
    channel = WeChatChannel(settings, sessions)
    async with sessions.begin() as session:
        await note_consents(session, person.openid, [(TEMPLATE, True)])
    late = row(person, budget=None, resident_id=known.resident_id, address_id=known.address_id)
    first, second = await channel.send([late]), await channel.send([replace(late, id=uuid4())])
    assert [each.error for each in (*first, *second)] == [None, SendError.NEEDS_CONSENT]
    assert [shown.way for shown in person.thread] == ["notice"]
    await channel.close()


NOTICE = UUID("3f0c2a5e-7d1b-4b8e-9a64-2d5c8e1f0b37")


@pytest.mark.parametrize(
    ("message", "values", "path"),
    [
        ("notice_changed", {"notice": str(NOTICE)}, f"/m/notices/{NOTICE}"),
        ("notice_reminder", {"notice": str(NOTICE), "public": False}, f"/m/notices/mine/{NOTICE}"),
        ("staff_crisis", {"console": "/staff/crises"}, "/staff/crises"),
        ("shift_soon", {}, "/m/activities"),
        ("need_resolved", {}, "/m/needs"),
    ],
)
async def test_a_template_leads_to_the_page_that_says_the_rest(
    wechat_settings: Settings,
    sessions: Sessions,
    platform: Platform,
    person: Person,
    known: Known,
    message: str,
    values: dict[str, Any],
    path: str,
) -> None:
    platform.account.templates = {TEMPLATE: ("thing1",)}
    settings = wechat_settings.model_copy(update={"wechat_template": f"{TEMPLATE}:thing1"})
    channel = WeChatChannel(settings, sessions)
    late = row(person, message=message, values=values, budget=None, resident_id=known.resident_id)
    [outcome] = await channel.send([late])
    assert outcome.error is None
    url = urlsplit(person.thread[-1].url)
    assert parse_qs(url.query).get("redirect_uri", [url.path])[0].endswith(path)
    await channel.close()


@pytest.mark.parametrize(
    ("way", "codes", "left"), [("down", [], 1), ("", [-1], 1), ("", [43101], 0), ("swallow", [], 0)]
)
async def test_a_consent_is_used_up_by_what_was_sent_alone(
    wechat_settings: Settings,
    sessions: Sessions,
    platform: Platform,
    person: Person,
    known: Known,
    way: Way,
    codes: list[int],
    left: int,
) -> None:
    platform.account.templates = {TEMPLATE: ("thing1",)}
    person.consents[TEMPLATE] = 2
    settings = wechat_settings.model_copy(update={"wechat_notice": f"{TEMPLATE}:thing1"})
    channel = WeChatChannel(settings, sessions)
    async with sessions.begin() as session:
        await note_consents(session, person.openid, [(TEMPLATE, True)])
    await channel.send([row(person)])  # the token is fetched
    platform.account.faults.way, platform.account.faults.errcodes = way, codes
    [outcome] = await channel.send([row(person, budget=None, address_id=known.address_id)])
    assert outcome.error is not None
    async with sessions() as session:
        assert await session.scalar(select(WeChatConsent.left)) == left
    await channel.close()


async def test_what_the_platform_knows_no_consent_for_is_asked_once(
    wechat_settings: Settings, sessions: Sessions, platform: Platform, person: Person, known: Known
) -> None:
    platform.account.templates = {TEMPLATE: ("thing1",)}
    settings = wechat_settings.model_copy(update={"wechat_notice": f"{TEMPLATE}:thing1"})
    channel = WeChatChannel(settings, sessions)
    async with sessions.begin() as session:
        await note_consents(session, person.openid, [(TEMPLATE, True)] * 2)
    for _ in range(2):
        [outcome] = await channel.send([row(person, budget=None, address_id=known.address_id)])
        assert outcome.error is SendError.NEEDS_CONSENT
    assert platform.account.calls["/cgi-bin/message/subscribe/bizsend"] == 1
    await channel.close()


def test_without_a_template_nothing_goes_at_any_time(channel: WeChatChannel) -> None:
    assert list(channel.any_time) == []


async def test_a_database_that_is_away_takes_back_nothing_that_was_sent(
    channel: WeChatChannel, person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def away(*_: object) -> None:
        raise OperationalError("", {}, Exception())

    monkeypatch.setattr(channel._api.tokens, "tell_trouble", away)
    [outcome] = await channel.send([row(person)])
    assert (outcome.error, outcome.used, person.heard()) == (None, 1, ["修好了"])
    monkeypatch.setattr(channel._api.tokens, "get", away)
    [outcome] = await channel.send([row(person)])
    assert (outcome.error, outcome.used) == (SendError.UNREACHABLE, 0)
