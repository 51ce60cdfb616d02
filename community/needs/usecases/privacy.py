"""A resident wants a need to be seen by social workers alone: from then on it is confidential and with them."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from community.actors import SYSTEM, ResidentActor
from community.conversations.usecases import end_talks
from community.duplicates.narrowing import keep_from_neighbours
from community.errors import NotAllowed
from community.needs.models import ENDED, Need, NeedState, Urgency, Visibility
from community.needs.terms import keep_terms
from community.needs.usecases.passing import end_assignments
from community.needs.usecases.residents import lock_own_need
from community.needs.usecases.routing import choose_lead
from community.needs.usecases.steps import announce, check_open, move_need, note_event
from community.parts.usecases import cancel_undone_parts


def may_keep_private(need: Need) -> bool:
    """Whether the resident can still ask for it: it is under way, no danger, and not confidential yet."""
    return (
        need.visibility is not Visibility.CONFIDENTIAL
        and need.urgency is not Urgency.CRISIS
        and need.state not in ENDED
    )


async def keep_private(session: AsyncSession, resident_id: UUID, need_id: UUID) -> Need:
    """Nobody but social workers may read it from now on; whoever handled it has no more part in it.

    It goes to the social work team. Again changes nothing. A crisis stays with those who come: NotAllowed.
    """
    need = await lock_own_need(session, resident_id, need_id)
    if need.visibility is Visibility.CONFIDENTIAL:
        return need
    check_open(need)
    if need.urgency is Urgency.CRISIS:
        raise NotAllowed("crisis_stays_open")
    await cancel_undone_parts(session, need)
    need.visibility = Visibility.CONFIDENTIAL
    await keep_terms(session, need)
    await keep_from_neighbours(session, need)
    await note_event(session, ResidentActor(resident_id), need, "kept_private")
    await _go_to_social_work(session, need)
    return need


async def _go_to_social_work(session: AsyncSession, need: Need) -> None:
    route, before = await choose_lead(session, need), need.lead_party_id
    need.routing_why, need.routing_values = route.why, dict(route.values)
    if route.party.id != before:
        await announce(session, need)  # whoever had it sees that it is gone
        await end_assignments(session, need)
        need.lead_party_id, need.declines = route.party.id, 0
        await move_need(session, SYSTEM, need, NeedState.ROUTED, why=route.why, details=route.values)
    await end_talks(session, need)
