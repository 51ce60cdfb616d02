"""What staff do with needs: take, accept, decline, hand over, assign, answer, note, resolve."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from community.actors import StaffActor
from community.canned.filling import check_filled
from community.clock import now
from community.conversations.usecases import end_talks_about
from community.errors import NotAllowed, NotFound, Refused, WrongState
from community.files.attaching import attach_files
from community.needs.models import EntryKind, Need, NeedEntry, NeedState, Visibility
from community.needs.rights import may_handle, may_read, may_take
from community.needs.usecases.locking import check_not_decided, get_receiver, lock_handled, lock_led
from community.needs.usecases.passing import assign, pass_on
from community.needs.usecases.routing import BY_HAND, Route, choose_lead
from community.needs.usecases.steps import (
    add_entry,
    announce,
    check_open,
    lock_need,
    move_need,
    name_party,
    tell_resident,
)
from community.parties.models import PartyType, Role, Staff
from community.parts.usecases import check_parts_done
from community.routing.models import MoveKind
from community.staff_reach.queries import is_same_person
from community.surveys.planning import plan_survey


class DeclineReason(StrEnum):
    """Why a party declines; the resident is told who takes over, never a brush-off."""

    NOT_OURS = "not_ours"
    ERRAND = "errand"
    NO_CAPACITY = "no_capacity"
    NOT_ENOUGH_KNOWN = "not_enough_known"
    DUPLICATE = "duplicate"


async def accept_need(session: AsyncSession, actor: StaffActor, need_id: UUID) -> Need:
    """The actor's party takes the need, the actor is assigned, the resident is told by when there is an answer."""
    need = await _lock_taken(session, actor, need_id)
    line = await move_need(session, actor, need, NeedState.ACCEPTED)
    need.assignee_id = actor.staff_id
    party = await name_party(session, need.lead_party_id)
    due = need.first_answer_due_at.isoformat() if need.first_answer_due_at > line.at else None
    await tell_resident(session, need, "need_accepted", f"accepted:{line.id}", party=party, due_at=due)
    return need


async def decline_need(
    session: AsyncSession,
    actor: StaffActor,
    need_id: UUID,
    reason: DeclineReason,
    why: str = "",
    *,
    named_party_id: UUID | None = None,
) -> Need:
    """Decline with a reason: the named party or the next one is asked, after two declines the street office decides.

    A confidential need cannot be declined: nobody but social work may even see it, so it would be lost. What the
    street office has decided is decided.
    """
    need = await lock_led(session, actor, need_id)
    if actor.role is Role.STREET:
        raise NotAllowed("street_decides")
    if need.visibility is Visibility.CONFIDENTIAL:
        raise NotAllowed("stays_with_social_work")
    check_not_decided(need)
    named = await get_receiver(session, need, named_party_id) if named_party_id else None
    note = reason.value if not why else f"{reason.value}: {why}"
    await move_need(session, actor, need, NeedState.DECLINED, why=note)
    need.declines += 1
    route = await choose_lead(session, need, named=named)
    await pass_on(session, actor, need, route, MoveKind.DECLINED, reason=reason.value, words=why)
    return need


async def hand_over_need(
    session: AsyncSession, actor: StaffActor, need_id: UUID, party_id: UUID, why: str
) -> Need:
    """Give the need to another party of the community, with a reason; what the street office gives on is decided.

    A confidential need goes to another social work team only; what the street office has decided stays.
    """
    need = await lock_led(session, actor, need_id)
    check_open(need)
    check_not_decided(need)
    party = await get_receiver(session, need, party_id)
    if need.visibility is Visibility.CONFIDENTIAL and party.type is not PartyType.SOCIAL_WORK_TEAM:
        raise NotAllowed("stays_with_social_work")
    if actor.role is Role.STREET:
        decided = Route(party, "street_decided", {"party": party.name})
        await pass_on(session, actor, need, decided, MoveKind.STREET, words=why)
        return need
    by_hand = Route(party, BY_HAND, {"before": await name_party(session, need.lead_party_id)})
    await pass_on(session, actor, need, by_hand, MoveKind.HANDED_OVER, words=why)
    return need


async def assign_need(session: AsyncSession, actor: StaffActor, need_id: UUID, staff_id: UUID) -> Need:
    """Make a colleague of one's own party the one who handles the need.

    What is over is assigned no more, but a social worker still takes a confidential one to read it.
    """
    need = await lock_need(session, need_id)
    itself = actor.staff_id == staff_id and may_take(actor, need)
    if not itself and not await may_handle(session, actor, need):
        raise NotFound
    if not (itself and need.visibility is Visibility.CONFIDENTIAL):
        check_open(need)
    colleague = await session.get(Staff, staff_id)
    if colleague is None or colleague.party_id != need.lead_party_id or colleague.disabled_at is not None:
        raise NotFound("no_such_colleague")
    if colleague.role is Role.ADMIN:  # manages accounts and could not read it
        raise NotFound("no_such_colleague")
    if need.visibility is Visibility.CONFIDENTIAL and colleague.role is not Role.SOCIAL_WORKER:
        raise NotAllowed("social_workers_only")
    if await is_same_person(session, staff_id, need.resident_id):
        raise NotAllowed("own_matter")
    await assign(session, need, staff_id, actor)
    need.changed_at = now()
    await announce(session, need)
    return need


async def answer_resident(
    session: AsyncSession,
    actor: StaffActor,
    need_id: UUID,
    words: str,
    *,
    request_id: UUID | None = None,
    file_ids: Sequence[UUID] = (),
) -> NeedEntry:
    """Write to the resident in the chat, under the actor's name, with files of the actor's.

    A repeated `request_id` sends once.
    """
    need = await lock_handled(session, actor, need_id)
    if request_id and (said := await _find_entry(session, request_id)):
        return said
    check_filled(words)
    if need.state in (NeedState.ROUTED, NeedState.REOPENED):
        await move_need(session, actor, need, NeedState.ACCEPTED)
    if need.state is NeedState.ACCEPTED:
        await move_need(session, actor, need, NeedState.IN_PROGRESS)
    await assign(session, need, actor.staff_id, actor)
    entry = await add_entry(session, need, EntryKind.ANSWER, words, actor=actor, request_id=request_id)
    attached = await attach_files(session, actor, entry, file_ids)
    sent: dict[str, Any] = {"files": [each.as_value() for each in attached]} if attached else {}
    need.first_answered_at = need.first_answered_at or entry.at
    await tell_resident(
        session,
        need,
        "staff_answer",
        f"answer:{entry.id}",
        staff_id=actor.staff_id,
        words=words,
        name=actor.name,
        **sent,
    )
    return entry


async def note_on_need(
    session: AsyncSession,
    actor: StaffActor,
    need_id: UUID,
    words: str,
    *,
    request_id: UUID | None = None,
    file_ids: Sequence[UUID] = (),
) -> NeedEntry:
    """Write a note that staff see and the resident does not, with files of the actor's."""
    need = await lock_need(session, need_id)
    if not await may_read(session, actor, need):
        raise NotFound
    if request_id and (said := await _find_entry(session, request_id)):
        return said
    entry = await add_entry(session, need, EntryKind.NOTE, words, actor=actor, request_id=request_id)
    await attach_files(session, actor, entry, file_ids)
    return entry


async def start_need(session: AsyncSession, actor: StaffActor, need_id: UUID) -> Need:
    """Work has begun."""
    need = await lock_handled(session, actor, need_id)
    await move_need(session, actor, need, NeedState.IN_PROGRESS)
    return need


async def resolve_need(
    session: AsyncSession,
    actor: StaffActor,
    need_id: UUID,
    words: str,
    *,
    survey_at: datetime,
) -> Need:
    """The work is done: the resident is told what was done, and the survey is planned for `survey_at`.

    Who spoke with the resident about it has given the conversation back by this.
    """
    need = await lock_handled(session, actor, need_id)
    if not words.strip():
        raise Refused("say_what_was_done")
    check_filled(words)
    if need.state is NeedState.ROUTED:
        raise WrongState("accept_first")
    await check_parts_done(session, need)
    line = await move_need(session, actor, need, NeedState.RESOLVED, why=words)
    need.resolved_at = line.at
    need.first_answered_at = need.first_answered_at or line.at
    await tell_resident(
        session,
        need,
        "need_resolved",
        f"resolved:{line.id}",
        staff_id=actor.staff_id,
        words=words,
        name=actor.name,
    )
    await end_talks_about(session, need)
    await plan_survey(session, need, survey_at)
    return need


async def _lock_taken(session: AsyncSession, actor: StaffActor, need_id: UUID) -> Need:
    need = await lock_led(session, actor, need_id)
    if not may_take(actor, need):
        raise NotAllowed("social_workers_only")
    await assign(session, need, actor.staff_id, actor)
    return need


async def _find_entry(session: AsyncSession, request_id: UUID) -> NeedEntry | None:
    found: NeedEntry | None = await session.scalar(
        select(NeedEntry).where(NeedEntry.request_id == request_id)
    )
    return found
