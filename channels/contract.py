"""What a channel is: what it can show, and how it sends. Nobody outside its folder asks which one it is."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Literal, Protocol, runtime_checkable
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from channels.errors import SendError
from community.inbox.usecases import TurnAnswer, Waiting
from community.outbox.models import Priority


class Media(StrEnum):
    """What else than words a message may be."""

    IMAGE = "image"
    VIDEO = "video"
    VOICE = "voice"
    FILE = "file"


@dataclass(frozen=True, slots=True)
class Pace:
    """How many messages a second a platform takes from us in all, and for one person; None where it does not say."""

    all_per_second: float | None = None
    one_per_second: float | None = None


@dataclass(frozen=True, slots=True)
class Abilities:
    """What a channel can show. `idempotent`: the same message sent twice is shown once, so a repeat is no risk.

    `buttons` is how many stand under one message, `button_text` how long a label may be; what does not fit becomes
    numbers to answer with. Lengths are in `unit`. `media` is what it can send, `cards` whether it draws a link with
    title and text. `window` is how long after a person's own last message it may be written to, None where always;
    `budget` that only so many messages fit into it (see `Grant`). `pace` holds for all processes together.
    `may_number` where buttons are numbers in some answers, although it draws them in others. `free_answers` is how many
    messages of an answer may go back in the platform's own request: no call of ours, and nothing of the budget.
    """

    buttons: int
    longest_text: int
    idempotent: bool
    window: timedelta | None = None
    button_text: int = 40
    unit: Literal["characters", "bytes"] = "characters"
    media: frozenset[Media] = frozenset()
    cards: bool = False
    budget: bool = False
    pace: Pace | None = None
    may_number: bool = False
    free_answers: int = 0


@dataclass(frozen=True, slots=True)
class Budget:
    """What the person's last act lets us send yet: `messages` from this one on, until `until`; None is no end."""

    messages: int | None
    until: datetime | None


@dataclass(frozen=True, slots=True)
class Resting:
    """The platform takes no call of ours before `until`; `error` is what it said."""

    error: SendError
    until: datetime


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One claimed outbox row on its way to one address.

    `answers_id` is the inbound message that it answers. `sender` is who of staff speaks, in the receiver's language.
    `budget` is None where nothing limits the channel, and where the row goes out in a way that needs no window. While
    the channel is `resting`, it may go back in the platform's own request and in no other way.
    """

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
    resident_id: UUID | None = None
    answers_id: int | None = None
    priority: Priority = Priority.NORMAL
    need_id: UUID | None = None
    sender: str | None = None
    budget: Budget | None = None
    resting: Resting | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one message: sent (with the platform's id, where it gives one) or an error of the closed list.

    `retry_after` in seconds, as the platform named it. `used` is how many messages of the person's budget it took:
    one where nothing is said, 0 for an answer given in the platform's own request, more where it was cut in pieces.
    A row behind one that has not gone is not `tried`: its error is what it waits for, and no fault of its own.
    """

    id: UUID
    error: SendError | None = None
    outside_id: str | None = None
    retry_after: float | None = None
    used: int | None = None
    tried: bool = True


@dataclass(frozen=True, slots=True)
class MediaRef:
    """Something that the platform keeps for us for a while: fetched and stored once, before the bot is asked."""

    kind: Media
    id: str
    name: str | None = None


@dataclass(frozen=True, slots=True)
class Location:
    """A place as the person's phone knows it: degrees (WGS 84 or near), and the words that the platform put to it."""

    latitude: float
    longitude: float
    label: str = ""


@dataclass(frozen=True, slots=True)
class Grant:
    """What this act of the person lets us send: so many messages for so long. It replaces what was left before."""

    messages: int
    lasts: timedelta


@dataclass(frozen=True, slots=True)
class Incoming:
    """One message of one person as a channel parsed it: words, the payload of a button, media, a place.

    What has no words (a follow, a click) carries a payload that we issue. `files` are stored with us already,
    `media` are not yet.
    """

    channel: str
    outside_id: str
    message_id: str
    text: str
    payload: str | None = None
    files: Sequence[UUID] = field(default=())
    at: datetime | None = None
    media: Sequence[MediaRef] = field(default=())
    location: Location | None = None
    grant: Grant | None = None


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


@dataclass(frozen=True, slots=True)
class Fetched:
    """The bytes of something that a person sent; `content` is at most as long as the caller allowed."""

    content: bytes
    media_type: str
    name: str | None = None


class FetchFailed(Exception):
    """It was not fetched. `again`: the platform may give it later; otherwise it is gone, refused or too large."""

    def __init__(self, reason: str, *, again: bool) -> None:
        """`reason` is a short code for the log, without anything of the person or of the account."""
        super().__init__(reason)
        self.reason, self.again = reason, again


@runtime_checkable
class FetchesMedia(Protocol):
    """A channel whose pictures, videos, voices and files stay with the platform until we fetch them."""

    async def fetch(self, ref: MediaRef, *, most_bytes: int) -> Fetched:
        """Fetch it. Raises FetchFailed, and nothing else for what a platform does."""
        ...


@runtime_checkable
class ShowsWork(Channel, Protocol):
    """A channel that can show for a few seconds that an answer is being made."""

    async def show_work(self, outside_id: str) -> None:
        """Show it to this person. Does not raise for what a platform does."""
        ...


@runtime_checkable
class WritesAnyTime(Protocol):
    """A channel that can send some messages outside the person's window, as a template or a notice with consent."""

    @property
    def any_time(self) -> Collection[str]:
        """The names of these messages."""
        ...


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of `linli channel check`: what was asked, whether it is as it should be, and what to do if not.

    `zh` says the same as `words` in Chinese.
    """

    subject: str
    well: bool
    words: str
    zh: str = ""


@runtime_checkable
class SaysWhoWeAre(Protocol):
    """A channel with an account at a platform."""

    async def check(self) -> Sequence[Finding]:
        """Ask the platform who we are and what it lets us do. Does not raise for what a platform does."""
        ...


@runtime_checkable
class SetsUp(Protocol):
    """A channel whose platform has to be told how we are reached: a webhook, a menu."""

    async def set_up(self) -> Sequence[Finding]:
        """Tell it, as an operator asked for, and check what it has now. Does not raise for what a platform does."""
        ...


@runtime_checkable
class Closes(Protocol):
    """A channel that holds connections."""

    async def close(self) -> None:
        """Let go of them."""
        ...
