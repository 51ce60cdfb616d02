"""The stand-in for WeChat on a free port, and Linli's settings for it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, nullcontext
from typing import Any

import uvicorn
from fastapi import FastAPI
from pydantic import SecretStr

from operations.platforms.wechat import Account, Pusher, make_app
from operations.ports import bind, port_of


class Platform:
    """A running stand-in."""

    def __init__(self, app: FastAPI, url: str) -> None:
        self.url = url
        self.account: Account = app.state.account
        self.pusher: Pusher = app.state.pusher

    def settings(self, **more: Any) -> dict[str, Any]:
        """What an operator would set."""
        account = self.account
        return {
            "wechat_app_id": account.app_id,
            "wechat_secret": SecretStr(account.secret),
            "wechat_token": SecretStr(account.token),
            "wechat_aes_key": SecretStr("" if account.mode == "plain" else account.aes_key),
            "wechat_account": account.kind,
            "wechat_api_base": self.url,
        } | more


@asynccontextmanager
async def platform_on_loopback(account: Account | None = None) -> AsyncIterator[Platform]:
    """The stand-in serves while inside."""
    door = bind("127.0.0.1", 0, "PORT")
    app = make_app(account)
    server = uvicorn.Server(uvicorn.Config(app, log_config=None, timeout_graceful_shutdown=1))
    server.capture_signals = nullcontext  # type: ignore[method-assign, assignment]
    task = asyncio.create_task(server.serve([door]))
    while not server.started:  # noqa: ASYNC110  (uvicorn has no event for it)
        await asyncio.sleep(0.01)
    yield Platform(app, f"http://127.0.0.1:{port_of(door)}")
    server.should_exit = True
    await task
