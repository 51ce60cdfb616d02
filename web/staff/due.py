"""When a first answer or a solution is due, in words and in a calm colour: late, soon, or in good time."""

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
    """How far away it is that something was promised for; `at` is the moment itself."""

    words: str
    level: Level
    at: datetime


def find_due(need: Need, at: datetime, language: Language) -> Due | None:
    """What of a need is due next, as it stands at `at`: its first answer, then its solution.

    None where it is over, and while the resident is waited for.
    """
    if need.state in ENDED or need.waiting_since is not None:
        return None
    if need.first_answered_at is None:
        return _due(need.first_answer_due_at, at, language, "due")
    return _due(need.solution_due_at, at, language, "solve") if need.solution_due_at else None


def _due(due_at: datetime, at: datetime, language: Language, name: str) -> Due:
    left, t = due_at - at, words_for(language)
    if left <= timedelta(0):
        return Due(t(f"staff.{name}_late", time=say_span(-left, language)), "late", due_at)
    return Due(
        t(f"staff.{name}_in", time=say_span(left, language)), "soon" if left <= SOON else "calm", due_at
    )


def say_span(span: timedelta, language: Language) -> str:
    """3分钟, 2小时, 5天; never less than a minute."""
    return format_timedelta(
        max(span, timedelta(minutes=1)), granularity="minute", threshold=1, format="long", locale=language
    )
