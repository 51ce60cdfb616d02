"""What people say in the benches, in both languages: the same sentences go to Linli and to the bare Rasa."""

from __future__ import annotations

COMMUNITY = "banyan"
"""The community of the demo where everybody in the benches lives."""

TALKS = (
    (
        "你好",
        "3号楼2单元的电梯坏了两天了，有老人下不了楼",
        "对，就这样报",
        "我报的电梯怎么样了",
        "谢谢",
    ),
    (
        "Hello",
        "The lift in building 3 unit 2 has been broken for two days, my mother cannot get down",
        "Yes, please report it",
        "How is my report about the lift going?",
        "Thank you",
    ),
)
WRITES = 2
"""The turn whose action stores a need."""


def talk_of(number: int) -> tuple[str, ...]:
    """What this person says, one turn after the other: every second one speaks English."""
    return TALKS[number % len(TALKS)]
