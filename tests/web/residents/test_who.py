"""What residents are told about who does it and by when: the list, the confirmation, the solution, our waiting."""

from __future__ import annotations

import pytest

from channels.render import render_text
from community.needs.usecases.asking import ask_resident
from community.needs.usecases.residents import Report, report_need
from community.needs.usecases.staff import answer_resident
from community.parties.models import PartyType
from linli.database import Sessions
from tests.cast import Cast
from tests.web.residents.conftest import Browsers


async def test_the_list_says_who_leads_and_who_helps(cast: Cast, browsers: Browsers) -> None:
    page = (await browsers.owner.get("/m/who")).text
    for words in ("电梯", "榕树社区物业", "榕树社区居委会协助"):
        assert words in page
    assert "河畔" not in page
    assert "谁管什么" in (await browsers.owner.get("/m/board")).text
    assert "榕树社区物业" not in (await browsers.stranger.get("/m/who")).text


async def test_the_page_says_by_when_it_is_solved_and_that_we_wait(
    cast: Cast, browsers: Browsers, sessions: Sessions
) -> None:
    lead = cast.here.staff[PartyType.PROPERTY_COMPANY]
    async with sessions.begin() as session:
        need = await report_need(session, cast.owner.resident_id, Report("elevator", "电梯停了"))
    path = f"/m/needs/{need.id}"
    assert "给您回话" in (await browsers.owner.get(path)).text
    async with sessions.begin() as session:
        await answer_resident(session, lead, need.id, "下午来修")
    assert "前办好" in (await browsers.owner.get(path)).text
    async with sessions.begin() as session:
        await ask_resident(session, lead, need.id, "几楼？")
    page = (await browsers.owner.get(path)).text
    assert "等您回一句话" in page
    assert "时限暂停" not in page  # what staff note among themselves


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("zh", "这件事由物业负责，居委会、志愿队协助，"),
        ("en", "Property is in charge, Committee and Volunteers helps"),
    ],
)
def test_the_confirmation_names_who_helps(language: str, words: str) -> None:
    values = {
        "code": "A2B3C",
        "party": {"zh": "物业", "en": "Property"},
        "assist": [{"zh": "居委会", "en": "Committee"}, {"zh": "志愿队", "en": "Volunteers"}],
        "urgency": "normal",
        "due": "2026-03-03T09:00:00+00:00",
    }
    assert words.replace("helps", "help") in render_text("need_saved", language, values)
    assert "协助" not in render_text("need_saved", "zh", values | {"assist": []})
