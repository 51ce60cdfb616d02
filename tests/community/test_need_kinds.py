"""The list of kinds is whole, and the words people use lead to the right one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from community.needs.guessing import KindGuess, guess_kind
from community.needs.kinds import KINDS, Kind, get_kind
from community.needs.models import Urgency, Visibility
from community.parties.models import PartyType

CODES = [
    "sanitation_environment", "noise", "elevator", "parking_vehicles", "property_management", "repair_utilities",
    "roads_transit_streetlights", "fire_public_safety", "illegal_building_occupation",
    "housing_purchase_demolition", "neighbour_dispute", "elderly_care", "education", "mental_health",
    "poverty_disability_aid", "medical_insurance_health", "employment_social_insurance", "consumer_fraud",
    "admin_policy_consult", "culture_sports_activity", "pets", "other",
]  # fmt: skip


def test_the_kinds_are_listed_in_their_order() -> None:
    assert list(KINDS) == CODES


@pytest.mark.parametrize("kind", KINDS.values(), ids=list(KINDS))
def test_a_kind_is_whole(kind: Kind) -> None:
    assert kind.zh
    assert kind.en
    assert len(kind.zh) <= 8, "a button holds eight Chinese characters"
    assert kind.name == {"zh": kind.zh, "en": kind.en}
    assert kind.code == "other" or (kind.words.isascii() is False and kind.words)
    assert 0 < kind.urgent_minutes <= kind.answer_minutes
    shares = [kind.lead, *kind.assist, *kind.inform]
    assert len(shares) == len(set(shares)), "a party has one share"
    assert PartyType.STREET_OFFICE not in shares, "the street office decides, it is no party of the matrix"
    assert not kind.asks_unit or kind.asks_place


def test_a_word_stands_once_in_a_kind() -> None:
    for kind in KINDS.values():
        words = [word.strip() for word in f"{kind.words},{kind.hints}".split(",") if word]
        assert len(words) == len(set(words)), [word for word in words if words.count(word) > 1]


def test_what_only_social_workers_may_read_has_no_other_party() -> None:
    confidential = [kind for kind in KINDS.values() if kind.visibility is Visibility.CONFIDENTIAL]
    assert {kind.code for kind in confidential} == {"mental_health", "poverty_disability_aid"}
    assert all(kind.lead is PartyType.SOCIAL_WORK_TEAM for kind in confidential)
    assert all(not kind.assist and not kind.inform for kind in confidential)


def test_an_unknown_code_is_an_error() -> None:
    with pytest.raises(KeyError):
        get_kind("broken_spaceship")


NORMAL, URGENT, CRISIS = Urgency.NORMAL, Urgency.URGENT, Urgency.CRISIS


@pytest.mark.parametrize(
    ("text", "code", "urgency"),
    [
        ("3号楼2单元电梯又停了，我妈坐轮椅下不来", "elevator", URGENT),
        ("3号楼2单元的电梯坏了两天了，有老人下不了楼", "elevator", URGENT),
        ("lift in block 3 is dead again and my mum's in a wheelchair", "elevator", URGENT),
        ("电梯里有人被困", "elevator", CRISIS),
        ("we are stuck in the lift", "elevator", CRISIS),
        ("楼道里堆了好多杂物", "fire_public_safety", URGENT),
        ("厨房漏气了，好大煤气味", "fire_public_safety", CRISIS),
        ("I smell gas in the kitchen", "fire_public_safety", CRISIS),
        ("楼下垃圾桶满了没人收，苍蝇乱飞", "sanitation_environment", NORMAL),
        ("Rubbish has not been collected for days, it stinks", "sanitation_environment", NORMAL),
        ("楼上半夜十二点还在弹钢琴", "noise", NORMAL),
        ("drilling at 7 am again, so loud", "noise", NORMAL),
        ("广场舞吵得睡不着", "noise", NORMAL),
        ("我的车位被别人占了", "parking_vehicles", NORMAL),
        ("物业费涨价了，保安又不管事", "property_management", NORMAL),
        ("厨房天花板漏水", "repair_utilities", NORMAL),
        ("There is no hot water since Monday", "repair_utilities", NORMAL),
        ("水管爆了，淹了半个屋子", "repair_utilities", URGENT),
        ("门口那条路坑坑洼洼，晚上路灯也不亮", "roads_transit_streetlights", NORMAL),
        ("The street light in front of the gate is out", "roads_transit_streetlights", NORMAL),
        ("顶楼有人私搭阳光房", "illegal_building_occupation", NORMAL),
        ("开发商说的学位没有兑现，延期交房半年了", "housing_purchase_demolition", NORMAL),
        ("隔壁老是跟我吵架，想请人调解", "neighbour_dispute", NORMAL),
        ("独居老人想申请长者食堂送餐", "elderly_care", NORMAL),
        ("Who can look after my mother while I work", "elderly_care", NORMAL),
        ("孩子明年上小学，入学要什么材料", "education", NORMAL),
        ("最近老是睡不着，也不想见人", "mental_health", NORMAL),
        ("我老公打我", "mental_health", URGENT),
        ("my husband hits me", "mental_health", URGENT),
        ("我不想活了 东西都收拾好了", "mental_health", CRISIS),
        ("i want to kill myself", "mental_health", CRISIS),
        ("想申请低保，家里实在困难", "poverty_disability_aid", NORMAL),
        ("老人打疫苗在哪里预约挂号", "medical_insurance_health", NORMAL),
        ("公司拖欠工资三个月了", "employment_social_insurance", NORMAL),
        ("买到假货，商家不退款", "consumer_fraud", NORMAL),
        ("办居住证要什么手续", "admin_policy_consult", NORMAL),
        ("活动室什么时候开书法班", "culture_sports_activity", NORMAL),
        ("有人遛狗不牵绳，狗屎也不捡", "pets", NORMAL),
        ("a stray dog keeps chasing the kids", "pets", NORMAL),
        ("ｌｉｆｔ broken", "elevator", NORMAL),
        ("那个本子咋弄", "other", NORMAL),
        ("", "other", NORMAL),
    ],
)
def test_the_words_lead_to_the_kind(text: str, code: str, urgency: Urgency) -> None:
    found = guess_kind(text)
    assert (found.code, found.urgency) == (code, urgency)


@pytest.mark.parametrize(
    "text", ["想死你了，周末来玩", "楼下超市跳楼价甩卖", "热死了，空调坏了", "I am dying to see the show"]
)
def test_a_way_of_speaking_is_no_crisis(text: str) -> None:
    assert guess_kind(text).urgency is not Urgency.CRISIS


def test_a_confidential_sign_wins_over_the_louder_matter() -> None:
    assert guess_kind("楼上噪音很吵，广场舞也吵，我抑郁症都犯了") == KindGuess(
        "mental_health", NORMAL, sure=False
    )


def test_sure_only_where_one_kind_stands_out() -> None:
    assert guess_kind("电梯坏了").sure is True
    assert guess_kind("那个东西").sure is False
    assert guess_kind("物业把狗赶走了").sure is False


@given(st.text(max_size=200))
def test_any_text_gets_a_kind_of_the_list(text: str) -> None:
    assert guess_kind(text).code in KINDS
