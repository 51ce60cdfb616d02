"""Reading what was not understood, in groups, what became of it, and the sentences that were taught."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from community.actors import StaffActor
from community.errors import NotAllowed, NotFound
from community.learning.grouping import Group, make_groups
from community.learning.models import LearnedExample, LearningAct, UnclearMessage
from community.learning.rights import may_learn, within
from community.parties.models import Staff

MOST_GROUPED = 1_000
HISTORY = 30


async def find_groups(session: AsyncSession, actor: StaffActor) -> list[Group]:
    """Groups of the newest thousand messages that nobody has settled. Raises NotFound for who may not learn."""
    if not may_learn(actor):
        raise NotFound
    wanted = (
        select(UnclearMessage)
        .where(UnclearMessage.act_id.is_(None), within(actor, UnclearMessage.community_id))
        .order_by(UnclearMessage.said_on.desc(), UnclearMessage.id)
        .limit(MOST_GROUPED)
    )
    return make_groups((await session.scalars(wanted)).all())


async def get_group(session: AsyncSession, actor: StaffActor, unclear_id: UUID) -> Group:
    """The group that holds this message. Raises NotFound."""
    for group in await find_groups(session, actor):
        if any(message.id == unclear_id for message in group.messages):
            return group
    raise NotFound


async def find_acts(session: AsyncSession, actor: StaffActor) -> Sequence[tuple[LearningAct, str]]:
    """What colleagues did, newest first, with their names."""
    wanted = (
        select(LearningAct, Staff.name)
        .join(Staff, Staff.id == LearningAct.staff_id)
        .where(within(actor, LearningAct.community_id))
        .order_by(LearningAct.at.desc())
        .limit(HISTORY)
    )
    return [(act, name) for act, name in await session.execute(wanted)]


async def find_examples(session: AsyncSession, actor: StaffActor | None = None) -> Sequence[tuple[str, str]]:
    """Intent and words of what was taught, sorted; of the actor's community, all for an operator (None).

    Raises NotAllowed.
    """
    wanted = select(LearnedExample.intent, LearnedExample.words)
    if actor is not None:
        if not may_learn(actor):
            raise NotAllowed
        wanted = wanted.join(LearningAct).where(within(actor, LearningAct.community_id))
    rows = await session.execute(wanted.order_by(LearnedExample.intent, LearnedExample.words))
    return [(intent, words) for intent, words in rows]
