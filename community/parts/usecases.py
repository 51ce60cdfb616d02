"""Parts of a need: who leads asks another party, which accepts or refuses and says when it is done.

All run on the one clock of the need and share its notes; only who leads speaks to the resident.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from community.actors import StaffActor
from community.clock import now
from community.consents.rights import is_part_shared
from community.errors import NotAllowed, NotFound, Refused, WrongState
from community.needs.models import Need, Visibility
from community.needs.usecases.locking import get_receiver, lock_handled
from community.needs.usecases.steps import announce_to, check_open, lock_need, note_event
from community.parties.models import Party, PartyType, Role, Share
from community.parts.models import UNDONE, NeedPart, PartState
from community.routing.matrix import find_shares


async def ask_part(
    session: AsyncSession, actor: StaffActor, need_id: UUID, party_id: UUID, what: str = ""
) -> NeedPart:
    """Ask another party of the community for a part. A confidential need is shared with social work only."""
    need = await lock_handled(session, actor, need_id)
    check_open(need)
    party = await get_receiver(session, need, party_id)
    if need.visibility is Visibility.CONFIDENTIAL and party.type is not PartyType.SOCIAL_WORK_TEAM:
        raise NotAllowed("stays_with_social_work")
    part = await make_part(session, need, party, what, asked_by=actor.staff_id)
    await _tell(session, actor, need, part, party)
    return part


async def make_part(
    session: AsyncSession, need: Need, party: Party, what: str, *, asked_by: UUID
) -> NeedPart:
    """The row of a part, for a caller that has checked that it may be. Raises Refused("part_asked_already")."""
    at = now()
    part = NeedPart(
        need_id=need.id,
        party_id=party.id,
        what=what,
        state=PartState.ASKED,
        asked_by=asked_by,
        asked_at=at,
        changed_at=at,
    )
    try:
        async with session.begin_nested():
            session.add(part)
    except IntegrityError as error:
        raise Refused("part_asked_already") from error
    return part


async def find_undone_part(session: AsyncSession, need_id: UUID, party_id: UUID) -> NeedPart | None:
    """The part that a party was asked for and has not ended yet; there is one at most."""
    wanted = select(NeedPart).where(
        NeedPart.need_id == need_id, NeedPart.party_id == party_id, NeedPart.state.in_(UNDONE)
    )
    part: NeedPart | None = await session.scalar(wanted)
    return part


async def take_back_part(session: AsyncSession, part_id: UUID) -> None:
    """The party may know no more of it: what was not done is cancelled."""
    part = await session.get_one(NeedPart, part_id, with_for_update=True, populate_existing=True)
    if part.state in UNDONE:
        part.state, part.changed_at = PartState.CANCELLED, now()


async def ask_listed_parts(session: AsyncSession, actor: StaffActor, need_id: UUID) -> Sequence[NeedPart]:
    """Ask every party that assists by the list and was not asked yet, in one click."""
    need = await lock_handled(session, actor, need_id)
    check_open(need)
    asked = set(await session.scalars(select(NeedPart.party_id).where(NeedPart.need_id == need_id)))
    wanted = [
        party
        for party, share in await find_shares(session, need)
        if share is Share.ASSIST and party.id not in {*asked, need.lead_party_id}
    ]
    return [await ask_part(session, actor, need_id, party.id) for party in wanted]


async def accept_part(session: AsyncSession, actor: StaffActor, part_id: UUID) -> NeedPart:
    """The asked party takes its part."""
    return await _move_own(session, actor, part_id, {PartState.ASKED}, PartState.ACCEPTED, None)


async def refuse_part(session: AsyncSession, actor: StaffActor, part_id: UUID, why: str) -> NeedPart:
    """The asked party does not take it, and says why; who leads sees it, the resident does not."""
    if not why.strip():
        raise Refused("say_why")
    return await _move_own(session, actor, part_id, UNDONE, PartState.REFUSED, why)


async def finish_part(session: AsyncSession, actor: StaffActor, part_id: UUID, words: str) -> NeedPart:
    """The part is done; what was done is said to who leads."""
    if not words.strip():
        raise Refused("say_what_was_done")
    return await _move_own(session, actor, part_id, UNDONE, PartState.DONE, words)


async def cancel_part(session: AsyncSession, actor: StaffActor, part_id: UUID) -> NeedPart:
    """Who leads takes back what was asked."""
    part = await _get_part(session, part_id)
    need = await lock_handled(session, actor, part.need_id)
    check_open(need)
    await session.refresh(part, with_for_update=True)
    return await _move(session, actor, need, part, UNDONE, PartState.CANCELLED, None)


async def cancel_undone_parts(session: AsyncSession, need: Need) -> None:
    """The need is over: nobody waits for its parts any more."""
    await session.execute(
        update(NeedPart)
        .where(NeedPart.need_id == need.id, NeedPart.state.in_(UNDONE))
        .values(state=PartState.CANCELLED, changed_at=now())
    )


async def check_parts_done(session: AsyncSession, need: Need) -> None:
    """Raises Refused("parts_undone") while a party still works on its part: one clock, one end."""
    wanted = select(func.count()).where(NeedPart.need_id == need.id, NeedPart.state.in_(UNDONE))
    if await session.scalar(wanted):
        raise Refused("parts_undone")


async def _move_own(
    session: AsyncSession,
    actor: StaffActor,
    part_id: UUID,
    since: frozenset[PartState] | set[PartState],
    to: PartState,
    words: str | None,
) -> NeedPart:
    part = await _get_part(session, part_id)
    if part.party_id != actor.party_id or actor.role is Role.ADMIN:
        raise NotFound
    need = await lock_need(session, part.need_id)
    if not await _may_know_part(session, actor, need, part):
        raise NotFound
    await session.refresh(part, with_for_update=True)
    return await _move(session, actor, need, part, since, to, words)


async def _may_know_part(session: AsyncSession, actor: StaffActor, need: Need, part: NeedPart) -> bool:
    """A part of a confidential need is known to other social workers, and under a consent that holds now."""
    if need.visibility is not Visibility.CONFIDENTIAL or await is_part_shared(session, part.id):
        return True
    return actor.role is Role.SOCIAL_WORKER


async def _move(
    session: AsyncSession,
    actor: StaffActor,
    need: Need,
    part: NeedPart,
    since: frozenset[PartState] | set[PartState],
    to: PartState,
    words: str | None,
) -> NeedPart:
    if part.state not in since:
        raise WrongState("part_is_over")
    part.state, part.words = to, words
    part.changed_at, part.changed_by = now(), actor.staff_id
    await _tell(session, actor, need, part, await session.get_one(Party, part.party_id))
    return part


async def _tell(session: AsyncSession, actor: StaffActor, need: Need, part: NeedPart, party: Party) -> None:
    """A line in the story, and both consoles wake."""
    details: dict[str, Any] = {"party": party.name}
    if part.state is PartState.ASKED:
        details["what"] = part.what
    await note_event(session, actor, need, f"part_{part.state}", why=part.words, **details)
    await announce_to(session, need.community_id, part.party_id)


async def _get_part(session: AsyncSession, part_id: UUID) -> NeedPart:
    part = await session.get(NeedPart, part_id)
    if part is None:
        raise NotFound
    return part
