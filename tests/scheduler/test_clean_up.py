"""What is kept for a while only goes when the while is over, not before, and not in a dry run."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select, update

from community.alerts.models import Alert, AlertCall, CallStep
from community.base import Base
from community.clock import now
from community.needs.models import Need, NeedState
from community.needs.usecases.residents import Report, report_need
from community.parties.models import DutyShift, PartyType
from community.roster.models import ShiftSwap, SwapState
from community.wishes.models import ContactWay, ContactWish
from linli.database import Sessions
from linli.settings import Settings
from scheduler.jobs.clean_up import clean_up
from scheduler.tools import Tools, make_tools
from tests.cast import Cast

KEPT: list[tuple[type[Base], int]] = [(Alert, 366), (AlertCall, 366), (ShiftSwap, 183), (ContactWish, 90)]


@pytest.fixture
def tools(database_url: str, sessions: Sessions, tmp_path: Path) -> Tools:
    """Those of a worker."""
    return make_tools(Settings(_env_file=None, database_url=database_url, data_dir=tmp_path), sessions)


@pytest.fixture
async def began(sessions: Sessions, cast: Cast) -> datetime:
    """Now: an ended alert with its call, an answered swap, and the wishes of two needs that are over."""
    at = now()
    team = cast.here.parties[PartyType.SOCIAL_WORK_TEAM]
    worker, colleague = (
        group[PartyType.SOCIAL_WORK_TEAM] for group in (cast.here.staff, cast.here.colleagues)
    )
    async with sessions.begin() as session:
        needs = [
            await report_need(session, cast.owner.resident_id, Report(kind="mental_health", words="睡不着"))
            for _ in range(2)
        ]
        ways = (ContactWay.CALL, ContactWay.ANONYMOUS)
        session.add_all(ContactWish(need_id=need.id, way=way) for need, way in zip(needs, ways, strict=True))
        shift = DutyShift(party_id=team.id, staff_id=worker.staff_id, starts_at=at, ends_at=at)
        alert = Alert(
            need_id=needs[0].id,
            community_id=cast.here.community.id,
            party_id=team.id,
            danger="self_harm",
            raised_at=at,
            ended_at=at,
        )
        session.add_all([shift, alert])
        await session.flush()
        swap = {"shift_id": shift.id, "asked_by": worker.staff_id, "asked_of": colleague.staff_id}
        session.add(ShiftSwap(**swap, state=SwapState.AGREED))
        session.add(
            AlertCall(alert_id=alert.id, round=1, step=CallStep.DUTY, staff_id=worker.staff_id, at=at)
        )
        await session.execute(update(Need).values(state=NeedState.CLOSED, closed_at=at, changed_at=at))
    return at


async def count(sessions: Sessions, table: type[Base]) -> int:
    async with sessions() as session:
        return await session.scalar(select(func.count()).select_from(table)) or 0


@pytest.mark.parametrize(("table", "days"), KEPT)
async def test_it_goes_when_its_time_is_over(
    sessions: Sessions, tools: Tools, began: datetime, table: type[Base], days: int
) -> None:
    before = await count(sessions, table)
    await clean_up(tools, began + timedelta(days=days - 1))
    assert await count(sessions, table) == before
    end = began + timedelta(days=days, minutes=5)
    assert await clean_up(replace(tools, dry=True), end) > 0
    assert await count(sessions, table) == before
    await clean_up(tools, end)
    assert await count(sessions, table) == before - 1


async def test_who_wants_to_stay_unnamed_stays_so(sessions: Sessions, tools: Tools, began: datetime) -> None:
    await clean_up(tools, began + timedelta(days=5 * 366))
    async with sessions() as session:
        assert (await session.scalars(select(ContactWish.way))).all() == [ContactWay.ANONYMOUS]
