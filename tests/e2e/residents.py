"""Residents at their browsers: a cookie, messages repeated until they are taken, a live line that reads on."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import httpx
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import WebSocketException

from channels.render import MESSAGES, render_text

Item = Mapping[str, Any]
AGAIN_SECONDS = 0.5
PATIENCE = 180.0


class Crowd:
    """The internet between many residents and one Linli: shared connections, so that a thousand people cost little.

    `keep=0` opens one for each request, so that all app processes get their part of what one person says.
    """

    def __init__(self, url: str, community: str, *, keep: int = 60) -> None:
        self.url, self.community = url, community
        limits = httpx.Limits(max_connections=60, max_keepalive_connections=keep)
        self._ways = httpx.AsyncHTTPTransport(limits=limits)

    def make_client(self) -> httpx.AsyncClient:
        """A browser without cookies."""
        headers = {"X-Linli": "1", "Origin": self.url}
        return httpx.AsyncClient(base_url=self.url, transport=self._ways, headers=headers, timeout=15)

    async def close(self) -> None:
        """Let go of all connections."""
        await self._ways.aclose()


@dataclass(frozen=True, slots=True)
class Sent:
    """A message that Linli has taken, and its number in the thread."""

    id: str
    text: str
    seq: int


class Resident:
    """One person. `heard` is the thread as the live line told it, `faults` what no browser should ever see."""

    def __init__(self, name: str, crowd: Crowd) -> None:
        self.name = name
        self.sent: list[Sent] = []
        self.heard: list[Item] = []
        self.faults: list[str] = []
        self._crowd, self._client = crowd, crowd.make_client()
        self._news = asyncio.Event()
        self._read = 0
        self._line: asyncio.Task[None] | None = None

    async def come(self) -> None:
        """Open the chat by the link of the community; from now on the live line is open."""
        await self._ask("GET", f"/chat?c={self._crowd.community}")
        self._line = asyncio.create_task(self._listen())

    async def leave(self) -> None:
        """Close the page."""
        if self._line:
            self._line.cancel()
            with suppress(asyncio.CancelledError):
                await self._line

    async def say(self, text: str, *, copies: int = 1) -> Sent:
        """Send words, at the same moment as often as told, each copy until it is taken."""
        return await self._send({"id": str(uuid4()), "text": text}, text, copies)

    async def tap(self, item: Item, label: str) -> Sent:
        """Tap the button with this label under a bubble."""
        button = next(button for button in item["buttons"] if button["label"] == label)
        press = {"message": button["message"], "index": button["index"]}
        return await self._send({"id": str(uuid4()), "button": press}, label, 1)

    async def hear(self, wanted: Callable[[Item], bool], patience: float = PATIENCE) -> Item:
        """Wait for the next bubble that is `wanted`; what came before it counts as read."""
        try:
            async with asyncio.timeout(patience):
                while True:
                    while self._read < len(self.heard):
                        self._read += 1
                        if wanted(self.heard[self._read - 1]):
                            return self.heard[self._read - 1]
                    self._news.clear()
                    await self._news.wait()
        except TimeoutError:
            raise AssertionError(
                f"{self.name} waits in vain; the end of the thread:\n{self.tell()}"
            ) from None

    async def compare_with_thread(self) -> None:
        """Open the page anew: the thread holds what the live line told, and the own messages in the order sent."""
        items = await self._read_thread()
        told = [(item["seq"], item["text"]) for item in self.heard]
        if [(item["seq"], item["text"]) for item in items[: len(told)]] != told:
            self.faults.append(f"{self.name}: the thread is not what the live line told")
        own = [(item["id"], item["seq"]) for item in items if item["from"] == "me"]
        if own != [(sent.id, sent.seq) for sent in self.sent]:
            self.faults.append(
                f"{self.name}: the own messages do not stand in the thread as they were sent: {own}"
            )

    async def _read_thread(self) -> list[Item]:
        items: list[Item] = []
        before, more = 2**31 - 1, True
        while more:
            answer = (await self._ask("GET", f"/chat/thread?before={before}&limit=100")).json()
            items = [*answer["items"], *items]
            more, before = answer["more"], items[0]["seq"] if items else 0
        return items

    def tell(self, last: int = 12) -> str:
        """The end of the thread, for a failure's message."""
        return "\n".join(
            f"  {item['seq']:>4} {item['from']:>5}: {item['text']}" for item in self.heard[-last:]
        )

    async def _send(self, body: Mapping[str, Any], text: str, copies: int) -> Sent:
        answers = await asyncio.gather(*(self._ask("POST", "/chat/messages", body) for _ in range(copies)))
        numbers = {answer.json()["seq"] for answer in answers}
        if len(numbers) != 1:
            self.faults.append(f"copies of one message have several numbers: {numbers}")
        self.sent.append(Sent(body["id"], text, min(numbers)))
        return self.sent[-1]

    async def _ask(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> httpx.Response:
        """Ask again and again, as the page does, while nobody is there or the answer is "later"."""
        while True:
            wait = AGAIN_SECONDS
            with suppress(httpx.TransportError):
                response = await self._client.request(method, path, json=body)
                if response.status_code == httpx.codes.OK:
                    return response
                wait = float(response.headers.get("Retry-After", AGAIN_SECONDS))
                if response.status_code not in (
                    httpx.codes.SERVICE_UNAVAILABLE,
                    httpx.codes.TOO_MANY_REQUESTS,
                ):
                    self.faults.append(f"{method} {path}: {response.status_code} {response.text[:200]}")
            await asyncio.sleep(wait)

    async def _listen(self) -> None:
        cookies = "; ".join(f"{name}={value}" for name, value in self._client.cookies.items())
        while True:
            last = self.heard[-1]["seq"] if self.heard else 0
            address = f"{self._crowd.url.replace('http', 'ws', 1)}/chat/live?after={last}"
            with suppress(OSError, WebSocketException, TimeoutError):
                async with connect(
                    address, additional_headers={"Cookie": cookies}, open_timeout=10, proxy=None
                ) as line:
                    looking = asyncio.create_task(self._look_until_found(line))
                    try:
                        async for frame in line:
                            self._take(json.loads(frame))
                    finally:
                        looking.cancel()
            await asyncio.sleep(AGAIN_SECONDS)

    async def _look_until_found(self, line: ClientConnection) -> None:
        """As the page does after a first message: the server looks up whose thread this line is for."""
        known = len(self.sent)
        while not self.heard:
            await asyncio.sleep(0.1)
            if len(self.sent) > known:
                await line.send("look")
                known = len(self.sent)

    def _take(self, told: Mapping[str, Any]) -> None:
        for item in told.get("items", ()):
            expected = self.heard[-1]["seq"] + 1 if self.heard else 1
            if item["seq"] != expected:
                self.faults.append(f"the live line told {item['seq']} where {expected} was to come")
            self.heard.append(item)
        self._news.set()


def offers(button: str, containing: str = "") -> Callable[[Item], bool]:
    """Bubbles with a button of this name, and `containing` in their words."""
    wanted = label(button)
    return lambda item: (
        containing in item["text"] and any(button["label"] == wanted for button in item["buttons"])
    )


def begins(message: str) -> Callable[[Item], bool]:
    """Bubbles that begin as this message does, up to its first value."""
    opening = (MESSAGES / message / "zh.txt").read_text(encoding="utf-8").partition("{")[0].strip()
    assert opening, f"{message} begins with a value"
    return lambda item: item["from"] != "me" and item["text"].startswith(opening)


def tells(words: str) -> Callable[[Item], bool]:
    """Bubbles with these words in them."""
    return lambda item: item["from"] != "me" and words in item["text"]


def label(message: str) -> str:
    """The label of a button in Chinese."""
    return render_text(message, "zh", {})
