"""Before a report is read back: a neighbour's open need like it is offered, so that the person may follow that one.

Once a report, never for what is urgent or confidential; who says no goes on as if nothing had been asked.
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from uuid import UUID

from bot.actions.buttons import choice
from bot.actions.report_step import ReportStep
from community.clock import now
from community.duplicates.finding import Sought, find_likely
from community.duplicates.usecases import follow_need
from community.errors import Refused
from community.needs.board import coarse
from community.needs.kinds import kind_of
from community.needs.models import Urgency, Visibility

FOLLOW, OWN = "follow", "own"


def keep_meaning(step: ReportStep) -> None:
    """Remember the vector of the first words that tell the matter, where they tell one matter only."""
    draft, vector = step.draft, step.turn.vector
    if draft.meaning is None and vector is not None and len(step.turn.matters) < 2:
        draft.meaning = b64encode(vector).decode()


async def offer_duplicate(step: ReportStep) -> bool:
    """Offer the likest open need nearby, once; False where there is none, and the report goes on."""
    draft, community = step.draft, step.profile.community
    open_to_all = draft.visibility is Visibility.PUBLIC and draft.urgency is Urgency.NORMAL
    if draft.offered or community is None or not open_to_all:
        return False
    place = (draft.place or {}).get("id")
    sought = Sought(
        community_id=community.id,
        kind=draft.kind_code,
        words=draft.words,
        place_id=UUID(place) if place else draft.building,
        vector=b64decode(draft.meaning) if draft.meaning else None,
        resident_id=step.turn.resident_id,
    )
    found = await find_likely(step.session, sought, now())
    if not found:
        return False
    likely = found[0]
    draft.offered = str(likely.need.id)
    step.turn.ask(
        "duplicate",
        "report_like_another",
        choice("button_follow_this", FOLLOW),
        choice("button_report_own", OWN),
        kind=kind_of(likely.need.kind).name,
        place=await coarse(step.session, likely.place),
        party=likely.party.name if likely.party is not None else None,
        since=likely.need.created_at.isoformat(),
    )
    return True


async def take_duplicate(step: ReportStep) -> bool:
    """The same: follow it, nothing is reported. Another matter, or more words: the report goes on."""
    turn, draft = step.turn, step.draft
    told = turn.entities.get("value")
    if draft.offered and (told == FOLLOW or (told is None and turn.intent == "affirm")):
        return await _follow(step, UUID(draft.offered))
    return told == OWN or turn.intent == "deny"


async def _follow(step: ReportStep, need_id: UUID) -> bool:
    """Follow it; where it is over meanwhile, the report goes on."""
    try:
        need = await follow_need(step.session, step.turn.resident_id, need_id)
    except Refused:
        return True
    step.turn.end()
    step.turn.say("need_followed", kind=kind_of(need.kind).name)
    return True
