"""Hotlines: the right number for a danger at this hour, hours as people write them, and who may change them."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import update

from community.actors import Actor, ResidentActor, StaffActor
from community.errors import NotAllowed, NotFound, Refused
from community.hotlines.founding import NATIONAL, found_hotlines
from community.hotlines.models import Danger, Hotline
from community.hotlines.queries import find_hotlines, find_lines_for, is_answered
from community.hotlines.usecases import (
    LineText,
    keep_hotline,
    read_hours,
    remove_hotline,
    say_hours,
    set_alert_times,
)
from community.parties.models import PartyType
from linli.database import Sessions
from tests.cast import Cast

ZONE = "Asia/Shanghai"
NOON = datetime(2026, 3, 4, 11, 0, tzinfo=ZoneInfo(ZONE))
NIGHT = datetime(2026, 3, 4, 23, 30, tzinfo=ZoneInfo(ZONE))
FIRST = {
    Danger.SELF_HARM: "12356",
    Danger.VIOLENCE: "110",
    Danger.FIRE: "119",
    Danger.GAS: "119",
    Danger.INJURY: "120",
    Danger.MISSING: "110",
    Danger.DISTRESS: "12356",
}
COMMITTEE = PartyType.COMMITTEE
LINE = LineText(
    "020-8888 1235",
    "社工站电话",
    "Social work desk",
    "跟社工说说",
    "Talk to a social worker",
    "工作日 9:00-17:00",
    frozenset({Danger.DISTRESS}),
)


@pytest.fixture
async def founded(sessions: Sessions, cast: Cast) -> Cast:
    async with sessions.begin() as session:
        await found_hotlines(session, cast.here.community.id)
    return cast


@pytest.mark.parametrize("danger", FIRST)
async def test_each_danger_has_its_number(sessions: Sessions, founded: Cast, danger: Danger) -> None:
    async with sessions() as session:
        lines = await find_lines_for(session, founded.here.community.id, danger, NIGHT)
        unknown = await find_lines_for(session, None, danger, NIGHT)
    assert lines[0].number == unknown[0].number == FIRST[danger]


async def test_self_harm_also_names_the_ambulance_and_the_police(sessions: Sessions, founded: Cast) -> None:
    async with sessions() as session:
        lines = await find_lines_for(session, founded.here.community.id, Danger.SELF_HARM, NOON)
    assert {"12356", "120", "110"} == {line.number for line in lines}


async def test_outside_its_hours_another_line_is_named(sessions: Sessions, founded: Cast) -> None:
    async with sessions.begin() as session:
        week = {day: [["08:00", "22:00"]] for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")}
        await session.execute(update(Hotline).where(Hotline.number == "12356").values(hours=week))
    async with sessions() as session:
        by_day = await find_lines_for(session, founded.here.community.id, Danger.SELF_HARM, NOON)
        by_night = await find_lines_for(session, founded.here.community.id, Danger.SELF_HARM, NIGHT)
    assert (by_day[0].number, by_day[0].always) == ("12356", False)
    assert "12356" not in {line.number for line in by_night}
    assert by_night[0].always


@pytest.mark.parametrize(
    ("clock", "open_then"),
    [("22:59", True), ("23:00", True), ("01:59", True), ("02:00", False), ("07:59", False), ("08:00", True)],
)
def test_an_evening_reaches_into_the_next_morning(clock: str, open_then: bool) -> None:
    hours = read_hours("每天 8:00-2:00")
    at = datetime.fromisoformat(f"2026-03-04T{clock}").replace(tzinfo=ZoneInfo(ZONE))
    assert is_answered(hours, ZONE, at) is open_then


@pytest.mark.parametrize("text", ["", "24小时", "24h", "全天"])
def test_around_the_clock(text: str) -> None:
    assert read_hours(text) is None


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize(
    "text", ["工作日 09:00-12:00 14:00-17:00; 周六 09:00-12:00", "daily 08:00-24:00", "weekend 10:00-16:00"]
)
def test_hours_are_said_so_that_they_are_read_again(text: str, language: str) -> None:
    hours = read_hours(text)
    assert hours
    assert read_hours(say_hours(hours, language)) == hours


@pytest.mark.parametrize("text", ["早上", "9-12", "周八 9:00-12:00", "25:00-26:00", "9:00-9:00"])
def test_unclear_hours_are_refused(text: str) -> None:
    with pytest.raises(Refused, match="hours_unclear"):
        read_hours(text)


async def test_committee_street_and_admin_keep_the_lines(sessions: Sessions, founded: Cast) -> None:
    here = founded.here.community.id
    admin = StaffActor(
        founded.admin.staff_id,
        founded.admin.role,
        founded.admin.party_id,
        None,
        founded.admin.street_id,
        "admin",
    )
    async with sessions.begin() as session:
        line = await keep_hotline(session, founded.here.staff[COMMITTEE], here, LINE)
        await keep_hotline(session, founded.street, here, LINE, line.id)
        await keep_hotline(session, admin, here, LINE, line.id)
    async with sessions() as session:
        numbers = [line.number for line in await find_hotlines(session, here)]
    assert numbers == [*(line.number for line in NATIONAL), LINE.number]
    async with sessions.begin() as session:
        await remove_hotline(session, founded.here.staff[COMMITTEE], here, line.id)


@pytest.mark.parametrize(
    ("who", "refusal"),
    [
        ("here.social_work_team", NotAllowed),
        ("here.property_company", NotAllowed),
        ("there.committee", NotFound),
        ("owner", NotFound),
    ],
)
async def test_nobody_else_does(
    sessions: Sessions, founded: Cast, who: str, refusal: type[Exception]
) -> None:
    side, _, party = who.partition(".")
    owner: Actor = ResidentActor(founded.owner.resident_id)
    actor: Actor = getattr(founded, side).staff[PartyType(party)] if party else owner
    with pytest.raises(refusal):
        async with sessions.begin() as session:
            await keep_hotline(session, actor, founded.here.community.id, LINE)
    with pytest.raises(refusal):
        async with sessions.begin() as session:
            await set_alert_times(session, actor, founded.here.community.id, 3, 3)


async def test_the_last_number_of_a_danger_stays(sessions: Sessions, founded: Cast) -> None:
    here, committee = founded.here.community.id, founded.here.staff[COMMITTEE]
    async with sessions() as session:
        fire = next(line for line in await find_hotlines(session, here) if line.number == "119")
        injury = next(line for line in await find_hotlines(session, here) if line.number == "120")
    async with sessions.begin() as session:
        await remove_hotline(session, committee, here, fire.id)  # the ambulance is still named for fire
    with pytest.raises(Refused, match="last_hotline"):
        async with sessions.begin() as session:
            await remove_hotline(session, committee, here, injury.id)


@pytest.mark.parametrize("number", ["", "abc", "12", "tel:110", "110;120"])
async def test_a_number_is_a_number(sessions: Sessions, founded: Cast, number: str) -> None:
    typed = LineText(number, "甲", "A", "乙", "B", "", frozenset())
    with pytest.raises(Refused, match="number_unclear"):
        async with sessions.begin() as session:
            await keep_hotline(session, founded.here.staff[COMMITTEE], founded.here.community.id, typed)
