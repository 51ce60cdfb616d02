"""What an action answered is kept with what it wrote, and only then."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from bot.actions.running import Step, Tools, take
from bot.actions.turn import Turn
from community.clock import now
from community.inbox.answers import find_answer, forget_old_answers, keep_answer
from community.needs.usecases.residents import ReportLimits
from community.residents.models import Language
from community.residents.usecases import choose_language, find_person
from linli.database import Sessions
from tests.cast import Cast

ANSWER = {"bubbles": [{"message": "language_is_english"}]}


async def _run(sessions: Sessions, cast: Cast, language: Language) -> object:
    async with sessions.begin() as session:
        await choose_language(session, cast.owner.resident_id, language)
        return await keep_answer(session, 7, "action_change_language", {"said": language.value})


async def test_an_answer_is_kept_with_what_was_written(sessions: Sessions, cast: Cast) -> None:
    assert await _run(sessions, cast, Language.EN) is None
    with pytest.raises(IntegrityError):
        await _run(sessions, cast, Language.ZH)
    async with sessions.begin() as session:
        assert await keep_answer(session, 7, "action_change_language", {"said": "?"}) == {"said": "en"}
        assert await find_answer(session, 7, "action_change_language") == {"said": "en"}
        assert await find_answer(session, 8, "action_change_language") is None


async def test_where_nothing_was_written_nothing_is_kept(sessions: Sessions, cast: Cast) -> None:
    async with sessions.begin() as session:
        assert await find_person(session, "web", "owner")
        assert await keep_answer(session, 7, "action_greet", ANSWER) is None
    async with sessions() as session:
        assert await find_answer(session, 7, "action_greet") is None


@pytest.mark.parametrize("first_try", [False, True])
async def test_a_run_that_only_reads_answers_as_the_one_that_wrote(
    sessions: Sessions, cast: Cast, *, first_try: bool
) -> None:
    """An action may find its work done when it runs again; where nobody can have run it, nobody is asked."""
    assert await _take(sessions, cast, _choose_english, first_try=True) == ["language_is_english"]
    again = await _take(sessions, cast, _look, first_try=first_try)
    assert again == (["what_else"] if first_try else ["language_is_english"])


async def _choose_english(turn: Turn, session: AsyncSession) -> None:
    await choose_language(session, turn.resident_id, Language.EN)
    turn.say("language_is_english")


async def _look(turn: Turn, session: AsyncSession) -> None:
    assert await find_person(session, "web", "owner")
    turn.say("what_else")


async def _take(sessions: Sessions, cast: Cast, step: Step, *, first_try: bool) -> list[str]:
    """What is answered to message 7 with transactions that begin late, as the action door has them."""
    tracker = {
        "sender_id": str(cast.owner.resident_id),
        "slots": {},
        "latest_message": {
            "text": "English please",
            "intent": {"name": "change_language"},
            "metadata": {"message_id": 7, "first_try": first_try},
        },
    }
    turn = await take("action_change_language", step, Tools(sessions, ReportLimits()), tracker)
    return [bubble["message"] for bubble in turn.bubbles]


async def test_answers_are_forgotten_after_a_day(sessions: Sessions, cast: Cast) -> None:
    await _run(sessions, cast, Language.EN)
    async with sessions.begin() as session:
        assert await forget_old_answers(session, now() + timedelta(hours=23)) == 0
        assert await forget_old_answers(session, now() + timedelta(hours=25)) == 1
