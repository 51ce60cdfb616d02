# ruff: noqa: F811 - the fixture `office` comes from a sister
"""The roster and the hotlines in Chromium: by mouse and by keys, on a desk and on a phone, in both languages."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession

from community.clock import now
from community.hotlines.founding import found_hotlines
from community.parties.models import DutyShift, PartyType, Staff
from community.residents.models import Language
from tests.e2e.conftest import DESK, OpenPage, look
from tests.e2e.conftest import PHONE as SMALL
from tests.e2e.test_console import Office, office  # noqa: F401  (a fixture)

pytestmark = pytest.mark.e2e
ZONE = ZoneInfo("Asia/Shanghai")
TEAM, COMMITTEE = PartyType.SOCIAL_WORK_TEAM, PartyType.COMMITTEE


def next_monday() -> date:
    today = now().astimezone(ZONE).date()
    return today + timedelta(days=7 - today.weekday())


def fill(office: Office, party: PartyType = COMMITTEE) -> None:
    """A believable week: two colleagues in turn by day, one of them in the evenings."""
    people = (office.cast.here.staff[party], office.cast.here.colleagues[party])

    async def add(session: AsyncSession) -> None:
        for number in range(5):
            day = next_monday() + timedelta(days=number)
            for turn, (opens, closes) in enumerate(((8, 12), (14, 18), (18, 21))):
                who = people[(number + turn) % 2]
                session.add(
                    DutyShift(
                        party_id=who.party_id,
                        staff_id=who.staff_id,
                        starts_at=moment(day, opens),
                        ends_at=moment(day, closes),
                        phone="020-8888 1234",
                    )
                )

    office.do(add)


def moment(day: date, hour: int) -> datetime:
    return datetime.combine(day, time(hour), ZONE).astimezone(UTC)


def open_week(office: Office, page: Page) -> None:
    office.go(page, f"/roster?week={next_monday().isoformat()}")


def test_a_week_with_its_gaps_is_seen_everywhere(office: Office, open_page: OpenPage) -> None:
    fill(office)
    page = open_page(DESK)
    office.sign_in(page, "banyan.committee")
    page.get_by_role("link", name="值班").click()
    expect(page.get_by_role("heading", name="值班表", exact=True)).to_be_visible()
    expect(page.locator("html")).to_have_attribute("data-live", "on")
    page.get_by_role("link", name="下一周").click()
    expect(page.locator(".shift")).to_have_count(15)
    expect(page.locator("#gaps li").last).to_contain_text("周五 21:00")
    look(page, "roster-desk-zh")
    page.set_viewport_size({"width": SMALL[0], "height": SMALL[1]})
    look(page, "roster-phone-zh")


def test_in_english_for_who_only_looks(office: Office, open_page: OpenPage) -> None:
    fill(office, TEAM)

    async def speak_english(session: AsyncSession) -> None:
        await session.execute(update(Staff).where(Staff.sign_in == "street").values(language=Language.EN))

    page = open_page(DESK)
    office.sign_in(page, "street")
    office.do(speak_english)
    team = office.cast.here.parties[TEAM].id
    office.go(page, f"/roster?party={team}&week={next_monday().isoformat()}")
    expect(page.locator(".shift")).to_have_count(15)
    expect(page.locator("#gaps")).to_contain_text("Nobody on duty")
    expect(page.get_by_text("kept by its own people")).to_be_visible()
    expect(page.locator(".shift summary")).to_have_count(0)
    look(page, "roster-desk-en")
    page.set_viewport_size({"width": SMALL[0], "height": SMALL[1]})
    look(page, "roster-phone-en")


def test_added_changed_and_removed_by_keys(office: Office, open_page: OpenPage) -> None:
    page = open_page(DESK)
    office.sign_in(page, "banyan.committee")
    open_week(office, page)
    add = page.locator("section", has=page.get_by_role("heading", name="排一班"))
    add.get_by_label("谁").select_option(label="banyan.committee.2")
    add.get_by_label("从").fill("09:00")
    add.get_by_label("到", exact=True).fill("17:00")
    add.get_by_label("电话").press("Enter")
    expect(page.locator(".shift")).to_contain_text("09:00–17:00")
    summary = page.locator(".shift summary")
    summary.focus()
    summary.press("Enter")
    look(page, "roster-change-desk")
    shift = page.locator(".shift")
    shift.get_by_label("从").fill("10:00")
    shift.get_by_label("电话").press("Enter")
    expect(page.locator(".shift")).to_contain_text("10:00–17:00")
    page.locator(".shift summary").click()
    page.get_by_role("button", name="去掉这一班").click()
    expect(page.locator(".shift")).to_have_count(0)


def test_a_week_is_repeated_and_a_swap_is_agreed(office: Office, open_page: OpenPage) -> None:
    fill(office)
    mine, theirs = open_page(DESK), open_page(SMALL)
    office.sign_in(mine, "banyan.committee")
    open_week(office, mine)
    mine.get_by_label("再排几周").fill("2")
    mine.get_by_role("button", name="照样排").click()
    mine.get_by_role("link", name="下一周").click()
    expect(mine.locator(".shift")).to_have_count(15)
    open_week(office, mine)
    own = mine.locator(".shift_mine").first
    own.locator("summary").click()
    own.get_by_label("跟谁换").select_option(label="请banyan.committee.2替我")
    own.get_by_role("button", name="问一下").click()
    expect(mine.locator("#asked")).to_contain_text("不换了")
    before = mine.locator(".shift_mine").count()
    office.sign_in(theirs, "banyan.committee.2")
    expect(theirs.locator("#places .count").last).to_have_text("1")
    open_week(office, theirs)
    look(theirs, "roster-swap-phone")
    theirs.get_by_role("button", name="同意").click()
    expect(theirs.locator("#asked")).to_be_hidden()
    expect(mine.locator("#asked")).to_be_hidden()
    expect(mine.locator(".shift_mine")).to_have_count(before - 1)


def test_hotlines_are_kept(office: Office, open_page: OpenPage) -> None:
    here = office.cast.here.community.id
    office.do(lambda session: found_hotlines(session, here))
    page = open_page(DESK)
    office.sign_in(page, "banyan.committee")
    office.go(page, "/hotlines")
    expect(page.locator(".hotline")).to_have_count(8)
    look(page, "hotlines-desk")
    first = page.locator(".hotline").first
    first.locator("summary").click()
    first.get_by_label("什么时候有人接").fill("每天 8:00-22:00")
    first.get_by_role("button", name="存下").click()
    expect(page.locator(".hotline").first).to_contain_text("每天 08:00-22:00")
    page.set_viewport_size({"width": SMALL[0], "height": SMALL[1]})
    look(page, "hotlines-phone")
