"""A request that is still in work when its app is stopped: whoever asked is told to come again.

The server cancels what has not ended some seconds after it was asked to stop (web/__main__.py), and would answer 500.
"""

from __future__ import annotations

import asyncio

from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from web.refusals import come_again


class AnswersWhenStopped:
    """ASGI middleware; an answer that has begun is cut."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        has_begun = False

        async def send_and_note(message: Message) -> None:
            nonlocal has_begun
            has_begun = True
            await send(message)

        try:
            await self._app(scope, receive, send_and_note)
        except asyncio.CancelledError as error:
            if scope["type"] != "http" or has_begun:
                raise
            await come_again(Request(scope), error)(scope, receive, send)
