"""Fields of canned answers: {code} or {编号} become what is known; what is not known is marked and cannot be sent.

Before: web/staff/canned.py gives the values; after: the use-cases that write to a resident call `check_filled`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import StrEnum

from community.errors import Refused


class Field(StrEnum):
    """The closed list of fields."""

    RESIDENT = "name"
    CODE = "code"
    KIND = "kind"
    PLACE = "place"
    PROMISED = "time"
    ME = "me"
    PARTY = "party"
    PHONE = "phone"


NAMES: Mapping[Field, Mapping[str, str]] = {
    Field.RESIDENT: {"zh": "称呼", "en": "name"},
    Field.CODE: {"zh": "编号", "en": "code"},
    Field.KIND: {"zh": "类别", "en": "kind"},
    Field.PLACE: {"zh": "地点", "en": "place"},
    Field.PROMISED: {"zh": "时间", "en": "time"},
    Field.ME: {"zh": "我", "en": "me"},
    Field.PARTY: {"zh": "单位", "en": "party"},
    Field.PHONE: {"zh": "电话", "en": "phone"},
}
"""How a field is written in words of each language, between braces; either is understood in both."""

_BY_NAME = {name: field for field, names in NAMES.items() for name in names.values()}
_BRACES = re.compile(r"\{([^{}\n]{0,40})\}")
_MARKS = {"zh": "【填：{}】", "en": "[fill in: {}]"}
_MARKED = re.compile(r"【填：([^】\n]{1,40})】|\[fill in: ([^\]\n]{1,40})\]")


def fill(words: str, values: Mapping[Field, str], language: str) -> str:
    """The words with their fields filled in; a field that is unknown or has no value becomes a mark."""

    def put(found: re.Match[str]) -> str:
        field = _BY_NAME.get(found[1].strip())
        value = values.get(field, "") if field else ""
        return value or _MARKS[language].format(NAMES[field][language] if field else found[1].strip() or "?")

    return _BRACES.sub(put, words)


def find_unfilled(words: str) -> list[str]:
    """Names of what still has to be filled in: marks, and fields in braces that somebody typed."""
    marked = [found[1] or found[2] for found in _MARKED.finditer(words)]
    typed = [found[1].strip() for found in _BRACES.finditer(words) if found[1].strip() in _BY_NAME]
    return list(dict.fromkeys([*marked, *typed]))


def check_filled(words: str) -> None:
    """Raises Refused("fill_in_first") where something has to be filled in before a resident may read it."""
    if left := find_unfilled(words):
        raise Refused("fill_in_first", fields=left)


def check_fields(words: str) -> None:
    """Raises Refused("field_unknown") where words kept for later name a field that there is not."""
    names = (found[1].strip() for found in _BRACES.finditer(words))
    if unknown := [name for name in names if name not in _BY_NAME]:
        raise Refused("field_unknown", fields=unknown)
