"""Notices on residents' pages in Chromium: found, read, confirmed, forwarded, printed; what one is told is chosen."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import pytest
from playwright.sync_api import Page, expect

from community.clock import now
from community.contact.models import ContactPreference
from community.contact.queries import get_preference
from community.notices.models import Notice, NoticeRecipient, NoticeState, RecipientState
from community.notices.sending.bubble import notice_bubble
from community.outbox.usecases import enqueue_message
from community.residents.models import Language
from community.residents.usecases import choose_language
from linli.database import Sessions, make_engine, make_sessions
from scheduler.jobs.deliver import deliver
from scheduler.tools import make_tools
from tests.cast import Cast, make_cast
from tests.e2e.conftest import DESK, PHONE, ChatServer, OpenPage, look, take_picture
from tests.web.residents.conftest import cookie_of
from tests.web.residents.tales import Tales, make_tales

pytestmark = pytest.mark.e2e
TEXT_ZH = """11月24日（周二） 9:00–12:00 检修水管，**3 到 7 号楼停水**，请提前存水。

- 热水器先关总阀
- 来水后先放一放再用

家里有老人、接水不方便的，请告诉我们：https://example.org/water"""
TEXT_EN = """On Tuesday 24 November, 9:00–12:00, **Buildings 3 to 7 have no water** while pipes are repaired.

- Close the valve of your boiler
- Let the water run for a while afterwards

Tell us if carrying water is hard for you: https://example.org/water"""


@dataclass
class Board:
    """The running app with notices in it, and the cookie of the owner's browser."""

    chat: ChatServer
    sessions: Sessions
    cast: Cast
    tales: Tales
    cookie: dict[str, str]
    mine: UUID

    def enter(self, page: Page, path: str, *, large: str = "") -> None:
        """Open a page as the owner."""
        cookies = self.cookie | ({"linli_size": large} if large else {})
        page.context.add_cookies(
            [{"name": name, "value": value, "url": self.chat.address} for name, value in cookies.items()]
        )
        page.goto(f"{self.chat.address}{path}")

    async def speak(self, language: Language) -> None:
        """The owner chooses a language."""
        async with self.sessions.begin() as session:
            await choose_language(session, self.cast.owner.resident_id, language)

    async def deliver(self) -> None:
        """The notice goes to the owner's chat, as the worker does it."""
        async with self.sessions.begin() as session:
            notice = await session.get_one(Notice, self.mine)
            bubble = notice_bubble(notice, self.cast.here.community.name)
            await enqueue_message(
                session,
                self.cast.owner.resident_id,
                bubble.message,
                f"notice:{notice.id}",
                values=bubble.values,
                buttons=bubble.buttons,
            )
        await deliver(make_tools(self.chat.settings, self.sessions), now())

    async def wishes(self) -> ContactPreference:
        """What the owner wishes."""
        async with self.sessions() as session:
            return await get_preference(session, self.cast.owner.resident_id)


@pytest.fixture
def board(chat: ChatServer) -> Board:
    """The tales, and a notice that asks the owner for a receipt."""

    async def tell() -> Board:
        sessions = make_sessions(make_engine(chat.settings.database_url, pool=2))
        cast = await make_cast(sessions)
        tales = await make_tales(sessions, cast)
        async with sessions.begin() as session:
            notice = Notice(
                community_id=cast.here.community.id,
                category="utilities",
                state=NoticeState.SENT,
                title_zh="11月24日停水，请提前存水",
                title_en="Water cut on 24 November",
                text_zh=TEXT_ZH,
                text_en=TEXT_EN,
                need_receipt=True,
                help_button=True,
                valid_from=now() - timedelta(hours=1),
                valid_until=now() + timedelta(days=2),
            )
            session.add(notice)
            await session.flush()
            session.add(
                NoticeRecipient(
                    notice_id=notice.id,
                    resident_id=cast.owner.resident_id,
                    state=RecipientState.SENT,
                    queued_at=now(),
                )
            )
        cookie = await cookie_of(sessions, chat.settings, cast.owner)
        return Board(chat, sessions, cast, tales, cookie, notice.id)

    return chat.portal.call(tell)


def paths(board: Board) -> dict[str, str]:
    """Every page by the name of its picture."""
    return {
        "mine": "/m/notices",
        "one": f"/m/notices/{board.mine}",
        "archive": "/m/notices/of/banyan",
        "poster": "/m/notices/of/banyan/poster",
        "wishes": "/m/me/notices",
    }


@pytest.mark.parametrize(("size", "language"), [(PHONE, "zh"), (DESK, "en")])
def test_every_page(board: Board, open_page: OpenPage, size: tuple[int, int], language: str) -> None:
    board.chat.portal.call(board.speak, Language(language))
    page = open_page(size)
    for name, path in paths(board).items():
        board.enter(page, path)
        look(page, f"notices-{name}-{size[0]}-{language}")


def test_large_text_has_targets_for_old_hands(board: Board, open_page: OpenPage) -> None:
    page = open_page(PHONE)
    for name, path in paths(board).items():
        board.enter(page, path, large="30")
        look(page, f"notices-{name}-large")
        small = page.evaluate(
            """() => [...document.querySelectorAll(
                    "main button, main label:has(input), main .choice, main select, main .find__words")]
                .filter((one) => one.getClientRects().length && one.getBoundingClientRect().height < 59.5)
                .map((one) => one.outerHTML)"""
        )
        assert small == [], name


def test_found_read_and_confirmed(board: Board, open_page: OpenPage) -> None:
    page = open_page(PHONE)
    board.enter(page, "/m/notices")
    page.get_by_role("searchbox").fill("存水")
    page.get_by_role("button", name="找").click()
    expect(page.locator(".card_link")).to_have_count(2)
    page.get_by_role("link", name="请提前存水").first.click()
    page.get_by_role("button", name="收到").dblclick(no_wait_after=True)
    expect(page.get_by_role("status")).to_have_text("好，记下您收到了。")
    expect(page.get_by_text("您点了收到")).to_be_visible()
    page.get_by_role("link", name="返回").click()
    expect(page.get_by_text("您已收到")).to_be_visible()


def test_forwarded_to_somebody_without_linli_and_printed(board: Board, open_page: OpenPage) -> None:
    page = open_page(PHONE)
    page.goto(f"{board.chat.address}/m/notices/{board.mine}")
    expect(page.get_by_role("heading", name="请提前存水")).to_be_visible()
    expect(page.locator(".qr")).to_be_visible()
    expect(page.get_by_role("button", name="收到")).to_have_count(0)
    look(page, "notices-forwarded-phone-zh")
    page.emulate_media(media="print")
    expect(page.locator(".tabs")).to_be_hidden()
    take_picture(page, "notices-printed")
    page.goto(f"{board.chat.address}/m/notices/of/banyan/poster")
    page.set_viewport_size({"width": 794, "height": 1123})
    take_picture(page, "notices-poster-printed")
    page.emulate_media(media="screen")
    page.goto(f"{board.chat.address}/m/notices")
    look(page, "notices-archives-phone-zh")


def test_in_the_chat_with_its_buttons_and_the_way_to_its_page(board: Board, open_page: OpenPage) -> None:
    board.chat.portal.call(board.deliver)
    page = open_page(PHONE)
    board.enter(page, "/chat")
    expect(page.get_by_role("button", name="收到")).to_be_visible()
    expect(page.get_by_role("button", name="需要帮助")).to_be_visible()
    look(page, "notices-chat-phone-zh")
    page.get_by_role("link", name="看全文").click()
    expect(page.get_by_text("热水器先关总阀")).to_be_visible()


def test_wishes_by_the_page_alone(board: Board, open_page: OpenPage) -> None:
    page = open_page(PHONE, java_script_enabled=False)
    board.enter(page, "/m/me")
    page.get_by_role("link", name="挑一挑").click()
    page.get_by_label("活动").uncheck()
    page.get_by_role("button", name="存下来").first.click()
    expect(page.get_by_role("status")).to_have_text("改好了。")
    expect(page.get_by_label("活动")).not_to_be_checked()
    page.get_by_label("从").select_option("21:00")
    page.get_by_role("button", name="存下来").nth(1).click()
    expect(page.get_by_label("从")).to_have_value("1260")
    page.get_by_role("button", name="都不要了").click()
    expect(page.get_by_text("通知现在全停着。")).to_be_visible()
    kept = board.chat.portal.call(board.wishes)
    assert kept.quiet_from == 1260
    assert kept.notices_stopped_at is not None
    page.get_by_role("button", name="恢复通知").click()
    expect(page.get_by_role("button", name="都不要了")).to_be_visible()
