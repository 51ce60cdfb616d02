"""Words and buttons of somebody in distress: how they want to be reached, and whether they tell more of how they feel.

For care.py, which decides what follows.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from bot.actions.buttons import choice
from bot.actions.turn import Button, Turn
from community.needs.told import phones_in
from community.wishes.models import ContactWay

KIND = "mental_health"
_UNNAMED = re.compile(r"匿名|不留名|不想(?:让人|被人)|anonym|without (?:my )?name", re.IGNORECASE)
_TALK = re.compile(
    r"(?:先|就|想)(?:跟|和|同)?(?:你|您)?(?:说说|聊聊|聊|讲讲)|听我说|just (?:want to )?talk|listen",
    re.IGNORECASE,
)
_CONTACT = re.compile(r"社工|联系我|找我|contact|social worker|get in touch", re.IGNORECASE)
_WAYS: Mapping[ContactWay, re.Pattern[str]] = {
    ContactWay.CALL: re.compile(r"电话|打给|call|phone|ring", re.IGNORECASE),
    ContactWay.MEET: re.compile(r"见面|当面|上门|过来|meet|in person|visit|come", re.IGNORECASE),
    ContactWay.MESSAGE: re.compile(r"消息|微信|发|写|留言|message|text|write|here|chat", re.IGNORECASE),
}


def wants_unnamed(text: str) -> bool:
    """Whether somebody wants to ask without a name."""
    return _UNNAMED.search(text) is not None


def wants_to_talk(text: str) -> bool:
    """Whether somebody wants to be heard first."""
    return _TALK.search(text) is not None


def wants_contact(text: str) -> bool:
    """Whether somebody asks for the social worker."""
    return _CONTACT.search(text) is not None


def is_feeling(turn: Turn) -> bool:
    """Whether it may be more of how the person feels, rather than clearly something else."""
    if turn.is_clearly_aside or not turn.text:
        return False
    return not (turn.intent == "report_need" and turn.need.sure and turn.need.kind != KIND)


def read_phones(text: str) -> list[str]:
    """The numbers in an answer to the question for one, so that eight digits alone are a phone too."""
    return phones_in(f"电话 {text}")


def read_way(turn: Turn) -> ContactWay | None:
    """How somebody wants to be reached, by a button or in words; None where they do not say."""
    value = turn.entities.get("value")
    if value in set(ContactWay):
        return ContactWay(value)
    return next((way for way, pattern in _WAYS.items() if turn.text and pattern.search(turn.text)), None)


def offers() -> list[Button]:
    """What there is: a social worker, being heard, asking without a name."""
    return [
        choice("button_ask_social_worker", "contact"),
        choice("button_talk_first", "talk"),
        choice("button_ask_unnamed", "unnamed"),
    ]


def ways() -> list[Button]:
    """The ways to be reached by name."""
    return [
        choice(f"button_way_{way.value}", way.value) for way in ContactWay if way is not ContactWay.ANONYMOUS
    ]
