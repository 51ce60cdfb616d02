"""An answer by number: "2" or "第二个" after a bubble with buttons means its second button, on every channel."""

from __future__ import annotations

import re

from components.turn import Bubble

DIGITS = "一二三四"
CIRCLED = "①②③④"
NUMBER = re.compile(
    r"^(?:第|选|选第|no\.?\s*|number\s+|option\s+)?([1-4一二三四①②③④])(?:个|号|项|吧|[.。、)）!！])*$",
    re.IGNORECASE,
)


def chosen(text: str, answers: list[Bubble]) -> str:
    """The payload of the button that `text` names by its number, otherwise `text` itself."""
    match = NUMBER.match(text.strip())
    buttons = _offered(answers)
    if not match or not buttons:
        return text
    position = _position(match.group(1))
    return buttons[position]["payload"] if position < len(buttons) else text


def _offered(answers: list[Bubble]) -> list[Bubble] | None:
    return next((bubble["buttons"] for bubble in reversed(answers) if bubble.get("buttons")), None)


def _position(mark: str) -> int:
    for row in (DIGITS, CIRCLED):
        if mark in row:
            return row.index(mark)
    return int(mark) - 1
