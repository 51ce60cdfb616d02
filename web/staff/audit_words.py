"""What a line of the audit log says in words: the act, what it was done to, its details. audit.py shows it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Protocol
from zoneinfo import ZoneInfo

from community.activities.kinds import ACTIVITY_KINDS
from community.audit.queries import ActLine
from community.needs.kinds import KINDS
from community.notices.kinds import NOTICE_KINDS
from community.residents.tags import TAGS
from web.staff.desk import Desk
from web.words import all_words

ACTS = "staff_audit.act_"
MOMENTS = frozenset({"starts_at", "ends_at"})


class Named(Protocol):
    """An entry of a closed list with its name in both languages."""

    @property
    def name(self) -> dict[str, str]: ...


LISTS: Mapping[str, Mapping[str, Named]] = MappingProxyType(
    {"kind": {**ACTIVITY_KINDS, **KINDS}, "category": NOTICE_KINDS, "tags": TAGS, "before": TAGS}
)
"""Where the codes of a detail have their names."""


@dataclass(frozen=True, slots=True)
class LogWords:
    """The words of one reader; `known` are names of colleagues and parties by id, moments are those of `zone`."""

    desk: Desk
    known: Mapping[str, str]
    zone: ZoneInfo

    def act(self, name: str) -> str:
        """The act in words; one that has none yet is shown by its name."""
        return self._word("act", name)

    def subject(self, line: ActLine) -> str:
        """The record, by its kind and its name where it has one."""
        kind = self._word("of", line.subject_kind)
        return f"{kind} {line.subject}" if line.subject else kind

    def details(self, line: ActLine) -> str:
        """Numbers, moments, and what codes and ids stand for."""
        said = ((name, value) for name, value in line.details.items() if value not in (None, "", []))
        return " · ".join(f"{self._word('detail', name)} {self._say(name, value)}" for name, value in said)

    def moment(self, at: datetime) -> str:
        """To the second, as a file has it."""
        return at.astimezone(self.zone).strftime("%Y-%m-%d %H:%M:%S")

    def _say(self, name: str, value: object) -> str:
        if isinstance(value, list):
            return self.desk.t("staff.comma").join(self._say(name, each) for each in value)
        if not isinstance(value, str):
            return json.dumps(value, ensure_ascii=False, default=str)
        if name in MOMENTS:
            return self.moment(datetime.fromisoformat(value))[:-3]
        if listed := LISTS.get(name, {}).get(value):
            return listed.name[self.desk.language]
        return self.known.get(value) or self._word("value", value)

    def _word(self, group: str, name: str) -> str:
        key = f"staff_audit.{group}_{name}"
        return self.desk.t(key) if key in all_words() else name
