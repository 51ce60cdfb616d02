"""First answers are due in open office hours: split days, nights, weekends, any zone, and no hours at all."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from community.needs.clocks import (
    WEEKDAYS,
    Hours,
    add_working_minutes,
    due_at,
    intervals_on,
    is_open,
    next_opening,
)
from community.needs.kinds import get_kind
from community.needs.models import Urgency

SHANGHAI = "Asia/Shanghai"
DAY = [["08:30", "12:00"], ["14:00", "17:30"]]
WEEK: Hours = dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), DAY)
NO_HOURS: list[Hours] = [{}, {"mon": []}]


def moment(text: str, zone: str = SHANGHAI) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))


# 2026-03-02 is a Monday.
@pytest.mark.parametrize(
    ("minutes", "at", "due"),
    [
        (60, "2026-03-02T09:00", "2026-03-02T10:00"),
        (60, "2026-03-02T11:30", "2026-03-02T14:30"),
        (60, "2026-03-02T12:30", "2026-03-02T15:00"),
        (210, "2026-03-02T08:30", "2026-03-02T12:00"),
        (211, "2026-03-02T08:30", "2026-03-02T14:01"),
        (420, "2026-03-02T08:30", "2026-03-02T17:30"),
        (60, "2026-03-02T17:00", "2026-03-03T09:00"),
        (60, "2026-03-02T17:30", "2026-03-03T09:30"),
        (60, "2026-03-02T23:59", "2026-03-03T09:30"),
        (60, "2026-03-03T00:00", "2026-03-03T09:30"),
        (60, "2026-03-06T17:00", "2026-03-09T09:00"),
        (60, "2026-03-07T10:00", "2026-03-09T09:30"),
        (60, "2026-03-08T23:59", "2026-03-09T09:30"),
        (840, "2026-03-05T08:30", "2026-03-06T17:30"),
        (2100, "2026-03-02T08:30", "2026-03-06T17:30"),
        (0, "2026-03-07T10:00", "2026-03-09T08:30"),
    ],
)
def test_working_minutes(minutes: int, at: str, due: str) -> None:
    found = add_working_minutes(minutes, moment(at), WEEK, SHANGHAI)
    assert found == moment(due)
    assert found.tzinfo is UTC


def test_kind_and_urgency_choose_the_minutes() -> None:
    at, lift = moment("2026-03-02T08:30"), get_kind("elevator")
    assert due_at(lift, Urgency.NORMAL, at, WEEK, SHANGHAI) == moment("2026-03-02T14:30")
    assert due_at(lift, Urgency.URGENT, at, WEEK, SHANGHAI) == moment("2026-03-02T10:30")


@pytest.mark.parametrize("at", ["2026-03-02T09:00", "2026-03-07T03:00", "2026-12-31T23:50"])
def test_a_crisis_counts_minutes_at_any_hour(at: str) -> None:
    due = due_at(get_kind("other"), Urgency.CRISIS, moment(at), WEEK, SHANGHAI)
    assert due == moment(at) + timedelta(minutes=15)


def test_hours_are_read_in_the_zone_of_the_community() -> None:
    at = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)  # 09:00 in Shanghai, 20:00 on Sunday in New York
    assert is_open(WEEK, SHANGHAI, at)
    assert not is_open(WEEK, "America/New_York", at)
    assert add_working_minutes(30, at, WEEK, SHANGHAI) == at + timedelta(minutes=30)


def test_a_day_that_loses_or_wins_an_hour_counts_what_passed() -> None:
    berlin, night = "Europe/Berlin", {"sun": [["01:00", "05:00"]]}
    assert add_working_minutes(180, moment("2026-03-29T01:00", berlin), night, berlin) == moment(
        "2026-03-29T05:00", berlin
    )
    assert add_working_minutes(300, moment("2026-10-25T01:00", berlin), night, berlin) == moment(
        "2026-10-25T05:00", berlin
    )


def test_a_day_around_the_clock_and_a_night() -> None:
    always: Hours = {day: [["00:00", "24:00"]] for day in WEEKDAYS}
    assert add_working_minutes(2000, moment("2026-03-06T23:00"), always, SHANGHAI) == moment(
        "2026-03-08T08:20"
    )
    guard: Hours = {"fri": [["22:00", "06:00"]]}
    assert is_open(guard, SHANGHAI, moment("2026-03-07T05:59"))
    assert not is_open(guard, SHANGHAI, moment("2026-03-07T06:00"))


@pytest.mark.parametrize("hours", NO_HOURS)
def test_hours_without_an_opening_count_around_the_clock(hours: Hours) -> None:
    at = moment("2026-03-07T10:00")
    assert add_working_minutes(90, at, hours, SHANGHAI) == at + timedelta(minutes=90)
    assert next_opening(hours, SHANGHAI, at) is None
    assert not is_open(hours, SHANGHAI, at)


def test_more_minutes_than_a_year_has_come_to_an_end() -> None:
    at = moment("2026-03-07T10:00")
    assert add_working_minutes(500, at, {"mon": [["09:00", "09:01"]]}, SHANGHAI) == at + timedelta(
        minutes=500
    )


@pytest.mark.parametrize(
    ("at", "opened", "opens"),
    [
        ("2026-03-02T08:29", False, "2026-03-02T08:30"),
        ("2026-03-02T08:30", True, "2026-03-02T08:30"),
        ("2026-03-02T11:59", True, "2026-03-02T11:59"),
        ("2026-03-02T12:00", False, "2026-03-02T14:00"),
        ("2026-03-02T17:30", False, "2026-03-03T08:30"),
        ("2026-03-06T18:00", False, "2026-03-09T08:30"),
    ],
)
def test_open_and_next_opening(at: str, opened: bool, opens: str) -> None:
    assert is_open(WEEK, SHANGHAI, moment(at)) is opened
    assert next_opening(WEEK, SHANGHAI, moment(at)) == moment(opens)


def test_one_function_says_what_a_date_has() -> None:
    assert len(intervals_on(moment("2026-03-02T00:00").date(), WEEK)) == 2
    assert intervals_on(moment("2026-03-07T00:00").date(), WEEK) == []


@given(
    at=st.datetimes(datetime(2020, 1, 1), datetime(2035, 1, 1)),  # noqa: DTZ001
    minutes=st.integers(1, 3000),
    zone=st.sampled_from([SHANGHAI, "Europe/Berlin", "America/New_York", "Asia/Kathmandu", "UTC"]),
)
def test_due_is_never_outside_the_hours_and_later_minutes_are_later(
    at: datetime, minutes: int, zone: str
) -> None:
    begin = at.replace(tzinfo=UTC)
    due = add_working_minutes(minutes, begin, WEEK, zone)
    assert due >= begin + timedelta(minutes=minutes)
    assert is_open(WEEK, zone, due - timedelta(seconds=1))
    assert add_working_minutes(minutes + 1, begin, WEEK, zone) > due
