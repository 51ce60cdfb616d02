"""From the outcomes of a batch to what is to be recorded: the table of channels/consequences.py, applied."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from channels.consequences import CONSEQUENCES, Consequence, Then
from channels.contract import Outcome, Outgoing
from channels.errors import SendError
from community.outbox.models import OutboxState
from community.outbox.sending import BACKOFF, TRIES, Emptied, Failure, Spent
from community.places.models import DEFAULT_ZONE

SHORTEST_REST = timedelta(seconds=1)
_STATES = {Then.WAIT: OutboxState.WAITING, Then.GIVE_UP: OutboxState.FAILED}


@dataclass(frozen=True, slots=True)
class Rest:
    """The whole channel sends nothing before `until`."""

    until: datetime
    reason: str


@dataclass(slots=True)
class Verdict:
    """What a batch of one channel comes to.

    `elsewhere` are rows that another channel may carry; `emptied` addresses with "window" or "budget". `fruitless`
    says why nothing at all went out, `trouble` what an operator has to see to; `well` that everything went out.
    """

    sent: list[tuple[UUID, str | None]] = field(default_factory=list)
    failures: list[Failure] = field(default_factory=list)
    elsewhere: list[UUID] = field(default_factory=list)
    stopped: list[UUID] = field(default_factory=list)
    emptied: list[Emptied] = field(default_factory=list)
    spent: list[Spent] = field(default_factory=list)
    rest: Rest | None = None
    fruitless: str | None = None
    trouble: str | None = None

    @property
    def well(self) -> bool:
        """Whether everything went out."""
        return not self.failures


def judge(
    rows: Mapping[UUID, Outgoing],
    outcomes: Sequence[Outcome],
    at: datetime,
    *,
    idempotent: bool,
    any_time: Collection[str] = (),
) -> Verdict:
    """What follows from the outcomes of rows of one channel, whose `any_time` messages need no window."""
    verdict = Verdict(fruitless=_find_fault(outcomes))
    for outcome in outcomes:
        row = rows[outcome.id]
        _count(verdict, row, outcome)
        if outcome.error is None:
            verdict.sent.append((outcome.id, outcome.outside_id))
        elif _needs_no_window(row, outcome.error, any_time):
            _try_without_window(verdict, row, outcome.error)
        else:
            _fail(verdict, row, outcome, at, idempotent=idempotent)
    return verdict


def _find_fault(outcomes: Sequence[Outcome]) -> str | None:
    """Why the platform took nothing of the batch, where that is its own fault."""
    errors = [outcome.error for outcome in outcomes]
    if all(error is not None and CONSEQUENCES[error].platform for error in errors):
        return str(errors[0]) if errors else None
    return None


def _fail(verdict: Verdict, row: Outgoing, outcome: Outcome, at: datetime, *, idempotent: bool) -> None:
    error = outcome.error or SendError.REFUSED
    follows = CONSEQUENCES[error]
    fruitless = verdict.fruitless is not None
    excused = fruitless or not outcome.tried or not follows.counts or outcome.retry_after is not None
    verdict.failures.append(
        Failure(
            id=row.id,
            reason=error.value,
            state=_state(_what_follows(follows, outcome), row, excused=excused),
            after=_after(follows, row, outcome, fruitless=fruitless),
            counts=not excused,
            uncertain=not idempotent and _may_come_twice(outcome, error, follows),
        )
    )
    if follows.elsewhere:
        verdict.elsewhere.append(row.id)
    if follows.stops:
        verdict.stopped.append(row.address_id)
    _empty(verdict, row, follows)
    if follows.operator:
        verdict.trouble = error.value
    if follows.rests:
        verdict.rest = Rest(_rests_until(follows, outcome, at), error.value)


def _may_come_twice(outcome: Outcome, error: SendError, follows: Consequence) -> bool:
    """Whether it may have arrived, or a part of it has and all of it goes out again."""
    partly = bool(outcome.used) and follows.then is not Then.GIVE_UP
    return outcome.tried and (error is SendError.LOST_ANSWER or partly)


def _needs_no_window(row: Outgoing, error: SendError, any_time: Collection[str]) -> bool:
    """Whether it was sent within a window that is over, and may go without one."""
    written = row.budget is not None and row.answers_id is None
    return written and CONSEQUENCES[error].empties is not None and row.message in any_time


def _try_without_window(verdict: Verdict, row: Outgoing, error: SendError) -> None:
    """It is due at once, and the next claim finds that no window is left: it goes as what needs none."""
    verdict.failures.append(Failure(row.id, error.value, OutboxState.PENDING, counts=False))
    _empty(verdict, row, CONSEQUENCES[error])


def _empty(verdict: Verdict, row: Outgoing, follows: Consequence) -> None:
    if follows.empties:
        until = row.budget.until if row.budget else None
        verdict.emptied.append(Emptied(row.address_id, until, follows.empties))


def _what_follows(follows: Consequence, outcome: Outcome) -> Then:
    return follows.partly if follows.partly and outcome.used else follows.then


def _state(then: Then, row: Outgoing, *, excused: bool) -> OutboxState:
    if then in _STATES:
        return _STATES[then]
    return OutboxState.FAILED if row.attempts >= TRIES and not excused else OutboxState.PENDING


def _after(follows: Consequence, row: Outgoing, outcome: Outcome, *, fruitless: bool) -> timedelta:
    """When a row is tried again. While its whole channel rests it keeps its place in the queue."""
    if follows.rests or fruitless or follows.then is not Then.AGAIN:
        return timedelta()
    if outcome.retry_after is not None:
        return timedelta(seconds=outcome.retry_after)
    return BACKOFF[min(row.attempts, len(BACKOFF)) - 1]


def _rests_until(follows: Consequence, outcome: Outcome, at: datetime) -> datetime:
    if follows.until_tomorrow:
        local = at.astimezone(ZoneInfo(DEFAULT_ZONE))
        return datetime.combine(local.date() + timedelta(days=1), time(), local.tzinfo)
    return at + max(SHORTEST_REST, timedelta(seconds=outcome.retry_after or 0))


def _count(verdict: Verdict, row: Outgoing, outcome: Outcome) -> None:
    """A claim has counted one message; say where it was none, or more."""
    if row.budget is None or row.budget.messages is None:
        return
    took = outcome.error is None or (outcome.tried and outcome.error is SendError.LOST_ANSWER)
    used = outcome.used if outcome.used is not None else int(took)
    if used != 1:
        verdict.spent.append(Spent(row.address_id, row.budget.until, 1 - used))
