"""Staff accounts: a colleague is added and sets the password by a one-time link; leavers are disabled."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from community.access.invitations import invite
from community.access.models import StaffSession
from community.actors import SYSTEM, Actor, StaffActor
from community.audit.usecases import note_act
from community.callbacks.planning import leave_call_backs
from community.clock import now
from community.conversations.usecases import leave_talks
from community.errors import NotAllowed, NotFound, Refused
from community.needs.models import UNENDED, Need, NeedAssignment
from community.parties.models import Party, PartyType, Role, Staff
from community.residents.models import Language
from community.roster.usecases import leave_roster
from community.staff_reach.linking import end_links, withdraw_from_staff

ROLES_OF: dict[PartyType, frozenset[Role]] = {
    PartyType.COMMITTEE: frozenset({Role.COMMITTEE, Role.ADMIN}),
    PartyType.SOCIAL_WORK_TEAM: frozenset({Role.SOCIAL_WORKER}),
    PartyType.SOCIAL_ORGANISATION: frozenset({Role.PARTNER}),
    PartyType.VOLUNTEER_TEAM: frozenset({Role.PARTNER}),
    PartyType.PROPERTY_COMPANY: frozenset({Role.PARTNER}),
    PartyType.DEPARTMENT: frozenset({Role.PARTNER}),
    PartyType.STREET_OFFICE: frozenset({Role.STREET, Role.ADMIN}),
}


@dataclass(frozen=True, slots=True)
class NewStaff:
    """What is needed for an account; `sign_in` is not case-sensitive."""

    sign_in: str
    name: str
    role: Role
    party_id: UUID
    language: Language = Language.ZH


async def add_staff(session: AsyncSession, actor: Actor, new: NewStaff) -> Staff:
    """Add an account without a password. Raises Refused("sign_in_taken"), Refused("role_does_not_fit"), NotFound."""
    party = await _check_may_manage(session, actor, new.party_id)
    if party.ended_at is not None or new.role not in ROLES_OF[party.type]:
        raise Refused("role_does_not_fit")
    sign_in = new.sign_in.strip().casefold()
    if not sign_in or await session.scalar(select(Staff.id).where(Staff.sign_in == sign_in)):
        raise Refused("sign_in_taken")
    staff = Staff(sign_in=sign_in, name=new.name, role=new.role, party_id=party.id, language=new.language)
    session.add(staff)
    await session.flush()
    _note(session, actor, "staff_added", staff, party, role=staff.role)
    return staff


async def change_staff(
    session: AsyncSession, actor: Actor, staff_id: UUID, role: Role, party_id: UUID
) -> Staff:
    """Another role or party: whoever is signed in is out and comes in anew, with the rights of the new place.

    Needs of the old party are no longer theirs to handle, nor any for who becomes an admin: nobody is assigned to what
    is open or named for its call-backs, and its roster names them no more. Raises NotFound, NotAllowed,
    Refused("role_does_not_fit").
    """
    staff = await session.get(Staff, staff_id, with_for_update=True, populate_existing=True)
    if staff is None or staff.disabled_at is not None:
        raise NotFound
    left = await _check_may_manage(session, actor, staff.party_id)
    party = await _check_may_manage(session, actor, party_id)
    if isinstance(actor, StaffActor) and actor.staff_id == staff_id:
        raise NotAllowed("not_your_own_account")
    if party.ended_at is not None or role not in ROLES_OF[party.type]:
        raise Refused("role_does_not_fit")
    before = staff.role
    if staff.party_id != party.id or role is Role.ADMIN:
        await _leave_work(session, staff_id, left)
        staff.leads = False
    staff.role, staff.party_id = role, party.id
    await session.execute(delete(StaffSession).where(StaffSession.staff_id == staff_id))
    _note(session, actor, "staff_changed", staff, party, role=role, before=before)
    return staff


async def _leave_work(session: AsyncSession, staff_id: UUID, party: Party) -> None:
    """What was theirs waits for somebody else of the party: needs, talks, call-backs, shifts of the roster.

    What is confidential is read no more.
    """
    await leave_talks(session, staff_id)
    await leave_call_backs(session, staff_id)
    await leave_roster(session, party, staff_id)
    await withdraw_from_staff(session, staff_id)
    mine = (NeedAssignment.staff_id == staff_id, NeedAssignment.ended_at.is_(None))
    await session.execute(update(NeedAssignment).where(*mine).values(ended_at=now()))
    handled = (Need.assignee_id == staff_id, Need.state.in_(UNENDED))
    await session.execute(update(Need).where(*handled).values(assignee_id=None))


async def disable_staff(session: AsyncSession, actor: Actor, staff_id: UUID) -> None:
    """The account is closed: who is signed in with it is out at once, and the work waits for others. Nobody closes
    their own."""
    staff = await session.get(Staff, staff_id)
    if staff is None:
        raise NotFound
    party = await _check_may_manage(session, actor, staff.party_id)
    if isinstance(actor, StaffActor) and actor.staff_id == staff_id:
        raise NotAllowed("not_your_own_account")
    await _leave_work(session, staff_id, party)
    await end_links(session, staff_id)
    staff.disabled_at = now()
    await session.execute(delete(StaffSession).where(StaffSession.staff_id == staff_id))
    _note(session, actor, "staff_closed", staff, party)


async def invite_colleague(session: AsyncSession, actor: Actor, staff_id: UUID) -> str:
    """A new one-time token by which this person sets a password; NotFound for closed accounts and those of others."""
    staff = await session.get(Staff, staff_id)
    if staff is None or staff.disabled_at is not None:
        raise NotFound
    party = await _check_may_manage(session, actor, staff.party_id)
    _note(session, actor, "staff_invited", staff, party)
    return await invite(session, staff_id)


async def set_leader(session: AsyncSession, actor: Actor, staff_id: UUID, *, leads: bool) -> None:
    """Whether this person leads the own party: who does is called when something runs late or an alert is not taken."""
    staff = await session.get(Staff, staff_id)
    if staff is None or staff.disabled_at is not None or staff.role is Role.ADMIN:
        raise NotFound
    party = await _check_may_manage(session, actor, staff.party_id)
    staff.leads = leads
    _note(session, actor, "staff_leads" if leads else "staff_leads_no_more", staff, party)


async def _check_may_manage(session: AsyncSession, actor: Actor, party_id: UUID) -> Party:
    if actor is not SYSTEM and (not isinstance(actor, StaffActor) or actor.role is not Role.ADMIN):
        raise NotAllowed
    party = await session.get(Party, party_id)
    if party is None:
        raise NotFound("no_such_party")
    if isinstance(actor, StaffActor):
        if party.street_id != actor.street_id:
            raise NotFound("no_such_party")
        if actor.community_id is not None and party.community_id != actor.community_id:
            raise NotAllowed
    return party


def _note(
    session: AsyncSession, actor: Actor, act: str, staff: Staff, party: Party, **details: object
) -> None:
    note_act(
        session,
        actor,
        act,
        subject_kind="staff",
        subject_id=staff.id,
        community_id=party.community_id,
        party=party.id,
        **details,
    )
