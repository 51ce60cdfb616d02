"""What the stand-in for Telegram knows: one bot, people with phones, groups, messages, updates that wait, files."""

from __future__ import annotations

import asyncio
import secrets
import time
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from operations.platforms.telegram.pace import Pace

Json = dict[str, Any]
TOKEN = "110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw0"  # noqa: S105 - the one of the platform's documentation
USERNAME = "linli_demo_bot"


@dataclass
class Person:
    """Somebody with Telegram on the phone; `blocked` and `started` are about the bot."""

    id: int
    name: str
    language: str = "zh-hans"
    phone: str = "+8613912345678"
    started: bool = False
    blocked: bool = False

    def as_user(self) -> Json:
        """The User object of the API."""
        return {
            "id": self.id,
            "is_bot": False,
            "first_name": self.name,
            "language_code": self.language,
        }

    def as_chat(self) -> Json:
        """The private Chat object of the API."""
        return {"id": self.id, "first_name": self.name, "type": "private"}


@dataclass
class Group:
    """A group that the bot is a member of; `moved_to` is its number since it grew into a supergroup.

    `administrators` are people; whoever was first to write in it made it.
    """

    id: int
    title: str
    moved_to: int | None = None
    administrators: set[int] = field(default_factory=set)

    def as_chat(self) -> Json:
        """The Chat object of the API."""
        return {"id": self.id, "title": self.title, "type": "supergroup"}


@dataclass
class Webhook:
    """Where updates are pushed to. `error` is what became of the last push that failed."""

    url: str
    secret: str = ""
    error: str = ""
    error_at: int = 0


@dataclass
class Query:
    """A tap that waits for its answer; the phone shows a turning wheel until then."""

    id: str
    person: int
    message: int
    answer: Json | None = None


@dataclass
class StoredFile:
    """A file on the platform's servers."""

    id: str
    path: str
    content: bytes
    name: str
    media_type: str


@dataclass
class Faults:
    """What a test, or who tries the demo, lets go wrong. `lose_answers`: it is done, and the connection drops."""

    delay: float = 0.0
    down: bool = False
    garbage: bool = False
    drop: bool = False
    lose_answers: bool = False
    refuse_token: bool = False
    only: frozenset[str] = frozenset()

    def concern(self, method: str) -> bool:
        """Whether a call of this method meets them; all do unless some are named."""
        return not self.only or method in self.only


@dataclass
class State:
    """The whole platform; `calls` are the calls of the bot as they came in, `said` who was told what."""

    token: str = TOKEN
    username: str = USERNAME
    people: dict[int, Person] = field(default_factory=dict)
    groups: dict[int, Group] = field(default_factory=dict)
    chats: dict[int, list[Json]] = field(default_factory=lambda: defaultdict(list))
    updates: list[Json] = field(default_factory=list)
    webhook: Webhook | None = None
    queries: dict[str, Query] = field(default_factory=dict)
    files: dict[str, StoredFile] = field(default_factory=dict)
    faults: Faults = field(default_factory=Faults)
    pace: Pace = field(default_factory=Pace)
    calls: list[tuple[str, Mapping[str, Any]]] = field(default_factory=list)
    changed: asyncio.Condition = field(default_factory=asyncio.Condition)
    poller: int = 0
    _numbers: dict[str, int] = field(default_factory=lambda: {"update": int(time.time()), "message": 0})

    @property
    def bot(self) -> Json:
        """The User object of the bot."""
        return {
            "id": int(self.token.partition(":")[0]),
            "is_bot": True,
            "first_name": "邻里 Linli",
            "username": self.username,
        }

    def number(self, of: str) -> int:
        """The next number of an update or a message."""
        self._numbers[of] += 1
        return self._numbers[of]

    def begin_updates_at(self, number: int) -> None:
        """The next update has this number: after a silent week the platform begins anywhere."""
        self._numbers["update"] = number - 1

    def find_message(self, chat_id: int, message_id: int) -> Json | None:
        """A message of a chat."""
        return next((row for row in self.chats[chat_id] if row["message_id"] == message_id), None)

    def keep_file(self, content: bytes, name: str, media_type: str) -> StoredFile:
        """Store a file under a new id."""
        file_id = f"AgAC{secrets.token_urlsafe(24)}"
        stored = StoredFile(file_id, f"files/{len(self.files)}_{name}", content, name, media_type)
        self.files[file_id] = stored
        return stored

    async def add_update(self, kind: str, value: Json) -> Json:
        """Something happened that the bot is to hear of."""
        update = {"update_id": self.number("update"), kind: value}
        async with self.changed:
            self.updates.append(update)
            self.changed.notify_all()
        return update

    async def confirm(self, before: int) -> None:
        """Updates with lower numbers are known to the bot."""
        async with self.changed:
            self.updates = [update for update in self.updates if update["update_id"] >= before]


def moment() -> int:
    """Now, as the API says it."""
    return int(time.time())
