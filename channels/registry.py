"""The channels that are on, by name. A new channel is a folder and a line here."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from channels.contract import Channel
from channels.telegram.channel import TelegramChannel
from channels.web.channel import WebChannel
from channels.wechat.channel import WeChatChannel
from linli.database import Sessions
from linli.settings import Settings

MAKERS: Sequence[Callable[[Settings, Sessions], Channel | None]] = (
    lambda _, sessions: WebChannel(sessions),
    lambda settings, _: TelegramChannel(settings) if settings.telegram_is_on else None,
    lambda settings, sessions: WeChatChannel(settings, sessions) if settings.wechat_is_on else None,
)
"""Each makes its channel, or gives None where the settings do not name what it needs: then it is off."""


def make_channels(settings: Settings, sessions: Sessions) -> dict[str, Channel]:
    """Every channel that is on; the web always is."""
    made = [make(settings, sessions) for make in MAKERS]
    return {channel.name: channel for channel in made if channel is not None}
