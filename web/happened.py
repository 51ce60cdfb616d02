"""When what a need tells of happened, as a date beside the own words, which age: "last night" is soon another."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from channels.render import name_day, name_moment
from community.facts.models import TimeKind
from community.needs.models import Need

_DAY = timedelta(days=1)
_SINCE = {"zh": "{moment} 起", "en": "since {moment}"}


def tell_happened(need: Need, language: str, zone: str, at: datetime) -> str:
    """3月3日 22:00–23:00, 3月1日–3月2日, since 1 Mar; empty where nothing was said that can be dated."""
    if need.happened_from is None:
        return ""
    start = need.happened_from.astimezone(ZoneInfo(zone))
    end = need.happened_until.astimezone(ZoneInfo(zone)) if need.happened_until else None
    if need.happened_kind in (TimeKind.SINCE, TimeKind.FOR):
        return _SINCE[language].format(
            moment=_name(start, language, zone, at, by_day=need.happened_kind is TimeKind.FOR)
        )
    if end is None or end <= start:
        return _name(start, language, zone, at)
    if _is_midnight(start) and _is_midnight(end):
        first, last = (name_day(day, language, zone, at) for day in (start, end - _DAY))
        return first if first == last else f"{first}–{last}"
    return f"{name_moment(start, language, zone, at)}–{end:%H:%M}"


def _name(moment: datetime, language: str, zone: str, at: datetime, *, by_day: bool = False) -> str:
    return (name_day if by_day or _is_midnight(moment) else name_moment)(moment, language, zone, at)


def _is_midnight(moment: datetime) -> bool:
    return (moment.hour, moment.minute) == (0, 0)
