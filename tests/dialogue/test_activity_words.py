"""What a person says about who comes along: how many, and how old they are."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from bot.actions.activity_words import asks_only_when, read_comers, read_old_enough

LEAST = 12


@pytest.mark.parametrize(
    ("said", "is_grown"),
    [
        ("13岁", True),
        ("满12岁了", True),
        ("12", True),
        ("没问题，13岁了", True),
        ("不止12岁", True),
        ("十三岁了", True),
        ("十三了", True),
        ("换成周二", None),
        ("he is 13 years old", True),
        ("女儿13岁，儿子14岁", True),
        ("才9岁", False),
        ("不到12岁", False),
        ("没满12岁", False),
        ("还没到12岁", False),
        ("12岁不到", False),
        ("差一个月满12岁", False),
        ("快12岁了", False),
        ("not 12 years yet", False),
        ("she is almost 12", False),
        ("不是12岁，是11岁", False),
        ("女儿8岁，儿子13岁", False),
        ("儿子13岁，女儿8岁", False),
        ("一个8一个13岁", False),
        ("8 and 13", False),
        ("不是12岁，是13岁", None),
        ("女儿不到12岁，儿子13岁", None),
        ("不到15岁", None),
        ("两个孩子都满了", None),
        ("我有3个孩子", None),
    ],
)
def test_old_enough(said: str, is_grown: bool | None) -> None:
    assert read_old_enough(said, LEAST) is is_grown


@pytest.mark.parametrize(
    ("said", "relations"),
    [
        ("带3个孩子", ["child"] * 3),
        ("我带两个女儿来", ["daughter"] * 2),
        ("带俩娃去", ["child"] * 2),
        ("带2个小朋友和我妈", ["child", "child", "mother"]),
        ("带上第二个孩子", ["child"]),
        ("带孩子", ["child"]),
        ("带我8岁的女儿", ["daughter"]),
        ("我带一个孩子", ["child"]),
        ("with my two kids", ["child"] * 2),
        ("I come with 3 children", ["child"] * 3),
        ("me and my son", ["son"]),
        ("我们3个人", ["guest"] * 2),
    ],
)
def test_how_many_come_along(said: str, relations: list[str]) -> None:
    assert [comer.relation for comer in read_comers(said)] == relations


@pytest.mark.parametrize(
    ("said", "asks"),
    [
        ("周日的呢", True),
        ("那后天有吗", True),
        ("换周三呢？", True),
        ("and on Sunday?", True),
        ("what about tomorrow", True),
        ("明天天气怎么样", False),
        ("周日的电梯坏了", False),
        ("还有吗", False),
        ("wake me up tomorrow", False),
    ],
)
def test_a_day_alone_asks_for_that_day(said: str, asks: bool) -> None:
    moment = datetime(2026, 11, 18, 16, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
    assert asks_only_when(said, moment, "Asia/Shanghai") is asks
