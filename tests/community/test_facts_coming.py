"""Times ahead in what people wish for, read on a Wednesday afternoon in Shanghai."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from community.facts.coming import find_coming

ZONE = ZoneInfo("Asia/Shanghai")
WEDNESDAY = datetime(2026, 11, 18, 15, tzinfo=ZONE)


@pytest.mark.parametrize(
    ("said", "start", "end"),
    [
        ("周六有什么活动？", "11-21 00:00", "11-22 00:00"),
        ("今天晚上有什么", "11-18 18:00", "11-19 00:00"),
        ("明天", "11-19 00:00", "11-20 00:00"),
        ("后天下午我有空", "11-20 12:00", "11-20 18:00"),
        ("下周三上午", "11-25 08:00", "11-25 12:00"),
        ("周末有什么能帮忙的", "11-21 00:00", "11-23 00:00"),
        ("这周日", "11-22 00:00", "11-23 00:00"),
        ("周二有吗", "11-24 00:00", "11-25 00:00"),
        ("周三有吗", "11-18 00:00", "11-19 00:00"),
        ("下下周一", "11-30 00:00", "12-01 00:00"),
        ("25号有活动吗", "11-25 00:00", "11-26 00:00"),
        ("5号有活动吗", "12-05 00:00", "12-06 00:00"),
        ("12月5日", "12-05 00:00", "12-06 00:00"),
        ("周六上午10点那个", "11-21 10:00", "11-21 11:00"),
        ("明早八点", "11-19 08:00", "11-19 09:00"),
        ("星期日有咩义工做", "11-22 00:00", "11-23 00:00"),
        ("下个月有啥安排", "12-01 00:00", "01-01 00:00"),
        ("this Sunday", "11-22 00:00", "11-23 00:00"),
        ("Any volunteering this weekend?", "11-21 00:00", "11-23 00:00"),
        ("on saturday morning", "11-21 06:00", "11-21 12:00"),
        ("tomorrow afternoon", "11-19 12:00", "11-19 18:00"),
        ("any volunteering the day after tomorrow?", "11-20 00:00", "11-21 00:00"),
        ("day after tomorrow in the morning", "11-20 06:00", "11-20 12:00"),
        ("十一月二十三号有活动吗", "11-23 00:00", "11-24 00:00"),
        ("Dec 5", "12-05 00:00", "12-06 00:00"),
        ("on the 25th", "11-25 00:00", "11-26 00:00"),
    ],
)
def test_what_is_to_be(said: str, start: str, end: str) -> None:
    [coming] = find_coming(said, WEDNESDAY, ZONE)
    assert (f"{coming.start:%m-%d %H:%M}", f"{coming.end:%m-%d %H:%M}") == (start, end)


def test_a_date_that_went_by_is_next_years() -> None:
    """Said on 18 November: the third is a year away, in March there is one sooner."""
    years = [
        find_coming(said, WEDNESDAY, ZONE)[0].start.date().isoformat() for said in ("十一月三号", "三月五号")
    ]
    assert years == ["2027-11-03", "2027-03-05"]


@pytest.mark.parametrize(
    ("said", "at", "start", "end"),
    [
        ("今天上午的来不了", "2026-11-18 14:00", "2026-11-18 08:00", "2026-11-18 12:00"),
        ("今晚8点", "2026-11-18 22:00", "2026-11-18 20:00", "2026-11-18 21:00"),
        ("31号有活动吗", "2026-11-18 15:00", "2026-12-31 00:00", "2027-01-01 00:00"),
        ("31号上午", "2026-02-05 15:00", "2026-03-31 08:00", "2026-03-31 12:00"),
        ("31号上午", "2026-03-10 15:00", "2026-03-31 08:00", "2026-03-31 12:00"),
        ("2月29号", "2024-03-05 15:00", "2028-02-29 00:00", "2028-03-01 00:00"),
        ("明早的我能去", "2026-11-18 15:00", "2026-11-19 06:00", "2026-11-19 11:00"),
        ("周六早上", "2026-11-18 15:00", "2026-11-21 06:00", "2026-11-21 11:00"),
        ("两周后的周六", "2026-11-18 15:00", None, None),
        ("10天后的周六", "2026-11-18 15:00", None, None),
        ("two weeks from Saturday", "2026-11-18 15:00", None, None),
    ],
)
def test_today_stays_and_no_day_is_made_up(said: str, at: str, start: str | None, end: str | None) -> None:
    found = find_coming(said, datetime.fromisoformat(at).replace(tzinfo=ZONE), ZONE)
    told = [(f"{coming.start:%Y-%m-%d %H:%M}", f"{coming.end:%Y-%m-%d %H:%M}") for coming in found]
    assert told == ([] if start is None else [(start, end)])


@pytest.mark.parametrize(
    "said", ["上周六那个活动", "yesterday", "我想去探访老人", "last sunday", "等了三天了"]
)
def test_what_was_or_is_no_time(said: str) -> None:
    assert find_coming(said, WEDNESDAY, ZONE) == ()
