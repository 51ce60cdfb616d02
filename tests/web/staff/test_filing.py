"""The form in which staff file for a caller: guesses that the clerk may change, one need, a code where it is secret."""

from __future__ import annotations

import re
from uuid import uuid4

import httpx
import pytest
from sqlalchemy import func, select

from community.needs.models import CameBy, Need, Visibility
from community.needs.usecases.staff import accept_need
from community.outbox.models import OutboxMessage
from community.parties.models import PartyType
from community.residents.models import Resident
from linli.database import Sessions
from linli.settings import Settings
from tests.cast import Cast
from tests.channels.bot_stand_in import BotStandIn
from tests.web.conftest import serving
from tests.web.staff.conftest import Browser, OpenDesk, actor_of

NEW = "/staff/needs/new"
TYPED = {
    "came_by": "phone",
    "name": "赵奶奶",
    "phone": "13800138000",
    "home": "3号楼",
    "words": "3号楼2单元的电梯又停了",
    "kind": "elevator",
    "urgency": "urgent",
    "visibility": "",
}
CHOSEN = re.compile(r'<option value="([a-z_]*)" selected>')


def _fields(**changed: str) -> dict[str, str]:
    return TYPED | {"request_id": str(uuid4())} | changed


async def _only(sessions: Sessions) -> Need:
    async with sessions() as session:
        return (await session.scalars(select(Need))).one()


@pytest.mark.parametrize("who", ["here.committee", "here.property_company", "here.social_work_team"])
async def test_a_call_becomes_a_need(open_desk: OpenDesk, cast: Cast, sessions: Sessions, who: str) -> None:
    desk = await open_desk(actor_of(cast, who))
    await desk.get(NEW)
    fields = _fields()
    for _ in range(2):
        await desk.post(NEW, 303, **fields)
    need = await _only(sessions)
    assert (need.came_by, need.place_id, need.urgency.value) == (CameBy.PHONE, cast.here.unit.id, "urgent")
    async with sessions() as session:
        resident = await session.get_one(Resident, need.resident_id)
    assert (resident.name, resident.home_id) == ("赵奶奶", cast.here.building.id)


async def test_the_page_says_who_filed_it_and_what_to_tell_by_phone(
    open_desk: OpenDesk, cast: Cast, sessions: Sessions
) -> None:
    clerk, lead = actor_of(cast, "here.committee"), actor_of(cast, "here.property_company")
    desk = await open_desk(clerk)
    await desk.post(NEW, 303, **_fields())
    need = await _only(sessions)
    async with sessions.begin() as session:
        await accept_need(session, lead, need.id)
    page = (await desk.get(f"/staff/needs/{need.id}")).text
    for words in ("替居民登记", "打电话", f"{clerk.name}登记", "请电话告诉居民", "说过了"):
        assert words in page
    async with sessions() as session:
        outbox_id = await session.scalar(select(OutboxMessage.id))
    await desk.post(f"/staff/needs/{need.id}/told", outbox_id=str(outbox_id))
    page = (await desk.get(f"/staff/needs/{need.id}")).text
    assert "请电话告诉居民" not in page
    assert "已当面或电话告诉" in page


async def test_linli_guesses_and_the_clerk_has_the_last_word(
    open_desk: OpenDesk, cast: Cast, bot: BotStandIn, sessions: Sessions
) -> None:
    bot.parsed = {"need": {"kind": "elevator", "confidence": 0.9, "urgency": "crisis"}}
    desk = await open_desk(actor_of(cast, "here.committee"))
    page = (await desk.post(f"{NEW}/look", 200, **_fields(kind="", urgency=""))).text
    assert CHOSEN.findall(page) == ["elevator", "urgent"]
    assert "邻里猜是“电梯”" in page
    assert "对上了：3号楼2单元" in page
    page = (await desk.post(f"{NEW}/look", 200, **_fields(kind="other", guessed="elevator"))).text
    assert "other" in CHOSEN.findall(page)
    bot.parsed = {"need": {"kind": "noise", "confidence": 0.1, "urgency": "normal"}}
    page = (await desk.post(f"{NEW}/look", 200, **_fields(kind="", urgency=""))).text
    assert "写下原话" in page
    async with sessions() as session:
        assert await session.scalar(select(func.count()).select_from(Need)) == 0


async def test_without_the_bot_the_clerk_chooses(open_desk: OpenDesk, cast: Cast, bot: BotStandIn) -> None:
    await bot.stop()
    desk = await open_desk(actor_of(cast, "here.committee"))
    page = (await desk.post(f"{NEW}/look", 200, **_fields())).text
    assert "elevator" in CHOSEN.findall(page)


@pytest.mark.parametrize("changed", [{"kind": "mental_health"}, {"visibility": "confidential"}])
async def test_what_is_confidential_leaves_its_code_and_no_more(
    open_desk: OpenDesk, cast: Cast, sessions: Sessions, changed: dict[str, str]
) -> None:
    desk = await open_desk(actor_of(cast, "here.committee"))
    assert "您这里只剩编号" in (await desk.get(NEW)).text
    answer = await desk.post(NEW, 303, **_fields(words="她说有人打她", **changed))
    need = await _only(sessions)
    assert need.visibility is Visibility.CONFIDENTIAL
    assert answer.headers["location"] == f"{NEW}?filed={need.code}"
    page = (await desk.get(answer.headers["location"])).text
    assert f"编号 {need.code}" in page
    assert "她说有人打她" not in page
    await desk.get(f"/staff/needs/{need.id}", 404)
    other = await open_desk(actor_of(cast, "here.committee.2"))
    assert need.code not in (await other.get(f"{NEW}?filed={need.code}")).text


async def test_a_known_resident_is_offered_within_ones_rights(
    open_desk: OpenDesk, cast: Cast, sessions: Sessions, lift: Need
) -> None:
    async with sessions.begin() as session:
        resident = await session.get_one(Resident, cast.owner.resident_id)
        resident.name, resident.phone = "王秀兰", "138-0013-8000"
    seen = {
        who: "王秀兰"
        in (await (await open_desk(actor_of(cast, who))).post(f"{NEW}/look", 200, **_fields())).text
        for who in ("here.committee", "here.volunteer_team", "there.committee")
    }
    assert seen == {"here.committee": True, "here.volunteer_team": False, "there.committee": False}
    desk = await open_desk(actor_of(cast, "here.committee"))
    await desk.post(NEW, 303, **_fields(resident_id=str(cast.owner.resident_id)))
    async with sessions() as session:
        owners = (await session.scalars(select(Need.resident_id))).all()
    assert set(owners) == {cast.owner.resident_id}
    stranger = await open_desk(actor_of(cast, "there.committee"))
    await stranger.post(NEW, 404, **_fields(resident_id=str(cast.owner.resident_id)))


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"kind": ""}, "请选"),
        ({"came_by": "chat"}, "请选"),
        ({"phone": "12"}, "电话号码看不清"),
        ({"urgency": "crisis"}, "请选"),
    ],
)
async def test_a_refused_form_keeps_what_was_typed(
    open_desk: OpenDesk, cast: Cast, changed: dict[str, str], words: str
) -> None:
    desk = await open_desk(actor_of(cast, "here.committee"))
    page = (await desk.post(NEW, 422, **_fields(**changed))).text
    assert words in page
    assert TYPED["words"] in page


async def test_who_files_too_much_reads_when_it_goes_on(
    open_desk: OpenDesk, cast: Cast, settings: Settings
) -> None:
    desk = await open_desk(actor_of(cast, "here.committee"))
    async with serving(settings.model_copy(update={"filings_per_hour": 1})) as address:
        desk.client.base_url, desk.client.headers["Origin"] = httpx.URL(address), address
        await desk.post(NEW, 303, **_fields())
        answer = await desk.post(NEW, 429, **_fields())
    assert 0 < int(answer.headers["Retry-After"]) <= 3600
    assert TYPED["words"] in answer.text


async def test_the_street_says_for_which_community_and_admins_file_nothing(
    open_desk: OpenDesk, cast: Cast, sessions: Sessions
) -> None:
    street: Browser = await open_desk(cast.street)
    await street.post(NEW, 422, **_fields())
    await street.post(NEW, 303, **_fields(community=str(cast.there.community.id)))
    need = await _only(sessions)
    assert need.lead_party_id == cast.there.parties[PartyType.PROPERTY_COMPANY].id
    admin = await open_desk(cast.admin)
    await admin.get(NEW, 404)
    await admin.post(NEW, 403, **_fields(community=str(cast.there.community.id)))
