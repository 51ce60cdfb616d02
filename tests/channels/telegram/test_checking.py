"""What an operator is told of the bot, in words that say what to do; and what is set up at the platform on request."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from pydantic import SecretStr

from channels.contract import Finding, SaysWhoWeAre, SetsUp
from channels.telegram.channel import TelegramChannel
from linli.settings import Settings
from operations.platforms.telegram import TOKEN
from operations.platforms.telegram.state import Webhook, moment
from tests.channels.telegram.conftest import SECRET, Platform


def wrong(findings: Sequence[Finding]) -> list[str]:
    return [finding.words for finding in findings if not finding.well]


async def test_a_bot_that_asks(platform: Platform, channel: TelegramChannel) -> None:
    assert isinstance(channel, SaysWhoWeAre | SetsUp)
    findings = await channel.check()
    assert wrong(findings) == []
    assert "@linli_demo_bot" in findings[0].words


async def test_a_webhook_that_nobody_wants_is_named_and_taken_away(
    platform: Platform, channel: TelegramChannel
) -> None:
    platform.state.webhook = Webhook("https://old.example.org/hook")
    assert "https://old.example.org/hook" in wrong(await channel.check())[0]
    assert wrong(await channel.set_up()) == []
    assert platform.state.webhook is None


async def test_a_webhook_is_named_with_its_secret(platform: Platform, settings: Settings) -> None:
    channel = TelegramChannel(settings.model_copy(update={"telegram_mode": "webhook"}))
    assert "no webhook" in wrong(await channel.check())[0]
    assert wrong(await channel.set_up()) == []
    hook = platform.state.webhook
    assert hook
    assert (hook.url, hook.secret) == (f"{settings.address}/channels/telegram", SECRET)
    hook.error, hook.error_at = "Wrong response from the webhook: 502 Bad Gateway", moment()
    assert "502" in wrong(await channel.check())[0]
    await channel.close()


async def test_a_token_that_is_not_valid(platform: Platform, settings: Settings) -> None:
    other = SecretStr("110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsawX")
    channel = TelegramChannel(settings.model_copy(update={"telegram_token": other}))
    (words,) = wrong(await channel.check())
    assert "LINLI_TELEGRAM_TOKEN" in words
    assert other.get_secret_value() not in words
    await channel.close()


@pytest.mark.parametrize("fault", ["down", "garbage", "drop"])
async def test_a_platform_that_is_not_there(platform: Platform, channel: TelegramChannel, fault: str) -> None:
    setattr(platform.state.faults, fault, True)
    for findings in (await channel.check(), await channel.set_up()):
        (words,) = wrong(findings)
        assert TOKEN not in words
