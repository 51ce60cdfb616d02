"""Accounts from the command line: `linli staff add`, `linli staff invite`, and the one-time link for a password."""

from __future__ import annotations

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from community.access.invitations import invite
from community.actors import SYSTEM
from community.parties.models import Party, PartyType, Role, Staff
from community.parties.usecases import NewStaff, add_staff, invite_colleague
from community.places.models import Community
from linli.database import Sessions
from linli.settings import Settings
from operations.problem import Problem


async def add_with_link(sessions: Sessions, settings: Settings, new: NewStaff) -> str:
    """Add the account and return the link to set its password; the link works once, for two days."""
    async with sessions.begin() as session:
        staff = await add_staff(session, SYSTEM, new)
        return invitation_link(settings, await invite(session, staff.id))


async def invite_again(sessions: Sessions, settings: Settings, sign_in: str) -> str:
    """A new link for who has lost the password, also the only admin; links of before end. Raises Problem."""
    async with sessions.begin() as session:
        known = Staff.sign_in == sign_in.strip().casefold()
        staff_id = await session.scalar(select(Staff.id).where(known, Staff.disabled_at.is_(None)))
        if staff_id is None:
            raise Problem(f"Nobody signs in as {sign_in}.")
        return invitation_link(settings, await invite_colleague(session, SYSTEM, staff_id))


async def get_party(session: AsyncSession, name: str | None, role: Role) -> Party:
    """The party of this name, in Chinese or English, as `community code/name` where two communities share it.

    Without a name it is the street office, for street staff and admins. Raises Problem that lists the choices.
    """
    if name is None:
        wanted = Party.type == PartyType.STREET_OFFICE
    else:
        code, _, party = name.rpartition("/")
        wanted = or_(Party.zh == party, Party.en == party) & ((Community.code == code) if code else True)
    rows = await session.scalars(
        select(Party).outerjoin(Community, Community.id == Party.community_id).where(wanted)
    )
    found = list(rows)
    if len(found) == 1 and (name or role in (Role.STREET, Role.ADMIN)):
        return found[0]
    raise Problem(f"Say the party with --party, one of: {await _choices(session)}.")


def invitation_link(settings: Settings, token: str) -> str:
    """Where a new colleague sets the password."""
    return f"{settings.address}/staff/invitation/{token}"


async def _choices(session: AsyncSession) -> str:
    rows = await session.execute(
        select(Community.code, Party.zh)
        .select_from(Party)
        .outerjoin(Community, Community.id == Party.community_id)
        .order_by(Community.code.nulls_first(), Party.zh)
    )
    return ", ".join(f"{code}/{party}" if code else party for code, party in rows) or "there is no party yet"
