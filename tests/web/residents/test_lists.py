"""Lists that are longer than a page are read on to their end; odd values in addresses are no error of ours."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import timedelta

import httpx
import pytest

from community.clock import now
from community.needs.lines import PAGE
from community.needs.usecases.residents import Report, ReportLimits, report_need
from linli.database import Sessions
from tests.cast import Cast
from tests.web.residents.conftest import Browsers
from tests.web.residents.tales import Tales

MANY = PAGE * 2 + 5
CARD = re.compile(r'<strong class="card__kind">')
OLDER = re.compile(r'class="choice" href="(/m/[^"]*before=[^"]+)"')


@pytest.fixture
async def many(sessions: Sessions, cast: Cast) -> None:
    """More needs of the owner than two pages hold."""
    async with sessions.begin() as session:
        for number in range(MANY):
            at = now() - timedelta(minutes=number)
            report = Report(kind="elevator", words=f"第{number}次", place_id=cast.here.unit.id)
            limits = ReportLimits(an_hour=1_000, a_day=1_000)
            await report_need(session, cast.owner.resident_id, report, limits=limits, at=at)


@pytest.mark.parametrize("path", ["/m/needs", "/m/board"])
async def test_older_ones_follow_until_there_are_no_more(many: None, browsers: Browsers, path: str) -> None:
    seen = await _read_on(browsers.owner, path)
    assert seen == [PAGE, PAGE, 5]


async def _read_on(client: httpx.AsyncClient, path: str) -> Sequence[int]:
    seen: list[int] = []
    address: str | None = path
    while address:
        page = (await client.get(address)).text
        seen.append(len(CARD.findall(page)))
        older = OLDER.search(page)
        address = older[1].replace("&amp;", "&") if older else None
    return seen


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/m/needs?before=yesterday", 400),
        ("/m/needs?before=2026-01-01", 200),
        ("/m/needs?before=9999-12-31T23:59:59-12:00", 200),
        ("/m/needs?before=0001-01-01T00:00:00%2B14:00", 200),
        ("/m/board?over=perhaps", 400),
        ("/m/board?before=1&over=true", 200),
        ("/m/notices/x", 400),
        ("/m/me/home?community=x", 400),
        ("/m/me?done=%3Cscript%3E", 200),
        ("/m/photos/..%2f..%2fetc", 404),
        ("/m/nothing", 404),
    ],
)
async def test_odd_addresses(browsers: Browsers, tales: Tales, path: str, status: int) -> None:
    answer = await browsers.owner.get(path)
    assert answer.status_code == status
    assert "<script>" not in answer.text
    if status >= 400:
        assert 'href="/m/needs"' in answer.text
