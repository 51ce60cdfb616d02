"""Where a need belongs: another kind, an errand that is not social work, and what the street office decides."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from community.actors import StaffActor
from community.clocks.running import change_times
from community.conversations.usecases import end_talks
from community.duplicates.narrowing import keep_from_neighbours
from community.errors import NotAllowed, Refused
from community.needs.kinds import KINDS, get_kind, kind_of
from community.needs.models import Need, NeedState, Visibility
from community.needs.rights import may_handle
from community.needs.terms import keep_terms
from community.needs.usecases.locking import check_not_decided, get_receiver, lock_led
from community.needs.usecases.passing import end_assignments, pass_on
from community.needs.usecases.routing import DECLINES_UNTIL_STREET, Route, choose_lead, get_party_of_type
from community.needs.usecases.steps import check_open, move_need, note_event
from community.parties.models import PartyType, Role
from community.parts.usecases import cancel_undone_parts
from community.routing.models import MoveKind

_STRICTER = (Visibility.PUBLIC, Visibility.PRIVATE, Visibility.CONFIDENTIAL)


async def change_kind(session: AsyncSession, actor: StaffActor, need_id: UUID, kind: str) -> Need:
    """The need is of another kind: its times are that kind's, and it is routed again.

    Who may read it is never widened by this, only narrowed. Declines of the former kind count no more.
    """
    need = await lock_led(session, actor, need_id)
    if not await may_handle(session, actor, need):
        raise NotAllowed("take_it_first")
    if kind not in KINDS or kind == need.kind:
        raise Refused("choose_one")
    check_open(need)
    old, fresh = kind_of(need.kind), get_kind(kind)
    need.kind, need.declines = kind, 0
    before, need.visibility = need.visibility, max(need.visibility, fresh.visibility, key=_STRICTER.index)
    if need.visibility is Visibility.CONFIDENTIAL and before is not Visibility.CONFIDENTIAL:
        await cancel_undone_parts(session, need)
    await note_event(session, actor, need, "kind_changed", old=old.name, new=fresh.name)
    await change_times(session, need)
    await keep_terms(session, need)
    await keep_from_neighbours(session, need)
    route = await choose_lead(session, need)
    if route.party.id != need.lead_party_id:
        await pass_on(session, actor, need, route, MoveKind.KIND_CHANGED)
        return need
    need.routing_why, need.routing_values = route.why, dict(route.values)
    if need.visibility is Visibility.CONFIDENTIAL:
        if actor.role is not Role.SOCIAL_WORKER:
            await end_assignments(session, need)
        await end_talks(session, need)
    return need


async def refuse_errand(session: AsyncSession, actor: StaffActor, need_id: UUID) -> Need:
    """A social worker refuses a plain errand: it goes to the committee, and is counted.

    As the second refusal it goes to the street office; what that has decided is decided.
    """
    need = await lock_led(session, actor, need_id)
    if actor.role is not Role.SOCIAL_WORKER:
        raise NotAllowed("social_workers_only")
    if need.visibility is Visibility.CONFIDENTIAL:
        raise NotAllowed("stays_with_social_work")
    check_not_decided(need)
    await move_need(session, actor, need, NeedState.DECLINED, why="errand")
    need.declines += 1
    route = await _choose_after_errand(session, need)
    await pass_on(session, actor, need, route, MoveKind.ERRAND, reason="errand")
    return need


async def decide_need(
    session: AsyncSession, actor: StaffActor, need_id: UUID, party_id: UUID, words: str = ""
) -> Need:
    """The street office decides who takes what two parties declined; who is named so cannot decline any more."""
    need = await lock_led(session, actor, need_id)
    if actor.role is not Role.STREET:
        raise NotAllowed("street_decides")
    check_open(need)
    party = await get_receiver(session, need, party_id)
    route = Route(party, "street_decided", {"party": party.name})
    await pass_on(session, actor, need, route, MoveKind.STREET, words=words)
    return need


async def _choose_after_errand(session: AsyncSession, need: Need) -> Route:
    if need.declines >= DECLINES_UNTIL_STREET:
        return await choose_lead(session, need)
    committee = await get_party_of_type(session, need.community_id, PartyType.COMMITTEE)
    return Route(committee, "errand", {"party": committee.name})
