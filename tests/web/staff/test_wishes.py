"""How somebody in distress wants to be reached: told to who handles it; unnamed means no name and no phone."""

from __future__ import annotations

import pytest

from community.needs.models import Need
from community.needs.usecases.staff import assign_need
from community.residents.usecases import get_resident
from community.wishes.models import ContactWay
from community.wishes.usecases import keep_wish
from linli.database import Sessions
from tests.cast import Cast
from tests.web.staff.conftest import OpenDesk, actor_of

SAID = {
    ContactWay.MESSAGE: "希望发消息联系",
    ContactWay.CALL: "希望打电话联系",
    ContactWay.MEET: "希望见面谈",
    ContactWay.ANONYMOUS: "匿名来问的",
}


@pytest.mark.parametrize("way", ContactWay)
async def test_the_wish_is_on_the_page(
    open_desk: OpenDesk, sessions: Sessions, cast: Cast, low_mood: Need, way: ContactWay
) -> None:
    me = actor_of(cast, "here.social_work_team")
    async with sessions.begin() as session:
        resident = await get_resident(session, cast.owner.resident_id)
        resident.name, resident.phone = "王秀英", "13900000001"
        await keep_wish(session, cast.owner.resident_id, low_mood.id, way)
        await assign_need(session, me, low_mood.id, me.staff_id)
    page = (await (await open_desk(me)).get(f"/staff/needs/{low_mood.id}")).text
    assert SAID[way] in page
    assert ("王秀英" in page) is (way is not ContactWay.ANONYMOUS)
    assert ("13900000001" in page) is (way is not ContactWay.ANONYMOUS)
