"""Each turn runs twice, as when its answer is lost after an action has written: one effect, and the same answer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from tests.dialogue import test_needs
from tests.dialogue.talk import Talk

pytestmark = pytest.mark.bot

DIALOGUES = test_needs.DIALOGUES | {
    "a report": """
        > 3号楼2单元的电梯坏了两天了
        - report_read_back
        > 对，报上去
        - need_saved
        = needs: elevator routed
        """,
    "the other language": """
        > 说英文
        - language_is_english
        """,
    "a person": """
        > 我要找个人说
        - person_queued
        """,
}


class ForgetfulTalk(Talk):
    """Says everything twice: the answer to the first is lost, and with it the state that came with it."""

    async def post(self, text: str, message_id: str, files: Sequence[str] = ()) -> tuple[int, dict[str, Any]]:
        before = self.state
        first = await super().post(text, message_id, files)
        self.state = before
        second = await super().post(text, message_id, files)
        assert _names(second) == _names(first), f"{text!r} is answered in another way the second time"
        return second


def _names(answer: tuple[int, dict[str, Any]]) -> tuple[int, list[str]]:
    return answer[0], [bubble["message"] for bubble in answer[1].get("messages", ())]


@pytest.mark.parametrize("name", DIALOGUES)
async def test_a_turn_that_runs_again_has_one_effect_and_the_same_answer(talk: Talk, name: str) -> None:
    forgetful = ForgetfulTalk(talk.client, talk.sessions, talk.cast, talk.break_actions)
    await forgetful.play(DIALOGUES[name])
