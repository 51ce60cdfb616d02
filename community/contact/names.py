"""What the channels are called when Linli speaks of them; a new channel has its line here."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

CHANNEL_NAMES: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "web": {"zh": "网页", "en": "the web page"},
        "wechat": {"zh": "微信", "en": "WeChat"},
        "telegram": {"zh": "Telegram", "en": "Telegram"},
    }
)

FREE_TO_JOIN = frozenset({"web"})
"""Where anybody has as many addresses as they like, so a limit for a person alone would hold nobody off."""


def name_channel(channel: str) -> dict[str, str]:
    """The name of a channel in both languages; its own code where it has none."""
    return dict(CHANNEL_NAMES.get(channel, {"zh": channel, "en": channel}))
