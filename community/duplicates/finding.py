"""Finds open public needs like a new one: in the same building, of the same kind or nearly the same words.

Only public needs are compared and offered, so nobody learns of what is private or confidential. The figures were set
on pairs of reports, of one matter and of two: a pair of one kind at one place counts from 0.45 of likeness on.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import numpy as np
from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from community.duplicates.models import NeedFollower, NeedVector
from community.needs.models import UNENDED, Need, Urgency, Visibility
from community.parties.models import Party
from community.places.models import Level, Place

SIZE = 512
SAME_KIND, OTHER_KIND, WORDS_ALONE = 0.45, 0.7, 0.3
WITHIN = timedelta(days=30)
MOST_COMPARED = 200


@dataclass(frozen=True, slots=True)
class Sought:
    """What a new need is about, and who reports it; `vector` is that of its words, where one is known."""

    community_id: UUID
    kind: str
    words: str
    place_id: UUID | None = None
    vector: bytes | None = None
    resident_id: UUID | None = None
    need_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Likely:
    """An open need that may be the same, and how alike they are (0 to 1)."""

    need: Need
    place: Place | None
    party: Party | None
    likeness: float


async def find_likely(session: AsyncSession, sought: Sought, at: datetime, most: int = 1) -> Sequence[Likely]:
    """The open public needs of others that are most like this one, the likest first; mostly none."""
    rows = await session.execute(
        select(Need, Place, Party, NeedVector.vector)
        .outerjoin(Place, Place.id == Need.place_id)
        .outerjoin(Party, Party.id == Need.lead_party_id)
        .outerjoin(NeedVector, NeedVector.need_id == Need.id)
        .where(
            Need.community_id == sought.community_id,
            Need.visibility == Visibility.PUBLIC,
            Need.state.in_(UNENDED),
            Need.urgency != Urgency.CRISIS,
            Need.created_at > at - WITHIN,
            _near(sought.place_id),
            *_not_own(sought),
        )
        .order_by(Need.created_at.desc())
        .limit(MOST_COMPARED)
    )
    found = [
        Likely(need, place, party, _likeness(sought, need, vector)) for need, place, party, vector in rows
    ]
    alike = [likely for likely in found if likely.likeness > 0]
    return sorted(alike, key=lambda likely: -likely.likeness)[:most]


def make_vectors(need: Need, meaning: bytes | None) -> Sequence[NeedVector]:
    """The vector of a need's words, to be stored for later comparisons: one or none, of a confidential need none."""
    if meaning is None or len(meaning) != 2 * SIZE or need.visibility is Visibility.CONFIDENTIAL:
        return ()
    return (NeedVector(need_id=need.id, vector=meaning),)


async def count_followers(session: AsyncSession, need_id: UUID) -> int:
    """How many residents follow a need besides who reported it."""
    wanted = select(func.count()).select_from(NeedFollower).where(NeedFollower.need_id == need_id)
    return await session.scalar(wanted) or 0


def _not_own(sought: Sought) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if sought.resident_id is not None:
        found.append(Need.resident_id != sought.resident_id)
    if sought.need_id is not None:
        found.append(Need.id != sought.need_id)
    return found


def _near(place_id: UUID | None) -> ColumnElement[bool]:
    """In the same building, or the same grid where that is all that is known; both without a place on the tree."""
    if place_id is None:
        return Need.place_id.is_(None)
    own, other = aliased(Place), aliased(Place)
    same = select(other.id).join(
        own,
        or_(
            other.id == own.id,
            other.parent_id == own.id,
            (own.level == Level.UNIT) & or_(other.id == own.parent_id, other.parent_id == own.parent_id),
        ),
    )
    return Need.place_id.in_(same.where(own.id == place_id))


def _likeness(sought: Sought, need: Need, vector: bytes | None) -> float:
    """How alike, 0 where it is too little: by meaning where both are measured, else by the signs they share."""
    if sought.vector is not None and vector is not None:
        cosine = float(_read(sought.vector) @ _read(vector))
        return cosine if cosine >= (SAME_KIND if need.kind == sought.kind else OTHER_KIND) else 0.0
    if need.kind != sought.kind:
        return 0.0
    one, two = _pairs(sought.words), _pairs(need.words)
    shared = len(one & two) / max(1, min(len(one), len(two)))
    return shared if shared >= WORDS_ALONE else 0.0


def _read(vector: bytes) -> np.ndarray[tuple[int], np.dtype[np.float32]]:
    return np.frombuffer(vector, dtype="<f2").astype(np.float32)


def _pairs(words: str) -> set[str]:
    """Pairs of neighbouring signs, without spaces and stops."""
    plain = "".join(sign for sign in words.casefold() if sign.isalnum())
    return {plain[at : at + 2] for at in range(len(plain) - 1)}
