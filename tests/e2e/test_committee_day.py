"""A day of somebody of the committee in Chromium: at a desk by keyboard, on a phone by touch, from queue to answer."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from community.needs.models import Need
from tests.e2e.conftest import OpenPage, look
from tests.e2e.test_console import SIZES, Office
from tests.e2e.test_console import office as office

pytestmark = pytest.mark.e2e
NOISE = "3号楼楼上半夜还在打电钻，孩子睡不着"


def test_at_a_desk_by_keyboard(office: Office, open_page: OpenPage) -> None:
    needs, page = _report_three(office), open_page(SIZES["desk"])
    office.sign_in(page, "banyan.committee")
    keys = page.keyboard
    for key in ("j", "x", "j", "x"):
        keys.press(key)
    expect(page.locator("#chosen")).to_contain_text("已选2件")
    look(page, "day-committee-chosen-desk")
    page.reload()
    office.wait_for_line(page)
    expect(page.locator("#chosen")).to_contain_text("已选2件")
    keys.press("a")
    keys.press("Enter")
    expect(page.locator("#said")).to_contain_text("接下了2件")
    expect(page.locator("#chosen")).to_be_hidden()
    expect(page.locator("#queues")).to_contain_text("我的2")
    look(page, "day-committee-accepted-desk")
    keys.press("/")
    keys.type("3号楼 电钻")
    keys.press("Enter")
    expect(page).to_have_url(re.compile(r"[?&]q="))
    expect(page.locator(".row")).to_have_count(3)
    office.wait_for_line(page)
    _keep_and_take_away(page, needs, "desk")
    keys.press("Escape")
    page.locator("h1").click()
    keys.press("j")
    keys.press("r")
    expect(page.get_by_label("给居民的话")).to_be_focused()
    office.wait_for_line(page)
    keys.type("已经去过楼上，说好了十点以后不动工。")
    keys.press("Control+Enter")
    expect(page.get_by_label("给居民的话")).to_have_value("")  # until the whole page is drawn anew
    expect(page.locator(".item_staff .bubble")).to_have_text("已经去过楼上，说好了十点以后不动工。")
    keys.press("Escape")
    keys.press("e")
    expect(page.get_by_label("做了什么")).to_be_focused()
    assert office.count("staff_answer") == 1


def test_on_a_phone_by_touch(office: Office, open_page: OpenPage) -> None:
    needs, page = _report_three(office), open_page(SIZES["phone"], has_touch=True)
    office.sign_in(page, "banyan.committee")
    page.get_by_role("button", name="更多").click()
    expect(page.get_by_role("link", name="值班")).to_be_visible()
    look(page, "day-committee-more-phone")
    page.keyboard.press("Escape")
    for need in needs[:2]:
        page.get_by_label(f"选中 {need.code}").check()
    page.locator("#chosen summary", has_text="分给同事").click()
    look(page, "day-committee-chosen-phone")
    page.get_by_label("由谁经办").select_option(label="banyan.committee.2")
    page.get_by_role("button", name="交给").click()
    expect(page.locator("#said")).to_contain_text("分出去2件")
    page.get_by_label(f"选中 {needs[2].code}").check()
    page.get_by_role("button", name="接下").click()
    expect(page.locator("#said")).to_contain_text("接下了1件")
    page.locator("#search").fill("没有这样的事")
    page.keyboard.press("Enter")
    expect(page.locator(".empty")).to_contain_text("3号楼 电梯")
    office.wait_for_line(page)
    look(page, "day-committee-nothing-phone")
    page.locator("#search").fill("3号楼")
    page.keyboard.press("Enter")
    expect(page.locator(".row")).to_have_count(3)
    office.wait_for_line(page)
    _keep_and_take_away(page, needs, "phone")
    page.locator(f"#open-{needs[2].code}").click()
    page.get_by_label("给居民的话").fill("今晚去看。")
    page.get_by_role("button", name="发给居民").click()
    expect(page.locator(".item_staff .bubble")).to_have_text("今晚去看。")


def _report_three(office: Office) -> list[Need]:
    return [office.report("noise", NOISE) for _ in range(3)]


def _keep_and_take_away(page: Page, needs: list[Need], size: str) -> None:
    """Keep the search under a name and download what it found."""
    page.locator("#panel summary").click()
    look(page, f"day-committee-panel-{size}")
    with page.expect_download() as download:
        page.get_by_role("link", name="CSV").click()
    assert download.value.suggested_filename.startswith("诉求-20")
    taken = Path(download.value.path()).read_text(encoding="utf-8-sig")
    assert all(need.code in taken for need in needs)
    page.get_by_label("存成").fill("三号楼")
    page.get_by_role("button", name="存下").click()
    expect(page.locator(".chip_saved")).to_have_text("三号楼")
    expect(page.locator(".row")).to_have_count(3)
    expect(page.locator("html")).to_have_attribute("data-live", "on")
