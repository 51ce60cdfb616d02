"""Each clock again from what happened alone: when it began, stood still and ended, when it was due, who was reminded.

Nothing of community/clocks is called here; what is read of the code is the minutes of a kind, which are data.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from community.clocks.models import ClockName, ClockStep, NeedClock
from community.needs.kinds import get_kind
from community.needs.models import EntryKind, Need, Urgency
from tests.simulation.office import Span, moment_after, next_opening
from tests.simulation.rows import Rows

SHARES = {ClockStep.PERSON: 0.5, ClockStep.LEADER: 0.75, ClockStep.STREET: 0.9, ClockStep.OVERDUE: 1.0}
PROMISED = (ClockName.ANSWER, ClockName.SOLUTION)
NEW_ROUND = (ClockName.ACCEPT, *PROMISED)
STARTS = {
    "ROUTED first": NEW_ROUND,
    "REOPENED": NEW_ROUND,
    "ROUTED": (ClockName.ACCEPT,),
    "waiting": (ClockName.WAITING,),
}
ENDS = {
    "ROUTED": (ClockName.ACCEPT,),
    **dict.fromkeys(("ACCEPTED", "IN_PROGRESS", "DECLINED"), (ClockName.ACCEPT,)),
    "answer": (ClockName.ANSWER,),
    **dict.fromkeys(("RESOLVED", "CLOSED", "WITHDRAWN"), tuple(ClockName)),
}
WAITING_MINUTES = 5 * 420
SLACK = timedelta(seconds=3)
Happening = tuple[datetime, int, str]


@dataclass
class Expected:
    """One clock as it should be; `spans` are when it ran, the last one open while it runs."""

    name: ClockName
    begins: list[datetime]
    ends: list[datetime] = field(default_factory=list)
    ended_at: datetime | None = None
    outcome: str | None = None

    @property
    def paused(self) -> bool:
        return len(self.ends) == len(self.begins) and self.ended_at is None

    def spans(self, until: datetime) -> list[Span]:
        ends = [*self.ends, self.ended_at or until]
        return list(zip(self.begins, ends, strict=False))


def check_clocks(rows: Rows, until: datetime, tick: timedelta) -> Iterator[tuple[Need, str]]:
    """What is wrong with any clock of any need."""
    for need in rows.needs:
        expected = _relive(rows, need)
        actual = rows.clocks[need.id]
        for name in ClockName:
            mine = [clock for clock in expected if clock.name is name]
            theirs = [clock for clock in actual if clock.name is name]
            if len(mine) != len(theirs):
                yield need, f"{name.value}: {len(theirs)} clocks instead of {len(mine)}"
                continue
            for should, clock in zip(mine, theirs, strict=True):
                for wrong in (
                    *_compare(need, should, clock),
                    *_steps(rows, need, should, clock, until, tick),
                ):
                    yield need, f"{name.value} {clock.round}: {wrong}"


def _relive(rows: Rows, need: Need) -> list[Expected]:
    """The clocks that what happened should have started and ended."""
    clocks: list[Expected] = []
    for at, _, what in _happenings(rows, need):
        running = [clock for clock in clocks if clock.ended_at is None]
        waits = any(clock.name is ClockName.WAITING for clock in running)
        if what == "waiting" and not waits:
            _pause(running, at)
        if what in ("addition", "waiting_over") and waits:
            _end(need, running, (ClockName.WAITING,), at)
            _resume(running, at)
        _end(need, running, ENDS.get(what, ()), at, stopped=what in ("CLOSED", "WITHDRAWN"))
        started = STARTS.get(what, ()) if what != "waiting" or not waits else ()
        clocks += [Expected(name, [at]) for name in started]
    return clocks


def _pause(running: Sequence[Expected], at: datetime) -> None:
    for clock in running:
        if clock.name in PROMISED:
            clock.ends.append(at)


def _resume(running: Sequence[Expected], at: datetime) -> None:
    for clock in running:
        if clock.paused:
            clock.begins.append(at)


def _happenings(rows: Rows, need: Need) -> list[Happening]:
    found: list[Happening] = []
    for line in rows.history[need.id]:
        if line.event is None:
            first = " first" if line.from_state and line.from_state.value == "reported" else ""
            found.append((line.at, 0, f"{line.to_state.name}{first}"))
        elif line.event in ("waiting", "waiting_over"):
            found.append((line.at, 2, line.event))
    said = [entry for entry in rows.entries[need.id] if entry.kind is not EntryKind.NOTE]
    found += [(entry.at, 1, entry.kind.value) for entry in said]
    return sorted(found, key=lambda one: one[:2])


def _end(
    need: Need,
    running: Sequence[Expected],
    names: tuple[ClockName, ...],
    at: datetime,
    *,
    stopped: bool = False,
) -> None:
    for clock in running:
        if clock.name in names and clock.ended_at is None:
            stood_still_at = clock.ends[-1] if clock.paused else at
            clock.ended_at = at
            in_time = stood_still_at <= _due(need, clock)
            clock.outcome = "stopped" if stopped else "met" if in_time else "late"


def _minutes(need: Need, name: ClockName) -> tuple[int, bool]:
    """How many minutes a clock has, and whether every minute counts."""
    kind, soon = get_kind(need.kind), need.urgency is not Urgency.NORMAL
    if name is ClockName.WAITING:
        return WAITING_MINUTES, False
    crisis = need.urgency is Urgency.CRISIS
    always = crisis or (soon and kind.urgent_around_the_clock)
    if name is ClockName.SOLUTION:
        return (kind.urgent_solution_minutes if soon else kind.solution_minutes), always
    if crisis:
        return 15, always
    if name is ClockName.ACCEPT:
        return (30 if soon else 120), always
    return (kind.urgent_minutes if soon else kind.answer_minutes), always


def _due(need: Need, clock: Expected, share: float = 1.0) -> datetime:
    minutes, always = _minutes(need, clock.name)
    spans = clock.spans(clock.begins[-1])
    return moment_after(spans, minutes * 60 * share, around_the_clock=always)


def _compare(need: Need, should: Expected, clock: NeedClock) -> Iterator[str]:
    if clock.started_at != should.begins[0]:
        yield f"began {clock.started_at} instead of {should.begins[0]}"
    if clock.ended_at != should.ended_at:
        yield f"ended {clock.ended_at} instead of {should.ended_at}"
    if (clock.outcome.value if clock.outcome else None) != should.outcome:
        yield f"was {clock.outcome} instead of {should.outcome}"
    if abs(clock.due_at - _due(need, should)) > SLACK:
        yield f"due {clock.due_at} instead of {_due(need, should)}"


def _steps(
    rows: Rows, need: Need, should: Expected, clock: NeedClock, until: datetime, tick: timedelta
) -> Iterator[str]:
    """Each reminder at the first run of the worker after its moment, if the clock ran then; and no other."""
    sent = {step.step: step.done_at for step in rows.steps[clock.id]}
    if len(sent) != len(rows.steps[clock.id]):
        yield "a step was sent twice"
    for step in ClockStep:
        expected = _expected_run(need, should, step, until, tick)
        if sent.get(step) != expected:
            yield f"{step.value} sent {sent.get(step)} instead of {expected}"


def _expected_run(
    need: Need, should: Expected, step: ClockStep, until: datetime, tick: timedelta
) -> datetime | None:
    waiting, crisis = should.name is ClockName.WAITING, need.urgency is Urgency.CRISIS
    if step is not ClockStep.OVERDUE and (crisis and not waiting):
        return None
    if waiting and step not in (ClockStep.PERSON, ClockStep.OVERDUE):
        return None
    moment = _due(need, should, SHARES[step])
    for begin, end in should.spans(until):
        if moment < begin <= _due(need, should) and not _minutes(need, should.name)[1]:
            moment = next_opening(begin)  # what was due while it stood still is sent when the office is open
        run = _next_run(max(begin, moment), tick)
        if run == begin:
            run += tick
        if run <= end:
            return run
    return None


def _next_run(moment: datetime, tick: timedelta) -> datetime:
    """The first run of the worker at or after a moment; runs are counted from midnight in UTC."""
    midnight = moment.replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight + tick * -(-(moment - midnight) // tick)
