"""Which language a message is in, which one a wish names, and that a chosen one stays."""

from __future__ import annotations

import pytest

from bot.actions.language import named_language
from community.residents.languages import follow_language, language_of
from community.residents.models import Language, Resident
from community.residents.usecases import choose_language
from linli.database import Sessions
from tests.cast import Cast

ZH, EN = Language.ZH, Language.EN


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("电梯坏了", ZH),
        ("电梯", ZH),
        ("我家 lift 坏了", ZH),
        ("WiFi 坏了", ZH),
        ("Alice 的车又停在我车位", ZH),
        ("the lift is dead", EN),
        ("elevator broken", EN),
        ("the 电梯 in block 3 is dead", EN),
        ("my neighbour 王阿姨 needs help with shopping", EN),
        ("ok", None),
        ("OK thanks", None),
        ("thank you very much", None),
        ("hello", None),
        ("谢谢", None),
        ("你好", None),
        ("lift", None),
        ("N7K4P", None),
        ("https://example.org/some/page", None),
        ("aGVsbG8gd29ybGQhIGhlbGxvIHdvcmxkIQ==", None),
        ("'; DROP TABLE needs; -- SELECT * FROM residents", None),
        ("<script>alert(1)</script>", None),
        ("/report_need{value one}", None),
        ("2", None),
        ("😡", None),
        ("", None),
    ],
)
def test_language_of_a_sentence(text: str, language: Language | None) -> None:
    assert language_of(text) is language


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("说英文", EN),
        ("speak Chinese please", ZH),
        ("用返中文", ZH),
        ("English please", EN),
        ("我看不懂英文，用中文", ZH),
        ("我英文不好", ZH),
        ("my Chinese is bad", EN),
        ("I can't read Chinese", EN),
        ("唔识英文", ZH),
        ("从中文换成英文", EN),
        ("换一种语言", None),
        ("another language", None),
    ],
)
def test_language_that_a_wish_names(text: str, language: Language | None) -> None:
    assert named_language(text) is language


async def test_a_language_that_was_chosen_stays(sessions: Sessions, cast: Cast) -> None:
    person = cast.owner.resident_id
    async with sessions.begin() as session:
        assert await follow_language(session, person, EN)
        await choose_language(session, person, ZH)
    async with sessions.begin() as session:
        assert not await follow_language(session, person, EN)
        assert (await session.get_one(Resident, person)).language is ZH
