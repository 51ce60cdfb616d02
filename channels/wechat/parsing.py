"""The body of a push: XML without any DTD or entity, read into its fields. Next: reading.py says what it means."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

_OPENID = re.compile(r"[A-Za-z0-9_-]{1,64}")
_ACCOUNT = re.compile(r"[A-Za-z0-9_@.-]{1,64}")
_NUMBER = re.compile(r"[0-9]{1,20}")
_LATEST = 4_102_444_800  # the year 2100
_MOST_FIELDS = 100
_LONGEST_KEY = 64  # the longest that a scene may be
_LONGEST_KIND = 40  # all of an id together fits into 200


class WrongShape(ValueError):
    """A body that is no push of the platform's; the text says what is wrong and quotes nothing of it."""


@dataclass(frozen=True, slots=True)
class Push:
    """One push: from whom to which account, when, of which type, with its other fields as they came.

    `at` is in whole seconds, as the platform counts. `lists` holds nested lists of fields, as those of
    subscription-notice events.
    """

    account: str
    openid: str
    at: datetime
    kind: str
    fields: Mapping[str, str]
    lists: Sequence[Mapping[str, str]] = field(default=())

    def get(self, name: str) -> str:
        """A field, empty where there is none."""
        return self.fields.get(name, "")

    @property
    def event(self) -> str:
        """What happened, in small letters; empty for a message."""
        return self.get("Event").lower() if self.kind == "event" else ""

    @property
    def id(self) -> str:
        """What repeats are known by: MsgId, for events (which have none) who, when and what."""
        if self.kind != "event" and self.get("MsgId"):
            return self.get("MsgId")
        seconds = int(self.at.timestamp())
        key = self.get("EventKey")
        named = key if len(key) <= _LONGEST_KEY else hashlib.sha256(key.encode()).hexdigest()
        return f"{self.openid}:{seconds}:{(self.event or self.kind)[:_LONGEST_KIND]}:{named}"


def read_fields(content: bytes) -> Element:
    """The root of a push's XML. Raises WrongShape, for DTDs and entities too."""
    try:
        root: Element = fromstring(content, forbid_dtd=True, forbid_entities=True, forbid_external=True)
    except (ParseError, DefusedXmlException, ValueError, LookupError) as error:
        raise WrongShape(f"no plain XML: {type(error).__name__}") from None
    if len(root) > _MOST_FIELDS:
        raise WrongShape("too many fields")
    return root


def find_encrypted(root: Element) -> str:
    """The `Encrypt` of an envelope. Raises WrongShape."""
    encrypted = (root.findtext("Encrypt") or "").strip()
    if not encrypted:
        raise WrongShape("no Encrypt")
    return encrypted


def read_push(root: Element) -> Push:
    """The push in the XML. Raises WrongShape where it does not say from whom, when and what."""
    fields = {child.tag: (child.text or "") for child in root if not len(child)}
    seconds = fields.get("CreateTime", "").strip()
    if not _NUMBER.fullmatch(seconds) or int(seconds) > _LATEST:
        raise WrongShape("no CreateTime")
    push = Push(
        account=_checked(_ACCOUNT, fields, "ToUserName"),
        openid=_checked(_OPENID, fields, "FromUserName"),
        at=datetime.fromtimestamp(int(seconds), UTC),
        kind=fields.get("MsgType", "").strip().lower(),
        fields=fields,
        lists=[{leaf.tag: (leaf.text or "") for leaf in item} for item in root.iter("List")],
    )
    if not push.kind or (push.get("MsgId") and not _NUMBER.fullmatch(push.get("MsgId"))):
        raise WrongShape("no type, or a MsgId that is no number")
    return push


def _checked(pattern: re.Pattern[str], fields: Mapping[str, str], name: str) -> str:
    value = fields.get(name, "").strip()
    if not pattern.fullmatch(value):
        raise WrongShape(f"no {name}")
    return value
