"""Linli's line to Rasa: one question a message, with a deadline; a failing Rasa is told apart from one that is away."""

from __future__ import annotations

import json
from base64 import b64decode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from aiohttp import ClientError, ClientSession, ClientTimeout, SocketTimeoutError, TCPConnector
from pydantic import BaseModel, ConfigDict, Field, ValidationError

PATH = "/webhooks/linli/webhook"
VECTORS_PATH = "/webhooks/linli/vectors"
TEXTS_AT_ONCE = 256
VECTOR_BYTES = 512 * 2
PARSE_PATH = "/model/parse"
CRISIS = "crisis"
KEPT_SECONDS = 4.0
REACHED_SECONDS = 2.0
"""Rasa is near: whom it takes longer to reach is away."""


class BotAway(Exception):
    """Nobody answered: the message is kept and asked again; it is not the message's fault."""


class BotFailed(Exception):
    """Rasa answered that it could not handle this message, or answered nothing."""


class Button(BaseModel):
    """A choice under a bubble: its label is a message name, its payload is ours alone."""

    label: str
    payload: str
    values: dict[str, Any] = Field(default_factory=dict)


class Bubble(BaseModel):
    """One bubble: the name of a message and its values."""

    model_config = ConfigDict(extra="forbid")

    message: str
    values: dict[str, Any] = Field(default_factory=dict)
    buttons: list[Button] = Field(default_factory=list)


class BotAnswer(BaseModel):
    """What Rasa answers, and where the dialogue stands then; None leaves that as it was."""

    messages: list[Bubble]
    state: dict[str, Any] | None = None


class _Vectors(BaseModel):
    vectors: list[str]


@dataclass(frozen=True, slots=True)
class Guess:
    """The bot's guess at words that somebody of staff wrote down: a kind's code, how sure (0 to 1), an urgency."""

    kind: str
    confidence: float
    urgency: str


@dataclass(frozen=True, slots=True)
class Question:
    """One inbound message as Rasa gets it, and where the dialogue stands: what its last answer came with.

    `staff_wait` where staff have asked the person something about a need, `first_try` where nobody can have begun to
    answer it before.
    """

    resident_id: str
    message_id: int
    text: str
    channel: str
    language: str
    files: Sequence[str]
    state: Mapping[str, Any] | None = None
    staff_wait: bool = True
    first_try: bool = False

    def as_json(self) -> Mapping[str, Any]:
        """The body that the input channel in bot/components reads."""
        metadata = {
            "message_id": str(self.message_id),
            "channel": self.channel,
            "files": list(self.files),
            "language": self.language,
            "staff_wait": self.staff_wait,
            "first_try": self.first_try,
        }
        return {
            "sender": self.resident_id,
            "message_id": str(self.message_id),
            "text": self.text,
            "metadata": metadata,
            "state": self.state,
        }


class BotClient:
    """Asks Rasa over loopback HTTP. Close it when the process ends."""

    def __init__(self, url: str, *, timeout: float, connections: int = 32) -> None:
        """`timeout`: seconds to wait for an answer. Nothing connects before the first question."""
        self._url, self._connections = url, connections
        self._timeout = ClientTimeout(total=None, sock_connect=REACHED_SECONDS, sock_read=timeout)
        self._session: ClientSession | None = None

    async def ask(self, question: Question) -> BotAnswer:
        """Rasa's answer, at least one bubble. Raises BotAway or BotFailed."""
        return _read(await self._post(PATH, question.as_json()))

    async def is_alarm(self, text: str) -> bool:
        """Whether the words tell of danger to life. Raises BotAway or BotFailed where nobody can say."""
        content = await self._post(PARSE_PATH, {"text": text})
        try:
            parsed = json.loads(content)
            return bool(parsed["intent"]["name"] == CRISIS or parsed["need"]["urgency"] == CRISIS)
        except (ValueError, KeyError, TypeError) as error:
            raise BotFailed("unreadable parse") from error

    async def guess(self, text: str) -> Guess | None:
        """What kind of need the words tell of, and how soon; None where nobody can say."""
        try:
            need = json.loads(await self._post(PARSE_PATH, {"text": text}))["need"]
            return Guess(str(need["kind"]), float(need["confidence"]), str(need["urgency"]))
        except (BotAway, BotFailed, ValueError, KeyError, TypeError):
            return None

    async def find_intent(self, text: str) -> str | None:
        """What the words want, by the intent's name; None where nobody can say."""
        try:
            return str(json.loads(await self._post(PARSE_PATH, {"text": text}))["intent"]["name"])
        except (BotAway, BotFailed, ValueError, KeyError, TypeError):
            return None

    async def vectors(self, texts: Sequence[str]) -> list[bytes]:
        """The vector of each text as 512 float16, of length 1. Raises BotAway or BotFailed."""
        packed: list[bytes] = []
        for start in range(0, len(texts), TEXTS_AT_ONCE):
            asked = texts[start : start + TEXTS_AT_ONCE]
            packed += _read_vectors(await self._post(VECTORS_PATH, {"texts": list(asked)}), len(asked))
        return packed

    async def is_alive(self) -> bool:
        """True where Rasa has a model and answers within two seconds."""
        try:
            async with self._kept_session().get(
                "/status", timeout=ClientTimeout(total=REACHED_SECONDS)
            ) as answer:
                return answer.status == 200
        except (ClientError, TimeoutError):
            return False

    async def close(self) -> None:
        """Let go of the connections."""
        if self._session:
            await self._session.close()

    async def _post(self, path: str, body: Mapping[str, Any]) -> bytes:
        """The content of Rasa's 200. Raises BotAway or BotFailed."""
        try:
            async with self._kept_session().post(path, json=body) as answer:
                status, content = answer.status, await answer.read()
        except SocketTimeoutError as error:
            raise BotFailed("timeout") from error
        except (ClientError, TimeoutError) as error:
            raise BotAway(type(error).__name__) from error
        if status in (502, 503, 504):
            raise BotAway(f"http {status}")
        if status != 200:
            raise BotFailed(f"http {status}")
        return content

    def _kept_session(self) -> ClientSession:
        """Made in the loop that uses it. Rasa closes a connection after 5 idle seconds, so ours ends before."""
        if self._session is None:
            connector = TCPConnector(limit=self._connections, keepalive_timeout=KEPT_SECONDS)
            self._session = ClientSession(self._url, connector=connector, timeout=self._timeout)
        return self._session


def _read(content: bytes) -> BotAnswer:
    try:
        answer = BotAnswer.model_validate_json(content)
    except ValidationError as error:
        raise BotFailed("unreadable answer") from error
    if not answer.messages:
        raise BotFailed("no answer")
    return answer


def _read_vectors(content: bytes, wanted: int) -> list[bytes]:
    try:
        vectors = [
            b64decode(vector, validate=True) for vector in _Vectors.model_validate_json(content).vectors
        ]
    except ValueError as error:
        raise BotFailed("unreadable vectors") from error
    if len(vectors) != wanted or any(len(vector) != VECTOR_BYTES for vector in vectors):
        raise BotFailed("vectors of another size")
    return vectors
