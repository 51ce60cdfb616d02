"""What an answer does to the need: it is closed, or opened again with the same party."""

from __future__ import annotations

from sqlalchemy.ext.asyncio import AsyncSession

from community.actors import Actor
from community.alerts.again import ring_again
from community.errors import WrongState
from community.needs.models import Need, NeedState
from community.needs.usecases.routing import leave_ended_party
from community.needs.usecases.steps import move_need


async def close_need(session: AsyncSession, need: Need, actor: Actor, why: str) -> None:
    """The need is over."""
    line = await move_need(session, actor, need, NeedState.CLOSED, why=why)
    need.closed_at = line.at


async def reopen_need(session: AsyncSession, need: Need, actor: Actor, why: str) -> None:
    """A next round of work begins, also where the need was closed. A need that was merged into another stays closed.

    Where the party that led it has ended since, it goes to the one whose turn it is by the list. A crisis rings again.
    """
    if need.merged_into is not None:
        raise WrongState("need_is_over", code=need.code)
    await leave_ended_party(session, need)
    line = await move_need(session, actor, need, NeedState.REOPENED, why=why, opens_closed=True)
    need.rounds += 1
    need.resolved_at = need.closed_at = None
    await ring_again(session, need, line.at)
