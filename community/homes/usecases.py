"""Confirming homes: by staff, who look at a letter or know the household, or by its member who hands on a code.

Before this a home is only said (community/residents/usecases.py); after it, what concerns the building opens.
"""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from community.actors import StaffActor
from community.audit.usecases import note_act
from community.clock import now
from community.errors import NotAllowed, NotFound, Refused, WrongState
from community.homes.models import HomeConfirmation, HouseholdCode
from community.limits.usecases import count_use
from community.needs.codes import ALPHABET
from community.parties.models import Role
from community.places.models import Place
from community.residents.models import HomeClaim, Resident
from community.residents.usecases import choose_community, get_resident

CONFIRMERS = frozenset({Role.COMMITTEE, Role.SOCIAL_WORKER})
HOLDS = timedelta(days=7)
LENGTH = 8
TRIES, WINDOW = 5, timedelta(hours=1)


async def confirm_home(session: AsyncSession, actor: StaffActor, resident_id: UUID) -> None:
    """Staff know that the resident lives where they said. Raises NotFound, NotAllowed, WrongState("home_not_said")."""
    resident = await _get_claim(session, actor, resident_id)
    _confirm(session, resident, staff_id=actor.staff_id)
    _note(session, actor, resident, "home_confirmed")


async def reject_home(session: AsyncSession, actor: StaffActor, resident_id: UUID) -> None:
    """Staff know that it is not so; the person may say another home. Raises as `confirm_home`."""
    resident = await _get_claim(session, actor, resident_id)
    _note(session, actor, resident, "home_rejected")
    resident.home_id, resident.home_claim, resident.room = None, HomeClaim.NONE, None


async def make_household_code(session: AsyncSession, resident_id: UUID) -> str:
    """A code for one more of the household, for a week; an earlier one ends. Raises Refused("home_not_confirmed")."""
    resident = await get_resident(session, resident_id)
    if resident.home_claim is not HomeClaim.CONFIRMED or resident.home_id is None:
        raise Refused("home_not_confirmed")
    code = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
    values = {"code_hash": _hash(code), "until": now() + HOLDS}
    row = insert(HouseholdCode).values(resident_id=resident_id, **values)
    await session.execute(row.on_conflict_do_update(index_elements=["resident_id"], set_=values))
    return code


async def count_household_code(session: AsyncSession, resident_id: UUID) -> None:
    """Count one code that somebody tries, so that none can be guessed. Raises TooMany."""
    await count_use(session, f"household:{resident_id}", TRIES, WINDOW)


async def join_household(session: AsyncSession, resident_id: UUID, code: str) -> Place:
    """Whoever has a household's code lives there, confirmed; the code is used up. Raises Refused("household_code")."""
    wanted = select(HouseholdCode).where(HouseholdCode.code_hash == _hash(code)).with_for_update()
    found = await session.scalar(wanted)
    if found is None or found.until <= now() or found.resident_id == resident_id:
        raise Refused("household_code")
    member = await get_resident(session, found.resident_id)
    place = await session.get(Place, member.home_id) if member.home_id else None
    if place is None or member.home_claim is not HomeClaim.CONFIRMED:
        raise Refused("household_code")
    resident = await get_resident(session, resident_id)
    await choose_community(session, resident_id, place.community_id)
    if resident.home_id != place.id:
        resident.home_id, resident.room = place.id, member.room
    _confirm(session, resident, member_id=member.id)
    await session.execute(delete(HouseholdCode).where(HouseholdCode.resident_id == member.id))
    return place


def _confirm(
    session: AsyncSession, resident: Resident, *, staff_id: UUID | None = None, member_id: UUID | None = None
) -> None:
    if resident.home_id is None:
        raise WrongState("home_not_said")
    resident.home_claim = HomeClaim.CONFIRMED
    session.add(
        HomeConfirmation(
            resident_id=resident.id,
            place_id=resident.home_id,
            staff_id=staff_id,
            member_id=member_id,
            at=now(),
        )
    )


async def _get_claim(session: AsyncSession, actor: StaffActor, resident_id: UUID) -> Resident:
    resident = await session.get(Resident, resident_id, with_for_update=True)
    if resident is None or resident.community_id is None or resident.community_id != actor.community_id:
        raise NotFound
    if actor.role not in CONFIRMERS:
        raise NotAllowed
    if resident.home_claim is not HomeClaim.CLAIMED:
        raise WrongState("home_not_said")
    return resident


def _note(session: AsyncSession, actor: StaffActor, resident: Resident, act: str) -> None:
    note_act(
        session,
        actor,
        act,
        subject_kind="resident",
        subject_id=resident.id,
        community_id=resident.community_id,
        place=resident.home_id,
    )


def _hash(code: str) -> bytes:
    plain = "".join(sign for sign in code.upper() if sign in ALPHABET)
    return hashlib.sha256(plain.encode()).digest()
