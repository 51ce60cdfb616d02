"""Volunteers as staff see them across shifts: a list, one person's history, and what was confirmed of them.

The committee and social workers see everybody who helps in their community, a party whoever came to what it runs.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, func, select, true
from sqlalchemy.ext.asyncio import AsyncSession

from community.activities.models import Activity, Part, Qualification, Shift, ShiftPlaces
from community.activities.rights import PLANNERS, runs
from community.actors import StaffActor
from community.errors import NotFound
from community.parties.models import Role
from community.places.models import Place
from community.residents.models import HomeClaim, Resident
from community.search.phones import stored_phone
from community.signups.models import SignUp, SignUpState
from community.signups.queries import NO_SHOWS_WITHIN
from community.substitutes.models import Volunteer

PAGE = 50
MOST_PAST = 200
_ALL_PEOPLE = frozenset({Role.COMMITTEE, Role.SOCIAL_WORKER})


@dataclass(frozen=True, slots=True)
class Figures:
    """What somebody did in what the one who looks may see: shifts, minutes, and no-shows within 90 days."""

    shifts: int = 0
    minutes: int = 0
    missed: int = 0


@dataclass(frozen=True, slots=True)
class Helper:
    """Somebody who helps, as a line of the list."""

    resident: Resident
    since: datetime
    figures: Figures


@dataclass(frozen=True, slots=True)
class PastShift:
    """One sign-up of a person with its shift."""

    sign_up: SignUp
    shift: Shift
    activity: Activity
    part: Part


@dataclass(frozen=True, slots=True)
class Person:
    """One person with history, home and qualifications."""

    resident: Resident
    home: Place | None
    figures: Figures
    past: Sequence[PastShift]
    qualifications: Sequence[Qualification]


async def find_helpers(
    session: AsyncSession, actor: StaffActor, at: datetime, phone: str = "", page: int = 1
) -> list[Helper]:
    """Fifty who help, the newest first; with a phone number only whoever gave it. Raises NotFound."""
    _check(actor)
    wanted = (
        select(Resident, Volunteer.since)
        .join(Volunteer, Volunteer.resident_id == Resident.id)
        .where(Volunteer.community_id == actor.community_id, _seen_by(actor))
    )
    if phone:
        wanted = wanted.where(Resident.phone_term == stored_phone(phone))
    wanted = wanted.order_by(Volunteer.since.desc(), Resident.id).limit(PAGE).offset((page - 1) * PAGE)
    rows = [(resident, since) for resident, since in await session.execute(wanted)]
    figures = await _find_figures(session, actor, [resident.id for resident, _ in rows], at)
    return [Helper(resident, since, figures.get(resident.id, Figures())) for resident, since in rows]


async def get_person(session: AsyncSession, actor: StaffActor, resident_id: UUID, at: datetime) -> Person:
    """Somebody of the community, for the committee, social workers, and the party to which they came; else NotFound."""
    _check(actor)
    wanted = select(Resident).where(
        Resident.id == resident_id, Resident.community_id == actor.community_id, _seen_by(actor)
    )
    resident: Resident | None = await session.scalar(wanted)
    if resident is None:
        raise NotFound
    figures = await _find_figures(session, actor, [resident_id], at)
    held = select(Qualification).where(
        Qualification.resident_id == resident_id, Qualification.community_id == actor.community_id
    )
    return Person(
        resident,
        await session.get(Place, resident.home_id) if resident.home_id else None,
        figures.get(resident_id, Figures()),
        await _find_past(session, actor, resident_id),
        (await session.scalars(held.order_by(Qualification.code))).all(),
    )


async def check_known(session: AsyncSession, actor: StaffActor, resident_id: UUID) -> None:
    """Raises NotFound for anybody of whom the actor may not know that they live here."""
    known = exists().where(
        Resident.id == resident_id, Resident.community_id == actor.community_id, _seen_by(actor)
    )
    if not await session.scalar(select(known)):
        raise NotFound


async def find_claims(session: AsyncSession, actor: StaffActor) -> Sequence[tuple[Resident, Place]]:
    """Homes that were said and wait to be confirmed, the longest first. Raises NotFound for whoever confirms none."""
    if actor.role not in _ALL_PEOPLE or actor.community_id is None:
        raise NotFound
    wanted = (
        select(Resident, Place)
        .join(Place, Place.id == Resident.home_id)
        .where(Resident.community_id == actor.community_id, Resident.home_claim == HomeClaim.CLAIMED)
    )
    rows = await session.execute(wanted.order_by(Resident.created_at).limit(PAGE))
    return [(resident, place) for resident, place in rows]


async def find_known_qualifications(session: AsyncSession, community_id: UUID) -> Sequence[str]:
    """What activities of the community have asked for, and what was confirmed there."""
    asked = select(Activity.qualification).where(
        Activity.community_id == community_id, Activity.qualification.is_not(None)
    )
    held = select(Qualification.code).where(Qualification.community_id == community_id)
    found = await session.scalars(asked.union(held).limit(PAGE))
    return sorted(each for each in found if each)


def _check(actor: StaffActor) -> None:
    if actor.role not in PLANNERS or actor.community_id is None:
        raise NotFound


def _seen_by(actor: StaffActor) -> ColumnElement[bool]:
    if actor.role in _ALL_PEOPLE:
        return true()
    return exists().where(
        SignUp.resident_id == Resident.id,
        SignUp.shift_id == Shift.id,
        Shift.activity_id == Activity.id,
        runs(actor),
    )


def _shown_to(actor: StaffActor) -> ColumnElement[bool]:
    """The sign-ups that count for the one who looks: a social worker sees the people, and of their shifts all."""
    if actor.role in _ALL_PEOPLE:
        return Activity.community_id == actor.community_id
    return runs(actor)


async def _find_figures(
    session: AsyncSession, actor: StaffActor, residents: Collection[UUID], at: datetime
) -> dict[UUID, Figures]:
    served = and_(SignUp.state == SignUpState.COMPLETED, ShiftPlaces.part == Part.VOLUNTEER)
    missed = and_(SignUp.state == SignUpState.NO_SHOW, SignUp.starts_at > at - NO_SHOWS_WITHIN)
    wanted = (
        select(
            SignUp.resident_id,
            func.count().filter(served),
            func.coalesce(func.sum(SignUp.minutes).filter(served), 0),
            func.count().filter(missed),
        )
        .join(Shift, Shift.id == SignUp.shift_id)
        .join(Activity, Activity.id == Shift.activity_id)
        .join(ShiftPlaces, ShiftPlaces.id == SignUp.places_id)
        .where(SignUp.resident_id.in_(residents), _shown_to(actor))
        .group_by(SignUp.resident_id)
    )
    return {row[0]: Figures(row[1], int(row[2] or 0), row[3]) for row in await session.execute(wanted)}


async def _find_past(session: AsyncSession, actor: StaffActor, resident_id: UUID) -> Sequence[PastShift]:
    wanted = (
        select(SignUp, Shift, Activity, ShiftPlaces.part)
        .join(Shift, Shift.id == SignUp.shift_id)
        .join(Activity, Activity.id == Shift.activity_id)
        .join(ShiftPlaces, ShiftPlaces.id == SignUp.places_id)
        .where(SignUp.resident_id == resident_id, _shown_to(actor))
        .order_by(SignUp.starts_at.desc())
        .limit(MOST_PAST)
    )
    return [PastShift(*row) for row in await session.execute(wanted)]
