"""Residents' pages in Chromium: how they look in both languages and sizes, by keyboard, without scripts."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from community.needs.models import Need, NeedState
from community.needs.usecases.staff import answer_resident
from community.parties.models import PartyType
from community.residents.models import Language
from community.residents.usecases import choose_language, claim_home
from linli.database import Sessions, make_engine, make_sessions
from tests.cast import Cast, make_cast
from tests.e2e.conftest import DESK, PHONE, ChatServer, OpenPage, look
from tests.web.residents.conftest import cookie_of
from tests.web.residents.tales import Tales, make_tales

pytestmark = pytest.mark.e2e
SIZES = {"phone": PHONE, "desk": DESK}


@dataclass
class Home:
    """The running app with the owner's needs in it, and the cookie of the owner's browser."""

    chat: ChatServer
    sessions: Sessions
    cast: Cast
    tales: Tales
    cookie: dict[str, str]

    @property
    def paths(self) -> dict[str, str]:
        """Every page by the name of its picture."""
        return {
            "needs": "/m/needs",
            "need": f"/m/needs/{self.tales.handled}",
            "waiting": f"/m/needs/{self.tales.resolved}",
            "private": f"/m/needs/{self.tales.private}",
            "withdraw": f"/m/needs/{self.tales.handled}/withdraw",
            "board": "/m/board",
            "notices": "/m/notices",
            "notice": f"/m/notices/{self.tales.notice}",
            "me": "/m/me",
            "home": f"/m/me/home?community={self.cast.here.community.id}",
        }

    def enter(self, page: Page, path: str = "/m/needs", *, large: str = "") -> None:
        """Open a page as the owner."""
        cookies = self.cookie | ({"linli_size": large} if large else {})
        page.context.add_cookies(
            [{"name": name, "value": value, "url": self.chat.address} for name, value in cookies.items()]
        )
        page.goto(f"{self.chat.address}{path}")

    async def state_of(self, need_id: object) -> NeedState:
        """How far a need is."""
        async with self.sessions() as session:
            return (await session.get_one(Need, need_id)).state

    async def speak(self, language: Language) -> None:
        """The owner chooses a language."""
        async with self.sessions.begin() as session:
            await choose_language(session, self.cast.owner.resident_id, language)

    async def answer(self, words: str) -> None:
        """Staff write to the owner."""
        lead = self.cast.here.staff[PartyType.PROPERTY_COMPANY]
        async with self.sessions.begin() as session:
            await answer_resident(session, lead, self.tales.handled, words)


@pytest.fixture
def home(chat: ChatServer) -> Home:
    """The tales, told into the database of the running app."""

    async def tell() -> Home:
        sessions = make_sessions(make_engine(chat.settings.database_url, pool=2))
        cast = await make_cast(sessions)
        tales = await make_tales(sessions, cast)
        async with sessions.begin() as session:
            await claim_home(session, cast.owner.resident_id, cast.here.unit.id)
        return Home(chat, sessions, cast, tales, await cookie_of(sessions, chat.settings, cast.owner))

    return chat.portal.call(tell)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_page_is_seen_and_read_out(home: Home, open_page: OpenPage, size: str, language: str) -> None:
    home.chat.portal.call(home.speak, Language(language))
    page = open_page(SIZES[size])
    for name, path in home.paths.items():
        home.enter(page, path)
        assert page.locator("html").get_attribute("lang") == {"zh": "zh-CN", "en": "en"}[language]
        look(page, f"pages-{name}-{size}-{language}")


@pytest.mark.parametrize("large", ["18", "30"])
def test_every_page_in_large_text_has_targets_for_old_hands(
    home: Home, open_page: OpenPage, large: str
) -> None:
    page = open_page(PHONE)
    for name, path in home.paths.items():
        home.enter(page, path, large=large)
        look(page, f"pages-{name}-phone-zh-large-{large}")
        small = page.evaluate(
            """() => [...document.querySelectorAll("main a, main button, main label:has(input), nav a, header button")]
                .filter((one) => one.getClientRects().length && one.getBoundingClientRect().height < 59.5)
                .map((one) => one.outerHTML)"""
        )
        assert small == [], name


def test_every_page_in_the_dark(home: Home, open_page: OpenPage) -> None:
    page = open_page(PHONE, color_scheme="dark")
    for name, path in home.paths.items():
        home.enter(page, path)
        look(page, f"pages-{name}-phone-dark")


def test_the_first_visit_and_an_old_link(home: Home, open_page: OpenPage) -> None:
    page = open_page(PHONE)
    for name, path in {"nobody": "/m", "old-link": "/m/enter?t=x", "unknown": "/m/board"}.items():
        page.goto(f"{home.chat.address}{path}")
        look(page, f"pages-{name}-phone-zh")


def test_stars_are_given_by_the_keyboard_alone(home: Home, open_page: OpenPage) -> None:
    page = open_page(PHONE)
    home.enter(page, f"/m/needs/{home.tales.resolved}")
    page.get_by_role("radio", name="解决了", exact=True).focus()
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    expect(page.get_by_role("radio", name="4颗星，满意")).to_be_checked()
    look(page, "pages-stars-phone-zh")
    page.keyboard.press("Tab")
    page.keyboard.type("来得快")
    page.keyboard.press("Tab")
    if page.locator("[data-dictate=remark]").is_visible():
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_have_text("记下了，谢谢您。")
    expect(page.get_by_role("img", name="4颗星，满意")).to_be_visible()
    look(page, "pages-rated-phone-zh")
    assert home.chat.portal.call(home.state_of, home.tales.resolved) is NeedState.CLOSED


def test_words_and_a_photo_are_shown_before_and_after(
    home: Home, open_page: OpenPage, tmp_path: Path
) -> None:
    path = tmp_path / "lift.jpg"
    Image.linear_gradient("L").resize((600, 400)).convert("RGB").save(path)
    page = open_page(PHONE)
    home.enter(page, f"/m/needs/{home.tales.handled}")
    page.get_by_label("还想说的话").fill("今天又停了，等了半小时")
    page.locator("#photos").set_input_files(path)
    expect(page.locator(".chosen img")).to_have_count(1)
    page.get_by_role("button", name="发送").dblclick(no_wait_after=True)
    expect(page.get_by_role("status")).to_have_text("加上了，办事的人看得到。")
    expect(page.locator(".story__words", has_text="等了半小时")).to_have_count(1)
    expect(page.locator(".pictures img")).to_have_count(1)
    look(page, "pages-added-phone-zh")


def test_a_file_that_is_no_photo_is_said_before_it_is_sent(
    home: Home, open_page: OpenPage, tmp_path: Path
) -> None:
    path = tmp_path / "a.txt"
    path.write_text("no photo")
    page = open_page(PHONE)
    home.enter(page, f"/m/needs/{home.tales.handled}")
    page.locator("#photos").set_input_files(path)
    expect(page.get_by_role("alert")).to_have_text("只能发照片。")


def test_an_answer_appears_on_the_open_page(home: Home, open_page: OpenPage) -> None:
    page = open_page(PHONE)
    page.clock.install()
    home.enter(page, f"/m/needs/{home.tales.handled}")
    page.get_by_label("还想说的话").fill("写到一半")
    home.chat.portal.call(home.answer, "已经修好一部，另一部明早修。")
    page.clock.run_for(31_000)
    expect(page.locator(".story__words").first).to_have_text("已经修好一部，另一部明早修。")
    expect(page.get_by_label("还想说的话")).to_have_value("写到一半")
    expect(page.locator("#now")).to_have_count(1)


def test_withdrawing_and_large_text_work_without_scripts(home: Home, open_page: OpenPage) -> None:
    page = open_page(PHONE, java_script_enabled=False)
    home.enter(page, "/m/me")
    page.get_by_role("button", name="22磅大字").click()
    expect(page.locator("body")).to_have_attribute("data-size", "22")
    page.goto(f"{home.chat.address}/m/needs/{home.tales.handled}")
    page.get_by_role("link", name="不用办了").click()
    page.get_by_label("为什么撤回").fill("自己修好了")
    page.get_by_role("button", name="撤回", exact=True).click()
    expect(page.get_by_role("status")).to_have_text("撤回好了。")
    assert home.chat.portal.call(home.state_of, home.tales.handled) is NeedState.WITHDRAWN


def test_home_is_told_in_three_taps(home: Home, open_page: OpenPage) -> None:
    page = open_page(PHONE)
    home.enter(page, "/m/me")
    page.get_by_role("link", name="改一改").click()
    page.get_by_role("link", name="榕树社区").click()
    page.get_by_role("link", name="3号楼").click()
    page.get_by_role("button", name="3号楼2单元").click()
    expect(page.get_by_role("status")).to_have_text("记下您住哪了。")


def test_the_language_is_changed_where_one_is(home: Home, open_page: OpenPage) -> None:
    page = open_page(PHONE)
    home.enter(page, f"/m/needs/{home.tales.handled}")
    page.get_by_role("button", name="Switch to English").click()
    expect(page.get_by_role("heading", name="Lift")).to_be_visible()
    assert page.url.endswith(str(home.tales.handled))


def test_a_link_for_another_device(home: Home, open_page: OpenPage) -> None:
    page = open_page(PHONE)
    home.enter(page, "/m/me")
    page.get_by_role("button", name="给我一个链接").click()
    expect(page.get_by_label("复制这个链接")).to_be_visible()
    look(page, "pages-link-phone-zh")
    elsewhere = open_page(DESK)
    elsewhere.goto(page.get_by_label("复制这个链接").input_value())
    expect(elsewhere.get_by_role("heading", name="我的事")).to_be_visible()
    assert elsewhere.url == f"{home.chat.address}/m/needs"
    look(elsewhere, "pages-by-link-desk-zh")
