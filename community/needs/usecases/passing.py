"""Who handles a need: somebody takes it, or it goes to another party, a step that many acts share."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from community.actors import SYSTEM, StaffActor
from community.alerts.again import ring_again
from community.alerts.closing import end_alert
from community.audit.usecases import note_act
from community.clock import now
from community.conversations.usecases import end_talks
from community.needs.models import Need, NeedAssignment, NeedState, Visibility
from community.needs.usecases.routing import ROUTES, Route
from community.needs.usecases.steps import move_need, tell_resident
from community.parts.usecases import find_undone_part, take_back_part
from community.routing.models import MoveKind, NeedMove


async def pass_on(
    session: AsyncSession,
    actor: StaffActor,
    need: Need,
    route: Route,
    how: MoveKind,
    *,
    reason: str | None = None,
    words: str = "",
) -> None:
    """The need is with the route's party now; nobody is assigned, and the resident is told who takes over.

    A part that this party was asked for is over: all of it is theirs. A crisis rings with them.
    """
    await end_assignments(session, need)
    await end_talks(session, need)
    if part := await find_undone_part(session, need.id, route.party.id):
        await take_back_part(session, part.id)
    move = NeedMove(
        need_id=need.id,
        at=now(),
        how=how,
        from_party_id=need.lead_party_id,
        to_party_id=route.party.id,
        staff_id=actor.staff_id,
        reason=reason,
        words=words,
    )
    session.add(move)
    need.lead_party_id, need.routing_why = route.party.id, route.why
    need.routing_values = dict(route.values) or None
    by = SYSTEM if need.state is NeedState.DECLINED else actor
    listed = route.why in ROUTES  # else the history says what was written by hand
    why, details = (route.why, route.values) if listed else (words or route.why, None)
    line = await move_need(session, by, need, NeedState.ROUTED, why=why, details=details)
    await ring_again(session, need, line.at)
    await tell_resident(session, need, "need_passed_on", f"passed:{line.id}", party=route.party.name)


async def assign(session: AsyncSession, need: Need, staff_id: UUID, actor: StaffActor) -> None:
    """Somebody of staff handles the need from now on: nothing rings for it any more."""
    by, need.assignee_id = actor.staff_id, staff_id
    await _note_opened(session, need, staff_id, actor)
    await end_alert(session, need.id, staff_id)
    row = insert(NeedAssignment).values(need_id=need.id, staff_id=staff_id, assigned_by=by, at=now())
    again = {"ended_at": None, "assigned_by": by, "at": now()}
    await session.execute(row.on_conflict_do_update(index_elements=["need_id", "staff_id"], set_=again))


async def _note_opened(session: AsyncSession, need: Need, staff_id: UUID, actor: StaffActor) -> None:
    """From here on somebody may read a confidential need who might not before: that stands in the audit log."""
    if need.visibility is not Visibility.CONFIDENTIAL:
        return
    readable = select(NeedAssignment.need_id).where(
        NeedAssignment.need_id == need.id,
        NeedAssignment.staff_id == staff_id,
        NeedAssignment.ended_at.is_(None),
    )
    if await session.scalar(readable) is None:
        note_act(
            session,
            actor,
            "confidential_assigned",
            subject_kind="need",
            subject_id=need.id,
            community_id=need.community_id,
            to=staff_id,
        )


async def end_assignments(session: AsyncSession, need: Need) -> None:
    """Nobody handles the need any more; of a confidential one nobody may read it until somebody takes it."""
    need.assignee_id = None
    await session.execute(
        update(NeedAssignment)
        .where(NeedAssignment.need_id == need.id, NeedAssignment.ended_at.is_(None))
        .values(ended_at=now())
    )
