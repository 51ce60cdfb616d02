"""Each need has one lead and one unbroken story; whatever is not over is on its way to somebody."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from community.needs.models import Need, NeedState
from community.parties.models import Party, PartyType
from community.surveys.models import SurveyState
from tests.simulation.rows import Rows

MAY_FOLLOW = {
    None: "reported",
    "reported": "routed",
    "routed": "routed accepted declined withdrawn",
    "declined": "routed",
    "accepted": "in_progress routed resolved withdrawn",
    "in_progress": "routed resolved withdrawn",
    "resolved": "closed reopened",
    "reopened": "accepted routed resolved withdrawn in_progress declined",
    "closed": "reopened",
    "withdrawn": "",
}
NOT_SOLVED = ("not_solved", "call_back")


def check_needs(rows: Rows) -> Iterator[tuple[Need, str]]:
    """What is wrong with the story of any need."""
    for need in rows.needs:
        for wrong in (*_states(rows, need), *_leads(rows, need), *_is_cared_for(rows, need)):
            yield need, wrong


def _states(rows: Rows, need: Need) -> Iterator[str]:
    before = None
    for line in (line for line in rows.history[need.id] if line.event is None):
        if (line.from_state.value if line.from_state else None) != before:
            yield f"{line.to_state.value} came from {line.from_state} and not from {before}"
        if line.to_state.value not in MAY_FOLLOW[before].split():
            yield f"{line.to_state.value} may not follow {before}"
        before = line.to_state.value
    if before != need.state.value:
        yield f"is {need.state.value}, its story ends with {before}"


def _leads(rows: Rows, need: Need) -> Iterator[str]:
    """One party leads at every moment, of the need's community or the street, and each change is one move."""
    lead = rows.parties.get(need.lead_party_id) if need.lead_party_id else None
    if lead is None or lead.community_id not in (None, need.community_id):
        yield "is led by nobody of its community"
        return
    story = [line for line in rows.history[need.id] if line.event is None]
    routed = [line.party_id for line in story if line.to_state is NeedState.ROUTED]
    if routed[-1] != need.lead_party_id:
        yield "is led by another party than it was routed to last"
    if [move.to_party_id for move in rows.moves[need.id]] != routed[1:]:
        yield "has other moves than routes"
    if any(move.from_party_id != one for move, one in zip(rows.moves[need.id], routed, strict=False)):
        yield "moved from a party that did not lead it"
    yield from _handled(rows, need, lead)
    for before, line in pairwise(story):
        if (
            line.to_state is NeedState.REOPENED
            and line.why in NOT_SOLVED
            and line.party_id != before.party_id
        ):
            yield "was opened again with another party"


def _handled(rows: Rows, need: Need, lead: Party) -> Iterator[str]:
    if need.visibility.value == "confidential" and lead.type is not PartyType.SOCIAL_WORK_TEAM:
        yield "is confidential and not with social work"
    if need.assignee_id and not any(row.staff_id == need.assignee_id for row in rows.assignments[need.id]):
        yield "is handled by somebody who was not assigned"


def _is_cared_for(rows: Rows, need: Need) -> Iterator[str]:
    """Resolved needs have a survey on its way or a call-back; the others a clock that runs, or are over."""
    if need.state is NeedState.RESOLVED:
        waits = any(survey.due_at for survey in rows.surveys[need.id])
        if not waits and not any(call.state.value == "open" for call in rows.calls[need.id]):
            yield "is resolved and nobody will ask"
    running = [clock for clock in rows.clocks[need.id] if clock.ended_at is None]
    over = need.state in (NeedState.RESOLVED, NeedState.CLOSED, NeedState.WITHDRAWN)
    if over == bool(running):
        yield "is over and a clock runs" if over else "is open and no clock runs"
    if need.state is NeedState.CLOSED and any(
        survey.state in (SurveyState.PLANNED, SurveyState.ASKED) and survey.turn == 1
        for survey in rows.surveys[need.id]
    ):
        yield "is closed and its survey still waits"
