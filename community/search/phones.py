"""The term of a phone number: whoever knows the whole number finds it, and nobody reads it off the database."""

from __future__ import annotations

import re

from community.facts.phones import find_phones
from community.facts.text import plain_text
from community.search.index import stored

_DIGITS = re.compile(r"[\d\s()+-]{7,24}")


def find_phone(text: str) -> str | None:
    """The number that somebody typed and nothing else; None where it is no phone number."""
    plain = plain_text(text).strip()
    found = find_phones(plain)
    if found and found[0].span == (0, len(plain)):
        return found[0].number
    return re.sub(r"\D", "", plain) if _DIGITS.fullmatch(plain) else None


def term_of_phone(phone: str) -> str:
    """The term of a number, however it is written."""
    return f"phone:{find_phone(phone) or phone}"


def stored_phone(phone: str | None) -> str | None:
    """What stands for a resident's number in `residents.phone_term`."""
    return stored([term_of_phone(phone)])[0] if phone else None
