# ruff: noqa: F811 - the fixture `office` comes from a sister
"""A notice that goes out, in Chromium: how far it is changes by itself; a list for the doors is printed and ticked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession

from community.clock import now
from community.notices.models import ConfirmedBy, Notice, NoticeRecipient, NoticeState, RecipientState
from community.notices.sending.models import NoticeSending
from community.notices.sending.steps import wake_consoles
from community.parties.models import Staff
from community.places.models import Level, Place
from community.residents.models import HomeClaim, Language, Resident
from tests.e2e.conftest import DESK, OpenPage, look
from tests.e2e.test_console import Office, office  # noqa: F401  (a fixture)

pytestmark = pytest.mark.e2e
SMALL = (390, 844)
CLERK = "banyan.committee"
SENT, WAITING, QUEUED, FAILED, SUPPRESSED = (
    RecipientState.SENT,
    RecipientState.WAITING,
    RecipientState.QUEUED,
    RecipientState.FAILED,
    RecipientState.SUPPRESSED,
)
BECAME = (
    *((SENT, None, True),) * 5,
    *((SENT, None, False),) * 4,
    *((QUEUED, None, False),) * 2,
    (WAITING, "window_over", False),
    (FAILED, "nobody_there", False),
    (SUPPRESSED, "no_address", False),
    (SUPPRESSED, "stopped", False),
)
"""What became of it for the people of each building: state, reason, confirmed."""
NAMES = (
    "陈桂芳",
    "王秀英",
    "李建国",
    "张伟",
    "刘洋",
    "黄丽",
    "周明",
    "吴静",
    "徐强",
    "孙梅",
    "胡兰",
    "朱军",
    "高燕",
    "林峰",
    "何平",
)


@dataclass(frozen=True)
class Sent:
    """A notice to two buildings with 15 people each; `queued` is somebody to whom it has not gone yet."""

    notice_id: UUID
    queued: UUID


@pytest.fixture
def sent(office: Office) -> Sent:
    async def make(session: AsyncSession) -> Sent:
        at, here = now(), office.cast.here
        notice = Notice(
            id=uuid4(),
            community_id=here.community.id,
            category="utilities",
            state=NoticeState.SENDING,
            title_zh="停水通知",
            title_en="Water cut",
            text_zh="明天 9:00–12:00，3 号楼和 12 号楼停水，请提前存水。",
            text_en="No water in Buildings 3 and 12 tomorrow, 9:00–12:00. Please store some.",
            valid_from=at,
            valid_until=at + timedelta(days=1),
            need_receipt=True,
        )
        second = Place(
            community_id=here.community.id, level=Level.BUILDING, number="12", zh="12号楼", en="Building 12"
        )
        session.add_all((notice, second))
        await session.flush()
        session.add(NoticeSending(notice_id=notice.id, started_at=at, expanded_at=at))
        rows = [
            (await add_person(session, office, home, number), became)
            for home in (here.unit.id, second.id)
            for number, became in enumerate(BECAME)
        ]
        session.add_all(row_of(notice, person, *became) for person, became in rows)
        return Sent(notice.id, next(person for person, became in rows if became[0] is QUEUED))

    made: Sent = office.do(make)
    return made


async def add_person(session: AsyncSession, office: Office, home: UUID, number: int) -> UUID:
    resident = Resident(
        id=uuid4(),
        community_id=office.cast.here.community.id,
        home_id=home,
        home_claim=HomeClaim.CLAIMED,
        name=NAMES[number],
        phone=f"138{number:08}" if number % 2 else None,
        room=f"{number % 6 + 1}0{number % 2 + 1}" if number % 5 else None,
    )
    session.add(resident)
    await session.flush()
    return resident.id


def row_of(
    notice: Notice, person: UUID, state: RecipientState, reason: str | None, confirmed: bool
) -> NoticeRecipient:
    at = now()
    return NoticeRecipient(
        notice_id=notice.id,
        resident_id=person,
        state=state,
        reason=reason,
        channel="web",
        queued_at=at,
        sent_at=at if state is SENT else None,
        confirmed_at=at if confirmed else None,
        confirmed_by=ConfirmedBy.RESIDENT if confirmed else None,
    )


def sum_of(page: Page, name: str) -> str:
    return page.locator(".sum", has=page.get_by_text(name, exact=True)).locator("dd").inner_text()


def test_how_far_it_is_changes_by_itself(sent: Sent, office: Office, open_page: OpenPage) -> None:
    page = open_page(DESK)
    office.sign_in(page, CLERK)
    office.go(page, f"/notices/{sent.notice_id}/progress")
    assert [sum_of(page, name) for name in ("应收", "排队中", "已发出", "等下次联系", "没送到")] == [
        "30",
        "4",
        "20",
        "2",
        "2",
    ]
    expect(page.locator(".drawing canvas")).to_be_visible()
    look(page, "notice-progress-desk")

    async def deliver(session: AsyncSession) -> None:
        row = await session.get_one(NoticeRecipient, (sent.notice_id, sent.queued))
        row.state, row.sent_at = SENT, now()
        await wake_consoles(session, await session.get_one(Notice, sent.notice_id))

    office.do(deliver)
    expect(page.locator(".sum", has=page.get_by_text("排队中", exact=True)).locator("dd")).to_have_text("3")
    expect(page.locator(".drawing canvas")).to_be_visible()
    page.get_by_role("button", name="提醒没确认的人").click()
    expect(page.get_by_text("今天已经提醒过了")).to_be_visible()
    phone = open_page(SMALL)
    office.sign_in(phone, CLERK)
    office.do(lambda session: session.execute(update(Staff).values(language=Language.EN)))
    office.go(phone, f"/notices/{sent.notice_id}/progress")
    look(phone, "notice-progress-phone")


def test_the_list_for_the_doors_is_printed_and_ticked(
    sent: Sent, office: Office, open_page: OpenPage
) -> None:
    page = open_page(DESK)
    office.sign_in(page, CLERK)
    office.go(page, f"/notices/{sent.notice_id}/progress")
    page.get_by_role("link", name="上门名单").click()
    line = page.locator(".door__line", has_text="林峰").first
    expect(line).to_contain_text("没有微信等联系方式")
    expect(page.get_by_text("何平")).to_have_count(0)  # wants no notices
    look(page, "notice-door-desk")
    line.get_by_role("button", name="已告知").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".door__line_told", has_text="林峰")).to_contain_text(f"{CLERK} 今天")
    page.emulate_media(media="print")
    expect(page.locator(".side")).to_be_hidden()
    expect(page.locator(".door__printed")).to_contain_text(CLERK)
    look(page, "notice-door-print")
    page.emulate_media(media="screen")
    page.get_by_role("link", name="没确认的人").click()
    expect(page.locator(".door__line", has_text="何平")).to_have_count(2)
    phone = open_page(SMALL)
    office.sign_in(phone, CLERK)
    office.go(phone, f"/notices/{sent.notice_id}/door")
    look(phone, "notice-door-phone")
