"""Reads own name and phone out of words: 我叫王秀兰, 叫我老李就行, 电话换成138 0013 8000, my name is Anna."""

from __future__ import annotations

import re

from community.facts.phones import find_phones
from community.facts.text import plain_text

_NAME_ZH = re.compile(
    r"(?:我(?:的)?(?:名字|姓名)?(?:叫做?|是叫)|(?:名字|姓名|称呼)(?:改|换|写|更正)?(?:成|为|叫|是)|叫我|称呼我)\s*"
    r"([㐀-鿿·]{1,8}?)(?:就行|就好|就可以|吧|哈|啊|了|呀|$|[\s，,。.、])"
)
_NAME_EN = re.compile(
    r"(?:my name(?:'s| is| to)|call me|change my name to)\s+([A-Za-z][\w'-]*(?: [A-Z][\w'-]*)?)",
    re.IGNORECASE,
)
_NO_NAME = re.compile("什么|啥|谁|名字|姓名")


def read_phone(text: str) -> str | None:
    """The phone number that is told, as it was written; a number that may be none of theirs is not read."""
    phones = find_phones(plain_text(f"电话 {text}"))
    said = next((phone for phone in phones if phone.is_contact), None)
    if said is None:
        return None
    return said.words if said.words.isascii() else said.number


def read_name(text: str) -> str | None:
    """How the person wants to be called; None where no name is told."""
    match = _NAME_ZH.search(text) or _NAME_EN.search(text)
    if match is None or _NO_NAME.search(match.group(1)):
        return None
    return match.group(1).strip()
