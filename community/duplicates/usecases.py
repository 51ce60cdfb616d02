"""Following somebody else's need instead of reporting it again; staff merge what is the same, and split it again."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import delete, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from community.actors import SYSTEM, StaffActor
from community.base import count_changed
from community.clock import now
from community.conversations.usecases import end_talks_about
from community.duplicates.models import NeedFollower
from community.duplicates.narrowing import keep_from_neighbours
from community.errors import NotAllowed, NotFound, Refused, WrongState
from community.needs.models import ENDED, Need, NeedState, Urgency, Visibility
from community.needs.rights import may_handle, may_know, may_read
from community.needs.usecases.steps import lock_need, move_need, name_party, note_event, tell_resident
from community.parts.usecases import check_parts_done
from community.residents.models import Resident

_HURRIES = (Urgency.NORMAL, Urgency.URGENT, Urgency.CRISIS)


async def follow_need(session: AsyncSession, resident_id: UUID, need_id: UUID) -> Need:
    """A resident follows an open public need of the own community; a second time changes nothing."""
    need = await lock_need(session, need_id)
    resident = await session.get(Resident, resident_id)
    inside = resident is not None and resident.community_id == need.community_id
    if not inside or need.visibility is not Visibility.PUBLIC or need.resident_id == resident_id:
        raise NotFound
    if need.state in ENDED:
        raise WrongState("need_is_over", code=need.code)
    if await _add_follower(session, need, resident_id, None):
        await note_event(session, SYSTEM, need, "followed")
    return need


async def merge_needs(session: AsyncSession, actor: StaffActor, need_id: UUID, code: str) -> Need:
    """Merge a need into the one of this code: its reporter and followers follow that one from now on.

    Who leads the need may do it, where that person may read both and neither is confidential. What is more urgent is
    not merged into what is less: its minutes, and an alert, would be gone. Raises Refused("merge_other_way").
    """
    target_id = await session.scalar(select(Need.id).where(Need.code == code.strip().upper()))
    if target_id is None or target_id == need_id:
        raise NotFound("no_such_need")
    first, second = sorted((need_id, target_id))  # always locked in one order
    await lock_need(session, first)
    await lock_need(session, second)
    need, target = await session.get_one(Need, need_id), await session.get_one(Need, target_id)
    await _check_may_merge(session, actor, need, target)
    await check_parts_done(session, need)
    need.merged_into, need.assignee_id = target.id, None
    line = await move_need(session, actor, need, NeedState.CLOSED, why="merged")
    need.closed_at = line.at
    await note_event(session, actor, need, "merged", other=target.code)
    await note_event(session, actor, target, "took_in", other=need.code)
    await _move_followers(session, need, target)
    await tell_resident(
        session,
        need,
        "need_merged",
        f"merged:{line.id}",
        party=await name_party(session, target.lead_party_id),
    )
    await end_talks_about(session, need)
    return need


async def split_need(session: AsyncSession, actor: StaffActor, need_id: UUID) -> Need:
    """A merged need is a matter of its own after all: it is open again with the party that led it."""
    need = await lock_need(session, need_id)
    if not await may_know(session, actor, need):
        raise NotFound
    if not await may_handle(session, actor, need):
        raise NotAllowed("other_party_leads")
    if need.merged_into is None:
        raise WrongState(state=need.state.value)
    target = await session.get_one(Need, need.merged_into)
    # By its own need alone: the row has gone on where the target was merged as well.
    await session.execute(delete(NeedFollower).where(NeedFollower.own_need_id == need.id))
    need.merged_into, need.closed_at = None, None
    line = await move_need(session, actor, need, NeedState.ROUTED, why="split", opens_closed=True)
    await note_event(session, actor, need, "split", other=target.code)
    await note_event(session, actor, target, "gave_out", other=need.code)
    await tell_resident(
        session, need, "need_split", f"split:{line.id}", party=await name_party(session, need.lead_party_id)
    )
    return need


async def _check_may_merge(session: AsyncSession, actor: StaffActor, need: Need, target: Need) -> None:
    if not await may_know(session, actor, need):
        raise NotFound
    if not await may_read(session, actor, target) or target.community_id != need.community_id:
        raise NotFound("no_such_need")
    if Visibility.CONFIDENTIAL in (need.visibility, target.visibility):
        raise NotAllowed("confidential_stays_alone")
    if not await may_handle(session, actor, need):
        raise NotAllowed("other_party_leads")
    if need.state in ENDED or target.state in ENDED:
        raise Refused("merge_open_needs")
    if _HURRIES.index(need.urgency) > _HURRIES.index(target.urgency):
        raise Refused("merge_other_way", code=need.code)


async def _add_follower(
    session: AsyncSession, need: Need, resident_id: UUID, own_need_id: UUID | None
) -> bool:
    row = insert(NeedFollower).values(
        need_id=need.id, resident_id=resident_id, at=now(), own_need_id=own_need_id
    )
    done = await session.execute(row.on_conflict_do_nothing(index_elements=["need_id", "resident_id"]))
    return count_changed(done) == 1


async def _move_followers(session: AsyncSession, need: Need, target: Need) -> None:
    """The reporter and the followers of a need follow the one that it was merged into; who reported that does not."""
    if need.resident_id != target.resident_id:
        await _add_follower(session, target, need.resident_id, need.id)
    already = select(NeedFollower.resident_id).where(NeedFollower.need_id == target.id)
    await session.execute(
        update(NeedFollower)
        .where(
            NeedFollower.need_id == need.id,
            NeedFollower.resident_id != target.resident_id,
            NeedFollower.resident_id.not_in(already.scalar_subquery()),
        )
        .values(need_id=target.id)
        .execution_options(synchronize_session=False)
    )
    await keep_from_neighbours(session, target)
