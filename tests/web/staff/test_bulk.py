"""Acts on chosen rows: each need under its own rights, what worked and what did not is said; filters that are kept."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select, update

from community.audit.models import AuditAct
from community.filters.usecases import MOST
from community.needs.models import Need, NeedState
from community.needs.usecases.asking import ask_resident
from community.needs.usecases.staff import accept_need
from community.outbox.models import OutboxMessage
from linli.database import Sessions
from tests.cast import Cast
from tests.web.staff.conftest import LOW_MOOD, SECRET, OpenDesk, actor_of, new_request, report
from tests.web.staff.test_queue import rows

LEAD, COLLEAGUE = "here.property_company", "here.property_company.2"


def chosen(*needs: Need) -> str:
    return ",".join(str(need.id) for need in needs)


async def again(sessions: Sessions, need: Need) -> Need:
    async with sessions() as session:
        return await session.get_one(Need, need.id)


async def test_some_are_accepted_and_the_rest_say_why_not(
    open_desk: OpenDesk, cast: Cast, lift: Need, sessions: Sessions
) -> None:
    staff, desk = actor_of(cast, LEAD), await open_desk(actor_of(cast, LEAD))
    taken, others, away = (
        await report(sessions, cast.neighbour),
        await report(sessions, cast.owner, "noise"),
        await report(sessions, cast.stranger),
    )
    async with sessions.begin() as session:
        await accept_need(session, staff, taken.id)
    page = (await desk.post("/staff/needs/bulk/accept", 200, needs=chosen(lift, taken, others, away))).text
    assert f'data-done="{lift.id}"' in page
    assert "接下了1件" in page
    assert "有3件没成" in page
    assert f'<span class="code">{taken.code}</span> 情况已经变了' in page
    assert f'<span class="code">{others.code}</span> 这件事现在由别的单位牵头' in page
    assert away.code not in page
    assert (await again(sessions, lift)).assignee_id == staff.staff_id
    assert (await again(sessions, others)).state is NeedState.ROUTED
    async with sessions() as session:
        act = (await session.scalars(select(AuditAct).where(AuditAct.act == "needs_bulk"))).one()
        assert act.details == {"did": "accept", "done": 1, "refused": 3}


async def test_assigned_to_a_colleague_and_handed_over(
    open_desk: OpenDesk, cast: Cast, lift: Need, sessions: Sessions
) -> None:
    desk, colleague = await open_desk(actor_of(cast, LEAD)), actor_of(cast, COLLEAGUE)
    second = await report(sessions, cast.neighbour)
    both = chosen(lift, second)
    await desk.post("/staff/needs/bulk/assign", 200, needs=both, staff_id=str(colleague.staff_id))
    assert {(await again(sessions, need)).assignee_id for need in (lift, second)} == {colleague.staff_id}
    stranger = str(actor_of(cast, "there.property_company").staff_id)
    page = (await desk.post("/staff/needs/bulk/assign", 422, needs=both, staff_id=stranger)).text
    assert "有2件没成" in page
    committee = str(actor_of(cast, "here.committee").party_id)
    page = (
        await desk.post("/staff/needs/bulk/hand-over", 200, needs=both, party_id=committee, words="归居委会")
    ).text
    assert "转出去2件" in page
    assert str((await again(sessions, lift)).lead_party_id) == committee


async def test_residents_are_asked_once_and_waited_for(
    open_desk: OpenDesk, cast: Cast, lift: Need, sessions: Sessions
) -> None:
    desk, second = await open_desk(actor_of(cast, LEAD)), await report(sessions, cast.neighbour)
    form = {"needs": chosen(lift, second), "words": "什么时候在家？", "request_id": new_request()}
    for _ in range(2):
        await desk.post("/staff/needs/bulk/ask", 200, **form)
    async with sessions() as session:
        asked = select(OutboxMessage).where(OutboxMessage.message == "staff_question")
        assert len((await session.scalars(asked)).all()) == 2
    assert set(await rows(desk, "?scope=waiting")) == {lift.code, second.code}
    await desk.post("/staff/needs/bulk/stop-waiting?scope=waiting", 200, needs=form["needs"])
    assert await rows(desk, "?scope=waiting") == {}


async def test_a_confidential_need_keeps_to_its_rights(
    open_desk: OpenDesk, cast: Cast, low_mood: Need, sessions: Sessions
) -> None:
    worker = await open_desk(actor_of(cast, "here.social_work_team"))
    committee = await open_desk(actor_of(cast, "here.committee"))
    page = (await committee.post("/staff/needs/bulk/accept", 422, needs=chosen(low_mood))).text
    assert low_mood.code not in page
    assert "没有找到" in page
    asked = await worker.post(
        "/staff/needs/bulk/ask", 422, needs=chosen(low_mood), words="在吗？", request_id=new_request()
    )
    assert "请先接下来" in asked.text
    page = (await worker.post("/staff/needs/bulk/accept?scope=all", 200, needs=chosen(low_mood))).text
    assert "接下了1件" in page
    assert SECRET not in page


@pytest.mark.parametrize(
    ("act", "form", "status"),
    [
        ("accept", {"needs": ""}, 422),
        ("accept", {"needs": "nonsense"}, 400),
        ("assign", {"needs": "00000000-0000-4000-8000-000000000000"}, 422),
        ("hand-over", {"needs": "00000000-0000-4000-8000-000000000000", "party_id": "", "words": "x"}, 422),
        ("nonsense", {"needs": "00000000-0000-4000-8000-000000000000"}, 404),
    ],
)
async def test_what_cannot_be_done_at_all_is_refused(
    open_desk: OpenDesk, cast: Cast, act: str, form: dict[str, str], status: int
) -> None:
    desk = await open_desk(actor_of(cast, LEAD))
    await desk.post(f"/staff/needs/bulk/{act}", status, **form)


async def test_queues_and_their_counts(
    open_desk: OpenDesk, cast: Cast, lift: Need, sessions: Sessions
) -> None:
    staff, desk = actor_of(cast, LEAD), await open_desk(actor_of(cast, LEAD))
    mine, marked = await report(sessions, cast.neighbour), await report(sessions, cast.owner)
    async with sessions.begin() as session:
        await accept_need(session, staff, mine.id)
        await ask_resident(session, staff, mine.id, "在家吗？")
        await session.execute(update(Need).where(Need.id == marked.id).values(clock_mark="overdue"))
    expected = {
        "mine": {mine.code},
        "unassigned": {lift.code, marked.code},
        "at_risk": {marked.code},
        "waiting": {mine.code},
    }
    page = (await desk.get("/staff/needs")).text
    for scope, codes in expected.items():
        assert set(await rows(desk, f"?scope={scope}")) == codes
        found = re.search(rf'href="/staff/needs\?scope={scope}">[^<]+<b>(\d+)</b>', page)
        assert found is not None
        assert int(found[1]) == len(codes)


async def test_filters_narrow_the_list(
    open_desk: OpenDesk, cast: Cast, lift: Need, sessions: Sessions
) -> None:
    staff, desk = actor_of(cast, LEAD), await open_desk(actor_of(cast, LEAD))
    old = await report(sessions, cast.neighbour)
    async with sessions.begin() as session:
        changed = update(Need).where(Need.id == old.id)
        await session.execute(changed.values(urgency="urgent", assignee_id=staff.staff_id))
    building, unit = cast.here.building.id, cast.here.unit.id
    for query, found in {
        f"place={building}": {lift.code},
        f"place={unit}": {lift.code},
        "urgency=urgent": {old.code},
        f"who={staff.staff_id}": {old.code},
        "who=nobody": {lift.code},
        f"party={staff.party_id}": {lift.code, old.code},
        "older=7": set(),
        "since=2000-01-01": {lift.code, old.code},
        "until=2000-01-01": set(),
        "mark=overdue": set(),
        "older=x&since=x&who=x&place=x&urgency=x&page=x&late=x": {lift.code, old.code},
    }.items():
        assert set(await rows(desk, f"?{query}")) == found, query


async def test_filters_are_kept_under_a_name(open_desk: OpenDesk, cast: Cast, lift: Need) -> None:
    desk, colleague = await open_desk(actor_of(cast, LEAD)), await open_desk(actor_of(cast, COLLEAGUE))
    query = f"scope=unassigned&place={cast.here.building.id}"
    kept = await desk.post(f"/staff/filters?{query}", name="本楼没人管")
    assert kept.headers["location"] == f"/staff/needs?{query}"
    await desk.post("/staff/filters?scope=all", name="本楼没人管")
    await desk.post(f"/staff/filters?{query}", name="本楼没人管")
    page = (await desk.get("/staff/needs")).text
    assert page.count("本楼没人管") == 1
    assert "本楼没人管" not in (await colleague.get("/staff/needs")).text
    own = (await desk.get(f"/staff/needs?{query}")).text
    forget = re.search(r'action="(/staff/filters/[^"]+/forget)"', own)
    assert forget is not None
    await colleague.post(forget[1], 404)
    await desk.post(forget[1])
    assert "本楼没人管" not in (await desk.get("/staff/needs")).text
    await desk.post("/staff/filters", 422, name=" ")
    for number in range(MOST):
        await desk.post("/staff/filters?scope=all", name=f"第{number}个")
    assert "先删掉一个" in (await desk.post("/staff/filters", 422, name="多一个")).text


async def test_an_empty_search_says_what_to_try(open_desk: OpenDesk, cast: Cast, lift: Need) -> None:
    desk = await open_desk(actor_of(cast, LEAD))
    page = (await desk.get("/staff/needs?q=没有这样的事")).text
    assert "3号楼 电梯" in page
    assert 'href="/staff/needs?scope=all&amp;state=any&amp;q=' in page


async def test_what_is_over_follows_what_is_open(
    open_desk: OpenDesk, cast: Cast, lift: Need, sessions: Sessions
) -> None:
    desk, over = await open_desk(actor_of(cast, LEAD)), await report(sessions, cast.neighbour)
    async with sessions.begin() as session:
        await session.execute(update(Need).where(Need.id == over.id).values(state="closed"))
    assert list(await rows(desk, "?state=any")) == [lift.code, over.code]
    assert list(await rows(desk, "?state=any&q=电梯")) == [lift.code, over.code]
    assert list(await rows(desk, f"?state=ended&q={over.code}")) == [over.code]
    assert LOW_MOOD not in (await desk.get("/staff/needs?state=any")).text.partition('id="list"')[2]
