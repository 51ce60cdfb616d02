"""Residents and their addresses: meeting somebody for the first time, language, community, home."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from uuid import UUID, uuid4

from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession

from community.clock import now
from community.errors import NotFound
from community.places.models import Community, Place
from community.residents.models import HomeClaim, Language, Resident
from linli.text import clean_text

LONGEST_NAME, LONGEST_PHONE = 40, 30


@dataclass(frozen=True, slots=True)
class Known:
    """A resident at one address."""

    address_id: UUID
    resident_id: UUID


_FIND = text(
    "SELECT id, resident_id FROM addresses WHERE channel = :channel AND outside_id = :outside_id"
)  # asked with every message: as text it costs a third
_MEET = text(
    """
    WITH met AS (
        INSERT INTO addresses (id, resident_id, channel, outside_id, state, last_seen_at)
        VALUES (:address_id, :resident_id, :channel, :outside_id, 'active', :now)
        ON CONFLICT DO NOTHING
        RETURNING resident_id
    )
    INSERT INTO residents (id, community_id, language, language_chosen, home_claim)
    SELECT met.resident_id,
           coalesce(CAST(:community_id AS uuid), (SELECT id FROM communities WHERE code = :community_code), (
               SELECT c.id FROM communities AS c
               WHERE NOT EXISTS (SELECT FROM communities AS other WHERE other.id <> c.id)
               LIMIT 1
           )),
           :language, :language_chosen, 'none'
    FROM met
    RETURNING id
    """
)
"""The resident is there by the end of the statement, which is when the address has to have one."""


async def find_person(session: AsyncSession, channel: str, outside_id: str) -> Known | None:
    """Who stands behind an outside id of a channel, if anybody yet."""
    row = (await session.execute(_FIND, {"channel": channel, "outside_id": outside_id})).first()
    return Known(row[0], row[1]) if row else None


async def meet_person(
    session: AsyncSession,
    channel: str,
    outside_id: str,
    *,
    community_id: UUID | None = None,
    community_code: str = "",
    language: Language | None = None,
    language_chosen: bool = False,
    check: Callable[[], Awaitable[None]] | None = None,
) -> Known:
    """The person behind an outside id, made now where there is none yet; two processes at once make one.

    Somebody new is of the community that is named by id or code, else of the only one. `check` is called before, and
    raises where nobody new may come.
    """
    known = await find_person(session, channel, outside_id)
    if known is not None:
        return known
    if check is not None:
        await check()
    address_id = uuid4()
    person = {
        "resident_id": uuid4(),
        "address_id": address_id,
        "channel": channel,
        "outside_id": outside_id,
        "community_id": community_id,
        "community_code": clean_text(community_code),
        "language": language.value if language else None,
        "language_chosen": language_chosen,
        "now": now(),
    }
    made = await session.scalar(_MEET, person)
    if made is not None:
        return Known(address_id, made)
    raced = await find_person(session, channel, outside_id)
    if raced is None:
        raise NotFound
    return raced


async def find_only_community(session: AsyncSession) -> UUID | None:
    """The community where the street has just one, so that nobody need be asked."""
    found = (await session.scalars(select(Community.id).limit(2))).all()
    return found[0] if len(found) == 1 else None


async def find_community(session: AsyncSession, code: str) -> Community | None:
    """The community that a link or a building's QR names."""
    found: Community | None = await session.scalar(
        select(Community).where(Community.code == clean_text(code))
    )
    return found


async def get_resident(session: AsyncSession, resident_id: UUID) -> Resident:
    """The resident; raises NotFound."""
    resident = await session.get(Resident, resident_id)
    if resident is None:
        raise NotFound
    return resident


async def choose_language(session: AsyncSession, resident_id: UUID, language: Language) -> None:
    """From now on the resident is spoken to in this language, whatever language the messages are in."""
    resident = await get_resident(session, resident_id)
    resident.language, resident.language_chosen = language, True


async def choose_community(session: AsyncSession, resident_id: UUID, community_id: UUID) -> Community:
    """The resident belongs to this community. Raises NotFound for an unknown one.

    Moving clears the home, which was in the other community.
    """
    resident = await get_resident(session, resident_id)
    community = await session.get(Community, community_id)
    if community is None:
        raise NotFound
    if resident.community_id not in (None, community_id):
        resident.home_id, resident.home_claim, resident.room = None, HomeClaim.NONE, None
    resident.community_id = community_id
    return community


async def claim_home(session: AsyncSession, resident_id: UUID, place_id: UUID) -> Place:
    """The resident says to live here: claimed, not confirmed. Raises NotFound for a place of another community."""
    resident = await get_resident(session, resident_id)
    place = await session.get(Place, place_id)
    if place is None or place.community_id != resident.community_id:
        raise NotFound
    if resident.home_id != place_id:
        resident.home_id, resident.home_claim, resident.room = place_id, HomeClaim.CLAIMED, None
    return place


async def keep_name(session: AsyncSession, resident_id: UUID, name: str) -> None:
    """How the resident wants to be called; at most 40 characters. Raises NotFound."""
    (await get_resident(session, resident_id)).name = clean_text(name)[:LONGEST_NAME] or None


async def keep_phone(session: AsyncSession, resident_id: UUID, phone: str) -> None:
    """The number at which the resident wants to be called; at most 30 characters. Raises NotFound."""
    (await get_resident(session, resident_id)).phone = clean_text(phone)[:LONGEST_PHONE] or None
