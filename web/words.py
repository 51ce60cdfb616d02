"""Words of pages (buttons, headings, hints) in both languages: `t("chat.send")`; bubbles are in templates/messages/.

A file templates/pages/words/<area>.toml holds one area, a line a word: `send = { zh = "发送", en = "Send" }`.
Values are put in by name: `left = { zh = "还差{count}人", en = "{count} more needed" }`, `t("board.left", count=3)`.
"""

import tomllib
from functools import cache
from pathlib import Path
from typing import Literal, Protocol, cast, get_args

from linli.text import plain_number

Language = Literal["zh", "en"]
LANGUAGES: tuple[Language, ...] = get_args(Language)
FOLDER = Path(__file__).parent.parent / "templates" / "pages" / "words"


class Translate(Protocol):
    """What pages call `t`: the word for a key, with its values put in."""

    def __call__(self, key: str, /, **values: object) -> str: ...


def words_for(language: Language) -> Translate:
    """Give the function `t` of one language; an unknown key raises KeyError, a missing value too."""
    table = all_words()

    def t(key: str, /, **values: object) -> str:
        plain = {name: plain_number(value) for name, value in values.items()}
        return table[key][language].format_map(plain)

    return t


def area_words(area: str, language: Language) -> dict[str, str]:
    """Give all words of one area by their short names, for a page's script; values are put in there."""
    prefix = f"{area}."
    return {
        key.removeprefix(prefix): words[language]
        for key, words in all_words().items()
        if key.startswith(prefix)
    }


@cache
def all_words() -> dict[str, dict[Language, str]]:
    """Read every area once: {"chat.send": {"zh": "发送", "en": "Send"}}."""
    return {
        f"{path.stem}.{name}": cast("dict[Language, str]", words)
        for path in sorted(FOLDER.glob("*.toml"))
        for name, words in tomllib.loads(path.read_text(encoding="utf-8")).items()
    }


def language_of(text: str | None) -> Language:
    """Read a language from outside (a cookie, `Accept-Language`); anything but English is Chinese."""
    return "en" if (text or "").strip().lower().startswith("en") else "zh"
