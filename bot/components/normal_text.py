"""One spelling for what is the same to a reader: scripts, widths, capitals, spaces, marks, smileys, codes of needs."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from opencc import OpenCC

LONGEST = 800

_UNSEEN = re.compile(
    "[\u00ad\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff]"
)
_PICTURES = re.compile(
    "[\U0001f000-\U0001faff\u2190-\u21ff\u2300-\u23ff\u2500-\u27bf\u2b00-\u2bff\ue000-\uf8ff\ufffc\ufffd]+"
)
_YES = re.compile("[\U0001f44c\U0001f44d\U0001f197][\U0001f3fb-\U0001f3ff]?")
_SPACES = re.compile(r"\s+")
_SPELLED = re.compile("(?<![\u3400-\u9fff])([\u3400-\u9fff]) (?=[\u3400-\u9fff](?![\u3400-\u9fff]))")  # 电 梯
_RUNS = re.compile(r"([!?~。.,…！？～、])\1+|(\D)\2{3,}")
_ANY_CODE = "n7k4p"  # as in the sentences that the model learns from
_CODES = re.compile(r"(?<![0-9a-z])(?=\d*[a-z])(?=[a-z]*\d)[2-9a-hjkmnp-tv-z]{5}(?![0-9a-z])")


def normal(text: str) -> str:
    """The text as the classifiers read it. Of a letter the first 800 characters are enough."""
    seen = _UNSEEN.sub("", text[: LONGEST * 3])
    spoken = _PICTURES.sub(" ", seen) or seen
    if not spoken.strip() and _YES.search(seen):
        spoken = "好的"
    folded = _without_piled_marks(unicodedata.normalize("NFKC", spoken)).lower().replace("’", "'")
    one_script = _to_simplified().convert(folded).replace("著", "着")
    joined = _SPELLED.sub(r"\1", _SPACES.sub(" ", _CODES.sub(_ANY_CODE, one_script)))
    short = _RUNS.sub(_once_or_thrice, joined)
    return short.strip()[:LONGEST]


def is_payload(text: str) -> bool:
    """True for `/affirm` and the like, which only our own buttons send."""
    return text.startswith("/")


@lru_cache(maxsize=1)
def _to_simplified() -> OpenCC:
    return OpenCC("t2s")


def _without_piled_marks(text: str) -> str:
    """Letters without the marks that are heaped on them; what belongs to a letter is one sign with it by now."""
    return "".join(sign for sign in text if not unicodedata.combining(sign))


def _once_or_thrice(match: re.Match[str]) -> str:
    """A mark that is repeated stands once, anything else three times at most."""
    return match[1] or match[2] * 3
