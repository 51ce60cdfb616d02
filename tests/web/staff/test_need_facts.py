"""Facts of a report on the console: when, how many, whom to call; the phone only for those who may see contact."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from community.facts.models import TimeKind
from community.needs.models import Need
from community.needs.told import Told
from community.needs.usecases.residents import Report, add_to_need, report_need
from linli.database import Sessions
from tests.cast import Cast
from tests.web.staff.conftest import OpenDesk, actor_of

PHONE, LANDLINE, AGENCY = "13800138000", "02087654321", "4008208820"
TEN = datetime(2024, 3, 3, 22, tzinfo=ZoneInfo("Asia/Shanghai"))


@pytest.fixture
async def stuck(sessions: Sessions, cast: Cast) -> Need:
    """A lift with everything said about it."""
    told = Told(
        happened_words="那天晚上十点多",
        happened_kind=TimeKind.AT,
        happened_from=TEN,
        happened_until=TEN + timedelta(hours=1),
        people_words="三户人家",
        people_count=3,
    )
    words = f"电梯坏了，打我{PHONE}，维保热线{AGENCY}没人接"
    where = f"一楼，到了打{PHONE}"
    report = Report(kind="elevator", words=words, place_id=cast.here.unit.id, place_words=where, told=told)
    async with sessions.begin() as session:
        return await report_need(session, cast.owner.resident_id, report)


async def test_the_page_tells_when_and_how_many(open_desk: OpenDesk, cast: Cast, stuck: Need) -> None:
    desk = await open_desk(actor_of(cast, "here.property_company"))
    page = (await desk.get(f"/staff/needs/{stuck.id}")).text
    for words in ("那天晚上十点多", "2024年3月3日 22:00–23:00", "三户人家", "一楼", AGENCY):
        assert words in page


@pytest.mark.parametrize(
    ("who", "seen"), [("here.property_company", True), ("here.committee", True), ("street", False)]
)
async def test_a_phone_is_shown_to_those_who_may_call(
    open_desk: OpenDesk, cast: Cast, stuck: Need, sessions: Sessions, who: str, seen: bool
) -> None:
    async with sessions.begin() as session:
        await add_to_need(session, cast.owner.resident_id, stuck.id, f"也可以打家里 {LANDLINE}")
    desk = await open_desk(actor_of(cast, who))
    page = (await desk.get(f"/staff/needs/{stuck.id}")).text
    assert (f"tel:{PHONE}" in page, f"tel:{LANDLINE}" in page) == (seen, seen)
    assert "138****8000" in page
    if not seen:
        assert PHONE not in page
        assert LANDLINE not in page


async def test_no_list_shows_a_phone(open_desk: OpenDesk, cast: Cast, stuck: Need) -> None:
    for who in ("here.property_company", "here.committee"):
        page = (await (await open_desk(actor_of(cast, who))).get("/staff/needs?scope=all")).text
        assert "138****8000" in page
        assert PHONE not in page
