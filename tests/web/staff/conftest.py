"""Staff of the cast at the console: signed-in browsers that carry the token of their forms, and needs to look at."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from uuid import UUID, uuid4

import httpx
import pytest

from community.access.usecases import SessionTimes, find_signed_in, open_session
from community.actors import StaffActor
from community.needs.models import Need
from community.needs.usecases.residents import Report, report_need
from community.parties.models import PartyType
from community.residents.usecases import Known
from linli.database import Sessions
from tests.cast import Cast

HTML = {"Accept": "text/html"}
LIFT, LOW_MOOD = "elevator", "mental_health"
WORDS = "三号楼电梯又停了，老人下不来"
SECRET = "最近总是睡不着，谁也不想见"
REQUEST = re.compile(r'name="request_id" value="([^"]+)"')


@dataclass(frozen=True)
class Browser:
    """A browser at the console; `post` sends a form as the page does."""

    client: httpx.AsyncClient
    csrf: str = ""

    async def get(self, path: str, status: int = 200, **headers: str) -> httpx.Response:
        answer = await self.client.get(path, headers=headers)
        assert answer.status_code == status, (path, answer.status_code, answer.text[:600])
        return answer

    async def post(self, path: str, status: int = 303, **fields: str) -> httpx.Response:
        answer = await self.client.post(path, data={"csrf": self.csrf, **fields})
        assert answer.status_code == status, (path, answer.status_code, answer.text[:600])
        return answer


OpenDesk = Callable[[StaffActor], Awaitable[Browser]]


@pytest.fixture
async def nobody(address: str) -> AsyncIterator[Browser]:
    """A browser in which nobody is signed in."""
    async with make_client(address) as client:
        yield Browser(client)


@pytest.fixture
async def open_desk(address: str, sessions: Sessions) -> AsyncIterator[OpenDesk]:
    """Sign somebody of the cast in, without the page."""
    opened: list[httpx.AsyncClient] = []

    async def make(actor: StaffActor) -> Browser:
        async with sessions.begin() as session:
            token = await open_session(session, actor.staff_id, SessionTimes())
            me = await find_signed_in(session, token, SessionTimes())
        assert me is not None
        opened.append(make_client(address, {"linli-staff": token}))
        return Browser(opened[-1], me.csrf)

    yield make
    for client in opened:
        await client.aclose()


def make_client(address: str, cookies: dict[str, str] | None = None) -> httpx.AsyncClient:
    """A browser that follows no redirects."""
    headers = HTML | {"Origin": address}
    return httpx.AsyncClient(base_url=address, headers=headers, cookies=cookies, trust_env=False, timeout=30)


def actor_of(cast: Cast, who: str) -> StaffActor:
    """here.property_company, there.committee, here.social_work_team.2 (a colleague), street, admin."""
    if who in ("street", "admin"):
        actor: StaffActor = getattr(cast, who)
        return actor
    side, party, *second = who.split(".")
    where = getattr(cast, side)
    group: dict[PartyType, StaffActor] = where.colleagues if second else where.staff
    return group[PartyType(party)]


async def report(
    sessions: Sessions, who: Known, kind: str = LIFT, *, words: str = "", place_id: UUID | None = None
) -> Need:
    """A need of the kind, reported and routed."""
    made = Report(kind=kind, words=words or (SECRET if kind == LOW_MOOD else WORDS), place_id=place_id)
    async with sessions.begin() as session:
        return await report_need(session, who.resident_id, made)


@pytest.fixture
async def lift(sessions: Sessions, cast: Cast) -> Need:
    """A lift that stands still in building 3; the property company leads, the committee assists."""
    return await report(sessions, cast.owner, place_id=cast.here.unit.id)


@pytest.fixture
async def low_mood(sessions: Sessions, cast: Cast) -> Need:
    """Something confidential, for social workers."""
    return await report(sessions, cast.owner, LOW_MOOD)


def new_request() -> str:
    """What the page puts into a form so that it counts once."""
    return str(uuid4())
