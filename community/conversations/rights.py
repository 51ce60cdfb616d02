"""Who may speak with residents who want a person, and read what is said: staff of the party that was asked."""

from __future__ import annotations

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from community.actors import StaffActor
from community.conversations.models import Handover
from community.needs.known import readable_to
from community.needs.models import Need
from community.needs.rights import may_read
from community.parties.models import Role


def may_speak(actor: StaffActor) -> bool:
    """Everybody but admins, who manage accounts."""
    return actor.role is not Role.ADMIN


async def may_hold(session: AsyncSession, actor: StaffActor, handover: Handover) -> bool:
    """Read, take, write in or give back this conversation while it is open; about a need, for who may read that."""
    if not may_speak(actor) or handover.party_id != actor.party_id or handover.ended_at is not None:
        return False
    if handover.need_id is None:
        return True
    need = await session.get(Need, handover.need_id)
    return need is not None and await may_read(session, actor, need)


def held_by(actor: StaffActor) -> ColumnElement[bool]:
    """The rule of `may_hold` as a condition on open conversations of the actor's party."""
    return or_(Handover.need_id.is_(None), Handover.need_id.in_(select(Need.id).where(readable_to(actor))))
