"""The leader's view as a page: for whom it opens, its numbers lead to lists of as many, nothing breaks it."""

from __future__ import annotations

import html
import json
import re
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from sqlalchemy import select, update

from community.actors import StaffActor
from community.clock import now
from community.needs.models import Need, NeedState, Visibility
from community.needs.queue import find_queue
from community.parties.models import Party, PartyType, Staff
from linli.database import Sessions
from operations.demo.past import remember_past
from tests.cast import Cast
from tests.web.staff.conftest import OpenDesk
from web.staff.charts import Cell, Row, Shape, ask, count, put_together
from web.staff.wanted import Wanted
from web.words import words_for

PAGE = "/staff/overview"
_TODAY = now().date()
A_YEAR = f"{PAGE}?period=own&first={_TODAY - timedelta(days=365)}&last={_TODAY}"
"""Not the year of the calendar, which is empty on its first day."""
LINK = re.compile(r'<a href="(/staff/needs\?[^"]+)">(\d+)</a>')
DRAWING = re.compile(r'data-chart="([^"]+)"')


@pytest.fixture
async def leader(sessions: Sessions, cast: Cast) -> StaffActor:
    """Who leads the committee here, after a year of needs."""
    actor = cast.here.staff[PartyType.COMMITTEE]
    async with sessions.begin() as session:
        await session.execute(update(Staff).where(Staff.id == actor.staff_id).values(leads=True))
        parties = {kind: await session.get_one(Party, party.id) for kind, party in cast.here.parties.items()}
        people = {
            party.id: (await session.scalars(select(Staff).where(Staff.party_id == party.id))).all()
            for party in parties.values()
        }
        await remember_past(session, cast.here.community, parties, people, [cast.here.unit.id], now(), 2)
    return actor


async def test_every_count_leads_to_a_list_of_as_many(
    sessions: Sessions, leader: StaffActor, open_desk: OpenDesk
) -> None:
    """What is confidential is in no list of a committee's, and in no count that leads to one."""
    async with sessions() as session:
        secret = select(Need.id).where(Need.visibility == Visibility.CONFIDENTIAL)
        assert await session.scalar(secret.limit(1))
    text = (await (await open_desk(leader)).get(A_YEAR)).text
    links = {html.unescape(href): int(number) for href, number in LINK.findall(text)}
    assert len(links) > 12
    async with sessions() as session:
        for href, number in links.items():
            asked = {name: values[0] for name, values in parse_qs(urlsplit(href).query).items()}
            wanted = Wanted.model_validate(asked).filter()
            assert len(await find_queue(session, leader, wanted, most=1000)) == number, href


async def test_what_is_drawn_is_what_the_table_says(leader: StaffActor, open_desk: OpenDesk) -> None:
    text = (await (await open_desk(leader)).get(A_YEAR)).text
    drawings = [json.loads(html.unescape(found)) for found in DRAWING.findall(text)]
    tables = text.split("<tbody>")[1:]
    assert len(drawings) == len(tables) > 8
    for drawing, table in zip(drawings, tables, strict=True):
        rows = table.split("</tbody>")[0].count("<tr")
        assert rows == len(drawing["labels"])
        for series in drawing["series"]:
            assert all(html.escape(cell["text"]) in table for cell in series["cells"])


def test_what_is_beyond_the_longest_is_written_and_not_drawn() -> None:
    """Fifty people in one bar would dwarf everybody else's."""
    rows = [Row(f"{number}", [count(number), count(1)], n=number + 1) for number in (9, 8, 3, 2)]
    *first, rest = put_together(words_for("zh"), "others", rows, 2)
    assert first == rows[:2]
    assert rest == Row("其他2位，共7件", [Cell(None, "5"), Cell(None, "2")], n=7)
    assert put_together(words_for("zh"), "others", rows, 4) == rows


async def test_what_is_confidential_and_open_is_a_number_beside_the_bars(
    sessions: Sessions, leader: StaffActor, open_desk: OpenDesk
) -> None:
    async with sessions.begin() as session:
        for visibility in (Visibility.CONFIDENTIAL, Visibility.PUBLIC):
            some = select(Need.id).where(Need.visibility == visibility).limit(4)
            await session.execute(update(Need).where(Need.id.in_(some)).values(state=NeedState.ACCEPTED))
    assert "保密的事（4）" in (await (await open_desk(leader)).get(PAGE)).text


@pytest.mark.parametrize("shape", Shape)
def test_a_line_of_one_point_is_not_drawn(shape: Shape) -> None:
    """The first quarter of a new community says nothing of a trend."""
    one = ask(words_for("zh"), "quarters", shape, [], [Row("2026年4季", [])], 7)
    assert bool(one.rows) is (shape is not Shape.LINES)


async def test_a_single_day_has_its_date_once_and_no_course(leader: StaffActor, open_desk: OpenDesk) -> None:
    desk, question = await open_desk(leader), "来得多，还是办得多？"
    day = (now() - timedelta(days=5)).date()
    one = (await desk.get(f"{PAGE}?period=own&first={day}&last={day}")).text
    assert f"<b>{day.year}年{day.month}月{day.day}日</b>" in one
    assert question not in one
    assert question in (await desk.get(f"{PAGE}?period=own&first={day - timedelta(days=9)}&last={day}")).text


@pytest.mark.parametrize("party", [PartyType.COMMITTEE, PartyType.PROPERTY_COMPANY])
async def test_who_does_not_lead_finds_no_such_page_and_no_place_in_the_menu(
    cast: Cast, open_desk: OpenDesk, party: PartyType
) -> None:
    desk = await open_desk(cast.here.colleagues[party])
    assert PAGE not in (await desk.get("/staff/needs")).text
    await desk.get(PAGE, 404)
    await (await open_desk(cast.admin)).get(PAGE, 404)


async def test_the_street_chooses_a_community_and_others_do_not(
    cast: Cast, leader: StaffActor, open_desk: OpenDesk
) -> None:
    street = await open_desk(cast.street)
    assert cast.there.community.zh in (await street.get(PAGE)).text
    await street.get(f"{PAGE}?community={cast.there.community.id}")
    await street.get(f"{PAGE}?community=nonsense", 404)
    await (await open_desk(leader)).get(f"{PAGE}?community={cast.there.community.id}", 404)


@pytest.mark.parametrize(
    "query",
    [
        "period=nonsense&on=yesterday",
        "period=own",
        "period=own&first=2026-13-01&last=x",
        "period=own&first=0001-01-01&last=9999-12-31",
        "period=year&on=9999-12-31",
        "period=own&first=1900-01-01&last=2026-01-01",
    ],
)
async def test_an_odd_address_shows_some_period(cast: Cast, open_desk: OpenDesk, query: str) -> None:
    await (await open_desk(cast.street)).get(f"{PAGE}?{query}")
