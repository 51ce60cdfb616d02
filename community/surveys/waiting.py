"""Which surveys wait for the resident: not yet answered, or answered with yes and still without stars."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from community.clock import now
from community.needs.models import Need, NeedState
from community.surveys.models import AFTER_CALL_BACK, FIRST, Survey, SurveyState

RATING_STAYS_OPEN = timedelta(days=7)
WAITING = frozenset({SurveyState.PLANNED, SurveyState.ASKED})
ASKED_IN = {FIRST: NeedState.RESOLVED, AFTER_CALL_BACK: NeedState.CLOSED}
"""In which state of the need each turn may be answered."""


def is_askable(survey: Survey, need: Need) -> bool:
    """Whether the need still is where this survey asks about it: no other round, not merged, not moved on."""
    here = need.state is ASKED_IN[survey.turn] and need.merged_into is None
    return here and need.rounds == survey.round


def is_unanswered(survey: Survey, need: Need) -> bool:
    """Whether the resident may say now if the need is solved, asked already or not."""
    return survey.state in WAITING and is_askable(survey, need)


def is_unrated(survey: Survey) -> bool:
    """Whether the resident said within a week that it is solved and gave no stars yet, as `waits_for_score`."""
    since = survey.answered_at
    return (
        survey.solved is True
        and survey.score is None
        and since is not None
        and now() - since < RATING_STAYS_OPEN
    )


def waits_for_score() -> ColumnElement[bool]:
    """The condition on surveys that were answered with yes within a week and have no stars yet."""
    return and_(
        Survey.answered_at > now() - RATING_STAYS_OPEN, Survey.solved.is_(True), Survey.score.is_(None)
    )


async def find_waiting_needs(session: AsyncSession, resident_id: UUID) -> set[UUID]:
    """The resident's needs with a survey that waits for an answer or for stars."""
    askable = or_(*(and_(Survey.turn == turn, Need.state == state) for turn, state in ASKED_IN.items()))
    unanswered = and_(Survey.state.in_(WAITING), Survey.round == Need.rounds, Need.merged_into.is_(None))
    wanted = (
        select(Survey.need_id)
        .join(Need, Need.id == Survey.need_id)
        .where(Survey.resident_id == resident_id, or_(and_(unanswered, askable), waits_for_score()))
    )
    return set((await session.scalars(wanted)).all())
