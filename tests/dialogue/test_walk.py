"""A random walk through the web chat: never stuck, never silent, never a need without a yes, never two for one yes.

It is the same walk every time; `WALK=123 pytest tests/dialogue/test_walk.py -s` goes another way, `TURNS` makes it
longer or shorter.
"""

from __future__ import annotations

import os
import time
from collections.abc import Sequence
from datetime import timedelta

import pytest
from sqlalchemy import select

from community.needs.models import Need, Urgency
from tests.dialogue.chat import Chat, Heard
from tests.dialogue.walking import Step, Walker

pytestmark = pytest.mark.bot

TURNS = int(os.environ.get("TURNS", "500"))
SLOWEST = 10.0
FAILURES = frozenset(
    {
        "answer_unclear",
        "report_unclear",
        "unclear",
        "unclear_guesses",
        "unclear_in_between",
        "unclear_menu",
        "unclear_person",
        "which_unclear",
    }
)
READ_BACK = frozenset({"report_read_back", "report_read_back_private", "passing_read_back"})
CARE = frozenset({"care_ask_phone", "care_ask_question", "care_ask_way", "care_offer", "care_offer_again"})
ASKED_BEFORE_STORING = READ_BACK | CARE | {"kept_for_later", "report_ask_community", "report_send_photo"}


async def test_a_random_walk(chat: Chat) -> None:
    seed = int(os.environ.get("WALK", "20260304"))
    walk = Walk(chat, seed)
    await chat.open()
    started = time.perf_counter()
    try:
        for _ in range(TURNS):
            await walk.turn()
    except AssertionError as error:
        raise AssertionError(f"WALK={seed}: {error}\n" + "\n".join(chat.transcript[-40:])) from None
    took = time.perf_counter() - started
    print(f"\nwalk {seed}: {TURNS} turns in {took:.0f} s, {walk.needs} needs, slowest {walk.slowest:.2f} s")  # noqa: T201
    await walk.check_that_it_can_be_left()


class Walk:
    """One walk with what must hold in each turn."""

    def __init__(self, chat: Chat, seed: int) -> None:
        self._chat, self._walker = chat, Walker(seed)
        self._heard: Sequence[Heard] = ()
        self._failure = ""
        self.needs, self.slowest = 0, 0.0

    async def turn(self) -> None:
        """Do something, listen, check."""
        buttons = [button for bubble in self._heard for button in bubble.buttons]
        step = self._walker.choose(buttons)
        before, began = self._heard, time.perf_counter()
        if not await self._do(step):
            return
        self.slowest = max(self.slowest, time.perf_counter() - began)
        assert self._heard, f"silent after {step!r:.80}"
        assert all(bubble.text for bubble in self._heard), f"an empty bubble after {step!r:.80}"
        self._check_failures()
        await self._check_needs(before)

    async def check_that_it_can_be_left(self) -> None:
        """Whatever was under way is left with a few words, and then a new report is made as if nothing had been."""
        for words in ("我没事了，都好了", "算了", "都不报了", "算了"):
            await self._chat.say(words)
        heard = await self._chat.say("3号楼2单元的电梯坏了")
        assert heard[-1].message == "report_read_back", [bubble.message for bubble in heard]

    async def _do(self, step: Step) -> bool:
        kind, what = step
        if kind == "pause":
            self._chat.pass_time(timedelta(hours=what))
            return False
        if kind == "press":
            press = {"message": what["message"], "index": what["index"]}
            self._heard = await self._chat.send({"button": press}, f"[{what['label']}]")
        elif kind == "photo":
            self._heard = await self._chat.say(f"(photo) {what}")
        else:
            self._heard = await self._chat.send({"text": what}, what)
        return True

    def _check_failures(self) -> None:
        failed = [bubble.text for bubble in self._heard if bubble.message in FAILURES]
        for text in failed:
            assert text != self._failure, f"the same failure twice running: {text}"
            self._failure = text

    async def _check_needs(self, before: Sequence[Heard]) -> None:
        """At most one more in a turn, and only after a question whether to; danger is stored at once."""
        async with self._chat.sessions() as session:
            wanted = select(Need).where(Need.resident_id == self._chat.resident_id).order_by(Need.created_at)
            needs = (await session.scalars(wanted)).all()
        fresh = needs[self.needs :]
        self.needs = len(needs)
        assert len(fresh) <= 1, "two needs in one turn"
        if fresh and fresh[0].urgency is not Urgency.CRISIS:
            asked = {bubble.message for bubble in before}
            assert asked & ASKED_BEFORE_STORING, f"a need without a confirmation, after {asked}"
