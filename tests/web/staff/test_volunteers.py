"""Volunteers, teams and homes at the console; a plan changed, a photo, the QR of the minute, who goes, more places."""

from __future__ import annotations

import io
import re
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from PIL import Image
from sqlalchemy import select

from community.activities.models import Activity, Part, Qualification, Shift, ShiftPlaces
from community.clock import now
from community.credits.models import TimeBank
from community.parties.models import PartyType
from community.residents.models import HomeClaim, Resident
from community.residents.usecases import claim_home, keep_phone
from community.signups.models import SignUp, SignUpState
from community.signups.usecases.joining import join_shift
from community.teams.models import Team
from linli.database import Sessions
from tests.cast import Cast
from tests.community.activities.plans import make_plan, publish, told
from tests.web.staff.conftest import Browser, OpenDesk
from tests.web.staff.test_activities import FORM

COMMITTEE = PartyType.COMMITTEE
PEOPLE, TEAMS = "/staff/activities/people", "/staff/activities/teams"


@pytest.fixture
async def desk(open_desk: OpenDesk, cast: Cast) -> Browser:
    return await open_desk(cast.here.staff[COMMITTEE])


def soon() -> datetime:
    """In two days."""
    return now() + timedelta(days=2)


async def join(sessions: Sessions, resident_id: UUID, shift_id: UUID) -> UUID:
    async with sessions.begin() as session:
        return (await join_shift(session, resident_id, shift_id, Part.VOLUNTEER)).sign_up.id


async def activity_of(sessions: Sessions, shift_id: UUID) -> UUID:
    async with sessions() as session:
        return (await session.get_one(Shift, shift_id)).activity_id


async def test_a_person_across_shifts(sessions: Sessions, cast: Cast, desk: Browser) -> None:
    own = await join(sessions, cast.owner.resident_id, await publish(sessions, cast, make_plan(soon())))
    async with sessions.begin() as session:
        sign_up = await session.get_one(SignUp, own)
        sign_up.state, sign_up.minutes, sign_up.score = SignUpState.COMPLETED, 90, 4
        sign_up.remark = "老人很开心"
    page = f"{PEOPLE}/{cast.owner.resident_id}"
    assert page in (await desk.get(PEOPLE)).text
    shown = (await desk.get(page)).text
    assert "老人很开心" in shown
    assert "1.5 小时" in shown
    await desk.post(f"{page}/qualification", code="急救证", until="2027-05-01")
    await desk.post(f"{page}/qualification", 422, code="")
    assert "急救证" in (await desk.get(page)).text
    async with sessions() as session:
        held = (await session.scalars(select(Qualification))).one()
    assert held.expires_at is not None
    assert held.expires_at.isoformat() == "2027-05-01T16:00:00+00:00"
    assert 'value="急救证"' in (await desk.get("/staff/activities/new")).text
    await desk.post(f"{page}/qualification/end", code="急救证")
    assert "还没有确认过" in (await desk.get(page)).text


async def test_homes_are_confirmed(sessions: Sessions, cast: Cast, desk: Browser) -> None:
    for who in (cast.owner, cast.neighbour):
        async with sessions.begin() as session:
            await claim_home(session, who.resident_id, cast.here.unit.id)
    assert (await desk.get(f"{PEOPLE}/homes")).text.count('value="confirm"') == 2
    await desk.post(f"{PEOPLE}/{cast.owner.resident_id}/home", answer="confirm")
    await desk.post(f"{PEOPLE}/{cast.neighbour.resident_id}/home", answer="reject")
    assert "没有等着确认的" in (await desk.get(f"{PEOPLE}/homes")).text
    async with sessions() as session:
        owner = await session.get_one(Resident, cast.owner.resident_id)
        neighbour = await session.get_one(Resident, cast.neighbour.resident_id)
    assert owner.home_claim is HomeClaim.CONFIRMED
    assert (neighbour.home_claim, neighbour.home_id) == (HomeClaim.NONE, None)


async def test_teams_and_the_time_bank(sessions: Sessions, cast: Cast, desk: Browser) -> None:
    await join(sessions, cast.owner.resident_id, await publish(sessions, cast, make_plan(soon())))
    leader = str(cast.owner.resident_id)
    assert leader in (await desk.get(TEAMS)).text
    await desk.post(TEAMS, 422, name="", leader=leader)
    await desk.post(TEAMS, name="银发巡逻队", leader=leader)
    assert "银发巡逻队" in (await desk.get(TEAMS)).text
    async with sessions() as session:
        team = (await session.scalars(select(Team))).one()
    await desk.post(f"{TEAMS}/{team.id}/leader", leader=str(cast.neighbour.resident_id))
    await desk.post(f"{TEAMS}/{team.id}/end")
    assert "还没有队伍" in (await desk.get(TEAMS)).text
    for kept, many in (("1", 1), ("0", 0)):
        await desk.post(f"{PEOPLE}/time-bank", kept=kept)
        async with sessions() as session:
            assert len((await session.scalars(select(TimeBank))).all()) == many


async def test_whoever_is_not_among_the_newest_is_found_to_lead(
    sessions: Sessions, cast: Cast, desk: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    shift_id = await publish(sessions, cast, make_plan(soon(), volunteers=2))
    first, newest = cast.owner.resident_id, cast.neighbour.resident_id
    for who in (first, newest):
        await join(sessions, who, shift_id)
    async with sessions.begin() as session:
        await keep_phone(session, first, "13900001111")
    monkeypatch.setattr("community.signups.people.PAGE", 1)
    monkeypatch.setattr("web.staff.teams.PAGE", 1)
    shown = (await desk.get(TEAMS)).text
    assert (str(newest) in shown, str(first) in shown, "?page=2" in shown) == (True, False, True)
    assert str(first) in (await desk.get(f"{TEAMS}?page=2")).text
    assert str(first) in (await desk.get(f"{TEAMS}?phone=13900001111")).text


async def test_a_published_plan_is_changed(sessions: Sessions, cast: Cast, desk: Browser) -> None:
    shift_id = await publish(sessions, cast, make_plan(now() + timedelta(days=3)))
    await join(sessions, cast.owner.resident_id, shift_id)
    page = f"/staff/activities/{await activity_of(sessions, shift_id)}"
    shown = (await desk.get(f"{page}/edit")).text
    form = shown[shown.index('<form class="plan"') :]
    fields = dict(re.findall(r' name="(\w+)"[^>]*? value="([^"]*)"', form[: form.index("</form>")]))
    assert fields["where_zh"] == "3号楼大厅"
    kept = {**FORM, **{name: value for name, value in fields.items() if name != "csrf"}, "words": "说说话。"}
    await desk.post(f"{page}/edit", **{**kept, "where_zh": "5号楼门口", "opens": "4320", "warns": "5"})
    assert await told(sessions, cast.owner.resident_id) == ["activity_changed"]
    await desk.post(f"{page}/edit", 422, **{**kept, "title_zh": ""})
    async with sessions() as session:
        activity = (await session.scalars(select(Activity))).one()
    assert (activity.where_zh, activity.opens_minutes, activity.warn_days) == ("5号楼门口", 4320, 5)


async def test_a_photo_is_shown(sessions: Sessions, cast: Cast, desk: Browser) -> None:
    shift_id = await publish(sessions, cast, make_plan(soon()))
    page = f"/staff/activities/{await activity_of(sessions, shift_id)}"
    assert (await desk.get(f"{page}/photo", 404)).status_code == 404
    drawn = io.BytesIO()
    Image.new("RGB", (64, 48), "teal").save(drawn, "PNG")
    shown = (await desk.get(page)).text
    csrf = re.search(r'name="csrf" value="([^"]+)"', shown)
    assert csrf
    for name, content, status in (("a.png", drawn.getvalue(), 303), ("a.txt", b"no photo", 409)):
        files = {"files": (name, content)}
        answer = await desk.client.post(f"{page}/photo", data={"csrf": csrf[1]}, files=files)
        assert answer.status_code == status, answer.text
    assert (await desk.get(f"{page}/photo")).headers["content-type"] == "image/jpeg"


async def test_the_code_is_scanned_and_who_goes_is_noted(
    sessions: Sessions, cast: Cast, desk: Browser
) -> None:
    later = await publish(sessions, cast, make_plan(soon()))
    await desk.get(f"/staff/activities/shifts/{later}/code.svg", 404)
    shift_id = await publish(sessions, cast, make_plan(now() + timedelta(minutes=20), closes_minutes=0))
    own = await join(sessions, cast.owner.resident_id, shift_id)
    page = f"/staff/activities/shifts/{shift_id}"
    assert f"{page}/code.svg" in (await desk.get(f"{page}/code")).text
    drawn = await desk.get(f"{page}/code.svg")
    assert drawn.headers["content-type"] == "image/svg+xml"
    assert "<path" in drawn.text
    await desk.post(f"{page}/arrived", sign_up=str(own))
    await desk.post(f"{page}/gone", sign_up=str(own))
    async with sessions() as session:
        assert (await session.get_one(SignUp, own)).checked_out_at is not None


async def test_a_call_from_the_board_and_more_places(sessions: Sessions, cast: Cast, desk: Browser) -> None:
    shift_id = await publish(sessions, cast, make_plan(soon()))
    page = f"/staff/activities/shifts/{shift_id}"
    assert f'action="{page}/call"' in (await desk.get("/staff/activities")).text
    await desk.post(f"{page}/call")
    assert f'action="{page}/call"' not in (await desk.get("/staff/activities")).text
    await desk.post(f"{page}/places", part="volunteer", places="7")
    await desk.post(f"{page}/places", 422, part="volunteer", places="0")
    async with sessions() as session:
        assert (await session.scalars(select(ShiftPlaces.places))).one() == 7
