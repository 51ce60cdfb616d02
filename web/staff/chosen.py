"""Which community a page of rules is about: one's own; the street office and its admins choose."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from community.errors import NotAllowed, NotFound
from community.parties.models import Role
from community.places.models import Community
from community.places.queries import find_communities
from web.staff.desk import Desk


@dataclass(frozen=True, slots=True)
class Chosen:
    """The community of a page, and those to choose from (none where there is no choice)."""

    community: Community
    others: Sequence[Community]

    def address(self, path: str, **query: object) -> str:
        """An address of the same page about this community."""
        values = {"community": self.community.id} if self.others else {}
        pairs = "&".join(f"{name}={value}" for name, value in (values | query).items())
        return f"{path}?{pairs}" if pairs else path


async def choose_community(session: AsyncSession, desk: Desk, asked: UUID | None) -> Chosen:
    """The community of the page. Raises NotFound for one that is not the actor's to see."""
    everywhere = [
        community
        for community in await find_communities(session)
        if community.street_id == desk.actor.street_id
    ]
    if desk.actor.community_id is not None:
        asked = desk.actor.community_id
        own = next(community for community in everywhere if community.id == asked)
        return Chosen(own, ())
    if not everywhere or desk.actor.role not in (Role.STREET, Role.ADMIN):
        raise NotFound
    found = next((community for community in everywhere if community.id == asked), None)
    if asked is not None and found is None:
        raise NotFound
    return Chosen(found or everywhere[0], everywhere)


def is_closed(error: Exception) -> bool:
    """Whether a refusal means that the page is not the actor's at all, so there is no form to draw beside it."""
    return isinstance(error, (NotFound, NotAllowed)) and error.message in (
        NotFound.message,
        NotAllowed.message,
    )
