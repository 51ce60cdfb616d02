"""Linli's line to Rasa: one question a message, with a deadline; a failing Rasa is told apart from one that is away."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import httpx
from pydantic import BaseModel, ConfigDict, Field, ValidationError

PATH = "/webhooks/linli/webhook"


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


class _Answer(BaseModel):
    messages: list[Bubble]


@dataclass(frozen=True, slots=True)
class Question:
    """One inbound message as Rasa gets it."""

    resident_id: str
    message_id: int
    text: str
    channel: str
    language: str
    files: Sequence[str]

    def as_json(self) -> Mapping[str, Any]:
        """The body that the input channel in bot/components reads."""
        metadata = {
            "message_id": str(self.message_id),
            "channel": self.channel,
            "files": list(self.files),
            "language": self.language,
        }
        return {
            "sender": self.resident_id,
            "message_id": str(self.message_id),
            "text": self.text,
            "metadata": metadata,
        }


class BotClient:
    """Asks Rasa over loopback HTTP. Close it when the process ends."""

    def __init__(self, url: str, *, timeout: float, connections: int = 32) -> None:
        self._client = httpx.AsyncClient(
            base_url=url,
            timeout=httpx.Timeout(timeout, connect=2.0, pool=None),
            limits=httpx.Limits(max_connections=connections, max_keepalive_connections=connections),
            trust_env=False,
        )

    async def ask(self, question: Question) -> list[Bubble]:
        """The bubbles of Rasa's answer, at least one. Raises BotAway or BotFailed."""
        try:
            response = await self._client.post(PATH, json=question.as_json())
        except httpx.ReadTimeout as error:
            raise BotFailed("timeout") from error
        except httpx.HTTPError as error:
            raise BotAway(type(error).__name__) from error
        if response.status_code in (502, 503, 504):
            raise BotAway(f"http {response.status_code}")
        if response.status_code != 200:
            raise BotFailed(f"http {response.status_code}")
        return _read(response.content)

    async def is_alive(self) -> bool:
        """True where Rasa has a model and answers within two seconds."""
        try:
            response = await self._client.get("/status", timeout=2.0)
        except httpx.HTTPError:
            return False
        return response.status_code == 200

    async def close(self) -> None:
        """Let go of the connections."""
        await self._client.aclose()


def _read(content: bytes) -> list[Bubble]:
    try:
        bubbles = _Answer.model_validate_json(content).messages
    except ValidationError as error:
        raise BotFailed("unreadable answer") from error
    if not bubbles:
        raise BotFailed("no answer")
    return bubbles
