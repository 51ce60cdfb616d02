"""The person behind a visitor of the web chat: found by the cookie, made with the first thing that is sent."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from fastapi import Request
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from community.limits.usecases import count_use
from community.places.models import Community
from community.residents.models import Address, Language, Resident
from community.residents.usecases import Known, find_community, find_only_community, meet_person
from web.identity import CHANNEL, Visitor
from web.origin import client_address
from web.pages import has_chosen_language
from web.parts import Parts
from web.refusals import DoorRefused

HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Setting:
    """Where a visitor is at home, as far as it is known, and the language that the person chose."""

    community: Community | None
    language: Language | None


def get_visitor(request: Request, parts: Parts) -> Visitor:
    """The visitor of a request; one without a good cookie is sent back to the page, which gives one."""
    visitor = parts.identity.find(request)
    if visitor is None:
        raise DoorRefused(401, "visitor_unknown")
    return visitor


async def get_person(
    session: AsyncSession, request: Request, parts: Parts, visitor: Visitor, language: Language
) -> Known:
    """The person, met now where this is the first message. Raises TooMany where one address makes too many people."""

    async def count() -> None:
        key = f"new_people:{client_address(request, parts.settings.proxies)}"
        await count_use(session, key, parts.settings.new_people_per_hour, HOUR)

    return await meet_person(
        session,
        CHANNEL,
        visitor.outside_id,
        community_code=visitor.community or "",
        language=language,
        language_chosen=has_chosen_language(request),
        check=count,
    )


async def find_setting(session: AsyncSession, visitor: Visitor) -> Setting:
    """Community and language of a known person; else the community of the link, or the only one there is."""
    wanted = (
        select(Resident.community_id, Resident.language)
        .join(Address, Address.resident_id == Resident.id)
        .where(Address.channel == CHANNEL, Address.outside_id == visitor.outside_id)
    )
    row = (await session.execute(wanted)).first()
    community_id, language = row or (None, None)
    community_id = community_id or await _find_community_id(session, visitor)
    community = await session.get(Community, community_id) if community_id else None
    return Setting(community, language)


async def _find_community_id(session: AsyncSession, visitor: Visitor) -> UUID | None:
    named = await find_community(session, visitor.community) if visitor.community else None
    return named.id if named else await find_only_community(session)
