"""The story of a need for its page: steps, the resident's words, notes of staff, and what the resident was told."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from channels.render import name_moment
from community.clock import now
from community.conversations.queries import Said
from community.files.attaching import Attachment
from community.needs.models import EntryKind, NeedState
from community.needs.story import Event
from community.needs.usecases.routing import ROUTES
from community.needs.usecases.staff import DeclineReason
from community.outbox.models import OutboxState
from community.places.models import DEFAULT_ZONE
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
        "not_asked",
        "call_back",
        "merged",
        "split",
    }
)
_TOLD_ELSEWHERE = (
    NeedState.RESOLVED,
    NeedState.REPORTED,
)  # their words stand in the message and in the report


@dataclass(frozen=True, slots=True)
class Item:
    """One line or bubble, with photos by id and documents by id and name.

    `mark` is the state of a message to the resident, `reason` why it did not arrive.
    """

    at: datetime
    look: Look
    words: str
    who: str = ""
    more: str = ""
    mark: str = ""
    reason: str = ""
    files: Sequence[Attachment] = ()


def tell_need(desk: Desk, events: Iterable[Event], said: Iterable[Said], zone: str) -> list[Item]:
    """Everything about a need in the order it happened; answers appear once, with the mark of their delivery."""
    shown = [_tell_event(desk, event, zone) for event in events if event.what != EntryKind.ANSWER]
    return sorted([*shown, *(tell_said(desk, line, zone) for line in said)], key=lambda item: item.at)


def tell_said(desk: Desk, said: Said, zone: str) -> Item:
    """One line of a conversation: the resident's own, or a message of staff or Linli with its mark."""
    if said.by_resident:
        return Item(said.at, "resident", said.text, files=said.files)
    values: dict[str, Any] = said.values or {}
    by_staff = isinstance(values.get("name"), str) and isinstance(values.get("words"), str)
    sent = values.get("files", ()) if by_staff else ()
    words = values["words"] if by_staff else desk.render(said.message, values, zone)
    return Item(
        said.at,
        "staff" if by_staff else "linli",
        words or desk.t("staff_need.words_gone"),
        who=values["name"] if by_staff else "",
        mark=said.state,
        reason=say_reason(desk, said.reason),
        files=[Attachment(UUID(each["id"]), each["name"], each["photo"]) for each in sent],
    )


def say_reason(desk: Desk, reason: str | None) -> str:
    """Why a message did not arrive; what the list does not name is said in general."""
    if not reason:
        return ""
    return _say_known(desk, "reason", reason) or desk.t("staff_trouble.reason_other")


def _tell_event(desk: Desk, event: Event, zone: str) -> Item:
    if event.what == EntryKind.NOTE:
        return Item(
            event.at,
            "note",
            event.words or "",
            who=_who(desk, event),
            files=event.files,
        )
    if event.what == EntryKind.ADDITION:
        return Item(event.at, "resident", event.words or "")
    if event.what == NeedState.REPORTED and event.by == "staff":
        return Item(event.at, "step", desk.t("staff_need.step_filed"), who=_who(desk, event))
    if event.by_itself:
        return Item(event.at, "step", _say_event(desk, event, zone), who=_who(desk, event))
    party = event.party[desk.language] if event.party else ""
    step = desk.t(f"staff_need.step_{event.what}", party=party)
    why = "" if event.what in _TOLD_ELSEWHERE else say_why(desk, event.words or "", event.details)
    who = "" if event.by == "resident" else _who(desk, event)
    return Item(event.at, "step", step, who=who, more=why)


def _who(desk: Desk, event: Event) -> str:
    if event.by == "resident":
        return desk.t("staff_need.resident")
    return event.who or desk.t("common.linli")


def say_why(desk: Desk, why: str, details: Mapping[str, Any] | None = None) -> str:
    """A reason from a list in words, with what was written beside it; free words as they are."""
    if details and why in ROUTES:
        return desk.t(f"staff_routes.why_{why}", **say_details(desk, details))
    if why in WHYS:
        return desk.t(f"staff_need.why_{why}")
    reason, _, more = why.partition(": ")
    if reason in set(DeclineReason):
        return " · ".join(filter(None, (desk.t(f"staff_need.decline_{reason}"), more)))
    return why


def say_details(desk: Desk, details: Mapping[str, Any], zone: str = DEFAULT_ZONE) -> dict[str, str]:
    """What fills a sentence, in the console's language: names of two languages, moments, kinds and clocks by code."""
    return {name: _say_detail(desk, name, value, zone) for name, value in details.items()}


def _say_detail(desk: Desk, name: str, value: object, zone: str) -> str:
    if isinstance(value, Mapping):
        return str(value.get(desk.language) or value.get("zh", ""))
    if name == "clock":
        return desk.t(f"staff_clocks.clock_{value}")
    if name.endswith("_at"):
        return name_moment(str(value), desk.language, zone, now())
    if name == "name" and not value:
        return desk.t("staff_clocks.nobody")
    return str(value)


def _say_event(desk: Desk, event: Event, zone: str) -> str:
    """The sentence of a line that is no transition; one whose words are gone is said in general."""
    try:
        return desk.t(f"staff_clocks.event_{event.what}", **say_details(desk, event.details or {}, zone))
    except KeyError:
        return desk.t("staff_need.words_gone")


def _say_known(desk: Desk, kind: str, code: str) -> str:
    try:
        return desk.t(f"staff_trouble.{kind}_{code}")
    except KeyError:
        return ""
