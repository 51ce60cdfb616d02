"""Reading what a person wishes, one by one and within the statements that choose addresses for many."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.ext.asyncio import AsyncSession

from community.contact.models import CategoryFollow, ContactPreference
from community.residents.models import Address


async def get_preference(session: AsyncSession, resident_id: UUID) -> ContactPreference:
    """What the person wishes; an empty one, not stored, where nothing was ever said."""
    found = await session.get(ContactPreference, resident_id)
    return found or ContactPreference(resident_id=resident_id)


async def get_follows(session: AsyncSession, resident_id: UUID) -> Mapping[str, bool]:
    """The categories about which the person said something: whether they are wanted."""
    wanted = select(CategoryFollow.category, CategoryFollow.follows)
    rows = await session.execute(wanted.where(CategoryFollow.resident_id == resident_id))
    return {row.category: row.follows for row in rows}


def chosen_first() -> ColumnElement[bool]:
    """Sorts addresses of a person: the ones on the channel that was chosen come first."""
    chosen = exists().where(
        ContactPreference.resident_id == Address.resident_id, ContactPreference.channel == Address.channel
    )
    return chosen.desc()
