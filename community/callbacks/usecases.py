"""What comes out of a call-back: they talked, nobody was reached, the need is opened again, or an answer was told.

Only who is named for it does these, and never who had a hand in the need: staff do not rate their own.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from community.actors import SYSTEM, StaffActor
from community.callbacks.choosing import find_callers, had_a_hand
from community.callbacks.models import CallBack, CallBackState, CallBackWhy
from community.callbacks.planning import add_office_day, next_morning
from community.callbacks.rights import may_call
from community.clock import now
from community.errors import NotAllowed, NotFound, Refused, WrongState
from community.needs.models import EntryKind, Need, NeedState
from community.needs.usecases.steps import add_entry, announce_to, lock_need, note_event, tell_resident
from community.surveys.models import AFTER_CALL_BACK, Survey, SurveyState
from community.surveys.outcome import close_need, reopen_need
from community.surveys.planning import plan_survey
from community.surveys.usecases import settle
from community.surveys.waiting import is_unanswered

TRIES_UNTIL_LEADER = 3


async def take_call_back(session: AsyncSession, actor: StaffActor, call_back_id: UUID) -> CallBack:
    """Do it oneself: for who leads the party, and where nobody is named; refused to who handled the need."""
    call, need = await _lock(session, actor, call_back_id)
    if await had_a_hand(session, actor.staff_id, need, before=call.created_at):
        raise NotAllowed("call_back_of_own_work")
    call.staff_id, call.party_id = actor.staff_id, actor.party_id
    await announce_to(session, need.community_id, call.party_id)
    return call


async def give_call_back(
    session: AsyncSession, actor: StaffActor, call_back_id: UUID, staff_id: UUID
) -> CallBack:
    """Who leads the party names somebody else of those who may call. Raises NotFound("no_such_colleague")."""
    call, need = await _lock(session, actor, call_back_id)
    callers = await find_callers(session, need, now(), before=call.created_at)
    chosen = next((person for person in callers if person.id == staff_id), None)
    if chosen is None:
        raise NotFound("no_such_colleague")
    call.staff_id, call.party_id = chosen.id, chosen.party_id
    await announce_to(session, need.community_id, call.party_id)
    return call


async def end_call_back(
    session: AsyncSession, actor: StaffActor, call_back_id: UUID, words: str, *, survey_at: datetime
) -> CallBack:
    """They talked, and these words came out; a second survey is asked at `survey_at`, once.

    Where the need is open again by now, the survey of its next round is the second one.
    """
    call, need = await _lock_own(session, actor, call_back_id)
    if call.why is CallBackWhy.NOT_WRITTEN:
        raise Refused("call_back_needs_answer")
    await _end(session, actor, call, need, CallBackState.DONE, words)
    survey = await session.get_one(Survey, call.survey_id)
    if need.state is NeedState.CLOSED and need.rounds == survey.round:
        await plan_survey(session, need, survey_at, turn=AFTER_CALL_BACK)
    return call


async def reopen_by_call(
    session: AsyncSession, actor: StaffActor, call_back_id: UUID, words: str
) -> CallBack:
    """The resident wants the need opened again: the same party has it with these words, and the resident is told."""
    call, need = await _lock_own(session, actor, call_back_id)
    if call.why is CallBackWhy.NOT_WRITTEN:
        return await rate_by_phone(session, actor, call_back_id, solved=False, score=None, words=words)
    await _end(session, actor, call, need, CallBackState.REOPENED, words)
    if need.state in (NeedState.CLOSED, NeedState.RESOLVED):
        await reopen_need(session, need, actor, "call_back")
        await _tell_reopened(session, need)
    await add_entry(session, need, EntryKind.NOTE, words, actor=actor)
    return call


async def rate_by_phone(
    session: AsyncSession,
    actor: StaffActor,
    call_back_id: UUID,
    *,
    solved: bool,
    score: int | None,
    words: str = "",
) -> CallBack:
    """Write down what somebody who cannot be written to answered by phone. Raises Refused("score_1_to_5")."""
    call, need = await _lock_own(session, actor, call_back_id)
    if score is not None and not 1 <= score <= 5:
        raise Refused("score_1_to_5")
    survey = await session.get_one(Survey, call.survey_id)
    if not is_unanswered(survey, need):
        raise WrongState("survey_is_over")
    survey.score, survey.words, survey.entered_by = score, words or None, actor.staff_id
    await settle(session, survey, need, actor, solved)
    await _end(session, actor, call, need, CallBackState.DONE if solved else CallBackState.REOPENED, words)
    if words and not solved:
        await add_entry(session, need, EntryKind.NOTE, words, actor=actor)
    return call


async def note_not_reached(session: AsyncSession, actor: StaffActor, call_back_id: UUID) -> CallBack:
    """Nobody answered: again when the office opens on its next day; after three times it lies with the leader too."""
    call, need = await _lock_own(session, actor, call_back_id)
    call.tries += 1
    call.due_at = call.next_at = await next_morning(session, need, now())
    call.with_leader = call.with_leader or call.tries >= TRIES_UNTIL_LEADER
    await note_event(session, actor, need, "call_back_not_reached", count=call.tries)
    await announce_to(session, need.community_id, call.party_id)
    return call


async def give_up_call_back(session: AsyncSession, actor: StaffActor, call_back_id: UUID) -> CallBack:
    """After three tries it ends: a need that was only waiting for this answer is closed without one."""
    call, need = await _lock_own(session, actor, call_back_id)
    if call.tries < TRIES_UNTIL_LEADER:
        raise WrongState("call_back_try_again")
    await _end(session, actor, call, need, CallBackState.NOT_REACHED, "")
    survey = await session.get_one(Survey, call.survey_id)
    if call.why is CallBackWhy.NOT_WRITTEN and is_unanswered(survey, need):
        survey.state = SurveyState.EXPIRED
        await close_need(session, need, SYSTEM, "no_answer")
    return call


async def find_due_call_backs(session: AsyncSession, at: datetime, most: int) -> Sequence[UUID]:
    """At most `most` call-backs of which something is due at `at`, the longest waiting first."""
    wanted = select(CallBack.id).where(CallBack.next_at <= at).order_by(CallBack.next_at).limit(most)
    return (await session.scalars(wanted)).all()


async def take_due_call_back(session: AsyncSession, at: datetime, call_back_id: UUID) -> int:
    """One that is late: who is away hands over to who is there, and the leader hears of it once; gives 1, or 0."""
    need_of = select(CallBack.need_id).where(CallBack.id == call_back_id).scalar_subquery()
    locked = select(Need).where(Need.id == need_of).with_for_update(skip_locked=True)
    need = await session.scalar(locked, execution_options={"populate_existing": True})
    call = await session.get_one(CallBack, call_back_id, with_for_update=True, populate_existing=True)
    if need is None or call.next_at is None or call.next_at > at:
        return 0
    callers = await find_callers(session, need, at, before=call.created_at)
    if callers and call.staff_id not in {person.id for person in callers}:
        call.staff_id, call.party_id = callers[0].id, callers[0].party_id
        call.due_at = call.next_at = await add_office_day(session, need, at)
    else:
        call.next_at = None if call.staff_id else await next_morning(session, need, at)
    if not call.with_leader:
        call.with_leader = True
        await note_event(session, SYSTEM, need, "call_back_late", at=at)
    await announce_to(session, need.community_id, call.party_id)
    return 1


async def _lock(session: AsyncSession, actor: StaffActor, call_back_id: UUID) -> tuple[CallBack, Need]:
    """An open call-back that the actor may know of, with its need; survey, need and call are locked in this order."""
    found = await session.get(CallBack, call_back_id)
    if found is None:
        raise NotFound
    await session.get_one(Survey, found.survey_id, with_for_update=True, populate_existing=True)
    need = await lock_need(session, found.need_id)
    call = await session.get_one(CallBack, call_back_id, with_for_update=True, populate_existing=True)
    if not await may_call(session, actor, call, need):
        raise NotFound
    if call.state is not CallBackState.OPEN:
        raise WrongState("call_back_is_over")
    return call, need


async def _lock_own(session: AsyncSession, actor: StaffActor, call_back_id: UUID) -> tuple[CallBack, Need]:
    """As `_lock`, for who is named; who had a hand in the need is refused whatever the row says."""
    call, need = await _lock(session, actor, call_back_id)
    if await had_a_hand(session, actor.staff_id, need, before=call.created_at):
        raise NotAllowed("call_back_of_own_work")
    if call.staff_id != actor.staff_id:
        raise NotAllowed("call_back_of_somebody_else")
    return call, need


async def _end(
    session: AsyncSession,
    actor: StaffActor,
    call: CallBack,
    need: Need,
    state: CallBackState,
    words: str,
) -> None:
    if state is not CallBackState.NOT_REACHED and call.why is CallBackWhy.LOW_SCORE and not words.strip():
        raise Refused("say_what_came_out")
    call.state, call.words, call.ended_at, call.next_at = state, words or None, now(), None
    await note_event(session, actor, need, f"call_back_{state}")
    await announce_to(session, need.community_id, call.party_id)


async def _tell_reopened(session: AsyncSession, need: Need) -> None:
    due = need.first_answer_due_at.isoformat()
    await tell_resident(session, need, "call_back_reopened", f"call_back:{need.rounds}", due=due)
