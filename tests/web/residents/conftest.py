"""The cast at residents' pages: browsers with the cookie of each, and the tales that they may or may not see."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from uuid import uuid4

import httpx
import pytest
from fastapi.responses import Response
from sqlalchemy import ColumnElement, func, select

from community.base import Base
from community.clock import now
from community.residents.models import Address
from community.residents.usecases import Known
from linli.database import Sessions
from linli.settings import Settings
from tests.cast import Cast
from tests.web.residents.tales import Tales, make_tales
from web.identity import Identity, Visitor

HTML = {"Accept": "text/html"}
TOKEN = re.compile(r'name="token" value="([^"]+)"')
REQUEST = re.compile(r'name="request_id" value="([^"]+)"')


@pytest.fixture
async def tales(sessions: Sessions, cast: Cast) -> Tales:
    """What there is to see."""
    return await make_tales(sessions, cast)


@dataclass(frozen=True)
class Browsers:
    """One browser for each of the cast, and one of nobody."""

    owner: httpx.AsyncClient
    neighbour: httpx.AsyncClient
    stranger: httpx.AsyncClient
    nobody: httpx.AsyncClient


@pytest.fixture
async def browsers(
    sessions: Sessions, settings: Settings, address: str, cast: Cast
) -> AsyncIterator[Browsers]:
    """Browsers that follow no redirects."""
    cookies = [
        await cookie_of(sessions, settings, who) for who in (cast.owner, cast.neighbour, cast.stranger)
    ]
    clients = [
        httpx.AsyncClient(
            base_url=address, headers=HTML | {"Origin": address}, cookies=each, trust_env=False, timeout=30
        )
        for each in (*cookies, None)
    ]
    yield Browsers(*clients)
    for client in clients:
        await client.aclose()


async def cookie_of(sessions: Sessions, settings: Settings, who: Known) -> dict[str, str]:
    """The chat's cookie of a browser of this person, which gets an address of its own."""
    visitor = Visitor(uuid4())
    async with sessions.begin() as session:
        session.add(
            Address(
                resident_id=who.resident_id,
                channel="web",
                outside_id=visitor.outside_id,
                last_seen_at=now(),
            )
        )
    answer, identity = Response(), Identity(settings)
    identity.give(answer, visitor)
    value = answer.headers["set-cookie"].partition(";")[0].partition("=")[2]
    return {identity.cookie: value}


def token_in(page: httpx.Response) -> str:
    """The token of the forms on a page."""
    found = TOKEN.search(page.text)
    assert found, page.text
    return found[1]


async def form_of(client: httpx.AsyncClient, path: str, **fields: str) -> dict[str, str]:
    """The fields of a form as the page at `path` would send them."""
    page = await client.get(path)
    assert page.status_code == 200, page.text
    request = REQUEST.search(page.text)
    return {"token": token_in(page), "request_id": request[1] if request else "", **fields}


async def count(sessions: Sessions, table: type[Base], *conditions: ColumnElement[bool]) -> int:
    """How many rows of a table fulfil the conditions."""
    async with sessions() as session:
        return await session.scalar(select(func.count()).select_from(table).where(*conditions)) or 0
