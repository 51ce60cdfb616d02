"""A social worker's day in Chromium: takes what somebody confided, reads, answers, asks to share; the partner sees the
fields alone; the resident takes the yes back."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from community.consents.models import Consent
from community.consents.usecases import answer_consent
from community.needs.models import Need
from community.needs.usecases.residents import Report, report_need
from community.residents.models import Address, Resident
from tests.e2e.conftest import OpenPage, look
from tests.e2e.test_console import PHONE, SIZES, Office, office  # noqa: F401  (the fixture of the console)
from tests.e2e.test_partner_day import _deliver

pytestmark = pytest.mark.e2e
SECRET = "最近总是睡不着，洗澡时还差点摔了，不想让别人知道"


def _confide(office: Office, resident: Page) -> Need:  # noqa: F811
    """Somebody at the chat confides something; name and phone are known."""
    resident.goto(f"{office.chat.address}/chat?c=banyan")
    resident.get_by_label("想说什么").fill("你好")
    resident.get_by_role("button", name="发送", exact=True).click()
    expect(resident.locator(".item_linli")).to_have_count(1)
    unit = office.cast.here.unit.id

    async def report(session: AsyncSession) -> Need:
        newest = select(Address.resident_id).order_by(Address.created_at.desc()).limit(1)
        person = await session.get_one(Resident, (await session.scalars(newest)).one())
        person.name, person.phone = "王秀兰", "138-0013-8000"
        return await report_need(session, person.id, Report("mental_health", SECRET, unit))

    return office.do(report)


def _agree(office: Office) -> Consent:  # noqa: F811
    """What the bot's action does with the tap; tests/dialogue has it with the real bot."""

    async def agree(session: AsyncSession) -> Consent:
        consent = (await session.scalars(select(Consent))).one()
        return await answer_consent(session, consent.resident_id, consent.id, agree=True)

    return office.do(agree)


def _ask_to_share(page: Page) -> None:
    page.get_by_text("请居民同意告诉另一家").click()
    form = page.locator("#sharing")
    form.get_by_label("告诉哪一家").select_option(label="榕树社区物业")
    form.get_by_label("请他们做什么（居民会看到）").fill("帮您在浴室装扶手")
    form.get_by_label("楼栋").check()
    form.get_by_label("电话").check()


@pytest.mark.parametrize("size", SIZES)
def test_a_social_workers_day(office: Office, open_page: OpenPage, size: str) -> None:  # noqa: F811
    resident, page, partner = open_page(PHONE), open_page(SIZES[size]), open_page(SIZES[size])
    need = _confide(office, resident)
    office.sign_in(page, "banyan.social_work_team")
    office.go(page, f"/needs/{need.id}")
    expect(page.get_by_text(SECRET)).to_have_count(0)
    page.get_by_role("button", name="由我来办").click()
    expect(page.get_by_text(SECRET)).to_be_visible()
    page.get_by_label("给居民的话").fill("王阿姨，我是社工，明天上午给您打电话好吗？")
    page.get_by_role("button", name="发给居民").click()
    expect(page.get_by_label("给居民的话")).to_have_value("")  # until the whole page is drawn anew
    expect(page.locator(".item_staff")).to_contain_text("明天上午")
    _ask_to_share(page)
    look(page, f"social-ask-{size}")
    page.get_by_role("button", name="去问居民").click()
    expect(page.locator("#sharing")).to_contain_text("等居民回答")
    _deliver(office)
    asked = resident.locator(".item_staff").last
    expect(asked).to_contain_text("想请榕树社区物业帮您在浴室装扶手。会告诉他们：电话、您的楼栋。")
    look(resident, f"social-chat-{size}")
    resident.get_by_role("button", name="可以", exact=True).click()
    consent = _agree(office)
    _partner_sees(office, partner, consent, need, size)
    expect(page.locator("#sharing")).to_contain_text("居民同意了")
    look(page, f"social-need-{size}")
    _withdraw(office, resident, need, size)
    office.go(partner, "/parts")
    expect(partner.get_by_text("帮您在浴室装扶手")).to_have_count(0)
    partner.goto(f"{office.chat.address}/staff/shared/{consent.id}")
    expect(partner.get_by_text("138-0013-8000")).to_have_count(0)
    expect(page.locator("#sharing")).to_contain_text("居民收回了同意")


def _partner_sees(office: Office, partner: Page, consent: Consent, need: Need, size: str) -> None:  # noqa: F811
    office.sign_in(partner)
    office.go(partner, "/parts")
    look(partner, f"social-parts-{size}")
    room = partner.locator(".row__what").first.bounding_box()
    assert room is not None
    assert room["width"] > 200, "the words have the room, where nothing is chosen beside them"
    partner.get_by_role("link", name="帮您在浴室装扶手").click()
    expect(partner).to_have_url(f"{office.chat.address}/staff/shared/{consent.id}")
    expect(partner.get_by_text("138-0013-8000")).to_be_visible()
    for words in (SECRET, "王秀兰", need.code, "明天上午"):
        expect(partner.get_by_text(words)).to_have_count(0)
    partner.get_by_role("button", name="接下").click()
    look(partner, f"social-shared-{size}")


def _withdraw(office: Office, resident: Page, need: Need, size: str) -> None:  # noqa: F811
    """With one tap; who looked is told beside it."""
    resident.goto(f"{office.chat.address}/m/needs/{need.id}")
    looked = resident.locator("section", has=resident.get_by_role("heading", name="谁看过"))
    expect(looked).to_contain_text("banyan.social_work_team")
    expect(looked).to_contain_text("banyan.property_company")
    look(resident, f"social-looked-{size}")
    resident.get_by_role("link", name="我同意过的").click()
    look(resident, f"social-allowed-{size}")
    resident.get_by_role("button", name="收回").click()
    expect(resident.get_by_role("status")).to_contain_text("他们从现在起看不到了")
