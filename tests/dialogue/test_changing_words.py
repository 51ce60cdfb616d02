"""A change of mind in words: what somebody comes to and what not, yes by doing, which of a list, who comes along."""

from __future__ import annotations

import time

import pytest

from bot.actions.changing_words import (
    adds_comers,
    agrees,
    change_comers,
    gives_up,
    read_all,
    read_end_of_list,
    split_wishes,
)
from community.signups.relations import get_relation
from community.signups.usecases.joining import Comer


@pytest.mark.parametrize(
    ("said", "comes", "cannot"),
    [
        ("周六的巡逻我去，周日的来不了", "周六的巡逻我去", "周日的来不了"),
        ("周六不行，周日可以", "周日可以", "周六不行"),
        ("周日吧，周六没空", "周日吧", "周六没空"),
        ("不要这个了，周六那个", "周六那个", "不要这个了"),
        ("I'll do Saturday but I can't make Sunday", "I'll do Saturday", "I can't make Sunday"),
        ("周六的我来不了，不对，是周日的", "周六的我来不了，不对，是周日的", ""),
    ],
)
def test_coming_and_not_coming(said: str, comes: str, cannot: str) -> None:
    assert split_wishes(said) == (comes, cannot)


@pytest.mark.parametrize(
    ("said", "agreed"),
    [
        ("我报一个", True),
        ("行，报吧", True),
        ("那就这个吧", True),
        ("我去我去", True),
        ("ok sign me up", True),
        ("I can do it", True),
        ("我去看看", False),
        ("我报另一个", False),
        ("I'll go to the patrol", False),
        ("算了", False),
    ],
)
def test_yes_by_doing(said: str, agreed: bool) -> None:
    assert agrees(said) is agreed


@pytest.mark.parametrize(
    ("said", "adds"),
    [
        ("我再带个朋友行吗", True),
        ("等等，再带上我老伴", True),
        ("老伴也去，我们两个", True),
        ("my son is coming too", True),
        ("我也带孩子去医院", False),
        ("我和老伴也睡不着", False),
        ("我和邻居也吵过", False),
        ("my wife and me are also fed up with it", False),
    ],
)
def test_somebody_more_comes_along(said: str, adds: bool) -> None:
    assert adds_comers(said) is adds


def test_many_words_take_no_time() -> None:
    began = time.process_time()
    assert not any(agrees(said * 200 + "x") for said in ("去吧", "就去", "好，", " , ", "ok "))
    assert time.process_time() - began < 0.5


@pytest.mark.parametrize(
    ("said", "over"),
    [
        ("那算了，不去了", True),
        ("下次再说", True),
        ("never mind, not signing up", True),
        ("算了还是去吧", False),
        ("周日的", False),
    ],
)
def test_not_after_all(said: str, over: bool) -> None:
    assert gives_up(said) is over


@pytest.mark.parametrize(
    ("said", "many", "meant"),
    [
        ("两个都报", 2, [0, 1]),
        ("两个都报", 3, []),
        ("1和3", 3, [0, 2]),
        ("both please", 2, [0, 1]),
        ("三个都去", 3, [0, 1, 2]),
        ("俩人都去", 2, []),
        ("我都行", 2, []),
    ],
)
def test_several_of_a_list(said: str, many: int, meant: list[int]) -> None:
    assert read_all(said, many) == meant


@pytest.mark.parametrize(
    ("said", "nth"), [("后面那个", 2), ("the last one", 2), ("前面那个", 0), ("周日的", None)]
)
def test_where_it_stands(said: str, nth: int | None) -> None:
    assert read_end_of_list(said, 3) == nth


@pytest.mark.parametrize(
    ("said", "were", "are"),
    [
        ("那娃不去了，就我和我妈", ["mother", "child"], ["mother"]),
        ("不对，老伴那天有事，就我一个人", ["spouse"], []),
        ("再带上我老伴", ["son"], ["son", "spouse"]),
        ("带上我女儿", ["son"], ["daughter"]),
        ("leave him out, just my wife and me", ["spouse", "child"], ["spouse"]),
        ("just me", ["guest"], []),
        ("he is not coming", ["son", "spouse"], ["spouse"]),
        ("周日的", ["son"], None),
        ("满了", ["son"], None),
    ],
)
def test_others_along(said: str, were: list[str], are: list[str] | None) -> None:
    comers = [Comer(code, is_child=get_relation(code).is_child) for code in were]
    changed = change_comers(said, comers)
    assert (None if changed is None else [each.relation for each in changed]) == are
