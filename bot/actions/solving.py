"""The answer to "is it solved?", also when it comes in the middle of something else."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from bot.actions.turn import Turn
from community.needs.kinds import kind_of
from community.needs.usecases.steps import name_party
from community.surveys.usecases import answer_solved


async def take_solved(turn: Turn, session: AsyncSession, survey_id: UUID, solved: bool) -> None:
    """Record the answer and say what it led to."""
    need = await answer_solved(session, turn.resident_id, survey_id, solved)
    turn.say(
        "need_closed" if solved else "need_reopened",
        code=need.code,
        kind=kind_of(need.kind).name,
        party=await name_party(session, need.lead_party_id),
        due=need.first_answer_due_at.isoformat(),
    )
