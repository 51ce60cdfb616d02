"""`linli job run`: one job of the worker, once, for a given moment."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from community.clock import now
from linli.database import Sessions
from linli.settings import Settings
from operations.database import find_database_url
from operations.problem import Problem
from operations.sessions import run_with_sessions
from scheduler.jobs import JOBS
from scheduler.tools import make_tools

ZONE = ZoneInfo("Asia/Shanghai")


def run_job(settings: Settings, name: str, at: str | None, *, dry: bool = False) -> int:
    """Run the job for the moment `at` (ISO, in China's time where it names no zone; None = now); how much it did."""
    job = JOBS.get(name)
    if job is None:
        raise Problem(f"There is no job {name}; there are: {', '.join(JOBS)}.")
    if dry and not job.has_dry_run:
        raise Problem(f"The job {name} has no dry run.")
    moment = read_moment(at) if at else now()

    async def run(sessions: Sessions) -> int:
        return await job.run(make_tools(settings, sessions, dry=dry), moment)

    return run_with_sessions(find_database_url(settings), run)


def read_moment(text: str) -> datetime:
    """An aware moment from what an operator typed; raise Problem when it is none."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise Problem(f"{text} is no moment: write it like 2026-03-01T09:00.") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=ZONE)
