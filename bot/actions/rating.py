"""After a need is resolved: is it solved, one to five, a remark. "No" opens it again with the same party."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from bot.actions.asides import answered_aside, leads_elsewhere, leaves_off
from bot.actions.bare_answers import answered_question
from bot.actions.buttons import choice, menu
from bot.actions.rating_words import read_score, read_solved
from bot.actions.solving import take_solved
from bot.actions.turn import Turn
from bot.actions.unclear import say_unclear
from community.callbacks.planning import LOW_SCORE
from community.surveys.asking import survey_buttons
from community.surveys.models import FIRST, SurveyState
from community.surveys.usecases import find_open_survey, rate_need, remark_on_survey

SKIP = "skip"


async def rate(turn: Turn, session: AsyncSession) -> None:
    """One step of an answer to a survey."""
    if turn.asked is None:
        await _begin(turn, session)
    elif leaves_off(turn):
        turn.end()
        turn.say("rating_thanks")
    elif turn.asked in ("remark", "what_is_wrong"):
        await _take_remark(turn, session)
    elif turn.asked == "score":
        await _take_score(turn, session)
    else:
        await _take_solved(turn, session)


async def _begin(turn: Turn, session: AsyncSession) -> None:
    survey = await find_open_survey(session, turn.resident_id)
    told = turn.entities.get("survey")
    if told is None and "draft" not in turn.entities and await answered_question(turn, session):
        return
    if told is not None:
        turn.keep(survey=told)
        await _take_solved(turn, session)
    elif "draft" in turn.entities:
        turn.end()
        turn.say("question_is_over", *menu())
    elif survey is None:
        turn.end()
        turn.say("rating_nothing_open" if turn.intent == "rate_service" else "what_else", *menu())
    else:
        turn.keep(survey=str(survey.id))
        await (_take_score if survey.state is SurveyState.ANSWERED else _take_solved)(turn, session)


def _survey(turn: Turn) -> UUID:
    return UUID(str(turn.slot("survey")))


async def _take_solved(turn: Turn, session: AsyncSession) -> None:
    solved = read_solved(turn)
    if solved is not None:
        await take_solved(turn, session, _survey(turn), solved)
        if solved:
            await _ask_score(turn, session)
        else:
            turn.ask("what_is_wrong", "rating_ask_what_is_wrong")
        return
    if turn.asked and leads_elsewhere(turn, "rating_form"):
        return
    if turn.asked and not await answered_aside(turn, session):
        say_unclear(turn, "answer_unclear")
    turn.ask("solved", "rating_ask_solved")
    turn.bubbles[-1]["buttons"] = [dict(button) for button in survey_buttons(_survey(turn))]


async def _ask_score(turn: Turn, session: AsyncSession) -> None:
    """The score may have come with the answer."""
    if turn.text and read_score(turn.text) is not None:
        await _take_score(turn, session)
        return
    turn.ask("score", "rating_ask_score")


async def _take_score(turn: Turn, session: AsyncSession) -> None:
    score = read_score(turn.text)
    if score is not None:
        survey = await rate_need(session, turn.resident_id, _survey(turn), score)
        called = score <= LOW_SCORE and survey.turn == FIRST
        question = ("what_is_wrong", "rating_ask_what_was_bad") if called else ("remark", "rating_ask_remark")
        turn.ask(*question, choice("button_no_remark", SKIP), score=score)
    elif turn.asked == "score" and leads_elsewhere(turn, "rating_form"):
        return
    elif turn.asked == "score" and not await answered_aside(turn, session) and turn.failures:
        turn.end()
        turn.say("rating_thanks")
    else:
        if turn.asked == "score":
            turn.count_failure()
        turn.ask("score", "rating_ask_score")


async def _take_remark(turn: Turn, session: AsyncSession) -> None:
    """Whatever is said is the remark, except a question; what is wrong may well sound like a report of its own."""
    done = turn.entities.get("value") == SKIP or turn.intent in ("deny", "thank") or not turn.text
    if turn.asked == "remark" and not done and leads_elsewhere(turn, "rating_form"):
        return
    if not done and not await answered_aside(turn, session):
        await remark_on_survey(
            session, turn.resident_id, _survey(turn), turn.text, message_id=turn.message_id
        )
    turn.end()
    turn.say("rating_thanks")
