"""One-time invitations: a link by which a colleague sets the password, the first one or after it was lost."""

from __future__ import annotations

import secrets
from asyncio import to_thread
from datetime import timedelta
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from community.access.models import Invitation, StaffSession
from community.access.passwords import check_password_rules, hash_password
from community.access.usecases import hash_secret, note_own
from community.clock import now
from community.errors import Refused
from community.parties.models import Staff

INVITATION_LASTS = timedelta(days=2)


async def invite(session: AsyncSession, staff_id: UUID) -> str:
    """A one-time token by which this staff member sets a password; older ones of the same person end."""
    await session.execute(
        delete(Invitation).where(Invitation.staff_id == staff_id, Invitation.used_at.is_(None))
    )
    token = secrets.token_urlsafe(32)
    session.add(
        Invitation(token_hash=hash_secret(token), staff_id=staff_id, ends_at=now() + INVITATION_LASTS)
    )
    await session.flush()
    return token


async def find_invited(session: AsyncSession, token: str) -> Staff | None:
    """Whom an invitation is for; None where it is used or over."""
    invitation = await _find_invitation(session, token)
    return await session.get(Staff, invitation.staff_id) if invitation else None


async def set_first_password(session: AsyncSession, token: str, password: str) -> UUID:
    """Use an invitation: set the password, forget the second factor (a lost phone), end all sessions.

    Gives the staff id. Raises Refused("invitation_over").
    """
    check_password_rules(password)
    invitation = await _find_invitation(session, token, lock=True)
    if invitation is None:
        raise Refused("invitation_over")
    invitation.used_at = now()
    hashed = await to_thread(hash_password, password)
    staff = await session.get_one(Staff, invitation.staff_id)
    staff.password_hash = hashed
    staff.second_factor_key = staff.second_factor_since = staff.second_factor_step = None
    await session.execute(delete(StaffSession).where(StaffSession.staff_id == invitation.staff_id))
    await note_own(session, invitation.staff_id, "password_set")
    return invitation.staff_id


async def _find_invitation(session: AsyncSession, token: str, *, lock: bool = False) -> Invitation | None:
    wanted = (
        select(Invitation)
        .join(Staff, Staff.id == Invitation.staff_id)
        .where(
            Invitation.token_hash == hash_secret(token),
            Invitation.used_at.is_(None),
            Invitation.ends_at > now(),
            Staff.disabled_at.is_(None),
        )
    )
    found: Invitation | None = await session.scalar(wanted.with_for_update(of=Invitation) if lock else wanted)
    return found
