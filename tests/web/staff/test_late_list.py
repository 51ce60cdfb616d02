"""The list of a shift is completed after its end, until it is written up two hours later."""

from __future__ import annotations

from datetime import timedelta

import time_machine

from community.activities.models import Part
from community.clock import now
from community.parties.models import PartyType
from community.signups.models import SignUp
from community.signups.usecases.arriving import check_out
from community.signups.usecases.ending import end_shift
from community.signups.usecases.joining import join_shift
from linli.database import Sessions
from tests.cast import Cast
from tests.community.activities.plans import make_plan, publish, states
from tests.web.staff.conftest import OpenDesk

COMMITTEE = PartyType.COMMITTEE


async def test_the_list_is_completed_after_the_end(
    sessions: Sessions, cast: Cast, open_desk: OpenDesk
) -> None:
    shift_id = await publish(sessions, cast, make_plan(now() + timedelta(hours=30)))
    rows = []
    for resident_id in (cast.owner.resident_id, cast.neighbour.resident_id):
        async with sessions.begin() as session:
            rows.append((await join_shift(session, resident_id, shift_id, Part.VOLUNTEER)).sign_up)
    address, ends = f"/staff/activities/shifts/{shift_id}", rows[0].ends_at
    with time_machine.travel(ends + timedelta(minutes=20)):
        desk = await open_desk(cast.here.staff[COMMITTEE])
        assert f"{address}/arrived" in (await desk.get(address)).text
        await desk.post(f"{address}/arrived", sign_up=str(rows[0].id))
        async with sessions.begin() as session:
            await check_out(session, cast.owner.resident_id, rows[0].id)
    with time_machine.travel(ends + timedelta(hours=2)):
        async with sessions.begin() as session:
            await end_shift(session, now(), shift_id)
        desk = await open_desk(cast.here.staff[COMMITTEE])
        assert f"{address}/arrived" not in (await desk.get(address)).text
        late = await desk.post(f"{address}/arrived", 422, sign_up=str(rows[1].id))
        assert "已经不能签到" in late.text
    assert await states(sessions, shift_id) == ["completed", "no_show"]
    async with sessions() as session:
        assert (await session.get_one(SignUp, rows[0].id)).minutes == 120, "when she came nobody knows"
