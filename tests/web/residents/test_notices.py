"""Notices on residents' pages: the public archive and its feed, one to forward, receipts, search, what one is told."""

from __future__ import annotations

import re
from datetime import timedelta
from uuid import UUID, uuid4
from xml.etree import ElementTree as ET

import httpx
import pytest
from sqlalchemy import select

from community.activities.models import Shift
from community.clock import now
from community.contact.models import ContactPreference
from community.contact.queries import get_follows, get_preference
from community.notices.models import Notice, NoticeRecipient, NoticeState, RecipientState
from community.outbox.models import OutboxMessage
from linli.database import Sessions
from tests.cast import Cast
from tests.community.activities.plans import make_plan, publish
from tests.scanning import scan_page
from tests.web.residents.conftest import Browsers, form_of
from tests.web.residents.tales import Tales

ATOM = {"a": "http://www.w3.org/2005/Atom"}
EVIL = '<script>alert(1)</script> & "quoted"'


def make(cast: Cast, title: str, words: str, **more: object) -> Notice:
    """A notice of the owner's community that went out two hours ago."""
    fields = {
        "category": "utilities",
        "state": NoticeState.SENT,
        "valid_from": now() - timedelta(hours=2),
        "valid_until": now() + timedelta(days=2),
    }
    return Notice(community_id=cast.here.community.id, title_zh=title, text_zh=words, **{**fields, **more})


@pytest.fixture
async def secret(sessions: Sessions, cast: Cast, tales: Tales) -> UUID:
    """A notice for the owner alone that asks for a receipt; beside it one that is over, a draft, and a nasty one."""
    async with sessions.begin() as session:
        notice = make(cast, "只给三栋", "3号楼检修。", public=False, need_receipt=True, help_button=True)
        session.add_all(
            [
                notice,
                make(cast, "过期的灭蚊通知", "上周打药。", valid_until=now() - timedelta(hours=1)),
                make(cast, "没批的草稿", "停水草稿", state=NoticeState.DRAFT),
                make(cast, EVIL, f"{EVIL}\n- **一**\n- [网](https://example.org/a?b=1&c=2)"),
            ]
        )
        await session.flush()
        session.add(
            NoticeRecipient(
                notice_id=notice.id,
                resident_id=cast.owner.resident_id,
                state=RecipientState.SENT,
                queued_at=now(),
            )
        )
        return notice.id


async def text(browser: httpx.AsyncClient, path: str) -> str:
    """A page that opens."""
    answer = await browser.get(path)
    assert answer.status_code == 200, path
    return answer.text


async def test_the_archive_is_open_and_holds_only_what_is_public(browsers: Browsers, secret: UUID) -> None:
    page = await text(browsers.nobody, "/m/notices/of/banyan")
    assert "停水通知" in page
    assert "周六义诊" in page
    for hidden in ("只给三栋", "没批的草稿", "河畔的通知", "过期的灭蚊通知", "<script>alert"):
        assert hidden not in page
    assert "过期的灭蚊通知" in await text(browsers.nobody, "/m/notices/of/banyan?past=true")
    assert (await browsers.nobody.get("/m/notices/of/nowhere")).status_code == 404
    chosen = await text(browsers.nobody, "/m/notices")
    assert "/m/notices/of/banyan" in chosen
    assert "/m/notices/of/river" in chosen


async def test_the_archive_is_the_same_for_whoever_is_signed_in(browsers: Browsers, secret: UUID) -> None:
    page = await text(browsers.owner, "/m/notices/of/banyan")
    assert "只给三栋" not in page
    assert "只给三栋" in await text(browsers.owner, "/m/notices")
    assert "只给三栋" not in await text(browsers.neighbour, "/m/notices")


@pytest.mark.parametrize(
    ("typed", "found", "hidden"),
    [
        ("停水", ["停水通知"], ["周六义诊"]),
        ("灭蚊", ["过期的灭蚊通知"], ["停水通知"]),
        ("wter", ["停水通知"], ["周六义诊"]),
        ("只给三栋", ["没有找到"], ["停水通知"]),
        ('"><b>zzz', ["没有找到"], ["<b>"]),
    ],
)
async def test_search_in_the_archive(
    browsers: Browsers, secret: UUID, typed: str, found: list[str], hidden: list[str]
) -> None:
    page = (await browsers.nobody.get("/m/notices/of/banyan", params={"q": typed})).text
    main = page.partition("<main")[2]
    for words in found:
        assert words in main
    for words in hidden:
        assert words not in main


async def test_a_notice_is_good_to_forward(browsers: Browsers, tales: Tales, address: str) -> None:
    page = await text(browsers.nobody, f"/m/notices/{tales.notice}")
    assert "3 到 7 栋停水" in page
    assert "<title>停水通知 · 榕树社区</title>" in page
    assert '<meta name="description" content="明天 9:00 到 12:00' in page
    assert f'/m/notices/{tales.notice}"' in page
    assert scan_page(page) == f"{address}/m/notices/{tales.notice}"
    assert "style=" not in page
    assert "receipt" not in page
    english = await browsers.nobody.get(f"/m/notices/{tales.notice}", headers={"Accept-Language": "en"})
    assert "Buildings 3 to 7" in english.text


async def test_signing_up_leads_to_the_activity_of_the_notice(
    browsers: Browsers, sessions: Sessions, cast: Cast
) -> None:
    plan = make_plan(now() + timedelta(days=2))
    shift_id = await publish(sessions, cast, plan)
    async with sessions.begin() as session:
        shift = await session.get_one(Shift, shift_id)
        notice = make(cast, "招募志愿者", "周六探访老人。", activity_id=shift.activity_id)
        session.add(notice)
    own = await text(browsers.owner, f"/m/notices/{notice.id}")
    assert f'href="/m/activities/{shift_id}"' in own
    await text(browsers.owner, f"/m/activities/{shift_id}")
    assert 'href="/m/activities"' in await text(browsers.nobody, f"/m/notices/{notice.id}")
    async with sessions.begin() as session:
        (await session.get_one(Shift, shift_id)).cancelled_at = now()
    assert f'href="/m/activities/{shift_id}"' not in await text(browsers.owner, f"/m/notices/{notice.id}")


async def test_what_is_not_public_opens_for_its_person_alone(browsers: Browsers, secret: UUID) -> None:
    assert "3号楼检修" in await text(browsers.owner, f"/m/notices/mine/{secret}")
    for browser in (browsers.neighbour, browsers.stranger, browsers.nobody):
        assert (await browser.get(f"/m/notices/{secret}")).status_code == 404
    assert (await browsers.nobody.get(f"/m/notices/mine/{secret}")).status_code == 401


async def test_what_was_withdrawn_says_so(
    browsers: Browsers, sessions: Sessions, cast: Cast, tales: Tales
) -> None:
    async with sessions.begin() as session:
        notice = await session.get_one(Notice, tales.notice)
        notice.state, notice.approved_at = NoticeState.CANCELLED, now()
    for browser in (browsers.owner, browsers.nobody):
        answer = await browser.get(f"/m/notices/{tales.notice}")
        assert answer.status_code == 404
        assert "撤回了" in answer.text
    assert "停水通知" not in await text(browsers.nobody, "/m/notices/of/banyan")


async def test_a_receipt_is_given_once(
    browsers: Browsers, sessions: Sessions, cast: Cast, secret: UUID
) -> None:
    path = f"/m/notices/mine/{secret}"
    assert "看过了请点一下" in await text(browsers.owner, path)
    form = await form_of(browsers.owner, path)
    for _ in range(2):
        answer = await browsers.owner.post(f"/m/notices/{secret}/receipt", data=form)
        assert answer.headers["location"] == f"{path}?done=receipt"
    assert "点了收到" in await text(browsers.owner, path)
    assert "您已收到" in await text(browsers.owner, "/m/notices")
    async with sessions() as session:
        row = await session.get_one(NoticeRecipient, (secret, cast.owner.resident_id))
    assert row.confirmed_at is not None


async def test_help_is_asked_for_in_the_chat(
    browsers: Browsers, sessions: Sessions, cast: Cast, secret: UUID
) -> None:
    form = await form_of(browsers.owner, f"/m/notices/mine/{secret}")
    for _ in range(2):
        answer = await browsers.owner.post(f"/m/notices/{secret}/help", data=form)
        assert answer.headers["location"] == "/chat"
    assert (await browsers.neighbour.post(f"/m/notices/{secret}/help", data=form)).status_code == 404
    async with sessions() as session:
        wanted = select(OutboxMessage).where(OutboxMessage.resident_id == cast.owner.resident_id)
        [row] = (await session.scalars(wanted.where(OutboxMessage.message == "notice"))).all()
    assert f'/help_with_notice{{"notice": "{secret}"}}' in [button["payload"] for button in row.buttons]


async def test_help_is_offered_within_ones_own_community_as_long_as_it_holds(
    browsers: Browsers, sessions: Sessions, cast: Cast, tales: Tales
) -> None:
    async with sessions.begin() as session:
        open_to_all = make(cast, "送菜上门", "大雪，可以送菜。", help_button=True)
        plain = make(cast, "义诊", "周六义诊。")
        over = make(cast, "旧的", "过了。", help_button=True, valid_until=now() - timedelta(hours=1))
        session.add_all([open_to_all, plain, over])
    button = f"/m/notices/{open_to_all.id}/help"
    assert button in await text(browsers.owner, f"/m/notices/{open_to_all.id}")
    assert button not in await text(browsers.stranger, f"/m/notices/{open_to_all.id}")
    form = await form_of(browsers.owner, f"/m/notices/{open_to_all.id}")
    assert (await browsers.stranger.post(button, data=form)).status_code == 404
    for each in (plain, over):
        assert (await browsers.owner.post(f"/m/notices/{each.id}/help", data=form)).status_code == 404
    assert (await browsers.owner.post(button, data=form)).headers["location"] == "/chat"


async def test_a_receipt_needs_a_form_of_ours(browsers: Browsers, secret: UUID) -> None:
    answer = await browsers.owner.post(f"/m/notices/{secret}/receipt", data={"token": "x"})
    assert answer.status_code == 403


async def test_marks_are_drawn_and_markup_is_words(browsers: Browsers, secret: UUID) -> None:
    listed = await text(browsers.nobody, "/m/notices/of/banyan")
    link = re.search(
        r'href="(/m/notices/[0-9a-f-]{36})"[^>]*>\s*<span class="card__head"><strong[^>]*>&lt;', listed
    )
    assert link
    page = await text(browsers.nobody, link[1])
    assert "<script>alert" not in page
    assert "<li><strong>一</strong></li>" in page
    assert 'href="https://example.org/a?b=1&amp;c=2"' in page
    assert 'rel="noopener noreferrer nofollow"' in page


async def test_the_feed_is_atom(browsers: Browsers, secret: UUID, tales: Tales) -> None:
    answer = await browsers.nobody.get("/m/notices/of/banyan/feed.atom")
    assert answer.headers["content-type"].startswith("application/atom+xml")
    feed = ET.fromstring(answer.content)
    titles = [entry.findtext("a:title", None, ATOM) for entry in feed.findall("a:entry", ATOM)]
    assert sorted(filter(None, titles)) == sorted(["停水通知", "周六义诊", "过期的灭蚊通知", EVIL])
    for tag in ("id", "title", "updated"):
        assert feed.findtext(f"a:{tag}", None, ATOM)
        assert all(entry.findtext(f"a:{tag}", None, ATOM) for entry in feed.findall("a:entry", ATOM))
    ids = [entry.findtext("a:id", None, ATOM) for entry in feed.findall("a:entry", ATOM)]
    assert f"urn:uuid:{tales.notice}" in ids
    assert len(set(ids)) == len(ids)
    assert feed.findtext("a:updated", "", ATOM).endswith("Z")
    english = await browsers.nobody.get("/m/notices/of/banyan/feed.atom?language=en")
    assert "Water cut" in english.text


async def test_the_sheet_leads_to_the_archive(browsers: Browsers, cast: Cast, address: str) -> None:
    page = await text(browsers.nobody, "/m/notices/of/banyan/poster")
    assert f"{address}/m/notices/of/banyan" in page
    assert "020-8888 1234" in page
    assert scan_page(page) == f"{address}/m/notices/of/banyan"


async def _send(browser: httpx.AsyncClient, what: str, status: int = 303, **fields: str) -> None:
    form = await form_of(browser, "/m/me/notices", **fields)
    answer = await browser.post(f"/m/me/notices/{what}", data=form)
    assert answer.status_code == status, what


async def _wishes(sessions: Sessions, cast: Cast) -> ContactPreference:
    async with sessions() as session:
        return await get_preference(session, cast.owner.resident_id)


async def test_what_one_is_told_is_kept(browsers: Browsers, sessions: Sessions, cast: Cast) -> None:
    await _send(browsers.owner, "kinds", utilities="1", health="1")
    async with sessions() as session:
        follows = await get_follows(session, cast.owner.resident_id)
    assert {code for code, wanted in follows.items() if wanted} == {"utilities", "health"}
    assert "emergency" not in follows
    await _send(browsers.owner, "quiet", begins="1260", ends="480", most="2")
    kept = await _wishes(sessions, cast)
    assert (kept.quiet_from, kept.quiet_until, kept.most_a_day) == (1260, 480, 2)
    page = await text(browsers.owner, "/m/me/notices")
    assert 'value="1260" selected' in page
    await _send(browsers.owner, "quiet", begins="1290", ends="480", most="0")
    kept = await _wishes(sessions, cast)
    assert (kept.quiet_from, kept.most_a_day) == (None, None)


async def test_a_pause_stopping_and_starting_again(
    browsers: Browsers, sessions: Sessions, cast: Cast
) -> None:
    await _send(browsers.owner, "pause", days="7")
    paused = (await _wishes(sessions, cast)).paused_until
    assert paused is not None
    assert timedelta(days=6) < paused - now() < timedelta(days=8)
    assert "前不发通知" in await text(browsers.owner, "/m/me/notices")
    await _send(browsers.owner, "stop")
    assert "通知现在全停着" in await text(browsers.owner, "/m/me/notices")
    await _send(browsers.owner, "start")
    kept = await _wishes(sessions, cast)
    assert (kept.notices_stopped_at, kept.paused_until) == (None, None)


@pytest.mark.parametrize(
    ("what", "fields"),
    [
        ("quiet", {"begins": "x", "ends": "480", "most": "0"}),
        ("quiet", {"begins": "9999", "ends": "480", "most": "0"}),
        ("quiet", {"begins": "480", "ends": "480", "most": "0"}),
        ("quiet", {"begins": "1260"}),
        ("pause", {"days": "-1"}),
        ("pause", {"until": "2001-01-01"}),
        ("pause", {"until": "tomorrow"}),
        ("pause", {}),
    ],
)
async def test_odd_wishes_are_refused(
    browsers: Browsers, sessions: Sessions, cast: Cast, what: str, fields: dict[str, str]
) -> None:
    form = await form_of(browsers.owner, "/m/me/notices", **fields)
    answer = await browsers.owner.post(f"/m/me/notices/{what}", data=form)
    assert answer.status_code in (400, 422), answer.status_code
    kept = await _wishes(sessions, cast)
    assert (kept.quiet_from, kept.paused_until, kept.most_a_day) == (None, None, None)


async def test_nobody_has_wishes(browsers: Browsers) -> None:
    assert "还没和邻里说过话" in await text(browsers.nobody, "/m/me/notices")
    assert (await browsers.owner.get(f"/m/notices/{uuid4()}")).status_code == 404


async def test_the_api_lists_finds_and_confirms(browsers: Browsers, secret: UUID) -> None:
    ours = {"X-Linli": "1", "Accept": "application/json"}
    listed = (await browsers.owner.get("/api/notices", headers=ours)).json()
    assert {"只给三栋", "停水通知", "周六义诊"} <= {line["title"]["zh"] for line in listed}
    assert [line["confirmed"] for line in listed if line["id"] == str(secret)] == [False]
    found = (await browsers.neighbour.get("/api/notices?q=停水", headers=ours)).json()
    assert [line["title"]["en"] for line in found] == ["Water cut"]
    for _ in range(2):
        kept = await browsers.owner.post(f"/api/notices/{secret}/receipt", headers=ours)
        assert kept.json()["confirmed"] is True
    assert (await browsers.neighbour.post(f"/api/notices/{secret}/receipt", headers=ours)).status_code == 404
    assert (await browsers.nobody.get("/api/notices", headers=ours)).status_code == 401
    assert "/api/notices" in (await browsers.nobody.get("/api/docs")).text


@pytest.mark.parametrize("past", [False, True])
async def test_every_notice_stands_on_one_page_though_sent_in_one_moment(
    sessions: Sessions, cast: Cast, browsers: Browsers, monkeypatch: pytest.MonkeyPatch, past: bool
) -> None:
    monkeypatch.setattr("web.residents.notices.MOST", 2)
    monkeypatch.setattr("web.residents.notices.PAGE", 2)
    at = now()
    until = at + timedelta(hours=-1 if past else 1)
    titles = [f"第{number}条" for number in range(5)]
    async with sessions.begin() as session:
        session.add_all(
            make(cast, title, "停水。", valid_from=at - timedelta(hours=2), valid_until=until)
            for title in titles
        )
    address, seen = f"/m/notices/of/banyan{'?past=true' if past else ''}", ""
    for _ in titles:
        page = await text(browsers.nobody, address)
        seen += page
        older = re.search(r'class="choice" href="(/m/[^"]*after=[^"]+)"', page)
        if older is None:
            break
        address = older[1].replace("&amp;", "&")
    assert [seen.count(f"{title}</strong>") for title in titles] == [1] * 5
