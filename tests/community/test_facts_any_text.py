"""Whatever somebody types, facts are words of the text, mixed sentences give all four, and nothing takes long."""

from __future__ import annotations

import time
from datetime import datetime
from statistics import median
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from community.facts.finding import MOST_CHARACTERS, find_facts
from community.facts.models import Facts, Span

ZONE = ZoneInfo("Asia/Shanghai")
MOMENT = datetime(2026, 11, 18, 16, 0, tzinfo=ZONE)
SENTENCE = "3号楼2单元的电梯从昨晚十点多就坏了，三户人家下不来，电话13612345678"
PIECES = (
    "3", "三", "栋3", "no. ", "3-", " ", "小区", "的", "昨晚十点", "every day ", "for the ", "the ", "one ", "1 ", "#",
    "零",
    "幼儿园旁边", "两天", "到", "3号楼", "a ", "不是3号楼", "block 3 and ", "early late ", "138 0013 8000 ",
    "half past ",
    "3 days ",
)  # fmt: skip


def words_and_spans(facts: Facts) -> list[tuple[str, Span]]:
    return [
        *((each.words, each.span) for each in facts.places),
        *((each.words, each.span) for each in facts.times),
        *((each.words, each.span) for each in facts.phones),
        *((each.words, each.span) for each in facts.people),
    ]


def test_all_of_one_sentence() -> None:
    facts = find_facts(SENTENCE, MOMENT, "Asia/Shanghai")
    assert [words for words, _ in words_and_spans(facts)] == [
        "3号楼2单元", "从昨晚十点多", "13612345678", "三户人家",
    ]  # fmt: skip


def test_the_moment_counts_in_the_zone_of_the_community() -> None:
    late = datetime(2026, 11, 18, 17, 0, tzinfo=ZoneInfo("UTC"))  # the 19th in Shanghai
    [told] = find_facts("今天停电", late, ZONE).times
    assert told.start == datetime(2026, 11, 19, tzinfo=ZONE)


@given(st.text(max_size=80))
def test_facts_are_words_of_the_text(text: str) -> None:
    for words, (start, end) in words_and_spans(find_facts(text, MOMENT, ZONE)):
        assert words == text[start:end] != ""


@pytest.mark.parametrize("piece", PIECES)
def test_a_long_text_takes_no_time(piece: str) -> None:
    text = piece * (2 * MOST_CHARACTERS // len(piece))

    def once() -> float:
        began = time.process_time()
        find_facts(text, MOMENT, ZONE)
        return time.process_time() - began

    assert min(once() for _ in range(3)) < 0.5


def test_a_sentence_takes_less_than_a_turn_can_spare() -> None:
    """0.15 ms where nothing else runs; the bound leaves room for a busy machine."""

    def once() -> float:
        began = time.process_time_ns()
        find_facts(SENTENCE, MOMENT, ZONE)
        return (time.process_time_ns() - began) / 1e6

    assert median(once() for _ in range(101)) < 1.5
