"""Taking the audit log away as a list: within the same walls, and itself an act that is noted."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncSession

from community.actors import StaffActor
from community.audit.queries import ActFilter, ActLine, find_acts
from community.audit.usecases import note_act

MOST = 20_000
"""The newest so many; for more a shorter time is chosen."""


async def take_acts(session: AsyncSession, actor: StaffActor, wanted: ActFilter) -> Sequence[ActLine]:
    """The acts that fit, the newest first. Raises NotFound for who may not read the log."""
    lines = await find_acts(session, actor, wanted, most=MOST)
    note_act(
        session,
        actor,
        "acts_exported",
        subject_kind="audit",
        subject_id=None,
        community_id=actor.community_id,
        rows=len(lines),
    )
    return lines
