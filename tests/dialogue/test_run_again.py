"""Each turn runs twice, as when Rasa dies after an action has stored what it did: one effect, and the same answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import psycopg
import pytest

from operations.embedded_postgres import EmbeddedPostgres
from tests.dialogue import test_needs
from tests.dialogue.conftest import TRACKERS
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


@dataclass
class ForgetfulTalk(Talk):
    """Says everything twice: the second time Rasa has forgotten the first."""

    trackers: str = ""

    async def post(self, text: str, message_id: str, files: Sequence[str] = ()) -> tuple[int, dict[str, Any]]:
        before = self._kept()
        first = await super().post(text, message_id, files)
        self._forget(before)
        second = await super().post(text, message_id, files)
        assert _names(second) == _names(first), f"{text!r} is answered in another way the second time"
        return second

    def _kept(self) -> tuple[Any, ...] | None:
        with psycopg.connect(self.trackers) as connection:
            wanted = "SELECT state::text, updated_at FROM bot_trackers WHERE sender_id = %s"
            return connection.execute(wanted, [str(self.resident_id)]).fetchone()

    def _forget(self, before: tuple[Any, ...] | None) -> None:
        with psycopg.connect(self.trackers) as connection:
            connection.execute("DELETE FROM bot_trackers WHERE sender_id = %s", [str(self.resident_id)])
            if before:
                row = "INSERT INTO bot_trackers (sender_id, state, updated_at) VALUES (%s, %s, %s)"
                connection.execute(row, [str(self.resident_id), *before])


def _names(answer: tuple[int, dict[str, Any]]) -> tuple[int, list[str]]:
    return answer[0], [bubble["message"] for bubble in answer[1].get("messages", ())]


@pytest.mark.parametrize("name", DIALOGUES)
async def test_a_turn_that_runs_again_has_one_effect_and_the_same_answer(
    talk: Talk, postgres: EmbeddedPostgres, name: str
) -> None:
    forgetful = ForgetfulTalk(talk.client, talk.sessions, talk.cast, talk.break_actions)
    forgetful.trackers = postgres.url(TRACKERS)
    await forgetful.play(DIALOGUES[name])
