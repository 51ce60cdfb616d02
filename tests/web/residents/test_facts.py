"""What was said of when, how many and whom to call, on the person's own page."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from community.facts.models import TimeKind
from community.needs.told import Told
from community.needs.usecases.residents import Report, report_need
from linli.database import Sessions
from tests.cast import Cast
from tests.web.residents.conftest import Browsers

TUESDAY = datetime(2024, 3, 5, tzinfo=ZoneInfo("Asia/Shanghai"))


async def test_own_facts_are_on_the_own_page(browsers: Browsers, sessions: Sessions, cast: Cast) -> None:
    told = Told(
        happened_words="从上周二开始",
        happened_kind=TimeKind.SINCE,
        happened_from=TUESDAY,
        people_words="两个孩子",
    )
    report = Report(
        kind="elevator", words="电梯坏了，电话138 0013 8000", place_id=cast.here.unit.id, told=told
    )
    async with sessions.begin() as session:
        need = await report_need(session, cast.owner.resident_id, report)
    page = (await browsers.owner.get(f"/m/needs/{need.id}")).text
    for words in ("从上周二开始", "2024年3月5日 起", "两个孩子", "13800138000", "138****8000"):
        assert words in page
