"""Reading what a person wishes, one by one and within the statements that choose addresses for many."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.ext.asyncio import AsyncSession

from community.contact.models import CategoryFollow, ContactPreference
from community.quiet import BEGINS, ENDS
from community.residents.models import Address

USUAL_QUIET = (BEGINS.hour * 60 + BEGINS.minute, ENDS.hour * 60 + ENDS.minute)
"""The quiet time of everybody, in minutes of the day."""


async def get_preference(session: AsyncSession, resident_id: UUID) -> ContactPreference:
    """What the person wishes; an empty one, not stored, where nothing was ever said."""
    found = await session.get(ContactPreference, resident_id)
    return found or ContactPreference(resident_id=resident_id)


def quiet_of(preference: ContactPreference) -> tuple[int, int]:
    """From and until when nothing is sent, in minutes of the day: as the person wishes, else as for everybody."""
    if preference.quiet_from is None or preference.quiet_until is None:
        return USUAL_QUIET
    return preference.quiet_from, preference.quiet_until


async def get_follows(session: AsyncSession, resident_id: UUID) -> Mapping[str, bool]:
    """The categories about which the person said something: whether they are wanted."""
    wanted = select(CategoryFollow.category, CategoryFollow.follows)
    rows = await session.execute(wanted.where(CategoryFollow.resident_id == resident_id))
    return {row.category: row.follows for row in rows}


def is_chosen() -> ColumnElement[bool]:
    """Whether an address is on the channel that its person chose."""
    return exists().where(
        ContactPreference.resident_id == Address.resident_id, ContactPreference.channel == Address.channel
    )


def chosen_first() -> ColumnElement[bool]:
    """Sorts addresses of a person: the ones on the channel that was chosen come first."""
    return is_chosen().desc()
