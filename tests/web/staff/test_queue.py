"""The queue: whose needs, in which states, what is masked, new or late, and how it is searched."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlalchemy import update

from community.clock import now
from community.needs.models import Need
from community.needs.usecases.residents import Report, ReportLimits, add_to_need, report_need
from community.needs.usecases.staff import accept_need, answer_resident, resolve_need
from linli.database import Sessions
from tests.cast import Cast
from tests.web.staff.conftest import LOW_MOOD, SECRET, WORDS, Browser, OpenDesk, actor_of, report

ROW = re.compile(r'<article class="row([^"]*)" id="need-(\w{5})">(.*?)</article>', re.DOTALL)


async def rows(desk: Browser, query: str = "") -> dict[str, tuple[str, str]]:
    """The lines of the queue by code: classes and HTML."""
    page = (await desk.get(f"/staff/needs{query}")).text
    return {code: (classes, html) for classes, code, html in ROW.findall(page)}


async def count(desk: Browser, name: str, query: str = "") -> int:
    """The number on a chip."""
    found = re.search(rf">{name}<b>(\d+)</b>", (await desk.get(f"/staff/needs{query}")).text)
    return int(found[1]) if found else 0


async def test_a_party_sees_its_own_and_what_it_assists(open_desk: OpenDesk, cast: Cast, lift: Need) -> None:
    lead = await open_desk(actor_of(cast, "here.property_company"))
    assisting = await open_desk(actor_of(cast, "here.committee"))
    classes, html = (await rows(lead))[lift.code]
    assert "row_unseen" in classes
    assert WORDS in html
    assert "3号楼2单元" in html
    assert "还有" in html
    assert await rows(assisting) == {}
    assert list(await rows(assisting, "?scope=all")) == [lift.code]
    assert await rows(lead, "?scope=mine") == {}


@pytest.mark.parametrize(
    ("said", "shown"),
    [("3号楼2单元501", "3号楼2单元501"), ("电梯口", "3号楼2单元 电梯口"), (None, "3号楼2单元")],
)
async def test_a_place_stands_once_where_the_words_begin_with_its_name(
    open_desk: OpenDesk, cast: Cast, lift: Need, sessions: Sessions, said: str | None, shown: str
) -> None:
    async with sessions.begin() as session:
        (await session.get_one(Need, lift.id)).place_words = said
    desk = await open_desk(actor_of(cast, "here.property_company"))
    assert f'<span class="row__place">{shown}</span>' in (await rows(desk))[lift.code][1]


async def test_what_was_opened_is_new_no_more_until_something_happens(
    open_desk: OpenDesk, cast: Cast, lift: Need, sessions: Sessions
) -> None:
    desk = await open_desk(actor_of(cast, "here.property_company"))
    await desk.get(f"/staff/needs/{lift.id}")
    assert "row_unseen" not in (await rows(desk))[lift.code][0]
    async with sessions.begin() as session:
        await add_to_need(session, cast.owner.resident_id, lift.id, "还停着")
    assert "row_unseen" in (await rows(desk))[lift.code][0]


async def test_states_are_counted_and_chosen(
    open_desk: OpenDesk, cast: Cast, lift: Need, sessions: Sessions
) -> None:
    staff = actor_of(cast, "here.property_company")
    desk = await open_desk(staff)
    second = await report(sessions, cast.neighbour)
    async with sessions.begin() as session:
        await accept_need(session, staff, second.id)
        await resolve_need(session, staff, second.id, "换了门", survey_at=now())
    assert [await count(desk, name) for name in ("未办结", "待接", "待回访", "已结束")] == [1, 1, 1, 0]
    assert list(await rows(desk, "?state=resolved")) == [second.code]
    assert set(await rows(desk, "?state=any")) == {lift.code, second.code}
    assert list(await rows(desk, "?scope=mine&state=any")) == [second.code]
    assert set(await rows(desk, "?scope=nonsense&state=nonsense&kind=nonsense")) == {lift.code}


async def test_late_needs_come_first_and_can_be_asked_for(
    open_desk: OpenDesk, cast: Cast, lift: Need, sessions: Sessions
) -> None:
    desk = await open_desk(actor_of(cast, "here.property_company"))
    late = await report(sessions, cast.neighbour)
    async with sessions.begin() as session:
        yesterday = now() - timedelta(days=1)
        await session.execute(update(Need).where(Need.id == late.id).values(first_answer_due_at=yesterday))
    assert list(await rows(desk)) == [late.code, lift.code]
    assert "超时1天" in (await rows(desk))[late.code][1]
    assert await count(desk, "超时") == 1
    assert list(await rows(desk, "?late=true")) == [late.code]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=电梯", True),
        ("q={code}", True),
        ("q={low}", True),
        ("q=水管", False),
        ("q=%25", True),
        ("kind=elevator", True),
        ("kind=noise", False),
    ],
)
async def test_search(open_desk: OpenDesk, cast: Cast, lift: Need, query: str, found: bool) -> None:
    desk = await open_desk(actor_of(cast, "here.property_company"))
    asked = query.format(code=lift.code, low=lift.code.lower())
    assert (lift.code in await rows(desk, f"?state=any&{asked}")) is found


async def test_a_confidential_need_is_masked_and_can_be_taken(
    open_desk: OpenDesk, cast: Cast, low_mood: Need
) -> None:
    worker = await open_desk(actor_of(cast, "here.social_work_team"))
    colleague = await open_desk(actor_of(cast, "here.social_work_team.2"))
    classes, html = (await rows(worker))[low_mood.code]
    assert "row_masked" in classes
    assert "仅社工可见" in html
    assert f"/staff/needs/{low_mood.id}/take" in html
    for query in ("", "?state=any&q=睡不着", f"?state=any&kind={LOW_MOOD}"):
        assert SECRET not in (await worker.get(f"/staff/needs{query}")).text
    assert await rows(worker, f"?kind={LOW_MOOD}") == {}
    await worker.post(f"/staff/needs/{low_mood.id}/take")
    taken = (await rows(worker))[low_mood.code][1]
    assert "心里的事" in taken
    assert SECRET not in taken  # reading is on its page, which logs it
    masked = (await rows(colleague))[low_mood.code][1]
    assert SECRET not in masked
    assert "/take" not in masked


async def test_the_street_office_sees_its_communities(
    open_desk: OpenDesk, cast: Cast, lift: Need, low_mood: Need, sessions: Sessions
) -> None:
    away = await report(sessions, cast.stranger)
    desk = await open_desk(cast.street)
    assert await rows(desk) == {}
    shown = await rows(desk, "?scope=all")
    assert set(shown) == {lift.code, away.code}
    assert "榕树社区" in shown[lift.code][1]
    assert "河畔社区" in shown[away.code][1]


async def test_long_queues_have_pages(open_desk: OpenDesk, cast: Cast, sessions: Sessions) -> None:
    limits = ReportLimits(an_hour=100, a_day=100)
    async with sessions.begin() as session:
        for _ in range(31):
            made = Report(kind="elevator", words=WORDS)
            await report_need(session, cast.owner.resident_id, made, limits=limits)
    desk = await open_desk(actor_of(cast, "here.property_company"))
    assert len(await rows(desk)) == 30
    assert len(await rows(desk, "?page=2")) == 1
    assert 'rel="next" href="/staff/needs?page=2"' in (await desk.get("/staff/needs")).text


async def test_a_kind_that_has_left_the_list_stands_under_its_code(
    open_desk: OpenDesk, cast: Cast, lift: Need, sessions: Sessions
) -> None:
    async with sessions.begin() as session:
        await session.execute(update(Need).where(Need.id == lift.id).values(kind="street_organ"))
    desk = await open_desk(actor_of(cast, "here.property_company"))
    assert "street_organ" in (await rows(desk))[lift.code][1]
    assert "street_organ" in (await desk.get(f"/staff/needs/{lift.id}")).text
    await desk.post(f"/staff/needs/{lift.id}/accept")


async def test_what_is_answered_stands_by_when_it_is_to_be_solved(
    open_desk: OpenDesk, cast: Cast, lift: Need, sessions: Sessions
) -> None:
    staff = actor_of(cast, "here.property_company")
    parking = await report(
        sessions, cast.neighbour, "parking_vehicles"
    )  # promised later, and solved much later
    async with sessions.begin() as session:
        for need in (lift, parking):
            await answer_resident(session, staff, need.id, "今天派人来看")
        (await session.get_one(Need, parking.id)).first_answer_due_at = now() - timedelta(days=9)
    found = await rows(await open_desk(staff))
    assert list(found) == [lift.code, parking.code]
    assert all("办结还有" in html for _, html in found.values())
