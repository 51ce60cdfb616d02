"""Last month's plan at the console: seen with its new dates, copied with one press, and what does not go is said."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator
from uuid import UUID, uuid4

import pytest
import time_machine
from sqlalchemy import func, select

from community.activities.models import Activity, Shift
from community.activities.repeating import Every, make_rule
from community.activities.usecases.planning import plan_activity
from community.parties.models import PartyType
from linli.database import Sessions
from tests.cast import Cast
from tests.community.activities.plans import MONDAY, SATURDAY, make_plan, publish
from tests.web.staff.conftest import Browser, OpenDesk, actor_of

PATH, APRIL = "/staff/activities/month", "2026-04"
TICKED = re.compile(r'name="(shift-[0-9a-f-]+)" value="1" checked')
CLOSED = re.compile(r'name="shift-[0-9a-f-]+" value="1" disabled')


@pytest.fixture(autouse=True)
def _march() -> Iterator[None]:
    with time_machine.travel(MONDAY, tick=True):
        yield


@pytest.fixture
async def desk(open_desk: OpenDesk, cast: Cast, sessions: Sessions) -> Browser:
    """The committee, which has a visit every Saturday and every Sunday from the 15th of March on."""
    weekly = make_rule(Every.WEEK, SATURDAY.date(), SATURDAY.date().replace(day=28))
    await publish(sessions, cast, make_plan(rule=weekly))
    sunday = SATURDAY.replace(day=15)
    rule = make_rule(Every.WEEK, sunday.date(), sunday.date().replace(day=29))
    await publish(sessions, cast, make_plan(sunday, title_zh="巡逻", rule=rule))
    return await open_desk(cast.here.staff[PartyType.COMMITTEE])


async def _ticks(desk: Browser) -> dict[str, str]:
    return dict.fromkeys(TICKED.findall((await desk.get(f"{PATH}?month={APRIL}")).text), "1")


async def _count(sessions: Sessions) -> int:
    async with sessions() as session:
        return await session.scalar(select(func.count()).select_from(Activity)) or 0


async def test_one_press_copies_a_month(desk: Browser, sessions: Sessions) -> None:
    board = (await desk.get("/staff/activities?since=2026-03-25")).text
    assert f'href="{PATH}?month={APRIL}">照搬上个月的安排' in board
    page = (await desk.get(f"{PATH}?month={APRIL}")).text
    assert "2026年3月 → 2026年4月" in page
    assert "<b>4月4日 周六</b> 09:00–11:00" in page
    assert "4月没有第五个周日，不带过来" in page
    assert len(CLOSED.findall(page)) == 1
    ticks = await _ticks(desk)
    assert len(ticks) == 6
    answer = await desk.post(PATH, 303, month=APRIL, **ticks)
    after = (await desk.get(answer.headers["location"])).text
    assert "照搬来的草稿还有 2 个没发布" in after
    assert after.count("看照搬来的") == 2
    assert "勾上的都存成草稿" not in after, "nothing is left to copy"
    copy = re.search(r'href="(/staff/activities/[0-9a-f-]{36})">看照搬来的', after)
    assert copy
    await desk.post(f"{copy[1]}/publish")
    assert "还有 1 个没发布" in (await desk.get(f"{PATH}?month={APRIL}")).text


async def test_what_is_unticked_stays(desk: Browser, sessions: Sessions) -> None:
    ticks = await _ticks(desk)
    kept = dict(list(ticks.items())[:1])
    await desk.post(PATH, 303, month=APRIL, **kept)
    async with sessions() as session:
        new = select(Shift.starts_at).where(Shift.starts_at >= SATURDAY.replace(month=4, day=1))
        assert (await session.scalars(new)).all() == [SATURDAY.replace(month=4, day=4)]


async def test_pressed_twice_and_by_two_at_once(
    desk: Browser, open_desk: OpenDesk, cast: Cast, sessions: Sessions
) -> None:
    colleague, ticks = await open_desk(actor_of(cast, "here.committee.2")), await _ticks(desk)
    await asyncio.gather(*(each.post(PATH, 303, month=APRIL, **ticks) for each in (desk, colleague, desk)))
    await desk.post(PATH, 303, month=APRIL, **ticks)
    assert await _count(sessions) == 4


async def test_what_does_not_go_is_said_and_changes_nothing(desk: Browser, sessions: Sessions) -> None:
    ticks = await _ticks(desk)
    for month in ("2026-02", "2025-04", "2028-01", "next", "2026-13", ""):
        assert "往后一年里的月份" in (await desk.post(PATH, 422, month=month, **ticks)).text
    assert "往后一年里的月份" in (await desk.get(f"{PATH}?month=2026-02", 422)).text
    assert "一场都没勾" in (await desk.post(PATH, 422, month=APRIL)).text
    last = next(iter(ticks))
    changed = await desk.post(PATH, 422, month="2026-06", **{last: "1"})
    assert "一场也没动" in changed.text
    await desk.post(PATH, 404, month=APRIL, **{f"shift-{uuid4()}": "1"})
    assert (
        await desk.client.post(PATH, data={"csrf": desk.csrf, "month": APRIL, "shift-x": "1"})
    ).status_code < 500
    assert await _count(sessions) == 2
    assert "没有可照搬的" in (await desk.get(f"{PATH}?month=2026-08")).text, "a month after an empty one"


async def test_a_refusal_keeps_what_was_ticked(desk: Browser, sessions: Sessions) -> None:
    ticks = await _ticks(desk)
    async with sessions() as session:
        fifth = (await session.scalars(select(Shift.id).order_by(Shift.starts_at.desc()).limit(1))).one()
    kept = dict(list(ticks.items())[:2])
    refused = await desk.post(PATH, 422, month=APRIL, **kept, **{f"shift-{fifth}": "1"})
    assert "一场也没动" in refused.text
    assert set(TICKED.findall(refused.text)) == set(kept)


async def test_what_another_party_planned_is_not_listed(
    desk: Browser, open_desk: OpenDesk, cast: Cast, sessions: Sessions
) -> None:
    partner = cast.here.staff[PartyType.VOLUNTEER_TEAM]
    async with sessions.begin() as session:
        own = await plan_activity(session, partner, make_plan(title_zh="志愿队的读书会"))
        shift: UUID = (await session.scalars(select(Shift.id).where(Shift.activity_id == own.id))).one()
    assert "志愿队的读书会" not in (await desk.get(f"{PATH}?month={APRIL}")).text
    await desk.post(PATH, 403, month=APRIL, **{f"shift-{shift}": "1"})
    theirs = (await (await open_desk(partner)).get(f"{PATH}?month={APRIL}")).text
    assert "志愿队的读书会" in theirs
    assert "探访独居老人" not in theirs
    assert await _count(sessions) == 3
