"""The alarm, learned from the real sentences: danger in plain and in oblique words, and what only sounds like it."""

from __future__ import annotations

from pathlib import Path

import pytest
from example_rows import ExampleRows

from components.alarm_classifier import AlarmClassifier
from components.alarm_model import AlarmModel
from components.danger_words import heard, is_told_plainly
from components.normal_text import normal


@pytest.fixture(scope="module")
def rows() -> ExampleRows:
    return ExampleRows.of("crisis.yml", "borrowed/distress.yml", "report", "steering.yml", "needs.yml")


@pytest.fixture(scope="module")
def model(rows: ExampleRows) -> AlarmModel:
    return AlarmClassifier.learn(rows.data)


def rings(model: AlarmModel, rows: ExampleRows, text: str) -> bool:
    return model.danger(normal(text), rows.near(normal(text))) >= model.threshold


@pytest.mark.parametrize(
    "text",
    [
        "我真的不想活了，你们别管我",
        "想不通就跳楼算了，我已经在天台",
        "最近總是想自殺",
        "I think about killing myself every day",
        "我要是明天醒不过来就好了",
        "没有我，孩子们会过得轻松些",
        "I don't see any reason to keep living",
        "他拿着菜刀追他老婆，快来人啊",
        "三楼着火了，烟好大",
        "厨房一股煤气味，老人头晕想吐",
        "I can smell gas in the corridor",
        "奶奶有痴呆，下午出去到现在没回来",
        "my little girl is missing since lunch",
        "有人触电倒在地上不动了",
        "the old man downstairs collapsed and is not breathing",
    ],
)
def test_danger_rings(model: AlarmModel, rows: ExampleRows, text: str) -> None:
    assert rings(model, rows, text)


@pytest.mark.parametrize(
    "text",
    [
        "累死了，爬了十八楼",
        "电梯要吓死人，修一下吧",
        "this noise is killing me",
        "笑死我了",
        "超市跳楼价",
        "想死你了，周末来玩",
        "热死了，空调坏了",
        "灭火器过期了，着火怎么办",
        "压力好大，睡不着，想找人聊聊",
        "I feel so lonely since my wife passed away",
        "同学去年自杀了，我一直很难过",
        "我没有想不开，就是心里堵",
        "电梯坏了两天了",
        "井盖不见了",
        "你好",
        "",
    ],
)
def test_what_only_sounds_like_it_does_not(model: AlarmModel, rows: ExampleRows, text: str) -> None:
    assert not rings(model, rows, text)


def test_what_is_kept_reads_back_the_same(model: AlarmModel, rows: ExampleRows, tmp_path: Path) -> None:
    model.write(tmp_path)
    again = AlarmModel.read(tmp_path)
    near = rows.near("药都买好了")
    assert again.danger("药都买好了", near) == pytest.approx(model.danger("药都买好了", near), abs=1e-3)
    assert again.threshold == model.threshold


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("累死了 我不想活了", True),
        ("姐姐自杀了，我也不想活了", True),
        ("不是要寻死，就是烦", False),
        ("他想死你了", False),
        ("万一着火了怎么办", False),
        ("家里着火了", True),
        ("忍不住拿圆规扎自己", True),
        ("手腕又割了两道", True),
        ("女儿割腕后还在流血", True),
        ("房子要塌了，墙往下掉", True),
        ("案主有自残的念头，怎么评估", False),
        ("老公跳楼三年了，我还是走不出来", False),
        ("同学自杀，对大家打击很大", False),
        ("他在纸上写让全家去死", False),
        ("电钻吵得我想死", False),
        ("那集里男二最后割腕了", False),
        ("又输一把 我要自杀了哈哈", False),
        ("我在看电视，想自杀", True),
        ("mondays make me want to die lol", False),
        ("i want to die", True),
        ("楼道堆满了，着了火往哪跑", False),
        ("if it falls somebody may get electrocuted", False),
        ("he ends his sentences with a joke", False),
    ],
)
def test_what_is_not_meant_is_struck_out_first(text: str, plain: bool) -> None:
    assert is_told_plainly(heard(normal(text))) is plain
