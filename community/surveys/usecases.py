"""Ask whether a need is solved, remind once, take the answer; the answer closes the need or opens it again.

What cannot be asked waits with its reason (holding.py) or is asked by phone; a low score makes a call-back.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from community.actors import SYSTEM, Actor, ResidentActor
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
    tell_resident,
)
from community.outbox.models import Priority
from community.outbox.usecases import Buttons, withdraw_messages
from community.residents.models import Resident
from community.residents.reach import Windows, find_reach
from community.surveys.holding import find_reason_to_wait, next_look
from community.surveys.models import FIRST, HeldFor, Survey, SurveyState
from community.surveys.outcome import close_need, reopen_need
from community.surveys.waiting import RATING_STAYS_OPEN, is_askable, is_unanswered, waits_for_score


@dataclass(frozen=True, slots=True)
class SurveyTimes:
    """How long after the question the reminder goes out and the survey closes; how long one waits to be asked.

    `windows` are those of the channels.
    """

    reminder: timedelta = timedelta(hours=48)
    closing: timedelta = timedelta(hours=120)
    patience: timedelta = timedelta(days=14)
    windows: Windows = field(default_factory=dict)


async def find_due_surveys(session: AsyncSession, at: datetime, most: int) -> Sequence[UUID]:
    """At most `most` surveys whose next step is due at `at`, the longest waiting first."""
    wanted = select(Survey.id).where(Survey.due_at <= at).order_by(Survey.due_at).limit(most)
    return (await session.scalars(wanted)).all()


async def take_due_survey(
    session: AsyncSession, at: datetime, times: SurveyTimes, survey_id: UUID | None = None
) -> Survey | None:
    """Do the next step of one survey (or of this one) that is due at `at`; None when there is none.

    Two workers never take the same.
    """
    wanted = select(Survey).where(Survey.due_at <= at).order_by(Survey.due_at).limit(1)
    if survey_id is not None:
        wanted = wanted.where(Survey.id == survey_id)
    survey: Survey | None = await session.scalar(wanted.with_for_update(skip_locked=True))
    if survey is not None:
        need = await lock_need(session, survey.need_id)
        if survey.state is SurveyState.PLANNED:
            await _ask_or_wait(session, survey, need, at, times)
        else:
            await _remind_or_close(session, survey, need, at, times)
    return survey


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
    await withdraw_messages(session, f"need:{need.id}:{_purpose(survey)}", [survey.resident_id])
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


def survey_buttons(survey_id: UUID) -> Buttons:
    """The two answers to "is it solved?"."""
    return [
        {"label": "button_solved", "payload": f'/rate_service{{"survey": "{survey_id}", "solved": "yes"}}'},
        {
            "label": "button_not_solved",
            "payload": f'/rate_service{{"survey": "{survey_id}", "solved": "no"}}',
        },
    ]


async def _ask_or_wait(
    session: AsyncSession, survey: Survey, need: Need, at: datetime, times: SurveyTimes
) -> None:
    if not is_askable(survey, need):
        survey.state, survey.due_at = SurveyState.CANCELLED, None
        return
    why = await find_reason_to_wait(session, survey, at, times.windows)
    if why is None:
        survey.state, survey.asked_at, survey.due_at = SurveyState.ASKED, at, at + times.reminder
        await _tell(session, survey, need, "survey_ask" if survey.turn == FIRST else "survey_ask_again")
    else:
        await _wait(session, survey, need, why, at, times)


async def _wait(
    session: AsyncSession, survey: Survey, need: Need, why: HeldFor, at: datetime, times: SurveyTimes
) -> None:
    """Keep the reason. Who has no channel is asked by phone; who is not reached for long is, or is not asked."""
    survey.held_for, survey.held_since = why, at
    ended = need.resolved_at if survey.turn == FIRST else need.closed_at
    last = (ended or at) + times.patience
    if why is HeldFor.NO_CHANNEL or last <= at:
        await _leave_unasked(session, survey, need, at)
    elif why is HeldFor.ANOTHER_QUESTION:
        survey.due_at = min(last, await next_look(session, survey, at))
    else:
        survey.due_at = last


async def _leave_unasked(session: AsyncSession, survey: Survey, need: Need, at: datetime) -> None:
    """Somebody asks by phone, once; where nobody knows a number the need is closed without an answer."""
    survey.due_at = None
    resident = await session.get_one(Resident, survey.resident_id)
    if survey.turn == FIRST and (need.contact_phones or resident.phone):
        await plan_call_back(session, need, survey, CallBackWhy.NOT_WRITTEN, at)
        return
    survey.state = SurveyState.EXPIRED
    if need.state is NeedState.RESOLVED:
        await close_need(session, need, SYSTEM, "not_asked")


async def _remind_or_close(
    session: AsyncSession, survey: Survey, need: Need, at: datetime, times: SurveyTimes
) -> None:
    closes_at = (survey.asked_at or at) + times.closing
    if survey.reminded_at is None and at < closes_at and is_askable(survey, need):
        survey.due_at = closes_at
        if (await find_reach(session, survey.resident_id, at, times.windows)).may_write:
            survey.reminded_at = at
            await _tell(session, survey, need, "survey_remind")
        return
    survey.state, survey.due_at = SurveyState.EXPIRED, None
    if need.state is NeedState.RESOLVED and is_askable(survey, need):
        await close_need(session, need, SYSTEM, "no_answer")


async def _tell(session: AsyncSession, survey: Survey, need: Need, message: str) -> None:
    await tell_resident(
        session,
        need,
        message,
        f"{_purpose(survey)}{message}",
        buttons=survey_buttons(survey.id),
        priority=Priority.NORMAL,
    )


def _purpose(survey: Survey) -> str:
    """How the purposes of its messages go on after the need."""
    return f"survey:{survey.round}:" if survey.turn == FIRST else f"survey:{survey.round}:{survey.turn}:"


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
