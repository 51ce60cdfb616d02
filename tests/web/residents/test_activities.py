"""Residents' pages of activities: what is on, signing up and off, my record, and files that calendars read."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID, uuid4

import httpx
import pytest
import vobject
from icalendar import Calendar

from community.activities.models import Part
from community.clock import now
from community.parties.models import PartyType
from community.signups.usecases.joining import join_shift
from community.signups.usecases.moving import cancel_shift
from linli.database import Sessions
from tests.cast import Cast
from tests.community.activities.plans import make_plan, meet, publish, states, told
from tests.web.residents.conftest import REQUEST, TOKEN, Browsers

SOON = timedelta(hours=30)


async def send(browser: httpx.AsyncClient, page: str, path: str, **fields: str) -> httpx.Response:
    """Send a form of a page as the page does."""
    shown = (await browser.get(page)).text
    token = TOKEN.search(shown)
    request = REQUEST.search(shown)
    form = {"token": token[1] if token else "", "request_id": request[1] if request else str(uuid4())}
    return await browser.post(path, data=form | fields)


async def sign_up_of(browser: httpx.AsyncClient, shift_id: UUID) -> str:
    """The address of the forms of the sign-up that a page shows."""
    page = (await browser.get(f"/m/activities/{shift_id}")).text
    return page.split('action="/m/activities/signups/')[1].split("/")[0]


async def test_what_is_on(sessions: Sessions, cast: Cast, browsers: Browsers) -> None:
    await publish(sessions, cast, make_plan(now() + SOON))
    for browser, sees in ((browsers.owner, True), (browsers.neighbour, True), (browsers.stranger, False)):
        page = await browser.get("/m/activities")
        assert page.status_code == 200
        assert ("探访独居老人" in page.text) is sees
    assert (await browsers.nobody.get("/m/activities")).status_code == 200


async def test_a_list_that_is_cut_says_so(
    sessions: Sessions, cast: Cast, browsers: Browsers, monkeypatch: pytest.MonkeyPatch
) -> None:
    await publish(sessions, cast, make_plan(now() + SOON))
    assert "只列最近的" not in (await browsers.owner.get("/m/activities")).text
    monkeypatch.setattr("web.residents.activities.MOST_LISTED", 1)
    assert "只列最近的 1 场" in (await browsers.owner.get("/m/activities")).text


async def test_signing_up_with_others_and_off(sessions: Sessions, cast: Cast, browsers: Browsers) -> None:
    shift_id = await publish(sessions, cast, make_plan(now() + SOON, volunteers=3, minimum_age=12))
    page = f"/m/activities/{shift_id}"
    refused = await send(browsers.owner, page, f"{page}/join", part="volunteer", children="1")
    assert refused.status_code == 422
    assert "要满 12 岁" in refused.text
    done = await send(browsers.owner, page, f"{page}/join", part="volunteer", children="1", old_enough="1")
    assert done.status_code == 303
    assert "报好了" in (await browsers.owner.get(done.headers["location"])).text
    own = await sign_up_of(browsers.owner, shift_id)
    assert (await send(browsers.owner, page, f"/m/activities/signups/{own}/confirm")).status_code == 303
    assert await states(sessions, shift_id) == ["confirmed"]
    assert (await send(browsers.neighbour, page, f"/m/activities/signups/{own}/leave")).status_code == 404
    assert (await send(browsers.owner, page, f"/m/activities/signups/{own}/nonsense")).status_code == 404
    assert (await send(browsers.owner, page, f"/m/activities/signups/{own}/leave")).status_code == 303
    assert await states(sessions, shift_id) == ["cancelled"]


async def test_a_form_that_is_sent_twice_joins_once(
    sessions: Sessions, cast: Cast, browsers: Browsers
) -> None:
    shift_id = await publish(sessions, cast, make_plan(now() + SOON))
    page, request = f"/m/activities/{shift_id}", str(uuid4())
    for _ in range(2):
        done = await send(browsers.owner, page, f"{page}/join", part="volunteer", request_id=request)
        assert done.status_code == 303
    assert await states(sessions, shift_id) == ["signed_up"]


async def test_waiting_and_taking_the_place(sessions: Sessions, cast: Cast, browsers: Browsers) -> None:
    shift_id = await publish(sessions, cast, make_plan(now() + SOON, volunteers=1))
    page = f"/m/activities/{shift_id}"
    await send(browsers.neighbour, page, f"{page}/join", part="volunteer")
    assert "满了，先排队" in (await browsers.owner.get(page)).text
    await send(browsers.owner, page, f"{page}/join", part="volunteer")
    assert "排第 1 位" in (await browsers.owner.get(page)).text
    other = await sign_up_of(browsers.neighbour, shift_id)
    await send(browsers.neighbour, page, f"/m/activities/signups/{other}/leave")
    assert "轮到您了" in (await browsers.owner.get(page)).text
    own = await sign_up_of(browsers.owner, shift_id)
    assert (await send(browsers.owner, page, f"/m/activities/signups/{own}/accept")).status_code == 303
    assert "signed_up" in await states(sessions, shift_id)


async def test_nobody_and_strangers_cannot_join(sessions: Sessions, cast: Cast, browsers: Browsers) -> None:
    shift_id = await publish(sessions, cast, make_plan(now() + SOON))
    page = f"/m/activities/{shift_id}"
    assert (await browsers.stranger.get(page)).status_code == 404
    assert (await send(browsers.stranger, "/m/me", f"{page}/join", part="volunteer")).status_code == 404
    assert (await browsers.nobody.post(f"{page}/join", data={"part": "volunteer"})).status_code == 401
    assert (await browsers.owner.post(f"{page}/join", data={"token": "forged"})).status_code == 403
    assert await states(sessions, shift_id) == []


async def test_kinds_to_hear_of(sessions: Sessions, cast: Cast, browsers: Browsers) -> None:
    await send(browsers.owner, "/m/activities", "/m/activities/follow", visits="1", patrol="1")
    await send(browsers.owner, "/m/activities", "/m/activities/follow", visits="1")
    await publish(sessions, cast, make_plan(now() + SOON))
    await publish(sessions, cast, make_plan(now() + SOON, kind="patrol"))
    assert await told(sessions, cast.owner.resident_id) == ["activity_published"]


def _check_by_second_parser(content: bytes) -> None:
    """vobject, which shares no code with what wrote the feed, reads the same of every event."""
    read = vobject.readOne(content.decode())
    events = {event.uid.value: event for event in read.contents["vevent"]}
    written = Calendar.from_ical(content).walk("VEVENT")
    assert len(events) == len(written) > 0
    for each in written:
        event = events[str(each["uid"])]
        assert (event.dtstart.value, event.dtend.value) == (each.decoded("dtstart"), each.decoded("dtend"))
        for name in ("summary", "location", "description"):
            assert getattr(event, name).value == str(each[name])


async def test_the_file_of_a_shift_is_read_by_calendars(
    sessions: Sessions, cast: Cast, browsers: Browsers
) -> None:
    begins = (now() + SOON).replace(microsecond=0)
    shift_id = await publish(sessions, cast, make_plan(begins, words="第一行\n第二行；逗号，分号; ok"))
    answer = await browsers.owner.get(f"/m/activities/{shift_id}/calendar.ics")
    assert answer.headers["content-type"].startswith("text/calendar")
    [event] = Calendar.from_ical(answer.content).walk("VEVENT")
    assert event.decoded("dtstart") == begins
    assert event.decoded("dtend") == begins + timedelta(hours=2)
    assert str(event["summary"]) == "探访独居老人"
    assert "第二行；逗号，分号; ok" in str(event["description"])
    assert all(len(line) <= 75 for line in answer.content.split(b"\r\n")), "folded as RFC 5545 says"
    _check_by_second_parser(answer.content)


async def test_the_feed_of_a_person_and_its_end(sessions: Sessions, cast: Cast, browsers: Browsers) -> None:
    shift_id = await publish(sessions, cast, make_plan(now() + SOON))
    async with sessions.begin() as session:
        await join_shift(session, cast.owner.resident_id, shift_id, Part.VOLUNTEER)
    links = []
    for _ in range(2):
        page = await send(browsers.owner, "/m/shifts", "/m/shifts/feed")
        links.append(page.text.split("readonly>")[1].split("<")[0].split("/calendar/")[1])
    assert (await browsers.nobody.get(f"/calendar/{links[0]}")).status_code == 404, "renewed"
    answer = await browsers.nobody.get(f"/calendar/{links[1]}")
    [event] = Calendar.from_ical(answer.content).walk("VEVENT")
    assert "已报名" in str(event["description"])
    _check_by_second_parser(answer.content)
    await send(browsers.owner, "/m/shifts", "/m/shifts/feed/stop")
    assert (await browsers.nobody.get(f"/calendar/{links[1]}")).status_code == 404


async def test_the_feed_of_a_community(sessions: Sessions, cast: Cast, browsers: Browsers) -> None:
    shift_id = await publish(sessions, cast, make_plan(now() + SOON))
    await publish(sessions, cast, make_plan(now() + SOON, title_zh="巡逻"))
    async with sessions.begin() as session:
        await cancel_shift(session, cast.here.staff[PartyType.COMMITTEE], shift_id, "")
    answer = await browsers.nobody.get("/calendar/community/banyan.ics")
    events = Calendar.from_ical(answer.content).walk("VEVENT")
    assert [str(event["summary"]) for event in events] == ["巡逻"]
    _check_by_second_parser(answer.content)
    assert (await browsers.nobody.get("/calendar/community/nowhere.ics")).status_code == 404
    for typed in ("banyan%0D%0AX-Theirs:%201", "banyan%0D%0A", "banyan%E2%80%8B"):
        odd = await browsers.nobody.get(f"/calendar/community/{typed}.ics")
        named = odd.headers.get("content-disposition", "none")
        assert (odd.status_code, named) in [(404, "none"), (200, 'inline; filename="banyan.ics"')]


async def test_my_record(sessions: Sessions, cast: Cast, browsers: Browsers) -> None:
    page = await browsers.owner.get("/m/shifts")
    assert "还没有记录" in page.text
    shift_id = await publish(sessions, cast, make_plan(now() + SOON, volunteers=1))
    people = await meet(sessions, cast, 1)
    async with sessions.begin() as session:
        await join_shift(session, people[0], shift_id, Part.VOLUNTEER)
        await join_shift(session, cast.owner.resident_id, shift_id, Part.VOLUNTEER)
    assert "排第 1 位" in (await browsers.owner.get("/m/shifts")).text
