# ruff: noqa: F811 - the fixture `office` comes from a sister
"""A notice in Chromium: from a template to the preview, to the colleague who approves it; one's own nobody approves."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.sync_api import FilePayload, Page, expect
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from community.clock import now
from community.notices.models import Notice, NoticeState
from community.parties.models import Staff
from community.residents.models import Language, Resident
from tests.e2e.conftest import DESK, OpenPage, look
from tests.e2e.test_console import Office, office  # noqa: F401  (a fixture)

pytestmark = pytest.mark.e2e
SMALL = (390, 844)
WRITER, READER = "banyan.committee", "banyan.committee.2"


@pytest.fixture
def homes(office: Office) -> Office:
    """Somebody of the community lives in building 3 and gave a name."""

    async def settle(session: AsyncSession) -> None:
        owner = await session.get_one(Resident, office.cast.owner.resident_id)
        owner.home_id, owner.name, owner.birth_year = office.cast.here.unit.id, "王阿姨", 1950

    office.do(settle)
    return office


def state_of(office: Office) -> NoticeState:
    async def read(session: AsyncSession) -> NoticeState:
        return (await session.scalars(select(Notice.state))).one()

    return office.do(read)


def fill_template(page: Page) -> None:
    """The standing notice of a water cut, its fields by keyboard."""
    page.get_by_role("link", name="停水通知").click()
    page.get_by_label("日期").fill((now() + timedelta(days=2)).date().isoformat())
    page.get_by_label("开始时间").fill("09:00")
    page.get_by_label("结束时间").fill("12:00")
    page.get_by_label("范围", exact=True).fill("3 号楼")
    page.get_by_label("原因", exact=True).fill("检修水管")
    page.get_by_label("范围（英文，可不填）").fill("Building 3")
    page.get_by_label("原因（英文，可不填）").press("Enter")


def choose_what_is_too_large(page: Page) -> None:
    """It is said at once, the form is held back, and nothing that was typed is lost."""
    large: FilePayload = {"name": "film.mp4", "mimeType": "video/mp4", "buffer": bytes(11 * 1024 * 1024)}
    page.locator("input[name=files]").set_input_files(files=[large])
    expect(page.get_by_text("太大了：每个最多 10 MB")).to_be_visible()
    page.get_by_role("button", name="存草稿，看一遍").click()
    expect(page.get_by_label("标题（中文）")).to_have_value("停水通知")
    page.locator("input[name=files]").set_input_files(files=[])


def test_written_by_one_approved_by_another(homes: Office, open_page: OpenPage) -> None:
    page = open_page(DESK)
    homes.sign_in(page, WRITER)
    homes.go(page, "/notices/new")
    fill_template(page)
    expect(page.get_by_label("标题（中文）")).to_have_value("停水通知")
    count = page.locator("#count")
    expect(count).to_contain_text("2 人")
    page.locator("#audience summary", has_text="3号楼").first.click()
    page.get_by_label("整栋").first.check()
    expect(count).to_contain_text("1 人")
    expect(count).to_contain_text("王阿姨")
    preview = page.locator("#preview")
    expect(preview.locator(".look_zh .look__channel_wechat")).to_contain_text("9:00–12:00")
    expect(preview).to_contain_text("1 条消息")
    page.get_by_label("正文（中文）").fill("**明天**停水 <b>请存水</b>")
    expect(preview.locator(".look_zh .look__channel_wechat .phone__words")).to_contain_text(
        "明天停水 <b>请存水</b>"
    )
    expect(preview).to_contain_text("会原样当作文字发出去")
    preview.get_by_text("通知页").click()
    expect(preview.locator(".look_zh strong")).to_have_text("明天")
    page.get_by_label("正文（中文）").fill("**后天**停水 <b>请存水</b>")
    expect(preview.locator(".look_zh strong")).to_have_text("后天")
    expect(preview.get_by_label("通知页")).to_be_checked()  # what is looked at stays
    look(page, "notice-composer-desk")
    choose_what_is_too_large(page)
    page.get_by_role("button", name="存草稿，看一遍").click()
    page.get_by_role("button", name="提交审批").click()
    expect(page.get_by_text("由同事审批")).to_be_visible()
    expect(page.get_by_role("button", name="批准", exact=True)).to_have_count(0)
    address = page.url
    other = open_page(DESK)
    homes.sign_in(other, READER)
    expect(other.locator("#places")).to_contain_text("通知")
    other.goto(address)
    look(other, "notice-approval-desk")
    other.get_by_role("button", name="批准", exact=True).click()
    expect(other.locator(".acts_done")).to_contain_text("批准")
    assert state_of(homes) is NoticeState.APPROVED


def test_on_a_phone_in_english(homes: Office, open_page: OpenPage) -> None:
    async def speak_english(session: AsyncSession) -> None:
        writer = await session.scalars(select(Staff).where(Staff.sign_in == WRITER))
        writer.one().language = Language.EN

    homes.do(speak_english)
    page = open_page(SMALL)
    homes.sign_in(page, WRITER, opens="Needs")
    homes.go(page, "/notices")
    expect(page.get_by_text("No notices here.")).to_be_visible()
    page.get_by_role("link", name="Write a notice").click()
    page.get_by_label("Title (Chinese)").fill("停水")
    expect(page.get_by_text("No English yet")).to_be_visible()
    page.get_by_label("Text (Chinese)").fill("明天停水。")
    expect(page.locator("#count")).to_contain_text("2 people")
    look(page, "notice-composer-phone-en")
    homes.go(page, "/residents")
    page.get_by_role("link", name="王阿姨").click()
    page.get_by_label("Lives alone").check()
    page.get_by_role("button", name="Keep").click()
    expect(page.get_by_label("Lives alone")).to_be_checked()
    look(page, "resident-phone-en")
