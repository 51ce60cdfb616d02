"""The story of a need for the person who reported it: what happened as plain sentences, the newest first.

What parties say among themselves (why one declined, notes) is not told; who takes over is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from community.clock import now
from community.files.attaching import Attachment
from community.needs.models import ENDED, EntryKind, Need, NeedState
from community.needs.queries import NeedPage
from community.needs.story import Event
from web.residents.drawing import Tongue

WITH_WORDS = frozenset(
    {
        NeedState.REPORTED,
        NeedState.RESOLVED,
        NeedState.WITHDRAWN,
        EntryKind.ADDITION,
        EntryKind.ANSWER,
    }
)


@dataclass(frozen=True, slots=True)
class Line:
    """One happening: a sentence, and the words that somebody said, where there are any."""

    at: datetime
    sentence: str
    words: str = ""
    own: bool = False
    files: Sequence[Attachment] = ()


def tell_story(page: NeedPage, say: Tongue) -> list[Line]:
    """The lines of a need, the newest first."""
    lines: list[Line] = []
    routed = False
    for event in page.events:
        if event.what == NeedState.DECLINED:
            continue
        lines.append(_line(event, page.line.need, say, again=routed))
        routed = routed or event.what == NeedState.ROUTED
    return lines[::-1]


def tell_when(need: Need, say: Tongue) -> str:
    """By when the person hears or it is solved, that it is late, or that we wait; empty where nothing is promised."""
    if need.merged_into is not None:
        return say.t("m.merged_more")
    if need.state in ENDED:
        return ""
    if need.waiting_since is not None:
        return say.t("m.waits_for_answer")
    if need.first_answered_at is not None:
        return _tell_solution(need, say)
    key = "m.due" if need.first_answer_due_at > now() else "m.late"
    return say.t(key, moment=say.moment(need.first_answer_due_at))


def _tell_solution(need: Need, say: Tongue) -> str:
    if need.solution_due_at is None:
        return ""
    key = "m.solution_due" if need.solution_due_at > now() else "m.solution_late"
    return say.t(key, moment=say.moment(need.solution_due_at))


def name_helpers(page: NeedPage, say: Tongue) -> str:
    """The parties that assist, in one string; empty where nobody does."""
    leading = page.line.need.lead_party_id
    names = [
        say.local(party.name) for party, share in page.shares if share == "assist" and party.id != leading
    ]
    return say.t("m.and").join(names)


def _line(event: Event, need: Need, say: Tongue, *, again: bool) -> Line:
    words = need.words if event.what == NeedState.REPORTED else event.words
    shown = words if event.what in WITH_WORDS else None
    return Line(
        event.at,
        _sentence(event, say, again=again),
        shown or "",
        own=event.by == "resident",
        files=event.files,
    )


def _sentence(event: Event, say: Tongue, *, again: bool) -> str:
    key = event.what
    if again and event.what == NeedState.ROUTED:
        key = "passed_on"
    elif event.what == NeedState.REPORTED and event.by == "staff":
        key = "filed"
    elif event.what == NeedState.CLOSED and event.by == "linli":
        key = "closed_unheard"
    elif event.what == NeedState.CLOSED and event.words == "merged":
        key = "merged"
    elif event.what == EntryKind.ADDITION and not event.words:
        key = "photo"
    values = {"party": say.local(event.party), "who": event.who or ""}
    return say.t(f"m.story_{key}", **values).strip()
