"""Accounts at the console: an admin adds a colleague with a link that is shown once, and closes accounts."""

from __future__ import annotations

import re
from uuid import UUID

import pytest
from sqlalchemy import select

from community.parties.models import PartyType, Staff
from linli.database import Sessions
from tests.cast import Cast
from tests.web.staff.conftest import Browser, OpenDesk, actor_of

LINK = re.compile(r'id="link">http://[^/]+(/staff/invitation/[\w-]+)<')
CSRF = re.compile(r'name="csrf" value="([^"]+)"')
NEW = {"name": "新来的小何", "sign_in": "New.Helper"}


async def _find(sessions: Sessions, sign_in: str) -> Staff | None:
    async with sessions() as session:
        return (await session.scalars(select(Staff).where(Staff.sign_in == sign_in))).first()


async def test_a_colleague_is_added_and_comes_in_by_the_link(
    open_desk: OpenDesk, cast: Cast, nobody: Browser
) -> None:
    desk = await open_desk(cast.admin)
    assert (await desk.get("/staff", 303)).headers["location"] == "/staff/people"
    party = str(cast.here.parties[PartyType.PROPERTY_COMPANY].id)
    page = (await desk.post("/staff/people", 200, party_id=party, **NEW)).text
    link = LINK.search(page)
    assert link
    assert LINK.search((await desk.get("/staff/people")).text) is None
    csrf = CSRF.search((await nobody.get(link[1])).text)
    assert csrf
    guest = Browser(nobody.client, csrf[1])
    await guest.post(link[1], password="a quiet afternoon", again="a quiet afternoon")
    assert NEW["name"] in (await guest.get("/staff/needs")).text
    await guest.get("/staff/people", 404)


async def test_who_leads_is_marked_by_admins_alone(
    open_desk: OpenDesk, cast: Cast, sessions: Sessions
) -> None:
    staff_id = actor_of(cast, "here.committee").staff_id
    desk = await open_desk(cast.admin)
    for leads in ("1", "0", "1"):
        await desk.post(f"/staff/people/{staff_id}/lead", leads=leads)
        found = await _find(sessions, "banyan.committee")
        assert found is not None
        assert found.leads is (leads == "1")
    assert "负责人" in (await desk.get("/staff/people")).text
    for who in ("here.committee", "street", "here.social_work_team"):
        other = await open_desk(actor_of(cast, who))
        await other.post(f"/staff/people/{staff_id}/lead", 403, leads="0")
    await desk.post(f"/staff/people/{cast.admin.staff_id}/lead", 404, leads="1")


async def test_what_does_not_fit_is_said(open_desk: OpenDesk, cast: Cast) -> None:
    desk = await open_desk(cast.admin)
    party = str(cast.here.parties[PartyType.PROPERTY_COMPANY].id)
    taken = NEW | {"sign_in": " Banyan.Committee "}
    for fields, words in (
        (taken | {"party_id": party}, "已经有人用了"),
        (NEW | {"party_id": party, "admin": "1"}, "对不上"),
        (NEW | {"party_id": ""}, "请先选一个"),
        ({"name": "", "sign_in": "x", "party_id": party}, "还没有内容"),
    ):
        assert words in (await desk.post("/staff/people", 422, **fields)).text


async def test_a_new_link_and_a_closed_account(
    open_desk: OpenDesk, cast: Cast, sessions: Sessions, nobody: Browser
) -> None:
    desk, staff = await open_desk(cast.admin), actor_of(cast, "here.committee")
    at_work = await open_desk(staff)
    link = LINK.search((await desk.post(f"/staff/people/{staff.staff_id}/invite", 200)).text)
    assert link
    await desk.post(f"/staff/people/{staff.staff_id}/close")
    await at_work.get("/staff/needs", 303)
    await nobody.get(link[1], 404)
    await desk.post(f"/staff/people/{staff.staff_id}/invite", 404)
    own = await desk.post(f"/staff/people/{cast.admin.staff_id}/close", 403)
    assert "自己的账号" in own.text
    closed = await _find(sessions, "banyan.committee")
    assert closed is not None
    assert closed.disabled_at is not None


@pytest.mark.parametrize("who", ["street", "here.committee", "here.social_work_team"])
async def test_accounts_are_for_admins(open_desk: OpenDesk, cast: Cast, sessions: Sessions, who: str) -> None:
    desk = await open_desk(actor_of(cast, who))
    other: UUID = cast.here.colleagues[PartyType.COMMITTEE].staff_id
    party = str(cast.here.parties[PartyType.COMMITTEE].id)
    await desk.get("/staff/people", 404)
    await desk.post("/staff/people", 404, party_id=party, **NEW)
    await desk.post(f"/staff/people/{other}/invite", 403)
    await desk.post(f"/staff/people/{other}/close", 403)
    assert await _find(sessions, "new.helper") is None
