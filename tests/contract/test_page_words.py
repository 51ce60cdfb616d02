"""Every word of a page exists in both languages with the same values, and every `t("...")` names one that exists."""

import re
from pathlib import Path
from string import Formatter

import pytest

from web.words import LANGUAGES, all_words, area_words, language_of, words_for

ROOT = Path(__file__).parent.parent.parent
CALL = re.compile(r"""\bt\(\s*["']([a-z_]+\.[a-z0-9_]+)["']\s*[,)]""")
PLACES = ("templates/pages/**/*.html", "web/**/*.py")


def values_in(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


@pytest.mark.parametrize("key", sorted(all_words()))
def test_a_word_is_there_in_both_languages(key: str) -> None:
    words = all_words()[key]
    assert set(words) == set(LANGUAGES)
    assert all(words[language].strip() for language in LANGUAGES)
    assert values_in(words["zh"]) == values_in(words["en"])


def test_every_word_that_a_page_asks_for_exists() -> None:
    asked = {
        (path.relative_to(ROOT).as_posix(), key)
        for place in PLACES
        for path in ROOT.glob(place)
        if path.name != "words.py"
        for key in CALL.findall(path.read_text(encoding="utf-8"))
    }
    assert [(path, key) for path, key in sorted(asked) if key not in all_words()] == []


def test_t_puts_values_in_and_refuses_an_unknown_key() -> None:
    assert words_for("en")("common.save") == "Save"
    assert area_words("common", "zh")["save"] == "保存"
    with pytest.raises(KeyError):
        words_for("zh")("common.no_such_word")


@pytest.mark.parametrize(
    ("header", "language"),
    [(None, "zh"), ("", "zh"), ("en-GB,en;q=0.9", "en"), ("zh-CN", "zh"), ("fr", "zh")],
)
def test_language_from_outside(header: str | None, language: str) -> None:
    assert language_of(header) == language
