"""Plays a written dialogue (scripts.py) in a chat and compares; the first difference fails with all that was said."""

from __future__ import annotations

from collections.abc import Sequence

from tests.dialogue.chat import Chat, Heard
from tests.dialogue.meanwhile import do_meanwhile
from tests.dialogue.scripts import Expected, Line, Script
from tests.dialogue.stored import check_stored


async def play(chat: Chat, script: Script) -> None:
    """Play it to its end."""
    expected: list[Line] = []
    line = Line("", "", script.id)
    try:
        for line in script.lines:
            if line.mark == "-":
                expected.append(line)
                continue
            _compare(chat.heard, expected)
            expected = []
            await _step(chat, line)
        _compare(chat.heard, expected)
    except AssertionError as error:
        raise AssertionError(f"before {line.where}: {error}\n{chat.told()}") from None


async def _step(chat: Chat, line: Line) -> None:
    if line.mark == ">":
        await chat.say(line.rest)
    elif line.mark == "*":
        await do_meanwhile(chat, line.rest)
    else:
        await check_stored(chat, line.rest)


def _compare(heard: Sequence[Heard], lines: Sequence[Line]) -> None:
    left = list(heard)
    for line in lines:
        if line.rest == "...":
            return
        if line.rest != "nothing":
            assert left, f"{line.rest!r} is not said"
            _compare_bubble(left.pop(0), Expected.read(line.rest))
    if lines:
        assert not left, f"{[bubble.message for bubble in left]} is said too"


def _compare_bubble(bubble: Heard, expected: Expected) -> None:
    assert bubble.message in expected.messages, f"{bubble.message} is said, not {expected.messages}"
    for piece in expected.pieces:
        assert piece in bubble.text, f"{piece!r} is not in {bubble.text!r}"
    for label in expected.labels:
        assert label in bubble.labels, f"no button {label!r} in {bubble.labels}"
