"""Forms of one's own need: words and photos once, withdrawing and rating by the rows that the chat uses, bad input."""

from __future__ import annotations

import asyncio
from io import BytesIO
from uuid import uuid4

import httpx
import pytest
from PIL import Image
from sqlalchemy import select

from community.files.models import File
from community.needs.models import Need, NeedEntry, NeedFile, NeedState
from community.surveys.models import SurveyState
from community.surveys.usecases import answer_solved
from linli.database import Sessions
from linli.settings import Settings
from tests.cast import Cast
from tests.web.residents.conftest import Browsers, count, form_of
from tests.web.residents.tales import Tales, find_surveys


def photo(colour: str = "teal") -> tuple[str, bytes, str]:
    """A small PNG as a browser sends it."""
    out = BytesIO()
    Image.new("RGB", (40, 30), colour).save(out, "PNG")
    return ("p.png", out.getvalue(), "image/png")


async def state_of(sessions: Sessions, need_id: object) -> NeedState:
    async with sessions() as session:
        return (await session.get_one(Need, need_id)).state


async def test_words_and_photos_are_added_and_shown_as_text(
    sessions: Sessions, browsers: Browsers, tales: Tales
) -> None:
    path = f"/m/needs/{tales.handled}"
    fields = await form_of(browsers.owner, path, words="<b>又停了</b>\x00 & 还在等")
    files = [("photos", photo()), ("photos", photo("red"))]
    answer = await browsers.owner.post(f"{path}/words", data=fields, files=files)
    assert (answer.status_code, answer.headers["location"]) == (303, f"{path}?done=added")
    page = await browsers.owner.get(answer.headers["location"])
    assert "&lt;b&gt;又停了&lt;/b&gt; &amp; 还在等" in page.text
    assert page.text.count('<img src="/m/photos/') == 2
    async with sessions() as session:
        shown = (await session.scalars(select(NeedFile.file_id))).all()
    for file_id in shown:
        assert (await browsers.owner.get(f"/m/photos/{file_id}")).headers["content-type"] == "image/jpeg"
        assert (await browsers.neighbour.get(f"/m/photos/{file_id}")).status_code == 404
        assert (await browsers.nobody.get(f"/m/photos/{file_id}")).status_code == 401


async def test_a_double_tap_adds_once_and_keeps_each_photo_once(
    sessions: Sessions, settings: Settings, browsers: Browsers, tales: Tales
) -> None:
    path = f"/m/needs/{tales.handled}"
    fields = await form_of(browsers.owner, path, words="")
    before = await count(sessions, NeedEntry)

    async def tap() -> httpx.Response:
        return await browsers.owner.post(f"{path}/words", data=fields, files=[("photos", photo())])

    answers = await asyncio.gather(*(tap() for _ in range(4)))
    assert {answer.status_code for answer in answers} == {303}
    assert await count(sessions, NeedEntry) == before + 1
    assert await count(sessions, File) == await count(sessions, NeedFile) == 1
    assert len(list(settings.files_dir.rglob("*.sealed"))) == 1
    assert "您加了照片" in (await browsers.owner.get(path)).text


@pytest.mark.parametrize(
    ("words", "files", "said"),
    [
        ("", [], "还没有内容"),
        (" \u200b\n", [], "还没有内容"),
        ("长" * 5001, [], "太长了"),
        ("请看", [("photos", ("a.jpg", b"no image at all", "image/jpeg"))], "这张打不开"),
    ],
)
async def test_what_is_not_taken_is_said_on_the_page_and_the_words_are_kept(
    sessions: Sessions,
    browsers: Browsers,
    tales: Tales,
    words: str,
    files: list[tuple[str, tuple[str, bytes, str]]],
    said: str,
) -> None:
    path = f"/m/needs/{tales.handled}"
    before = await count(sessions, NeedEntry)
    fields = await form_of(browsers.owner, path, words=words)
    answer = await browsers.owner.post(f"{path}/words", data=fields, files=files)
    assert answer.status_code == 422
    assert said in answer.text
    assert words.strip(" \u200b\n") in answer.text
    assert await count(sessions, NeedEntry) == before


async def test_words_to_a_need_that_is_over_are_refused(browsers: Browsers, tales: Tales) -> None:
    fields = await form_of(browsers.owner, "/m/me", words="还有", request_id=str(uuid4()))
    answer = await browsers.owner.post(f"/m/needs/{tales.withdrawn}/words", data=fields)
    assert answer.status_code == 409
    assert 'name="words"' not in (await browsers.owner.get(f"/m/needs/{tales.withdrawn}")).text


async def test_withdrawing_takes_two_steps_and_one_effect(
    sessions: Sessions, browsers: Browsers, tales: Tales
) -> None:
    path = f"/m/needs/{tales.handled}/withdraw"
    assert await state_of(sessions, tales.handled) is NeedState.IN_PROGRESS
    fields = await form_of(browsers.owner, path, words="自己修好了")
    assert await state_of(sessions, tales.handled) is NeedState.IN_PROGRESS
    for _ in range(2):
        assert (await browsers.owner.post(path, data=fields)).status_code == 303
    assert await state_of(sessions, tales.handled) is NeedState.WITHDRAWN
    page = (await browsers.owner.get(f"/m/needs/{tales.handled}")).text
    assert page.count("自己修好了") == 1
    assert "/withdraw" not in page


async def test_a_need_that_is_done_is_rated_and_not_withdrawn(
    sessions: Sessions, browsers: Browsers, tales: Tales
) -> None:
    fields = await form_of(browsers.owner, f"/m/needs/{tales.resolved}/withdraw")
    answer = await browsers.owner.post(f"/m/needs/{tales.resolved}/withdraw", data=fields)
    assert answer.status_code == 409
    assert "已经办完" in (await browsers.owner.get(f"/m/needs/{tales.resolved}/withdraw")).text


async def test_solved_with_stars_and_a_remark_closes_it(
    sessions: Sessions, browsers: Browsers, tales: Tales
) -> None:
    path = f"/m/needs/{tales.resolved}"
    assert "等您说一声" in (await browsers.owner.get("/m/needs")).text
    fields = await form_of(browsers.owner, path, solved="yes", score="5", words="谢谢老周")
    answers = [await browsers.owner.post(f"{path}/rating", data=fields) for _ in range(2)]
    assert {answer.headers["location"] for answer in answers} == {f"{path}?done=rated"}
    async with sessions() as session:
        (survey,) = await find_surveys(session, tales.resolved)
    assert (survey.state, survey.solved, survey.score, survey.words) == (
        SurveyState.ANSWERED,
        True,
        5,
        "谢谢老周",
    )
    assert await state_of(sessions, tales.resolved) is NeedState.CLOSED
    assert "等您说一声" not in (await browsers.owner.get("/m/needs")).text


async def test_not_solved_opens_it_again_and_the_words_reach_the_party_once(
    sessions: Sessions, browsers: Browsers, tales: Tales
) -> None:
    path = f"/m/needs/{tales.resolved}"
    fields = await form_of(browsers.owner, path, solved="no", words="修了又坏")
    answers = [await browsers.owner.post(f"{path}/rating", data=fields) for _ in range(2)]
    assert {answer.headers["location"] for answer in answers} == {f"{path}?done=reopened"}
    assert await state_of(sessions, tales.resolved) is NeedState.REOPENED
    async with sessions() as session:
        added = await session.scalars(select(NeedEntry.words).where(NeedEntry.need_id == tales.resolved))
    assert added.all() == ["修了又坏"]


async def test_what_was_answered_in_the_chat_leaves_the_stars_to_the_page(
    sessions: Sessions, cast: Cast, browsers: Browsers, tales: Tales
) -> None:
    async with sessions.begin() as session:
        await answer_solved(session, cast.owner.resident_id, tales.survey, solved=True)
    path = f"/m/needs/{tales.resolved}"
    page = (await browsers.owner.get(path)).text
    assert "打个分" in page
    assert 'name="solved"' not in page
    turned = await form_of(browsers.owner, path, solved="no")
    assert (await browsers.owner.post(f"{path}/rating", data=turned)).status_code == 409
    refused = ("6", "0", "-1", "five", "３", "9" * 5000)
    for score, status in (*((score, 422) for score in refused), ("4", 303)):
        fields = await form_of(browsers.owner, path, score=score)
        assert (await browsers.owner.post(f"{path}/rating", data=fields)).status_code == status


async def test_the_open_page_asks_for_news_only(browsers: Browsers, tales: Tales) -> None:
    page = (await browsers.owner.get(f"/m/needs/{tales.handled}")).text
    again = page.partition('hx-get="')[2].partition('"')[0].replace("&amp;", "&")
    assert (await browsers.owner.get(again)).status_code == 204
    fields = await form_of(browsers.owner, f"/m/needs/{tales.handled}", words="多一句")
    await browsers.owner.post(f"/m/needs/{tales.handled}/words", data=fields, files=[])
    news = await browsers.owner.get(again)
    assert news.status_code == 200
    assert "多一句" in news.text
    assert "<html" not in news.text
