"""From the name of a message to words in the receiver's language: templates/messages holds them, one bubble a folder.

Numbers, dates and names are put in here, at the last moment, so that changing a sentence needs no training.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import structlog
from babel.dates import format_date, format_time
from jinja2 import Environment, FileSystemLoader, StrictUndefined, pass_context
from jinja2.runtime import Context

from community.clock import now
from community.places.models import DEFAULT_ZONE
from linli.text import plain_number

log = structlog.get_logger()
MESSAGES = Path(__file__).parent.parent.parent / "templates" / "messages"
_NEAR_DAYS = {
    "zh": {0: "今天", 1: "明天", 2: "后天", -1: "昨天"},
    "en": {0: "today", 1: "tomorrow", -1: "yesterday"},
}
_DAY_PATTERN = {"zh": "M月d日", "en": "d MMM"}
_DAY_OF_A_YEAR_PATTERN = {"zh": "y年M月d日", "en": "d MMM y"}
_DAYS_BY_WEEKDAY = 6


def render_text(
    message: str,
    language: str,
    values: Mapping[str, Any],
    zone: str = DEFAULT_ZONE,
    at: datetime | None = None,
) -> str:
    """The words of a message. Raises jinja2.TemplateNotFound for an unknown name, UndefinedError for a missing value.

    `at` is the moment from which "today" counts; now where it is not given.
    """
    template = _environment().get_template(f"{message}/{language}.txt")
    return template.render(values, language=language, zone=zone, at=at or now()).strip()


def render_if_possible(
    message: str,
    language: str,
    values: Mapping[str, Any],
    zone: str = DEFAULT_ZONE,
    at: datetime | None = None,
) -> str:
    """The words of a message from a row; empty where its words or values have changed since it was written.

    One such row must not hide the others beside it, so whatever goes wrong is a line in the log and no more.
    """
    try:
        return render_text(message, language, values, zone, at)
    except Exception as error:  # noqa: BLE001 - values of a row may be anything, and so is what filters raise
        log.error("words_not_made", message=message, language=language, error=type(error).__name__)
        return ""


def has_message(message: str) -> bool:
    """Whether a message of this name exists."""
    return (MESSAGES / message / "zh.txt").is_file()


def in_language(name: Mapping[str, str] | str | None, language: str) -> str:
    """A name that travels in both languages, in one; Chinese where the other is missing."""
    if name is None or isinstance(name, str):
        return name or ""
    return name.get(language) or name.get("zh", "")


def name_day(moment: datetime | date | str, language: str, zone: str, at: datetime) -> str:
    """今天, 明天, 周六 within six days, else 11月3日 (2025年11月3日); today, tomorrow, Saturday, 3 Nov (2025)."""
    day, today = _local_date(moment, zone), at.astimezone(ZoneInfo(zone)).date()
    away = (day - today).days
    if near := _NEAR_DAYS[language].get(away):
        return near
    if 0 < away <= _DAYS_BY_WEEKDAY:
        return format_date(day, "EEE" if language == "zh" else "EEEE", locale=language)
    pattern = _DAY_PATTERN if day.year == today.year else _DAY_OF_A_YEAR_PATTERN
    return format_date(day, pattern[language], locale=language)


def name_moment(moment: datetime | str, language: str, zone: str, at: datetime) -> str:
    """The day as name_day says it, and the time: 今天 17:30."""
    local = _parse(moment).astimezone(ZoneInfo(zone))
    clock = format_time(local, "H:mm", locale=language, tzinfo=local.tzinfo)
    return f"{name_day(local, language, zone, at)} {clock}"


@cache
def _environment() -> Environment:
    # Plain text for chats: every channel and page escapes for itself, so nothing is escaped here.
    environment = Environment(
        loader=FileSystemLoader(MESSAGES),
        undefined=StrictUndefined,
        autoescape=False,  # noqa: S701
        trim_blocks=True,
        finalize=plain_number,
    )
    environment.filters |= {"local": _local, "place": _local, "moment": _moment, "day": _day}
    return environment


@pass_context
def _local(context: Context, name: Mapping[str, str] | str | None) -> str:
    return in_language(name, context["language"])


@pass_context
def _moment(context: Context, moment: datetime | str) -> str:
    return name_moment(moment, context["language"], context["zone"], context["at"])


@pass_context
def _day(context: Context, moment: datetime | str) -> str:
    return name_day(moment, context["language"], context["zone"], context["at"])


def _parse(moment: datetime | str) -> datetime:
    return datetime.fromisoformat(moment) if isinstance(moment, str) else moment


def _local_date(moment: datetime | date | str, zone: str) -> date:
    parsed = _parse(moment) if isinstance(moment, str) else moment
    return parsed.astimezone(ZoneInfo(zone)).date() if isinstance(parsed, datetime) else parsed
