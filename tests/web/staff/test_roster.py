"""The roster's and hotlines' doors: who comes in, what a form changes, what is refused beside it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from sqlalchemy import select, update

from community.hotlines.founding import found_hotlines
from community.hotlines.models import Hotline
from community.parties.models import DutyShift, Staff
from linli.database import Sessions
from tests.cast import Cast
from tests.web.staff.conftest import OpenDesk, actor_of

ROSTER, HOTLINES = "/staff/roster", "/staff/hotlines"
TOMORROW = date.today() + timedelta(days=1)  # noqa: DTZ011 - a form's day
EVERYBODY = (
    "here.committee",
    "here.social_work_team",
    "here.property_company",
    "there.committee",
    "street",
    "admin",
)


def form(cast: Cast, who: str, **changes: str) -> dict[str, Any]:
    staff_id = str(actor_of(cast, who).staff_id)
    return {
        "staff_id": staff_id,
        "day": TOMORROW.isoformat(),
        "week": TOMORROW.isoformat(),
        "opens": "08:30",
        "closes": "12:00",
        "phone": "020-8888 1234",
    } | changes


async def shifts(sessions: Sessions) -> list[DutyShift]:
    async with sessions() as session:
        return list((await session.scalars(select(DutyShift))).all())


@pytest.mark.parametrize("who", EVERYBODY)
async def test_who_sees_rosters(cast: Cast, open_desk: OpenDesk, who: str) -> None:
    desk = await open_desk(actor_of(cast, who))
    inside = who.endswith(("committee", "social_work_team")) or who == "street"
    page = await desk.get(ROSTER, 200 if inside else 404)
    if inside:
        assert "没人值班" in page.text
    own = actor_of(cast, "here.social_work_team").party_id
    await desk.get(f"{ROSTER}?party={own}", 200 if who in ("here.social_work_team", "street") else 404)


async def test_a_shift_is_added_changed_and_removed(
    cast: Cast, open_desk: OpenDesk, sessions: Sessions
) -> None:
    me, other = actor_of(cast, "here.committee"), actor_of(cast, "here.committee.2")
    desk = await open_desk(me)
    await desk.post(f"{ROSTER}/{me.party_id}/shifts", **form(cast, "here.committee"))
    (shift,) = await shifts(sessions)
    page = await desk.get(f"{ROSTER}?week={TOMORROW.isoformat()}")
    assert "08:30–12:00" in page.text
    changed = form(cast, "here.committee.2", opens="09:00")
    await desk.post(f"{ROSTER}/{me.party_id}/shifts/{shift.id}", **changed)
    assert [found.staff_id for found in await shifts(sessions)] == [other.staff_id]
    await desk.post(f"{ROSTER}/{me.party_id}/shifts/{shift.id}/remove", week=TOMORROW.isoformat())
    assert await shifts(sessions) == []


async def test_what_does_not_fit_is_said_on_the_page(cast: Cast, open_desk: OpenDesk) -> None:
    me = actor_of(cast, "here.committee")
    desk = await open_desk(me)
    await desk.post(f"{ROSTER}/{me.party_id}/shifts", **form(cast, "here.committee"))
    again = await desk.post(
        f"{ROSTER}/{me.party_id}/shifts", 422, **form(cast, "here.committee", opens="10:00")
    )
    assert "已经排了班" in again.text
    odd = await desk.post(f"{ROSTER}/{me.party_id}/shifts", 422, **form(cast, "here.committee", day="soon"))
    assert "写全" in odd.text


@pytest.mark.parametrize("who", ["here.social_work_team", "there.committee", "street", "admin"])
async def test_nobody_else_changes_it(cast: Cast, open_desk: OpenDesk, sessions: Sessions, who: str) -> None:
    party = actor_of(cast, "here.committee").party_id
    desk = await open_desk(actor_of(cast, who))
    answer = await desk.client.post(
        f"{ROSTER}/{party}/shifts", data={"csrf": desk.csrf, **form(cast, "here.committee")}
    )
    assert answer.status_code in (403, 404, 422)
    assert await shifts(sessions) == []


async def test_a_swap_by_forms(cast: Cast, open_desk: OpenDesk, sessions: Sessions) -> None:
    me, other = actor_of(cast, "here.committee"), actor_of(cast, "here.committee.2")
    mine, theirs = await open_desk(me), await open_desk(other)
    await mine.post(f"{ROSTER}/{me.party_id}/shifts", **form(cast, "here.committee"))
    (shift,) = await shifts(sessions)
    week = TOMORROW.isoformat()
    asked: dict[str, Any] = {"week": week, "with": str(other.staff_id)}
    await mine.post(f"{ROSTER}/{me.party_id}/shifts/{shift.id}/swap", **asked)
    page = await theirs.get(f"{ROSTER}?week={week}")
    swap = page.text.partition("/swaps/")[2][:36]
    await theirs.post(f"{ROSTER}/{me.party_id}/swaps/{swap}", week=week, answer="agree")
    assert [found.staff_id for found in await shifts(sessions)] == [other.staff_id]


@pytest.mark.parametrize("who", EVERYBODY)
async def test_who_keeps_hotlines(cast: Cast, open_desk: OpenDesk, sessions: Sessions, who: str) -> None:
    async with sessions.begin() as session:
        await found_hotlines(session, cast.here.community.id)
    desk = await open_desk(actor_of(cast, who))
    page = f"{HOTLINES}?community={cast.here.community.id}"
    keeps = who in ("here.committee", "street", "admin")
    await desk.get(page, 200 if keeps else 404)


async def test_a_line_is_changed_and_bad_hours_are_kept_in_the_form(
    cast: Cast, open_desk: OpenDesk, sessions: Sessions
) -> None:
    here = cast.here.community.id
    async with sessions.begin() as session:
        await found_hotlines(session, here)
    async with sessions() as session:
        line = (await session.scalars(select(Hotline).where(Hotline.number == "12356"))).one()
    desk = await open_desk(actor_of(cast, "here.committee"))
    fields: dict[str, Any] = {
        "number": "12356",
        "zh": "心理援助",
        "en": "Crisis line",
        "purpose_zh": "有人听",
        "purpose_en": "Listens",
    }
    bad = await desk.post(f"{HOTLINES}/{here}/lines/{line.id}", 422, **fields, hours="早上")
    assert 'value="早上"' in bad.text
    await desk.post(
        f"{HOTLINES}/{here}/lines/{line.id}", **fields, hours="每天 8:00-22:00", danger_self_harm="1"
    )
    async with sessions() as session:
        stored = await session.get_one(Hotline, line.id)
    assert stored.hours is not None
    assert stored.hours["mon"] == [["08:00", "22:00"]]
    assert stored.dangers == ["self_harm"]
    await desk.post(f"{HOTLINES}/{here}/times", next_minutes="3", follow_up_minutes="8")
    page = await desk.get(HOTLINES)
    assert 'name="next_minutes" min="1" max="120" value="3"' in page.text


async def test_who_leads_the_committee_looks_at_social_work(
    cast: Cast, open_desk: OpenDesk, sessions: Sessions
) -> None:
    me, team = actor_of(cast, "here.committee"), actor_of(cast, "here.social_work_team")
    async with sessions.begin() as session:
        await session.execute(update(Staff).where(Staff.id == me.staff_id).values(leads=True))
    page = await (await open_desk(me)).get(f"{ROSTER}?party={team.party_id}")
    assert "由他们自己排" in page.text


async def test_on_monday_morning_the_week_is_the_new_one(cast: Cast, open_desk: OpenDesk) -> None:
    with time_machine.travel(datetime(2026, 3, 8, 23, 30, tzinfo=UTC), tick=True):  # 7:30 on Monday
        desk = await open_desk(actor_of(cast, "here.committee"))
        page = (await desk.get(ROSTER)).text
    assert 'name="week" value="2026-03-09"' in page
