# ruff: noqa: F811 - the fixture `office` comes from a sister
"""The leader's day and the resident's in Chromium: planned, published, joined, arrived at, on a desk and on a phone."""

from __future__ import annotations

import re
from datetime import UTC, datetime, time, timedelta
from uuid import UUID

import pytest
import time_machine
from playwright.sync_api import Page, expect
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from community.activities.models import Part, Shift
from community.activities.months import month_after
from community.activities.usecases.planning import plan_activity
from community.clock import now
from community.parties.models import PartyType, Staff
from community.residents.models import Language, Resident
from community.residents.usecases import Known
from community.signups.models import SignUp
from community.signups.usecases.joining import Comer, join_shift
from tests.community.activities.plans import make_plan, publish
from tests.e2e.conftest import DESK, PHONE, OpenPage, look
from tests.e2e.test_console import Office, office  # noqa: F401  (a fixture)
from tests.web.residents.conftest import cookie_of

pytestmark = pytest.mark.e2e


def enter(office: Office, page: Page, path: str, known: Known | None = None) -> None:
    """Open a page as somebody whom the chat knows, else as the owner."""

    async def cookies() -> dict[str, str]:
        return await cookie_of(office.sessions, office.chat.settings, known or office.cast.owner)

    page.context.add_cookies(
        [
            {"name": name, "value": value, "url": office.chat.address}
            for name, value in office.chat.portal.call(cookies).items()
        ]
    )
    page.goto(office.chat.address + path)


def _copy_a_month(office: Office, page: Page) -> None:
    """What is planned for the tenth of next month comes into the month after it, by keys alone, on a phone."""
    following = month_after(now().date().replace(day=1))
    tenth = datetime.combine(following.replace(day=10), time(4), UTC)
    committee = office.cast.here.staff[PartyType.COMMITTEE]
    office.do(lambda session: plan_activity(session, committee, make_plan(tenth, title_zh="读书会")))
    path = f"/activities/month?month={month_after(following):%Y-%m}"
    office.go(page, path)
    look(page, "activities-month-phone-zh")
    box = page.get_by_role("region", name="读书会").get_by_role("checkbox")
    expect(box).to_be_checked()
    box.focus()
    page.keyboard.press("Space")
    expect(box).not_to_be_checked()
    page.keyboard.press("Space")
    page.get_by_role("button", name="勾上的都存成草稿").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("region", name="读书会").get_by_role("link", name="看照搬来的")).to_be_visible()
    page.set_viewport_size({"width": 1280, "height": 800})
    look(page, "activities-month-desk-zh")


def test_from_a_plan_to_who_comes(office: Office, open_page: OpenPage) -> None:
    page = open_page(DESK)
    office.sign_in(page, "banyan.committee")
    page.get_by_role("link", name="活动", exact=True).click()
    page.get_by_role("link", name="策划活动").click()
    look(page, "activities-plan-desk-zh")
    page.get_by_label("种类").select_option("visits")
    page.get_by_label("名称（中文）").fill("探访独居老人")
    page.get_by_label("做什么、要注意什么").fill("两人一组上门，陪老人说说话。")
    page.get_by_label("集合地点（中文）").fill("3号楼大厅")
    page.get_by_label("现场联系人和电话").fill("李姐 138 0000 0000")
    day = (now() + timedelta(days=3)).date()
    page.get_by_label("哪一天").fill(day.isoformat())
    page.locator("select[name=every]").select_option("week")
    page.get_by_label("重复到哪天").fill((day + timedelta(days=14)).isoformat())
    page.get_by_role("button", name="存为草稿").click()
    expect(page.locator(".shift")).to_have_count(3)
    page.get_by_role("button", name="发布").click()
    expect(page.get_by_text("已发布")).to_be_visible()
    look(page, "activities-one-desk-zh")

    phone = open_page(PHONE)
    enter(office, phone, "/m/activities")
    look(phone, "activities-list-phone-zh")
    phone.get_by_role("link", name=re.compile("探访独居老人")).first.click()
    look(phone, "activities-shift-phone-zh")
    phone.get_by_label("一起来的大人").select_option("1")
    phone.get_by_role("button", name="我要报名").click()
    expect(phone.get_by_text("报好了。")).to_be_visible()
    expect(phone.get_by_text("一共 2 位")).to_be_visible()
    phone.get_by_role("link", name="返回").click()
    phone.get_by_role("link", name="我的班次").click()
    look(phone, "activities-mine-phone-zh")

    page.locator(".shift__link").first.click()
    expect(page.locator(".person")).to_contain_text("带 同伴")
    look(page, "activities-people-desk-zh")
    page.set_viewport_size({"width": 390, "height": 780})
    look(page, "activities-people-phone-zh")
    _copy_a_month(office, page)


def test_arrivals_in_english(office: Office, open_page: OpenPage) -> None:
    begins = datetime.now(UTC) + timedelta(minutes=20)

    async def prepare() -> None:
        with time_machine.travel(begins - timedelta(days=1)):
            shift_id = await publish(office.sessions, office.cast, make_plan(begins, volunteers=3))
            async with office.sessions.begin() as session:
                await join_shift(
                    session,
                    office.cast.owner.resident_id,
                    shift_id,
                    Part.VOLUNTEER,
                    [Comer("daughter", is_child=True)],
                )
                (await session.get_one(Resident, office.cast.owner.resident_id)).language = Language.EN

    async def speak_english(session: AsyncSession) -> Shift:
        staff_id = office.cast.here.staff[PartyType.COMMITTEE].staff_id
        (await session.get_one(Staff, staff_id)).language = Language.EN
        return (await session.scalars(select(Shift))).one()

    office.chat.portal.call(prepare)
    shift = office.do(speak_english)
    page = open_page(DESK)
    office.sign_in(page, "banyan.committee", opens="Needs")
    office.go(page, "/activities")
    look(page, "activities-board-desk-en")
    office.go(page, f"/activities/shifts/{shift.id}/code")
    expect(page.locator(".spot__code")).to_have_text(re.compile(r"^\d{4}$"))
    assert page.locator(".spot__qr").evaluate("drawn => drawn.decode().then(() => drawn.naturalWidth)") > 200
    look(page, "activities-code-desk-en")
    office.go(page, f"/activities/shifts/{shift.id}")
    page.get_by_role("button", name="Is here").click()
    expect(page.locator(".person .pill")).to_have_text("here")
    phone = open_page(PHONE, locale="en-GB")
    enter(office, phone, "/m/shifts")
    expect(phone.locator(".state")).to_have_text("Checked in")
    look(phone, "activities-mine-phone-en")

    async def state(session: AsyncSession) -> str:
        return (await session.scalars(select(SignUp.state))).one().value

    assert office.do(state) == "checked_in"


def test_two_neighbours_swap_by_phone(office: Office, open_page: OpenPage) -> None:
    owner, neighbour = office.cast.owner, office.cast.neighbour

    async def prepare() -> tuple[UUID, UUID]:
        days = (now() + timedelta(days=3), now() + timedelta(days=4))
        own, other = [
            await publish(office.sessions, office.cast, make_plan(day, volunteers=1)) for day in days
        ]
        async with office.sessions.begin() as session:
            await join_shift(session, owner.resident_id, own, Part.VOLUNTEER)
            await join_shift(session, neighbour.resident_id, other, Part.VOLUNTEER)
        return own, other

    own, other = office.chat.portal.call(prepare)
    phone = open_page(PHONE)
    enter(office, phone, f"/m/activities/{own}")
    phone.get_by_role("link", name="换班").click()
    look(phone, "activities-swap-phone-zh")
    phone.get_by_role("button", name="问问这一场的人").click()
    expect(phone.get_by_text("好，我去问问。")).to_be_visible()
    theirs = open_page(PHONE)
    enter(office, theirs, "/m/shifts", neighbour)
    look(theirs, "activities-swap-asked-phone-zh")
    theirs.get_by_role("button", name="愿意换").click()
    expect(theirs.get_by_text("换好了。")).to_be_visible()
    expect(theirs.locator(f"a[href='/m/activities/{own}']")).to_be_visible()
    phone.reload()
    expect(phone.locator(f"a[href='/m/activities/{other}']")).to_be_visible()
