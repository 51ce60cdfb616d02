"""Ask whether a need is solved, remind once, close what nobody answers.

What cannot be asked waits with its reason (holding.py) or is asked by phone. Before: planning.py; next: usecases.py,
which takes the answer.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from community.actors import SYSTEM
from community.callbacks.models import CallBackWhy
from community.callbacks.planning import plan_call_back
from community.needs.models import Need, NeedState
from community.needs.usecases.steps import lock_need, tell_resident
from community.outbox.models import Priority
from community.outbox.usecases import Buttons
from community.residents.models import Resident
from community.residents.reach import Windows, find_reach
from community.surveys.holding import find_reason_to_wait, next_look
from community.surveys.models import FIRST, HeldFor, Survey, SurveyState
from community.surveys.outcome import close_need
from community.surveys.waiting import is_askable


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


def survey_buttons(survey_id: UUID) -> Buttons:
    """The two answers to "is it solved?"."""
    return [
        {"label": "button_solved", "payload": f'/rate_service{{"survey": "{survey_id}", "solved": "yes"}}'},
        {
            "label": "button_not_solved",
            "payload": f'/rate_service{{"survey": "{survey_id}", "solved": "no"}}',
        },
    ]


def purpose_of(survey: Survey) -> str:
    """How the purposes of its messages go on after the need."""
    return f"survey:{survey.round}:" if survey.turn == FIRST else f"survey:{survey.round}:{survey.turn}:"


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
        f"{purpose_of(survey)}{message}",
        buttons=survey_buttons(survey.id),
        priority=Priority.NORMAL,
    )
