"""The page of what was not understood: who opens it, what becomes of a group, what a refusal leaves in the form."""

from __future__ import annotations

from uuid import UUID

import numpy as np
import pytest
from ruamel.yaml import YAML
from sqlalchemy import select

from community.answers.models import AnswerEntry
from community.answers.search import SIZE
from community.learning.models import LearnedExample, LearningAct, UnclearMessage
from community.learning.noting import Unclear, note_unclear
from linli.database import Sessions
from tests.cast import Cast
from tests.web.staff.conftest import OpenDesk, actor_of

LIST = "/staff/learning"
ANSWER = {
    "title_zh": "借书",
    "title_en": "Borrow a book",
    "answer_zh": "二楼有图书角，周末下午开。",
    "answer_en": "There is a book corner on the second floor.",
    "questions_zh": "社区有书借吗\n图书角几点开",
    "questions_en": "can I borrow a book",
    "source_zh": "榕树社区居委会",
    "source_en": "Banyan committee",
}


@pytest.fixture
async def books(sessions: Sessions, cast: Cast) -> UUID:
    """Two of our community ask for books; the id of one message."""
    vector = np.eye(SIZE, dtype=np.float16)[0].tobytes()
    async with sessions.begin() as session:
        for words in ("社区有书借吗", "图书角几点开"):
            noted = await note_unclear(
                session, cast.owner.resident_id, Unclear(words, vector, ("find_activities",))
            )
    assert noted is not None
    return noted


async def test_a_group_is_listed_and_opened(open_desk: OpenDesk, cast: Cast, books: UUID) -> None:
    desk = await open_desk(actor_of(cast, "here.committee"))
    listed = (await desk.get(LIST)).text
    assert "社区有书借吗" in listed
    assert "2次" in listed
    opened = (await desk.get(f"{LIST}/{books}")).text
    assert "当时猜过：问有什么活动" in opened


@pytest.mark.parametrize("who", ["here.social_work_team", "here.property_company", "here.volunteer_team"])
async def test_others_have_no_such_page(open_desk: OpenDesk, cast: Cast, books: UUID, who: str) -> None:
    desk = await open_desk(actor_of(cast, who))
    await desk.get(LIST, 404)
    await desk.get(f"{LIST}/{books}", 404)
    await desk.get(f"{LIST}/learned.yml", 403)
    await desk.post(f"{LIST}/{books}/ignore", 404)
    assert LIST not in (await desk.get("/staff/needs")).text


async def test_the_other_community_does_not_see_ours(open_desk: OpenDesk, cast: Cast, books: UUID) -> None:
    desk = await open_desk(actor_of(cast, "there.committee"))
    assert "书" not in (await desk.get(LIST)).text
    await desk.get(f"{LIST}/{books}", 404)
    await desk.post(f"{LIST}/{books}/ignore", 404)


@pytest.mark.parametrize("who", ["street", "admin"])
async def test_the_street_and_its_admin_see_all(
    open_desk: OpenDesk, cast: Cast, books: UUID, who: str
) -> None:
    desk = await open_desk(actor_of(cast, who))
    assert "社区有书借吗" in (await desk.get(LIST)).text


async def test_teaching_and_the_file(
    open_desk: OpenDesk, cast: Cast, books: UUID, sessions: Sessions
) -> None:
    desk = await open_desk(actor_of(cast, "here.committee"))
    sent = {"intent": "ask_procedure", "sentences": "社区有书借吗\n我叫王秀英，想借书", "messages": ""}
    assert (await desk.post(f"{LIST}/{books}/teach", 303, **sent)).headers["location"] == f"{LIST}?done=teach"
    assert "教作“问怎么办、政策”" in (await desk.get(f"{LIST}?done=teach")).text
    file = await desk.get(f"{LIST}/learned.yml")
    assert "attachment" in file.headers["content-disposition"]
    (block,) = YAML(typ="safe").load(file.text)["nlu"]
    assert block == {"intent": "ask_procedure", "examples": "- 我叫〔姓名〕，想借书\n- 社区有书借吗\n"}
    async with sessions() as session:
        assert len((await session.scalars(select(LearnedExample))).all()) == 2


async def test_only_what_was_shown_is_settled(
    open_desk: OpenDesk, cast: Cast, books: UUID, sessions: Sessions
) -> None:
    desk = await open_desk(actor_of(cast, "here.committee"))
    await desk.post(f"{LIST}/{books}/ignore", messages=str(books))
    async with sessions() as session:
        assert (await session.scalars(select(LearningAct.messages))).one() == 1
        left = select(UnclearMessage.words).where(UnclearMessage.act_id.is_(None))
        assert (await session.scalars(left)).all() == ["社区有书借吗"]


async def test_an_answer_is_written(open_desk: OpenDesk, cast: Cast, books: UUID, sessions: Sessions) -> None:
    desk = await open_desk(actor_of(cast, "here.committee"))
    await desk.post(f"{LIST}/{books}/answer", 303, **ANSWER)
    async with sessions() as session:
        row = (await session.scalars(select(AnswerEntry))).one()
        assert (row.title_zh, row.community_id) == ("借书", cast.here.community.id)


async def test_chinese_alone_is_enough(
    open_desk: OpenDesk, cast: Cast, books: UUID, sessions: Sessions
) -> None:
    desk = await open_desk(actor_of(cast, "here.committee"))
    await desk.post(
        f"{LIST}/{books}/answer", 303, **{key: words for key, words in ANSWER.items() if "_zh" in key}
    )
    async with sessions() as session:
        assert (await session.scalars(select(AnswerEntry.answer_en))).one() == ANSWER["answer_zh"]


@pytest.mark.parametrize(
    ("act", "fields", "said"),
    [
        ("teach", {"intent": "crisis", "sentences": "有书吗"}, "请选一选"),
        ("teach", {"intent": "greet", "sentences": " "}, "至少留一句"),
        ("answer", ANSWER | {"answer_zh": "长" * 61}, "还差一点"),
        ("answer", ANSWER | {"source_zh": ""}, "还差一点"),
        ("answer", ANSWER | {"title_zh": "九个字的标题太长了"}, "还差一点"),
    ],
)
async def test_a_refusal_keeps_what_was_typed(
    open_desk: OpenDesk, cast: Cast, books: UUID, act: str, fields: dict[str, str], said: str
) -> None:
    desk = await open_desk(actor_of(cast, "here.committee"))
    page = (await desk.post(f"{LIST}/{books}/{act}", 422, **fields)).text
    assert said in page
    if act == "answer":
        assert "二楼" in page or "长长长" in page
