"""Names of messages become words: dates as a neighbour says them, names in the receiver's language."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from jinja2 import TemplateNotFound, UndefinedError

from channels.render import MESSAGES, has_message, in_language, name_moment, render_text

NOW = datetime(2026, 3, 4, 2, 0, tzinfo=UTC)  # a Wednesday, 10:00 in Shanghai
ZONE = "Asia/Shanghai"


@pytest.mark.parametrize(
    ("moment", "zh", "en"),
    [
        ("2026-03-04T09:30:00+00:00", "今天 17:30", "today 17:30"),
        ("2026-03-04T16:30:00+00:00", "明天 0:30", "tomorrow 0:30"),
        ("2026-03-06T01:00:00+00:00", "后天 9:00", "Friday 9:00"),
        ("2026-03-08T01:00:00+00:00", "周日 9:00", "Sunday 9:00"),
        ("2026-03-03T01:00:00+00:00", "昨天 9:00", "yesterday 9:00"),
        ("2026-11-03T01:00:00+00:00", "11月3日 9:00", "3 Nov 9:00"),
        ("2025-11-03T01:00:00+00:00", "2025年11月3日 9:00", "3 Nov 2025 9:00"),
    ],
)
def test_moments_as_a_neighbour_says_them(moment: str, zh: str, en: str) -> None:
    assert name_moment(moment, "zh", ZONE, NOW) == zh
    assert name_moment(moment, "en", ZONE, NOW) == en


def test_names_fall_back_to_chinese() -> None:
    assert in_language({"zh": "物业", "en": ""}, "en") == "物业"
    assert in_language(None, "en") == ""


def test_a_missing_value_or_message_is_an_error_not_an_empty_sentence() -> None:
    with pytest.raises(UndefinedError):
        render_text("need_passed_on", "zh", {"kind": {"zh": "电梯", "en": "Lift"}})
    with pytest.raises(TemplateNotFound):
        render_text("no_such_message", "zh", {})


def test_what_a_person_wrote_is_never_read_as_a_template() -> None:
    words = "{{ 7 * 7 }} {% raw %} <b>"
    assert render_text("staff_answer", "zh", {"words": words}) == words


def test_every_message_has_both_languages_and_is_known() -> None:
    folders = [folder for folder in MESSAGES.iterdir() if folder.is_dir()]
    assert folders
    for folder in folders:
        assert {file.name for file in folder.iterdir()} == {"zh.txt", "en.txt"}, folder.name
        assert has_message(folder.name)
