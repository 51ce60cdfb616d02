"""What every platform's door does with a message: the person behind it is found or met, and it is stored once.

Before: the door of a channel, which has parsed and checked the request. After: the door commits, answers the platform
and wakes the person's queue (channels/turns.py). The web chat stores on its own shorter way (web/chat_messages.py).
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession

from channels.contract import Grant, Incoming
from channels.inbound import Stored, check_pace, store_inbound
from community.clock import now
from community.outbox.waiting import free_waiting, stop_addresses
from community.places.scenes import Scene, find_scene
from community.residents.languages import language_of
from community.residents.models import Address, AddressState, Language
from community.residents.usecases import (
    Known,
    choose_community,
    claim_home,
    find_person,
    get_resident,
    meet_person,
)


@dataclass(frozen=True, slots=True)
class Arrived:
    """A message that is stored: whose it is, and whether the person was met with it for the first time."""

    known: Known
    stored: Stored
    new: bool


async def receive(
    session: AsyncSession,
    incoming: Incoming,
    *,
    scene: str | None = None,
    language: Language | None = None,
    most_a_minute: int | None = None,
) -> Arrived:
    """Store a message of a platform, once however often it comes, with all that its arrival means.

    A stopped address is active again; `incoming.grant` replaces what may be sent; what waited for this contact is due
    now, before the answer. `scene` is what a QR code or link said (a place's or a community's), `language` what the
    platform says of the person; both count where nothing better is known. Raises TooMany where the person sent
    `most_a_minute` in the last minute; then nothing is stored.
    """
    found = await find_person(session, incoming.channel, incoming.outside_id)
    place = await find_scene(session, scene) if scene else None
    known = found or await _meet(session, incoming, place, language)
    if most_a_minute is not None:
        await check_pace(session, known.resident_id, most_a_minute)
    stored = await store_inbound(session, known, incoming)
    if not stored.repeated:
        await _come_back(session, known, incoming.grant)
        await _stand_at(session, known, place)
    return Arrived(known, stored, new=found is None)


async def stop(session: AsyncSession, channel: str, outside_id: str) -> UUID | None:
    """The person has blocked us or unfollowed: nothing more goes to this address until they come back.

    Gives the resident, None where nobody is known there. What is kept of them follows the usual rules.
    """
    known = await find_person(session, channel, outside_id)
    if known is None:
        return None
    await stop_addresses(session, [known.address_id], now())
    return known.resident_id


async def come_back(session: AsyncSession, channel: str, outside_id: str) -> UUID | None:
    """The person has taken us up again without a word: what is sent to this address arrives from now on.

    Gives the resident, None where nobody is known there.
    """
    known = await find_person(session, channel, outside_id)
    if known is None:
        return None
    await _come_back(session, known, None)
    return known.resident_id


async def _meet(
    session: AsyncSession, incoming: Incoming, place: Scene | None, language: Language | None
) -> Known:
    return await meet_person(
        session,
        incoming.channel,
        incoming.outside_id,
        community_id=place.community_id if place else None,
        language=language_of(incoming.text) or language,
    )


async def _come_back(session: AsyncSession, known: Known, grant: Grant | None) -> None:
    """The address is in use: what may be sent there starts anew, and what waited goes out."""
    moment = now()
    await session.execute(
        update(Address)
        .where(Address.id == known.address_id)
        .values(
            state=AddressState.ACTIVE,
            last_seen_at=moment,
            may_send=grant.messages if grant else Address.may_send,
            window_until=moment + grant.lasts if grant else Address.window_until,
        )
    )
    await free_waiting(session, known, moment)


async def _stand_at(session: AsyncSession, known: Known, scene: Scene | None) -> None:
    """Who scanned a building's code is taken to live there, as long as nothing else is known."""
    if scene is None:
        return
    resident = await get_resident(session, known.resident_id)
    if resident.community_id is None:
        await choose_community(session, resident.id, scene.community_id)
    if scene.place_id and resident.home_id is None and resident.community_id == scene.community_id:
        await claim_home(session, resident.id, scene.place_id)
