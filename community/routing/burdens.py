"""What is pushed onto a party and by whom, errands that social work refused, what waits for the street to decide."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from community.actors import StaffActor
from community.needs.models import Need, NeedState, Visibility
from community.parties.models import Party, Role
from community.places.models import Community, Place
from community.routing.models import MoveKind, NeedMove

MOST = 60


@dataclass(frozen=True, slots=True)
class Pushed:
    """How many needs came to a party from another since a moment, and how."""

    party: Party
    how: MoveKind
    count: int


@dataclass(frozen=True, slots=True)
class Undecided:
    """A need that waits for the street's decision, with who declined it and in which words."""

    need: Need
    community: Community
    place: Place | None
    declines: Sequence[tuple[Party, str, str]]


async def count_pushed(session: AsyncSession, actor: StaffActor, since: datetime) -> Sequence[Pushed]:
    """What others pushed onto the actor's party since, the most first."""
    count = func.count(NeedMove.need_id.distinct())
    wanted = (
        select(Party, NeedMove.how, count)
        .join(Party, Party.id == NeedMove.from_party_id)
        .where(
            NeedMove.to_party_id == actor.party_id,
            NeedMove.from_party_id != actor.party_id,
            NeedMove.at >= since,
        )
        .group_by(Party.id, NeedMove.how)
        .order_by(count.desc())
    )
    return [Pushed(party, how, number) for party, how, number in await session.execute(wanted)]


async def find_pushed(
    session: AsyncSession, actor: StaffActor, since: datetime
) -> Sequence[tuple[NeedMove, Need, Party]]:
    """The moves onto the actor's party since, the newest first; of confidential needs none."""
    wanted = (
        select(NeedMove, Need, Party)
        .join(Need, Need.id == NeedMove.need_id)
        .join(Party, Party.id == NeedMove.from_party_id)
        .where(
            NeedMove.to_party_id == actor.party_id,
            NeedMove.from_party_id != actor.party_id,
            NeedMove.at >= since,
            Need.visibility != Visibility.CONFIDENTIAL,
        )
        .order_by(NeedMove.at.desc(), NeedMove.id.desc())
        .limit(MOST)
    )
    return [(move, need, party) for move, need, party in await session.execute(wanted)]


async def count_errands(session: AsyncSession, actor: StaffActor, since: datetime) -> int:
    """How many plain errands the social workers of the actor's community (or street) refused since."""
    team = aliased(Party)
    wanted = (
        select(func.count(NeedMove.id))
        .join(team, team.id == NeedMove.from_party_id)
        .where(NeedMove.how == MoveKind.ERRAND, NeedMove.at >= since, team.street_id == actor.street_id)
    )
    if actor.community_id is not None:
        wanted = wanted.where(team.community_id == actor.community_id)
    return await session.scalar(wanted) or 0


def _undecided(actor: StaffActor) -> Sequence[ColumnElement[bool]]:
    """The needs that wait for the decision of the actor's street office."""
    return (
        Need.lead_party_id == actor.party_id,
        Need.routing_why == "street",
        Need.state == NeedState.ROUTED,
        Need.visibility != Visibility.CONFIDENTIAL,
    )


async def find_undecided(session: AsyncSession, actor: StaffActor) -> Sequence[Undecided]:
    """The needs that the actor's street office has to decide on, the longest waiting first; for others none."""
    if actor.role is not Role.STREET:
        return []
    rows = await session.execute(
        select(Need, Community, Place)
        .join(Community, Community.id == Need.community_id)
        .outerjoin(Place, Place.id == Need.place_id)
        .where(*_undecided(actor))
        .order_by(Need.created_at)
        .limit(MOST)
    )
    found = [(need, community, place) for need, community, place in rows]
    declines = await _find_declines(session, [need.id for need, _, _ in found])
    return [Undecided(need, community, place, declines.get(need.id, ())) for need, community, place in found]


async def count_undecided(session: AsyncSession, actor: StaffActor) -> int:
    """How many needs wait for the decision of the actor's street office."""
    if actor.role is not Role.STREET:
        return 0
    return await session.scalar(select(func.count(Need.id)).where(*_undecided(actor))) or 0


async def _find_declines(
    session: AsyncSession, need_ids: Sequence[UUID]
) -> dict[UUID, list[tuple[Party, str, str]]]:
    rows = await session.execute(
        select(NeedMove, Party)
        .join(Party, Party.id == NeedMove.from_party_id)
        .where(NeedMove.need_id.in_(need_ids), NeedMove.how.in_((MoveKind.DECLINED, MoveKind.ERRAND)))
        .order_by(NeedMove.id)
    )
    found: dict[UUID, list[tuple[Party, str, str]]] = {}
    for move, party in rows:
        found.setdefault(move.need_id, []).append((party, move.reason or "", move.words))
    return found
