"""Activities at the console: planned, published, filled, arrived at, and closed to whoever has no business there."""

from __future__ import annotations

import io
import re
from datetime import timedelta
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import pytest
import time_machine
from openpyxl import load_workbook
from sqlalchemy import select

from community.activities.models import Activity, ActivityState, Part, Shift
from community.audit.models import AuditAct
from community.clock import now
from community.parties.models import PartyType
from community.places.models import DEFAULT_ZONE
from community.signups.models import SignUpState
from community.signups.usecases.joining import Comer, join_shift
from community.substitutes.models import Search, SearchState
from linli.database import Sessions
from tests.cast import Cast
from tests.community.activities.plans import make_plan, publish, states, told
from tests.scanning import scan_svg
from tests.web.staff.conftest import Browser, OpenDesk

COMMITTEE = PartyType.COMMITTEE
FORM = {
    "kind": "visits",
    "title_zh": "探访独居老人",
    "words": "上门陪老人说说话。",
    "where_zh": "3号楼大厅",
    "contact": "李姐 138 0000 0000",
    "starts": "09:00",
    "ends": "11:00",
    "volunteer": "2",
    "participant": "0",
}


@pytest.fixture
async def desk(open_desk: OpenDesk, cast: Cast) -> Browser:
    return await open_desk(cast.here.staff[COMMITTEE])


def _day(days: int) -> str:
    return (now() + timedelta(days=days)).astimezone(ZoneInfo(DEFAULT_ZONE)).date().isoformat()


async def _plan(desk: Browser, status: int = 303, **fields: str) -> str:
    form = {**FORM, "request_id": str(uuid4()), "date": _day(5), **fields}
    answer = await desk.post("/staff/activities", status, **form)
    return answer.headers.get("location", "") or answer.text


async def _shift(sessions: Sessions) -> UUID:
    async with sessions() as session:
        return (await session.scalars(select(Shift.id).order_by(Shift.starts_at).limit(1))).one()


async def test_the_form_is_taken_with_every_field_that_a_browser_sends(desk: Browser) -> None:
    page = (await desk.get("/staff/activities/new")).text
    form = page[page.index('<form class="plan"') :]
    empty = dict.fromkeys(re.findall(r' name="(\w+)"', form[: form.index("</form>")]), "")
    del empty["csrf"]
    assert len(empty) > 20
    await _plan(desk, 303, **(empty | FORM | {"request_id": str(uuid4()), "date": _day(5)}))


async def test_a_plan_becomes_an_activity_with_its_shifts(desk: Browser, sessions: Sessions) -> None:
    address = await _plan(desk, every="week", until=_day(20))
    page = await desk.get(address)
    assert page.text.count('class="shift"') == 3
    assert "每周" in page.text
    assert "草稿" in (await desk.get("/staff/activities")).text
    await desk.post(f"{address}/publish")
    async with sessions() as session:
        assert (await session.scalars(select(Activity.state))).all() == [ActivityState.PUBLISHED]
    again = await desk.post(f"{address}/publish", 409)
    assert "refusal" in again.text


async def test_a_day_with_a_morning_and_an_afternoon(desk: Browser, sessions: Sessions) -> None:
    twice = {"starts2": "14:00", "ends2": "17:00", "starts3": "", "ends3": ""}
    address = await _plan(desk, 303, **twice)
    assert (await desk.get(address)).text.count('class="shift"') == 2
    form = (await desk.get(f"{address}/edit")).text
    assert 'name="starts2" value="14:00"' in form
    assert 'name="ends2" value="17:00"' in form
    await desk.post(
        f"{address}/edit", 303, **(FORM | twice | {"date": _day(6), "starts4": "20:00", "ends4": "22:00"})
    )
    assert (await desk.get(address)).text.count('class="shift"') == 3
    assert "不同的时间" in await _plan(desk, 422, starts2="09:00", ends2="10:00")
    assert "结束要晚于开始" in await _plan(desk, 422, starts2="15:00")


async def test_a_copy_begins_at_the_time_of_the_first_shift_that_stands(
    desk: Browser, sessions: Sessions
) -> None:
    address = await _plan(desk, 303, starts2="14:00", ends2="17:00")
    async with sessions.begin() as session:
        first = (await session.scalars(select(Shift).order_by(Shift.starts_at).limit(1))).one()
        first.cancelled_at = now()
    copied = await desk.post(f"{address}/copy", 303, date=_day(20))
    form = (await desk.get(f"{copied.headers['location']}/edit")).text
    assert 'name="starts" value="14:00"' in form
    assert 'name="starts2" value=""' in form


async def test_a_board_that_is_cut_says_so(desk: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    await _plan(desk)
    assert "只列前" not in (await desk.get("/staff/activities")).text
    monkeypatch.setattr("web.staff.activities.MOST_LISTED", 1)
    board = (await desk.get("/staff/activities")).text
    assert "只列前 1 场" in board
    assert f"since={_day(5)}" in board, "the next page goes on where this one ends"


@pytest.mark.parametrize("day", ["9999-12-31", "0001-01-10", "1999-12-31"])
async def test_a_day_out_of_reach_opens_the_board_at_today(desk: Browser, day: str) -> None:
    board = (await desk.get(f"/staff/activities?since={day}")).text
    assert f"since={_day(28)}" in board


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"date": "2020-01-01"}, "已经过了"),
        ({"date": "tomorrow"}, "结束要晚于开始"),
        ({"date": "9999-12-31"}, "结束要晚于开始"),
        ({"date": "0001-01-01"}, "结束要晚于开始"),
        ({"building": "x"}, "请先选一个"),
        ({"volunteer": "0"}, "要几个人"),
        ({"volunteer": "99999"}, "要几个人"),
        ({"minimum_age": "0"}, "1 到 99"),
        ({"every": "week"}, "重复到哪天"),
        ({"kind": "party"}, "活动种类"),
    ],
)
async def test_what_does_not_fit_is_said_and_kept(desk: Browser, wrong: dict[str, str], said: str) -> None:
    page = await _plan(desk, 422, **wrong)
    assert said in page
    assert "上门陪老人说说话。" in page


async def test_the_people_of_a_shift(
    desk: Browser, sessions: Sessions, cast: Cast, open_desk: OpenDesk
) -> None:
    shift_id = await publish(sessions, cast, make_plan(now() + timedelta(hours=30)))
    async with sessions.begin() as session:
        held = await join_shift(session, cast.owner.resident_id, shift_id, Part.VOLUNTEER, [Comer("mother")])
    address = f"/staff/activities/shifts/{shift_id}"
    page = (await desk.get(address)).text
    assert "带 妈妈" in page
    assert "志愿者 2/2" in page
    sign_up = str(held.sign_up.id)
    assert "还没到签到时间" in (await desk.post(f"{address}/arrived", 422, sign_up=sign_up)).text
    begins = held.shift.starts_at
    with time_machine.travel(begins + timedelta(minutes=1)):
        late = await open_desk(cast.here.staff[COMMITTEE])
        assert re.search(r'spot__code">\d{4}<', (await late.get(f"{address}/code")).text)
        await late.post(f"{address}/arrived", sign_up=sign_up)
    assert await states(sessions, shift_id) == ["checked_in"]


async def test_the_code_of_a_shift_is_scanned(
    sessions: Sessions, cast: Cast, open_desk: OpenDesk, address: str
) -> None:
    shift_id = await publish(sessions, cast, make_plan(now() + timedelta(hours=30)))
    page = f"/staff/activities/shifts/{shift_id}/code"
    with time_machine.travel(now() + timedelta(hours=30), tick=False) as clock:
        desk, seen = await open_desk(cast.here.staff[COMMITTEE]), set()
        for _ in range(3):
            shown = re.findall(r'spot__code">(\d{4})<', (await desk.get(page)).text)
            scanned = scan_svg((await desk.get(f"{page}.svg")).content)
            assert scanned == f"{address}/m/check-in/{shift_id}?code={shown[0]}"
            seen.add(scanned)
            clock.shift(60)
    assert len(seen) > 1, "it changes each minute"


async def test_calling_for_more_and_stopping(desk: Browser, sessions: Sessions, cast: Cast) -> None:
    shift_id = await publish(sessions, cast, make_plan(now() + timedelta(hours=30)))
    address = f"/staff/activities/shifts/{shift_id}"
    assert "缺人" in (await desk.get("/staff/activities")).text
    await desk.post(f"{address}/call")
    async with sessions() as session:
        search = (await session.scalars(select(Search))).one()
    assert "正在找" in (await desk.get(address)).text
    await desk.post(f"{address}/stop", search=str(search.id))
    async with sessions() as session:
        assert (await session.scalars(select(Search.state))).one() is SearchState.STOPPED


async def test_moving_and_calling_off(desk: Browser, sessions: Sessions, cast: Cast) -> None:
    shift_id = await publish(sessions, cast, make_plan(now() + timedelta(hours=30)))
    async with sessions.begin() as session:
        await join_shift(session, cast.owner.resident_id, shift_id, Part.VOLUNTEER)
    address = f"/staff/activities/shifts/{shift_id}"
    await desk.post(f"{address}/move", date=_day(6), starts="14:00", ends="16:00")
    assert (
        "结束要晚于开始"
        in (await desk.post(f"{address}/move", 422, date=_day(6), starts="14:00", ends="9:00")).text
    )
    await desk.post(f"{address}/cancel", why="下大雨")
    assert await states(sessions, shift_id) == ["cancelled"]
    assert await told(sessions, cast.owner.resident_id) == ["shift_moved", "shift_cancelled"]


async def test_it_is_planned_again(desk: Browser, sessions: Sessions) -> None:
    address = await _plan(desk)
    await desk.post(f"{address}/publish")
    answer = await desk.post(f"{address}/copy", date=_day(30))
    assert answer.headers["location"] != address
    assert "草稿" in (await desk.get(answer.headers["location"])).text


async def test_who_has_no_business_there(
    desk: Browser, sessions: Sessions, cast: Cast, open_desk: OpenDesk
) -> None:
    address = await _plan(desk)
    await desk.post(f"{address}/publish")
    shift_id = await _shift(sessions)
    partner = await open_desk(cast.here.staff[PartyType.SOCIAL_ORGANISATION])
    await partner.get(address)
    await partner.post(f"{address}/cancel", 403)
    await partner.get(f"/staff/activities/shifts/{shift_id}", 404)
    for actor in (cast.there.staff[COMMITTEE], cast.street, cast.admin):
        elsewhere = await open_desk(actor)
        await elsewhere.get(f"/staff/activities/shifts/{shift_id}", 404)
    elsewhere = await open_desk(cast.there.staff[COMMITTEE])
    await elsewhere.get(address, 404)
    for actor in (cast.street, cast.admin):
        await (await open_desk(actor)).get("/staff/activities", 404)


async def test_hours_are_taken_away(
    desk: Browser, sessions: Sessions, cast: Cast, open_desk: OpenDesk
) -> None:
    """The committee has all of its community, a party its own; a cell that looks like a formula is none."""
    shift_id = await publish(sessions, cast, make_plan(now() + timedelta(minutes=90), title_zh="=1+1"))
    async with sessions.begin() as session:
        held = await join_shift(session, cast.owner.resident_id, shift_id, Part.VOLUNTEER)
        held.sign_up.state, held.sign_up.minutes = SignUpState.COMPLETED, 90
    until = f"until={_day(2)}"  # late in the evening it begins tomorrow
    committee = await desk.get(f"/staff/activities/hours.csv?{until}", 200)
    assert "'=1+1" in committee.text
    assert ",1.5" in committee.text
    partner = await open_desk(cast.here.staff[PartyType.SOCIAL_ORGANISATION])
    assert "1.5" not in (await partner.get(f"/staff/activities/hours.csv?{until}")).text
    book = load_workbook(io.BytesIO((await desk.get(f"/staff/activities/hours.xlsx?{until}")).content))
    assert [cell.value for cell in list(book.active.rows)[1]][1] == "'=1+1"
    async with sessions() as session:
        noted = (await session.scalars(select(AuditAct.details).order_by(AuditAct.id))).all()
    assert [each["form"] for each in noted if "form" in each] == ["csv", "csv", "xlsx"]
