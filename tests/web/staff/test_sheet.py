"""The case sheet: what the reader may see, on one page; opening a confidential one is a view and an act."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from community.audit.models import AuditAct
from community.needs.models import Need, NeedView
from community.needs.usecases.staff import assign_need, note_on_need
from community.residents.models import Resident
from linli.database import Sessions
from tests.cast import Cast
from tests.web.staff.conftest import SECRET, WORDS, OpenDesk, actor_of

PROPERTY = "here.property_company"


async def _acts(sessions: Sessions) -> list[str]:
    async with sessions() as session:
        return list((await session.scalars(select(AuditAct.act).where(AuditAct.act == "need_sheet"))).all())


async def test_it_holds_what_is_known_in_either_language(
    open_desk: OpenDesk, cast: Cast, lift: Need, sessions: Sessions
) -> None:
    lead = actor_of(cast, PROPERTY)
    async with sessions.begin() as session:
        resident = await session.get_one(Resident, cast.owner.resident_id)
        resident.name, resident.phone = "王秀兰", "13800138000"
        for number in range(30):
            await note_on_need(session, lead, lift.id, f"第{number}条备注")
    desk = await open_desk(lead)
    page = (await desk.get(f"/staff/needs/{lift.id}/sheet")).text
    for words in (WORDS, lift.code, "3号楼2单元", "王秀兰", "13800138000", "居民报告", "第29条备注", "条略"):
        assert words in page
    assert "第10条备注" not in page
    english = (await desk.get(f"/staff/needs/{lift.id}/sheet?language=en")).text
    for words in (WORDS, "Building 3 Unit 2", "What happened", "Printed by"):
        assert words in english
    assert await _acts(sessions) == ["need_sheet"] * 2


@pytest.mark.parametrize(("who", "sees"), [("here.committee", True), ("street", False)])
async def test_contact_is_for_those_who_see_it_anyway(
    open_desk: OpenDesk, cast: Cast, lift: Need, sessions: Sessions, who: str, *, sees: bool
) -> None:
    async with sessions.begin() as session:
        resident = await session.get_one(Resident, cast.owner.resident_id)
        resident.name, resident.phone = "王秀兰", "13800138000"
    page = (await (await open_desk(actor_of(cast, who))).get(f"/staff/needs/{lift.id}/sheet")).text
    assert ("王秀兰" in page, "13800138000" in page) == (sees, sees)


async def test_a_confidential_one_is_marked_and_logged(
    open_desk: OpenDesk, cast: Cast, low_mood: Need, sessions: Sessions
) -> None:
    worker = actor_of(cast, "here.social_work_team")
    async with sessions.begin() as session:
        await assign_need(session, worker, low_mood.id, worker.staff_id)
    page = (await (await open_desk(worker)).get(f"/staff/needs/{low_mood.id}/sheet")).text
    assert SECRET in page
    assert "保密 · 仅限经办社工" in page
    async with sessions() as session:
        views = (await session.scalars(select(NeedView.what))).all()
    assert (views, await _acts(sessions)) == (["sheet"], ["need_sheet"])


@pytest.mark.parametrize(
    "who", ["here.committee", "here.social_work_team.2", PROPERTY, "there.committee", "street", "admin"]
)
async def test_nobody_else_gets_one(
    open_desk: OpenDesk, cast: Cast, low_mood: Need, sessions: Sessions, who: str
) -> None:
    desk = await open_desk(actor_of(cast, who))
    answer = await desk.get(f"/staff/needs/{low_mood.id}/sheet", 404)
    assert SECRET not in answer.text
    assert await _acts(sessions) == []


async def test_a_kind_that_has_left_the_list_stands_under_its_code(
    open_desk: OpenDesk, cast: Cast, lift: Need, sessions: Sessions
) -> None:
    async with sessions.begin() as session:
        (await session.get_one(Need, lift.id)).kind = "paternoster"
    desk = await open_desk(actor_of(cast, "here.property_company"))
    for path in (
        f"/staff/needs/{lift.id}/sheet",
        f"/staff/needs/{lift.id}",
        "/staff/needs",
        "/staff/export/needs.csv",
    ):
        assert "paternoster" in (await desk.get(path)).text
