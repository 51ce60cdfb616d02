"""An action runs once for a message: what it answered is kept in the transaction of what it wrote.

Rasa may die after that and before it has kept the turn, so the message runs again: then this answer is given, and
nothing of the second run stays.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, delete, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from community.base import count_changed
from community.inbox.models import ActionAnswer

KEPT_FOR = timedelta(days=1)

# A transaction that has written nothing has no number yet, and its answer need not be kept. Its commit does not wait
# for the disk: that of the turn's answer, which comes later in the same log, takes it along, and where the server dies
# before, the message is still waiting and runs again.
_KEEP = (
    text(
        """
        WITH kept AS (
            INSERT INTO action_answers (message_id, action, answer)
            SELECT :message_id, :action, :answer
            WHERE pg_current_xact_id_if_assigned() IS NOT NULL
        )
        SELECT set_config('synchronous_commit', 'off', true), (
            SELECT answer FROM action_answers WHERE message_id = :message_id AND action = :action
        ) AS answer
        """
    )
    .bindparams(bindparam("answer", type_=ActionAnswer.answer.type))
    .columns(answer=ActionAnswer.answer.type)
)


async def keep_answer(
    session: AsyncSession, message_id: int, action: str, answer: Mapping[str, Any]
) -> Mapping[str, Any] | None:
    """Keep the answer where this transaction has written anything; gives the one kept by an earlier run, if any.

    Raises IntegrityError where an earlier run has kept one and this run has written as well: its writes must go.
    """
    await session.flush()
    values = {"message_id": message_id, "action": action, "answer": dict(answer)}
    earlier: Mapping[str, Any] | None = (await session.execute(_KEEP, values)).one().answer
    return earlier


async def find_answer(session: AsyncSession, message_id: int, action: str) -> Mapping[str, Any] | None:
    """What an earlier run of this action answered to this message."""
    wanted = select(ActionAnswer.answer).where(
        ActionAnswer.message_id == message_id, ActionAnswer.action == action
    )
    found: Mapping[str, Any] | None = await session.scalar(wanted)
    return found


async def forget_old_answers(session: AsyncSession, at: datetime) -> int:
    """Delete answers that nobody will ask for again; gives how many."""
    return count_changed(await session.execute(delete(ActionAnswer).where(ActionAnswer.at < at - KEPT_FOR)))
