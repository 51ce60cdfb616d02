"""Words of wishes are the same sorts in both languages, and stand beside each other without deciding."""

import pytest

from components.normal_text import normal
from components.wish_words import _SORTS, wishes_in


@pytest.mark.parametrize(
    ("sort", "texts"),
    [
        ("told before", ["我前天报的那个灯", "the lamp i reported"]),
        ("cannot come", ["明天我来不了了哦", "sorry, i can't make it on sunday"]),
        ("give", ["家里有轮椅闲置", "a wheelchair to give away"]),
        ("how to", ["居住证怎么办", "how do i get a residence permit"]),
        ("sends", ["晚上别给我发消息", "no messages after nine"]),
        ("oneself", ["我换手机号了", "i moved to building 7"]),
    ],
)
def test_a_sort_is_heard_in_both_languages(sort: str, texts: list[str]) -> None:
    at = list(_SORTS).index(sort)
    assert all(wishes_in(normal(text))[at] > 0 for text in texts)


def test_latin_among_chinese_words_is_heard_in_english_too() -> None:
    assert wishes_in("call 13912345678")[list(_SORTS).index("oneself")] > 0


def test_a_sentence_may_have_several_and_none() -> None:
    assert (wishes_in(normal("我前天报的那个灯修好了吗")) > 0).sum() >= 2
    assert not wishes_in("䶮").any()
