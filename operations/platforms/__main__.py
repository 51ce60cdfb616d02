"""`python -m operations.platforms wechat|telegram`: one stand-in on an inherited socket, as `linli up` starts it."""

from __future__ import annotations

import os
import socket
import sys

import uvicorn
from starlette.types import ASGIApp

from operations.platforms import telegram, wechat

SOCKET_FD, CALLBACK = "LINLI_PLATFORM_FD", "LINLI_PLATFORM_CALLBACK"


def make_app(name: str) -> ASGIApp:
    """The stand-in of this name; WeChat brings messages to the address in the environment."""
    if name == "wechat":
        return wechat.make_app(wechat.Account(callback=os.environ[CALLBACK]))
    return telegram.make_app()


def main() -> None:
    """Serve until asked to stop."""
    door = socket.socket(fileno=int(os.environ[SOCKET_FD]))
    config = uvicorn.Config(make_app(sys.argv[1]), log_level="warning", timeout_graceful_shutdown=1)
    uvicorn.Server(config).run([door])


if __name__ == "__main__":
    main()
