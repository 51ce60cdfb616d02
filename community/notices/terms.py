"""The search terms of a notice: pairs of Chinese characters, Latin words, buildings, topics; plain, for it is public.

Made whenever a notice is written (models.py), found by `search.py`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from community.facts.text import plain_text
from community.notices.topics import find_topics
from community.search.places import terms_of_text
from community.search.terms import terms_of

MOST = 3_000
LONGEST = 40
_WORD = re.compile(r"[a-z]{4,40}")


def make_notice_terms(texts: Iterable[str | None]) -> list[str]:
    """The terms of a notice's titles and texts in both languages, each once."""
    found: list[str] = []
    for text in filter(None, texts):
        topics = sorted(find_topics(plain(text)))
        found += [*topic_terms(topics), *terms_of_text(text), *terms_of(text)]
    return [term[:LONGEST] for term in dict.fromkeys(found)][:MOST]


def topic_terms(topics: Iterable[str]) -> list[str]:
    """What stands for topics among the terms."""
    return [f"topic:{topic}" for topic in topics]


def plain(text: str) -> str:
    """The form in which words are looked for: widths, case and traditional characters make no difference."""
    return plain_text(unicodedata.normalize("NFKC", text)).lower()


def words_among(terms: Iterable[str]) -> list[str]:
    """The Latin words among terms that are long enough to be misspelt."""
    return [term for term in terms if _WORD.fullmatch(term)]
