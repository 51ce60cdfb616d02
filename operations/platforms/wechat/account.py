"""What a stand-in for WeChat keeps: one official account with its people, its token and the platform's rules.

The rules are those of the platform's own pages (budgets, quotas, tokens, media); times are moved in tests. Next:
pushes.py sends what people do to Linli, server.py answers what Linli calls.
"""

from __future__ import annotations

import secrets
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, Literal
from zoneinfo import ZoneInfo

from community.clock import now

LONGEST_BYTES = 2048
TOKEN_LASTS = timedelta(seconds=7200)
AFTER_MESSAGE, AFTER_ACT = (5, timedelta(hours=48)), (3, timedelta(minutes=1))
FORCED_A_DAY, FORCED_APART = 20, timedelta(seconds=30)
ZONE = ZoneInfo("Asia/Shanghai")
FAULT = "该公众号提供的服务出现故障，请稍后再试"


class Refused(Exception):
    """The platform refuses with this errcode, in a 200 answer."""

    def __init__(self, code: int) -> None:
        super().__init__(str(code))
        self.code = code


@dataclass(slots=True)
class Shown:
    """One bubble on the person's phone. `way` is how it came: own, passive, custom, template, notice or fault."""

    way: str
    kind: str
    text: str = ""
    media_id: str = ""
    url: str = ""
    choices: list[tuple[str, str]] = field(default_factory=list)
    at: datetime = field(default_factory=now)


@dataclass(slots=True)
class Person:
    """A follower: what the phone shows, and how many customer-service messages may reach it until when."""

    openid: str
    follows: bool = False
    left: int = 0
    until: datetime | None = None
    thread: list[Shown] = field(default_factory=list)
    consents: Counter[str] = field(default_factory=Counter)

    def grant(self, allowed: tuple[int, timedelta]) -> None:
        """An act of the person replaces what was left."""
        self.left, self.until = allowed[0], now() + allowed[1]

    def heard(self) -> list[str]:
        """The words that Linli said, in order."""
        return [shown.text for shown in self.thread if shown.way not in ("own", "fault")]


@dataclass(slots=True)
class Faults:
    """What the platform does wrong while a test says so: seconds of waiting, and how it answers every call."""

    seconds: float = 0.0
    way: Literal["", "down", "garbage", "drop", "swallow"] = ""
    errcodes: list[int] = field(default_factory=list)


@dataclass(slots=True)
class Account:
    """One official account at the platform."""

    app_id: str = "wx5823bf96d3bd56c7"
    secret: str = "0123456789abcdef0123456789abcdef"  # noqa: S105 - of an account that is only here
    token: str = "QDG6eK"  # noqa: S105
    aes_key: str = "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C"
    original_id: str = "gh_7f083739789a"
    callback: str = ""
    mode: Literal["plain", "compatible", "safe"] = "safe"
    kind: Literal["subscription", "service", "test"] = "service"
    people: dict[str, Person] = field(default_factory=dict)
    media: dict[str, bytes] = field(default_factory=dict)
    video_url: str = ""
    menu: dict[str, Any] | None = None
    scenes: list[str] = field(default_factory=list)
    codes: dict[str, str] = field(default_factory=dict)
    templates: dict[str, tuple[str, ...]] = field(default_factory=dict)
    calls: Counter[str] = field(default_factory=Counter)
    day_quota: int = 100_000
    minute_quota: int = 6_000
    faults: Faults = field(default_factory=Faults)
    access_token: str = ""
    token_ends: datetime | None = None
    forced: list[datetime] = field(default_factory=list)
    numbers: int = 23_000_000_000_000_000
    _counted: dict[date | datetime, int] = field(default_factory=dict)

    def person(self, openid: str = "") -> Person:
        """The person with this openid, made now where there is none."""
        openid = openid or f"o{secrets.token_urlsafe(20).replace('-', 'x')[:27]}"
        return self.people.setdefault(openid, Person(openid))

    def next_number(self) -> int:
        """A new MsgId."""
        self.numbers += 1
        return self.numbers

    def give_token(self, app_id: str, secret: str, *, force: bool) -> Mapping[str, Any]:
        """stable_token: the same one while it lasts; a forced one too soon or too often is the old one."""
        if app_id != self.app_id:
            raise Refused(40013)
        if not secrets.compare_digest(secret, self.secret):
            raise Refused(40125)
        if force and self._may_force():
            self.forced.append(now())
            self.token_ends = None
        if self.token_ends is None or self.token_ends - timedelta(minutes=5) <= now():
            self.access_token, self.token_ends = f"{secrets.token_hex(30)}", now() + TOKEN_LASTS
        return {
            "access_token": self.access_token,
            "expires_in": int((self.token_ends - now()).total_seconds()),
        }

    def check_call(self, path: str, token: str) -> None:
        """A call counts against the quotas and needs the token of now. Raises Refused."""
        self.calls[path] += 1
        if token != self.access_token:
            raise Refused(40001)
        if self.token_ends is None or self.token_ends <= now():
            raise Refused(42001)
        if self._count(now().astimezone(ZONE).date()) > self.day_quota:
            raise Refused(45009)
        if self._count(now().replace(second=0, microsecond=0)) > self.minute_quota:
            raise Refused(45011)

    def send_custom(self, body: Mapping[str, Any]) -> None:
        """A customer-service message, under the person's budget. Raises Refused."""
        person = self.people.get(str(body.get("touser")))
        if person is None:
            raise Refused(40003)
        if not person.follows:
            raise Refused(43004)
        shown = self._read_custom(body)
        if person.until is None or person.until <= now():
            raise Refused(45015)
        if person.left <= 0:
            raise Refused(45047)
        person.left -= 1
        person.thread.append(shown)

    def send_template(self, body: Mapping[str, Any], way: str) -> int:
        """A template message (authenticated accounts), or a notice that uses up a consent. Raises Refused."""
        person, template = self.people.get(str(body.get("touser"))), str(body.get("template_id"))
        if self.kind != "service":
            raise Refused(48001)
        if person is None or template not in self.templates:
            raise Refused(40003 if person is None else 40037)
        data = body.get("data") or {}
        if sorted(data) != sorted(self.templates[template]):
            raise Refused(47003)
        if way == "notice" and person.consents[template] <= 0:
            raise Refused(43101)
        person.consents[template] -= way == "notice"
        words = " ".join(str(part["value"])[:20] for part in data.values())
        person.thread.append(Shown(way, way, words, url=str(body.get("url") or body.get("page") or "")))
        return self.next_number()

    def keep_media(self, content: bytes) -> str:
        """A picture that was uploaded, for three days."""
        media_id = secrets.token_urlsafe(32)
        self.media[media_id] = content
        return media_id

    def _read_custom(self, body: Mapping[str, Any]) -> Shown:
        kind = str(body.get("msgtype"))
        inner = body.get(kind) or {}
        if kind == "text":
            return Shown("custom", kind, _short(inner["content"]))
        if kind == "msgmenu":
            if self.kind == "test":
                raise Refused(40200)
            choices = [(str(item["id"]), str(item["content"])) for item in inner["list"]]
            parts = (inner.get("head_content", ""), inner.get("tail_content", ""))
            return Shown("custom", kind, _short("\n".join(part for part in parts if part)), choices=choices)
        if kind == "image":
            if inner["media_id"] not in self.media:
                raise Refused(40007)
            return Shown("custom", kind, media_id=inner["media_id"])
        if kind == "news" and len(inner["articles"]) == 1:
            article = inner["articles"][0]
            words = f"{article['title']}\n{article['description']}"
            return Shown("custom", kind, words, url=article["url"])
        raise Refused(40008)

    def _may_force(self) -> bool:
        today = [at for at in self.forced if at.astimezone(ZONE).date() == now().astimezone(ZONE).date()]
        return len(today) < FORCED_A_DAY and all(at + FORCED_APART <= now() for at in today)

    def _count(self, when: date | datetime) -> int:
        self._counted[when] = self._counted.get(when, 0) + 1
        return self._counted[when]


def _short(text: str) -> str:
    if len(text.encode()) > LONGEST_BYTES:
        raise Refused(45002)
    return text
