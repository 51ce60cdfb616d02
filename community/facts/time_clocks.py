"""Reads clocks and parts of the day: 十点多, 半夜, half past ten, from 9 to 11 pm. For `time_atoms.py`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date

from community.facts.numbers import int_of, number_of
from community.facts.time_models import Atom, Clock, Reader
from community.facts.time_words import PARTS


def _part(match: re.Match[str], _: date) -> Atom | None:
    said = match.groupdict().get("pw") or match[0]
    return Atom("part", *match.span(), part=PARTS.get(said, PARTS["night"]))


def _part_en(match: re.Match[str], _: date) -> Atom | None:
    hours = PARTS[match["pw"]]
    if "middle" in match[0] or "small hours" in match[0] or "wee" in match[0]:
        hours = (24, 28)
    return Atom("part", *match.span(), part=hours)


def _clock_zh(match: re.Match[str], _: date) -> Atom | None:
    if match["h"] is None:
        return _clock(match, *map(int, match[0].split(":")[:2]))
    said, more = number_of(match["h"]), match["min"] or ""
    loose = more in ("多", "来钟", "出头", "几分", "不到")
    minute = {"半": 30, "一刻": 15, "一刻钟": 15, "三刻": 45, "三刻钟": 45}.get(more, 0)
    if not minute and not loose and more not in ("", "过"):
        minute = int(number_of(more.removesuffix("分").removeprefix("零")))
    return _clock(match, int(said), minute, loose=loose)


def _clock_en(match: re.Match[str], _: date) -> Atom | None:
    if match["b1"]:
        return _clock_range(match)
    if match["named"]:
        return _clock(match, 24 if match["named"] == "midnight" else 12)
    if match["half"]:
        return _clock(match, *_told(match["half"], match["to"], int_of(match["h3"])))
    hour = next(filter(None, match.group("h", "h2", "h4", "h5")))
    minute, prep = int(match["mi"] or match["mi2"] or 0), match["prep"] or ""
    edge = {"after": "after", "past": "after", "gone": "after", "before": "before", "by": "before"}.get(
        prep, ""
    )
    loose = prep in ("around", "about") or "ish" in match[0]
    return _clock(match, int_of(hour), minute, loose=loose, half=(match["ap"] or "")[:1], edge=edge)


def _clock_range(match: re.Match[str]) -> Atom | None:
    """From 9 to 11 pm; numbers without a word or a half of the day around them are no times."""
    if not (match["between"] or match["bap1"] or match["bap2"] or match["bm1"]):
        return None
    last_half = (match["bap2"] or "")[:1]
    first, last = int_of(match["b1"]), int_of(match["b2"])
    half = (match["bap1"] or "")[:1] or (last_half if first <= last else "")
    if first > 24 or last > 24:
        return None
    clock, until = (
        Clock(first, int(match["bm1"] or 0), half=half),
        Clock(last, int(match["bm2"] or 0), half=last_half),
    )
    return Atom("clock", *match.span(), clock=clock, until=until)


def _told(half: str, to: str, hour: int) -> tuple[int, int]:
    """Half past ten, a quarter to nine."""
    minute = 30 if half == "half" else 15
    return (hour, minute) if to == "past" else (hour - 1 if hour > 1 else 12, 60 - minute)


def _clock(
    match: re.Match[str], hour: int, minute: int = 0, *, loose: bool = False, half: str = "", edge: str = ""
) -> Atom | None:
    if hour > 24 or minute > 59:
        return None
    start = match.start("h5") if match.groupdict().get("prep") in ("since", "from") else match.start()
    return Atom("clock", start, match.end(), clock=Clock(hour, minute, loose, half, edge))


CLOCKS_ZH: Mapping[str, Reader] = {"part": _part, "short_part": _part, "clock": _clock_zh}
CLOCKS_EN: Mapping[str, Reader] = {"part": _part_en, "clock": _clock_en}
