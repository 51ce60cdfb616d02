"""Take the answer to "is it solved?": it closes the need or opens it again; a low score makes a call-back.

Before: asking.py, which asks and reminds.
"""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from community.actors import Actor, ResidentActor
from community.callbacks.choosing import rates_own_work
from community.callbacks.models import CallBackWhy
from community.callbacks.planning import LOW_SCORE, cancel_call_back, plan_call_back
from community.clock import now
from community.errors import NotAllowed, NotFound, Refused, WrongState
from community.needs.models import ENDED, EntryKind, Need, NeedState
from community.needs.terms import keep_terms
from community.needs.usecases.steps import (
    add_entry,
    announce,
    is_added,
    lock_need,
    take_phones,
)
from community.outbox.usecases import withdraw_messages
from community.surveys.asking import purpose_of
from community.surveys.models import FIRST, Survey, SurveyState
from community.surveys.outcome import close_need, reopen_need
from community.surveys.waiting import RATING_STAYS_OPEN, is_unanswered, waits_for_score


async def answer_solved(session: AsyncSession, resident_id: UUID, survey_id: UUID, solved: bool) -> Need:
    """The resident says whether it is solved: yes closes the need, no opens it again with the same party.

    The answer may come before the question does, from somebody who looks at the page of a resolved need. The same
    answer again changes nothing; a different one after that raises WrongState.
    """
    survey, need = await _lock_own(session, resident_id, survey_id)
    if survey.state is SurveyState.ANSWERED and survey.solved is solved:
        return need
    if not is_unanswered(survey, need):
        raise WrongState("survey_is_over")
    await cancel_call_back(session, survey.id)  # somebody was to ask by phone
    await settle(session, survey, need, ResidentActor(resident_id), solved)
    return need


async def settle(session: AsyncSession, survey: Survey, need: Need, actor: Actor, solved: bool) -> None:
    """The answer is there, and the need is closed by it, or open again; the caller has locked both and checked.

    A question that is still queued is not asked any more.
    """
    await withdraw_messages(session, f"need:{need.id}:{purpose_of(survey)}", [survey.resident_id])
    survey.state, survey.solved, survey.answered_at, survey.due_at = SurveyState.ANSWERED, solved, now(), None
    if not solved:
        await reopen_need(session, need, actor, "not_solved")
    elif need.state is NeedState.RESOLVED:
        await close_need(session, need, actor, "solved")
    else:  # it was closed by the first survey already
        await announce(session, need)


async def rate_need(
    session: AsyncSession, resident_id: UUID, survey_id: UUID, score: int, words: str | None = None
) -> Survey:
    """Keep the rating, 1 to 5; it may be corrected for a week. Raises Refused("score_1_to_5").

    A one or two makes a call-back, unless it follows one; a better score takes back one that nobody began.
    """
    survey, need = await _lock_own(session, resident_id, survey_id)
    if not 1 <= score <= 5:
        raise Refused("score_1_to_5")
    _check_open_for_words(survey)
    survey.score = score
    if words is not None:
        survey.words = take_phones(need, words)
        await keep_terms(session, need)
    if score > LOW_SCORE:
        await cancel_call_back(session, survey.id)
    elif survey.turn == FIRST:
        await plan_call_back(session, need, survey, CallBackWhy.LOW_SCORE, now())
    await announce(session, need)
    return survey


async def remark_on_survey(
    session: AsyncSession,
    resident_id: UUID,
    survey_id: UUID,
    words: str,
    *,
    message_id: int | None = None,
    request_id: UUID | None = None,
) -> Need:
    """Keep what the resident says with the answer; after "not solved" the words also go to the party that handles it.

    A repeated `message_id` or `request_id` adds nothing. A phone in the words is one more to be called about this need,
    and does not stay in them.
    """
    survey, need = await _lock_own(session, resident_id, survey_id)
    _check_open_for_words(survey)
    survey.words = take_phones(need, words)
    goes_to_party = survey.solved is False and need.state not in ENDED
    if goes_to_party and not await is_added(session, message_id=message_id, request_id=request_id):
        await add_entry(
            session,
            need,
            EntryKind.ADDITION,
            survey.words,
            actor=ResidentActor(resident_id),
            message_id=message_id,
            request_id=request_id,
        )
    await keep_terms(session, need)
    await announce(session, need)
    return need


async def find_open_survey(session: AsyncSession, resident_id: UUID) -> Survey | None:
    """The resident's newest survey that waits for an answer, or was answered within a week without a score."""
    wanted = (
        select(Survey)
        .where(
            Survey.resident_id == resident_id,
            or_(Survey.state == SurveyState.ASKED, waits_for_score()),
        )
        .order_by(Survey.asked_at.desc())
        .limit(1)
    )
    found: Survey | None = await session.scalar(wanted)
    return found


async def _lock_own(session: AsyncSession, resident_id: UUID, survey_id: UUID) -> tuple[Survey, Need]:
    survey = await session.get(Survey, survey_id, with_for_update=True, populate_existing=True)
    if survey is None or survey.resident_id != resident_id:
        raise NotFound
    need = await lock_need(session, survey.need_id)
    if await rates_own_work(session, resident_id, need):
        raise NotAllowed("rating_own_work")
    return survey, need


def _check_open_for_words(survey: Survey) -> None:
    if survey.answered_at is None or survey.answered_at < now() - RATING_STAYS_OPEN:
        raise WrongState("survey_is_over")
