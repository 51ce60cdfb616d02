"""A quarter over National Day: a small one here, 20,000 needs in `make soak`; then everything is counted again."""

from __future__ import annotations

import random
import time
from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest
import structlog

from community.needs.models import Need
from linli.database import Sessions
from tests.simulation.check_clocks import check_clocks
from tests.simulation.check_needs import check_needs
from tests.simulation.check_rates import check_rates
from tests.simulation.check_surveys import check_surveys
from tests.simulation.people import People
from tests.simulation.quarter import BEGIN, Quarter
from tests.simulation.rows import read_rows
from tests.simulation.town import make_town

log = structlog.get_logger()
STORIES = 5


async def simulate(
    sessions: Sessions, seed: int, *, needs: int, residents: int, tick: timedelta, at_once: int
) -> tuple[Quarter, datetime]:
    """Live through the quarter; gives it with the moment up to which it was lived."""
    town = await make_town(sessions, residents, BEGIN, random.Random(seed))
    quarter = Quarter(sessions, town, seed, tick=tick, at_once=at_once)
    await quarter.plan_absences()
    People(quarter, needs).plan(BEGIN)
    began = time.monotonic()
    end = await quarter.run()
    took = round(time.monotonic() - began)
    log.info(
        "quarter_lived", needs=needs, seconds=took, done=dict(quarter.done), refused=dict(quarter.refused)
    )
    return quarter, end


async def check(quarter: Quarter, end: datetime) -> None:
    """Everything that must hold, counted again from the rows; what does not is told with the need's story."""
    async with quarter.sessions() as session:
        rows = await read_rows(session)
        wrong: Sequence[tuple[Need, str]] = [
            *check_needs(rows),
            *check_clocks(rows, end, quarter.tick),
            *check_surveys(rows, quarter.town, quarter.tick),
        ]
        stories = [f"{what}\n{rows.tell(need)}" for need, what in wrong[:STORIES]]
        assert not wrong, f"{len(wrong)} violations\n" + "\n".join(stories)
        await check_rates(session, rows, quarter.town, end)


async def test_a_small_quarter(sessions: Sessions) -> None:
    quarter, end = await simulate(sessions, 7, needs=220, residents=80, tick=timedelta(hours=6), at_once=4)
    assert {"declined", "withdrawn", "answered", "called"} <= set(quarter.done)
    await check(quarter, end)


@pytest.mark.soak
async def test_a_whole_quarter(sessions: Sessions) -> None:
    """About 70 ms of one processor a need: half an hour on a quiet machine."""
    quarter, end = await simulate(
        sessions, 20, needs=20_000, residents=6_000, tick=timedelta(hours=1), at_once=4
    )
    await check(quarter, end)
