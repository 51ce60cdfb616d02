"""Reads how long, how long ago and how often: 两天了, a week ago, every night. For `time_atoms.py`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date

from community.facts.numbers import least_of, number_of
from community.facts.time_models import Atom, Length, Reader

_UNITS = {
    "分钟": "minute", "刻钟": "minute", "小时": "hour", "钟头": "hour", "晚上": "day",
    "钟": "hour", "晚": "day", "宿": "day", "夜": "day",
    "天": "day", "日": "day", "上午": "hour", "下午": "hour", "早上": "hour",
    "周": "week", "星期": "week", "礼拜": "week",
    "个月": "month", "月": "month", "季度": "month", "年": "year",
}  # fmt: skip
_LENGTH = re.compile(
    rf"(?P<n>[0-9]+|[一二两三四五六七八九十百几半俩仨]+)?.*?(?P<u>{'|'.join(_UNITS)})(?P<half>半)?"
)
_EN_AMOUNTS = {"half an": 0.5, "a half": 0.5, "half a": 0.5, "a": 1, "an": 1, "several": 3, "many": 5, "some": 3,
               "thirty": 30, "forty": 40, "fifty": 50}  # fmt: skip


def _ago(match: re.Match[str], _: date) -> Atom:
    length = _length_zh(match[0]) if not match[0].isascii() else _length_en(match[0])
    return Atom("ago", *match.span(), length=length)


def _dur(match: re.Match[str], _: date) -> Atom | None:
    if re.fullmatch(
        r"an?\s(?:single\s)?(?:day|night|week|month|year|minute)s?|one\s(?:day|night)|some\s(?:day|night)s?",
        match[0],
    ):
        return None  # "ten yuan a day"
    length = _length_zh(match[0]) if not match[0].isascii() else _length_en(match[0])
    return Atom("dur", *match.span(), length=length)


def _every(match: re.Match[str], _: date) -> Atom:
    return Atom("every", *match.span())


def _length_zh(said: str) -> Length | None:
    match = _LENGTH.search(said)
    if match is None:
        return None
    number = match["n"] or "一"
    amount = float(least_of(number)) if least_of(number).isdigit() else 3.0
    if "半" in said[: match.start("u")]:
        amount = 0.5 if number.startswith("半") or not amount else amount + 0.5
    elif match["half"]:
        amount += 0.5
    unit = _UNITS[match["u"]]
    return Length(amount * {"刻钟": 15, "季度": 3, "上午": 4, "下午": 6}.get(match["u"], 1), unit)


def _length_en(said: str) -> Length | None:
    unit = re.search(
        r"\b(min|hour|hr|day|night|week|month|year|fortnight|decade|morning|afternoon|evening)", said
    )
    if unit is None:
        return None
    number = re.search(r"[0-9]+", said)
    words = re.findall(r"half an?|a half|[a-z]+", said[: unit.start()])
    amount = 3.0
    if number:
        amount = float(number[0])
    elif words:
        told = [word for word in words if word in _EN_AMOUNTS or number_of(word).isdigit()]
        amount = (
            _EN_AMOUNTS.get(told[-1], 0) or float(number_of(told[-1]))
            if told
            else (1.0 if "all" in said else 3.0)
        )
        amount = 2.0 if "couple" in said else 3.0 if "few" in said else amount
    if "and a half" in said:
        amount += 0.5
    name = {
        "min": "minute",
        "hr": "hour",
        "night": "day",
        "morning": "hour",
        "afternoon": "hour",
        "evening": "hour",
    }
    factor = {"fortnight": 14, "decade": 10}.get(unit[0], 1)
    return Length(
        amount * factor, {"fortnight": "day", "decade": "year"}.get(unit[0], name.get(unit[0], unit[0]))
    )


LENGTHS: Mapping[str, Reader] = {"ago": _ago, "dur": _dur, "every": _every}
