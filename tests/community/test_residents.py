"""Meeting people: one resident an address, also for two processes at once; language, community, home; limits."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from sqlalchemy import func, select

from community.errors import NotFound, TooMany
from community.limits.usecases import count_use, forget_old_counters
from community.residents.models import HomeClaim, Resident
from community.residents.usecases import (
    Known,
    choose_community,
    claim_home,
    find_person,
    meet_person,
)
from linli.database import Sessions
from tests.cast import Cast


async def test_two_processes_meet_one_person(sessions: Sessions, cast: Cast) -> None:
    async def meet() -> Known:
        async with sessions.begin() as session:
            return await meet_person(session, "web", "new face")

    async with sessions() as session:
        before = await session.scalar(select(func.count()).select_from(Resident))
    met = await asyncio.gather(*(meet() for _ in range(5)))
    assert len(set(met)) == 1
    async with sessions() as session:
        assert await session.scalar(select(func.count()).select_from(Resident)) == (before or 0) + 1
        assert await find_person(session, "telegram", "new face") is None


async def test_moving_clears_the_home_of_the_other_community(sessions: Sessions, cast: Cast) -> None:
    resident_id = cast.owner.resident_id
    async with sessions.begin() as session:
        await claim_home(session, resident_id, cast.here.unit.id)
        with pytest.raises(NotFound):
            await claim_home(session, resident_id, cast.there.unit.id)
    async with sessions.begin() as session:
        await choose_community(session, resident_id, cast.there.community.id)
        resident = await session.get_one(Resident, resident_id)
    assert (resident.home_id, resident.home_claim) == (None, HomeClaim.NONE)


async def test_another_home_has_another_room(sessions: Sessions, cast: Cast) -> None:
    resident_id, here = cast.owner.resident_id, cast.here
    async with sessions.begin() as session:
        resident = await session.get_one(Resident, resident_id)
        rooms = []
        for home in (here.unit.id, here.unit.id, here.building.id):
            await claim_home(session, resident_id, home)
            rooms.append(resident.room)
            resident.room = "502"
        await choose_community(session, resident_id, cast.there.community.id)
    assert rooms == [None, "502", None]
    assert resident.room is None


async def test_a_limit_counts_a_window_and_opens_again(sessions: Sessions) -> None:
    async def use() -> None:
        async with sessions.begin() as session:
            await count_use(session, "uploads:10.0.0.1", 2, timedelta(hours=1))

    with time_machine.travel(datetime(2026, 3, 2, 9, 0, tzinfo=UTC), tick=False) as clock:
        await use()
        clock.shift(timedelta(minutes=30))
        await use()
        with pytest.raises(TooMany) as refused:
            await use()
        assert refused.value.wait == 30 * 60
        clock.shift(timedelta(seconds=refused.value.wait))
        await use()
        clock.shift(timedelta(days=2))
        async with sessions.begin() as session:
            assert await forget_old_counters(session, datetime.now(UTC)) == 1
