"""Which danger a message tells of, and whether all is well again: by words, in both languages."""

from __future__ import annotations

from uuid import uuid4

import pytest

from bot.actions.dangers import find_danger, has_company, is_about_another, is_calm, is_safe
from bot.actions.turn import Turn
from community.hotlines.models import Danger
from community.needs.usecases.residents import ReportLimits

TOLD = {
    Danger.SELF_HARM: [
        "我不想活了 东西都收拾好了",
        "药都买好了 就等晚上",
        "感觉自己是个累赘",
        "真想一觉睡过去再也不醒",
        "我站在楼顶上",
        "I want to kill myself",
        "everyone would be better off without me",
        "I just want it all to end tonight",
        "对不起大家，我先走了",
    ],
    Danger.VIOLENCE: [
        "他又打我了 我躲在厕所里",
        "有人拿刀在小区里追人",
        "my husband is beating me right now",
    ],
    Danger.FIRE: ["着火了 3号楼五楼冒烟", "整栋楼都是烟", "there's a fire in our building"],
    Danger.GAS: ["屋里有很大的煤气味 头晕", "I smell gas everywhere and feel dizzy"],
    Danger.INJURY: [
        "老人摔倒了叫不醒",
        "有人晕倒了没有呼吸",
        "楼塌了一角 里面有人",
        "someone collapsed and isn't breathing",
    ],
    Danger.MISSING: [
        "我妈走丢了 有老年痴呆",
        "孩子不见了 找了两个小时",
        "our little boy has been missing for two hours",
    ],
    Danger.OTHER: ["救命", "有人掉水里了", "有人困在电梯里"],
}


def turn_of(text: str, intent: str = "crisis") -> Turn:
    return Turn(
        resident_id=uuid4(),
        message_id=1,
        text=text,
        intent=intent,
        ranking=[(intent, 1.0)],
        entities={},
        files=(),
        slots={},
        form=None,
        asked=None,
        limits=ReportLimits(),
    )


@pytest.mark.parametrize(
    ("danger", "text"), [(danger, text) for danger, texts in TOLD.items() for text in texts]
)
def test_the_danger_that_is_told(danger: Danger, text: str) -> None:
    assert find_danger(turn_of(text)) is danger


@pytest.mark.parametrize(
    ("text", "another"),
    [
        ("我女儿在窗台上说要跳下去", True),
        ("my son says he will kill himself", True),
        ("我不想活了", False),
        ("I want to die", False),
    ],
)
def test_who_it_is_about(text: str, another: bool) -> None:
    assert is_about_another(text) is another


CALM = {
    Danger.SELF_HARM: [
        "我没事了",
        "没事了，刚才是误会",
        "刚才是测试",
        "开玩笑的",
        "发错了不好意思",
        "不用担心，我没事了",
        "I'm fine now",
        "I'm fine",
        "I feel better, thanks for your help",
        "it was a test",
        "it was just a test",
        "false alarm",
        "sorry, just kidding",
        "sorry, I sent it by mistake",
    ],
    Danger.FIRE: ["火灭了", "火已经扑灭了，谢谢", "the fire is out", "it's out!", "没事了"],
    Danger.MISSING: [
        "孩子找到了",
        "走丢的老人找到了",
        "找着了，谢谢你们",
        "她自己回来了",
        "she came home, thank you",
        "we found him in the park",
        "the missing boy was found",
        "he is back",
    ],
    Danger.INJURY: ["他醒过来了", "我爸醒了，没事了"],
    Danger.VIOLENCE: ["没事了，刚才是误会", "I'm safe now"],
}


@pytest.mark.parametrize(
    ("danger", "text"), [(danger, text) for danger, texts in CALM.items() for text in texts]
)
def test_all_is_well(danger: Danger, text: str) -> None:
    assert is_calm(text, danger)


@pytest.mark.parametrize("danger", Danger)
@pytest.mark.parametrize(
    "text",
    [
        "",
        "还没找到",
        "孩子找到了吗？",
        "这不是测试",
        "没人管我",
        "他又回来了，拿着刀在砸门",
        "他又回来了",
        "他找到了我住的地方，他要打我",
        "谁说我没事了，我就要跳下去",
        "谁说我没事了",
        "没事了，反正我不想活了",
        "我爸没醒过来了",
        "还没好",
        "我想试一下",
        "I'm not fine",
        "this is not a test",
        "he came back with a knife",
        "he found her and is beating her",
        "the fire, it's out of control",
        "the fire is out of control",
        "I don't feel better",
        "I took the pills by mistake",
        "she came back without my son",
        "我难受",
    ],
)
def test_all_is_not_well(danger: Danger, text: str) -> None:
    assert not is_calm(text, danger)


@pytest.mark.parametrize("danger", [danger for danger in Danger if danger is not Danger.MISSING])
@pytest.mark.parametrize(
    "text", ["他回来了", "他找到了我住的地方", "he is back", "he came back", "he found her"]
)
def test_whoever_comes_back_is_good_only_where_somebody_was_missing(danger: Danger, text: str) -> None:
    assert not is_calm(text, danger)


@pytest.mark.parametrize(
    ("text", "yes"),
    [
        ("有人", True),
        ("我妈在", True),
        ("没有人", False),
        ("就我一个人", False),
        ("my sister is here", True),
        ("I'm alone", False),
        ("难受", None),
    ],
)
def test_somebody_is_there(text: str, yes: bool | None) -> None:
    assert has_company(turn_of(text, "out_of_scope")) is yes


@pytest.mark.parametrize(
    ("text", "yes"),
    [
        ("安全", True),
        ("我们出来了", True),
        ("不安全", False),
        ("还在里面", False),
        ("we got out", True),
        ("still inside", False),
        ("三号楼", None),
    ],
)
def test_the_person_is_safe(text: str, yes: bool | None) -> None:
    assert is_safe(turn_of(text, "out_of_scope")) is yes
