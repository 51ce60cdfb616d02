"""The moments of a clock: how long it may take, what of that is used, when it runs out and when it reminds."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from community.clocks.models import ClockName, ClockStep, NeedClock
from community.needs.clocks import (
    Allowed,
    accept_time,
    add_working_minutes,
    answer_time,
    solution_time,
    working_time_between,
)
from community.needs.kinds import kind_of
from community.needs.models import Need
from community.places.models import Community

LADDER = {ClockStep.PERSON: 0.5, ClockStep.LEADER: 0.75, ClockStep.STREET: 0.9, ClockStep.OVERDUE: 1.0}
"""The share of a clock's time after which each reminder is due: the person, the leader, the street, then it is late."""

_WAITING_TIME = Allowed(2100)  # five days of an office, after which the clocks run on without an answer


def allowed_for(need: Need, name: ClockName) -> Allowed:
    """How long a clock of this need may take."""
    kind = kind_of(need.kind)
    if name is ClockName.WAITING:
        return _WAITING_TIME
    times = {
        ClockName.ACCEPT: accept_time,
        ClockName.ANSWER: answer_time,
        ClockName.SOLUTION: solution_time,
    }
    return times[name](kind, need.urgency)


def moment_of(clock: NeedClock, step: ClockStep, community: Community) -> datetime:
    """When so much of the clock's time is used that a reminder is due."""
    left = max(0.0, clock.minutes * 60 * LADDER[step] - clock.used)
    if clock.around_the_clock:
        return clock.counted_from + timedelta(seconds=left)
    return add_working_minutes(left / 60, clock.counted_from, community.office_hours, community.zone)


def next_moment(clock: NeedClock, community: Community) -> datetime | None:
    """When the next reminder is due; never after what was promised, however the office hours have changed since."""
    if clock.next_step is None:
        return None
    if clock.next_step is ClockStep.OVERDUE:
        return clock.due_at
    return min(moment_of(clock, clock.next_step, community), clock.due_at)


def passed(clock: NeedClock, at: datetime, community: Community) -> timedelta:
    """How much of a clock's time went by from where it is counted until `at`."""
    if clock.around_the_clock:
        return max(timedelta(), at - clock.counted_from)
    return working_time_between(clock.counted_from, at, community.office_hours, community.zone)


def count_anew(clock: NeedClock, waits: Sequence[NeedClock], community: Community) -> None:
    """What of the time is used since the clock began, by its new times; while the resident was waited for none was."""
    clock.counted_from, used = clock.started_at, timedelta()
    for wait in waits:
        used += passed(clock, wait.started_at, community)
        clock.counted_from = max(clock.counted_from, wait.ended_at or wait.started_at)
    clock.used = int(used.total_seconds())
