"""Who opens a residents' page: the person of a pass from a signed link, else of the chat's cookie, else nobody."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from fastapi import Request
from sqlalchemy.ext.asyncio import AsyncSession

from community.errors import NotFound
from community.places.models import DEFAULT_ZONE, Community
from community.residents.queries import Profile, get_profile
from community.residents.usecases import find_person
from web.identity import CHANNEL
from web.pages import page_language
from web.parts import Parts
from web.people import find_setting
from web.refusals import DoorRefused
from web.residents.passes import Passes
from web.words import Language


@dataclass(frozen=True, slots=True)
class Here:
    """The person at the page. `profile` is None for a visitor who said nothing yet; `by_link` for one with a pass."""

    profile: Profile | None
    community: Community | None
    language: Language
    by_link: bool = False

    @property
    def zone(self) -> str:
        """The community's time zone."""
        return self.community.zone if self.community is not None else DEFAULT_ZONE

    @property
    def resident_id(self) -> UUID | None:
        """The resident, where there is one."""
        return self.profile.resident.id if self.profile is not None else None


async def find_here(session: AsyncSession, request: Request, parts: Parts) -> Here:
    """Who is here; nobody known is no error."""
    passed = Passes(parts.settings).find(request)
    if passed is not None and (profile := await _find_profile(session, passed)) is not None:
        return _known(request, profile, by_link=True)
    visitor = parts.identity.find(request)
    if visitor is None:
        return Here(None, None, page_language(request))
    if known := await find_person(session, CHANNEL, visitor.outside_id):
        return _known(request, await get_profile(session, known.resident_id), by_link=False)
    return Here(None, (await find_setting(session, visitor)).community, page_language(request))


async def get_resident_here(session: AsyncSession, request: Request, parts: Parts) -> tuple[Here, UUID]:
    """The person and the resident's id. Raises DoorRefused where nobody is known: only the chat makes people."""
    here = await find_here(session, request, parts)
    if here.resident_id is None:
        raise DoorRefused(401, "page_of_nobody")
    return here, here.resident_id


async def _find_profile(session: AsyncSession, resident_id: UUID) -> Profile | None:
    try:
        return await get_profile(session, resident_id)
    except NotFound:
        return None


def _known(request: Request, profile: Profile, *, by_link: bool) -> Here:
    chosen = profile.resident.language
    language: Language = page_language(request) if chosen is None else chosen.value
    return Here(profile, profile.community, language, by_link)
