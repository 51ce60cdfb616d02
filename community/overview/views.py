"""Whose figures somebody sees: who leads a party its own, a committee's leader the community's, the street all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from community.actors import StaffActor
from community.errors import NotFound
from community.parties.models import Role
from community.places.models import DEFAULT_ZONE, Community
from community.routing.people import leads_party

COUNTED = "(n.visibility <> 'confidential' OR n.lead_party_id = CAST(:party AS uuid))"
"""What may be counted by day, by party or by anything else: of what is confidential only what the own party leads."""
ALL_OF_VIEW = (
    "n.community_id = ANY(:communities) "
    "AND (CAST(:party AS uuid) IS NULL OR n.lead_party_id = CAST(:party AS uuid))"
)
"""The needs of a view, `n`, in SQL, the confidential ones too; `View.values` has what it asks for."""
OF_VIEW = f"{ALL_OF_VIEW} AND {COUNTED}"
"""Those that are counted."""


@dataclass(frozen=True, slots=True)
class View:
    """The communities whose figures are shown, and the one party where they are those of a party alone.

    `choices` are the communities that the viewer may choose from: more than one for the street office.
    """

    communities: Sequence[Community]
    party_id: UUID | None
    choices: Sequence[Community]

    @property
    def zone(self) -> str:
        """The zone in which days begin."""
        return self.communities[0].zone if self.communities else DEFAULT_ZONE

    @property
    def values(self) -> Mapping[str, object]:
        """What every query of a view is given."""
        return {"communities": [community.id for community in self.communities], "party": self.party_id}


async def may_overlook(session: AsyncSession, actor: StaffActor) -> bool:
    """The street office, and who leads a party. Admins manage accounts and see no needs, so no figures of them."""
    if actor.role is Role.ADMIN:
        return False
    return actor.role is Role.STREET or await leads_party(session, actor)


async def get_view(session: AsyncSession, actor: StaffActor, community_id: UUID | None = None) -> View:
    """What the actor sees: all communities of the street or the one that is chosen. Raises NotFound for others."""
    if not await may_overlook(session, actor):
        raise NotFound
    street = select(Community).where(Community.street_id == actor.street_id).order_by(Community.created_at)
    own = street.where(Community.id == actor.community_id) if actor.community_id else street
    choices = (await session.scalars(own)).all()
    chosen = [community for community in choices if community_id in (None, community.id)]
    if not chosen and choices:
        raise NotFound
    whole = actor.role in (Role.STREET, Role.COMMITTEE)
    return View(chosen, None if whole else actor.party_id, choices)
