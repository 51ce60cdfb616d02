"""Staff ask the resident something: the clocks of the need stand still until the answer, which is an addition."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from community.actors import StaffActor
from community.canned.filling import check_filled
from community.clocks.reminding import answer_buttons
from community.clocks.running import pause_clocks
from community.errors import WrongState
from community.needs.models import EntryKind, Need, NeedEntry, NeedState
from community.needs.usecases.locking import lock_handled
from community.needs.usecases.passing import assign
from community.needs.usecases.steps import (
    add_entry,
    check_open,
    end_waiting,
    is_added,
    move_need,
    note_event,
    tell_resident,
)


async def ask_resident(
    session: AsyncSession, actor: StaffActor, need_id: UUID, words: str, *, request_id: UUID | None = None
) -> NeedEntry | None:
    """Ask the resident, under the actor's name, and wait: a question is a first answer too. A repeat asks once."""
    need = await lock_handled(session, actor, need_id)
    if await is_added(session, message_id=None, request_id=request_id):
        return None
    check_open(need)
    check_filled(words)
    if need.state in (NeedState.ROUTED, NeedState.REOPENED):
        await move_need(session, actor, need, NeedState.ACCEPTED)
    await assign(session, need, actor.staff_id, actor)
    entry = await add_entry(session, need, EntryKind.ANSWER, words, actor=actor, request_id=request_id)
    need.first_answered_at = need.first_answered_at or entry.at
    await note_event(session, actor, need, "waiting", at=entry.at)
    await pause_clocks(session, need, entry.at)
    await tell_resident(
        session,
        need,
        "staff_question",
        f"question:{entry.id}",
        staff_id=actor.staff_id,
        buttons=answer_buttons(need.id),
        words=words,
        name=actor.name,
    )
    return entry


async def stop_waiting(session: AsyncSession, actor: StaffActor, need_id: UUID) -> Need:
    """The answer came in another way, by phone or at the door: the clocks run on."""
    need = await lock_handled(session, actor, need_id)
    if need.waiting_since is None:
        raise WrongState(state=need.state.value)
    line = await note_event(session, actor, need, "waiting_stopped")
    await end_waiting(session, need, line.at)
    return need
