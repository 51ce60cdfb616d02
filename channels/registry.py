"""The channels that are on, by name. A new channel is a folder and a line here."""

from __future__ import annotations

from channels.contract import Channel
from channels.web.channel import WebChannel
from linli.database import Sessions


def make_channels(sessions: Sessions) -> dict[str, Channel]:
    """Every channel that is on; the web always is."""
    channels: list[Channel] = [WebChannel(sessions)]
    return {channel.name: channel for channel in channels}
