"""The job of alerts, as an operator runs it for a moment: `linli job run alerts --at`."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import time_machine
from sqlalchemy import select, update

from community.alerts.crisis import report_crisis
from community.alerts.models import Alert, AlertCall, CallStep
from community.hotlines.models import Danger
from linli.database import Sessions
from linli.settings import Settings
from operations.job import run_job
from operations.sessions import run_with_sessions
from scheduler.jobs.alerts import alerts
from scheduler.tools import make_tools
from tests.cast import make_cast

TEN = datetime(2026, 3, 4, 10, 0, tzinfo=ZoneInfo("Asia/Shanghai"))


async def tell(sessions: Sessions) -> None:
    cast = await make_cast(sessions)
    with time_machine.travel(TEN, tick=False):
        async with sessions.begin() as session:
            await report_crisis(session, cast.owner.resident_id, Danger.SELF_HARM, "我不想活了", at=TEN)
        async with sessions.begin() as session:
            await report_crisis(session, cast.neighbour.resident_id, Danger.FIRE, "着火了", at=TEN)


async def steps(sessions: Sessions) -> list[CallStep]:
    async with sessions() as session:
        return list((await session.scalars(select(AlertCall.step).order_by(AlertCall.id))).all())


def test_run_by_hand_for_a_moment(database_url: str, tmp_path: Path) -> None:
    settings = Settings(_env_file=None, database_url=database_url, data_dir=tmp_path)
    run_with_sessions(database_url, tell)
    assert run_job(settings, "alerts", "2026-03-04T10:04") == 0
    assert run_job(settings, "alerts", "2026-03-04T10:05") == 2
    assert run_job(settings, "alerts", "2026-03-04T10:05") == 0
    found = run_with_sessions(database_url, steps)
    assert found.count(CallStep.STREET) == 2


async def test_an_alert_that_cannot_be_taken_on_does_not_stop_the_next(
    sessions: Sessions, database_url: str, tmp_path: Path
) -> None:
    await tell(sessions)
    async with sessions.begin() as session:
        odd = (await session.scalars(select(Alert.id).limit(1))).one()
        await session.execute(update(Alert).where(Alert.id == odd).values(danger="gone", quiet_at=TEN))
    tools = make_tools(Settings(_env_file=None, database_url=database_url, data_dir=tmp_path), sessions)
    assert await alerts(tools, TEN + timedelta(minutes=5)) == 1
