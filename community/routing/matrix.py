"""Reading the list of responsibilities 责任清单: its lines, and the one that holds for a need, the narrowest."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from uuid import UUID

from sqlalchemy import ColumnElement, DateTime, Row, Select, bindparam, false, func, or_, select
from sqlalchemy.dialects.postgresql import array
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from community.needs.models import Need
from community.parties.models import Applies, Party, Responsibility, Share
from community.places.models import Level, Place
from community.routing.people import has_somebody

_Row = tuple[Responsibility, Party, Place | None, bool]
_NOBODY = false()
_NARROW = {None: 0, Level.GRID: 1, Level.BUILDING: 2, Level.UNIT: 3}


@dataclass(frozen=True, slots=True)
class MatrixLine:
    """Who leads, assists and is informed for a kind; `place` and `applies` say what the line is narrowed to.

    `there` are those of them with somebody who is not absent, where that was asked for.
    """

    kind: str
    place: Place | None
    applies: Applies
    lead: Party | None
    assist: Sequence[Party]
    inform: Sequence[Party]
    there: Collection[UUID] = ()

    @property
    def shares(self) -> Sequence[tuple[Party, Share]]:
        """The parties in the order in which they are asked."""
        lead = [(self.lead, Share.LEAD)] if self.lead is not None else []
        return [
            *lead,
            *((party, Share.ASSIST) for party in self.assist),
            *((party, Share.INFORM) for party in self.inform),
        ]

    @property
    def asked(self) -> Sequence[Party]:
        """Who may come to lead: the lead, then those who assist."""
        return [party for party, share in self.shares if share is not Share.INFORM]

    @property
    def ids(self) -> dict[str, object]:
        """The line as a proposal keeps it."""
        return {
            "lead": str(self.lead.id) if self.lead is not None else None,
            "assist": sorted(str(party.id) for party in self.assist),
            "inform": sorted(str(party.id) for party in self.inform),
        }


async def find_matrix(session: AsyncSession, community_id: UUID) -> Sequence[MatrixLine]:
    """All lines of a community, kind by kind, the general one before narrower ones."""
    return _make_lines(await session.execute(_lines_where(Responsibility.community_id == community_id)))


async def find_line(
    session: AsyncSession, community_id: UUID, kind: str, place_id: UUID | None, applies: Applies
) -> MatrixLine | None:
    """Exactly this line."""
    here = Responsibility.place_id == place_id if place_id else Responsibility.place_id.is_(None)
    wanted = _lines_where(
        Responsibility.community_id == community_id,
        Responsibility.kind == kind,
        Responsibility.applies == applies,
        here,
    )
    lines = _make_lines(await session.execute(wanted))
    return lines[0] if lines else None


async def find_lines_for(
    session: AsyncSession, need: Need, there_at: Collection[datetime] = ()
) -> Sequence[MatrixLine]:
    """The lines that fit a need's kind and place, the narrowest first; with who is there at one of the moments."""
    moments = {f"moment_{number}": at for number, at in enumerate(there_at)}
    about = {"community_id": need.community_id, "kind": need.kind, "place_id": need.place_id}
    lines = _make_lines(await session.execute(_fitting(tuple(moments)), about | moments))
    return sorted(lines, key=lambda line: -_NARROW[line.place.level if line.place is not None else None])


async def find_shares(session: AsyncSession, need: Need) -> Sequence[tuple[Party, Share]]:
    """The parties with a share in a need, the lead first, by the line that holds for its kind and place."""
    lines = await find_lines_for(session, need)
    return next((line.shares for line in lines if line.applies is Applies.ALWAYS), ())


@cache
def _fitting(moments: Sequence[str]) -> Select[Responsibility, Party, Place, bool]:
    """The rows of the lines that fit, made once: a report waits for it. `moments` names the values that are moments."""
    there = (
        has_somebody([bindparam(each, type_=DateTime(timezone=True)) for each in moments])
        if moments
        else _NOBODY
    )
    return _lines_where(
        Responsibility.community_id == bindparam("community_id"),
        Responsibility.kind == bindparam("kind"),
        or_(Responsibility.place_id.is_(None), Responsibility.place_id.in_(_around(bindparam("place_id")))),
        there=there,
    )


def _around(place_id: ColumnElement[UUID]) -> ColumnElement[UUID]:
    """The place with what it lies in: a unit, its building, its grid."""
    own, above = aliased(Place), aliased(Place)
    return (
        select(func.unnest(array([own.id, own.parent_id, above.parent_id])))
        .select_from(own)
        .outerjoin(above, above.id == own.parent_id)
        .where(own.id == place_id)
        .scalar_subquery()
    )


def _lines_where(
    *conditions: ColumnElement[bool], there: ColumnElement[bool] = _NOBODY
) -> Select[Responsibility, Party, Place, bool]:
    return (
        select(Responsibility, Party, Place, there)
        .join(Party, Party.id == Responsibility.party_id)
        .outerjoin(Place, Place.id == Responsibility.place_id)
        .where(*conditions)
        .order_by(
            Responsibility.kind, Place.level.nulls_first(), Place.zh, Responsibility.applies, Party.type
        )
    )


def _make_lines(rows: Iterable[Row[Responsibility, Party, Place, bool]]) -> list[MatrixLine]:
    found: dict[tuple[str, UUID | None, Applies], list[_Row]] = {}
    for row, party, place, is_there in rows:
        found.setdefault((row.kind, row.place_id, row.applies), []).append((row, party, place, is_there))
    return [_make_line(rows) for rows in found.values()]


def _make_line(rows: Sequence[_Row]) -> MatrixLine:
    first, _, place, _ = rows[0]
    parties: dict[Share, list[Party]] = {share: [] for share in Share}
    for row, party, _, _ in rows:
        parties[row.share].append(party)
    lead = parties[Share.LEAD]
    return MatrixLine(
        kind=first.kind,
        place=place,
        applies=first.applies,
        lead=lead[0] if lead else None,
        assist=tuple(parties[Share.ASSIST]),
        inform=tuple(parties[Share.INFORM]),
        there=frozenset(party.id for _, party, _, is_there in rows if is_there),
    )
