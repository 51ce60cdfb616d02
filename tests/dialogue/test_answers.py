"""Questions on procedures and offices: the shipped answers with the real bot's vectors, in dialogues and figures."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from pathlib import Path

import pytest
from ruamel.yaml import YAML
from sqlalchemy import select, update

from bot.actions.buttons import OFFERS
from bot.actions.procedures import is_sure
from channels.bot_client import BotClient
from community.actors import SYSTEM
from community.answers.file import SHIPPED, read_file
from community.answers.queries import read_answers
from community.answers.search import Answers, Match
from community.answers.usecases import find_unmeasured, keep_vectors, load_entries
from community.conversations.models import Handover
from community.hotlines.founding import found_hotlines
from community.parties.models import Party, PartyType
from linli.database import Sessions
from tests.cast import Cast
from tests.dialogue.talk import Talk

pytestmark = pytest.mark.bot

QUESTIONS = Path(__file__).parent / "questions.yml"
_measured: dict[str, bytes] = {}
"""Vectors of texts that were measured already in this run."""


async def measure(rasa: str, texts: list[str]) -> Mapping[str, bytes]:
    """The bot's vectors of texts."""
    missing = [text for text in dict.fromkeys(texts) if text not in _measured]
    bot = BotClient(rasa, timeout=20)
    _measured.update(zip(missing, await bot.vectors(missing), strict=True))
    await bot.close()
    return _measured


@pytest.fixture
async def answers(rasa: str, sessions: Sessions, cast: Cast) -> AsyncIterator[Answers]:
    """The shipped file in this test's database."""
    async with sessions.begin() as session:
        await load_entries(session, SYSTEM, read_file(SHIPPED))
        waiting = await find_unmeasured(session, 10_000)
        vectors = await measure(rasa, [words for _, words in waiting])
        await keep_vectors(session, {number: vectors[words] for number, words in waiting})
        await found_hotlines(session, cast.here.community.id)
        of_property = Party.id == cast.here.parties[PartyType.PROPERTY_COMPANY].id
        await session.execute(update(Party).where(of_property).values(phone="020-8888 1236"))
    async with sessions() as session:
        yield await read_answers(session, cast.here.community.id)


DIALOGUES = {
    "a procedure, with source and date": """
        > 居住证怎么办理，要带什么材料
        - answer: 住满半年
        - answer_sourced: 首次免费, 来源：《居住证暂行条例》, 2026年11月核对
        """,
    "an office's phone comes from the community's data": """
        > 物业电话是多少
        - answer_sourced: 公共部位
        - answer_office: 榕树社区物业, 020-8888 1236
        """,
    "the committee's hours": """
        > 居委会几点下班
        - answer_sourced: 居委会
        - contact: 榕树社区, 020-8888 1234, 08:30–12:00, 现在有人
        """,
    "a line that is answered in office hours only says so": """
        > 申请法律援助要什么条件
        - answer_sourced: 12348
        - answer_line: 12348 现在有人接, 09:00–12:00
        """,
    "which little book": """
        > 那个本子咋弄
        - answer_which: 老年卡, 居住证, 残疾证
        > [老年卡]
        - answer
        - answer_sourced: 12345
        """,
    "none of these goes to a person": """
        > 那个本子咋弄
        - answer_which
        > 都不是
        - person_queued
        """,
    "what seems to be none of ours is asked about where it is known": """
        > 买好的高铁票不想去了能退吗
        - answer_which: 您是想问车票和出行吗
        > [车票和出行]
        - answer_sourced: 12306
        """,
    "in the middle of a report": """
        > 楼道里堆了好多杂物
        - report_ask_place
        > 居住证续签要带什么
        - answer_sourced: 每年签注一次
        - report_goes_on
        - report_ask_place
        > 3号楼
        - report_read_back
        """,
}

ENGLISH = {
    "a procedure": """
        > how do I renew my residence permit
        - answer_sourced: endorsed each year, Source: Interim Regulations, checked Nov 2026
        """,
    "the opening hours": """
        > when is the community office open
        - answer_sourced
        - contact: Banyan
        """,
}


@pytest.mark.parametrize("name", DIALOGUES)
async def test_in_chinese(talk: Talk, answers: Answers, name: str) -> None:
    await talk.play(DIALOGUES[name])


@pytest.mark.parametrize("name", ENGLISH)
async def test_in_english(talk: Talk, answers: Answers, name: str) -> None:
    talk.language = "en"
    await talk.play(ENGLISH[name])


async def test_what_nobody_knows_is_offered_to_a_person_with_its_words(
    talk: Talk, answers: Answers, sessions: Sessions
) -> None:
    await talk.play("""
        > 那个本子咋弄
        - answer_which
        > [都不是]
        - person_queued
        """)
    async with sessions() as session:
        assert (await session.scalars(select(Handover.words))).all() == ["那个本子咋弄"]


def test_buttons_of_the_file_can_be_offered() -> None:
    assert {button for entry in read_file(SHIPPED) for button in entry.buttons} <= set(OFFERS)


async def test_the_figures_hold(rasa: str, answers: Answers) -> None:
    """On questions in other words: right nine times in ten where answered, and silent where nothing fits."""
    held = YAML(typ="safe").load(QUESTIONS)
    known = [(code, text) for row in held["answered"] for code, text in row.items()]
    unknown = [str(text) for text in held["unanswered"]]
    vectors = await measure(rasa, [*(text for _, text in known), *unknown])

    def best(text: str) -> list[Match]:
        return answers.find(text, vectors[text])

    for name, half in (("set", slice(0, None, 2)), ("held out", slice(1, None, 2)), ("all", slice(None))):
        found = [(code, best(text)) for code, text in known[half]]
        sure = [code == matches[0].entry.code for code, matches in found if is_sure(matches[0])]
        offered = [code in [match.entry.code for match in matches] for code, matches in found]
        wrong = [text for text in unknown[half] if is_sure(best(text)[0])]
        print(  # noqa: T201 - the figures for whoever runs this with -s
            f"{name}: {len(found)} questions, {len(sure) / len(found):.0%} answered at once, "
            f"{sum(sure) / len(sure):.1%} of these rightly, {sum(offered) / len(offered):.1%} among three; "
            f"{len(wrong)} of {len(unknown[half])} without an answer were answered"
        )
        assert sum(sure) / len(sure) >= 0.9
        assert len(sure) / len(found) >= 0.6
        assert sum(offered) / len(offered) >= 0.95
    assert len(known) + len(unknown) >= 120
    assert len(wrong) / len(unknown) <= 0.05
