"""The committee notes what a notice needs to find somebody: tags and the year of birth. Each change is an act."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from community.actors import StaffActor
from community.audit.usecases import note_act
from community.clock import now
from community.errors import NotFound, Refused
from community.parties.models import Role
from community.places.models import Place
from community.places.queries import places_below
from community.residents.models import Resident
from community.residents.tags import TAGS, ResidentTag
from community.search.phones import stored_phone

PAGE = 50
OLDEST = 130


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which residents are looked for; what is None does not matter. A phone is found by its digits as a whole."""

    place_id: UUID | None = None
    tag: str | None = None
    phone: str = ""


@dataclass(frozen=True, slots=True)
class Noted:
    """A resident with home and tags."""

    resident: Resident
    home: Place | None
    tags: Collection[str]


def may_note(actor: StaffActor) -> bool:
    """The committee, for the people of its community: nobody else sees or changes what is noted."""
    return actor.role is Role.COMMITTEE and actor.community_id is not None


async def find_noted(
    session: AsyncSession, actor: StaffActor, wanted: Wanted, *, after: UUID | None = None
) -> Sequence[Noted]:
    """Residents of the community that fit, a page in the order of their ids. Raises NotFound."""
    if not may_note(actor):
        raise NotFound
    rules = [Resident.community_id == actor.community_id]
    if wanted.place_id is not None:
        rules.append(Resident.home_id.in_(places_below([wanted.place_id])))
    if wanted.tag is not None:
        tagged = select(ResidentTag.resident_id).where(ResidentTag.tag == wanted.tag)
        rules.append(Resident.id.in_(tagged))
    if wanted.phone:
        rules.append(Resident.phone_term == (stored_phone(wanted.phone) or ""))
    if after is not None:
        rules.append(Resident.id > after)
    rows = (
        await session.execute(
            select(Resident, Place)
            .outerjoin(Place, Place.id == Resident.home_id)
            .where(*rules)
            .order_by(Resident.id)
            .limit(PAGE)
        )
    ).all()
    tags = await _find_tags(session, [row.Resident.id for row in rows])
    return [Noted(row.Resident, row.Place, tags.get(row.Resident.id, set())) for row in rows]


async def get_noted(session: AsyncSession, actor: StaffActor, resident_id: UUID) -> Noted:
    """One of them. Raises NotFound for somebody of another community."""
    resident = await session.get(Resident, resident_id)
    if resident is None or not may_note(actor) or resident.community_id != actor.community_id:
        raise NotFound
    home = await session.get(Place, resident.home_id) if resident.home_id else None
    tags = await _find_tags(session, [resident_id])
    return Noted(resident, home, tags.get(resident_id, set()))


async def note_about_resident(
    session: AsyncSession, actor: StaffActor, resident_id: UUID, tags: Collection[str], birth_year: int | None
) -> Noted:
    """The resident has these tags and no others, and this year of birth or none.

    Raises NotFound for somebody of another community, Refused: birth_year_unclear, audience_unclear.
    """
    noted = await get_noted(session, actor, resident_id)
    year = now().year
    if birth_year is not None and not year - OLDEST <= birth_year <= year:
        raise Refused("birth_year_unclear")
    if not set(tags) <= set(TAGS):
        raise Refused("audience_unclear")
    await _set_tags(session, actor, noted, set(tags))
    if noted.resident.birth_year != birth_year:
        noted.resident.birth_year = birth_year
        _note(session, actor, "resident_age_noted", noted)
    await session.flush()
    return await get_noted(session, actor, resident_id)


async def _set_tags(session: AsyncSession, actor: StaffActor, noted: Noted, tags: set[str]) -> None:
    before = set(noted.tags)
    if before == tags:
        return
    resident_id = noted.resident.id
    gone = ResidentTag.resident_id == resident_id, ResidentTag.tag.in_(before - tags)
    await session.execute(delete(ResidentTag).where(*gone))
    for tag in tags - before:
        row = {"resident_id": resident_id, "tag": tag, "staff_id": actor.staff_id, "since": func.now()}
        await session.execute(insert(ResidentTag).values(row).on_conflict_do_nothing())
    _note(session, actor, "resident_tagged", noted, tags=sorted(tags), before=sorted(before))


def _note(session: AsyncSession, actor: StaffActor, act: str, noted: Noted, **details: object) -> None:
    note_act(
        session,
        actor,
        act,
        subject_kind="resident",
        subject_id=noted.resident.id,
        community_id=noted.resident.community_id,
        **details,
    )


async def _find_tags(session: AsyncSession, residents: Sequence[UUID]) -> dict[UUID, set[str]]:
    wanted = select(ResidentTag.resident_id, ResidentTag.tag).where(ResidentTag.resident_id.in_(residents))
    found: dict[UUID, set[str]] = {}
    for resident_id, tag in await session.execute(wanted):
        found.setdefault(resident_id, set()).add(tag)
    return found
