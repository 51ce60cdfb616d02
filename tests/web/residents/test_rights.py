"""Who opens which page: the owner, a neighbour, a stranger of another community, and a browser of nobody."""

from __future__ import annotations

from uuid import uuid4

import pytest

from community.needs.models import Need, NeedEntry, NeedHistory
from linli.database import Sessions
from tests.cast import Cast
from tests.web.residents.conftest import Browsers, count, form_of, token_in
from tests.web.residents.tales import OWN_WORDS, Tales

PAGES = ("", "/story", "/withdraw")
FORMS = ("words", "withdraw", "rating")


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("need", ["handled", "resolved", "private"])
async def test_a_need_opens_for_its_owner_alone(
    browsers: Browsers, tales: Tales, need: str, page: str
) -> None:
    path = f"/m/needs/{getattr(tales, need)}{page}"
    assert (await browsers.owner.get(path)).status_code == 200
    for other, status in ((browsers.neighbour, 404), (browsers.stranger, 404), (browsers.nobody, 401)):
        answer = await other.get(path)
        assert answer.status_code == status
        assert OWN_WORDS not in answer.text


async def test_a_need_that_never_was_answers_like_somebody_elses(browsers: Browsers, tales: Tales) -> None:
    theirs = await browsers.neighbour.get(f"/m/needs/{tales.handled}")
    never = await browsers.neighbour.get(f"/m/needs/{uuid4()}")
    assert (never.status_code, never.text) == (theirs.status_code, theirs.text)
    assert (await browsers.owner.get("/m/needs/W9MQA")).status_code == 400


@pytest.mark.parametrize("form", FORMS)
async def test_nobody_else_changes_a_need(
    sessions: Sessions, cast: Cast, browsers: Browsers, tales: Tales, form: str
) -> None:
    before = [await count(sessions, table) for table in (NeedEntry, NeedHistory)]
    need = tales.resolved if form == "rating" else tales.handled
    for other in (browsers.neighbour, browsers.stranger):
        fields = await form_of(
            other, "/m/me", words="我来说", solved="yes", score="1", request_id=str(uuid4())
        )
        answer = await other.post(f"/m/needs/{need}/{form}", data=fields)
        assert answer.status_code == 404
    fields = {"token": token_in(await browsers.nobody.get("/m/me")), "words": "谁"}
    assert (await browsers.nobody.post(f"/m/needs/{need}/{form}", data=fields)).status_code == 401
    assert [await count(sessions, table) for table in (NeedEntry, NeedHistory)] == before


async def test_lists_hold_the_own_needs_alone(browsers: Browsers, tales: Tales) -> None:
    own = (await browsers.owner.get("/m/needs")).text
    assert all(str(getattr(tales, name)) in own for name in ("handled", "private", "withdrawn"))
    theirs = (await browsers.neighbour.get("/m/needs")).text
    assert "噪音" in theirs
    assert not any(str(getattr(tales, name)) in theirs for name in ("handled", "private", "withdrawn"))
    assert "还没有反映过事情" in (await browsers.stranger.get("/m/needs")).text
    assert "还没和邻里说过话" in (await browsers.nobody.get("/m/needs")).text


async def test_the_owner_is_told_no_note_and_no_reason_of_a_decline(browsers: Browsers, tales: Tales) -> None:
    page = (await browsers.owner.get(f"/m/needs/{tales.handled}")).text
    assert "师傅下午三点到" in page
    assert "只给同事看的话" not in page


async def test_board_and_notices_stay_within_a_community(browsers: Browsers, tales: Tales) -> None:
    here, there = await browsers.owner.get("/m/board"), await browsers.stranger.get("/m/board")
    assert "电梯" in here.text
    assert "电梯" not in there.text
    assert (await browsers.owner.get(f"/m/notices/{tales.notice}")).status_code == 200
    assert "停水通知" not in (await browsers.stranger.get("/m/notices")).text
    assert "停水通知" not in (await browsers.nobody.get("/m/notices")).text


async def test_the_board_has_nobodys_words_unit_or_code(
    sessions: Sessions, browsers: Browsers, tales: Tales
) -> None:
    async with sessions() as session:
        needs = [
            await session.get_one(Need, need_id) for need_id in (tales.handled, tales.private, tales.resolved)
        ]
    for path in ("/m/board", "/m/board?over=true"):
        page = (await browsers.neighbour.get(path)).text
        assert "3号楼" in page
        assert not any(need.words in page or need.code in page or str(need.id) in page for need in needs)
        assert "单元" not in page
        assert "502" not in page
        assert "心里的事" not in page


@pytest.mark.parametrize("path", ["/m/needs", "/m/board", "/m/notices", "/m/me", "/m/me/home"])
async def test_personal_pages_are_not_kept(browsers: Browsers, tales: Tales, path: str) -> None:
    answer = await browsers.owner.get(path)
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    assert "unsafe" not in answer.headers["content-security-policy"]
    assert " style=" not in answer.text
