"""Pages of rules and of what presses: the list, the calendar, absences, reminders, burdens, the street's decisions."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from community.clock import now
from community.clocks.reminding import take_due_need
from community.needs.models import Need
from community.needs.usecases.staff import DeclineReason, decline_need
from community.parties.models import PartyType, Responsibility, Share, Staff
from community.places.models import Community
from community.routing.models import NeedMove
from linli.database import Sessions
from tests.cast import Cast
from tests.web.staff.conftest import LOW_MOOD, OpenDesk, actor_of, report

PROPOSAL = re.compile(r"/staff/matrix/proposals/([0-9a-f-]{36})/approve")


def _line(cast: Cast, kind: str, **shares: str) -> dict[str, str]:
    """The form of one line: property_company="lead" and so on."""
    named = {f"share-{cast.here.parties[PartyType(name)].id}": share for name, share in shares.items()}
    return {"community": str(cast.here.community.id), "kind": kind, "applies": "always", "place": ""} | named


async def _lead(sessions: Sessions, cast: Cast, kind: str) -> object:
    async with sessions() as session:
        return await session.scalar(
            select(Responsibility.party_id).where(
                Responsibility.community_id == cast.here.community.id,
                Responsibility.kind == kind,
                Responsibility.share == Share.LEAD,
            )
        )


async def test_a_line_is_proposed_by_one_and_approved_by_another(
    open_desk: OpenDesk, cast: Cast, sessions: Sessions
) -> None:
    one = await open_desk(actor_of(cast, "here.committee"))
    page = (await one.get("/staff/matrix/line?kind=noise")).text
    assert "榕树社区物业" in page
    before, after = (
        cast.here.parties[PartyType.COMMITTEE].id,
        cast.here.parties[PartyType.PROPERTY_COMPANY].id,
    )
    form = _line(cast, "noise", property_company="lead", committee="assist")
    refused = await one.post("/staff/matrix/line", 422, **form, why="")
    assert "请写一句为什么" in refused.text
    await one.post("/staff/matrix/line", 303, **form, why="物业有保安巡查")
    mine = (await one.get("/staff/matrix?done=proposed")).text
    assert "要请别人核对" in mine
    assert not PROPOSAL.findall(mine)
    assert await _lead(sessions, cast, "noise") == before
    other = await open_desk(actor_of(cast, "here.committee.2"))
    (proposal,) = PROPOSAL.findall((await other.get("/staff/matrix")).text)
    await one.post(f"/staff/matrix/proposals/{proposal}/approve", 422)
    await other.post(f"/staff/matrix/proposals/{proposal}/approve")
    assert await _lead(sessions, cast, "noise") == after
    page = (await other.get("/staff/matrix")).text
    assert "改动记录" in page
    assert "物业有保安巡查" in page


@pytest.mark.parametrize("where", ["here", "there"])
async def test_the_street_that_refuses_without_a_word_stays_with_that_community(
    open_desk: OpenDesk, cast: Cast, where: str
) -> None:
    one = await open_desk(actor_of(cast, f"{where}.committee"))
    neighbourhood = cast.here if where == "here" else cast.there
    lead = {f"share-{neighbourhood.parties[PartyType.PROPERTY_COMPANY].id}": "lead"}
    line = {"community": str(neighbourhood.community.id), "kind": "noise", "applies": "always", "place": ""}
    await one.post("/staff/matrix/line", 303, **line, **lead, why="物业有保安巡查")
    street = await open_desk(cast.street)
    listed = (await street.get(f"/staff/matrix?community={neighbourhood.community.id}")).text
    (proposal,) = PROPOSAL.findall(listed)
    refused = await street.post(f"/staff/matrix/proposals/{proposal}/refuse", 422, why="")
    assert PROPOSAL.findall(refused.text) == [proposal]


@pytest.mark.parametrize("who", ["here.property_company", "here.volunteer_team", "here.department"])
async def test_partners_read_the_list_and_do_not_change_it(open_desk: OpenDesk, cast: Cast, who: str) -> None:
    desk = await open_desk(actor_of(cast, who))
    assert "/staff/matrix/line" not in (await desk.get("/staff/matrix")).text
    await desk.get("/staff/matrix/line?kind=noise", 403)
    await desk.post("/staff/matrix/line", 403, **_line(cast, "noise", property_company="lead"), why="要")


async def test_communities_are_walls_for_rules_too(
    open_desk: OpenDesk, cast: Cast, sessions: Sessions
) -> None:
    stranger = await open_desk(actor_of(cast, "there.committee"))
    form = _line(cast, "noise", property_company="lead")
    await stranger.post("/staff/matrix/line", 404, **form, why="要")
    page = (await stranger.get(f"/staff/matrix?community={cast.here.community.id}")).text
    assert "榕树社区物业" not in page
    here = str(cast.here.community.id)
    await stranger.post("/staff/calendar/day", 403, community=here, day="2030-05-06", closed="1", why="停电")
    async with sessions() as session:
        assert "2030-05-06" not in (await session.get_one(Community, cast.here.community.id)).office_hours


async def test_the_office_calendar(open_desk: OpenDesk, cast: Cast, sessions: Sessions) -> None:
    desk, here = await open_desk(actor_of(cast, "here.committee")), str(cast.here.community.id)
    assert "国务院" in (await desk.get("/staff/calendar")).text
    week = {"mon": "9:00-12:00，14:00～17:00", "sat": "9:00–11:00"}
    await desk.post("/staff/calendar/week", 303, community=here, **week)
    day = (now() + timedelta(days=9)).date().isoformat()
    await desk.post("/staff/calendar/day", community=here, day=day, hours="10:00 至 11:00", why="值班")
    await desk.post("/staff/calendar/day", 422, community=here, day=day, hours="上午", why="值班")
    page = (await desk.get("/staff/calendar")).text
    for words in ("09:00–12:00 14:00–17:00", "10:00–11:00", "本社区定的", "值班"):
        assert words in page
    async with sessions() as session:
        hours = (await session.get_one(Community, cast.here.community.id)).office_hours
    assert hours["mon"] == [["09:00", "12:00"], ["14:00", "17:00"]]
    assert hours[day] == [["10:00", "11:00"]]
    await desk.post("/staff/calendar/forget", community=here, day=day)
    partner = await open_desk(actor_of(cast, "here.property_company"))
    assert "/staff/calendar/week" not in (await partner.get("/staff/calendar")).text
    await partner.post("/staff/calendar/week", 403, community=here, mon="9:00-12:00")


async def test_reminders_reach_the_person_the_leader_and_the_street(
    open_desk: OpenDesk, cast: Cast, lift: Need, sessions: Sessions
) -> None:
    low = await report(sessions, cast.owner, LOW_MOOD)
    async with sessions.begin() as session:
        leader = await session.get_one(Staff, actor_of(cast, "here.property_company.2").staff_id)
        leader.leads = True
    later = now() + timedelta(days=40)
    async with sessions.begin() as session:
        await take_due_need(session, later, lift.id)
        await take_due_need(session, later, low.id)
    for who, sees in [
        ("here.property_company", True),
        ("here.property_company.2", True),
        ("here.committee", False),
        ("there.property_company", False),
        ("here.volunteer_team", False),
        ("street", True),
    ]:
        page = (await (await open_desk(actor_of(cast, who))).get("/staff/reminders")).text
        assert (lift.code in page) is sees, who
        if who == "street":
            assert low.code in page
            assert "心里的事" not in page
            assert f"/staff/needs/{low.id}" not in page


async def test_the_street_decides_in_one_click_and_makes_a_rule(
    open_desk: OpenDesk, cast: Cast, lift: Need, sessions: Sessions
) -> None:
    for who in ("here.property_company", "here.committee"):
        async with sessions.begin() as session:
            await decline_need(session, actor_of(cast, who), lift.id, DeclineReason.NOT_OURS, "不是我们装的")
    street = await open_desk(cast.street)
    page = (await street.get("/staff/decide")).text
    for words in (lift.code, "榕树社区物业", "不归我们管", "不是我们装的", "榕树社区城管办"):
        assert words in page
    department = cast.here.parties[PartyType.DEPARTMENT].id
    answer = await street.post(f"/staff/needs/{lift.id}/decide", party_id=str(department))
    page = (await street.get(answer.headers["location"])).text
    assert "定了由榕树社区城管办办" in page
    link = f"/staff/matrix/line?community={cast.here.community.id}&kind=elevator&need={lift.id}"
    assert link.replace("&", "&amp;") in page
    form = (await street.get(link)).text
    chosen = re.search(rf'name="share-{department}">.*?</select>', form, re.DOTALL)
    assert chosen is not None
    assert 'value="lead" selected' in chosen[0]
    assert lift.code in form
    await street.post(
        "/staff/matrix/line",
        303,
        **_line(cast, "elevator", department="lead", property_company="assist"),
        need=str(lift.id),
        why="街道已定",
    )
    for who in ("here.committee", "here.property_company", "admin"):
        await (await open_desk(actor_of(cast, who))).get("/staff/decide", 404)


async def test_what_the_list_says_already_is_no_new_rule(
    open_desk: OpenDesk, cast: Cast, lift: Need, sessions: Sessions
) -> None:
    for who in ("here.property_company", "here.committee"):
        async with sessions.begin() as session:
            await decline_need(session, actor_of(cast, who), lift.id, DeclineReason.NOT_OURS)
    street, company = await open_desk(cast.street), cast.here.parties[PartyType.PROPERTY_COMPANY]
    answer = await street.post(f"/staff/needs/{lift.id}/decide", party_id=str(company.id))
    page = (await street.get(answer.headers["location"])).text
    assert "定了由榕树社区物业办" in page
    assert "/staff/matrix/line" not in page


async def test_a_party_sees_what_was_pushed_onto_it_and_by_whom(
    open_desk: OpenDesk, cast: Cast, lift: Need, sessions: Sessions
) -> None:
    errand = await report(sessions, cast.owner, "elderly_care", words="帮忙取快递")
    worker = await open_desk(actor_of(cast, "here.social_work_team"))
    await worker.post(f"/staff/needs/{errand.id}/errand")
    desk = await open_desk(actor_of(cast, "here.property_company"))
    committee_id = str(cast.here.parties[PartyType.COMMITTEE].id)
    await desk.post(f"/staff/needs/{lift.id}/hand-over", party_id=committee_id, words="开会再说")
    committee = await open_desk(actor_of(cast, "here.committee"))
    page = (await committee.get("/staff/pushed")).text
    for words in ("榕树社区社工站", "榕树社区物业", "跑腿的事", "转办", "开会再说", "社工退回的跑腿事：1件"):
        assert words in page
    async with sessions.begin() as session:
        await session.execute(
            update(NeedMove).where(NeedMove.need_id == lift.id).values(at=now() - timedelta(days=9))
        )
    page = (await committee.get("/staff/pushed")).text
    assert page.index(errand.code) < page.index(lift.code), "the newest first"
    elsewhere = (await (await open_desk(actor_of(cast, "there.committee"))).get("/staff/pushed")).text
    assert "开会再说" not in elsewhere
    assert "社工退回的跑腿事：0件" in elsewhere


async def test_who_is_away_is_said_and_ended(open_desk: OpenDesk, cast: Cast) -> None:
    desk = await open_desk(actor_of(cast, "here.committee"))
    me = str(actor_of(cast, "here.committee").staff_id)
    day = (now() + timedelta(hours=2)).strftime("%Y-%m-%d")
    form = {"staff_id": me, "starts": f"{day}T00:01", "why": "培训"}
    await desk.post("/staff/absences", 422, **form, ends="2020-01-01T09:00")
    ends = (now() + timedelta(days=3)).strftime("%Y-%m-%dT%H:%M")
    await desk.post("/staff/absences", 303, **form, ends=ends)
    page = (await desk.get("/staff/absences")).text
    assert "培训" in page
    (absence,) = re.findall(r"/staff/absences/([0-9a-f-]{36})/end", page)
    other = await open_desk(actor_of(cast, "there.committee"))
    await other.post(f"/staff/absences/{absence}/end", 404)
    colleague = await open_desk(actor_of(cast, "here.committee.2"))
    await colleague.post(f"/staff/absences/{absence}/end", 403)
    await desk.post(f"/staff/absences/{absence}/end")


PAGES = ("/staff/matrix", "/staff/calendar", "/staff/absences", "/staff/pushed", "/staff/reminders")


@pytest.mark.parametrize("who", ["here.committee", "here.social_work_team", "here.department", "street"])
@pytest.mark.parametrize("language", ["zh", "en"])
async def test_every_page_opens_in_both_languages(
    open_desk: OpenDesk, cast: Cast, who: str, language: str
) -> None:
    desk = await open_desk(actor_of(cast, who))
    await desk.post("/staff/language", language=language, next="/staff/needs")
    for page in PAGES:
        await desk.get(page)
