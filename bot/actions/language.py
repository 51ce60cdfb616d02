"""Choosing the language: the one that was named is spoken from now on; where none was, it is asked which."""

from __future__ import annotations

import re

from sqlalchemy.ext.asyncio import AsyncSession

from bot.actions.buttons import payload
from bot.actions.turn import Button, Turn
from community.residents.languages import language_of
from community.residents.models import Language
from community.residents.usecases import choose_language, get_resident

SPOKEN = {Language.ZH: "language_is_chinese", Language.EN: "language_is_english"}
"""Said in the new language, whichever the person was spoken to in before."""

_NAMES = {
    Language.EN: r"英文|英语|英語|鬼佬话|english",
    Language.ZH: r"中文|汉语|漢語|普通话|普通話|国语|國語|华语|广东话|粤语|chinese|mandarin|cantonese|putonghua",
}
_LACKS = (
    r"看不懂|听不懂|看唔明|听唔明|睇唔明|不会(?:说|讲|看)?|不太?懂|不懂|不识|唔识|唔明|"
    r"(?:do ?n[o']?t|can(?:no|')?t|not?) (?:really |well )?(?:understand|speak|read|know|get|good (?:at|in)|good)"
)
_WITHOUT_AFTER = re.compile(rf"(?:{_LACKS})[^,，。.;；!！]*", re.IGNORECASE)
_IS_BAD = r"(?:不好|不行|很?差|is (?:bad|poor|not)|isn'?t)[^,，。.;；!！]*"
_WITHOUT_BEFORE = re.compile(
    rf"(?:{'|'.join(_NAMES.values())})[^,，。.;；!！]{{0,6}}{_IS_BAD}", re.IGNORECASE
)


async def change_language(turn: Turn, session: AsyncSession) -> None:
    """Speak the language that was named; ask where none was."""
    told = turn.entities.get("value")
    wanted = Language(told) if told in set(Language) else named_language(turn.text)
    if wanted is None:
        wanted = await _language_of_a_complaint(turn, session)
    if wanted is None:
        turn.say("language_which", *(_button(language) for language in Language))
        return
    await choose_language(session, turn.resident_id, wanted)
    turn.say(SPOKEN[wanted])


def named_language(text: str) -> Language | None:
    """The one language that a wish names: in "我看不懂英文，用中文" and in "我英文不好" it is Chinese."""
    wish = _WITHOUT_BEFORE.sub("", _WITHOUT_AFTER.sub("", text))
    named = _named_in(wish)
    if not named and (lacking := _named_in(text)):
        named = [language for language in Language if language not in lacking]
    return named[-1] if named else None


def _named_in(text: str) -> list[Language]:
    """Languages in the order in which they are named."""
    found = {
        language: match.start()
        for language, names in _NAMES.items()
        if (match := re.search(names, text, re.IGNORECASE))
    }
    return sorted(found, key=lambda language: found[language])


async def _language_of_a_complaint(turn: Turn, session: AsyncSession) -> Language | None:
    """Whoever says "I don't understand this" in a language that is not spoken to them wants that one."""
    if not _WITHOUT_AFTER.search(turn.text):
        return None
    written = language_of(turn.text)
    resident = await get_resident(session, turn.resident_id)
    return written if written is not resident.language else None


def _button(language: Language) -> Button:
    return Button(f"button_speak_{language.value}", payload("change_language", value=language.value))
