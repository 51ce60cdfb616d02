"""Words from outside, made safe before they are stored: no NUL or control marks, no tricks with direction."""

from __future__ import annotations

import re
import unicodedata

MOST_CHARACTERS = 5_000

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_BIDI = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_INVISIBLE = re.compile(
    "[\u00ad\u115f\u1160\u17b4\u17b5\u180e\u200b\u2060-\u2064\u206a-\u206f\u2800\u3164\ufeff\uffa0\ufff9-\ufffb]"
)
_JOINS_NOTHING = re.compile(r"^[\s\u200c\u200d\ufe00-\ufe0f]+")
_MANY_MARKS = re.compile(
    r"([\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u20d0-\u20ff]{2})[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u20d0-\u20ff]+"
)


class TextRefused(ValueError):
    """Text that is not taken; `reason` is `empty` or `too_long`."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def clean_text(raw: str) -> str:
    """The words without what PostgreSQL refuses or what makes text lie on a screen; line breaks stay."""
    text = raw.replace("\r\n", "\n").replace("\r", "\n")
    text = _CONTROL.sub("", text)
    text = _BIDI.sub("", _INVISIBLE.sub("", text))
    text = _MANY_MARKS.sub(r"\1", unicodedata.normalize("NFC", text)).rstrip()
    return _JOINS_NOTHING.sub("", text)


def check_text(raw: str, most: int = MOST_CHARACTERS) -> str:
    """Cleaned words of 1 to `most` characters; raise TextRefused otherwise."""
    if len(raw) > most * 4:
        raise TextRefused("too_long")
    text = clean_text(raw)
    if not text:
        raise TextRefused("empty")
    if len(text) > most:
        raise TextRefused("too_long")
    return text


def words_for_bot(text: str) -> str:
    """The words as Rasa may read them: a leading `/` would be obeyed as a command, so it is taken off."""
    return text.lstrip("/／ \n\t") or "?"


def plain_number(value: object) -> object:
    """A whole number without its ".0", as people write it; anything else stays as it is."""
    return int(value) if isinstance(value, float) and value.is_integer() else value
