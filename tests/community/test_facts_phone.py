"""Phones and numbers of people in the words of a report, and how a phone is blotted out."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from community.facts.finding import find_facts
from community.facts.models import Facts
from community.needs.told import phones_in, without_phones

ZONE = ZoneInfo("Asia/Shanghai")


def read(text: str) -> Facts:
    return find_facts(text, datetime(2026, 11, 18, 16, 0, tzinfo=ZONE), ZONE)


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("电话13612345678", ["13612345678"]),
        ("有事打我手机 136 1234 5678 ，谢谢", ["13612345678"]),
        ("136-1234-5678", ["13612345678"]),
        ("136.1234.5678找小王", ["13612345678"]),
        ("我的号是１３６１２３４５６７８", ["13612345678"]),
        ("+86 13612345678", ["13612345678"]),
        ("+8613612345678 随时", ["13612345678"]),
        ("0086 136 1234 5678", ["13612345678"]),
        ("(+86)13612345678", ["13612345678"]),
        ("1 3 6 1 2 3 4 5 6 7 8", ["13612345678"]),
        ("1361234 5678打给我", ["13612345678"]),
        ("136 123 45678", ["13612345678"]),
        ("3栋501，13612345678，漏水", ["13612345678"]),
        ("幺三六幺二三四五六七八", ["13612345678"]),
        ("一三六一二三四五六七八", ["13612345678"]),
        ("我电话幺三六，幺二三四，五六七八", ["13612345678"]),
        ("幺三六 四个八 零零幺二", ["13688880012"]),
        ("壹叁陆壹贰叁肆伍陆柒捌", ["13612345678"]),
        ("座机020-38123456", ["02038123456"]),
        ("家里座机（0755）2612 3456", ["075526123456"]),
        ("0571 8712 3456转803", ["057187123456"]),
        ("010 6512 3456", ["01065123456"]),
        ("028-8512-3456", ["02885123456"]),
        ("0731-85123456", ["073185123456"]),
        ("打0451-87654321", ["045187654321"]),
        ("+86-20-38123456", ["02038123456"]),
        ("座机是38123456", ["38123456"]),
        ("电话：3812 3456", ["38123456"]),
        ("家里电话6512-3456", ["65123456"]),
        ("400-820-8820投诉没用", ["4008208820"]),
        ("两个号都行 13612345678 或 13787654321", ["13612345678", "13787654321"]),
        ("13612345678，不对，是13787654321", ["13787654321"]),
        ("不是13612345678，是13787654321", ["13787654321"]),
        ("香港号码+852 9123 4567", ["+85291234567"]),
        ("微信同号19912345678", ["19912345678"]),
        ("my number is 136 1234 5678", ["13612345678"]),
        ("call me at 13612345678 after six", ["13612345678"]),
        ("ring 020 3812 3456", ["02038123456"]),
        ("reach me on +86 136-1234-5678", ["13612345678"]),
        ("tel. 3812 3456", ["38123456"]),
        ("phone: (020) 3812-3456 ext. 12", ["02038123456"]),
        ("one three six, one two three four, five six seven eight", ["13612345678"]),
        ("it's one three six double one double two three three four four", ["13611223344"]),
        ("text me: 136.1234.5678", ["13612345678"]),
        ("my mobile 86 13612345678", ["13612345678"]),
        ("landline 0755-26123456 or mobile 13612345678", ["075526123456", "13612345678"]),
        ("my UK number +44 20 7946 0958", ["+442079460958"]),
        ("contact 38123456 please", ["38123456"]),
        ("wrong number, it's 13787654321", ["13787654321"]),
    ],
)  # fmt: skip
def test_a_phone_is_found(text: str, numbers: list[str]) -> None:
    assert [phone.number for phone in read(text).phones] == numbers


@pytest.mark.parametrize(
    "text",
    [
        "订单号13612345678", "快递单号：13612345678", "身份证440106199001011234", "身份证号 44010619900101123X",
        "银行卡6222 0213 6123 4567 890", "打12345没人接", "拨打110", "花了13612元", "3-2-501", "2026-11-18 16:00",
        "11月18日10:30", "面积38123456平米也不对", "户号38123456", "工单20261118001", "order number 13612345678",
        "tracking no. 136 1234 5678", "ID 440106199001011234", "it costs 8888 1234 yuan", "room 501", "in 2026",
        "case 13612345678", "call 110", "水表读数13612345678", "QQ 13612345678",
    ],
)  # fmt: skip
def test_other_numbers_are_no_phone(text: str) -> None:
    assert read(text).phones == ()


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("漏水，打我13612345678", "漏水，打我136****5678"),
        ("座机020-38123456", "座机020****3456"),
        ("物业电话020-38123456没人接", "物业电话020-38123456没人接"),
        ("中介留的电话是13612345678，天天骚扰", "中介留的电话是13612345678，天天骚扰"),
        ("让物业打我电话13612345678", "让物业打我电话136****5678"),
        ("my dad's phone is 136 1234 5678", "my dad's phone is 136****5678"),
        ("the agency's number is 13612345678", "the agency's number is 13612345678"),
        ("没有电话", "没有电话"),
    ],
)
def test_only_numbers_to_be_called_are_blotted_out(text: str, shown: str) -> None:
    assert without_phones(text) == shown
    assert bool(phones_in(text)) is (shown != text)


@pytest.mark.parametrize(
    ("text", "words", "count"),
    [
        ("三户人家都停水", "三户人家", 3),
        ("我们十几个人等着", "我们十几个", 10),
        ("里面有两个孩子", "两个孩子", 2),
        ("困住3个老人", "3个老人", 3),
        ("2人被困电梯", "2人", 2),
        ("一家五口没法洗澡", "一家五口", 5),
        ("五六个人围着吵", "五六个人", 5),
        ("二十多户居民联名", "二十多户居民", 20),
        ("我们俩都七十了", "我们俩", 2),
        ("几十户没气", "几十户", None),
        ("two kids are stuck", "two kids", 2),
        ("about 20 households", "20 households", 20),
        ("a family of five", "family of five", 5),
        ("three elderly people", "three elderly people", 3),
        ("a dozen people complained", "a dozen people", 12),
        ("several families", "several families", None),
    ],
)
def test_people_are_counted(text: str, words: str, count: int | None) -> None:
    [people] = read(text).people
    assert (people.words, people.count) == (words, count)


@pytest.mark.parametrize(
    "text",
    ["我妈一个人住", "两个多月没修", "第三个人", "停了三个小时", "3号楼2单元", "call me", "人人都知道"],
)
def test_nobody_is_counted(text: str) -> None:
    assert read(text).people == ()
