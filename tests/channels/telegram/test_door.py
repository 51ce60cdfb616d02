"""The door of the webhook: open to who says the secret; an update is stored before it is acknowledged; no 500."""

from __future__ import annotations

import json
import logging
from collections.abc import AsyncIterator, Callable

import httpx
import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from pydantic import SecretStr
from sqlalchemy import func, select, text

from channels.telegram.service import TelegramService
from community.inbox.models import InboundMessage
from community.residents.models import Resident
from linli.database import Sessions
from linli.settings import Settings
from operations.platforms.telegram import people
from tests.channels.bot_stand_in import BotStandIn
from tests.channels.conftest import until
from tests.channels.telegram.conftest import SECRET, Platform
from tests.channels.telegram.payloads import UPDATES, message
from tests.channels.telegram.test_reading import json_values
from tests.web.conftest import serving

HEADER = "X-Telegram-Bot-Api-Secret-Token"
PATH = "/channels/telegram"
Make = Callable[..., TelegramService]


@pytest.fixture
def settings(settings: Settings, bot: BotStandIn) -> Settings:
    """An app with its door open."""
    return settings.model_copy(update={"telegram_mode": "webhook", "bot_url": bot.url})


@pytest.fixture
async def address(settings: Settings) -> AsyncIterator[str]:
    """The app of this test."""
    async with serving(settings) as address:
        yield address


@pytest.fixture
async def telegram(address: str) -> AsyncIterator[httpx.AsyncClient]:
    """Somebody who says the secret."""
    async with httpx.AsyncClient(base_url=address, headers={HEADER: SECRET}, trust_env=False) as client:
        yield client


async def count(sessions: Sessions) -> int:
    async with sessions() as session:
        return (await session.scalar(select(func.count()).select_from(InboundMessage))) or 0


@pytest.mark.parametrize("said", [None, "", "wrong", SECRET + "x", SECRET[:-1], "密"])
async def test_who_does_not_say_the_secret_is_refused(
    address: str, sessions: Sessions, said: str | None
) -> None:
    headers = {} if said is None else {HEADER: said.encode()}
    async with httpx.AsyncClient(base_url=address, trust_env=False) as client:
        answer = await client.post(PATH, json=UPDATES["words"], headers=headers)  # type: ignore[arg-type]
    assert answer.status_code == 403
    assert SECRET not in answer.text
    assert await count(sessions) == 0


async def test_an_update_is_stored_once_however_often_it_comes(
    telegram: httpx.AsyncClient, sessions: Sessions
) -> None:
    for _ in range(3):
        assert (await telegram.post(PATH, json=UPDATES["words"])).status_code == 200
    assert await count(sessions) == 1
    async with sessions() as session:
        assert await session.scalar(select(func.count()).select_from(Resident)) == 1


async def test_nothing_is_acknowledged_that_is_not_stored(
    telegram: httpx.AsyncClient, sessions: Sessions
) -> None:
    async with sessions.begin() as session:
        await session.execute(text("ALTER TABLE inbound_messages RENAME TO away"))
    assert (await telegram.post(PATH, json=UPDATES["words"])).status_code >= 500
    async with sessions.begin() as session:
        await session.execute(text("ALTER TABLE away RENAME TO inbound_messages"))
    assert (await telegram.post(PATH, json=UPDATES["words"])).status_code == 200
    assert await count(sessions) == 1


async def test_the_platform_brings_again_what_failed(
    address: str, platform: Platform, sessions: Sessions
) -> None:
    """The whole way: the app names its door, a delivery fails, the next one is taken, once."""

    async def named() -> bool:
        return platform.state.webhook is not None

    await until(named)
    async with sessions.begin() as session:
        await session.execute(text("ALTER TABLE inbound_messages RENAME TO away"))
    await people.say(platform.state, people.meet(platform.state, 101), "电梯坏了")

    async def failed() -> bool:
        return any(status >= 500 for _, status in platform.pushed)

    await until(failed)
    async with sessions.begin() as session:
        await session.execute(text("ALTER TABLE away RENAME TO inbound_messages"))

    async def taken() -> bool:
        return not platform.state.updates

    await until(taken)
    assert await count(sessions) == 1


@pytest.mark.parametrize("off", [{"telegram_mode": "polling"}, {"telegram_token": SecretStr("")}])
async def test_there_is_no_door_where_nobody_is_to_come(settings: Settings, off: dict[str, object]) -> None:
    async with (
        serving(settings.model_copy(update=off)) as address,
        httpx.AsyncClient(base_url=address, headers={HEADER: SECRET}, trust_env=False) as client,
    ):
        assert (await client.post(PATH, json=UPDATES["words"])).status_code == 403


async def test_every_update_is_taken(telegram: httpx.AsyncClient) -> None:
    for number, update in enumerate(UPDATES.values()):
        answer = await telegram.post(PATH, json={**update, "update_id": number})
        assert answer.status_code == 200


async def test_too_much_is_not_read(telegram: httpx.AsyncClient, sessions: Sessions) -> None:
    assert (await telegram.post(PATH, json=message(text="长" * 1_000_000))).status_code == 200
    assert await count(sessions) == 0


bodies = st.one_of(st.binary(max_size=300), json_values.map(lambda value: json.dumps(value).encode()))
shapes = st.sampled_from(sorted(UPDATES)).flatmap(
    lambda name: st.tuples(
        st.just(name),
        st.sampled_from(["message_id", "from", "chat", "date", "text", "id", "data"]),
        json_values,
    )
)


@given(bodies)
@hypothesis_settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
async def test_no_body_is_a_500(
    telegram: httpx.AsyncClient, caplog: pytest.LogCaptureFixture, body: bytes
) -> None:
    answer = await telegram.post(PATH, content=body)
    assert answer.status_code == 200
    assert not [line for line in caplog.records if line.levelno >= logging.ERROR or line.exc_info]


@given(shapes)
@hypothesis_settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
async def test_no_shape_is_a_500(
    telegram: httpx.AsyncClient, caplog: pytest.LogCaptureFixture, shape: tuple[str, str, object]
) -> None:
    name, part, value = shape
    update = json.loads(json.dumps(UPDATES[name]))
    kind = next(key for key in update if key != "update_id")
    update[kind][part] = value
    answer = await telegram.post(PATH, content=json.dumps(update))
    assert answer.status_code == 200
    assert not [line for line in caplog.records if line.levelno >= logging.ERROR or line.exc_info]
