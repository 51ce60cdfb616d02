"""An audience in words, part by part, for whoever approves it: what was chosen, by its names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from community.activities.kinds import get_activity_kind
from community.notices.audiences import Audience
from community.notices.kinds import NOTICE_KINDS
from community.notices.models import Notice
from community.places.models import Community, Place
from community.residents.tags import TAGS


@dataclass(frozen=True, slots=True)
class AudiencePart:
    """One part: the name of its field, and the names of what was chosen. Codes stay codes where a page has words."""

    field: str
    names: Sequence[str]


async def describe_audience(session: AsyncSession, audience: Audience, language: str) -> list[AudiencePart]:
    """Every part that narrows the audience, in the order of the composer; none where it is for everybody."""
    parts = {
        "communities": await _communities(session, audience, language),
        "places": await _places(session, audience.places, language),
        "age": _ages(audience),
        "tags": _named({code: tag.name for code, tag in TAGS.items()}, audience.tags, language),
        "language": [audience.language.value] if audience.language else [],
        "follows": _named(
            {code: kind.name for code, kind in NOTICE_KINDS.items()}, audience.follows, language
        ),
        "activities": [get_activity_kind(code).name[language] for code in audience.activities],
        "channels": list(audience.channels),
        "unconfirmed": await _titles(session, audience.unconfirmed, language),
        "without_places": await _places(session, audience.without_places, language),
        "without_tags": _named(
            {code: tag.name for code, tag in TAGS.items()}, audience.without_tags, language
        ),
        "without_confirmed": await _titles(session, audience.without_confirmed, language),
    }
    return [AudiencePart(field, names) for field, names in parts.items() if names]


def _named(names: Mapping[str, Mapping[str, str]], codes: Sequence[str], language: str) -> list[str]:
    return [names[code][language] if code in names else code for code in codes]


def _ages(audience: Audience) -> list[str]:
    if audience.age_from is None and audience.age_to is None:
        return []
    if audience.age_to is None:
        return [f"{audience.age_from}+"]
    return [f"{audience.age_from or 0}–{audience.age_to}"]


async def _communities(session: AsyncSession, audience: Audience, language: str) -> list[str]:
    rows = await session.scalars(
        select(Community).where(Community.id.in_(audience.communities)).order_by(Community.code)
    )
    return [row.name[language] for row in rows]


async def _places(session: AsyncSession, ids: Sequence[object], language: str) -> list[str]:
    rows = await session.scalars(select(Place).where(Place.id.in_(ids)))
    return sorted((row.name[language] for row in rows), key=lambda name: (len(name), name))


async def _titles(session: AsyncSession, notice_id: object, language: str) -> list[str]:
    notice = await session.get(Notice, notice_id) if notice_id else None
    return [notice.title[language]] if notice else []
