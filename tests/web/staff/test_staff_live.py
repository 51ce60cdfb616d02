"""The console's line: says that something changed, nothing of what, and when the session is over."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from sqlalchemy import select, text
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from community.needs.usecases.privacy import keep_private
from community.presence.models import NeedLooker
from community.presence.usecases import TYPES, hint
from linli.database import Sessions
from tests.cast import Cast
from tests.channels.conftest import until
from tests.web.staff.conftest import LOW_MOOD, Browser, OpenDesk, actor_of, report
from web.staff import live

SOON = 30.0


@asynccontextmanager
async def line(desk: Browser, **headers: str) -> AsyncIterator[ClientConnection]:
    """The line of a browser, open and listening."""
    url = f"{str(desk.client.base_url).replace('http', 'ws', 1)}/staff/live"
    cookie = "; ".join(f"{each.name}={each.value}" for each in desk.client.cookies.jar)
    async with connect(url, additional_headers={"Cookie": cookie, **headers}) as socket:
        await asyncio.sleep(0.3)
        yield socket


async def _hear(socket: ClientConnection, seconds: float = SOON) -> object:
    async with asyncio.timeout(seconds):
        return json.loads(await socket.recv())["type"]


@pytest.fixture(autouse=True)
def short_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Look every half second instead of every fifteen."""
    monkeypatch.setattr(live, "LOOK_SECONDS", 0.5)


async def _until(socket: ClientConnection, wanted: str) -> None:
    async with asyncio.timeout(SOON):
        while await _hear(socket) != wanted:
            pass


@pytest.mark.parametrize("who", ["here.property_company", "here.committee", "street"])
async def test_staff_of_the_community_hear_of_a_new_need(
    open_desk: OpenDesk, cast: Cast, sessions: Sessions, who: str
) -> None:
    async with line(await open_desk(actor_of(cast, who))) as socket:
        await _until(socket, "ping")
        await report(sessions, cast.owner, LOW_MOOD)
        await _until(socket, "changed")


async def test_another_community_hears_nothing(open_desk: OpenDesk, cast: Cast, sessions: Sessions) -> None:
    async with line(await open_desk(actor_of(cast, "there.committee"))) as socket:
        await _until(socket, "ping")
        await report(sessions, cast.owner)
        assert [await _hear(socket) for _ in range(3)] == ["ping"] * 3


async def test_the_end_of_a_session_is_told(open_desk: OpenDesk, cast: Cast, sessions: Sessions) -> None:
    async with line(await open_desk(actor_of(cast, "here.committee"))) as socket:
        async with sessions.begin() as session:
            await session.execute(text("DELETE FROM staff_sessions"))
        await _until(socket, "over")
        with pytest.raises(ConnectionClosed):
            await _hear(socket)


async def test_who_wrote_hears_no_typing_once_the_need_is_for_social_workers_alone(
    open_desk: OpenDesk, cast: Cast, sessions: Sessions
) -> None:
    need = await report(sessions, cast.owner)
    async with line(await open_desk(actor_of(cast, "here.property_company"))) as socket:
        await socket.send(json.dumps({"need": str(need.id)}))

        async def looks() -> bool:
            async with sessions() as session:
                return await session.scalar(select(NeedLooker.id)) is not None

        await until(looks)
        await _type(sessions, cast)
        await _until(socket, "typing")
        async with sessions.begin() as session:
            await keep_private(session, cast.owner.resident_id, need.id)
            await hint(session, cast.owner.resident_id, TYPES)
        await _until(socket, "changed")
        await _type(sessions, cast)
        assert "typing" not in [await _hear(socket) for _ in range(3)]


async def _type(sessions: Sessions, cast: Cast) -> None:
    async with sessions.begin() as session:
        await hint(session, cast.owner.resident_id, TYPES)


async def test_nobody_and_strangers_pages_get_no_line(
    open_desk: OpenDesk, nobody: Browser, cast: Cast
) -> None:
    desk = await open_desk(actor_of(cast, "here.committee"))
    with pytest.raises(InvalidStatus):
        async with line(nobody):
            pass
    with pytest.raises(InvalidStatus):
        async with line(desk, Origin="https://evil.example"):
            pass
