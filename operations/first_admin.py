"""The first admin of a Linli without demo data: an account without a password, and a one-time link to set one."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from community.access.invitations import invite
from community.actors import SYSTEM
from community.parties.models import Role, Staff
from community.parties.usecases import NewStaff, add_staff
from community.places.founding import found_street
from linli.database import Sessions

SIGN_IN = "admin"


async def invite_first_admin(sessions: Sessions) -> str | None:
    """A token for the first admin, a new one at each start; None as soon as anybody of the staff can sign in."""
    async with sessions.begin() as session:
        if await session.scalar(select(Staff.id).where(Staff.password_hash.is_not(None)).limit(1)):
            return None
        admin = await _find_admin(session) or await _add_admin(session)
        return await invite(session, admin.id)


async def _find_admin(session: AsyncSession) -> Staff | None:
    found: Staff | None = await session.scalar(select(Staff).where(Staff.role == Role.ADMIN).limit(1))
    return found


async def _add_admin(session: AsyncSession) -> Staff:
    office = await found_street(session, SYSTEM, "本街道", "Our street")
    return await add_staff(session, SYSTEM, NewStaff(SIGN_IN, "管理员", Role.ADMIN, office.id))
