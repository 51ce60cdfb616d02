"""Kind and urgency of needs, learned from the real examples and word lists of bot/data/nlu."""

from __future__ import annotations

from pathlib import Path

import pytest
from example_rows import ExampleRows

from components.kind_model import KindModel
from components.kind_words import KindWords
from components.need_classifier import NeedClassifier
from components.normal_text import normal
from components.urgency import is_pressing


@pytest.fixture(scope="module")
def rows() -> ExampleRows:
    return ExampleRows.of("report")


@pytest.fixture(scope="module")
def model(rows: ExampleRows) -> KindModel:
    return NeedClassifier.learn(rows.data)


def kind_of(model: KindModel, rows: ExampleRows, text: str) -> str:
    return model.rank(normal(text), rows.near(normal(text)))[0][0]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("3号楼2单元电梯又停了，我妈坐轮椅下不来", "elevator"),
        ("lift in block 3 is dead again and my mum's in a wheelchair", "elevator"),
        ("楼道里堆了好多杂物", "fire_public_safety"),
        ("厨房漏气了，好大煤气味", "fire_public_safety"),
        ("楼下垃圾桶满了没人收，苍蝇乱飞", "sanitation_environment"),
        ("Rubbish has not been collected for days, it stinks", "sanitation_environment"),
        ("楼上半夜十二点还在弹钢琴", "noise"),
        ("drilling at 7 am again, so loud", "noise"),
        ("我的车位被别人占了", "parking_vehicles"),
        ("物业费涨价了，保安又不管事", "property_management"),
        ("厨房天花板漏水", "repair_utilities"),
        ("There is no hot water since Monday", "repair_utilities"),
        ("门口那条路坑坑洼洼，晚上路灯也不亮", "roads_transit_streetlights"),
        ("The street light in front of the gate is out", "roads_transit_streetlights"),
        ("顶楼有人私搭阳光房", "illegal_building_occupation"),
        ("开发商说的学位没有兑现，延期交房半年了", "housing_purchase_demolition"),
        ("隔壁老是跟我吵架，想请人调解", "neighbour_dispute"),
        ("独居老人想申请长者食堂送餐", "elderly_care"),
        ("Who can look after my mother while I work", "elderly_care"),
        ("孩子明年上小学，入学要什么材料", "education"),
        ("最近老是睡不着，也不想见人", "mental_health"),
        ("my husband hits me", "mental_health"),
        ("想申请低保，家里实在困难", "poverty_disability_aid"),
        ("老人打疫苗在哪里预约挂号", "medical_insurance_health"),
        ("公司拖欠工资三个月了", "employment_social_insurance"),
        ("买到假货，商家不退款", "consumer_fraud"),
        ("办居住证要什么手续", "admin_policy_consult"),
        ("活动室什么时候开书法班", "culture_sports_activity"),
        ("有人遛狗不牵绳，狗屎也不捡", "pets"),
        ("ｌｉｆｔ broken", "elevator"),
        ("不是电梯，是停车的问题", "parking_vehicles"),
        ("no, it's not the noise, it's the dog", "pets"),
    ],
)
def test_words_lead_to_the_kind(model: KindModel, rows: ExampleRows, text: str, kind: str) -> None:
    assert kind_of(model, rows, text) == kind


def test_private_words_are_heard_beside_louder_ones(model: KindModel) -> None:
    assert model.is_private(normal("楼上噪音很吵，广场舞也吵，我抑郁症都犯了"))
    assert not model.is_private(normal("楼上噪音很吵，广场舞也吵"))


def test_what_is_kept_reads_back_the_same(model: KindModel, rows: ExampleRows, tmp_path: Path) -> None:
    model.write(tmp_path)
    again = KindModel.read(tmp_path)
    near = rows.near("电梯坏了")
    assert again.rank("电梯坏了", near)[0] == pytest.approx(model.rank("电梯坏了", near)[0], abs=1e-3)


@pytest.mark.parametrize(
    ("text", "pressing"),
    [
        ("3号楼2单元电梯又停了，我妈坐轮椅下不来", True),
        ("水管爆了，淹了半个屋子", True),
        ("my husband hits me", True),
        ("楼下垃圾桶满了没人收", False),
        ("热死了，空调坏了", False),
    ],
)
def test_words_tell_what_cannot_wait(text: str, pressing: bool) -> None:
    assert is_pressing(normal(text)) is pressing


WORDS = KindWords({"pets": ["狗, 流浪狗, dog"], "pets_hints": ["咬"], "noise": ["狗叫, noise"]})


@pytest.mark.parametrize(
    ("text", "scores"),
    [
        ("流浪狗咬人", {"pets": 4}),
        ("狗 狗 狗", {"pets": 3}),
        ("狗叫", {"noise": 3}),
        ("two dogs, one noise", {"pets": 3, "noise": 3}),
        ("hotdogs", {}),
        ("", {}),
    ],
)
def test_the_longest_known_word_counts_once(text: str, scores: dict[str, int]) -> None:
    assert WORDS.scores(text) == scores
