"""The worker process: APScheduler ticks the jobs of scheduler/jobs until it is told to stop."""

from __future__ import annotations

import asyncio
import signal
import sys
from datetime import timedelta

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from sqlalchemy.exc import SQLAlchemyError

from community.clock import now
from linli.database import make_engine, make_sessions
from linli.log import set_up_logging
from linli.settings import Settings, WrongSettings, load_settings
from scheduler.jobs import JOBS, Job
from scheduler.priority import give_way
from scheduler.tools import Tools, make_tools

log = structlog.get_logger()


async def run_job(name: str, job: Job, tools: Tools) -> None:
    """Run a job once for now; a database that is away is logged, the next tick tries again."""
    try:
        await job.run(tools, now())
    except (SQLAlchemyError, OSError, TimeoutError) as error:
        log.warning("job_put_off", job=name, error=type(error).__name__)


async def work(settings: Settings) -> None:
    """Tick until SIGTERM or SIGINT."""
    engine = make_engine(settings.database_url, pool=settings.database_pool)
    tools = make_tools(settings, make_sessions(engine))
    scheduler = AsyncIOScheduler(timezone="UTC")
    for name, job in JOBS.items():
        scheduler.add_job(
            run_job,
            "interval",
            args=[name, job, tools],
            seconds=job.every_seconds,
            next_run_time=now() + timedelta(milliseconds=200),
            max_instances=job.at_once,
            coalesce=True,
            misfire_grace_time=None,
        )
    scheduler.start()
    log.info("worker_ready", jobs=list(JOBS))
    await _told_to_stop()
    scheduler.shutdown(wait=True)
    await tools.delivery.close()
    await engine.dispose()


async def _told_to_stop() -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for wanted in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(wanted, stop.set)
    await stop.wait()


def main() -> None:
    """Read the settings and work."""
    try:
        settings = load_settings()
    except WrongSettings as error:
        sys.exit(str(error))
    set_up_logging("worker", settings.log_level)
    give_way()
    asyncio.run(work(settings))


if __name__ == "__main__":
    main()
