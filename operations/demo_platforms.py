"""LINLI_DEMO_PLATFORMS=1: stand-ins for WeChat and Telegram run beside Linli, and the settings lead to them.

So both channels can be tried in a browser without an account. A channel that the settings name an account for stays as
it is. Before: operations/deployment.py makes its processes from these settings.
"""

from __future__ import annotations

import os
import socket
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any

from pydantic import SecretStr

from linli.settings import Settings
from operations.children import Child
from operations.places import ROOT
from operations.platforms.__main__ import CALLBACK, SOCKET_FD
from operations.platforms.telegram import TOKEN
from operations.platforms.wechat import Account
from operations.ports import bind, port_of

KIND = "platform"
TITLES: Mapping[str, str] = MappingProxyType({"wechat": "WeChat", "telegram": "Telegram"})


@dataclass
class DemoPlatforms:
    """The sockets of the stand-ins, by the name of their channel; none where nobody asked for them."""

    doors: dict[str, socket.socket] = field(default_factory=dict)

    @classmethod
    def open(cls, settings: Settings) -> DemoPlatforms:
        """Bind a free loopback port for each channel that is off, where the settings want stand-ins."""
        if not settings.demo_platforms:
            return cls()
        is_on = {"wechat": settings.wechat_is_on, "telegram": settings.telegram_is_on}
        return cls({name: bind("127.0.0.1", 0, "LINLI_DEMO_PLATFORMS") for name in TITLES if not is_on[name]})

    def url(self, name: str) -> str:
        """Where a stand-in answers; the phone to try it on is at its root."""
        return f"http://127.0.0.1:{port_of(self.doors[name])}"

    def lead_there(self, settings: Settings) -> Settings:
        """The settings with the accounts of the stand-ins."""
        update: dict[str, Any] = {}
        if "telegram" in self.doors:
            update |= {
                "telegram_token": SecretStr(TOKEN),
                "telegram_mode": "polling",
                "telegram_api_base": self.url("telegram"),
            }
        if "wechat" in self.doors:
            account = Account()
            update |= {
                "wechat_app_id": account.app_id,
                "wechat_secret": SecretStr(account.secret),
                "wechat_token": SecretStr(account.token),
                "wechat_aes_key": SecretStr(account.aes_key),
                "wechat_account": account.kind,
                "wechat_api_base": self.url("wechat"),
            }
        return settings.model_copy(update=update)

    def children(self, linli: str, logs: Path) -> Sequence[Child]:
        """Their processes; `linli` is Linli's public door as this machine reaches it."""
        return [self._child(name, f"{linli}/channels/{name}", logs) for name in self.doors]

    def describe(self) -> list[str]:
        """A line for each phone to try."""
        return [f"  {TITLES[name]:<9} {self.url(name)}/  (stand-in, a phone to try)" for name in self.doors]

    def close(self) -> None:
        """Let go of the ports."""
        for door in self.doors.values():
            door.close()

    def _child(self, name: str, callback: str, logs: Path) -> Child:
        number = self.doors[name].fileno()
        environment = os.environ | {SOCKET_FD: str(number), CALLBACK: callback, "PYTHONUNBUFFERED": "1"}
        return Child(
            f"{KIND}-{name}",
            [sys.executable, "-m", "operations.platforms", name],
            logs / f"{KIND}-{name}.log",
            ROOT,
            environment,
            fds=(number,),
        )
