"""A number in the chat: a tap calls, again and again, and what stands beside it is still a button."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect

from tests.channels.bot_stand_in import Answer
from tests.e2e.conftest import PHONE, ChatServer, OpenPage, look

pytestmark = pytest.mark.e2e
LINES = [
    {"number": number, "name": {"zh": zh, "en": en}, "always": True}
    for number, zh, en in (
        ("12356", "心理援助", "Crisis line"),
        ("110", "报警", "Police"),
        ("120", "急救", "Ambulance"),
    )
]


async def _in_danger(_: dict[str, Any]) -> Answer:
    calls = [
        {"label": "button_call", "payload": f"tel:{line['number']}", "values": {"number": line["number"]}}
        for line in LINES
    ]
    question = [
        {"label": "button_somebody_here", "payload": "/choose"},
        {"label": "button_nobody_here", "payload": "/choose"},
    ]
    on_duty = {"name": "李老师", "alone": True, "secret": True, "number": "12356"}
    bubbles = [
        {"message": "crisis_self", "values": {"lines": LINES}, "buttons": calls},
        {"message": "crisis_on_duty", "values": on_duty, "buttons": question},
    ]
    return 200, {"messages": bubbles}


def test_a_number_is_called_by_a_tap(chat: ChatServer, open_page: OpenPage) -> None:
    chat.bot.handler = _in_danger
    page = open_page(PHONE)
    page.goto(f"{chat.address}/chat")
    page.locator("#text").fill("我不想活了")
    page.keyboard.press("Enter")
    calls = page.locator("#log a.choice_call")
    expect(calls).to_have_count(3)
    assert [link.get_attribute("href") for link in calls.all()] == ["tel:12356", "tel:110", "tel:120"]
    expect(page.locator("#log")).to_contain_text("身边现在有人吗")
    look(page, "chat-crisis-phone")
    page.get_by_role("button", name="没有人").click()
    expect(page.locator("#log button.choice:disabled")).to_have_count(2)
    expect(calls.first).to_be_visible()
    chat.expect_asked(["我不想活了", "/choose"])
