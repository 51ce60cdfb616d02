"""Every cell of the table of rights, asked of the real app; and every door of the console has its rows there."""

from __future__ import annotations

from collections.abc import AsyncIterator

import httpx
import pytest

from linli.database import Sessions
from linli.settings import Settings
from tests.cast import Cast
from tests.web.residents.conftest import cookie_of
from tests.web.staff.conftest import Browser, OpenDesk, actor_of, make_client
from tests.web.staff.rights.asking import WHO, Asking, fingerprint, last_write
from tests.web.staff.rights.needs_of import NeedMaker, Thing
from tests.web.staff.rights.reading import YES, Row, read_table
from tests.web.staff.rights.things import Maker
from web.staff.console import DOORS

TABLE = read_table("staff.txt")
SECTIONS = list(dict.fromkeys(row.section for row in TABLE))
Desks = dict[str, Browser]


def test_every_route_of_the_console_is_in_the_table() -> None:
    named = {(row.method, row.route) for row in TABLE}
    doors = {
        (method, route.path)
        for door in DOORS
        for route in door.router.routes
        for method in sorted(getattr(route, "methods", None) or {"LIVE"})
    }
    assert sorted(doors - named) == [], "routes without a row in staff.txt"
    assert sorted(named - doors) == [], "rows of staff.txt without a route"


@pytest.fixture
async def desks(
    open_desk: OpenDesk, sessions: Sessions, settings: Settings, address: str, cast: Cast
) -> AsyncIterator[Desks]:
    """A browser for every column: staff signed in, residents with the cookie of their chat, and nobody."""
    found = {column: await open_desk(actor_of(cast, who)) for column, who in WHO.items()}
    people = {"own": cast.owner, "nei": cast.neighbour, "stg": cast.stranger}
    clients: dict[str, httpx.AsyncClient] = {
        column: make_client(address, await cookie_of(sessions, settings, who))
        for column, who in people.items()
    }
    clients["-"] = make_client(address)
    yield found | {column: Browser(client) for column, client in clients.items()}
    for client in clients.values():
        await client.aclose()


@pytest.fixture
def maker(cast: Cast, settings: Settings) -> Maker:
    """Makes what the rows are about."""
    return Maker(cast, NeedMaker(cast, settings))


@pytest.mark.parametrize("section", SECTIONS)
async def test_cells(section: str, desks: Desks, maker: Maker, cast: Cast, sessions: Sessions) -> None:
    wrong: list[str] = []
    for row in (row for row in TABLE if row.section == section):
        wrong += await _ask_refused(row, desks, maker, cast, sessions)
        for column, expected in row.cells:
            if expected == YES:
                thing = await _make(row, maker, sessions)
                answer = await Asking(cast, row, column).ask(desks[column], thing)
                if answer != YES:
                    wrong.append(f"{row.name}: {column} is answered {answer}, not yes")
    assert not wrong, "\n".join(wrong)


async def _ask_refused(row: Row, desks: Desks, maker: Maker, cast: Cast, sessions: Sessions) -> list[str]:
    """The cells that change nothing, all on one record, which is then as it was."""
    thing = await _make(row, maker, sessions)
    async with sessions() as session:
        written, before = await last_write(session), await fingerprint(session)
    wrong = []
    for column, expected in row.cells:
        if expected == YES:
            continue
        answer = await Asking(cast, row, column).ask(desks[column], thing)
        if answer != expected:
            wrong.append(f"{row.name}: {column} is answered {answer}, not {expected}")
    async with sessions() as session:
        quiet = await last_write(session) == written
        after = before if quiet else await fingerprint(session)
    changed = [now[0] for was, now in zip(before, after, strict=True) if was != now]
    if changed:
        wrong.append(f"{row.name}: refusing changed {', '.join(changed)}")
    return wrong


async def _make(row: Row, maker: Maker, sessions: Sessions) -> Thing:
    async with sessions.begin() as session:
        return await maker.make(session, row.route, row.of)
