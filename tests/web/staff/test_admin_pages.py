"""Admin pages: parties and moving people; and what residents are told about a kind, written here and read there."""

from __future__ import annotations

from sqlalchemy import select

from community.kind_texts.models import KindText
from community.parties.models import Party, PartyType, Staff
from linli.database import Sessions
from tests.cast import Cast
from tests.web.staff.conftest import LIFT, OpenDesk, actor_of


async def test_an_admin_keeps_parties(sessions: Sessions, cast: Cast, open_desk: OpenDesk) -> None:
    desk = await open_desk(cast.admin)
    here = str(cast.here.community.id)
    await desk.post("/staff/parties", community_id=here, type="department", zh="水务所", en="Water office")
    page = (await desk.get("/staff/parties")).text
    assert "水务所" in page
    async with sessions() as session:
        party = (await session.scalars(select(Party).where(Party.zh == "水务所"))).one()
    await desk.post(f"/staff/parties/{party.id}", zh="水务站", en="Water station", phone="020-1")
    await desk.post(f"/staff/parties/{party.id}/end")
    assert "已停用" in (await desk.get("/staff/parties")).text
    lead = cast.here.parties[PartyType.PROPERTY_COMPANY].id
    assert "责任清单" in (await desk.post(f"/staff/parties/{lead}/end", 422)).text
    for who in ("here.committee", "street"):
        other = await open_desk(actor_of(cast, who))
        await other.get("/staff/parties", 404)
        await other.post(f"/staff/parties/{lead}", 403, zh="别家", en="Other")


async def test_an_admin_moves_a_colleague(sessions: Sessions, cast: Cast, open_desk: OpenDesk) -> None:
    desk = await open_desk(cast.admin)
    staff_id = cast.here.staff[PartyType.VOLUNTEER_TEAM].staff_id
    moved = await open_desk(cast.here.staff[PartyType.VOLUNTEER_TEAM])
    to = str(cast.here.parties[PartyType.COMMITTEE].id)
    await desk.post(f"/staff/people/{staff_id}/change", party_id=to)
    async with sessions() as session:
        staff = await session.get_one(Staff, staff_id)
        assert (staff.role.value, str(staff.party_id)) == ("committee", to)
    await moved.get("/staff/needs", 303)
    await (await open_desk(actor_of(cast, "here.committee"))).post(
        f"/staff/people/{staff_id}/change", 403, party_id=to
    )


async def test_a_committee_writes_what_residents_are_told(
    sessions: Sessions, cast: Cast, open_desk: OpenDesk
) -> None:
    desk = await open_desk(actor_of(cast, "here.committee"))
    here, there = str(cast.here.community.id), str(cast.there.community.id)
    words = {"zh": "维保两小时内到。", "en": "Service comes within two hours."}
    await desk.post(
        f"/staff/kinds/{LIFT}", community=here, phone="020-8888 1236", zh=words["zh"], en=words["en"]
    )
    assert words["zh"] in (await desk.get("/staff/kinds")).text
    for zh, en, phone in (("只有中文", "", ""), (words["zh"], words["en"], "打这里"), ("长" * 301, "x", "")):
        wrong = desk.post(f"/staff/kinds/{LIFT}", 422, community=here, zh=zh, en=en, phone=phone)
        page = (await wrong).text
        assert 'role="alert"' in page
    await desk.post(f"/staff/kinds/{LIFT}", 404, community=there, zh=words["zh"], en=words["en"])
    await desk.post("/staff/kinds/nonsense", 404, community=here, zh=words["zh"], en=words["en"])
    await (await open_desk(actor_of(cast, "here.property_company"))).get("/staff/kinds", 404)
    async with sessions() as session:
        assert [(row.zh, row.phone) for row in await session.scalars(select(KindText))] == [
            (words["zh"], "020-8888 1236")
        ]
    await desk.post(f"/staff/kinds/{LIFT}", community=here, zh="", en="")
    async with sessions() as session:
        assert list(await session.scalars(select(KindText))) == []
