# ruff: noqa: F811 - the fixture `office` comes from a sister
"""An alert in Chromium: the banner comes by itself and rings, one takes it, and it is gone for the others."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.sync_api import expect
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from community.alerts.crisis import report_crisis
from community.alerts.models import Alert
from community.alerts.usecases import find_due_alerts, take_due_alert
from community.clock import now
from community.hotlines.models import Danger
from community.parties.models import DutyShift, PartyType
from tests.e2e.conftest import DESK, OpenPage, look
from tests.e2e.test_console import PHONE, Office, office  # noqa: F401  (a fixture)

pytestmark = pytest.mark.e2e
TEAM = PartyType.SOCIAL_WORK_TEAM
WORDS = "我不想活了 东西都收拾好了"


def put_on_duty(office: Office, second: bool = False) -> None:
    group = office.cast.here.colleagues if second else office.cast.here.staff
    staff, at = group[TEAM], now()

    async def add(session: AsyncSession) -> None:
        shift = DutyShift(
            party_id=staff.party_id,
            staff_id=staff.staff_id,
            starts_at=at - timedelta(hours=1),
            ends_at=at + timedelta(hours=3),
        )
        session.add(shift)

    office.do(add)


def tell(office: Office) -> str:
    """A resident tells of danger; the case's code."""
    owner = office.cast.owner.resident_id
    crisis = office.do(lambda session: report_crisis(session, owner, Danger.SELF_HARM, WORDS))
    return crisis.need.code


def go_on(office: Office, minutes: int) -> None:
    """The worker's step, as if so many minutes had gone by."""
    at = now() + timedelta(minutes=minutes)

    async def step(session: AsyncSession) -> None:
        for alert_id in await find_due_alerts(session, at, 10):
            await take_due_alert(session, at, alert_id)

    office.do(step)


def test_who_is_on_duty_is_called_on_every_page_and_takes_it(office: Office, open_page: OpenPage) -> None:
    put_on_duty(office)
    page = open_page(DESK)
    office.sign_in(page, "banyan.social_work_team")
    office.go(page, "/conversations")
    expect(page.locator("#alerts")).to_be_hidden()
    code = tell(office)
    banner = page.locator("#alerts .alert")
    expect(banner).to_contain_text(code)
    expect(banner).to_contain_text("分钟没人接")
    expect(page.locator("html")).to_have_attribute("data-rang", "1")
    assert "不想活" not in page.content()
    look(page, "alert-banner-desk")
    page.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
    look(page, "alert-banner-phone")
    page.get_by_role("button", name="我来接").click()
    expect(page.locator("#need")).to_contain_text(WORDS)
    expect(page.locator(".need__marks")).to_contain_text("已接")
    expect(page.locator("#story")).to_contain_text("接了急报")
    expect(page.locator("#alerts")).to_be_hidden()
    look(page, "alert-taken-phone")
    assert office.count("crisis_taken") == 1


def test_not_taken_it_comes_to_the_next_and_goes_away(office: Office, open_page: OpenPage) -> None:
    put_on_duty(office)
    put_on_duty(office, second=True)
    first, second, other = open_page(DESK), open_page(DESK), open_page(DESK)
    office.sign_in(first, "banyan.social_work_team")
    office.sign_in(second, "banyan.social_work_team.2")
    office.sign_in(other, "banyan.committee")
    code = tell(office)
    expect(first.locator("#alerts .alert")).to_contain_text(code)
    expect(second.locator("#alerts .alert")).to_have_count(0)
    go_on(office, 6)
    expect(second.locator("#alerts .alert")).to_contain_text(code)
    second.locator("#alerts").get_by_role("link", name=code).click()
    expect(second.locator(".alert_inside")).to_contain_text("分钟没人接")
    assert "不想活" not in second.content()
    look(second, "alert-masked-desk")
    second.get_by_role("button", name="我来接").click()
    expect(second.locator("#need")).to_contain_text(WORDS)
    expect(first.locator("#alerts")).to_be_hidden()
    assert code not in other.content()


def test_two_tap_and_the_second_is_told_who_has_it(office: Office, open_page: OpenPage) -> None:
    put_on_duty(office)
    put_on_duty(office, second=True)
    first, second = open_page(DESK), open_page(DESK)
    office.sign_in(first, "banyan.social_work_team")
    office.sign_in(second, "banyan.social_work_team.2")
    tell(office)
    go_on(office, 6)
    expect(second.locator("#alerts .alert")).to_have_count(1)
    second.route("**/staff/live", lambda route: route.abort())
    form = second.locator("#alerts form").evaluate("form => form.action")
    csrf = second.locator("#alerts input[name=csrf]").input_value()
    first.get_by_role("button", name="我来接").click()
    expect(first.locator("#need")).to_be_visible()
    answer = second.request.post(form, form={"csrf": csrf}, headers={"Origin": office.chat.address})
    assert answer.status == 409
    assert "banyan.social_work_team已经接了" in answer.text()
    assert len(office.do(_open_alerts)) == 0


async def _open_alerts(session: AsyncSession) -> list[Alert]:
    return list((await session.scalars(select(Alert).where(Alert.ended_at.is_(None)))).all())


def test_staff_make_a_need_a_crisis_in_two_steps(office: Office, open_page: OpenPage) -> None:
    need = office.report()
    page = open_page(DESK)
    office.sign_in(page)
    office.go(page, f"/needs/{need.id}")
    page.get_by_text("设为危急").click()
    page.get_by_label("受伤、昏倒、垮塌").check()
    look(page, "alert-set-desk")
    page.get_by_role("button", name="确定，马上叫人").click()
    expect(page.locator(".need__marks")).to_contain_text("危急")
    expect(page.locator(".alert_inside")).to_contain_text("分钟没人接")
    expect(page.locator("#story")).to_contain_text("设为危急")
    expect(page.locator("#set-crisis")).to_have_count(0)
    look(page, "alert-set-done-desk")
