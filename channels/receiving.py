"""What every platform's door does with a message: the person behind it is found or met, and it is stored once.

Before: the door of a channel, which has parsed and checked the request. After: the door commits, answers the platform
and wakes the person's queue (channels/turns.py). The web chat stores on its own shorter way (web/chat_messages.py).
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import bindparam, text, update
from sqlalchemy.ext.asyncio import AsyncSession

from channels.contract import Incoming
from channels.inbound import WINDOW, Stored, find_stored, left_of_pace, values_of
from community.clock import now
from community.errors import NotFound, TooMany
from community.inbox.models import InboundMessage
from community.outbox.waiting import FREE, free_waiting, stop_addresses
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

# The whole of it for somebody we know, in one round trip: a platform that brings many messages at once waits for each.
_RECEIVE = text(
    f"""
    WITH person AS (
        SELECT a.id, a.resident_id, (
            SELECT received_at FROM inbound_messages AS i WHERE i.resident_id = a.resident_id
            ORDER BY i.id DESC OFFSET :older LIMIT 1
        ) AS earliest
        FROM addresses AS a WHERE a.channel = :channel AND a.outside_id = :outside_id
    ), stored AS (
        INSERT INTO inbound_messages
            (address_id, resident_id, channel, outside_id, text, payload, files, media, location,
             state, due_at, received_at)
        SELECT p.id, p.resident_id, :channel, :message_id, :text, :payload, CAST(:files AS jsonb), :media, :location,
               'waiting', :sent_at, :sent_at
        FROM person AS p WHERE coalesce(p.earliest <= CAST(:since AS timestamptz), true)
        ON CONFLICT (channel, outside_id) DO NOTHING
        RETURNING id, address_id
    ), came AS (
        UPDATE addresses AS a
        SET state = 'active', last_seen_at = :at,
            may_send = CASE WHEN :grants THEN CAST(:may_send AS integer) ELSE a.may_send END,
            window_until = CASE WHEN :grants THEN CAST(:window_until AS timestamptz) ELSE a.window_until END
        FROM stored WHERE a.id = stored.address_id
        RETURNING a.id, a.resident_id, a.channel
    ), freed AS (
        {FREE.format(came="came")}
    )
    SELECT p.id AS address_id, p.resident_id, p.earliest, stored.id AS stored
    FROM person AS p LEFT JOIN stored ON true
    """  # noqa: S608 - put together from the lines above
).bindparams(
    bindparam("text", type_=InboundMessage.text.type),
    bindparam("payload", type_=InboundMessage.payload.type),
    bindparam("media", type_=InboundMessage.media.type),
    bindparam("location", type_=InboundMessage.location.type),
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
    place = await find_scene(session, scene) if scene else None
    arrived = await _receive_known(session, incoming, most_a_minute)
    if new := arrived is None:
        await _meet(session, incoming, place, language)
        arrived = await _receive_known(session, incoming, most_a_minute)
    if arrived is None:
        raise NotFound
    known, stored = arrived
    if not stored.repeated:
        await _stand_at(session, known, place)
    return Arrived(known, stored, new=new)


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
    moment, active = now(), AddressState.ACTIVE
    here = update(Address).where(Address.id == known.address_id)
    await session.execute(here.values(state=active, last_seen_at=moment))
    await free_waiting(session, known, moment)
    return known.resident_id


async def _receive_known(
    session: AsyncSession, incoming: Incoming, most_a_minute: int | None
) -> tuple[Known, Stored] | None:
    """Store it with all that follows; None, and nothing stored, where nobody is known there. Raises TooMany."""
    moment, grant = now(), incoming.grant
    values = {
        **values_of(incoming),
        "outside_id": incoming.outside_id,
        "older": (most_a_minute or 1) - 1,
        "since": moment - WINDOW if most_a_minute is not None else None,
        "at": moment,
        "grants": grant is not None,
        "may_send": grant.messages if grant else None,
        "window_until": moment + grant.lasts if grant else None,
    }
    row = (await session.execute(_RECEIVE, values)).first()
    if row is None:
        return None
    known = Known(row.address_id, row.resident_id)
    if row.stored is not None:
        return known, Stored(row.stored, repeated=False)
    before = await find_stored(session, incoming)  # a repeat is none too many
    if before is None:
        raise TooMany(left_of_pace(row.earliest, moment))
    return known, Stored(before, repeated=True)


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


async def _stand_at(session: AsyncSession, known: Known, scene: Scene | None) -> None:
    """Who scanned a building's code is taken to live there, as long as nothing else is known."""
    if scene is None:
        return
    resident = await get_resident(session, known.resident_id)
    if resident.community_id is None:
        await choose_community(session, resident.id, scene.community_id)
    if scene.place_id and resident.home_id is None and resident.community_id == scene.community_id:
        await claim_home(session, resident.id, scene.place_id)
