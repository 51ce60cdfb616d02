"""Choosing the language: from now on the person is spoken to in it."""

from __future__ import annotations

import re

from sqlalchemy.ext.asyncio import AsyncSession

from bot.actions.turn import Turn
from community.residents.models import Language
from community.residents.usecases import choose_language, get_resident, guess_language

SPOKEN = {Language.ZH: "language_is_chinese", Language.EN: "language_is_english"}
"""Said in the new language, whichever the person was spoken to in before."""

_NAMED = (
    (Language.EN, re.compile("英文|英语|english", re.IGNORECASE)),
    (Language.ZH, re.compile("中文|汉语|普通话|国语|chinese|mandarin", re.IGNORECASE)),
)
_NOT = re.compile("(看不懂|听不懂|不会|不懂|don'?t (?:understand|speak|read))[^,，。.]*", re.IGNORECASE)


async def change_language(turn: Turn, session: AsyncSession) -> None:
    """Speak the language that was named; where none was, the other one."""
    resident = await get_resident(session, turn.resident_id)
    wanted = named_language(turn.text) or _other(resident.language)
    await choose_language(session, turn.resident_id, wanted)
    turn.say(SPOKEN[wanted])


def named_language(text: str) -> Language | None:
    """The language that a wish names: in "我看不懂英文，用中文" it is Chinese."""
    wish = _NOT.sub("", text)
    named = [language for language, pattern in _NAMED if pattern.search(wish)]
    if named:
        return named[0]
    return guess_language(text) if wish != text else None


def _other(language: Language | None) -> Language:
    return Language.ZH if language is Language.EN else Language.EN
