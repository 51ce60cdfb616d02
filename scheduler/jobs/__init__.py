"""The jobs of the worker, by name. A new job is a file here and a line in JOBS.

Each job does what is due at a given moment and can be run by hand: `linli job run NAME --at 2026-03-01T09:00`.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from scheduler.jobs.alerts import alerts
from scheduler.jobs.call_backs import call_backs
from scheduler.jobs.clean_up import clean_up
from scheduler.jobs.clocks import clocks
from scheduler.jobs.consents import consents
from scheduler.jobs.conversations import conversations
from scheduler.jobs.deliver import deliver
from scheduler.jobs.files import files
from scheduler.jobs.heartbeat import heartbeat
from scheduler.jobs.notices import notices
from scheduler.jobs.shifts import shifts
from scheduler.jobs.surveys import surveys
from scheduler.jobs.vectors import vectors
from scheduler.tools import Tools


@dataclass(frozen=True, slots=True)
class Job:
    """A job and how often it runs; with `has_dry_run` it can also say what it would do.

    `at_once` runs may overlap, where a run may be long and the next has something else to do.
    """

    run: Callable[[Tools, datetime], Awaitable[int]]
    every_seconds: float
    has_dry_run: bool = False
    at_once: int = 1


JOBS: Mapping[str, Job] = {
    "deliver": Job(deliver, 1, at_once=8),
    "alerts": Job(alerts, 5),
    "notices": Job(notices, 2),
    "surveys": Job(surveys, 5),
    "shifts": Job(shifts, 10),
    "clocks": Job(clocks, 20),
    "call_backs": Job(call_backs, 60),
    "conversations": Job(conversations, 60),
    "consents": Job(consents, 60),
    "vectors": Job(vectors, 10),
    "heartbeat": Job(heartbeat, 10),
    "clean_up": Job(clean_up, 3600, has_dry_run=True),
    "files": Job(files, 3600, has_dry_run=True),
}
