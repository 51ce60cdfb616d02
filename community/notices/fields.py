"""The fields of standing notices, as data: what can stand in braces, and how a value reads in each language."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time
from enum import StrEnum
from types import MappingProxyType

from babel.dates import format_date

from community.errors import Refused
from linli.text import clean_text

LONGEST_VALUE = 120
PLACEHOLDER = re.compile(r"\{([a-z_]{1,30})\}")


class FieldKind(StrEnum):
    """How a field is filled in."""

    DAY = "day"
    TIME = "time"
    WORDS = "words"


@dataclass(frozen=True)
class Field:
    """One field: its names, and an example that stands grey in the empty field."""

    code: str
    zh: str
    en: str
    kind: FieldKind
    example_zh: str = ""
    example_en: str = ""

    @property
    def name(self) -> dict[str, str]:
        """The name in both languages."""
        return {"zh": self.zh, "en": self.en}

    @property
    def example(self) -> dict[str, str]:
        """The example in both languages."""
        return {"zh": self.example_zh, "en": self.example_en or self.example_zh}


_ALL = (
    Field("day", "日期", "Day", FieldKind.DAY),
    Field("last_day", "到哪一天", "Last day", FieldKind.DAY),
    Field("begins", "开始时间", "From", FieldKind.TIME),
    Field("ends", "结束时间", "Until", FieldKind.TIME),
    Field("where", "范围", "Where", FieldKind.WORDS, "3 到 7 号楼", "Buildings 3 to 7"),
    Field(
        "place", "地点", "Place", FieldKind.WORDS, "居委会一楼", "the ground floor of the committee's office"
    ),
    Field("reason", "原因", "Reason", FieldKind.WORDS, "检修水管", "pipes are repaired"),
    Field("whom", "给谁", "For whom", FieldKind.WORDS, "60 岁以上的居民", "residents of 60 and over"),
    Field("bring", "要带什么", "What to bring", FieldKind.WORDS, "身份证、医保卡", "your ID card"),
    Field("phone", "联系电话", "Phone", FieldKind.WORDS, "020-8888 1234"),
    Field("what", "什么事", "What", FieldKind.WORDS, "流感疫苗", "a flu shot"),
    Field(
        "trick",
        "骗子怎么说",
        "What they say",
        FieldKind.WORDS,
        "“您的社保卡停用了”",
        "“your card is blocked”",
    ),
)
FIELDS: Mapping[str, Field] = MappingProxyType({field.code: field for field in _ALL})


def fields_of(*texts: str | None) -> list[Field]:
    """The fields that the texts name, in their order. Raises Refused("template_field_unknown")."""
    codes = list(dict.fromkeys(code for text in texts for code in PLACEHOLDER.findall(text or "")))
    unknown = "、".join(f"{{{code}}}" for code in codes if code not in FIELDS)
    if unknown:
        raise Refused("template_field_unknown", fields=unknown)
    return [FIELDS[code] for code in codes]


def read_values(fields: Sequence[Field], typed: Mapping[str, str]) -> dict[str, dict[str, str]]:
    """What was typed as `<code>` (and `<code>_en` for words) by field and language.

    Raises Refused("template_field_missing") with the names of all that is missing, Refused("template_field_wrong")
    for a day or time that is none.
    """
    missing = [field for field in fields if not clean_text(typed.get(field.code, ""))]
    if missing:
        raise Refused("template_field_missing", fields=_names(missing))
    return {field.code: _read(field, typed) for field in fields}


def put_in(text: str | None, values: Mapping[str, Mapping[str, str]], language: str) -> str:
    """The text with its fields filled in; what has no value stays as it is."""
    return PLACEHOLDER.sub(lambda found: values.get(found[1], {}).get(language, found[0]), text or "")


def _read(field: Field, typed: Mapping[str, str]) -> dict[str, str]:
    said = clean_text(typed[field.code])[:LONGEST_VALUE]
    try:
        if field.kind is FieldKind.DAY:
            return _say_day(date.fromisoformat(said))
        if field.kind is FieldKind.TIME:
            clock = time.fromisoformat(said)
            return dict.fromkeys(("zh", "en"), f"{clock.hour}:{clock.minute:02d}")
    except ValueError as error:
        raise Refused("template_field_wrong", fields=field.name) from error
    return {"zh": said, "en": clean_text(typed.get(f"{field.code}_en", ""))[:LONGEST_VALUE] or said}


def _say_day(day: date) -> dict[str, str]:
    weekday = format_date(day, "EEE", locale="zh")
    return {
        "zh": f"{day.month}月{day.day}日（{weekday}）",
        "en": format_date(day, "EEEE d MMMM", locale="en"),
    }


def _names(fields: Sequence[Field]) -> dict[str, str]:
    return {
        "zh": "、".join(field.zh for field in fields),
        "en": ", ".join(field.en.lower() for field in fields),
    }
