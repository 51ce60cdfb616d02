"""Accounts, for admins: who works where, a new colleague with a one-time link, a new link, closing an account.

The link is shown once, on the answer to the form, and kept nowhere.
"""

from __future__ import annotations

from uuid import UUID

import structlog
from fastapi import APIRouter
from fastapi.responses import Response
from sqlalchemy.ext.asyncio import AsyncSession

from community.access.invitations import invite
from community.errors import NotAllowed, NotFound, Refused
from community.parties.models import Party, Role, Staff
from community.parties.queries import find_managed_parties, find_managed_staff
from community.parties.usecases import (
    ROLES_OF,
    NewStaff,
    add_staff,
    change_staff,
    disable_staff,
    invite_colleague,
    set_leader,
)
from community.places.queries import find_communities
from linli.text import TextRefused
from web.staff.desk import Changing, Desk, Looking
from web.staff.routes import ConsoleRoute

router = APIRouter(route_class=ConsoleRoute, prefix="/staff/people")
LIST = "/staff/people"
log = structlog.get_logger()


@router.get("")
async def people(desk: Looking) -> Response:
    """All accounts that the admin manages."""
    async with desk.parts.sessions() as session:
        return await _draw(session, desk)


@router.post("")
async def add(desk: Changing) -> Response:
    """A new account; the answer shows the link to set its password."""
    try:
        async with desk.parts.sessions.begin() as session:
            staff = await add_staff(session, desk.actor, await _read_new(session, desk))
            token = await invite(session, staff.id)
    except (Refused, TextRefused) as error:
        async with desk.parts.sessions() as session:
            return await _draw(session, desk, refusal=desk.say(error), status=422)
    log.info("staff_added", staff=str(staff.id), by=str(desk.actor.staff_id))
    async with desk.parts.sessions() as session:
        return await _draw(session, desk, invited=staff, link=_link(desk, token))


@router.post("/{staff_id}/invite")
async def invite_again(desk: Changing, staff_id: UUID) -> Response:
    """A new link, for a forgotten password or one that was never set; older links end."""
    async with desk.parts.sessions.begin() as session:
        token = await invite_colleague(session, desk.actor, staff_id)
        staff = await session.get_one(Staff, staff_id)
    log.info("staff_invited", staff=str(staff_id), by=str(desk.actor.staff_id))
    async with desk.parts.sessions() as session:
        return await _draw(session, desk, invited=staff, link=_link(desk, token))


@router.post("/{staff_id}/lead")
async def lead(desk: Changing, staff_id: UUID) -> Response:
    """Mark who leads the party, or take the mark away."""
    leads = desk.typed.get("leads") == "1"
    async with desk.parts.sessions.begin() as session:
        await set_leader(session, desk.actor, staff_id, leads=leads)
    log.info("staff_leads", staff=str(staff_id), leads=leads, by=str(desk.actor.staff_id))
    return desk.go(LIST)


@router.post("/{staff_id}/change")
async def change(desk: Changing, staff_id: UUID) -> Response:
    """Another party or role: signed out at once, and in again with the rights of the new place."""
    try:
        async with desk.parts.sessions.begin() as session:
            party, role = await _read_place(session, desk)
            await change_staff(session, desk.actor, staff_id, role, party.id)
    except Refused as error:
        if desk.actor.role is not Role.ADMIN or error.message == NotFound.message:
            raise
        async with desk.parts.sessions() as session:
            return await _draw(session, desk, refusal=desk.say(error), refused=staff_id, status=422)
    log.info("staff_changed", staff=str(staff_id), by=str(desk.actor.staff_id))
    return desk.go(LIST)


@router.post("/{staff_id}/close")
async def close(desk: Changing, staff_id: UUID) -> Response:
    """Close the account; whoever is signed in with it is out at once."""
    async with desk.parts.sessions.begin() as session:
        await disable_staff(session, desk.actor, staff_id)
    log.info("staff_closed", staff=str(staff_id), by=str(desk.actor.staff_id))
    return desk.go(LIST)


async def _draw(
    session: AsyncSession,
    desk: Desk,
    *,
    status: int = 200,
    refusal: str = "",
    refused: UUID | None = None,
    invited: Staff | None = None,
    link: str = "",
) -> Response:
    if desk.actor.role is not Role.ADMIN:
        raise NotFound
    return await desk.draw(
        session,
        "people.html",
        status=status,
        people=await find_managed_staff(session, desk.actor),
        parties=await find_managed_parties(session, desk.actor),
        communities={community.id: community.name for community in await find_communities(session)},
        refusal=refusal,
        refused=refused,
        invited=invited,
        link=link,
    )


async def _read_new(session: AsyncSession, desk: Desk) -> NewStaff:
    party, role = await _read_place(session, desk)
    return NewStaff(desk.typed.get("sign_in", 80), desk.typed.words("name")[:80], role, party.id)


async def _read_place(session: AsyncSession, desk: Desk) -> tuple[Party, Role]:
    """The party that was chosen, and the role that goes with it, or admin."""
    if desk.actor.role is not Role.ADMIN:
        raise NotAllowed
    party = await session.get(Party, desk.typed.choice("party_id"))
    if party is None:
        raise NotFound("no_such_party")
    usual = next(role for role in Role if role in ROLES_OF[party.type])
    return party, Role.ADMIN if desk.typed.get("admin") else usual


def _link(desk: Desk, token: str) -> str:
    return f"{desk.parts.settings.address}/staff/invitation/{token}"
