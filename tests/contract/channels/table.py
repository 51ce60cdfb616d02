"""What each channel brings to the tests that run against all of them: what comes in, what goes out, what is refused."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol
from uuid import UUID, uuid4

from channels.contract import Location, Media, Outgoing
from channels.errors import SendError
from tests.contract.channels.scripted import Answer, Call


@dataclass(frozen=True, slots=True)
class Request:
    """A request to the channel's door, as the platform makes it."""

    content: bytes
    params: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Received:
    """A real payload, and what must be stored of it; `sends` is what may be sent for it, None without a limit."""

    name: str
    request: Request
    text: str = ""
    payload: str | None = None
    media: Sequence[tuple[Media, str]] = ()
    location: Location | None = None
    sends: int | None = None


@dataclass(frozen=True, slots=True)
class Sent:
    """A row that goes out: the exact calls, and what is made of the platform's answers."""

    name: str
    row: Outgoing
    calls: Sequence[Call] = ()
    error: SendError | None = None
    outside_id: str | None = None


class Table(Protocol):
    """The table of one channel."""

    name: str
    door: str
    """The path of its door."""
    secrets: Sequence[str]
    """What must never be in a log, an answer or an error."""
    accepts: int
    """The status with which a request is taken."""
    refuses: frozenset[int]
    """The statuses with which a forged one is refused."""
    fine: Answer
    """What the platform answers to anything when all is well."""
    impossible: Mapping[SendError, str]
    """Errors that this platform cannot lead to, each with the reason."""

    def settings(self, platform: str) -> dict[str, Any]:
        """What turns the channel on, with its platform at this address."""
        ...

    async def enter(self, address: str) -> Mapping[str, str]:
        """Headers that a good request needs besides, got from the app at this address."""
        ...

    def received(self) -> Sequence[Received]:
        """Payloads of the platform's documentation."""
        ...

    def forged(self) -> Sequence[Request]:
        """Requests that are not the platform's, or too old, each wrong in its own way."""
        ...

    def sent(self) -> Sequence[Sent]:
        """What goes out, and every error that the platform can lead to."""
        ...


def row(outside_id: str, words: str = "水管修好了。", **more: Any) -> Outgoing:
    """A row to somebody of this channel; its address is put in by the runner."""
    values: dict[str, Any] = {
        "id": UUID("5a4b3c2d5a4b3c2d5a4b3c2d5a4b3c2d"),
        "address_id": uuid4(),
        "outside_id": outside_id,
        "channel": "",
        "message": "person_says",
        "values": {"words": words},
        "buttons": (),
        "language": "zh",
        "zone": "Asia/Shanghai",
        "attempts": 1,
    }
    return Outgoing(**(values | more))
