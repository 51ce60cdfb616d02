"""What short words mean beside buttons: "2", "第二个", "the second one" and a button's own words are that button.

Before: channels/turns.py has claimed a message. What was offered is read from the outbox, so that it holds for bubbles
of the bot, surveys and notices alike, on every channel. After: Rasa gets the button's payload, or the words.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from channels.contract import Abilities
from channels.render import MESSAGES, render_if_possible
from channels.render.showing import is_numbered
from community.inbox.usecases import Waiting
from community.outbox.models import OutboxMessage

Button = Mapping[str, Any]

LONGEST = 24
LANGUAGES = ("zh", "en")
PLACE_LABEL = "button_place"
_LAST = -1
MOST = 20
_CHINESE = (*"一二三四五六七八九十", *(f"十{digit}" for digit in "一二三四五六七八九"), "二十")
_ENGLISH = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")
_SHORT = ("1st", "2nd", "3rd", *(f"{number}th" for number in range(4, MOST + 1)))
_NAMES = {
    **{
        name: number
        for names in (_CHINESE, _ENGLISH, _ORDINALS, _SHORT, tuple(map(str, range(1, MOST + 1))))
        for number, name in enumerate(names)
    },
    **dict.fromkeys(("两",), 1),
    **dict.fromkeys(("last", "最后一", "最后"), _LAST),
}
"""How a number of a list is said, longest first in the pattern; -1 is the last one."""


def _either(*names: str) -> str:
    return "|".join(sorted(names, key=len, reverse=True))


_NUMBER = re.compile(
    rf"(?:我)?(?:就|那就)?(?:要|选|选择|想要)?(?:第)?((?:1[0-9]|20|[1-9])|{_either(*_CHINESE, '两')}|最后一?)"
    r"(?P<unit>个|号|项|条|种|那个)?(?:吧|呢|啊|好了)?"
    r"|(?:i(?:'ll| will)? (?:take|want|choose) )?(?:the |option |number |no\.? ?|choice |#)?"
    rf"((?:1[0-9]|20|[1-9])|{_either(*_ENGLISH, *_ORDINALS, *_SHORT)}|last)(?: one| option)?(?: please)?"
)
_AROUND = " \t\n.。、,，;；:：!！?？~～()（）[]【】「」“”\"'"
_NUMBERS_IN = re.compile(r"\d+")
_OFFERED = text(
    """
    SELECT buttons FROM (
        SELECT seq, buttons, coalesce(sent_at, created_at) AS at
        FROM outbox_messages WHERE resident_id = :resident_id AND state IN ('sent', 'sending')
        ORDER BY seq DESC LIMIT 8
    ) AS told
    WHERE buttons <> '[]' AND at >= coalesce(
        (SELECT received_at FROM inbound_messages WHERE resident_id = :resident_id AND id < :id
         ORDER BY id DESC LIMIT 1), '-infinity')
    ORDER BY seq DESC LIMIT 1
    """
).columns(buttons=OutboxMessage.buttons.type)


def may_choose(words: str) -> bool:
    """Whether it is worth a look at what was offered: a number, or the words of some button."""
    said = _plain(words) if len(words) <= LONGEST else ""
    return bool(said) and (said in _labels() or _NUMBER.fullmatch(said) is not None)


async def find_chosen(
    session: AsyncSession, waiting: Waiting, abilities: Abilities | None = None
) -> str | None:
    """The payload of the button that the words name, None where they are just words.

    `abilities` are those of the person's channel: where it does not draw such buttons, they stood there as numbers.
    """
    wanted = {"resident_id": waiting.resident_id, "id": waiting.id}
    buttons = await session.scalar(_OFFERED, wanted)
    if not buttons:
        return None
    numbered = abilities is not None and is_numbered(buttons, waiting.language, abilities)
    return chosen(waiting.text, buttons, numbered=numbered)


def chosen(words: str, buttons: Sequence[Button], *, numbered: bool = False) -> str | None:
    """The payload of the button that `words` name by its label in either language, or by its number.

    `numbered` where the person saw numbers before the labels: then a number is never a place's own.
    """
    said = _plain(words)
    labels = [[_label(button, language) for language in LANGUAGES] for button in buttons]
    for button, own in zip(buttons, labels, strict=True):
        if said and said in own:
            return str(button["payload"])
    position = _position(said, buttons, [] if numbered else [own[0] for own in labels])
    return str(buttons[position]["payload"]) if position is not None else None


def _position(said: str, buttons: Sequence[Button], labels: Sequence[str]) -> int | None:
    """Which button is meant. Among places a number is first of all the place's own (`labels`): "2" is entrance 2."""
    match = _NUMBER.fullmatch(said)
    if match is None:
        return None
    name = match[1] or match[3]
    position = _NAMES[name]
    if labels and any(button["label"] == PLACE_LABEL for button in buttons):
        named = [index for index, label in enumerate(labels) if _NUMBERS_IN.findall(label)[-1:] == [said]]
        if len(named) == 1:
            return named[0]
        if match["unit"] == "号":
            return None
    return position if position < len(buttons) else None


def _label(button: Button, language: str) -> str:
    return _plain(render_if_possible(button["label"], language, button.get("values", {})))


@cache
def _labels() -> frozenset[str]:
    """What is written on buttons, as far as it is always the same."""
    files = MESSAGES.glob("button_*/*.txt")
    words = (path.read_text("utf-8") for path in files)
    return frozenset(_plain(label) for label in words if "{" not in label)


def _plain(words: str) -> str:
    """Full-width and circled signs, capitals and marks around make no difference."""
    return unicodedata.normalize("NFKC", words).casefold().strip(_AROUND)
