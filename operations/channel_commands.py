"""`linli channel`: asks each platform who we are, sets how it reaches us, and says in plain words what is refused."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated

import typer

from channels.contract import Channel, Closes, Finding, SaysWhoWeAre, SetsUp
from channels.registry import make_channels
from linli.database import Sessions
from linli.settings import Settings, load_settings
from operations.database import find_database_url
from operations.sessions import run_with_sessions

commands = typer.Typer(help="The channels: WeChat, Telegram and the web.", no_args_is_help=True)
OFF: Mapping[str, str] = {"telegram": "LINLI_TELEGRAM_TOKEN", "wechat": "LINLI_WECHAT_APP_ID"}
"""The setting without which a channel is off."""


@commands.command("check")
def channel_check(
    channel: Annotated[str | None, typer.Argument(help="One channel; empty = all that are on.")] = None,
    *,
    put: Annotated[bool, typer.Option("--set", help="First tell the platform our webhook or menu.")] = False,
    language: Annotated[str, typer.Option(help="zh or en; both without it.")] = "",
) -> None:
    """Ask each platform who we are and what it lets us do; ends with 1 where something is not as it should be."""
    findings = check_channels(load_settings(), channel, put=put)
    for finding in findings:
        typer.echo(describe(finding, language))
    if not all(finding.well for finding in findings):
        raise typer.Exit(1)


def check_channels(settings: Settings, only: str | None = None, *, put: bool = False) -> Sequence[Finding]:
    """What each channel finds, one after the other; a channel that is off is named with its setting."""

    async def look(sessions: Sessions) -> Sequence[Finding]:
        return await look_at(make_channels(settings, sessions), only, put=put)

    return run_with_sessions(find_database_url(settings), look)


async def look_at(
    channels: Mapping[str, Channel], only: str | None = None, *, put: bool = False
) -> Sequence[Finding]:
    """The same for channels that are made already."""
    found: list[Finding] = []
    for name in [only] if only else [*channels, *(name for name in OFF if name not in channels)]:
        found += await _look_at(channels[name], put=put) if name in channels else [_off(name, only)]
    return found


def describe(finding: Finding, language: str = "") -> str:
    """A finding as lines for a terminal: in one language, or English with the Chinese below it."""
    mark, zh = "✓" if finding.well else "✗", finding.zh or finding.words
    if language:
        return f"{mark} {finding.subject}: {zh if language == 'zh' else finding.words}"
    lines = [f"{mark} {finding.subject}: {finding.words}"]
    return "\n".join(lines if zh == finding.words else [*lines, f"  {zh}"])


async def _look_at(channel: Channel, *, put: bool) -> Sequence[Finding]:
    try:
        if put and isinstance(channel, SetsUp):
            return await channel.set_up()
        if isinstance(channel, SaysWhoWeAre):
            return await channel.check()
        return [Finding(channel.name, True, "on, and needs no account", "开着，不需要账号")]
    finally:
        if isinstance(channel, Closes):
            await channel.close()


def _off(name: str, only: str | None) -> Finding:
    """Off is well unless it was asked for by name."""
    if name not in OFF:
        return Finding(name, False, "there is no such channel", "没有这个渠道")
    words, zh = f"off: {OFF[name]} is empty", f"没有开：{OFF[name]} 是空的"
    return Finding(name, only is None, words, zh)
