"""The story of a need for its page: steps, the resident's words, notes of staff, and what the resident was told."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from community.conversations.queries import Said
from community.needs.models import EntryKind, NeedState
from community.needs.queries import Event
from community.needs.usecases.staff import DeclineReason
from community.outbox.models import OutboxState
from web.staff.desk import Desk

Look = Literal["step", "resident", "note", "staff", "linli"]
WAITING = (OutboxState.PENDING, OutboxState.SENDING)
WHYS = frozenset(
    {
        "confidential",
        "crisis",
        "matrix",
        "committee",
        "assisting",
        "street",
        "handed_over",
        "solved",
        "not_solved",
        "no_answer",
    }
)
_TOLD_ELSEWHERE = (
    NeedState.RESOLVED,
    NeedState.REPORTED,
)  # their words stand in the message and in the report


@dataclass(frozen=True, slots=True)
class Item:
    """One line or bubble. `mark` is the state of a message to the resident, `reason` why it did not arrive."""

    at: datetime
    look: Look
    words: str
    who: str = ""
    more: str = ""
    mark: str = ""
    reason: str = ""
    files: Sequence[str] = ()


def tell_need(desk: Desk, events: Iterable[Event], said: Iterable[Said], zone: str) -> list[Item]:
    """Everything about a need in the order it happened; answers appear once, with the mark of their delivery."""
    shown = [_tell_event(desk, event) for event in events if event.what != EntryKind.ANSWER]
    return sorted([*shown, *(tell_said(desk, line, zone) for line in said)], key=lambda item: item.at)


def tell_said(desk: Desk, said: Said, zone: str) -> Item:
    """One line of a conversation: the resident's own, or a message of staff or Linli with its mark."""
    if said.by_resident:
        return Item(said.at, "resident", said.text, files=said.files)
    values: dict[str, Any] = said.values or {}
    by_staff = isinstance(values.get("name"), str) and isinstance(values.get("words"), str)
    words = values["words"] if by_staff else desk.render(said.message, values, zone)
    return Item(
        said.at,
        "staff" if by_staff else "linli",
        words or desk.t("staff_need.words_gone"),
        who=values["name"] if by_staff else "",
        mark=said.state,
        reason=say_reason(desk, said.reason),
    )


def say_reason(desk: Desk, reason: str | None) -> str:
    """Why a message did not arrive; what the list does not name is said in general."""
    if not reason:
        return ""
    return _say_known(desk, "reason", reason) or desk.t("staff_trouble.reason_other")


def _tell_event(desk: Desk, event: Event) -> Item:
    if event.what == EntryKind.NOTE:
        return Item(event.at, "note", event.words or "", who=_who(desk, event))
    if event.what == EntryKind.ADDITION:
        return Item(event.at, "resident", event.words or "")
    party = event.party[desk.language] if event.party else ""
    step = desk.t(f"staff_need.step_{event.what}", party=party)
    why = "" if event.what in _TOLD_ELSEWHERE else _say_why(desk, event.words or "")
    who = "" if event.by == "resident" else _who(desk, event)
    return Item(event.at, "step", step, who=who, more=why)


def _who(desk: Desk, event: Event) -> str:
    if event.by == "resident":
        return desk.t("staff_need.resident")
    return event.who or desk.t("common.linli")


def _say_why(desk: Desk, why: str) -> str:
    """A reason from a list in words, with what was written beside it; free words as they are."""
    if why in WHYS:
        return desk.t(f"staff_need.why_{why}")
    reason, _, more = why.partition(": ")
    if reason in set(DeclineReason):
        return " · ".join(filter(None, (desk.t(f"staff_need.decline_{reason}"), more)))
    return why


def _say_known(desk: Desk, kind: str, code: str) -> str:
    try:
        return desk.t(f"staff_trouble.{kind}_{code}")
    except KeyError:
        return ""
