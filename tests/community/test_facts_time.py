"""Times in the words of a report: the words, how they are meant, and the moments, as told on a Wednesday afternoon."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from community.facts.finding import find_facts
from community.facts.models import TimeFact

ZONE = ZoneInfo("Asia/Shanghai")
MOMENT = datetime(2026, 11, 18, 16, 0, tzinfo=ZONE)


def find_times(text: str) -> tuple[TimeFact, ...]:
    return find_facts(text, MOMENT, ZONE).times


def short(moment: datetime | None) -> str:
    """Month, day and, where it is not midnight, the time: 1117 22:00."""
    return "" if moment is None else f"{moment:%m%d %H:%M}".removesuffix(" 00:00")


@pytest.mark.parametrize(
    ("text", "words", "kind", "start", "end"),
    [
        ("昨晚十点多电梯就不动了", "昨晚十点多", "at", "1117 22:00", "1117 23:00"),
        ("昨天凌晨三点楼上摔东西", "昨天凌晨三点", "at", "1117 03:00", "1117 03:00"),
        ("昨晚两点还在唱歌", "昨晚两点", "at", "1118 02:00", "1118 02:00"),
        ("今早八点半门禁刷不开", "今早八点半", "at", "1118 08:30", "1118 08:30"),
        ("今天下午3点20分有人翻墙", "今天下午3点20分", "at", "1118 15:20", "1118 15:20"),
        ("前天傍晚水管爆的", "前天傍晚", "at", "1116 17:00", "1116 19:00"),
        ("大前天夜里听到响声", "大前天夜里", "at", "1115 21:00", "1116 05:00"),
        ("上周五停的电", "上周五", "at", "1113", "1114"),
        ("星期一下午来过一次人", "星期一下午", "at", "1116 12:00", "1116 18:00"),
        ("十一月三号下午在广场", "十一月三号下午", "at", "1103 12:00", "1103 18:00"),
        ("11月5日晚8点左右", "11月5日晚8点左右", "at", "1105 20:00", "1105 20:00"),
        ("2026年10月1号那天就坏了", "2026年10月1号那天", "at", "1001", "1002"),
        ("15号早上开始没热水", "15号早上开始", "since", "1115 06:00", ""),
        ("半个小时前有人被困", "半个小时前", "at", "1118 15:30", "1118 15:30"),
        ("三天前就报过了", "三天前", "at", "1115", "1116"),
        ("刚才有人把垃圾扔下来", "刚才", "at", "1118 16:00", "1118 16:00"),
        ("上个月底报的修", "上个月底", "at", "1021", "1101"),
        ("上礼拜天就漏了", "上礼拜天", "at", "1115", "1116"),
        ("晚上十点到十二点都在跳舞", "晚上十点到十二点", "at", "1117 22:00", "1118"),
        ("昨晚11:30到今天早上没停过", "昨晚11:30到今天早上", "at", "1117 23:30", "1118 09:00"),
        ("已经坏了两天了", "两天了", "for", "1116 16:00", "1118 16:00"),
        ("停水三天没人管", "三天", "for", "1115 16:00", "1118 16:00"),
        ("等了两个多小时", "两个多小时", "for", None, "1118 16:00"),
        ("有半个月了", "半个月了", "for", None, "1118 16:00"),
        ("一个多星期没收垃圾", "一个多星期", "for", None, "1118 16:00"),
        ("两三天没热水了", "两三天", "for", "1116 16:00", "1118 16:00"),
        ("十几天了都没修", "十几天了", "for", None, "1118 16:00"),
        ("灯坏了好几个月", "好几个月", "for", None, "1118 16:00"),
        ("从上周三开始就没热水", "从上周三开始", "since", "1111", ""),
        ("打昨儿起电视没信号", "打昨儿起", "since", "1117", ""),
        ("自从国庆节后没人扫地", "自从国庆节后", "since", "1001", ""),
        ("昨天开始漏水", "昨天开始", "since", "1117", ""),
        ("从早上6点一直钻到现在", "从早上6点", "since", "1118 06:00", ""),
        ("十月份以来停了四次电", "十月份以来", "since", "1001", ""),
        ("每天半夜拖椅子", "每天半夜", "every", "", ""),
        ("天天早上五点放音乐", "天天早上五点", "every", "", ""),
        ("每晚十一点以后还在唱", "每晚十一点以后", "every", "", ""),
        ("每周六上午都堵", "每周六上午", "every", "", ""),
        ("三天两头停电", "三天两头", "every", "", ""),
        ("一到晚上就有味", "一到晚上", "every", "", ""),
        ("隔三差五来一回", "隔三差五", "every", "", ""),
        ("每個星期都漏", "每個星期", "every", "", ""),
        ("晚上十一点都不消停", "晚上十一点", "at", "1117 23:00", "1117 23:00"),
        ("农历八月十五那天断的电", "农历八月十五那天", "at", "", ""),
        ("成个月都冇热水", "成个月", "for", None, "1118 16:00"),
        ("吵足三个钟", "三个钟", "for", "1118 13:00", "1118 16:00"),
        ("夜里两三点敲管子", "夜里两三点", "at", None, None),
        ("一下雨就漏", "一下雨", "every", "", ""),
        ("they shout on Saturday nights", "Saturday nights", "every", "", ""),
        ("no bins emptied since Mid-Autumn", "since Mid-Autumn", "since", "", ""),
        ("hammering between 1 and 3", "between 1 and 3", "at", None, None),
        ("dark for the past month", "for the past month", "for", None, "1118 16:00"),
        ("the lift stopped last night around 10pm", "last night around 10pm", "at", "1117 22:00", None),
        ("water was off this morning at 8:30", "this morning at 8:30", "at", "1118 08:30", "1118 08:30"),
        ("someone fell 2 hours ago", "2 hours ago", "at", "1118 14:00", "1118 14:00"),
        ("a pipe burst yesterday evening", "yesterday evening", "at", "1117 18:00", "1117 22:00"),
        ("it broke on Monday afternoon", "Monday afternoon", "at", "1116 12:00", "1116 18:00"),
        ("the fight was on November 3rd", "November 3rd", "at", "1103", "1104"),
        ("half past ten last night they sang", "half past ten last night", "at", "1117 22:30", "1117 22:30"),
        ("reported the day before yesterday", "the day before yesterday", "at", "1116", "1117"),
        ("between 2 and 4 in the morning", "between 2 and 4 in the morning", "at", "1118 02:00", "1118 04:00"),
        ("they drilled from 9pm to 11pm yesterday", "from 9pm to 11pm yesterday", "at", "1117 21:00", "1117 23:00"),
        ("no hot water for three days", "for three days", "for", "1115 16:00", "1118 16:00"),
        ("it has been two weeks now", "two weeks now", "for", "1104 16:00", "1118 16:00"),
        ("broken for over a month", "for over a month", "for", None, "1118 16:00"),
        ("dark for the past few nights", "for the past few nights", "for", "1115 16:00", "1118 16:00"),
        ("the heating is off since Tuesday", "since Tuesday", "since", "1117", ""),
        ("it started last Friday", "started last Friday", "since", "1113", ""),
        ("leaking since yesterday morning", "since yesterday morning", "since", "1117 06:00", ""),
        ("from Sunday on there was no gas", "from Sunday on", "since", "1115", ""),
        ("no lights since 6 this morning", "since 6 this morning", "since", "1118 06:00", ""),
        ("every night after 11 they sing", "every night after 11", "every", "", ""),
        ("every other day the bins overflow", "every other day", "every", "", ""),
        ("dogs bark night after night", "night after night", "every", "", ""),
        ("drilling every Saturday morning at 7", "every Saturday morning at 7", "every", "", ""),
        ("twice a week the power goes", "twice a week", "every", "", ""),
        ("on weekends they park here", "on weekends", "every", "", ""),
        ("昨天 around 9pm 断网", "昨天 around 9pm", "at", "1117 21:00", None),
    ],
)  # fmt: skip
def test_a_time_is_found(text: str, words: str, kind: str, start: str | None, end: str | None) -> None:
    [time] = find_times(text)
    assert (time.words, time.kind.value) == (words, kind)
    if start is not None:
        assert short(time.start) == start
    if end is not None:
        assert short(time.end) == end


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("是昨天不是今天", ["昨天"]),
        ("昨天，不对，是前天晚上", ["前天晚上"]),
        ("it started Monday, not today", ["started Monday"]),
        ("天天吵，昨晚吵到两点", ["天天", "昨晚吵到两点"]),
        ("从上周三开始每天半夜都吵", ["从上周三开始", "每天半夜"]),
    ],
)
def test_what_is_taken_back_is_no_time(text: str, words: list[str]) -> None:
    assert [time.words for time in find_times(text)] == words


@pytest.mark.parametrize(
    "text",
    [
        "有一点漏水", "反映两点问题", "我妈八十多岁了", "在这住了十年", "孩子才三个月大", "两天后开会", "三天内修好吗",
        "5楼漏水", "3号楼2单元", "晚上好", "月租两千一个月多少钱", "这栋20年的老房子", "天台的门", "走路10分钟",
        "good morning",
        "my 80-year-old mother", "I will wait two days", "it costs 10 yuan a day", "the second floor",
        "in 3 days I move", "it may be a leak", "the sun is hot", "电话13812345678", "3-2-501", "24号楼",
        "12号车位满了", "有一点都不好",
    ],
)  # fmt: skip
def test_no_time_is_told(text: str) -> None:
    assert find_times(text) == ()


@given(
    text=st.text(
        "昨今前天晚早上下午点半0123456789月日号周三十两个小时了从开始每:-/ last night since ago daysfor",
        max_size=40,
    ),
    days=st.integers(-9_000, 20_000),
)
def test_any_words_give_moments_that_can_be_stored(text: str, days: int) -> None:
    for time in find_facts(text, MOMENT + timedelta(days=days), ZONE).times:
        assert text[slice(*time.span)] == time.words
        for each in (time.start, time.end):
            assert each is None or each.utcoffset() == timedelta(hours=8)
