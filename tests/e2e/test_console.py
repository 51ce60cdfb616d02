"""The console in Chromium: a morning at the desk with mouse and keys, what comes by itself, how it looks everywhere."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TypeVar

import pytest
from playwright.sync_api import APIResponse, Page, Route, expect
from sqlalchemy import func, select, text, update
from sqlalchemy.ext.asyncio import AsyncSession

from community.access.passwords import hash_password
from community.conversations.usecases import ask_for_person
from community.duplicates.usecases import merge_needs, split_need
from community.needs.models import Need, NeedState
from community.needs.usecases.residents import Report, add_to_need, report_need
from community.needs.usecases.staff import accept_need, answer_resident, note_on_need
from community.outbox.models import OutboxMessage, OutboxState
from community.parties.models import PartyType, Staff
from linli.database import Sessions, make_engine, make_sessions
from tests.cast import Cast, make_cast
from tests.e2e.conftest import DESK, ChatServer, OpenPage, look

pytestmark = pytest.mark.e2e
PHONE = (390, 844)
SIZES = {"desk": DESK, "phone": PHONE}
PASSWORD = "a quiet afternoon"
LIFT = "3号楼2单元的电梯坏了两天了，有老人下不了楼"
BY_ITSELF = "x-linli-by-itself"  # what the page asks for without being told to has this header
Made = TypeVar("Made")


@dataclass
class Office:
    """The running app with the cast in its database, and what residents and colleagues do meanwhile."""

    chat: ChatServer
    sessions: Sessions
    cast: Cast

    def sign_in(self, page: Page, name: str = "banyan.property_company", *, opens: str = "诉求") -> None:
        """Through the page."""
        page.goto(f"{self.chat.address}/staff")
        page.get_by_label("登录名").fill(name)
        page.get_by_label("密码").fill(PASSWORD)
        page.get_by_role("button", name="登录").click()
        expect(page.get_by_role("heading", name=opens, exact=True)).to_be_visible()
        self.wait_for_line(page)

    def wait_for_line(self, page: Page) -> None:
        """Until the page's script runs and its line is open."""
        expect(page.locator("html")).to_have_attribute("data-live", "on")

    def go(self, page: Page, path: str) -> None:
        """Open a page of the console."""
        page.goto(f"{self.chat.address}/staff{path}")
        self.wait_for_line(page)

    def do(self, act: Callable[[AsyncSession], Awaitable[Made]]) -> Made:
        """Something that happens elsewhere, in one transaction."""

        async def run() -> Made:
            async with self.sessions.begin() as session:
                return await act(session)

        return self.chat.portal.call(run)

    def report(self, kind: str = "elevator", words: str = LIFT) -> Need:
        """A resident reports something in building 3."""
        owner, unit = self.cast.owner.resident_id, self.cast.here.unit.id
        made = Report(kind=kind, words=words, place_id=unit)
        return self.do(lambda session: report_need(session, owner, made))

    def count(self, message: str) -> int:
        """How often a message was queued for residents."""
        wanted = select(func.count()).select_from(OutboxMessage).where(OutboxMessage.message == message)
        return self.do(lambda session: session.scalar(wanted)) or 0


@pytest.fixture
def office(chat: ChatServer) -> Office:
    """The cast at work; everybody has the same password."""

    async def settle() -> Office:
        sessions = make_sessions(make_engine(chat.settings.database_url, pool=2))
        cast = await make_cast(sessions)
        async with sessions.begin() as session:
            await session.execute(update(Staff).values(password_hash=hash_password(PASSWORD)))
        return Office(chat, sessions, cast)

    return chat.portal.call(settle)


def test_a_new_need_comes_by_itself_and_is_worked_on_to_its_end(office: Office, open_page: OpenPage) -> None:
    page = open_page(DESK)
    office.sign_in(page)
    expect(page.get_by_text("都办好了")).to_be_visible()
    need = office.report()
    row = page.locator(f"#need-{need.code}")
    expect(row).to_contain_text(LIFT)
    expect(page.locator("#places .count")).to_have_text("1")
    expect(page).to_have_title("(1) 诉求 · 邻里工作台")
    look(page, "console-queue-new-desk")
    row.get_by_role("link").click()
    page.get_by_role("button", name="接下").click()
    expect(page.locator(".need__marks")).to_contain_text("已接")
    page.get_by_label("给居民的话").fill("师傅下午三点到，老人先别走楼梯。")
    page.get_by_role("button", name="发给居民").dblclick()
    expect(page.locator(".item_staff .bubble")).to_have_text("师傅下午三点到，老人先别走楼梯。")
    expect(page.get_by_label("给居民的话")).to_have_value("")
    page.locator("#way-resolve + span").click()
    page.get_by_label("做了什么").fill("换了门机，试过能用了。")
    page.get_by_role("button", name="办结").click()
    expect(page.locator(".need__marks")).to_contain_text("待回访")
    look(page, "console-need-resolved-desk")
    assert (office.count("staff_answer"), office.count("need_resolved")) == (1, 1)
    expect(page.locator("#places .count")).to_have_count(0)


def test_what_the_resident_adds_comes_by_itself_and_nothing_typed_is_touched(
    office: Office, open_page: OpenPage
) -> None:
    need, page = office.report(), open_page(DESK)
    office.sign_in(page)
    office.go(page, f"/needs/{need.id}")
    page.get_by_label("给居民的话").fill("正在写的半句")
    page.get_by_text("改类别").click()
    owner = office.cast.owner.resident_id
    office.do(lambda session: add_to_need(session, owner, need.id, "现在又有异响"))
    expect(page.locator("#story")).to_contain_text("现在又有异响")
    expect(page.get_by_label("给居民的话")).to_have_value("正在写的半句")
    expect(page.get_by_role("button", name="改过去")).to_be_visible()


def test_a_page_whose_form_is_on_its_way_is_drawn_by_the_answer_first(
    office: Office, open_page: OpenPage
) -> None:
    need, page = office.report(), open_page(DESK)
    rung: list[str] = []
    drawn: list[str] = []
    held: list[tuple[Route, APIResponse]] = []
    office.sign_in(page)
    page.on("websocket", lambda line: line.on("framereceived", lambda frame: rung.append(str(frame))))
    page.on("request", lambda asked: drawn.append(asked.url) if BY_ITSELF in asked.headers else None)
    page.route("**/answer", lambda route: held.append((route, route.fetch())))
    office.go(page, f"/needs/{need.id}")
    page.get_by_label("给居民的话").fill("师傅下午三点到，老人先别走楼梯。")
    page.get_by_role("button", name="发给居民").click()
    _wait_until(page, lambda: bool(held) and any("changed" in frame for frame in rung))
    assert drawn == []
    route, answer = held.pop()
    route.fulfill(response=answer)
    expect(page.locator(".item_staff .bubble")).to_have_text("师傅下午三点到，老人先别走楼梯。")
    _wait_until(page, lambda: bool(drawn))


def _wait_until(page: Page, holds: Callable[[], bool]) -> None:
    """Until what the page's events tell holds."""
    for _ in range(450):
        if holds():
            return
        page.wait_for_timeout(100)
    raise AssertionError(holds)


def test_what_the_page_opened_itself_goes_when_somebody_else_has_done_it(
    office: Office, open_page: OpenPage
) -> None:
    first, second, page = office.report(), office.report(), open_page(DESK)
    clerk = office.cast.here.staff[PartyType.PROPERTY_COMPANY]
    office.do(lambda session: merge_needs(session, clerk, second.id, first.code))
    office.sign_in(page)
    office.go(page, f"/needs/{second.id}")
    split = page.locator("#acts summary", has_text="拆开单独办")
    expect(split).to_be_visible()
    office.do(lambda session: split_need(session, clerk, second.id))
    expect(split).to_have_count(0)


def test_a_session_that_ends_leads_back_and_keeps_what_was_typed(office: Office, open_page: OpenPage) -> None:
    need, page = office.report(), open_page(DESK)
    office.sign_in(page)
    office.go(page, f"/needs/{need.id}")
    page.get_by_label("给居民的话").fill("写到一半")
    office.do(lambda session: session.execute(text("DELETE FROM staff_sessions")))
    page.get_by_role("button", name="发给居民").click()
    expect(page.get_by_role("status")).to_contain_text("请再登录一次")
    look(page, "console-signed-out-desk")
    page.get_by_label("登录名").fill("banyan.property_company")
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    expect(page.get_by_label("给居民的话")).to_have_value("写到一半")
    assert office.count("staff_answer") == 0


def test_a_server_that_is_away_loses_nothing(office: Office, open_page: OpenPage) -> None:
    need, page = office.report(), open_page(DESK)
    office.sign_in(page)
    office.go(page, f"/needs/{need.id}")
    page.get_by_label("给居民的话").fill("先别走楼梯")
    office.chat.stop()
    page.get_by_role("button", name="发给居民").click()
    expect(page.locator("#toast")).to_contain_text("没发出去")
    office.chat.start()
    office.wait_for_line(page)
    page.get_by_role("button", name="发给居民").click()
    expect(page.locator(".item_staff .bubble")).to_have_text("先别走楼梯")
    assert office.count("staff_answer") == 1


def test_by_keyboard_alone(office: Office, open_page: OpenPage) -> None:
    first, second = office.report(), office.report("noise", "楼上半夜还在打电钻")
    page = open_page(DESK)
    office.sign_in(page)
    keys = page.keyboard
    keys.press("?")
    expect(page.get_by_role("dialog")).to_be_visible()
    look(page, "console-keys-desk")
    keys.press("Escape")
    keys.press("/")
    expect(page.locator("#search")).to_be_focused()
    keys.type("电梯")
    keys.press("Enter")
    expect(page.locator(".row")).to_have_count(1)
    office.wait_for_line(page)
    keys.press("j")
    expect(page.locator(f"#open-{first.code}")).to_be_focused()
    keys.press("Enter")
    expect(page.locator("h1")).to_contain_text("电梯")
    office.wait_for_line(page)
    keys.press("a")
    expect(page.locator(".need__marks")).to_contain_text("已接")
    keys.press("n")
    keys.type("a, r, d, u: 只是字")
    keys.press("Control+Enter")
    expect(page.locator("#note-words")).to_have_value("")  # until the whole page is drawn anew
    expect(page.locator(".item_note .bubble")).to_have_text("a, r, d, u: 只是字")
    keys.press("Escape")
    keys.press("r")
    expect(page.get_by_label("给居民的话")).to_be_focused()
    keys.press("Escape")
    keys.press("u")
    expect(page.locator(".row")).to_have_count(1)
    assert second.state is NeedState.ROUTED


def test_keys_can_be_switched_off(office: Office, open_page: OpenPage) -> None:
    need, page = office.report(), open_page(DESK)
    office.sign_in(page)
    page.keyboard.press("?")
    page.get_by_label("使用快捷键").uncheck()
    page.get_by_role("button", name="关闭").click()
    office.go(page, f"/needs/{need.id}")
    page.keyboard.press("a")
    expect(page.get_by_role("button", name="接下")).to_be_visible()


def test_declining_with_a_reason(office: Office, open_page: OpenPage) -> None:
    need, page = office.report(), open_page(DESK)
    office.sign_in(page)
    office.go(page, f"/needs/{need.id}")
    page.keyboard.press("d")
    expect(page.get_by_label("不归我们管")).to_be_focused()
    page.get_by_label("不归我们管").check()
    look(page, "console-decline-desk")
    page.get_by_role("button", name="退回").click()
    expect(page.get_by_role("status").first).to_contain_text("会转给下一家")
    expect(page.locator(".row")).to_have_count(0)


def test_a_talk_with_a_resident(office: Office, open_page: OpenPage) -> None:
    page = open_page(DESK)
    office.sign_in(page, "banyan.committee")
    owner = office.cast.owner.resident_id
    office.do(lambda session: ask_for_person(session, owner, "想问问居住证续签要带什么"))
    expect(page.locator("#places .count")).to_have_text("1")
    page.get_by_role("link", name="对话").click()
    page.locator(".talk").click()
    page.get_by_role("button", name="我来接").click()
    page.get_by_label("给居民的话").fill("带身份证和租房合同就行。")
    page.keyboard.press("Enter")
    expect(page.locator(".item_staff .bubble")).to_have_text("带身份证和租房合同就行。")
    expect(page.get_by_label("给居民的话")).to_have_value("")
    look(page, "console-talk-desk")
    page.get_by_role("button", name="交回邻里").click()
    expect(page.get_by_text("现在没有人等")).to_be_visible()


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize(("language", "scheme"), [("zh", "light"), ("en", "light"), ("zh", "dark")])
def test_every_page_is_seen_and_read_out(
    office: Office, open_page: OpenPage, size: str, language: str, scheme: str
) -> None:
    paths, page = _fill(office), open_page(SIZES[size], color_scheme=scheme)
    office.sign_in(page, "banyan.committee")
    if language == "en":
        page.locator("#who summary").click()
        page.get_by_role("button", name="English").click()
    for name, path in paths.items():
        office.go(page, path)
        assert page.locator("html").get_attribute("lang") == {"zh": "zh-CN", "en": "en"}[language]
        look(page, f"console-{name}-{size}-{language}-{scheme}")


@pytest.mark.parametrize("size", SIZES)
def test_a_confidential_need_for_social_workers(office: Office, open_page: OpenPage, size: str) -> None:
    need, page = office.report("mental_health", "最近总是睡不着，谁也不想见"), open_page(SIZES[size])
    office.sign_in(page, "banyan.social_work_team")
    expect(page.locator(f"#need-{need.code}")).to_contain_text("仅社工可见")
    look(page, f"console-masked-queue-{size}")
    page.get_by_role("button", name="接手").click()
    expect(page.locator(".report__words")).to_contain_text("睡不着")
    look(page, f"console-confidential-{size}")


@pytest.mark.parametrize("size", SIZES)
def test_an_admin_adds_a_colleague(office: Office, open_page: OpenPage, size: str) -> None:
    page = open_page(SIZES[size])
    office.sign_in(page, "admin", opens="账号")
    look(page, f"console-people-{size}")
    page.get_by_label("姓名或称呼").fill("小何")
    page.get_by_label("登录名").fill("he.banyan")
    page.locator("[name=party_id][required]").select_option(label="榕树社区 · 榕树社区物业")
    page.get_by_role("button", name="加上").click()
    expect(page.locator("#link")).to_contain_text("/staff/invitation/")
    look(page, f"console-invited-{size}")


def _fill(office: Office) -> dict[str, str]:
    """A need with a history, one that is late, a wish for a person, something stuck; the pages that show them."""
    cast, owner = office.cast, office.cast.owner.resident_id
    lead, committee = (cast.here.staff[party] for party in (PartyType.PROPERTY_COMPANY, PartyType.COMMITTEE))
    lift, other = office.report(), office.report("noise", "楼上半夜还在打电钻，孩子睡不着")

    async def tell(session: AsyncSession) -> str:
        await accept_need(session, lead, lift.id)
        await answer_resident(session, lead, lift.id, "师傅下午三点到，老人先别走楼梯。")
        await note_on_need(session, committee, lift.id, "三楼王阿姨坐轮椅，居委会先去看看。")
        await add_to_need(session, owner, lift.id, "现在门也关不上了")
        await session.execute(
            update(OutboxMessage)
            .where(OutboxMessage.message == "staff_answer")
            .values(state=OutboxState.FAILED, reason="unreachable", attempts=3)
        )
        await session.execute(
            text("UPDATE needs SET first_answer_due_at = now() - interval '3 hours' WHERE id = :id"),
            {"id": other.id},
        )
        return str((await ask_for_person(session, owner, "想找居委会的人问问")).id)

    talk = office.do(tell)
    return {
        "queue": "/needs?scope=all",
        "empty": "/needs?q=%E6%B2%A1%E6%9C%89",
        "need": f"/needs/{lift.id}",
        "gone": "/needs/00000000-0000-4000-8000-000000000000",
        "talks": "/conversations",
        "talk": f"/conversations/{talk}",
        "trouble": "/trouble",
    }
