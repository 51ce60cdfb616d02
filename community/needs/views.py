"""The log of views of confidential needs: written by whatever shows one, read by the person whose need it is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import exists, select
from sqlalchemy.ext.asyncio import AsyncSession

from community.actors import StaffActor
from community.clock import now
from community.errors import NotFound
from community.needs.models import Need, NeedView, Visibility
from community.parties.models import Party, Staff

SAME_VIEW = timedelta(minutes=1)
MOST = 30


@dataclass(frozen=True, slots=True)
class Look:
    """One look at a need: who, of which party, when, and at what (page, photo, shared, alert)."""

    at: datetime
    name: str
    party: Mapping[str, str]
    what: str


async def log_view(
    session: AsyncSession, actor: StaffActor, need_id: UUID, what: str, *, allowed: bool
) -> None:
    """One line a minute, reader and thing: a page that refreshes itself is the same view."""
    moment = now()
    lately = exists().where(
        NeedView.need_id == need_id,
        NeedView.staff_id == actor.staff_id,
        NeedView.what == what,
        NeedView.allowed == allowed,
        NeedView.at > moment - SAME_VIEW,
    )
    if not await session.scalar(select(lately)):
        session.add(NeedView(need_id=need_id, staff_id=actor.staff_id, at=moment, what=what, allowed=allowed))


async def find_looks(
    session: AsyncSession, resident_id: UUID, need_id: UUID, most: int = MOST
) -> Sequence[Look]:
    """Who looked at one's own need, the newest first. Of what is not confidential nothing is logged.

    Raises NotFound, also where the need is somebody else's.
    """
    need = await session.get(Need, need_id)
    if need is None or need.resident_id != resident_id:
        raise NotFound
    return await _find(session, resident_id, most, need_id)


async def find_all_looks(session: AsyncSession, resident_id: UUID, most: int = MOST) -> Sequence[Look]:
    """Who looked at any of one's own confidential needs, the newest first."""
    return await _find(session, resident_id, most, None)


async def has_confided(session: AsyncSession, resident_id: UUID) -> bool:
    """Whether the resident has a confidential need at all."""
    wanted = exists().where(Need.resident_id == resident_id, Need.visibility == Visibility.CONFIDENTIAL)
    return bool(await session.scalar(select(wanted)))


async def _find(session: AsyncSession, resident_id: UUID, most: int, need_id: UUID | None) -> Sequence[Look]:
    wanted = (
        select(NeedView.at, Staff.name, Party, NeedView.what)
        .join(Need, Need.id == NeedView.need_id)
        .join(Staff, Staff.id == NeedView.staff_id)
        .join(Party, Party.id == Staff.party_id)
        .where(Need.resident_id == resident_id, NeedView.allowed)
        .order_by(NeedView.id.desc())
        .limit(most)
    )
    if need_id is not None:
        wanted = wanted.where(NeedView.need_id == need_id)
    rows = await session.execute(wanted)
    return [Look(at, name, party.name, what) for at, name, party, what in rows]
