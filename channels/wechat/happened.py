"""What a push can mean to Linli: the closed list that reading.py makes and taking.py acts on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from channels.contract import Grant, Incoming

CHANNEL = "wechat"
AFTER_MESSAGE = Grant(5, timedelta(hours=48))
AFTER_ACT = Grant(3, timedelta(minutes=1))
"""[source] 客服消息: 5 within 48 hours of a message, 3 within a minute of a follow, a scan or a click in the menu."""


@dataclass(frozen=True, slots=True)
class Said:
    """A person wrote, sent or tapped something. `scene` is what the QR code said, `tapped` the id of a menu's item."""

    incoming: Incoming
    scene: str | None = None
    tapped: str | None = None


@dataclass(frozen=True, slots=True)
class NotRead:
    """Something that Linli cannot take in; `message` names what the person is told instead."""

    incoming: Incoming
    message: str


@dataclass(frozen=True, slots=True)
class Left:
    """The person follows the account no more."""

    openid: str


@dataclass(frozen=True, slots=True)
class Agreed:
    """The person said yes or no to notices: by template, whether one more may be sent or none."""

    openid: str
    push_id: str
    notices: Sequence[tuple[str, bool]]


@dataclass(frozen=True, slots=True)
class Reported:
    """The platform says what became of a template message or notice: its id there, and whether it arrived."""

    openid: str
    sent_id: str
    arrived: bool


@dataclass(frozen=True, slots=True)
class Nothing:
    """Nothing that concerns us: a page that was opened, a whereabouts that nobody asked for, an unknown event."""


Happened = Said | NotRead | Left | Agreed | Reported | Nothing
