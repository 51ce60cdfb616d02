"""Notes a message that was not understood: only where nothing private is near, masked, and without the person."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy import delete, exists, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from community.base import count_changed
from community.clock import now
from community.conversations.models import Handover
from community.conversations.queries import CONFIDING, CONFIDING_SKILLS
from community.learning.masking import fold, mask
from community.learning.models import UnclearMessage
from community.needs.models import PAST, Need, Urgency, Visibility
from community.outbox.models import OutboxMessage
from community.residents.usecases import get_resident

KEPT_FOR = timedelta(days=90)
CONFIDED_FOR = timedelta(days=1)
"""So long after something confidential was said in a conversation nothing of it is noted."""
QUIET_FOR = timedelta(days=30)
"""So long after a confidential need or a crisis was last touched nothing is noted, though it is over."""
LONGEST = 300


@dataclass(frozen=True, slots=True)
class Unclear:
    """What was said, its vector, and what was offered as a guess."""

    words: str
    vector: bytes | None = None
    guesses: Sequence[str] = ()


async def note_unclear(session: AsyncSession, resident_id: UUID, said: Unclear) -> UUID | None:
    """Keep it for staff; None where it is not kept.

    Nothing is kept of somebody who has a confidential need or a crisis that is open or changed within 30 days, who
    confided something within a day, or with whom staff speak; nor anything longer than a question is. Words that had to
    be masked are measured anew.
    """
    if len(said.words) > LONGEST or await _is_private(session, resident_id):
        return None
    masked = mask(said.words)
    row = UnclearMessage(
        id=uuid4(),
        community_id=(await get_resident(session, resident_id)).community_id,
        said_on=now().date(),
        words=masked,
        vector=said.vector if masked == fold(said.words) else None,
        guesses=list(said.guesses),
    )
    session.add(row)
    await session.flush()
    return row.id


async def note_picked(session: AsyncSession, unclear_id: UUID, intent: str) -> None:
    """What the person wanted, as was seen right after."""
    own = update(UnclearMessage).where(UnclearMessage.id == unclear_id, UnclearMessage.picked.is_(None))
    await session.execute(own.values(picked=intent[:40]))


async def find_unmeasured(session: AsyncSession, most: int) -> Sequence[tuple[UUID, str]]:
    """Words that have no vector."""
    wanted = select(UnclearMessage.id, UnclearMessage.words).where(UnclearMessage.vector.is_(None))
    return [(unclear_id, words) for unclear_id, words in await session.execute(wanted.limit(most))]


async def keep_vectors(session: AsyncSession, vectors: Mapping[UUID, bytes]) -> int:
    """Put the bot's vectors beside the words; gives how many."""
    kept = 0
    for unclear_id, vector in vectors.items():
        changed = update(UnclearMessage).where(UnclearMessage.id == unclear_id).values(vector=vector)
        kept += count_changed(await session.execute(changed))
    return kept


async def forget_old_unclear(session: AsyncSession, at: datetime) -> int:
    """Delete what is older than 90 days, whatever became of it; gives how many."""
    old = delete(UnclearMessage).where(UnclearMessage.said_on < (at - KEPT_FOR).date())
    return count_changed(await session.execute(old))


async def _is_private(session: AsyncSession, resident_id: UUID) -> bool:
    """Whether anything confidential, a crisis, or a colleague is in this person's conversation."""
    grave = or_(Need.visibility == Visibility.CONFIDENTIAL, Need.urgency == Urgency.CRISIS)
    near = or_(Need.state.not_in(PAST), Need.changed_at > now() - QUIET_FOR)
    need = exists().where(Need.resident_id == resident_id, grave, near)
    confided = exists().where(
        OutboxMessage.resident_id == resident_id,
        or_(
            OutboxMessage.message.in_(CONFIDING),
            *(OutboxMessage.message.startswith(skill, autoescape=True) for skill in CONFIDING_SKILLS),
        ),
        OutboxMessage.created_at > now() - CONFIDED_FOR,
    )
    taken = exists().where(
        Handover.resident_id == resident_id, Handover.taken_at.is_not(None), Handover.ended_at.is_(None)
    )
    return bool(await session.scalar(select(or_(need, confided, taken))))
