"""The page of what was not understood, in Chromium: by keyboard from the list to a taught group, and how it looks."""

from __future__ import annotations

import numpy as np
import pytest
from playwright.sync_api import expect
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from community.answers.models import AnswerEntry
from community.answers.search import SIZE
from community.learning.models import LearnedExample, UnclearMessage
from community.learning.noting import Unclear, note_picked, note_unclear
from community.learning.usecases import ignore_group
from community.parties.models import PartyType
from tests.e2e.conftest import DESK, OpenPage, look
from tests.e2e.test_console import Office, office  # noqa: F401 - the fixture

pytestmark = pytest.mark.e2e
SIZES = {"desk": DESK, "phone": (360, 720)}
SAID = (
    ("社区有没有书可以借呀", 0, "find_activities"),
    ("图书角几点开门", 0, None),
    ("我叫王秀英，想借两本书，电话13800138000", 0, None),
    ("can I borrow books here", 0, None),
    ("那个凉亭晚上能不能不要放歌了喂", 40, "report_need"),
    ("嗯呐那个啥", 80, None),
)


def fill(office: Office) -> None:  # noqa: F811
    """What residents said in the last days; one group is settled already."""

    async def write(session: AsyncSession) -> None:
        owner = office.cast.owner.resident_id
        for words, direction, picked in SAID:
            vector = np.eye(SIZE, dtype=np.float16)[direction].tobytes()
            noted = await note_unclear(
                session, owner, Unclear(words, vector, ("ask_procedure", "find_activities"))
            )
            assert noted is not None
            row = await session.get_one(UnclearMessage, noted)
            row.vector = vector
            if picked:
                await note_picked(session, noted, picked)
            if direction == 80:
                await ignore_group(session, office.cast.here.staff[PartyType.COMMITTEE], [noted])

    office.do(write)


def test_a_group_is_taught_by_keyboard_and_another_answered(office: Office, open_page: OpenPage) -> None:  # noqa: F811
    fill(office)
    page = open_page(DESK)
    office.sign_in(page, "banyan.committee")
    page.get_by_role("link", name="学习").click()
    expect(page.locator(".row")).to_have_count(2)
    office.wait_for_line(page)
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page.locator(".learning__said li")).to_have_count(4)
    expect(page.locator(".learning__said")).to_contain_text("我叫〔姓名〕")
    expect(page.locator("#intent")).to_have_value("find_activities")
    office.wait_for_line(page)
    page.keyboard.press("n")
    expect(page.locator("#note-words")).to_be_focused()
    page.locator("#intent").select_option("ask_procedure")
    page.get_by_role("button", name="教给邻里").click()
    expect(page.get_by_role("status").first).to_contain_text("会放进训练文件")
    expect(page.locator(".learning__acts")).to_contain_text("教作“问怎么办、政策”，4次的话")
    page.locator(".row__link").click()
    office.wait_for_line(page)
    page.keyboard.press("r")
    expect(page.locator("#answer-words")).to_be_focused()
    page.keyboard.type("凉亭夜里十点后不许放音乐，太吵告诉我。")
    page.get_by_label("标题（最多8个字）").fill("凉亭放歌")
    page.get_by_role("button", name="用这条答案").click()
    expect(page.get_by_role("status").first).to_contain_text("再有人问就这样答")
    expect(page.get_by_text("都听懂了")).to_be_visible()

    async def written(session: AsyncSession) -> tuple[int, list[str]]:
        taught = (await session.scalars(select(LearnedExample))).all()
        return len(taught), list((await session.scalars(select(AnswerEntry.title_zh))).all())

    assert office.do(written) == (4, ["凉亭放歌"])


def test_back_by_a_key_and_a_refusal_keeps_the_form(office: Office, open_page: OpenPage) -> None:  # noqa: F811
    fill(office)
    page = open_page(DESK)
    office.sign_in(page, "banyan.committee")
    office.go(page, "/learning")
    page.locator(".row__link").first.click()
    page.get_by_label("标题（最多8个字）").fill("借书")
    page.get_by_label("答案", exact=True).fill("长" * 80)
    page.get_by_role("button", name="用这条答案").click()
    expect(page.get_by_role("alert")).to_contain_text("每行答案最多60个字")
    expect(page.get_by_label("标题（最多8个字）")).to_have_value("借书")
    office.wait_for_line(page)
    page.keyboard.press("u")
    expect(page.locator(".row")).to_have_count(2)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize(("language", "scheme"), [("zh", "light"), ("en", "light"), ("zh", "dark")])
def test_it_is_seen_and_read_out(
    office: Office,  # noqa: F811
    open_page: OpenPage,
    size: str,
    language: str,
    scheme: str,
) -> None:
    page = open_page(SIZES[size], color_scheme=scheme)
    office.sign_in(page, "banyan.committee")
    if language == "en":
        page.locator("#who summary").click()
        page.get_by_role("button", name="English").click()
    office.go(page, "/learning")
    look(page, f"learning-empty-{size}-{language}-{scheme}")
    fill(office)
    office.go(page, "/learning")
    expect(page.locator(".row")).to_have_count(2)
    look(page, f"learning-{size}-{language}-{scheme}")
    page.locator(".row__link").first.click()
    office.wait_for_line(page)
    look(page, f"learning-group-{size}-{language}-{scheme}")
