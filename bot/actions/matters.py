"""Several matters at once: one is reported after the other, and nothing that was told is lost.

Rasa's parse says where one message holds two (bot/components/matters.py); a person may also come up with the second
while the first is under way. It waits in the slot `later` and begins when the first is confirmed or dropped.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from bot.actions.report_draft import Draft
from bot.actions.report_step import ReportStep, add_words
from bot.actions.turn import REQUESTED, NeedGuess, Turn
from community.clock import now

KEPT_FOR = timedelta(days=1)
SURELY = 0.7
ANSWERS = ("affirm", "deny", "choose", "stop_current")
_AND = re.compile(
    r"(?:对了[，,]?)?(?:还有|另外|再就是|顺便)|(?:and |oh )?(?:also|another thing|plus|one more thing)\b",
    re.IGNORECASE,
)
_ALL = re.compile(
    r"都(?:不|算|别|取消)|全(?:都)?(?:不|算|取消)|两(?:个|件)都|\b(?:both|all|everything|either)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Matter:
    """What waits to be reported."""

    words: str
    need: NeedGuess

    @classmethod
    def read(cls, told: Mapping[str, Any]) -> Matter:
        """As the parse and the slot have it."""
        return cls(told["words"], NeedGuess.read(told["need"]))

    def as_json(self) -> dict[str, Any]:
        """As the slot keeps it."""
        return {"words": self.words, "need": self.need.as_json()}


def take_in(step: ReportStep, words: str, need: NeedGuess) -> None:
    """Put what the person tells into the draft: all of it, or the first of several matters while the others wait."""
    matters = [Matter.read(told) for told in step.turn.matters]
    if len(matters) < 2:
        add_words(step, words, need)
        return
    step.turn.say("several_matters", count=len(matters), words=matters[0].words)
    add_words(step, matters[0].words, matters[0].need)
    _keep(step.turn, [*matters[1:], *_waiting(step.turn)])


def is_another_matter(step: ReportStep) -> bool:
    """Whether the message surely tells of something else than the report under way."""
    turn, draft = step.turn, step.draft
    if not draft.words or not turn.need.sure or turn.need.kind == draft.kind_code:
        return False
    if _AND.match(turn.text):
        return not turn.is_clearly_aside and turn.intent not in ANSWERS
    is_sure = min(turn.confidence, turn.need.confidence) >= SURELY and draft.kind_code != "other"
    return turn.intent == "report_need" and is_sure


def keep_for_afterwards(turn: Turn, words: str, need: NeedGuess) -> None:
    """Keep a matter that begins when the report now told is over."""
    _keep(turn, [*_waiting(turn), Matter(words, need)])


def put_off(step: ReportStep) -> None:
    """Keep this message as a matter of its own for afterwards, and say so."""
    keep_for_afterwards(step.turn, step.turn.text, step.turn.need)
    step.turn.say("matter_waits")


def forget_if_all_is_meant(turn: Turn) -> None:
    """Whoever drops everything drops what waits as well."""
    if _ALL.search(turn.text):
        turn.keep(later=None)


def begin_next(step: ReportStep) -> None:
    """The report is over: begin with the matter that waits, if any does."""
    turn, waiting = step.turn, _waiting(step.turn)
    if not waiting:
        return
    _keep(turn, waiting[1:])
    turn.say("next_matter", words=waiting[0].words)
    step.place_before = step.draft.place
    step.draft = Draft(id=f"{turn.message_id}-{len(waiting)}")
    add_words(step, waiting[0].words, waiting[0].need)
    del turn.kept[REQUESTED]


def _keep(turn: Turn, matters: Sequence[Matter]) -> None:
    rows = [matter.as_json() for matter in matters]
    turn.keep(later={"at": now().isoformat(), "matters": rows} if rows else None)


def _waiting(turn: Turn) -> list[Matter]:
    """What waits; after a day it is forgotten."""
    later = turn.slot("later")
    if not isinstance(later, dict) or now() - datetime.fromisoformat(later["at"]) > KEPT_FOR:
        return []
    return [Matter.read(told) for told in later["matters"]]
