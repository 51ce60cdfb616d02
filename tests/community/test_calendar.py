"""Working days of China in 2025 and 2026, dates that a community sets itself, and a year that nobody announced yet."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from community.actors import StaffActor
from community.calendar.china import LAST_YEAR, DayKind, kind_of_day, knows_year, name_holiday
from community.calendar.models import CalendarChange
from community.calendar.queries import find_changes, find_special_days, find_unknown_year
from community.calendar.usecases import forget_day, set_day, set_week
from community.errors import NotAllowed, NotFound, Refused
from community.needs.clocks import (
    add_working_minutes,
    answer_time,
    due_at,
    intervals_on,
    is_open,
    next_opening,
    solution_time,
    working_time_between,
)
from community.needs.kinds import KINDS, get_kind
from community.needs.models import Urgency
from community.parties.models import PartyType
from community.places.models import Community
from linli.database import Sessions
from tests.cast import Cast

ZONE = "Asia/Shanghai"
DAY = [["08:30", "12:00"], ["14:00", "17:30"]]
WEEK = dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), DAY)
WITH_SATURDAY = {**WEEK, "sat": [["09:00", "11:00"]]}


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(ZONE))


# As the State Council announced them in November 2024 and November 2025.
HOLIDAYS = [
    ("2025-01-01", "2025-01-01"),
    ("2025-01-28", "2025-02-04"),
    ("2025-04-04", "2025-04-06"),
    ("2025-05-01", "2025-05-05"),
    ("2025-05-31", "2025-06-02"),
    ("2025-10-01", "2025-10-08"),
    ("2026-01-01", "2026-01-03"),
    ("2026-02-15", "2026-02-23"),
    ("2026-04-04", "2026-04-06"),
    ("2026-05-01", "2026-05-05"),
    ("2026-06-19", "2026-06-21"),
    ("2026-09-25", "2026-09-27"),
    ("2026-10-01", "2026-10-07"),
]
MADE_UP = [
    "2025-01-26",
    "2025-02-08",
    "2025-04-27",
    "2025-09-28",
    "2025-10-11",
    "2026-01-04",
    "2026-02-14",
    "2026-02-28",
    "2026-05-09",
    "2026-09-20",
    "2026-10-10",
]


def test_two_years_day_by_day() -> None:
    closed = {
        day for first, last in HOLIDAYS for day in _days(date.fromisoformat(first), date.fromisoformat(last))
    }
    made_up = {date.fromisoformat(day) for day in MADE_UP}
    for day in _days(date(2025, 1, 1), date(2026, 12, 31)):
        works = day in made_up or (day.weekday() < 5 and day not in closed)
        assert bool(intervals_on(day, WEEK)) is works, day


def _days(first: date, last: date) -> list[date]:
    return [first + timedelta(days=number) for number in range((last - first).days + 1)]


@pytest.mark.parametrize(
    ("minutes", "at", "due"),
    [
        (60, "2025-09-30T17:00", "2025-10-09T09:00"),  # eight days of National Day lie between
        (420, "2025-10-10T08:30", "2025-10-10T17:30"),
        (421, "2025-10-10T08:30", "2025-10-11T08:31"),  # a Saturday that is worked
        (60, "2025-10-11T17:00", "2025-10-13T09:00"),
        (60, "2026-02-13T17:00", "2026-02-14T09:00"),
        (60, "2026-02-14T17:00", "2026-02-24T09:00"),
        (60, "2026-09-24T17:30", "2026-09-28T09:30"),
        (2100, "2026-04-30T08:30", "2026-05-09T17:30"),
        (60, "2026-10-04T10:00", "2026-10-08T09:30"),
    ],
)
def test_working_minutes_over_holidays(minutes: int, at: str, due: str) -> None:
    assert add_working_minutes(minutes, moment(at), WEEK, ZONE) == moment(due)
    assert working_time_between(moment(at), moment(due), WEEK, ZONE) == timedelta(minutes=minutes)


def test_a_promise_before_a_holiday_is_for_after_it() -> None:
    lift = get_kind("elevator")
    assert due_at(lift, Urgency.NORMAL, moment("2025-09-30T16:00"), WEEK, ZONE) == moment("2025-10-09T11:00")
    always = due_at(get_kind("fire_public_safety"), Urgency.URGENT, moment("2025-10-02T23:30"), WEEK, ZONE)
    assert always == moment("2025-10-03T00:30")
    crisis = due_at(lift, Urgency.CRISIS, moment("2026-02-17T03:00"), WEEK, ZONE)
    assert crisis == moment("2026-02-17T03:15")


def test_every_kind_solves_later_than_it_answers() -> None:
    for kind in KINDS.values():
        for urgency in Urgency:
            answer, solution = answer_time(kind, urgency), solution_time(kind, urgency)
            assert 0 < answer.minutes < solution.minutes, kind.code
            assert answer.around_the_clock == solution.around_the_clock


def test_a_saturday_office_keeps_its_hours_when_saturday_is_worked() -> None:
    assert intervals_on(date(2025, 10, 11), WITH_SATURDAY) == intervals_on(date(2025, 10, 18), WITH_SATURDAY)
    assert intervals_on(date(2025, 10, 4), WITH_SATURDAY) == []
    assert len(intervals_on(date(2025, 10, 11), WEEK)) == 2


def test_a_date_of_its_own_goes_before_everything() -> None:
    own = {**WEEK, "2025-10-03": [["09:00", "11:00"]], "2025-10-09": [], "2025-10-11": []}
    assert is_open(own, ZONE, moment("2025-10-03T10:00"))
    assert next_opening(own, ZONE, moment("2025-10-03T11:00")) == moment("2025-10-10T08:30")
    assert add_working_minutes(180, moment("2025-09-30T16:30"), own, ZONE) == moment("2025-10-03T11:00")
    assert next_opening(own, ZONE, moment("2025-10-10T17:30")) == moment("2025-10-13T08:30")


def test_an_unknown_year_has_weekends_only() -> None:
    year = LAST_YEAR + 1
    assert not knows_year(year)
    assert kind_of_day(date(year, 10, 1)) is DayKind.USUAL
    assert name_holiday(date(year, 10, 1)) is None
    for day in _days(date(year, 9, 28), date(year, 10, 8)):
        assert bool(intervals_on(day, WEEK)) is (day.weekday() < 5)
    assert find_unknown_year(date(LAST_YEAR, 6, 1)) is None
    assert find_unknown_year(date(LAST_YEAR, 12, 1)) == year


def test_time_waited_is_counted_in_open_hours() -> None:
    friday, tuesday = moment("2026-03-06T17:00"), moment("2026-03-10T09:00")
    assert working_time_between(friday, tuesday, WEEK, ZONE) == timedelta(minutes=30 + 420 + 30)
    assert working_time_between(tuesday, friday, WEEK, ZONE) == timedelta()
    assert working_time_between(friday, tuesday, {}, ZONE) == tuesday - friday


async def test_hours_are_set_with_history(sessions: Sessions, cast: Cast) -> None:
    community, actor = cast.here.community.id, cast.here.staff[PartyType.COMMITTEE]
    async with sessions.begin() as session:
        await set_week(session, actor, community, {"mon": [["9:00", "12:00"]], "sat": [["9:00", "24:00"]]})
        await set_day(session, actor, community, date(2026, 10, 3), [["10:00", "11:00"]], "国庆值班")
        await set_day(session, actor, community, date(2026, 11, 2), [], "停电")
    async with sessions.begin() as session:
        await forget_day(session, actor, community, date(2026, 11, 2))
        with pytest.raises(NotFound):
            await forget_day(session, actor, community, date(2026, 11, 2))
    async with sessions() as session:
        hours = (await session.get_one(Community, community)).office_hours
        changes = await find_changes(session, community)
    assert hours == {
        "mon": [["09:00", "12:00"]],
        "sat": [["09:00", "24:00"]],
        "2026-10-03": [["10:00", "11:00"]],
    }
    assert [change.day and change.day.isoformat() for change, _ in changes] == [
        "2026-11-02",
        "2026-11-02",
        "2026-10-03",
        None,
    ]
    assert changes[0][0].before == []
    assert changes[1][0].why == "停电"
    assert {name for _, name in changes} == {actor.name}


async def test_special_days_are_listed(sessions: Sessions, cast: Cast) -> None:
    async with sessions.begin() as session:
        community = await set_day(
            session,
            cast.here.staff[PartyType.COMMITTEE],
            cast.here.community.id,
            date(2026, 9, 30),
            [],
            "搬家",
        )
    days = find_special_days(community, date(2026, 9, 18), timedelta(days=14))
    assert [(day.day.isoformat(), day.kind.value, day.own) for day in days] == [
        ("2026-09-20", "made_up", False),
        ("2026-09-25", "holiday", False),
        ("2026-09-26", "holiday", False),
        ("2026-09-27", "holiday", False),
        ("2026-09-30", "usual", True),
        ("2026-10-01", "holiday", False),
    ]
    assert days[1].name == {"zh": "中秋", "en": "Mid-autumn Festival"}


BAD = [
    [["9", "12:00"]],
    [["12:00", "09:00"]],
    [["09:00", "12:00"], ["11:00", "13:00"]],
    [["25:00", "26:00"]],
    [["morning", "noon"]],
]


@pytest.mark.parametrize("openings", BAD)
async def test_unclear_hours_are_refused(sessions: Sessions, cast: Cast, openings: list[list[str]]) -> None:
    async with sessions.begin() as session:
        with pytest.raises(Refused):
            await set_week(
                session, cast.here.staff[PartyType.COMMITTEE], cast.here.community.id, {"mon": openings}
            )
        with pytest.raises(Refused):
            await set_week(session, cast.here.staff[PartyType.COMMITTEE], cast.here.community.id, {})
    async with sessions() as session:
        assert (await session.scalars(select(CalendarChange))).all() == []


async def test_who_may_set_them(sessions: Sessions, cast: Cast) -> None:
    here, there = cast.here, cast.there
    may = {cast.street.staff_id, cast.admin.staff_id, here.staff[PartyType.COMMITTEE].staff_id}
    everybody: list[StaffActor] = [
        *here.staff.values(),
        *there.staff.values(),
        cast.street,
        cast.admin,
    ]
    for actor in everybody:
        async with sessions.begin() as session:
            try:
                await set_day(session, actor, here.community.id, datetime.now(UTC).date(), [], "停电")
            except NotAllowed:
                assert actor.staff_id not in may
            else:
                assert actor.staff_id in may
