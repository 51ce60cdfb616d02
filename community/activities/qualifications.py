"""What somebody has done or holds, confirmed by staff: a briefing, a licence with its end."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from community.activities.models import Qualification
from community.activities.rights import may_plan
from community.actors import StaffActor
from community.audit.usecases import note_act
from community.clock import now
from community.errors import NotAllowed, NotFound
from community.residents.models import Resident
from linli.text import check_text

LONGEST_CODE = 40


async def confirm_qualification(
    session: AsyncSession, actor: StaffActor, resident_id: UUID, code: str, expires_at: datetime | None = None
) -> None:
    """Staff have seen it; a second time renews it. Raises NotFound for a resident of another community."""
    community_id = await _check_may_confirm(session, actor, resident_id)
    kept = {"confirmed_by": actor.staff_id, "confirmed_at": now(), "expires_at": expires_at}
    row = insert(Qualification).values(
        resident_id=resident_id,
        community_id=community_id,
        code=check_text(code, LONGEST_CODE),
        **kept,
    )
    await session.execute(
        row.on_conflict_do_update(index_elements=["resident_id", "community_id", "code"], set_=kept)
    )
    _note(session, actor, resident_id, "qualification_confirmed")


async def end_qualification(session: AsyncSession, actor: StaffActor, resident_id: UUID, code: str) -> None:
    """It does not hold any more, or was confirmed by mistake. Raises as `confirm_qualification`."""
    community_id = await _check_may_confirm(session, actor, resident_id)
    await session.execute(
        delete(Qualification).where(
            Qualification.resident_id == resident_id,
            Qualification.community_id == community_id,
            Qualification.code == code,
        )
    )
    _note(session, actor, resident_id, "qualification_ended")


async def _check_may_confirm(session: AsyncSession, actor: StaffActor, resident_id: UUID) -> UUID:
    resident = await session.get(Resident, resident_id)
    if resident is None or resident.community_id is None or resident.community_id != actor.community_id:
        raise NotFound
    if not may_plan(actor, resident.community_id):
        raise NotAllowed
    return resident.community_id


def _note(session: AsyncSession, actor: StaffActor, resident_id: UUID, act: str) -> None:
    note_act(
        session,
        actor,
        act,
        subject_kind="resident",
        subject_id=resident_id,
        community_id=actor.community_id,
    )


async def is_qualified(
    session: AsyncSession, resident_id: UUID, community_id: UUID, code: str, at: datetime
) -> bool:
    """Whether it was confirmed in this community and holds at `at`."""
    found = await session.scalar(
        select(Qualification).where(
            Qualification.resident_id == resident_id,
            Qualification.community_id == community_id,
            Qualification.code == code,
        )
    )
    return found is not None and (found.expires_at is None or found.expires_at > at)
