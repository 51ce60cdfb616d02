"""What people say in the benches, in both languages: the same sentences go to Linli and to the bare Rasa."""

from __future__ import annotations

COMMUNITY = "banyan"
"""The community of the demo where everybody in the benches lives."""

TALKS = (
    (
        "你好",
        "{building}号楼{unit}单元的电梯坏了{days}天了，有老人下不了楼",
        "对，就这样报",
        "我报的电梯怎么样了",
        "谢谢",
    ),
    (
        "Hello",
        "The lift in building {building} unit {unit} has been broken for {days} days, my mother cannot get down",
        "Yes, please report it",
        "How is my report about the lift going?",
        "Thank you",
    ),
)
WRITES = 2
"""The turn whose action stores a need."""


LANGUAGES = ("zh-CN", "en")


def talk_of(number: int) -> tuple[str, ...]:
    """What this person says, one turn after the other: every second one speaks English.

    Their reports are their own, as in life: 256 people name another building, unit or number of days each, so that
    nothing is of use that remembers what somebody else reported.
    """
    pair = number // len(TALKS)
    told = {"building": 1 + pair % 8, "unit": 1 + pair // 8 % 2, "days": 2 + pair // 16 % 8}
    return tuple(words.format(**told) for words in TALKS[number % len(TALKS)])


def language_of(number: int) -> str:
    """What this person's browser says of the language to be spoken, as every browser does."""
    return LANGUAGES[number % len(LANGUAGES)]
