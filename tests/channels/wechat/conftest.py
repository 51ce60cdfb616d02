"""What tests of WeChat share: the stand-in, and Linli's API client for it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from channels.wechat.api import WeChatApi
from linli.database import Sessions
from linli.settings import Settings
from tests.channels.wechat.stand_in import Platform, platform_on_loopback

MakeApi = Callable[[], WeChatApi]


@pytest.fixture
async def platform() -> AsyncIterator[Platform]:
    """A platform with one account in safe mode."""
    async with platform_on_loopback() as platform:
        yield platform


@pytest.fixture
def wechat_settings(platform: Platform, database_url: str, tmp_path: Path) -> Settings:
    """Settings of a Linli with this account."""
    return Settings(_env_file=None, database_url=database_url, data_dir=tmp_path, **platform.settings())


@pytest.fixture
async def make_api(wechat_settings: Settings, sessions: Sessions) -> AsyncIterator[MakeApi]:
    """Clients as of several processes: they share the database only."""
    made: list[WeChatApi] = []

    def make() -> WeChatApi:
        made.append(WeChatApi(wechat_settings, sessions))
        return made[-1]

    yield make
    for api in made:
        await api.close()
