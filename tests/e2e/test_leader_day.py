# ruff: noqa: F811 - the fixture `office` comes from a sister
"""A leader's day in Chromium: from a question to the list behind a bar; and an admin's, who finds it in the log."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from community.callbacks.models import CallBack, CallBackWhy
from community.clock import now
from community.needs.models import Need, Visibility
from community.parties.models import Party, PartyType, Staff
from community.residents.models import Language
from community.surveys.models import Survey
from operations.demo.past import remember_past
from tests.e2e.conftest import DESK, OpenPage, look
from tests.e2e.test_console import Office, office  # noqa: F401  (a fixture)

pytestmark = pytest.mark.e2e
SMALL = (390, 844)
LEADER = "banyan.committee"


@pytest.fixture
def year(office: Office) -> Office:
    """The committee here has a leader, and a year behind it."""
    here = office.cast.here

    async def live(session: AsyncSession) -> None:
        await session.execute(update(Staff).where(Staff.sign_in == LEADER).values(leads=True))
        parties = {kind: await session.get_one(Party, party.id) for kind, party in here.parties.items()}
        people = {
            party.id: (await session.scalars(select(Staff).where(Staff.party_id == party.id))).all()
            for party in parties.values()
        }
        await remember_past(session, here.community, parties, people, [here.unit.id], now(), 2)
        await _let_one_be_unhappy(session, parties[PartyType.COMMITTEE])

    office.do(live)
    return office


async def _let_one_be_unhappy(session: AsyncSession, committee: Party) -> None:
    """Somebody gave one star; the committee's leader is to call."""
    rated = select(Survey).join(Need, Need.id == Survey.need_id)
    rated = rated.where(Survey.score.is_not(None), Need.visibility == Visibility.PUBLIC)
    survey = (await session.scalars(rated.where(Need.lead_party_id != committee.id).limit(1))).one()
    survey.score, survey.words = 1, "等了五天才来"
    leader = (await session.scalars(select(Staff).where(Staff.sign_in == LEADER))).one()
    session.add(
        CallBack(
            survey_id=survey.id,
            need_id=survey.need_id,
            why=CallBackWhy.LOW_SCORE,
            party_id=committee.id,
            staff_id=leader.id,
            due_at=now() + timedelta(days=1),
            created_at=now(),
        )
    )


def expect_drawn(page: Page) -> None:
    """Every question has its drawing, none is empty."""
    drawings = page.locator("[data-chart]")
    expect(drawings.first.locator("canvas")).to_be_visible()
    expect(page.locator("[data-chart] canvas")).to_have_count(drawings.count())


def test_from_a_question_to_the_list_behind_it(year: Office, open_page: OpenPage) -> None:
    page = open_page(DESK)
    year.sign_in(page, LEADER)
    page.get_by_role("link", name="看全局").click()
    page.get_by_role("link", name="今年").click()
    expect(page.get_by_role("heading", name="答应的时间，守住了多少？")).to_be_visible()
    expect_drawn(page)
    look(page, "overview-desk-zh")
    kinds = page.locator("section.chart", has_text="来的都是什么事？")
    drawing = kinds.locator("[data-chart]")
    box = drawing.bounding_box()
    assert box is not None
    drawing.click(position={"x": box["width"] / 2, "y": 26})
    page.wait_for_url("**/staff/needs?**kind=**")
    page.go_back()
    kinds.locator("details").evaluate("node => { node.open = true; }")
    kinds.locator("td a").first.press("Enter")
    page.wait_for_url("**/staff/needs?**kind=**")
    expect(page.locator("article.row").first).to_be_visible()


def test_on_a_phone_in_english_and_in_the_dark(year: Office, open_page: OpenPage) -> None:
    async def speak_english(session: AsyncSession) -> None:
        await session.execute(update(Staff).where(Staff.sign_in == LEADER).values(language=Language.EN))

    year.do(speak_english)
    page = open_page(SMALL, color_scheme="dark")
    year.sign_in(page, LEADER, opens="Needs")
    year.go(page, "/overview?period=quarter")
    expect_drawn(page)
    page.locator(".chart__table summary").first.click()
    look(page, "overview-phone-en-dark")
    year.go(page, "/call-backs")
    expect(page.get_by_text("等了五天才来")).to_be_visible()
    look(page, "call-backs-phone-en-dark")
    page.set_viewport_size({"width": DESK[0], "height": DESK[1]})
    look(page, "call-backs-desk-en-dark")
    page.set_viewport_size({"width": SMALL[0], "height": SMALL[1]})
    year.go(page, "/overview?period=quarter")
    page.get_by_label("Earlier").click()
    expect_drawn(page)


def test_an_admins_day(office: Office, open_page: OpenPage) -> None:
    page = open_page(DESK)
    office.sign_in(page, "admin", opens="账号")
    look(page, "people-desk-zh")
    page.get_by_role("link", name="单位").click()
    page.get_by_label("中文名").first.fill("水务所")
    page.get_by_label("英文名").first.fill("Water office")
    page.get_by_role("button", name="加上").click()
    expect(page.locator(".person", has_text="水务所")).to_be_visible()
    look(page, "parties-desk-zh")
    page.get_by_role("link", name="操作记录").click()
    expect(page.locator(".act", has_text="加了单位")).to_be_visible()
    page.get_by_label("做了什么").select_option(label="加了单位")
    page.get_by_role("button", name="看", exact=True).click()
    expect(page.locator(".act")).to_have_count(1)
    look(page, "audit-desk-zh")
    page.set_viewport_size({"width": SMALL[0], "height": SMALL[1]})
    look(page, "audit-phone-zh")
    for path in ("people", "parties"):
        office.go(page, f"/{path}")
        look(page, f"{path}-phone-zh")
    office.go(page, "/kinds")
    page.locator(".kind summary").first.click()
    look(page, "kinds-phone-zh")


def test_a_party_that_leads_nothing_sees_no_figures(office: Office, open_page: OpenPage) -> None:
    page = open_page(DESK)
    office.sign_in(page, f"banyan.{PartyType.PROPERTY_COMPANY}")
    expect(page.get_by_role("link", name="看全局")).to_have_count(0)
