"""The answers file: what is wrong in it is named, loading it twice changes nothing, a community's own goes first."""

from __future__ import annotations

from uuid import UUID

import numpy as np
import pytest
from sqlalchemy import func, select

from community.actors import SYSTEM
from community.answers.file import SHIPPED, BadFile, Entry, read_entries, read_file
from community.answers.grams import grams
from community.answers.models import AnswerEntry, AnswerQuestion
from community.answers.queries import read_answers
from community.answers.search import SIZE, SURE, Answers, Asked
from community.answers.usecases import find_unmeasured, keep_vectors, load_entries
from community.errors import NotAllowed
from community.parties.models import PartyType
from linli.database import Sessions
from tests.cast import Cast

GOOD = """
- id: library_card
  topic: cards
  title: {zh: 借书证, en: Library card}
  questions:
    zh: [借书证怎么办, 图书证在哪里办]
    en: [how do I get a library card]
  answer: {zh: 带身份证到图书馆办，不要钱。, en: Bring your ID card to the library. It is free.}
  source: {zh: 市图书馆, en: city library}
  checked: 2026-11-22
"""
WRONG = {
    "no list": ("id: x", "line 1: a list of entries is expected"),
    "no YAML": ("- id: [", "line 1"),
    "a field that nobody knows": (
        GOOD.replace("topic:", "topics: x\n  topic:"),
        "entry library_card: topics",
    ),
    "no English": (
        GOOD.replace("    en: [how do I get a library card]\n", ""),
        "questions.en: Field required",
    ),
    "one way of asking": (GOOD.replace("借书证怎么办, ", ""), "questions.zh: List should have at least 2"),
    "no source": (GOOD.replace("  source: {zh: 市图书馆, en: city library}\n", ""), "source: Field required"),
    "no day": (GOOD.replace("2026-11-22", "soon"), "checked"),
    "a title too long for a button": (GOOD.replace("借书证, en", "市图书馆的借书证件, en"), "title.zh"),
    "a bubble too long": (GOOD.replace("不要钱", "不要钱" * 20), "at most 60 fit"),
    "lines that differ": (GOOD.replace("带身份证到图书馆办，", '"带身份证。\\n到图书馆办。", xx: "'), "line"),
    "an office that does not exist": (GOOD + "  office: library\n", "office"),
    "an address that is none": (
        GOOD.replace("en: city library}", "en: city library, url: library}"),
        "source.url",
    ),
    "twice": (GOOD + GOOD.lstrip("\n"), "entry library_card is there twice"),
    "asked twice": (GOOD.replace("图书证在哪里办", "借书证怎么办"), "asks the same twice"),
}


def entries(text: str = GOOD) -> list[Entry]:
    return read_entries(text, "own.yml")


def vector_of(seed: int) -> bytes:
    """Any vector of length 1."""
    drawn = np.random.default_rng(seed).normal(size=SIZE)
    return (drawn / np.linalg.norm(drawn)).astype(np.float16).tobytes()


@pytest.mark.parametrize("name", WRONG)
def test_what_is_wrong_is_named_with_its_place(name: str) -> None:
    text, said = WRONG[name]
    with pytest.raises(BadFile) as caught:
        entries(text)
    assert said in str(caught.value)
    assert str(caught.value).startswith("own.yml")


def test_the_line_of_an_entry_is_named() -> None:
    second = GOOD.lstrip("\n").replace("library_card", "Library Card")
    with pytest.raises(BadFile, match=r"own.yml, line 11, entry Library Card: id"):
        entries(GOOD + second)


def test_the_shipped_file_is_good_and_large_enough() -> None:
    shipped = read_file(SHIPPED)
    assert len(shipped) >= 60
    assert all(len(entry.questions.zh) >= 4 and len(entry.questions.en) >= 3 for entry in shipped)


async def test_loading_again_keeps_what_is_the_same(sessions: Sessions) -> None:
    async with sessions.begin() as session:
        loaded = await load_entries(session, SYSTEM, entries())
        assert (loaded.entries, loaded.gone, loaded.unmeasured) == (1, 0, 3)
        waiting = await find_unmeasured(session, 10)
        await keep_vectors(session, {number: vector_of(n) for n, (number, _) in enumerate(waiting)})
    changed = GOOD.replace("图书证在哪里办", "图书证去哪儿办").replace("不要钱", "免费")
    async with sessions.begin() as session:
        loaded = await load_entries(session, SYSTEM, entries(changed))
        assert (loaded.entries, loaded.gone, loaded.unmeasured) == (1, 0, 1)
    async with sessions() as session:
        assert await session.scalar(select(func.count()).select_from(AnswerQuestion)) == 3
        assert "免费" in (await session.scalars(select(AnswerEntry.answer_zh))).one()
        assert [words for _, words in await find_unmeasured(session, 10)] == ["图书证去哪儿办"]
    async with sessions.begin() as session:
        loaded = await load_entries(session, SYSTEM, entries(GOOD.replace("library_card", "book_card")))
        assert (loaded.entries, loaded.gone) == (1, 1)


async def test_a_community_has_its_own_in_place_of_the_common_one(sessions: Sessions, cast: Cast) -> None:
    here, there = cast.here.community.id, cast.there.community.id
    own = GOOD.replace("到图书馆办", "到社区二楼办") + "  office: committee\n"
    async with sessions.begin() as session:
        await load_entries(session, SYSTEM, entries())
        await load_entries(session, SYSTEM, entries(own), here)
    assert await _said(sessions, here) == ("带身份证到社区二楼办，不要钱。", PartyType.COMMITTEE)
    assert await _said(sessions, there) == ("带身份证到图书馆办，不要钱。", None)
    assert await _said(sessions, None) == ("带身份证到图书馆办，不要钱。", None)


async def _said(sessions: Sessions, community_id: UUID | None) -> tuple[str, PartyType | None]:
    async with sessions() as session:
        (entry,) = (await read_answers(session, community_id)).entries
        return entry.answer[0]["zh"], entry.office


async def test_a_file_is_an_operators(sessions: Sessions, cast: Cast) -> None:
    for actor in (cast.admin, cast.street, *cast.here.staff.values()):
        async with sessions.begin() as session:
            with pytest.raises(NotAllowed):
                await load_entries(session, actor, entries())


async def test_a_vector_of_another_size_is_refused(sessions: Sessions) -> None:
    async with sessions.begin() as session:
        await load_entries(session, SYSTEM, entries())
        ((number, _), *_) = await find_unmeasured(session, 1)
        with pytest.raises(ValueError, match="size"):
            await keep_vectors(session, {number: b"short"})


async def test_the_nearest_is_found_and_without_a_vector_nothing_is_sure(sessions: Sessions) -> None:
    other = (
        GOOD.lstrip("\n").replace("library_card", "bus_card").replace("书", "车").replace("library", "bus")
    )
    async with sessions.begin() as session:
        await load_entries(session, SYSTEM, entries(GOOD + other))
        waiting = await find_unmeasured(session, 10)
        await keep_vectors(session, {number: vector_of(len(words)) for number, words in waiting})
    async with sessions.begin() as session:
        rows = (await session.scalars(select(AnswerQuestion))).all()
        for row in rows:
            row.vector = vector_of(1 if "书" in row.words or "library" in row.words else 2)
        await session.flush()
        answers = await read_answers(session, None)
    best, next_best = answers.find("借书证在哪儿办呀", vector_of(1))
    assert (best.entry.code, next_best.entry.code) == ("library_card", "bus_card")
    assert best.sureness > SURE > next_best.sureness
    blind = answers.find("借书证怎么办", None)
    assert blind[0].entry.code == "library_card"
    assert all(match.sureness == 0 for match in blind)
    assert Answers([], list[Asked]()).find("借书证", vector_of(1)) == []


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("居住证怎么办", {"居住", "住证", "证怎", "怎么", "么办"}),
        ("How do I renew my ID cards?", {"renew", "id", "card"}),
        ("12345是啥", {"12345", "是啥"}),
        ("Ｒｅｎｅｗｉｎｇ", {"renew"}),
        ("😀", set()),
    ],
)
def test_pieces_of_words(text: str, pieces: set[str]) -> None:
    assert grams(text) == pieces
