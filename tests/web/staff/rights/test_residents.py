"""The second table: every door of residents' pages and of the chat, asked by its owner and by everybody else."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Iterator, Mapping
from datetime import timedelta
from uuid import UUID, uuid4

import httpx
import pytest
from fastapi import APIRouter
from sqlalchemy import select

from community.clock import now
from community.inbox.models import InboundMessage, InboundState
from community.needs.models import Need
from community.needs.usecases.staff import resolve_need
from community.notices.models import Notice, NoticeRecipient, NoticeState
from community.surveys.asking import SurveyTimes, find_due_surveys, take_due_survey
from linli.database import Sessions
from linli.settings import Settings
from tests.cast import Cast
from tests.channels.conftest import until
from tests.web.residents.conftest import TOKEN, cookie_of
from tests.web.staff.conftest import SECRET, WORDS, OpenDesk, actor_of, make_client
from tests.web.staff.rights.asking import fingerprint
from tests.web.staff.rights.needs_of import NeedMaker, Thing
from tests.web.staff.rights.reading import MISSING, NOBODY, REFUSED, YES, Row, read_table
from tests.web.staff.rights.things import Maker
from web import chat, files, residents

TABLE = [row for row in read_table("residents.txt") if row.method != "LIVE"]
Clients = Mapping[str, httpx.AsyncClient]
FIELDS = re.compile(r"{(\w+)}")


def _routes(router: APIRouter) -> Iterator[tuple[str, str]]:
    for route in router.routes:
        path: str = getattr(route, "path", "")
        yield from ((method, path) for method in getattr(route, "methods", None) or {"LIVE"})


def test_every_route_of_residents_is_in_the_table() -> None:
    named = {(row.method, row.route) for row in read_table("residents.txt")}
    doors = {each for door in (*residents.DOORS, chat, files) for each in _routes(door.router)}
    assert sorted(doors - named) == [], "routes without a row in residents.txt"


@pytest.fixture
async def clients(
    sessions: Sessions, settings: Settings, address: str, cast: Cast, open_desk: OpenDesk
) -> AsyncIterator[Clients]:
    """A browser for every column."""
    people = {"own": cast.owner, "nei": cast.neighbour, "stg": cast.stranger}
    found = {
        column: make_client(address, await cookie_of(sessions, settings, who))
        for column, who in people.items()
    }
    found["com"] = (await open_desk(actor_of(cast, "here.committee"))).client
    found["-"] = make_client(address)
    for client in found.values():
        client.headers["X-Linli"] = "1"
    yield found
    for column in (*people, "-"):
        await found[column].aclose()


async def test_cells(clients: Clients, cast: Cast, settings: Settings, sessions: Sessions) -> None:
    maker = Maker(cast, NeedMaker(cast, settings))
    tokens = {column: await _token(client) for column, client in clients.items()}
    wrong: list[str] = []
    for row in TABLE:
        thing = await _make(row, maker, sessions)
        await until(lambda: _is_all_handled(sessions))  # what was said in the row before has its answer
        async with sessions() as session:
            before = await fingerprint(session)
        for column, expected in reversed(row.cells):  # the owner last
            if column == "own" and YES not in (answer for name, answer in row.cells if name != "own"):
                async with sessions() as session:
                    if await fingerprint(session) != before:
                        wrong.append(f"{row.name}: refusing changed something")
            answer = await _ask(clients[column], row, thing, tokens[column])
            if answer != expected:
                wrong.append(f"{row.name}: {column} is answered {answer}, not {expected}")
    assert not wrong, "\n".join(wrong)


async def _is_all_handled(sessions: Sessions) -> bool:
    async with sessions() as session:
        waits = InboundMessage.state == InboundState.WAITING
        return (await session.scalars(select(InboundMessage.id).where(waits))).first() is None


async def _ask(client: httpx.AsyncClient, row: Row, thing: Thing, token: str) -> str:
    path = row.route.format(**thing.ids)
    if row.method == "GET":
        answer = await client.get(path)
    elif row.route == "/chat/messages":
        answer = await client.post(path, json={"id": str(uuid4()), "text": "您好"})
    elif row.route == "/chat/language":
        answer = await client.post(path, json={"language": "zh"})
    else:
        answer = await client.post(path, data={"token": token, **_fields(row, thing)})
    for words in (WORDS, SECRET):
        if words in answer.text and thing.of != "own" and not _is_own(row, answer):
            return f"{answer.status_code} with the words {words}"
    return _read(answer)


def _is_own(row: Row, answer: httpx.Response) -> bool:
    return dict(row.cells)["own"] == YES and answer.status_code == 200


def _fields(row: Row, thing: Thing) -> dict[str, str]:
    said = {"answer": "yes"} if thing.of == "asked" else {"answer": "stop"}
    home = {"community": thing.code} if row.route == "/m/me/home" else {}
    usual = {"words": "还有一句", "solved": "yes", "score": "5", "language": "zh", "size": "", "follow": "1"}
    return {"request_id": str(uuid4()), **usual, **said, **home}


def _read(answer: httpx.Response) -> str:
    if answer.status_code in (400, 403, 415, 422):
        return REFUSED
    known = {401: NOBODY, 404: MISSING}
    return known.get(answer.status_code, YES if answer.status_code < 400 else str(answer.status_code))


async def _token(client: httpx.AsyncClient) -> str:
    found = TOKEN.search((await client.get("/m/me")).text)
    assert found
    return found[1]


async def _make(row: Row, maker: Maker, sessions: Sessions) -> Thing:
    async with sessions.begin() as session:
        if row.of == "unknown":
            return Thing(dict.fromkeys(FIELDS.findall(row.route), uuid4()), row.of)
        if row.of in ("asked", "given"):
            return await maker.consent(session, row.route, row.of)
        if row.of in ("here", "meant"):
            notice = Notice(
                community_id=maker.cast.here.community.id,
                category="utilities",
                state=NoticeState.SENT,
                public=row.of == "here",
                help_button=True,
                title_zh="停水",
                text_zh="明天停水",
                valid_from=now() - timedelta(hours=1),
                valid_until=now() + timedelta(days=1),
            )
            session.add(notice)
            await session.flush()
            owner = maker.cast.owner.resident_id
            session.add(NoticeRecipient(notice_id=notice.id, resident_id=owner, queued_at=now()))
            return Thing({"notice_id": notice.id}, row.of)
        if row.of in ("public", "confidential"):
            return await maker.needs.make(session, row.of, "")
        if row.of != "resolved":
            return Thing({}, row.of, code=str(maker.cast.here.community.id))
        thing = await maker.needs.make(session, "public", "resolve")
    assert thing.need is not None
    await _resolve(sessions, maker.cast, thing.need)
    return Thing(thing.ids, row.of)


async def _resolve(sessions: Sessions, cast: Cast, need: Need) -> None:
    company = actor_of(cast, "here.property_company")
    async with sessions.begin() as session:
        await resolve_need(session, company, need.id, "修好了", survey_at=now())
    async with sessions.begin() as session:
        due: list[UUID] = list(await find_due_surveys(session, now(), 9))
        for survey_id in due:
            await take_due_survey(session, now(), SurveyTimes(), survey_id)
