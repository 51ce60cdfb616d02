"""A confidential need with one sentence in all its words: its owner and the assigned social worker read it, nobody else
does, in no page, list, file, log, metric or row; and no table of the database holds it in plain."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass

import httpx
import pytest
from sqlalchemy import select, text

from community.outbox.models import OutboxMessage
from linli.database import Sessions
from linli.settings import Settings
from tests.cast import Cast
from tests.channels.bot_stand_in import BotStandIn
from tests.web.residents.conftest import cookie_of
from tests.web.staff.conftest import OpenDesk, actor_of, make_client, report
from tests.web.staff.planted.hunting import Hunt, fill, find_pages
from tests.web.staff.planted.planting import (
    CHAT,
    MARK,
    OWNER_READS,
    WORKER_READS,
    Planted,
    Planter,
    confide,
)
from web.parts import make_parts
from web.public import create_app

OTHERS = (
    "here.committee",
    "here.social_work_team.2",
    "here.property_company",
    "here.social_organisation",
    "here.department",
    "there.committee",
    "street",
    "admin",
)
EVERY_PAGE = 40
"""How many pages the app has at least; fewer would mean that they are not found any more."""


TABLES = text("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")


@dataclass
class Scene:
    """What was planted, the addresses to ask for, and browsers of the people."""

    planted: Planted
    pages: list[str]
    owner: httpx.AsyncClient
    others: dict[str, httpx.AsyncClient]


@pytest.fixture
async def scene(
    address: str, bot: BotStandIn, sessions: Sessions, settings: Settings, cast: Cast, open_desk: OpenDesk
) -> AsyncIterator[Scene]:
    """The need is planted beside one that many may read; everybody has a browser."""
    bot.handler = confide
    other = await report(sessions, cast.neighbour, place_id=cast.here.unit.id)
    residents = {"owner": cast.owner, "neighbour": cast.neighbour, "stranger": cast.stranger}
    async with AsyncExitStack() as stack:
        browsers = {
            name: await stack.enter_async_context(
                make_client(address, await cookie_of(sessions, settings, who))
            )
            for name, who in residents.items()
        }
        browsers["nobody"] = await stack.enter_async_context(make_client(address))
        owner = browsers.pop("owner")
        owner.headers["X-Linli"] = "1"
        planted = await Planter(sessions, settings, cast).plant(owner)
        planted.ids["need_id"].append(other.id)
        for who in OTHERS:
            browsers[who] = (await open_desk(actor_of(cast, who))).client
        pages = list(find_pages(create_app(make_parts(settings))))
        assert len(pages) >= EVERY_PAGE
        yield Scene(planted, list(fill(pages, planted.ids)), owner, browsers)


async def test_owner_and_assigned_worker_read_it(scene: Scene, cast: Cast, open_desk: OpenDesk) -> None:
    owner, worker = Hunt(), Hunt()
    await owner.hunt(scene.owner, [page for page in scene.pages if not page.startswith("/staff")])
    assert owner.reads(OWNER_READS) == OWNER_READS
    desk = await open_desk(actor_of(cast, "here.social_work_team"))
    await worker.hunt(desk.client, scene.pages)
    assert worker.reads(WORKER_READS) == WORKER_READS
    assert worker.reads([CHAT]) == set(), "what was confided to the bot alone is nobody else's"


async def test_nobody_else_reads_it_anywhere(
    scene: Scene, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level("DEBUG")
    seen: dict[str, list[str]] = {}
    for who, client in scene.others.items():
        hunt = Hunt()
        await hunt.hunt(client, scene.pages)
        assert hunt.opened, f"{who} was shown nothing at all"
        seen |= {who: list(hunt.found)} if hunt.found else {}
    assert seen == {}
    out, err = capfd.readouterr()
    assert MARK not in caplog.text + out + err


async def test_no_table_holds_it_and_no_row_of_others_says_it(
    scene: Scene, sessions: Sessions, cast: Cast
) -> None:
    async with sessions() as session:
        tables = (await session.scalars(TABLES)).all()
        assert {"needs", "outbox_messages", "dialogue_states"} < set(tables)
        for name in tables:
            rows = (await session.scalars(text(f"SELECT t::text FROM {name} AS t"))).all()
            assert not [row for row in rows if MARK in row], name
        told = await session.execute(
            select(OutboxMessage.resident_id, OutboxMessage.values, OutboxMessage.buttons)
        )
        said = [(who, f"{values} {buttons}") for who, values, buttons in told]
    assert any(MARK in words for who, words in said if who == cast.owner.resident_id)
    assert not any(MARK in words for who, words in said if who != cast.owner.resident_id)
