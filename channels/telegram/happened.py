"""What an update can mean to Linli: the closed list that channels/telegram/reading.py makes and taking.py acts on."""

from __future__ import annotations

from dataclasses import dataclass

from channels.contract import Incoming
from community.residents.models import Language

CHANNEL = "telegram"


@dataclass(frozen=True, slots=True)
class Said:
    """A person wrote, sent or shared something in the private chat.

    `scene` is what the link said that they opened, `album` what several pictures that were sent at once have in common.
    """

    incoming: Incoming
    scene: str | None = None
    language: Language | None = None
    album: str | None = None


@dataclass(frozen=True, slots=True)
class NotRead:
    """Something that Linli cannot take in; `message` names what the person is told instead."""

    incoming: Incoming
    message: str
    language: Language | None = None


@dataclass(frozen=True, slots=True)
class Tapped:
    """A tap on a button of ours, or of somebody who has made up its data.

    `message_id` is the message above the button, None where that is not in the person's private chat.
    """

    key: str
    outside_id: str
    query_id: str
    data: str
    message_id: int | None
    language: Language | None = None


@dataclass(frozen=True, slots=True)
class GroupAsked:
    """Somebody spoke to the bot in a group. `scene` comes with the bot's first steps in it.

    `asked_by` is who spoke, None for an administrator who speaks as the group.
    """

    key: str
    chat_id: int
    message_id: int
    words: str
    scene: str | None = None
    asked_by: int | None = None


@dataclass(frozen=True, slots=True)
class GroupMoved:
    """A group has grown into a supergroup: it is another chat from now on."""

    old_id: int
    new_id: int


@dataclass(frozen=True, slots=True)
class Stopped:
    """The person has blocked the bot."""

    outside_id: str


@dataclass(frozen=True, slots=True)
class CameBack:
    """The person has taken up the bot again, and has not said anything yet."""

    outside_id: str


@dataclass(frozen=True, slots=True)
class Nothing:
    """Nothing that concerns us."""


Happened = Said | NotRead | Tapped | GroupAsked | GroupMoved | Stopped | CameBack | Nothing
