"""The same tests for every channel: real payloads in, exact requests out, forged and repeated ones, errors, secrets.

A channel is a folder under channels/ with a `channel.py`; its table is tests/contract/channels/of_<name>.py.
"""

from __future__ import annotations

import socket
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import Any

import httpx
import pytest
from pydantic import SecretStr
from sqlalchemy import func, select

import channels
from channels.contract import Budget, Channel, Closes, Outcome
from channels.errors import SendError
from channels.registry import MAKERS, make_channels
from community.inbox.models import InboundMessage
from community.residents.models import Address
from community.residents.usecases import meet_person
from linli.database import Sessions
from linli.settings import Settings
from tests.channels.bot_stand_in import BotStandIn
from tests.contract.channels.scripted import ScriptedPlatform
from tests.contract.channels.table import Received, Sent, Table
from tests.web.conftest import serving

NAMES = sorted(path.parent.name for path in Path(channels.__file__).parent.glob("*/channel.py"))
TABLES: list[Table] = [import_module(f"tests.contract.channels.of_{name}").TABLE for name in NAMES]
FIVE = Budget(5, None)
SENT = [(table, sent) for table in TABLES for sent in table.sent()]

pytestmark = pytest.mark.usefixtures("cast", "_only_loopback", "_no_secrets_told")


@pytest.fixture
async def platform() -> AsyncIterator[ScriptedPlatform]:
    """The platform of one test; what it was to be asked it was asked, and nothing else."""
    async with ScriptedPlatform() as platform:
        yield platform
        platform.check_done()


@pytest.fixture
async def bot() -> AsyncIterator[BotStandIn]:
    """A bot that repeats what it is told."""
    stand_in = BotStandIn()
    await stand_in.start()
    yield stand_in
    await stand_in.stop()


@pytest.fixture
def _only_loopback(monkeypatch: pytest.MonkeyPatch) -> None:
    """A connection to anywhere else fails the test."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: Any) -> None:  # noqa: ANN401
        if self.family in (socket.AF_INET, socket.AF_INET6) and address[0] not in ("127.0.0.1", "::1"):
            pytest.fail(f"a connection to {address[0]}")
        connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", guarded)


@pytest.fixture
def _no_secrets_told(capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """Nothing that was printed or logged holds a secret of a channel."""
    caplog.set_level("DEBUG")
    yield
    out, err = capfd.readouterr()
    told = out + err + caplog.text
    assert not [secret for table in TABLES for secret in table.secrets if secret in told]


def _settings(table: Table, platform: ScriptedPlatform, database_url: str, folder: Path) -> Settings:
    own = table.settings(platform.url)
    return Settings(
        _env_file=None,
        database_url=database_url,
        data_dir=folder,
        secret_key=SecretStr("of this test"),
        bot_url="http://127.0.0.1:9",  # nobody
        **own,
    )


@pytest.mark.parametrize("name", NAMES)
def test_every_channel_has_a_table_and_is_registered(name: str) -> None:
    assert TABLES[NAMES.index(name)].name == name
    assert len(MAKERS) == len(NAMES)


@pytest.mark.parametrize("table", TABLES, ids=NAMES)
def test_every_error_of_the_list_is_tried_or_cannot_be(table: Table) -> None:
    tried = {sent.error for sent in table.sent() if sent.error} | {SendError.UNREACHABLE}
    assert tried | set(table.impossible) == set(SendError)
    assert not tried & set(table.impossible)


@pytest.mark.parametrize("table", TABLES, ids=NAMES)
async def test_what_comes_in_is_stored_once_however_often_it_comes(
    table: Table,
    platform: ScriptedPlatform,
    bot: BotStandIn,
    sessions: Sessions,
    database_url: str,
    tmp_path: Path,
) -> None:
    platform.anything = table.fine
    received = table.received()
    settings = _settings(table, platform, database_url, tmp_path).model_copy(update={"bot_url": bot.url})
    async with serving(settings) as address:
        own = await table.enter(address)
        async with httpx.AsyncClient(base_url=address, headers=own, trust_env=False) as client:
            for each in received:
                for _ in range(2):
                    answer = await client.post(
                        table.door,
                        content=each.request.content,
                        params=each.request.params,
                        headers=each.request.headers,
                    )
                    assert answer.status_code == table.accepts, (each.name, answer.text)
                    assert not any(secret in answer.text for secret in table.secrets)
                await _check_stored(sessions, each)
    async with sessions() as session:
        assert await session.scalar(select(func.count()).select_from(InboundMessage)) == len(received)


async def _check_stored(sessions: Sessions, expected: Received) -> None:
    """The newest message is what is expected."""
    async with sessions() as session:
        newest = select(InboundMessage).order_by(InboundMessage.id.desc()).limit(1)
        stored = (await session.scalars(newest)).one()
        address = await session.get_one(Address, stored.address_id)
    media = [(ref["kind"], ref["id"]) for ref in stored.media or ()]
    place = expected.location
    wanted = None if place is None else (place.latitude, place.longitude, place.label)
    said = stored.location and tuple(stored.location[key] for key in ("latitude", "longitude", "label"))
    assert (stored.text, stored.payload) == (expected.text, expected.payload), expected.name
    assert set(media) <= {(kind.value, name) for kind, name in expected.media}
    assert bool(media or stored.files) == bool(expected.media) or stored.tries or stored.handled_at, (
        expected.name
    )
    assert said == wanted, expected.name
    assert (address.window_until is None) == (expected.sends is None), expected.name
    if expected.sends is not None:
        assert address.may_send is not None
        assert address.may_send <= expected.sends


@pytest.mark.parametrize("table", TABLES, ids=NAMES)
async def test_forged_and_old_requests_are_refused(
    table: Table, platform: ScriptedPlatform, sessions: Sessions, database_url: str, tmp_path: Path
) -> None:
    platform.anything = table.fine
    async with (
        serving(_settings(table, platform, database_url, tmp_path)) as address,
        httpx.AsyncClient(base_url=address, trust_env=False) as client,
    ):
        for request in table.forged():
            answer = await client.post(
                table.door, content=request.content, params=request.params, headers=request.headers
            )
            assert answer.status_code in table.refuses, request
            assert not any(secret in answer.text for secret in table.secrets)
    async with sessions() as session:
        assert not await session.scalar(select(func.count()).select_from(InboundMessage))


@pytest.mark.parametrize(("table", "sent"), SENT, ids=[f"{table.name}: {sent.name}" for table, sent in SENT])
async def test_what_goes_out_is_exactly_this(
    table: Table,
    sent: Sent,
    platform: ScriptedPlatform,
    sessions: Sessions,
    database_url: str,
    tmp_path: Path,
) -> None:
    platform.expected.extend(sent.calls)
    channel = make_channels(_settings(table, platform, database_url, tmp_path), sessions)[table.name]
    [outcome] = await _send(channel, sessions, sent)
    assert (outcome.id, outcome.error) == (sent.row.id, sent.error)
    if sent.outside_id:
        assert outcome.outside_id == sent.outside_id
    assert not any(secret in repr(outcome) for secret in table.secrets)
    if isinstance(channel, Closes):
        await channel.close()


@pytest.mark.parametrize(
    "table", [table for table in TABLES if table.settings("")], ids=lambda table: table.name
)
async def test_a_platform_that_is_away_has_taken_nothing(
    table: Table, sessions: Sessions, database_url: str, tmp_path: Path
) -> None:
    async with ScriptedPlatform() as gone:
        settings = _settings(table, gone, database_url, tmp_path)
    channel = make_channels(settings, sessions)[table.name]
    [outcome] = await _send(channel, sessions, table.sent()[0])
    assert outcome.error is SendError.UNREACHABLE
    if isinstance(channel, Closes):
        await channel.close()


async def _send(channel: Channel, sessions: Sessions, sent: Sent) -> Sequence[Outcome]:
    async with sessions.begin() as session:
        known = await meet_person(session, channel.name, sent.row.outside_id)
    row = replace(sent.row, channel=channel.name, address_id=known.address_id, resident_id=known.resident_id)
    budget = channel.abilities.budget
    return await channel.send([replace(row, budget=FIVE if budget else None)])
