"""One step of a report as its functions share it, and what more than one of them does with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from bot.actions.report_draft import Draft
from bot.actions.report_facts import note_facts, read_facts, says_only_facts
from bot.actions.turn import NeedGuess, Turn
from community.places.tree import PlaceTree
from community.places.trees import get_tree
from community.residents.queries import Profile


@dataclass(slots=True)
class ReportStep:
    """One step of a report: the turn, its transaction, what is collected so far, and whose report it is.

    `place_before` is where the matter was that ended in this step: the next one may well be there too.
    """

    turn: Turn
    session: AsyncSession
    draft: Draft
    profile: Profile
    place_before: Mapping[str, Any] | None = None

    async def tree(self) -> PlaceTree:
        """The places of the person's community; none while that is unknown."""
        community = self.profile.community
        return await get_tree(self.session, community.id) if community else PlaceTree([])


def add_words(step: ReportStep, words: str, need: NeedGuess) -> None:
    """Put words into the draft, with the facts in them."""
    step.draft.add_words(words, need)
    note_facts(step.draft, read_facts(words, step.profile))


def tells_facts(step: ReportStep) -> bool:
    """Whether the message only tells when, how many or a phone ("since last night"), whatever it sounds like."""
    text = step.turn.text
    return bool(text) and says_only_facts(text, read_facts(text, step.profile))


def drop(step: ReportStep) -> None:
    """Nothing is saved; somebody in distress is not left without a number."""
    step.turn.end()
    step.turn.say("report_dropped_private" if step.draft.is_confidential else "report_dropped")
