"""The survey of a need is planned in the transaction that resolves it, so none is forgotten or doubled.

The one after a call-back is planned in the transaction that writes down what came out of it.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from community.errors import NotFound
from community.needs.models import Need
from community.surveys.models import FIRST, Survey, SurveyState


async def plan_survey(session: AsyncSession, need: Need, due_at: datetime, *, turn: int = FIRST) -> None:
    """Plan one survey for this round and turn of the need; a second call changes nothing."""
    if need.lead_party_id is None:
        raise NotFound("no_such_party")
    row = insert(Survey).values(
        need_id=need.id,
        resident_id=need.resident_id,
        party_id=need.lead_party_id,
        round=need.rounds,
        turn=turn,
        state=SurveyState.PLANNED,
        due_at=due_at,
    )
    await session.execute(row.on_conflict_do_nothing(index_elements=["need_id", "round", "turn"]))
