"""Audiences that an office keeps under a name: "residents over 60 of buildings 3 to 7"."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from community.actors import StaffActor
from community.audit.usecases import note_act
from community.errors import NotAllowed, NotFound, Refused
from community.notices.audiences import Audience
from community.notices.models import SavedAudience
from community.notices.rights import may_write, owns, wall_of
from community.notices.usecases.checking import check_audience
from community.one_by_one import wait_for_others
from linli.text import clean_text

MOST = 40
LONGEST_NAME = 40


async def find_audiences(session: AsyncSession, actor: StaffActor) -> Sequence[SavedAudience]:
    """The office's audiences by name."""
    wanted = select(SavedAudience).filter_by(**wall_of(actor)).order_by(SavedAudience.name)
    return (await session.scalars(wanted)).all()


async def save_audience(
    session: AsyncSession, actor: StaffActor, name: str, audience: Audience
) -> SavedAudience:
    """Keep an audience; the same name again takes the place of the former.

    Raises NotAllowed, Refused: audience_needs_name, too_many_audiences, and as `check_audience` does.
    """
    if not may_write(actor):
        raise NotAllowed
    name = clean_text(name)[:LONGEST_NAME]
    if not name:
        raise Refused("audience_needs_name")
    within = await check_audience(session, actor, audience)
    await wait_for_others(session, f"audiences:{actor.community_id or actor.street_id}")
    kept = await find_audiences(session, actor)
    found = next((each for each in kept if each.name == name), None)
    if found is None and len(kept) >= MOST:
        raise Refused("too_many_audiences", most=MOST)
    if found is None:
        found = SavedAudience(**wall_of(actor), name=name, audience={}, created_by=actor.staff_id)
        session.add(found)
    found.audience = within.stored()
    await session.flush()
    _note(session, actor, "audience_saved", found)
    return found


async def forget_audience(session: AsyncSession, actor: StaffActor, audience_id: UUID) -> None:
    """Let one go. Raises NotFound for one of another office."""
    found = await session.get(SavedAudience, audience_id)
    if found is None or not owns(actor, found):
        raise NotFound
    _note(session, actor, "audience_forgotten", found)
    await session.delete(found)


def _note(session: AsyncSession, actor: StaffActor, act: str, saved: SavedAudience) -> None:
    note_act(
        session,
        actor,
        act,
        subject_kind="audience",
        subject_id=saved.id,
        community_id=saved.community_id,
    )
