"""How an empty Linli gets its street office, so that a first admin has a place: once, by the one who installs it."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from community.actors import SYSTEM, Actor
from community.errors import NotAllowed
from community.parties.models import Party, PartyType
from community.places.models import Street


async def found_street(session: AsyncSession, actor: Actor, zh: str, en: str) -> Party:
    """The street office of this deployment; made with the street, named so, where there is none. Raises NotAllowed."""
    if actor is not SYSTEM:
        raise NotAllowed
    office: Party | None = await session.scalar(select(Party).where(Party.type == PartyType.STREET_OFFICE))
    if office is not None:
        return office
    street = Street(zh=zh, en=en)
    session.add(street)
    await session.flush()
    office = Party(street_id=street.id, type=PartyType.STREET_OFFICE, zh=f"{zh}办事处", en=f"{en} office")
    session.add(office)
    await session.flush()
    return office
