"""Who else looks, who types, what was seen: between pages at two app processes, and to nobody else."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import select, update
from websockets.asyncio.client import ClientConnection, connect

from channels.registry import make_channels
from community.clock import now
from community.conversations.talking import talk_about_need
from community.needs.models import Need
from community.needs.usecases.staff import answer_resident
from community.outbox.models import OutboxMessage
from community.presence.models import NeedLooker
from community.residents.models import Address
from linli.database import Sessions
from linli.settings import Settings
from tests.cast import Cast
from tests.delivering import Delivery
from tests.web.conftest import Visit, serving
from tests.web.staff.conftest import Browser, OpenDesk, actor_of, new_request
from web.staff import live

SOON = 30.0
PROPERTY, COMMITTEE = "here.property_company", "here.committee"


@pytest.fixture(autouse=True)
def short_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Look every half second instead of every ten."""
    monkeypatch.setattr(live, "LOOK_SECONDS", 0.5)


@pytest.fixture
async def elsewhere(settings: Settings) -> AsyncIterator[str]:
    """A second app process on the same database."""
    async with serving(settings) as address:
        yield address


@asynccontextmanager
async def _line(client: httpx.AsyncClient, address: str, path: str) -> AsyncIterator[ClientConnection]:
    cookie = "; ".join(f"{each.name}={each.value}" for each in client.cookies.jar)
    headers = {"Cookie": cookie, "Origin": address}
    async with connect(f"{address.replace('http', 'ws', 1)}{path}", additional_headers=headers) as socket:
        yield socket


@asynccontextmanager
async def _at_need(desk: Browser, address: str, need: Need) -> AsyncIterator[ClientConnection]:
    async with _line(desk.client, address, "/staff/live") as socket:
        await socket.send(json.dumps({"need": str(need.id)}))
        yield socket


async def _hear(socket: ClientConnection, kind: str, seconds: float = SOON, **wanted: Any) -> dict[str, Any]:
    async with asyncio.timeout(seconds):
        while True:
            heard: dict[str, Any] = json.loads(await socket.recv())
            if heard["type"] == kind and all(heard.get(name) == value for name, value in wanted.items()):
                return heard


async def _hears_nothing(socket: ClientConnection, kind: str) -> None:
    with pytest.raises(TimeoutError):
        await _hear(socket, kind, 1.5)


async def _until_seen(desk: Browser, need: Need) -> None:
    for _ in range(100):
        if "居民已看" in (await desk.get(f"/staff/needs/{need.id}")).text:
            return
        await asyncio.sleep(0.05)
    pytest.fail("not seen")


async def _resident(visit: Visit, cast: Cast, sessions: Sessions) -> httpx.AsyncClient:
    client = await visit("/chat?c=banyan")
    await client.post("/chat/messages", json={"id": new_request(), "text": "你好"})
    async with sessions.begin() as session:
        newest = select(Address).order_by(Address.created_at.desc()).limit(1)
        met = (await session.scalars(newest)).one()
        met.resident_id, met.last_seen_at = cast.owner.resident_id, now() + timedelta(minutes=1)
    return client


async def test_colleagues_at_the_same_need_see_each_other_and_gone_is_gone(
    open_desk: OpenDesk, cast: Cast, lift: Need, address: str, elsewhere: str
) -> None:
    lead, clerk = actor_of(cast, PROPERTY), actor_of(cast, COMMITTEE)
    one, two = await open_desk(lead), await open_desk(clerk)
    async with _at_need(one, address, lift) as mine:
        async with _at_need(two, elsewhere, lift) as theirs:
            await _hear(mine, "here", names=[f"榕树社区居委会 {clerk.name}"])
            await _hear(theirs, "here", names=[f"榕树社区物业 {lead.name}"])
        await _hear(mine, "here", names=[])


async def test_who_may_not_read_it_neither_looks_nor_is_told(
    open_desk: OpenDesk, cast: Cast, lift: Need, address: str, sessions: Sessions
) -> None:
    lead = await open_desk(actor_of(cast, PROPERTY))
    stranger = await open_desk(actor_of(cast, "here.volunteer_team"))
    async with _at_need(lead, address, lift) as mine, _at_need(stranger, address, lift) as theirs:
        await _hears_nothing(theirs, "here")
        await theirs.send("no json")
        await theirs.send(json.dumps({"typing": 1}))
        await _hears_nothing(mine, "typing")
    async with sessions() as session:
        actors = (await session.scalars(select(NeedLooker.staff_id))).all()
    assert set(actors) <= {actor_of(cast, PROPERTY).staff_id}


async def test_a_page_that_ended_without_a_word_counts_no_more_after_twenty_seconds(
    open_desk: OpenDesk, cast: Cast, lift: Need, address: str, sessions: Sessions
) -> None:
    clerk = actor_of(cast, COMMITTEE)
    async with sessions.begin() as session:
        row = NeedLooker(need_id=lift.id, staff_id=clerk.staff_id, until=now() + timedelta(seconds=20))
        session.add(row)
    async with _at_need(await open_desk(actor_of(cast, PROPERTY)), address, lift) as mine:
        await _hear(mine, "here", names=[f"榕树社区居委会 {clerk.name}"])
        async with sessions.begin() as session:
            await session.execute(
                update(NeedLooker).where(NeedLooker.staff_id == clerk.staff_id).values(until=now())
            )
        await _hear(mine, "here", names=[])


async def test_typing_is_seen_on_both_sides(
    open_desk: OpenDesk,
    cast: Cast,
    lift: Need,
    address: str,
    elsewhere: str,
    visit: Visit,
    sessions: Sessions,
) -> None:
    resident = await _resident(visit, cast, sessions)
    lead, clerk = actor_of(cast, PROPERTY), actor_of(cast, COMMITTEE)
    async with (
        _line(resident, address, "/chat/live") as chat,
        _at_need(await open_desk(lead), elsewhere, lift) as desk,
        _at_need(await open_desk(clerk), elsewhere, lift) as looking_on,
    ):
        await _hear(chat, "hello")
        await _hear(desk, "here")
        await desk.send(json.dumps({"typing": 1}))
        await _hear(chat, "typing", by="staff")
        await chat.send("typing")
        await _hear(desk, "typing")
        await _hears_nothing(looking_on, "typing")
        await looking_on.send(json.dumps({"typing": 1}))
        await _hears_nothing(chat, "typing")


async def test_what_was_seen_is_said_on_both_sides(
    open_desk: OpenDesk, cast: Cast, lift: Need, address: str, visit: Visit, sessions: Sessions
) -> None:
    resident, lead = await _resident(visit, cast, sessions), actor_of(cast, PROPERTY)
    async with sessions.begin() as session:
        await answer_resident(session, lead, lift.id, "师傅三点到")
        await talk_about_need(session, lead, lift.id)
    await Delivery(sessions, make_channels(Settings(), sessions), hold_after=timedelta(days=1)).deliver_due(
        now()
    )
    desk = await open_desk(lead)
    async with _line(resident, address, "/chat/live") as chat:
        last = (await _hear(chat, "items"))["items"][-1]["seq"]
        for said in ("seen x", "seen -1", "seen 99999999999999", f"seen {last}"):
            await chat.send(said)
        await _until_seen(desk, lift)
        await resident.post("/chat/messages", json={"id": new_request(), "text": "好的"})
        await desk.get(f"/staff/needs/{lift.id}")
        await _hear(chat, "seen")
    async with sessions() as session:
        seen = select(OutboxMessage.message).where(OutboxMessage.seen_at.is_not(None))
        assert set((await session.scalars(seen)).all()) == {"staff_answer", "person_joins"}


async def test_the_page_talks_and_gives_back(
    open_desk: OpenDesk, cast: Cast, lift: Need, sessions: Sessions
) -> None:
    desk = await open_desk(actor_of(cast, PROPERTY))
    path = f"/staff/needs/{lift.id}"
    await desk.post(f"{path}/say", 422, words="早了", request_id=new_request())
    await desk.post(f"{path}/talk")
    page = (await desk.get(path)).text
    assert "您在跟居民说话，邻里不插话" in page
    request_id = new_request()
    for _ in range(2):
        await desk.post(f"{path}/say", words="师傅到楼下了", request_id=request_id)
    assert (await desk.get(path)).text.count("师傅到楼下了") == 1
    colleague = await open_desk(actor_of(cast, f"{PROPERTY}.2"))
    page = (await colleague.get(path)).text
    assert f"{actor_of(cast, PROPERTY).name}在跟居民说话" in page
    await colleague.post(f"{path}/say", 422, words="我也来", request_id=new_request())
    await colleague.post(f"{path}/give-back")
    assert "直接跟居民说话" in (await desk.get(path)).text
