"""What is not understood or not allowed: guesses, a person, changing words; a draft that stays. Without Rasa."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any

import pytest
import time_machine
from sqlalchemy import select

from bot.actions.fallback import NO_GUESS
from bot.actions.registry import ACTIONS
from bot.actions.running import Tools, take
from bot.actions.turn import REQUESTED, Turn
from channels.render import render_text
from community.conversations.models import Handover
from community.needs.models import Need
from community.needs.usecases.residents import Report, ReportLimits, report_need
from linli.database import Sessions
from tests.cast import Cast
from tests.dialogue.conftest import WEDNESDAY_AT_TEN

NEAR = (("out_of_scope", 0.4), ("ask_procedure", 0.35), ("ask_contact", 0.2), ("read_notices", 0.1))
FAR = (("out_of_scope", 0.98), ("greet", 0.01))
OUTSIDE = "action_fall_back"


class Person:
    """Says things to single actions; slots are kept from turn to turn."""

    def __init__(self, sessions: Sessions, cast: Cast, limits: ReportLimits) -> None:
        self._tools = Tools(sessions, limits)
        self._cast, self._sessions = cast, sessions
        self._message_id = 100
        self.slots: dict[str, Any] = {}

    async def say(
        self,
        action: str,
        ranking: Sequence[tuple[str, float]],
        *,
        text: str = "那个本子咋弄",
        form: str | None = None,
        **entities: str,
    ) -> Turn:
        """One turn with this understanding."""
        self._message_id += 1
        rows = [{"name": name, "confidence": confidence} for name, confidence in ranking]
        message = {
            "text": text,
            "intent": rows[0],
            "intent_ranking": rows,
            "entities": [{"entity": name, "value": value} for name, value in entities.items()],
            "metadata": {"message_id": str(self._message_id), "files": []},
        }
        tracker = {
            "sender_id": str(self._cast.owner.resident_id),
            "slots": self.slots,
            "latest_message": message,
            "active_loop": {"name": form} if form else {},
        }
        turn = await take(action, ACTIONS[action], self._tools, tracker)
        self.slots = {**self.slots, "failures": 0, "unclear": None, **turn.kept}
        return turn

    async def wishes(self) -> list[str]:
        """The words of each wish for a person."""
        async with self._sessions() as session:
            wanted = select(Handover.words).where(Handover.resident_id == self._cast.owner.resident_id)
            return list(await session.scalars(wanted))


@pytest.fixture
def person(sessions: Sessions, cast: Cast) -> Iterator[Person]:
    """The owner of the cast, who may report once an hour; the office is open."""
    with time_machine.travel(WEDNESDAY_AT_TEN, tick=True):
        yield Person(sessions, cast, ReportLimits(an_hour=1))


def _names(turn: Turn) -> list[str]:
    return [bubble["message"] for bubble in turn.bubbles]


def _text(turn: Turn) -> str:
    bubble = turn.bubbles[0]
    return render_text(bubble["message"], "zh", bubble["values"])


async def test_first_guesses_then_a_person(person: Person) -> None:
    first = await person.say(OUTSIDE, NEAR)
    labels = [button["label"] for button in first.bubbles[0]["buttons"]]
    assert _names(first) == ["unclear_guesses"]
    assert len(labels) == 4
    assert labels[-1] == "button_none_of_these"
    second = await person.say(OUTSIDE, NEAR)
    assert _names(second) == ["unclear_to_person", "person_queued"]
    assert await person.wishes() == [""]


async def test_none_of_the_guesses_brings_a_person(person: Person) -> None:
    await person.say(OUTSIDE, NEAR)
    answer = await person.say("action_choose", [("choose", 1.0)], text="/choose", value=NO_GUESS)
    assert _names(answer) == ["unclear_to_person", "person_queued"]
    assert await person.wishes() == [""]


async def test_what_is_none_of_our_business_calls_nobody(person: Person) -> None:
    turns = [await person.say(OUTSIDE, FAR) for _ in range(6)]
    assert [_names(turn)[0] for turn in turns[1:3]] == ["unclear_menu", "unclear_person"]
    assert all(one != other for one, other in pairwise(map(_text, turns)))
    assert await person.wishes() == []


@pytest.mark.parametrize("between", ["greet", "talk_to_human"])
async def test_a_failure_has_other_words_also_after_something_else(person: Person, between: str) -> None:
    """Also where what is said in between has several wordings itself."""
    texts = []
    for _ in range(4):
        texts.append(_text(await person.say(OUTSIDE, FAR)))
        await person.say(f"action_{between}", [(between, 1.0)])
    assert all(one != other for one, other in pairwise(texts))


async def test_a_limit_keeps_the_draft(person: Person, sessions: Sessions, cast: Cast) -> None:
    async with sessions.begin() as session:
        await report_need(session, cast.owner.resident_id, Report(kind="elevator", words="电梯坏了"))
    sure = [("report_need", 0.95)]
    asked = await person.say("validate_report_form", sure, text="3号楼2单元电梯又坏了", form="report_form")
    draft = person.slots["draft"]
    assert _names(asked)[-1] == "report_read_back"
    refused = await person.say("validate_report_form", [("affirm", 0.9)], text="对", form="report_form")
    assert _names(refused) == ["too_many_reports", "kept_for_later"]
    assert person.slots["draft"] == draft
    assert person.slots[REQUESTED] == "confirm"
    async with sessions() as session:
        wanted = select(Need.words).where(Need.resident_id == cast.owner.resident_id)
        assert list(await session.scalars(wanted)) == ["电梯坏了"]
