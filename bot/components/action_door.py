"""The app's action door as Rasa calls it: over connections that stay open, and without our domain in every call.

Rasa itself opens and closes a connection for each action. Asking twice is safe where a kept one had just been closed:
what an action writes carries the id of the message, so it is there once.
"""

from __future__ import annotations

from typing import Any

import aiohttp
from rasa.utils.endpoints import ClientResponseError, EndpointConfig

LOST = (aiohttp.ServerDisconnectedError, aiohttp.ClientOSError)


class ActionDoor(EndpointConfig):
    """An action endpoint of Rasa's at this address; raises what Rasa's own raises."""

    def __init__(self, url: str) -> None:
        super().__init__(url, enable_selective_domain=True)
        self._session: aiohttp.ClientSession | None = None

    async def request(self, *_: Any, json: Any = None, timeout: float = 60.0, **__: Any) -> Any:
        """The answer to one call."""
        try:
            return await self._post(json, timeout)
        except LOST:
            return await self._post(json, timeout)

    async def _post(self, call: Any, seconds: float) -> Any:
        timeout = aiohttp.ClientTimeout(total=seconds)
        async with self._kept_session().post(self.url, json=call, timeout=timeout) as answer:
            if answer.status >= 400:
                raise ClientResponseError(answer.status, answer.reason, await answer.text())
            return await answer.json()

    def _kept_session(self) -> aiohttp.ClientSession:
        if self._session is None or self._session.closed:
            self._session = aiohttp.ClientSession()
        return self._session
