"""What Linli guesses of words that a clerk wrote down, with the real bot: a kind and how soon, or nothing."""

from __future__ import annotations

import pytest

from channels.bot_client import BotClient
from community.needs.kinds import KINDS


@pytest.mark.parametrize(
    ("words", "kind", "urgency"),
    [
        ("赵奶奶来电：3号楼2单元电梯又停了，老人下不了楼", "elevator", "urgent"),
        ("楼上半夜拖椅子，吵得睡不着", "noise", "normal"),
        ("the lift in block 3 is out of order again", "elevator", "normal"),
    ],
)
async def test_a_kind_and_how_soon(rasa: str, words: str, kind: str, urgency: str) -> None:
    bot = BotClient(rasa, timeout=20)
    try:
        guess = await bot.guess(words)
    finally:
        await bot.close()
    assert guess is not None
    assert (guess.kind in KINDS, guess.kind) == (True, kind)
    assert guess.urgency in ({urgency} if urgency == "normal" else {"urgent", "crisis"})
    assert 0.3 <= guess.confidence <= 1
