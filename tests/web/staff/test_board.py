"""The board of activities says where people are missing and nobody is left to ask."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import update

from community.activities.models import Part
from community.clock import now
from community.parties.models import PartyType
from community.signups.usecases.joining import join_shift
from community.substitutes.models import Search, SearchState
from linli.database import Sessions
from tests.cast import Cast
from tests.community.activities.plans import get_places, make_plan, publish
from tests.web.staff.conftest import OpenDesk


async def test_a_search_that_found_nobody_is_marked(
    sessions: Sessions, cast: Cast, open_desk: OpenDesk
) -> None:
    shift_id = await publish(sessions, cast, make_plan(now() + timedelta(hours=30), volunteers=1))
    desk = await open_desk(cast.here.staff[PartyType.COMMITTEE])
    for state, is_marked in ((SearchState.ESCALATED, True), (SearchState.RUNNING, False)):
        async with sessions.begin() as session:
            places = (await get_places(session, shift_id)).id
            made = {"shift_id": shift_id, "places_id": places, "next_at": now(), "created_at": now()}
            session.add(Search(**made, state=state))
        page = (await desk.get("/staff/activities")).text
        assert ("没找到人" in page) is is_marked
        assert ("正在找人" in page) is not is_marked
    async with sessions.begin() as session:
        await session.execute(update(Search).values(state=SearchState.ESCALATED))
        await join_shift(session, cast.owner.resident_id, shift_id, Part.VOLUNTEER)
    assert "没找到人" not in (await desk.get("/staff/activities")).text, "somebody came by"
