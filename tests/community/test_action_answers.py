"""What an action answered is kept with what it wrote, and only then."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from community.clock import now
from community.inbox.answers import find_answer, forget_old_answers, keep_answer
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


async def test_answers_are_forgotten_after_a_day(sessions: Sessions, cast: Cast) -> None:
    await _run(sessions, cast, Language.EN)
    async with sessions.begin() as session:
        assert await forget_old_answers(session, now() + timedelta(hours=23)) == 0
        assert await forget_old_answers(session, now() + timedelta(hours=25)) == 1
