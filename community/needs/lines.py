"""A need in a list: with its party, place and assignee, and nothing of what the reader may not read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Row, Select, select
from sqlalchemy.ext.asyncio import AsyncSession

from community.actors import StaffActor
from community.needs.models import Need, NeedAssignment, Visibility
from community.parties.models import Party, Role, Staff
from community.places.models import Place

PAGE = 30


@dataclass(frozen=True, slots=True)
class NeedLine:
    """A need in a list. `readable` is False where the reader may know that it exists and no more."""

    need: Need
    party: Party | None
    place: Place | None
    assignee: Staff | None
    readable: bool = True


def line_of(row: Row[Need, Party | None, Place | None, Staff | None]) -> NeedLine:
    """A row of `select_lines` as it is; `masked` takes away what the reader may not see."""
    need, party, place, assignee = row
    return NeedLine(need, party, place, assignee)


def select_lines() -> Select[Need, Party | None, Place | None, Staff | None]:
    """Needs with party, place and assignee."""
    return (
        select(Need, Party, Place, Staff)
        .outerjoin(Party, Party.id == Need.lead_party_id)
        .outerjoin(Place, Place.id == Need.place_id)
        .outerjoin(Staff, Staff.id == Need.assignee_id)
    )


async def find_assigned(session: AsyncSession, actor: StaffActor, need_ids: Sequence[UUID]) -> set[UUID]:
    """Those of the needs that a social worker handles, and so may read where they are confidential."""
    if actor.role is not Role.SOCIAL_WORKER:
        return set()
    wanted = select(NeedAssignment.need_id).where(
        NeedAssignment.staff_id == actor.staff_id,
        NeedAssignment.ended_at.is_(None),
        NeedAssignment.need_id.in_(need_ids),
    )
    return set((await session.scalars(wanted)).all())


def masked(line: NeedLine, assigned: bool) -> NeedLine:
    """The line as somebody may see it who is `assigned` to the need or not."""
    if line.need.visibility is not Visibility.CONFIDENTIAL or assigned:
        return line
    return NeedLine(line.need, line.party, None, line.assignee, readable=False)
