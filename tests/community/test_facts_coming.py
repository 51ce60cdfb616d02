"""Times ahead in what people wish for, read on a Wednesday afternoon in Shanghai."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from community.facts.coming import find_coming
from community.facts.finding import find_facts
from community.facts.month_days import find_missing_day

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
        ("十一月二十三有活动没", "11-23 00:00", "11-24 00:00"),
        ("12月5", "12-05 00:00", "12-06 00:00"),
        ("11.23那天有啥", "11-23 00:00", "11-24 00:00"),
        ("12.5 上午有课吗", "12-05 08:00", "12-05 12:00"),
        ("Dec 5", "12-05 00:00", "12-06 00:00"),
        ("on the 25th", "11-25 00:00", "11-26 00:00"),
        ("二十三号有活动吗", "11-23 00:00", "11-24 00:00"),
        ("23号呢", "11-23 00:00", "11-24 00:00"),
        ("廿三号那场我报名", "11-23 00:00", "11-24 00:00"),
        ("十号的巡逻我去", "12-10 00:00", "12-11 00:00"),
        ("18号我有空", "11-18 00:00", "11-19 00:00"),
        ("23号下午三点的", "11-23 15:00", "11-23 16:00"),
        ("23到25号有吗", "11-23 00:00", "11-26 00:00"),
        ("28号到3号我在", "11-28 00:00", "12-04 00:00"),
        ("15到20号", "11-18 00:00", "11-21 00:00"),
        ("23、24号", "11-23 00:00", "11-25 00:00"),
        ("what about the 23rd?", "11-23 00:00", "11-24 00:00"),
        ("anything 5th?", "12-05 00:00", "12-06 00:00"),
        ("on the twenty-third", "11-23 00:00", "11-24 00:00"),
        ("the 5th of next month", "12-05 00:00", "12-06 00:00"),
        ("next month on the 5th", "12-05 00:00", "12-06 00:00"),
        ("下个月五号", "12-05 00:00", "12-06 00:00"),
        ("这个月底", "11-21 00:00", "12-01 00:00"),
        ("本月末有活动吗", "11-21 00:00", "12-01 00:00"),
        ("下个月初", "12-01 00:00", "12-11 00:00"),
        ("月初呢", "12-01 00:00", "12-11 00:00"),
        ("月中", "11-10 00:00", "11-21 00:00"),
        ("下旬有吗", "11-21 00:00", "12-01 00:00"),
        ("at the end of the month", "11-21 00:00", "12-01 00:00"),
        ("early next month", "12-01 00:00", "12-11 00:00"),
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
        ("31号", "2026-04-20 15:00", "2026-05-31 00:00", "2026-06-01 00:00"),
        ("30号", "2027-01-31 15:00", "2027-03-30 00:00", "2027-03-31 00:00"),
        ("30号", "2026-12-31 15:00", "2027-01-30 00:00", "2027-01-31 00:00"),
        ("23号", "2026-03-22 23:30", "2026-03-23 00:00", "2026-03-24 00:00"),
        ("这个月初", "2026-11-18 15:00", None, None),
        ("下个月31号", "2026-11-01 15:00", "2026-12-31 00:00", "2027-01-01 00:00"),
        ("下个月31号", "2026-03-01 15:00", None, None),
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
    "said",
    [
        "上周六那个活动", "yesterday", "我想去探访老人", "last sunday", "等了三天了", "上个月5号",
        "3号楼有活动吗", "我住12号", "家在12号", "3号电梯", "5号线", "8号网格", "10号公交", "15号院", "3号门集合",
        "2号楼23号", "23号的电梯坏了", "3到5号楼", "第3号", "12号车位", "停在35号", "二月三十号",
        "the 3rd floor", "the 2nd one", "3rd building",
        "电费3.23元", "3.5栋", "版本2.3", "评分3.5有点低", "农历十月二十三",
    ],
)  # fmt: skip
def test_what_was_or_is_no_time(said: str) -> None:
    assert find_coming(said, WEDNESDAY, ZONE) == ()


@pytest.mark.parametrize(
    ("said", "missing"),
    [
        ("下个月31号有活动吗", None),
        ("下下个月31号", None),
        ("2月30号呢", (2, 30)),
        ("2月29号", None),
        ("三月三十二号", (3, 32)),
        ("the 31st of april", (4, 31)),
        ("Feb 30th", (2, 30)),
        ("the 32nd", (None, 32)),
        ("35号有活动吗", (None, 35)),
        ("这个月31号", (11, 31)),
        ("the 31st of this month", (11, 31)),
        ("35号楼", None),
        ("45号公交", None),
        ("31号", None),
        ("周六", None),
    ],
)
def test_a_day_that_there_is_not(said: str, missing: tuple[int | None, int] | None) -> None:
    found = find_missing_day(said, WEDNESDAY, "Asia/Shanghai")
    assert (found and (found.month, found.day)) == missing


@pytest.mark.parametrize(
    "said", ["我住12号，水管漏了", "我家在12号", "12号水管漏了", "3号电梯坏了", "5号门口有积水"]
)
def test_a_report_names_a_house(said: str) -> None:
    assert find_facts(said, WEDNESDAY, ZONE).times == ()
