"""The job of clocks: one need that breaks is logged and stays due, and all others are reminded of."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID
from zoneinfo import ZoneInfo

import time_machine
from sqlalchemy import select, text
from structlog.testing import capture_logs

from community.clocks.models import ClockReminder, NeedClock
from community.needs.usecases.residents import Report, report_need
from linli.database import Sessions
from linli.settings import Settings
from scheduler.jobs.clocks import clocks
from scheduler.tools import make_tools
from tests.cast import Cast

START = datetime(2026, 3, 3, 8, 30, tzinfo=ZoneInfo("Asia/Shanghai"))  # a Tuesday, when the office opens
LATER = START + timedelta(hours=2)


async def report(sessions: Sessions, cast: Cast) -> UUID:
    async with sessions.begin() as session:
        return (await report_need(session, cast.owner.resident_id, Report("elevator", "电梯停了"))).id


async def reminded(sessions: Sessions) -> dict[UUID, int]:
    """How many reminders were sent of each need."""
    async with sessions() as session:
        wanted = select(NeedClock.need_id).join(ClockReminder, ClockReminder.clock_id == NeedClock.id)
        ids = list((await session.scalars(wanted)).all())
    return {need_id: ids.count(need_id) for need_id in ids}


async def test_a_need_that_breaks_stops_no_reminder_of_the_others(
    sessions: Sessions, cast: Cast, database_url: str, tmp_path: Path
) -> None:
    tools = make_tools(Settings(_env_file=None, database_url=database_url, data_dir=tmp_path), sessions)
    with time_machine.travel(START, tick=False):
        broken, *others = [await report(sessions, cast) for _ in range(4)]
    async with sessions.begin() as session:
        await session.execute(
            text(f"""
            CREATE FUNCTION break_one() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
                IF NEW.need_id = '{broken}' AND NEW.event IS NOT NULL THEN
                    RAISE check_violation; END IF;
                RETURN NEW; END $$""")
        )
        await session.execute(
            text("""
            CREATE TRIGGER break_one BEFORE INSERT ON need_history FOR EACH ROW EXECUTE FUNCTION break_one()""")
        )
    try:
        with time_machine.travel(LATER, tick=False), capture_logs() as logged:
            assert await clocks(tools, LATER) == 15
        assert await reminded(sessions) == dict.fromkeys(others, 5)
        assert [(line["event"], line["id"]) for line in logged] == [("clock_broke", str(broken))]
    finally:
        async with sessions.begin() as session:
            await session.execute(text("DROP TRIGGER break_one ON need_history"))
            await session.execute(text("DROP FUNCTION break_one"))
    with time_machine.travel(LATER, tick=False):
        assert await clocks(tools, LATER) == 5, "it stayed due"
        assert await clocks(tools, LATER) == 0
