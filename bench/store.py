"""Storing an inbound message at the real web door, against a bare route with the same two inserts.

Both are one process with the same server, the same PostgreSQL and the same client. The bot is a stand-in that takes
messages and never answers: the app is the real one, its turns wait for the bot as they do when Rasa hangs, and what
an answered turn costs is not part of storing (`round` has that).
"""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import cycle
from statistics import median
from typing import Any
from uuid import uuid4

from sqlalchemy import select

from bench.client import Http, NotAnswered, address_of
from bench.figures import Report
from bench.ground import beside, ground, wait_for
from bench.talk import COMMUNITY
from community.residents.models import Address
from community.residents.usecases import Known
from linli.database import make_engine, make_sessions
from linli.settings import Settings
from operations.children import Child
from operations.deployment import Deployment
from operations.environment import settings_environment
from operations.places import ROOT
from operations.ports import bind, choose_port, port_of

WORDS = "3号楼2单元的电梯坏了两天了，有老人下不了楼"
MUST = 0.7
Request = tuple[str, dict[str, Any], str]


@dataclass(frozen=True, slots=True)
class Sizes:
    """In each block `messages` are sent to either side, over so many connections, of so many people in turn."""

    people: int = 200
    messages: int = 192
    blocks: int = 15
    connections: int = 16


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two: its port, and the requests that it gets."""

    port: int
    requests: Iterator[Request]


def run(report: Report, sizes: Sizes) -> None:
    """Print `store 0.85x`."""
    with bind("127.0.0.1", 0, "the stand-in") as silent:  # takes what comes, nobody reads it
        bot = f"http://127.0.0.1:{port_of(silent)}"
        with ground(bot_url=bot, bot_timeout=600) as linli:
            pairs = _run_both(linli, choose_port(0, "the bare route"), sizes)
    ours, theirs = median(pair[0] for pair in pairs), median(pair[1] for pair in pairs)
    report.say(f"store {ours:.0f}/s at the web door, {theirs:.0f}/s at a bare route with two inserts")
    report.at_least("store", median(pair[0] / pair[1] for pair in pairs), MUST)


def _run_both(linli: Deployment, port: int, sizes: Sizes) -> Sequence[tuple[float, float]]:
    linli.start("web")
    wait_for(linli.children()["web"], f"{linli.url}/healthz")
    with beside(_bare_route(linli, port), f"http://127.0.0.1:{port}/"):
        return asyncio.run(_measure(linli.settings, port, sizes))


def _bare_route(linli: Deployment, port: int) -> Child:
    command = [sys.executable, "-m", "bench.bare_route", str(port)]
    return Child(
        "bare route", command, linli.logs / "bare_route.log", ROOT, settings_environment(linli.settings)
    )


async def _measure(settings: Settings, bare_port: int, sizes: Sizes) -> Sequence[tuple[float, float]]:
    """Messages a second of both, block by block; the first block warms up and does not count."""
    cookies = await _meet_people(settings.port, sizes.people)
    linli = Side(settings.port, _at_the_door(cookies))
    bare = Side(bare_port, _at_the_bare_route(await _find_people(settings.database_url)))
    pairs = [(await _send(linli, sizes), await _send(bare, sizes)) for _ in range(sizes.blocks + 1)]
    return pairs[1:]


async def _meet_people(port: int, many: int) -> list[str]:
    """Headers of so many people, each with a cookie and a first message behind them."""
    people = []
    for number in range(many):
        headers = f"X-Linli: 1\r\nX-Forwarded-For: {address_of(number)}\r\n"
        http = await Http(port).open()
        page = await http.get(f"/chat?c={COMMUNITY}")
        people.append(f"{headers}Cookie: {page['set-cookie'].split(';')[0]}\r\n")
        await http.post("/chat/messages", {"id": str(uuid4()), "text": WORDS}, people[-1])
        await http.close()
    return people


async def _find_people(database_url: str) -> Sequence[Known]:
    engine = make_engine(database_url)
    async with make_sessions(engine)() as session:
        rows = (await session.execute(select(Address.id, Address.resident_id))).all()
    await engine.dispose()
    return [Known(address_id, resident_id) for address_id, resident_id in rows]


def _at_the_door(people: Sequence[str]) -> Iterator[Request]:
    for headers in cycle(people):
        yield "/chat/messages", {"id": str(uuid4()), "text": WORDS}, headers


def _at_the_bare_route(people: Sequence[Known]) -> Iterator[Request]:
    for person in cycle(people):
        who = {"address_id": str(person.address_id), "resident_id": str(person.resident_id)}
        yield "/messages", {"id": str(uuid4()), "text": WORDS, **who}, ""


async def _send(side: Side, sizes: Sizes) -> float:
    """Send one block; messages a second."""
    each = sizes.messages // sizes.connections
    lines = [await Http(side.port).open() for _ in range(sizes.connections)]
    started = time.perf_counter()
    await asyncio.gather(*(_post(line, side.requests, each) for line in lines))
    took = time.perf_counter() - started
    for line in lines:
        await line.close()
    return each * sizes.connections / took


async def _post(line: Http, requests: Iterator[Request], many: int) -> None:
    for _ in range(many):
        path, body, headers = next(requests)
        if b'"seq"' not in await line.post(path, body, headers):
            raise NotAnswered(path)
