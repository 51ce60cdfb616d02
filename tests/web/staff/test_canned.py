"""Canned answers at the console: offered in the resident's language, counted when sent, kept on a page of their own."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from community.canned.founding import found_canned
from community.canned.models import CannedAnswer
from community.needs.models import Need
from community.parties.models import Party, PartyType
from community.residents.models import Language, Resident
from linli.database import Sessions
from tests.cast import Cast
from tests.web.staff.conftest import OpenDesk, actor_of, new_request

OFFER = re.compile(r'data-canned="([^"]+)" data-words="([^"]+)"')
PROPERTY = "here.property_company"
FIELDS = {
    "fits": "ask",
    "title_zh": "几点",
    "title_en": "What time",
    "zh": "{称呼}，几点好？",
    "en": "What time?",
}


@pytest.fixture
async def founded(sessions: Sessions, cast: Cast) -> Party:
    """The property company has its ten."""
    party = cast.here.parties[PartyType.PROPERTY_COMPANY]
    async with sessions.begin() as session:
        await found_canned(session, party.id)
    return party


async def test_they_are_offered_filled_in_and_in_the_residents_language(
    open_desk: OpenDesk, cast: Cast, lift: Need, founded: Party, sessions: Sessions
) -> None:
    desk = await open_desk(actor_of(cast, PROPERTY))
    async with sessions.begin() as session:
        resident = await session.get_one(Resident, cast.owner.resident_id)
        resident.name = "王阿姨"
    offers = [words for _, words in OFFER.findall((await desk.get(f"/staff/needs/{lift.id}")).text)]
    assert any(
        words.startswith(f"王阿姨您好，电梯的事收到了，编号{lift.code}。我们先去看，") for words in offers
    )
    assert any("直接打【填：电话】找榕树社区物业" in words for words in offers)  # the party has no phone
    async with sessions.begin() as session:
        resident = await session.get_one(Resident, cast.owner.resident_id)
        resident.name, resident.language = None, Language.EN
    page = (await desk.get(f"/staff/needs/{lift.id}")).text
    assert "Hello [fill in: name], I have your report (Lift" in page
    assert "收到，先去看" in page  # the title stays in the clerk's language


async def test_a_gap_is_refused_with_what_was_typed_and_a_use_is_counted(
    open_desk: OpenDesk, cast: Cast, lift: Need, founded: Party, sessions: Sessions
) -> None:
    desk = await open_desk(actor_of(cast, PROPERTY))
    canned_id = OFFER.findall((await desk.get(f"/staff/needs/{lift.id}")).text)[0][0]
    typed: dict[str, str] = {"words": "打【填：电话】", "request_id": new_request(), "canned_id": canned_id}
    refused = await desk.post(f"/staff/needs/{lift.id}/answer", 422, **typed)
    assert "还有没填的：电话" in refused.text
    assert "打【填：电话】" in refused.text
    await desk.post(f"/staff/needs/{lift.id}/answer", 303, **typed | {"words": "打020"})
    async with sessions() as session:
        used = (await session.scalars(select(CannedAnswer.used).where(CannedAnswer.used > 0))).all()
    assert used == [1]


async def test_those_who_only_look_on_are_offered_none(
    open_desk: OpenDesk, cast: Cast, lift: Need, founded: Party
) -> None:
    for who in ("here.committee", "street"):
        page = await (await open_desk(actor_of(cast, who))).get(f"/staff/needs/{lift.id}")
        assert OFFER.findall(page.text) == []


async def test_the_committee_keeps_them_on_a_page(
    open_desk: OpenDesk, cast: Cast, founded: Party, sessions: Sessions
) -> None:
    desk = await open_desk(actor_of(cast, "here.committee"))
    path = f"/staff/canned/{founded.id}"
    await desk.post(path, 303, **FIELDS)
    assert "几点好" in (await desk.get(f"/staff/canned?party={founded.id}")).text
    async with sessions() as session:
        made = (await session.scalars(select(CannedAnswer).where(CannedAnswer.title_zh == "几点"))).one()
    refused = await desk.post(f"{path}/{made.id}", 422, **FIELDS | {"zh": "{几点}"})
    assert "不认识的空格：几点" in refused.text
    await desk.post(f"{path}/{made.id}/retire")
    assert "再用" in (await desk.get(f"/staff/canned?party={founded.id}")).text
    await desk.post(f"{path}/{made.id}/restore")
    await desk.post(f"{path}/{made.id}", 422, **FIELDS | {"fits": "nothing"})


async def test_others_read_their_own_and_change_nothing(
    open_desk: OpenDesk, cast: Cast, founded: Party
) -> None:
    clerk = await open_desk(actor_of(cast, PROPERTY))
    page = (await clerk.get("/staff/canned")).text
    assert "收到，先去看" in page
    assert "加一条" not in page
    await clerk.post(f"/staff/canned/{founded.id}", 403, **FIELDS)
    stranger = await open_desk(actor_of(cast, "there.committee"))
    await stranger.get(f"/staff/canned?party={founded.id}", 404)
    await stranger.post(f"/staff/canned/{founded.id}", 404, **FIELDS)
