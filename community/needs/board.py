"""The board of public needs of a community: nobody's words, name, photo or unit, so nothing here leads to a person."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from community.needs.models import ENDED, Need, NeedState, Visibility
from community.parties.models import Party
from community.places.models import Level, Place

PAGE = 30


@dataclass(frozen=True, slots=True)
class BoardLine:
    """One public need: what (code of the kind), in which building or grid, how far, since when, and who leads."""

    kind: str
    place: Mapping[str, str] | None
    state: NeedState
    created_at: datetime
    party: Mapping[str, str] | None


async def find_board(
    session: AsyncSession,
    community_id: UUID,
    *,
    over: bool = False,
    most: int = PAGE,
    before: datetime | None = None,
) -> Sequence[BoardLine]:
    """Public needs of a community, newest first: those being handled, or with `over` those that are done."""
    above = aliased(Place)
    wanted = (
        select(Need.kind, Need.state, Need.created_at, Place, above, Party)
        .outerjoin(Place, Place.id == Need.place_id)
        .outerjoin(above, above.id == Place.parent_id)
        .outerjoin(Party, Party.id == Need.lead_party_id)
        .where(Need.community_id == community_id, Need.visibility == Visibility.PUBLIC)
        .where(Need.state != NeedState.WITHDRAWN, Need.merged_into.is_(None))
        .where(Need.state.in_(ENDED) if over else Need.state.not_in(ENDED))
    )
    if before is not None:
        wanted = wanted.where(Need.created_at < before)
    rows = await session.execute(wanted.order_by(Need.created_at.desc()).limit(most))
    return [
        BoardLine(kind, _coarse(place, parent), state, created_at, party.name if party is not None else None)
        for kind, state, created_at, place, parent, party in rows
    ]


async def coarse(session: AsyncSession, place: Place | None) -> Mapping[str, str] | None:
    """A place as it may be told to everybody: never more exact than a building."""
    parent = await session.get(Place, place.parent_id) if place is not None and place.parent_id else None
    return _coarse(place, parent)


def _coarse(place: Place | None, parent: Place | None) -> Mapping[str, str] | None:
    """The building where a unit was named: a unit is few enough people to guess by."""
    shown = parent if place is not None and place.level is Level.UNIT else place
    return shown.name if shown is not None else None
