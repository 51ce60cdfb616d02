"""What a channel is: what it can show, and how it sends. Nobody outside its folder asks which one it is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Protocol, runtime_checkable
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from channels.errors import SendError
from community.inbox.usecases import TurnAnswer, Waiting


@dataclass(frozen=True, slots=True)
class Abilities:
    """What a channel can show. `idempotent`: the same message sent twice is shown once, so a repeat is no risk.

    `window` is how long after a person's own last message it may be written to; None where always.
    """

    buttons: int
    longest_text: int
    idempotent: bool
    window: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One claimed outbox row on its way to one address."""

    id: UUID
    address_id: UUID
    outside_id: str
    channel: str
    message: str
    values: Mapping[str, Any]
    buttons: Sequence[Mapping[str, Any]]
    language: str
    zone: str
    attempts: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one message: sent (with the platform's id, where it gives one) or an error of the closed list."""

    id: UUID
    error: SendError | None = None
    outside_id: str | None = None
    retry_after: float | None = None


@dataclass(frozen=True, slots=True)
class Incoming:
    """One message of one person as a channel parsed it: words, or the payload of a button, or files."""

    channel: str
    outside_id: str
    message_id: str
    text: str
    payload: str | None = None
    files: Sequence[UUID] = field(default=())
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Answered:
    """A turn that is answered: whether more messages wait, and its bubbles as the person's page shows them."""

    more: bool
    items: Sequence[Mapping[str, Any]]


class Channel(Protocol):
    """One way to people."""

    name: str
    abilities: Abilities

    async def send(self, batch: Sequence[Outgoing]) -> Sequence[Outcome]:
        """Send each message in order; one outcome a message. Does not raise for what a platform does."""
        ...


@runtime_checkable
class ShownInside(Protocol):
    """A channel where delivered means stored with us: the transaction that makes a message can show it as well."""

    async def answer(self, session: AsyncSession, waiting: Waiting, answer: TurnAnswer) -> Answered:
        """Record the answer, show it and let the queue go, in one statement.

        Raises LeaseLost where another process took over.
        """
        ...

    async def show(self, session: AsyncSession, batch: Sequence[Outgoing]) -> None:
        """Show the batch, in order, when this transaction commits."""
        ...
