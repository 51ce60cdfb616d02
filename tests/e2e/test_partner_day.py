"""A partner's day in Chromium: the property company takes a need, asks, talks, attaches, resolves, prints."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO

import pytest
from PIL import Image
from playwright.sync_api import FilePayload, Page, expect
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from channels.registry import make_channels
from community.canned.founding import found_canned
from community.clock import now
from community.needs.models import Need
from community.needs.usecases.residents import Report, add_to_need, report_need
from community.parties.models import PartyType
from community.residents.models import Address, Resident
from linli.settings import Settings
from tests.delivering import Delivery
from tests.e2e.conftest import DESK, PICTURES, OpenPage, look
from tests.e2e.test_console import LIFT, PHONE, SIZES, Office, office  # noqa: F401  (the fixture of the console)

pytestmark = pytest.mark.e2e
PARTNER = PartyType.PROPERTY_COMPANY


def _photo() -> bytes:
    out = BytesIO()
    Image.new("RGB", (640, 480), "#7a8b6f").save(out, "JPEG")
    return out.getvalue()


def _deliver(office: Office) -> None:  # noqa: F811
    delivery = Delivery(
        office.sessions, make_channels(Settings(), office.sessions), hold_after=timedelta(days=1)
    )
    office.chat.portal.call(delivery.deliver_due, now())


def _prepare(office: Office) -> Need:  # noqa: F811
    need = office.report()

    async def settle(session: AsyncSession) -> None:
        await found_canned(session, office.cast.here.parties[PARTNER].id)
        resident = await session.get_one(Resident, office.cast.owner.resident_id)
        resident.name, resident.phone = "王秀兰", "138-0013-8000"

    office.do(settle)
    return need


def _choose(page: Page, way: str) -> None:
    page.locator(f"#way-{way} + span").click()


@pytest.mark.parametrize("size", SIZES)
def test_a_partners_day(office: Office, open_page: OpenPage, size: str) -> None:  # noqa: F811
    need, page = _prepare(office), open_page(SIZES[size])
    office.sign_in(page)
    office.go(page, f"/needs/{need.id}")
    page.get_by_role("button", name="接下").click()
    expect(page.locator(".need__marks")).to_contain_text("已接")
    _choose(page, "ask")
    page.get_by_role("button", name="具体哪里").click()
    box = page.get_by_label("问居民的话")
    expect(box).to_have_value("再问您一句：在3号楼2单元的哪个位置？有照片就发一张，好找。")
    page.get_by_role("button", name="发问").click()
    expect(page.locator("#waits")).to_contain_text("等居民回话")
    owner = office.cast.owner.resident_id
    office.do(lambda session: add_to_need(session, owner, need.id, "一楼门厅那部"))
    expect(page.locator("#story")).to_contain_text("一楼门厅那部")
    expect(page.locator("#waits")).to_be_empty()
    _answer(page, size)
    if size == "desk":
        _share(office, open_page, page, need)
    _choose(page, "resolve")
    page.get_by_role("button", name="修好了").click()
    page.get_by_role("button", name="办结").click()
    expect(page.locator(".need__marks")).to_contain_text("待回访")
    look(page, f"partner-need-{size}")
    page.goto(f"{office.chat.address}/staff/needs/{need.id}/sheet")
    expect(page.get_by_role("heading", name="电梯 · 3号楼2单元")).to_be_visible()
    look(page, f"partner-sheet-{size}")
    if size == "desk":
        paper = page.pdf(path=PICTURES / "partner-sheet.pdf", prefer_css_page_size=True)
        assert paper.count(b"/Type /Page\n") == 1


def _answer(page: Page, size: str) -> None:
    """With a canned answer that has a gap, and a photo."""
    _choose(page, "answer")
    page.get_by_role("button", name="更严重就打电话").click()
    box = page.get_by_label("给居民的话")
    expect(page.get_by_text("还有没填的：电话")).to_be_visible()
    assert box.evaluate("box => box.value.slice(box.selectionStart, box.selectionEnd)") == "【填：电话】"
    look(page, f"partner-gap-{size}")
    page.keyboard.type("020-8888 1234")
    expect(page.get_by_text("还有没填的")).to_be_hidden()
    photo: FilePayload = {"name": "门机.jpg", "mimeType": "image/jpeg", "buffer": _photo()}
    page.locator(".writing_answer input[type=file]").set_input_files([photo])
    expect(page.get_by_text("选了1个")).to_be_visible()
    page.get_by_role("button", name="发给居民").click()
    expect(page.get_by_label("给居民的话")).to_have_value("")  # until the whole page is drawn anew
    expect(page.locator(".item_staff img")).to_have_count(1)
    expect(page.locator("#story")).to_contain_text("直接打020-8888 1234找榕树社区物业")


def _share(office: Office, open_page: OpenPage, page: Page, need: Need) -> None:  # noqa: F811
    """The volunteers are asked for a part, and do it."""
    page.get_by_text("请别家协办").click()
    page.get_by_label("请哪家").select_option(label="榕树社区志愿队")
    page.get_by_label("请他们做什么").fill("帮老人把菜送上楼")
    page.get_by_role("button", name="请协办", exact=True).click()
    expect(page.locator("#parts")).to_contain_text("帮老人把菜送上楼")
    helping = open_page(DESK)
    office.sign_in(helping, "banyan.volunteer_team")
    office.go(helping, f"/needs/{need.id}")
    helping.get_by_role("button", name="接下").click()
    helping.get_by_text("我们这份办好了").first.click()
    helping.get_by_label("做了什么").fill("菜送到门口了")
    helping.get_by_role("button", name="我们这份办好了").click()
    expect(helping.locator("#parts")).to_contain_text("菜送到门口了")
    look(helping, "partner-part-desk")
    helping.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
    look(helping, "partner-part-phone")
    helping.context.close()
    expect(page.locator("#parts")).to_contain_text("送到门口了")


def test_staff_and_resident_talk_beside_the_case(office: Office, open_page: OpenPage) -> None:  # noqa: F811
    resident, page, colleague = open_page(PHONE), open_page(DESK), open_page(DESK)
    resident.goto(f"{office.chat.address}/chat?c=banyan")
    resident.get_by_label("想说什么").fill("你好")
    resident.get_by_role("button", name="发送", exact=True).click()
    expect(resident.locator(".item_linli")).to_have_count(1)

    async def report(session: AsyncSession) -> Need:
        newest = select(Address.resident_id).order_by(Address.created_at.desc()).limit(1)
        resident_id = (await session.scalars(newest)).one()
        return await report_need(session, resident_id, Report("elevator", LIFT))

    need = office.do(report)
    office.sign_in(page)
    office.go(page, f"/needs/{need.id}")
    page.get_by_role("button", name="接下").click()
    page.get_by_role("button", name="直接跟居民说话").click()
    expect(page.get_by_text("您在跟居民说话，邻里不插话")).to_be_visible()
    page.get_by_label("跟居民说的话").fill("您好，我是物业")
    expect(resident.get_by_text("工作人员正在输入…")).to_be_visible()
    page.get_by_label("跟居民说的话").press("Enter")
    expect(page.locator(".item_staff .bubble")).to_have_text("您好，我是物业")
    _deliver(office)
    expect(resident.locator(".item_staff").last).to_contain_text("您好，我是物业")
    expect(page.locator(".item_staff")).to_contain_text("居民已看")
    resident.get_by_label("想说什么").press_sequentially("在的", delay=30)
    expect(page.get_by_text("居民正在输入…")).to_be_visible()
    resident.get_by_role("button", name="发送", exact=True).click()
    expect(page.locator(".item_resident .bubble")).to_have_text("在的")
    expect(resident.get_by_text("工作人员已看")).to_be_visible()
    office.sign_in(colleague, "banyan.property_company.2")
    office.go(colleague, f"/needs/{need.id}")
    expect(page.get_by_text("banyan.property_company.2 也在看")).to_be_visible()
    expect(colleague.get_by_text("banyan.property_company在跟居民说话")).to_be_visible()
    look(page, "partner-talk-desk")
    look(resident, "partner-talk-resident")
    colleague.context.close()
    expect(page.get_by_text("也在看")).to_be_hidden()
    page.get_by_role("button", name="交回邻里").click()
    expect(page.get_by_role("button", name="直接跟居民说话")).to_be_visible()
