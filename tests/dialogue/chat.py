"""A person at the web chat: says things through `POST /chat/messages`, reads the answers from `GET /chat/thread`.

Behind the door are the app, the trained Rasa and PostgreSQL, nothing stands in for them. Names of messages, which no
thread shows, are read from the outbox.
"""

from __future__ import annotations

import asyncio
import io
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx
from PIL import Image
from sqlalchemy import text

from linli.database import Sessions
from scheduler.tools import Tools
from tests.cast import Cast

SECONDS = 60
_BUTTON = re.compile(r"\[(.+)\]")
_PHOTO = re.compile(r"\(photo\)\s*(.*)", re.DOTALL)
_STATE = text("SELECT state, resident_id FROM inbound_messages WHERE channel = 'web' AND outside_id = :id")
_TOLD = text(
    "SELECT o.message FROM thread_items AS t JOIN addresses AS a ON a.id = t.address_id "
    "LEFT JOIN outbox_messages AS o ON o.id = t.outbox_id "
    "WHERE a.resident_id = :resident_id AND t.seq > :after ORDER BY t.seq"
)


@dataclass(frozen=True)
class Heard:
    """A bubble as the person reads it, and the name of its message."""

    message: str
    text: str
    buttons: Sequence[dict[str, Any]]

    @property
    def labels(self) -> list[str]:
        """What is written on its buttons."""
        return [button["label"] for button in self.buttons]


@dataclass
class Chat:
    """The conversation of one visitor. `heard` is what was said since the person's last message."""

    client: httpx.AsyncClient
    sessions: Sessions
    cast: Cast
    tools: Tools
    pass_time: Callable[[timedelta], None]
    heard: list[Heard] = field(default_factory=list)
    offered: list[dict[str, Any]] = field(default_factory=list)
    transcript: list[str] = field(default_factory=list)
    _seq: int = 0
    _resident: UUID | None = None

    async def open(self, path: str = "/chat?c=banyan") -> None:
        """Open the page, which gives the cookie that names this browser."""
        assert (await self.client.get(path)).status_code == 200

    @property
    def resident_id(self) -> UUID:
        """Who Linli thinks this is."""
        assert self._resident is not None, "nobody is known before the first message"
        return self._resident

    async def say(self, line: str) -> list[Heard]:
        """Say one line of a dialogue (words, a button, a photo) and wait for the answer."""
        if button := _BUTTON.fullmatch(line):
            return await self.send({"button": self._find_button(button[1])}, line)
        if photo := _PHOTO.fullmatch(line):
            return await self.send({"text": photo[1], "files": [await self.upload()]}, line)
        return await self.send({"text": line}, line)

    async def send(self, body: dict[str, Any], shown: str) -> list[Heard]:
        """Post a message and wait until it is answered, or left to staff."""
        message_id = str(uuid4())
        posted = await self.client.post("/chat/messages", json={"id": message_id, **body})
        assert posted.status_code == 200, f"{shown!r}: {posted.status_code} {posted.text}"
        self._seq = posted.json()["seq"]
        self.transcript.append(f"> {shown[:300]}")
        await self._until_handled(message_id, shown)
        self.heard = []
        return await self.listen()

    async def listen(self) -> list[Heard]:
        """What came into the thread since the last look; there is none before the first message."""
        if self._resident is None:
            return []
        thread = (await self.client.get("/chat/thread", params={"limit": 15})).json()["items"]
        items = [item for item in thread if item["seq"] > self._seq]
        async with self.sessions() as session:
            values = {"resident_id": self.resident_id, "after": self._seq}
            names = list(await session.scalars(_TOLD, values))
        fresh = [
            Heard(name, item["text"], item["buttons"])
            for name, item in zip(names, items, strict=True)
            if item["from"] != "me"
        ]
        self.transcript += [f"- {bubble.message}: {bubble.text} {bubble.labels}" for bubble in fresh]
        self.heard += fresh
        self._seq = max((item["seq"] for item in items), default=self._seq)
        self.offered = [button for bubble in fresh for button in bubble.buttons] or self.offered
        return fresh

    async def upload(self) -> str:
        """A small picture, stored as the page does it."""
        picture = io.BytesIO()
        Image.new("RGB", (8, 8), "green").save(picture, "JPEG")
        files = {"photo": ("photo.jpg", picture.getvalue(), "image/jpeg")}
        answer = await self.client.post("/chat/photos", files=files)
        assert answer.status_code == 200, answer.text
        return str(answer.json()["file"])

    def _find_button(self, wanted: str) -> dict[str, Any]:
        for button in self.offered:
            if button["label"].startswith(wanted):
                return {"message": button["message"], "index": button["index"]}
        raise AssertionError(f"no button {wanted}, only {[button['label'] for button in self.offered]}")

    async def _until_handled(self, message_id: str, shown: str) -> None:
        async with asyncio.timeout(SECONDS):
            while True:
                async with self.sessions() as session:
                    state, self._resident = (await session.execute(_STATE, {"id": message_id})).one()
                if state != "waiting":
                    break
                await asyncio.sleep(0.004)
        assert state == "handled", f"{shown!r} is {state}"

    def told(self) -> str:
        """All that was said so far, for the message of a failure."""
        return "\n".join(f"    {line}" for line in self.transcript)
