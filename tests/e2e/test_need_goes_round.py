"""One need goes all the way round in two browsers, with real Rasa, PostgreSQL and worker; solved, and not solved."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from community.access.invitations import invite, set_first_password
from community.parties.models import PartyType
from linli.database import Sessions
from operations.sessions import run_with_sessions
from tests.e2e.conftest import DESK, PHONE, OpenPage, take_picture
from tests.e2e.loop import Chat, Desk
from tests.e2e.town import Town

PASSWORD = "门前的榕树 1987"
LIFT = "3号楼2单元的电梯坏了两天了，有老人下不了楼"


@pytest.fixture
def chat(town: Town, open_page: OpenPage) -> Chat:
    """A resident who has never been here."""
    chat = Chat(open_page(PHONE), f"{town.url}/chat?c=banyan")
    chat.open()
    return chat


@pytest.fixture
def desk(town: Town, open_page: OpenPage) -> Desk:
    """The property company's manager, looking at the queue."""
    manager = town.cast.here.staff[PartyType.PROPERTY_COMPANY]

    async def set_password(sessions: Sessions) -> None:
        async with sessions.begin() as session:
            await set_first_password(session, await invite(session, manager.staff_id), PASSWORD)

    with ThreadPoolExecutor(1) as aside:  # Playwright has an event loop of its own in this thread
        aside.submit(run_with_sessions, town.database_url, set_password).result()
    desk = Desk(open_page(DESK), town.url)
    desk.sign_in("banyan.property_company", PASSWORD)
    return desk


def _work_on_it(chat: Chat, desk: Desk, words: str) -> None:
    chat.say(words)
    chat.hears("这样报上去对吗")
    chat.tap("对，报上去")
    chat.hears("榕树社区物业负责")
    desk.sees(words)
    desk.open_need(words)
    desk.press("接下")
    chat.hears("接手了")
    desk.write("答复居民", "师傅下午三点到，老人先别走楼梯。", "发给居民")
    chat.hears("师傅下午三点到")
    desk.write("办好了", "换了门机，试过能用了。", "办结")
    chat.hears("换了门机")
    chat.hears("现在好了吗")


def test_solved_and_rated(chat: Chat, desk: Desk) -> None:
    _work_on_it(chat, desk, LIFT)
    chat.tap("办好了")
    chat.hears("1 到 5")
    chat.say("5")
    chat.hears("5 分")
    chat.tap("没有了")
    chat.hears("谢谢")
    desk.sees("解决了 · 5")
    take_picture(chat.page, "round-chat-solved")
    take_picture(desk.page, "round-console-solved")


def test_not_solved_comes_back_to_the_same_desk(chat: Chat, desk: Desk) -> None:
    words = f"{LIFT}，又响"
    _work_on_it(chat, desk, words)
    chat.tap("还没有")
    chat.hears("还算同一件事")
    chat.say("修了又坏，门还是关不上")
    desk.sees("修了又坏，门还是关不上")
    desk.sees("重新打开")
    take_picture(chat.page, "round-chat-reopened")
    take_picture(desk.page, "round-console-reopened")


def test_the_thread_is_there_after_a_reload_and_on_no_other_phone(
    chat: Chat, town: Town, open_page: OpenPage
) -> None:
    chat.say("3号楼的电梯有异响，有老人下不了楼")
    chat.hears("这样报上去对吗")
    chat.page.reload()
    chat.hears("3号楼的电梯有异响")
    stranger = Chat(open_page(PHONE), chat.url)
    stranger.open()
    stranger.say("你好")
    stranger.hears("我是邻里")
    assert "异响" not in stranger.page.locator("#thread").inner_text()
