"""Canned answers beside the forms of a need: filled in for its resident, in the resident's language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from channels.render import name_moment
from community.canned.filling import Field, fill
from community.canned.queries import find_offered
from community.clock import now
from community.needs.kinds import kind_of
from community.needs.models import Need
from community.needs.queries import NeedPage
from community.residents.models import Language
from community.residents.queries import Profile
from web.staff.desk import Desk


@dataclass(frozen=True, slots=True)
class Offered:
    """One canned answer as a button: its title in the console's language, its words in the resident's."""

    id: UUID
    title: str
    words: str


async def offer_canned(
    session: AsyncSession, desk: Desk, page: NeedPage, profile: Profile, *, contact: bool, zone: str
) -> dict[str, list[Offered]]:
    """What is offered beside each form, by the form's name; nothing where the actor's party does not lead."""
    if page.line.need.lead_party_id != desk.actor.party_id:
        return {}
    spoken = (profile.resident.language or Language.ZH).value
    values = _values(desk, page, profile if contact else None, spoken, zone)
    offered: dict[str, list[Offered]] = {}
    for canned in await find_offered(session, desk.actor):
        words = fill(canned.words[spoken], values, spoken)
        offered.setdefault(canned.fits.value, []).append(
            Offered(canned.id, canned.title[desk.language], words)
        )
    return offered


def _values(
    desk: Desk, page: NeedPage, profile: Profile | None, spoken: str, zone: str
) -> Mapping[Field, str]:
    need, party = page.line.need, page.line.party
    known: Mapping[Field, Any] = {
        Field.RESIDENT: profile.resident.name if profile else None,
        Field.CODE: need.code,
        Field.KIND: kind_of(need.kind).name[spoken],
        Field.PLACE: page.line.place.name[spoken] if page.line.place else need.place_words,
        Field.PROMISED: _promised(need, spoken, zone, now()),
        Field.ME: desk.actor.name,
        Field.PARTY: party.name[spoken] if party else None,
        Field.PHONE: party.phone if party else None,
    }
    return {field: str(value) for field, value in known.items() if value}


def _promised(need: Need, spoken: str, zone: str, at: datetime) -> str | None:
    """The next moment that the resident was promised; none where it is past, which no text should repeat."""
    due: Sequence[datetime | None] = (
        (need.solution_due_at,)
        if need.first_answered_at
        else (need.first_answer_due_at, need.solution_due_at)
    )
    coming = next((moment for moment in due if moment and moment > at), None)
    return name_moment(coming, spoken, zone, at) if coming else None
