"""Personal data in words: what must be gone, and what must stay so that something can be learned from it."""

from __future__ import annotations

import pytest

from community.learning.masking import mask

GONE = [
    ("我电话13800138000", "13800138000"),
    ("打 138 0013 8000 找我", "8000"),
    ("138-0013-8000", "0013"),
    ("+86 13800138000", "138"),
    ("１３８００１３８０００", "138"),
    ("座机020-88881234", "8888"),
    ("(020) 8888 1234", "8888"),
    ("+44 7700 900123", "7700"),
    ("一三八零零一三八零零零", "一三八"),
    ("幺三八零零幺三八零零零", "三八零"),
    ("身份证440106195003071234", "440106"),
    ("身份证44010619500307123X", "1950"),
    ("卡号6222 0213 4567 8901 234", "6222"),
    ("社保号 123456", "123456"),
    ("发到wang.xiuying@qq.com", "wang"),
    ("加微信 wxy_1980", "wxy"),
    ("QQ号是 876543", "876543"),
    ("看 https://example.cn/u/wang", "wang"),
    ("粤A12345乱停", "A12345"),
    ("粤AD12345挡路", "D12345"),
    ("粤 A·12345", "12345"),
    ("我叫王秀英，想问点事", "王秀英"),
    ("我叫王秀英想问点事", "王秀英"),
    ("我是李明，三楼的", "李明"),
    ("我是张小北", "张小北"),
    ("我姓陈", "陈"),
    ("我妈叫刘桂芳，八十了", "刘桂芳"),
    ("联系人：赵大海", "赵大海"),
    ("找一下王阿姨", "王"),
    ("欧阳老师在吗", "欧阳"),
    ("陈主任电话", "陈"),
    ("3栋2单元501的事", "501"),
    ("住3号楼2单元1203室", "1203"),
    ("5栋二单元三零一", "三零一"),
    ("3-2-501", "501"),
    ("我在402房", "402"),
    ("my name is mary jane", "mary"),
    ("My name is Mary Carter", "Carter"),
    ("I am Daniel Osei from 7", "Osei"),
    ("I'm Mary", "Mary"),
    ("this is Tom Smith", "Smith"),
    ("call me Priya", "Priya"),
    ("ask Mrs. Nair", "Nair"),
    ("flat 12B is loud", "12B"),
    ("Room 501", "501"),
    ("write to e.carter@mail.example.org", "carter"),
]
STAYS = [
    "打12345有人接吗",
    "110和120哪个快",
    "12356几点有人",
    "居住证怎么办",
    "我是老年人，眼睛不好",
    "我是刚搬来的",
    "我是租客",
    "今天3号楼停水吗",
    "六十五岁以上半价",
    "一年3600的补贴",
    "八点半开门",
    "2026年的医保",
    "I am stuck in the lift",
    "I'm new here",
    "this is about the parking",
    "5号下午三点",
    "十一点半了还在吵",
    "楼上三天两头漏水",
]


@pytest.mark.parametrize(("words", "personal"), GONE)
def test_what_leads_to_a_person_is_gone(words: str, personal: str) -> None:
    masked = mask(words)
    assert personal not in masked, masked
    assert "〔" in masked


@pytest.mark.parametrize("words", STAYS)
def test_what_leads_to_nobody_stays(words: str) -> None:
    assert mask(words) == words


def test_masking_twice_is_masking_once() -> None:
    for words, _ in GONE:
        assert mask(mask(words)) == mask(words)


def test_a_long_message_is_masked_in_no_time() -> None:
    assert "138" not in mask("王" * 2000 + "13800138000" + "1 " * 1500)
