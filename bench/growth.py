"""What the console and a report cost with a million needs stored, against a thousand: both at once, asked in turn.

Two Linlis of their own, each with the database of its size (filling.py), the real web door and a clerk of the committee
signed in. Every figure is the median of many requests, one to the small and one to the large by turns.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from statistics import median
from urllib.parse import quote
from uuid import UUID, uuid4

from pydantic import SecretStr
from sqlalchemy import Select, select
from sqlalchemy.ext.asyncio import AsyncSession

from bench.client import Http
from bench.figures import Report, milliseconds
from bench.filling import fill
from bench.ground import ground, wait_for
from bench.talk import COMMUNITY
from community.access.usecases import SessionTimes, open_session
from community.needs.models import Need, NeedState, Visibility
from community.needs.usecases.residents import Report as Told
from community.needs.usecases.residents import ReportLimits, report_need
from community.parties.models import Party, PartyType, Staff
from community.places.models import Community, Level, Place
from community.residents.usecases import meet_person
from linli.database import Sessions, make_engine, make_sessions
from linli.sealing import new_key
from operations.deployment import Deployment

MUST = 1.25
WORDS = "3号楼2单元的电梯坏了两天了，有老人下不了楼"
SEARCHES = ("3号楼 电梯", "电梯", "停车位", "2-1", "13812345678", "没有这样的事")


@dataclass(frozen=True, slots=True)
class Sizes:
    """How many needs the small and the large database have, how many of them open, and how often each is asked."""

    small: int = 1_000
    large: int = 1_000_000
    open_needs: int = 500
    times: int = 31


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two: its door with somebody signed in, its database, and the pages that are asked."""

    http: Http
    sessions: Sessions
    pages: Mapping[str, Sequence[str]]
    resident: tuple[UUID, UUID]


Ask = Callable[[Side], Awaitable[object]]


def run(report: Report, sizes: Sizes) -> None:
    """Print `growth queue 1.05x` and the like."""
    keys = SecretStr(new_key())
    with _linli(keys) as small, _linli(keys) as large:
        for linli, needs in ((small, sizes.small), (large, sizes.large)):
            _prepare(report, linli, needs, min(sizes.open_needs, needs // 2))
        for name, (before, after) in asyncio.run(_measure(small, large, sizes.times)).items():
            figures = (
                f"{milliseconds(before)} with {sizes.small:,}, {milliseconds(after)} with {sizes.large:,}"
            )
            report.say(f"growth {name}: {figures}")
            report.at_most(f"growth {name}", after / before, MUST)


def _linli(keys: SecretStr) -> AbstractContextManager[Deployment]:
    """Without Rasa, which nobody talks to here."""
    return ground(encryption_keys=keys, bot_url="http://127.0.0.1:9")


def _prepare(report: Report, linli: Deployment, needs: int, open_needs: int) -> None:
    started = time.perf_counter()
    fill(linli, needs, open_needs)
    report.say(f"growth filled {needs:,} needs in {time.perf_counter() - started:.0f} s")
    linli.start("web")
    wait_for(linli.children()["web"], f"{linli.url}/healthz")


async def _measure(small: Deployment, large: Deployment, times: int) -> Mapping[str, tuple[float, float]]:
    """Of everything that is asked the medians at both, in seconds; of several searches the one that grew most."""
    sides = [await _open(linli) for linli in (small, large)]
    found: dict[str, tuple[float, float]] = {}
    for name, paths in sides[0].pages.items():
        pairs = [await _ask(sides, _page(name, at), times) for at in range(len(paths))]
        found[name] = max(pairs, key=lambda pair: pair[1] / pair[0])
    found["report"] = await _ask(sides, _report, times)
    for side in sides:
        await side.http.close()
    return found


async def _ask(sides: Sequence[Side], ask: Ask, times: int) -> tuple[float, float]:
    """The medians; the first fifth warms up and does not count."""
    took: list[list[float]] = [[], []]
    for _ in range(times + times // 4):
        for side, seconds in zip(sides, took, strict=True):
            started = time.perf_counter()
            await ask(side)
            seconds.append(time.perf_counter() - started)
    before, after = (median(seconds[times // 4 :]) for seconds in took)
    return before, after


def _page(name: str, at: int) -> Ask:
    return lambda side: side.http.get(side.pages[name][at])


async def _report(side: Side) -> object:
    resident_id, place_id = side.resident
    limits = ReportLimits(an_hour=1_000_000, a_day=1_000_000)
    async with side.sessions.begin() as session:
        told = Told(kind="elevator", words=WORDS, place_id=place_id)
        return await report_need(session, resident_id, told, limits=limits)


async def _open(linli: Deployment) -> Side:
    """Sign a clerk in, meet somebody who reports, and choose the pages."""
    sessions = make_sessions(make_engine(linli.settings.database_url, pool=2))
    async with sessions.begin() as session:
        staff = await find_clerk(session)
        token = await open_session(session, staff.id, SessionTimes())
        unit = (await session.scalars(_in_community(select(Place)).where(Place.level == Level.UNIT))).first()
        assert unit is not None
        person = await meet_person(session, "web", str(uuid4()), community_id=unit.community_id)
        pages = await _find_pages(session, staff)
    http = await Http(linli.settings.port, {"Cookie": f"linli-staff={token}"}).open()
    return Side(http, sessions, pages, (person.resident_id, unit.id))


def _in_community(wanted: Select[Place]) -> Select[Place]:
    return wanted.join(Community, Community.id == Place.community_id).where(Community.code == COMMUNITY)


async def find_clerk(session: AsyncSession) -> Staff:
    """Somebody of the committee."""
    wanted = (
        select(Staff)
        .join(Party, Party.id == Staff.party_id)
        .join(Community, Community.id == Party.community_id)
        .where(Party.type == PartyType.COMMITTEE, Community.code == COMMUNITY)
        .order_by(Staff.sign_in)
    )
    staff = (await session.scalars(wanted)).first()
    assert staff is not None
    return staff


async def _find_pages(session: AsyncSession, staff: Staff) -> Mapping[str, Sequence[str]]:
    """The addresses by what they show; one need is open, the other over."""
    needs = select(Need.id).where(
        Need.lead_party_id == staff.party_id, Need.visibility != Visibility.CONFIDENTIAL
    )
    past = await session.scalar(needs.where(Need.state == NeedState.CLOSED).limit(1))
    fresh = await session.scalar(needs.where(Need.state == NeedState.ACCEPTED).limit(1))
    everywhere = "/staff/needs?scope=all&state=any"
    return {
        "queue": ("/staff/needs", "/staff/needs?scope=all", "/staff/needs?scope=mine"),
        "past": ("/staff/needs?state=ended", f"{everywhere}&page=20"),
        "search": tuple(f"{everywhere}&q={quote(words)}" for words in SEARCHES),
        "need": (f"/staff/needs/{fresh}", f"/staff/needs/{past}"),
        "counts": ("/staff/reminders",),
    }
