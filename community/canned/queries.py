"""Reading canned answers: what a party is offered, and what its keepers see."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, select, true
from sqlalchemy.ext.asyncio import AsyncSession

from community.actors import StaffActor
from community.canned.models import CannedAnswer
from community.canned.rights import may_keep, may_use
from community.errors import NotFound
from community.parties.models import Party, Role


async def find_offered(session: AsyncSession, actor: StaffActor) -> Sequence[CannedAnswer]:
    """Those of the actor's own party, the most used first."""
    wanted = select(CannedAnswer).where(
        CannedAnswer.party_id == actor.party_id, CannedAnswer.retired_at.is_(None)
    )
    return (await session.scalars(wanted.order_by(*_ORDER))).all()


async def get_kept(
    session: AsyncSession, actor: StaffActor, party_id: UUID | None = None
) -> tuple[Party, Sequence[CannedAnswer], bool]:
    """A party (by default the actor's own) with all its canned answers, and whether the actor may change them.

    Raises NotFound where the actor neither works for the party nor keeps its canned answers.
    """
    party = await session.get(Party, party_id or actor.party_id)
    if party is None:
        raise NotFound
    keeps = await may_keep(session, actor, party)
    if not keeps and not may_use(actor, party):
        raise NotFound
    wanted = select(CannedAnswer).where(CannedAnswer.party_id == party.id)
    rows = await session.scalars(wanted.order_by(CannedAnswer.retired_at.is_not(None), *_ORDER))
    return party, rows.all(), keeps


async def find_kept_parties(session: AsyncSession, actor: StaffActor) -> Sequence[Party]:
    """The parties whose canned answers the actor may open."""
    wanted = select(Party).where(Party.street_id == actor.street_id, _opened_by(actor))
    return (await session.scalars(wanted.order_by(Party.community_id, Party.type, Party.created_at))).all()


def _opened_by(actor: StaffActor) -> ColumnElement[bool]:
    """The rules of rights.py as a condition."""
    if actor.role is Role.ADMIN:
        return true() if actor.community_id is None else Party.community_id == actor.community_id
    if actor.role is Role.COMMITTEE:
        return Party.community_id == actor.community_id
    return Party.id == actor.party_id


_ORDER = (CannedAnswer.fits, CannedAnswer.used.desc(), CannedAnswer.created_at, CannedAnswer.title_zh)
