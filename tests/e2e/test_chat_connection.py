"""The chat page when the connection comes and goes: nothing lost, nothing doubled, what was missed arrives."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import text

from channels.registry import make_channels
from community.clock import now
from community.outbox.usecases import enqueue_message
from linli.database import make_engine, make_sessions
from linli.settings import Settings
from tests.delivering import Delivery
from tests.e2e.conftest import ChatServer, OpenPage, take_picture
from tests.e2e.test_chat_page import bubbles, say

pytestmark = pytest.mark.e2e


def open_chat(chat: ChatServer, open_page: OpenPage) -> Page:
    page = open_page()
    page.goto(f"{chat.address}/chat")
    say(page, "你好")
    expect(page.locator("#log .bubble")).to_have_count(2)
    return page


def tell(chat: ChatServer, purpose: str) -> None:
    """Queue and deliver a message as the worker does, from another process's connections."""

    async def run() -> None:
        engine = make_engine(chat.settings.database_url)
        sessions = make_sessions(engine)
        async with sessions.begin() as session:
            resident_id = await session.scalar(text("SELECT id FROM residents"))
            await enqueue_message(session, resident_id, "try_later", purpose=purpose)
        delivery = Delivery(sessions, make_channels(Settings(), sessions), hold_after=timedelta(hours=24))
        await delivery.deliver_due(now())
        await engine.dispose()

    chat.portal.call(run)


def test_what_is_written_without_a_network_goes_once_and_in_order(
    chat: ChatServer, open_page: OpenPage
) -> None:
    page = open_chat(chat, open_page)
    page.context.set_offline(offline=True)
    for number in range(3):
        say(page, f"第{number}句")
    expect(page.locator("#banner")).to_contain_text("网络断了")
    expect(page.locator("#pending .state_waiting").first).to_be_visible()
    take_picture(page, "chat-offline-phone")
    page.context.set_offline(offline=False)
    expect(page.locator("#thread .item_me")).to_have_count(4)
    expect(page.locator("#banner")).to_be_hidden()
    expect(page.locator("#log .item_linli")).to_have_count(4)
    chat.expect_asked(["你好", "第0句", "第1句", "第2句"])


def test_a_restart_of_the_app_loses_nothing(chat: ChatServer, open_page: OpenPage) -> None:
    page = open_chat(chat, open_page)
    chat.stop()
    say(page, "服务器在重启")
    expect(page.locator("#pending .state_waiting")).to_be_visible()
    expect(page.locator("#banner")).to_be_visible()
    chat.start()
    expect(page.locator("#thread .item_me")).to_have_count(2)
    expect(page.locator("#log .item_linli")).to_have_count(2)
    chat.expect_asked(["你好", "服务器在重启"])


def test_an_answer_that_was_lost_on_its_way_doubles_nothing(chat: ChatServer, open_page: OpenPage) -> None:
    page = open_chat(chat, open_page)
    page.route("**/chat/messages", lambda route: (route.fetch(), route.abort()))
    say(page, "收到了吗")
    expect(page.locator("#thread .item_me")).to_have_count(2)
    page.unroute("**/chat/messages")
    expect(page.locator("#pending > li")).to_have_count(0)
    page.reload()
    expect(page.locator("#log .bubble")).to_have_count(4)
    chat.expect_asked(["你好", "收到了吗"])


def test_what_is_unsent_outlives_a_reload(chat: ChatServer, open_page: OpenPage) -> None:
    page = open_chat(chat, open_page)
    page.route("**/chat/messages", lambda route: route.abort())
    say(page, "先存着")
    expect(page.locator("#pending .state_waiting")).to_be_visible()
    page.reload()
    expect(page.locator("#pending .bubble__text")).to_have_text("先存着")
    page.unroute("**/chat/messages")
    expect(page.locator("#thread .item_me")).to_have_count(2)
    chat.expect_asked(["你好", "先存着"])


def test_a_page_of_a_foreign_network_in_between_is_no_answer(chat: ChatServer, open_page: OpenPage) -> None:
    """A hotel's or a café's network answers for us until one has signed in there."""
    page = open_chat(chat, open_page)
    portal = {"status": 200, "content_type": "text/html", "body": "<html>Welcome to our Wi-Fi</html>"}
    page.route("**/chat/messages", lambda route: route.fulfill(**portal))
    say(page, "在咖啡馆写的")
    expect(page.locator("#pending .state_waiting")).to_be_visible()
    page.unroute("**/chat/messages")
    expect(page.locator("#thread .item_me")).to_have_count(2)
    chat.expect_asked(["你好", "在咖啡馆写的"])


def test_a_browser_that_lost_its_cookie_gets_a_new_one_and_sends(
    chat: ChatServer, open_page: OpenPage
) -> None:
    page = open_chat(chat, open_page)
    page.context.clear_cookies()
    say(page, "还是我")
    expect(page.locator("#thread .item_me .bubble__text")).to_have_text("还是我")
    chat.expect_asked(["你好", "还是我"])


def test_what_the_worker_sends_appears_live_and_is_there_after_a_reload(
    chat: ChatServer, open_page: OpenPage
) -> None:
    page = open_chat(chat, open_page)
    tell(chat, "live")
    expect(page.locator("#thread .item_linli")).to_have_count(2)
    page.reload()
    expect(page.locator("#thread .item_linli")).to_have_count(2)


def test_older_items_come_when_scrolled_up_and_new_ones_are_counted(
    chat: ChatServer, open_page: OpenPage
) -> None:
    page = open_chat(chat, open_page)
    _say_much(chat)
    page.reload()
    expect(page.locator("#thread > li")).to_have_count(30)
    assert bubbles(page)[-1] == "第100句"
    page.locator("#scroll").evaluate("each => { each.scrollTop = 0; }")
    expect(page.locator("#thread > li")).to_have_count(60)
    expect(page.locator("#thread > li").nth(30)).to_be_in_viewport()
    tell(chat, "while reading")
    expect(page.locator("#pill")).to_contain_text("1条新消息")
    take_picture(page, "chat-older-phone")
    page.locator("#pill").click()
    expect(page.locator("#thread > li").last).to_be_in_viewport()
    expect(page.locator("#pill")).to_be_hidden()
    for shown in (91, 103):
        page.locator("#scroll").evaluate("each => { each.scrollTop = 0; }")
        expect(page.locator("#thread > li")).to_have_count(shown)
        expect(page.locator("#older")).to_be_hidden()
    numbers = page.locator("#thread > li").evaluate_all("all => all.map(each => Number(each.dataset.seq))")
    assert numbers == list(range(1, 104))


def _say_much(chat: ChatServer) -> None:
    async def run() -> None:
        engine = make_engine(chat.settings.database_url)
        async with make_sessions(engine).begin() as session:
            await session.execute(_MANY)
        await engine.dispose()

    chat.portal.call(run)


_MANY = text(
    """
    WITH said AS (
        INSERT INTO inbound_messages
            (address_id, resident_id, channel, outside_id, text, files, state, due_at, received_at)
        SELECT a.id, a.resident_id, 'web', 'many-' || n, '第' || n || '句', '[]', 'handled', now(),
               now() - make_interval(mins => 12 * (100 - n))
        FROM addresses AS a, generate_series(1, 100) AS n RETURNING id, address_id, received_at
    ), shown AS (
        INSERT INTO thread_items (address_id, seq, inbound_id, at)
        SELECT address_id, 2 + row_number() OVER (ORDER BY id), id, received_at FROM said
    )
    UPDATE addresses SET thread_length = 102
    """
)
