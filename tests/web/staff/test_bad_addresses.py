"""What no page of ours would send: days that nobody can mean, and NUL, which PostgreSQL does not store."""

from __future__ import annotations

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy.exc import DataError

from community.parties.models import PartyType
from tests.cast import Cast
from tests.web.staff.conftest import OpenDesk, actor_of
from web.refusals import add_refusals

FAR = ("0001-01-01", "9999-12-31")


@pytest.mark.parametrize("day", FAR)
async def test_a_day_out_of_reach_does_not_narrow_the_queue(
    open_desk: OpenDesk, cast: Cast, day: str
) -> None:
    desk = await open_desk(actor_of(cast, "here.committee"))
    for name in ("since", "until"):
        assert day not in (await desk.get(f"/staff/needs?{name}={day}")).text
        await desk.get(f"/staff/export/needs.csv?{name}={day}")
        await desk.post(f"/staff/filters?{name}={day}", name=f"far {name}")


@pytest.mark.parametrize("day", FAR)
async def test_a_day_out_of_reach_on_other_pages(open_desk: OpenDesk, cast: Cast, day: str) -> None:
    party, clerk = cast.here.parties[PartyType.COMMITTEE], cast.here.staff[PartyType.COMMITTEE]
    desk, admin = await open_desk(clerk), await open_desk(cast.admin)
    await admin.get(f"/staff/audit?since={day}&until={day}")
    assert day not in (await desk.get(f"/staff/roster?week={day}")).text
    shift = {"staff_id": str(clerk.staff_id), "day": day, "opens": "08:00", "closes": "12:00", "week": day}
    await desk.post(f"/staff/roster/{party.id}/shifts", 422, **shift)
    away = {"staff_id": str(clerk.staff_id), "starts": "2026-01-01T00:00", "ends": "2099-01-01T00:00"}
    for name in ("starts", "ends"):
        await desk.post("/staff/absences", 422, **(away | {name: f"{day}T00:00"}))
    await desk.get("/staff/absences")


async def test_nul_in_an_address(open_desk: OpenDesk, cast: Cast) -> None:
    desk, admin = await open_desk(actor_of(cast, "here.committee")), await open_desk(cast.admin)
    await admin.get("/staff/audit?act=%00&who=%00&subject=%00&since=%00")
    await desk.get("/staff/needs/new?filed=%00")


async def test_what_the_database_does_not_take_is_refused_and_not_broken() -> None:
    app = FastAPI()
    add_refusals(app)

    @app.get("/")
    async def broken() -> None:
        raise DataError("SELECT 1", {}, ValueError("NUL"))

    door = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=door, base_url="http://door") as client:
        answer = await client.get("/")
    assert (answer.status_code, answer.json()["error"]) == (400, "request_unreadable")


async def test_forms_that_are_none_of_ours(open_desk: OpenDesk, cast: Cast) -> None:
    party, clerk = cast.here.parties[PartyType.COMMITTEE], cast.here.staff[PartyType.COMMITTEE]
    desk = await open_desk(clerk)
    line = {"community": str(cast.here.community.id), "kind": "noise", "share-nobody": "lead", "why": "试试"}
    await desk.post("/staff/matrix/line", 400, **line)
    shift = {"staff_id": str(clerk.staff_id), "day": "2099-03-02", "opens": "08:00+02:00", "closes": "12:00"}
    await desk.post(f"/staff/roster/{party.id}/shifts", 303, **shift)
