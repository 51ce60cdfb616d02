"""The web chat: what browsers send, and what becomes of rows; there is no platform that could refuse."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import uuid4

import httpx

from channels.errors import SendError
from tests.contract.channels.scripted import Answer
from tests.contract.channels.table import Received, Request, Sent, row

_NO_PLATFORM = "delivered is stored with us"


class WebTable:
    """The door of the web chat."""

    name, door = "web", "/chat/messages"
    secrets: Sequence[str] = ()
    accepts, refuses = 200, frozenset({401, 403})
    fine = Answer({})
    impossible: Mapping[SendError, str] = {
        error: _NO_PLATFORM for error in SendError if error is not SendError.UNREACHABLE
    }

    def settings(self, platform: str) -> dict[str, Any]:
        """It is always on."""
        return {}

    async def enter(self, address: str) -> Mapping[str, str]:
        """A cookie, and what the script of the page sends along."""
        async with httpx.AsyncClient(base_url=address, trust_env=False) as client:
            answer = await client.get("/chat")
        cookies = "; ".join(f"{name}={value}" for name, value in answer.cookies.items())
        return {"Cookie": cookies, "X-Linli": "1", "Origin": address}

    def received(self) -> Sequence[Received]:
        """Words, and words with marks that are taken off."""
        return [
            Received("words", _body("3号楼2单元的电梯坏了两天了"), "3号楼2单元的电梯坏了两天了"),
            Received("marks", _body("水管\u202e漏了\u0000"), "水管漏了"),
        ]

    def forged(self) -> Sequence[Request]:
        """Without a cookie, with a forged one, from another site."""
        body = _body("我要报修").content
        return [
            Request(body),
            Request(body, headers={"Cookie": "linli=forged", "X-Linli": "1"}),
            Request(body, headers={"Origin": "https://elsewhere.example", "X-Linli": "1"}),
        ]

    def sent(self) -> Sequence[Sent]:
        """Into the thread."""
        return [Sent("words", row("w1"))]


def _body(words: str) -> Request:
    return Request(
        json.dumps({"id": str(uuid4()), "text": words}).encode(),
        headers={"Content-Type": "application/json"},
    )


TABLE = WebTable()
