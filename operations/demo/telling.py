"""Plays a story through the use-cases, one step after the other, and sets each step back to when it happened."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from channels.web.thread import append_told
from community.actors import StaffActor
from community.clocks.running import set_back
from community.needs.models import Need, NeedAssignment, NeedEntry, NeedHistory, NeedState
from community.needs.usecases.residents import Report, add_to_need, report_need, withdraw_need
from community.needs.usecases.staff import (
    DeclineReason,
    accept_need,
    answer_resident,
    decline_need,
    note_on_need,
    resolve_need,
)
from community.needs.usecases.steps import move_need
from community.outbox.models import OutboxMessage, OutboxState
from community.places.models import Community
from community.routing.models import NeedMove
from community.surveys.asking import SurveyTimes, take_due_survey
from community.surveys.models import Survey
from community.surveys.usecases import answer_solved, rate_need, remark_on_survey
from operations.demo.stories import Step, Story, Verb, When

_MOMENTS: tuple[InstrumentedAttribute[Any], ...] = (
    NeedHistory.at,
    NeedEntry.at,
    NeedAssignment.at,
    NeedAssignment.ended_at,
    NeedMove.at,
    Survey.created_at,
    Survey.asked_at,
    Survey.answered_at,
)
_NEED_MOMENTS = (Need.changed_at, Need.first_answered_at, Need.resolved_at, Need.closed_at)


@dataclass(frozen=True, slots=True)
class Stage:
    """Where a story plays: the community, its people by name, its places by (building, unit), and the present."""

    session: AsyncSession
    community: Community
    staff: Mapping[str, StaffActor]
    residents: Mapping[str, UUID]
    places: Mapping[tuple[str, str | None], UUID]
    now: datetime

    def moment(self, when: When) -> datetime:
        """The moment (UTC) that a story calls so."""
        if isinstance(when, timedelta):
            return self.now - when
        days, clock = when
        zone = ZoneInfo(self.community.zone)
        day = self.now.astimezone(zone).date() - timedelta(days=days)
        return datetime.combine(day, time.fromisoformat(clock), zone).astimezone(UTC)


@dataclass(frozen=True, slots=True)
class Turn:
    """One step about to be played: the need, who acts, and when it happened."""

    stage: Stage
    need: Need
    step: Step
    at: datetime

    @property
    def session(self) -> AsyncSession:
        """The session of the whole demo."""
        return self.stage.session

    @property
    def actor(self) -> StaffActor:
        """Who acts: the one who is named, else somebody of the party that leads now."""
        named = self.stage.staff.get(self.step.by)
        return named or next(a for a in self.stage.staff.values() if a.party_id == self.need.lead_party_id)


async def tell(stage: Stage, story: Story) -> Need:
    """Play one story; the need is as if all had happened at the story's own times."""
    report = Report(
        kind=story.kind,
        words=story.words,
        place_id=stage.places[story.place] if story.place else None,
        place_words=story.place_words,
        urgency=story.urgency,
    )
    resident = stage.residents[story.resident]
    need = await report_need(stage.session, resident, report, at=stage.moment(story.when))
    for step in story.steps:
        turn = Turn(stage, need, step, stage.moment(step.when))
        await _ACTS[step.verb](turn)
        await _set_back(turn)
    return need


async def _accept(turn: Turn) -> None:
    await accept_need(turn.session, turn.actor, turn.need.id)


async def _answer(turn: Turn) -> None:
    await answer_resident(turn.session, turn.actor, turn.need.id, turn.step.words)


async def _note(turn: Turn) -> None:
    await note_on_need(turn.session, turn.actor, turn.need.id, turn.step.words)


async def _add(turn: Turn) -> None:
    await add_to_need(turn.session, turn.need.resident_id, turn.need.id, turn.step.words)


async def _decline(turn: Turn) -> None:
    await decline_need(turn.session, turn.actor, turn.need.id, DeclineReason.NOT_OURS, turn.step.words)


async def _decline_and_stop(turn: Turn) -> None:
    """Declined and not yet passed on: a state that is over in a moment, shown standing still."""
    why = f"{DeclineReason.NOT_OURS.value}: {turn.step.words}"
    await move_need(turn.session, turn.actor, turn.need, NeedState.DECLINED, why=why)
    turn.need.declines += 1


async def _keep_unrouted(turn: Turn) -> None:
    """Reported and not yet routed: the other state that is over in a moment."""
    routed = NeedHistory.to_state == NeedState.ROUTED
    await turn.session.execute(delete(NeedHistory).where(NeedHistory.need_id == turn.need.id, routed))
    turn.need.state, turn.need.routing_why = NeedState.REPORTED, None


async def _resolve(turn: Turn) -> None:
    planned = turn.at + timedelta(hours=24)
    await resolve_need(turn.session, turn.actor, turn.need.id, turn.step.words, survey_at=planned)


async def _ask(turn: Turn) -> None:
    """The worker's question, brought forward to this step."""
    due = update(Survey).where(Survey.need_id == turn.need.id, Survey.due_at.is_not(None))
    await turn.session.execute(due.values(due_at=turn.at))
    await take_due_survey(turn.session, turn.at, SurveyTimes())


async def _rate(turn: Turn) -> None:
    survey = await turn.session.scalar(select(Survey).where(Survey.need_id == turn.need.id))
    if survey is None:
        raise LookupError(turn.need.code)
    resident = turn.need.resident_id
    await answer_solved(turn.session, resident, survey.id, turn.step.solved)
    if turn.step.score is not None:
        await rate_need(turn.session, resident, survey.id, turn.step.score)
    if turn.step.words:
        await remark_on_survey(turn.session, resident, survey.id, turn.step.words)


async def _withdraw(turn: Turn) -> None:
    await withdraw_need(turn.session, turn.need.resident_id, turn.need.id, turn.step.words)


_ACTS: Mapping[Verb, Callable[[Turn], Awaitable[None]]] = {
    "accept": _accept,
    "answer": _answer,
    "note": _note,
    "add": _add,
    "decline": _decline,
    "declined": _decline_and_stop,
    "unrouted": _keep_unrouted,
    "resolve": _resolve,
    "ask": _ask,
    "rate": _rate,
    "withdraw": _withdraw,
}


async def _set_back(turn: Turn) -> None:
    """Everything that the step wrote just now happened at the step's moment; what it told was delivered then."""
    session, need, at = turn.session, turn.need, turn.at
    await session.flush()
    for column in (*_MOMENTS, *_NEED_MOMENTS):
        owner = Need.id if column in _NEED_MOMENTS else column.class_.need_id
        fresh = update(column.class_).where(owner == need.id, column >= turn.stage.now)
        await session.execute(fresh.values({column: at}), execution_options={"synchronize_session": False})
    await _deliver(turn)
    await session.refresh(need)
    await set_back(session, need, turn.stage.now, at)


async def _deliver(turn: Turn) -> None:
    told = (
        update(OutboxMessage)
        .where(OutboxMessage.need_id == turn.need.id, OutboxMessage.state == OutboxState.PENDING)
        .values(state=OutboxState.SENT, created_at=turn.at, due_at=turn.at, sent_at=turn.at)
        .returning(OutboxMessage.id, OutboxMessage.address_id)
    )
    rows = (await turn.session.execute(told)).all()
    shown = [(outbox_id, address_id) for outbox_id, address_id in rows if address_id]
    await append_told(turn.session, [row[0] for row in shown], [row[1] for row in shown], turn.at)
