"""Keeping the parties: an admin adds one, renames it, and ends its work when nothing depends on it any more."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import exists, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from community.actors import StaffActor
from community.audit.usecases import note_act
from community.clock import now
from community.errors import NotAllowed, NotFound, Refused
from community.needs.models import UNENDED, Need
from community.parties.models import Party, PartyType, Responsibility, Role, Staff
from community.places.models import Community

NEEDED = frozenset({PartyType.COMMITTEE, PartyType.SOCIAL_WORK_TEAM})
"""Of these a community always has one: routing leads to them."""
LONGEST = 60


@dataclass(frozen=True, slots=True)
class PartyNames:
    """What is typed about a party."""

    zh: str
    en: str
    phone: str = ""


async def add_party(
    session: AsyncSession, actor: StaffActor, community_id: UUID, kind: PartyType, names: PartyNames
) -> Party:
    """A new party of a community. Raises NotAllowed, NotFound, Refused("name_missing")."""
    community = await session.get(Community, community_id)
    if community is None or community.street_id != actor.street_id:
        raise NotFound
    _check_inside(actor, community_id)
    if kind is PartyType.STREET_OFFICE:
        raise NotAllowed
    party = Party(street_id=community.street_id, community_id=community_id, type=kind)
    _write(party, names)
    session.add(party)
    await session.flush()
    _note(session, actor, "party_added", party)
    return party


async def change_party(session: AsyncSession, actor: StaffActor, party_id: UUID, names: PartyNames) -> Party:
    """Another name or phone. Raises NotAllowed, NotFound, Refused("name_missing")."""
    party = await _lock(session, actor, party_id)
    _write(party, names)
    _note(session, actor, "party_changed", party)
    return party


async def end_party(session: AsyncSession, actor: StaffActor, party_id: UUID) -> Party:
    """The party takes on nothing any more.

    Raises Refused("party_is_last"), Refused("party_leads_kinds"), Refused("party_has_open_needs"),
    Refused("party_has_people") while something depends on it.
    """
    party = await _lock(session, actor, party_id)
    if party.type is PartyType.STREET_OFFICE:
        raise NotAllowed
    await _check_free(session, party)
    party.ended_at = now()
    _note(session, actor, "party_ended", party)
    return party


async def _check_free(session: AsyncSession, party: Party) -> None:
    """Nothing is routed to it, nothing is left with it, nobody works for it."""
    others = select(func.count(Party.id)).where(
        Party.community_id == party.community_id, Party.type == party.type, Party.ended_at.is_(None)
    )
    if party.type in NEEDED and (await session.scalar(others) or 0) < 2:
        raise Refused("party_is_last")
    in_the_way = {
        "party_leads_kinds": exists().where(Responsibility.party_id == party.id),
        "party_has_open_needs": exists().where(Need.lead_party_id == party.id, Need.state.in_(UNENDED)),
        "party_has_people": exists().where(Staff.party_id == party.id, Staff.disabled_at.is_(None)),
    }
    for message, condition in in_the_way.items():
        if await session.scalar(select(condition)):
            raise Refused(message)


async def _lock(session: AsyncSession, actor: StaffActor, party_id: UUID) -> Party:
    party = await session.get(Party, party_id, with_for_update=True, populate_existing=True)
    if party is None or party.street_id != actor.street_id or party.ended_at is not None:
        raise NotFound("no_such_party")
    _check_inside(actor, party.community_id)
    return party


def _check_inside(actor: StaffActor, community_id: UUID | None) -> None:
    """An admin of the street keeps all parties, one of a community its own."""
    if actor.role is not Role.ADMIN:
        raise NotAllowed
    if actor.community_id is not None and actor.community_id != community_id:
        raise NotFound("no_such_party")


def _write(party: Party, names: PartyNames) -> None:
    zh, en = names.zh.strip()[:LONGEST], names.en.strip()[:LONGEST]
    if not zh or not en:
        raise Refused("name_missing")
    party.zh, party.en, party.phone = zh, en, names.phone.strip()[:40] or None


def _note(session: AsyncSession, actor: StaffActor, act: str, party: Party) -> None:
    note_act(session, actor, act, subject_kind="party", subject_id=party.id, community_id=party.community_id)
