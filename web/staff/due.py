"""When a first answer is due, in words and in a calm colour: late, soon, or in good time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from babel.dates import format_timedelta

from community.needs.models import ENDED, Need
from web.words import Language, words_for

SOON = timedelta(hours=2)
Level = Literal["late", "soon", "calm"]


@dataclass(frozen=True, slots=True)
class Due:
    """How far away the promised first answer is; `at` is the moment itself."""

    words: str
    level: Level
    at: datetime


def find_due(need: Need, at: datetime, language: Language) -> Due | None:
    """The clock of a need as it stands at `at`; None where it was answered or is over."""
    if need.first_answered_at is not None or need.state in ENDED:
        return None
    left, t = need.first_answer_due_at - at, words_for(language)
    if left <= timedelta(0):
        return Due(t("staff.due_late", time=say_span(-left, language)), "late", need.first_answer_due_at)
    level: Level = "soon" if left <= SOON else "calm"
    return Due(t("staff.due_in", time=say_span(left, language)), level, need.first_answer_due_at)


def say_span(span: timedelta, language: Language) -> str:
    """3分钟, 2小时, 5天; never less than a minute."""
    return format_timedelta(
        max(span, timedelta(minutes=1)), granularity="minute", threshold=1, format="long", locale=language
    )
