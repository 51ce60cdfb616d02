"""The chat page in Chromium: talking, buttons, photos, large text, languages, at 360 and 1280 pixels."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from PIL import Image
from playwright.sync_api import Page, expect

from tests.channels.bot_stand_in import Answer
from tests.e2e.conftest import DESK, PHONE, ChatServer, OpenPage, take_picture
from tests.web.conftest import ask_back

pytestmark = pytest.mark.e2e
SIZES = {"phone": PHONE, "desk": DESK}


def say(page: Page, words: str) -> None:
    page.get_by_role("textbox").fill(words)
    page.keyboard.press("Enter")


def bubbles(page: Page) -> list[str]:
    return page.locator("#log .bubble__text").all_inner_texts()


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    path = tmp_path / "lift.png"
    Image.linear_gradient("L").resize((900, 700)).convert("RGB").save(path)
    return path


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("locale", ["zh-CN", "en-GB"])
def test_a_first_visit(chat: ChatServer, open_page: OpenPage, size: str, locale: str) -> None:
    typing_is_seen = asyncio.Event()

    async def think(question: dict[str, Any]) -> Answer:
        await typing_is_seen.wait()
        return await ask_back(question)

    chat.bot.handler = think
    page = open_page(SIZES[size], locale)
    page.goto(f"{chat.address}/chat")
    expect(page.locator("#empty")).to_be_visible()
    take_picture(page, f"chat-empty-{size}-{locale[:2]}")
    suggestion = page.locator("[data-say]").first
    words = suggestion.inner_text()
    suggestion.click()
    expect(page.locator("#typing")).to_be_visible()
    chat.portal.call(typing_is_seen.set)
    buttons = page.locator("#log .choice")
    expect(buttons).to_have_count(2)
    expect(page.locator("#typing")).to_be_hidden()
    buttons.first.click()
    expect(page.locator("#log .bubble")).to_have_count(4)
    assert bubbles(page)[0] == words
    chat.expect_asked([words, "/affirm"])
    take_picture(page, f"chat-answered-{size}-{locale[:2]}")


def test_a_button_is_used_once_also_after_a_reload(chat: ChatServer, open_page: OpenPage) -> None:
    page = open_page()
    page.goto(f"{chat.address}/chat")
    say(page, "电梯坏了")
    page.locator("#log .choice").first.click()
    expect(page.locator("#log .choice:disabled")).to_have_count(2)
    expect(page.locator("#log .choice:enabled")).to_have_count(2)
    page.reload()
    expect(page.locator("#log .choice:disabled")).to_have_count(2)
    expect(page.locator("#log .choice[aria-pressed=true]")).to_have_count(1)


@pytest.mark.parametrize("size", SIZES)
def test_photos_are_seen_before_and_after_they_are_sent(
    chat: ChatServer, open_page: OpenPage, photo: Path, size: str
) -> None:
    page = open_page(SIZES[size])
    page.goto(f"{chat.address}/chat")
    page.locator("#photo").set_input_files([photo, photo, photo])
    page.get_by_role("button", name="不发这张").first.click()
    expect(page.locator("#chosen img")).to_have_count(2)
    take_picture(page, f"chat-photos-chosen-{size}")
    say(page, "楼道里堆了好多杂物")
    expect(page.locator("#thread .picture img")).to_have_count(2)
    assert page.locator("#thread .picture img").first.evaluate("image => image.decode().then(() => true)")
    page.reload()
    page.locator("#thread .picture").first.click()
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    take_picture(page, f"chat-photos-{size}")


def test_a_photo_that_is_none_is_said_and_can_be_given_up(
    chat: ChatServer, open_page: OpenPage, tmp_path: Path
) -> None:
    (tmp_path / "fake.jpg").write_bytes(b"no photo")
    (tmp_path / "words.txt").write_text("words")
    page = open_page()
    page.goto(f"{chat.address}/chat")
    page.locator("#photo").set_input_files(tmp_path / "words.txt")
    expect(page.get_by_role("alert")).to_have_text("只能发照片。")
    page.locator("#photo").set_input_files(tmp_path / "fake.jpg")
    page.get_by_role("button", name="发送").click()
    expect(page.locator("#pending .state")).to_contain_text("这张打不开")
    take_picture(page, "chat-refused-phone")
    page.get_by_role("button", name="不发了").click()
    expect(page.locator("#pending > li")).to_have_count(0)
    assert chat.bot.asked == []


def test_markup_stays_words_and_long_words_are_folded(chat: ChatServer, open_page: OpenPage) -> None:
    page = open_page()
    page.goto(f"{chat.address}/chat")
    markup = "<img src=x onerror=alert(1)><b>粗</b> {{ 7*7 }}"
    say(page, markup)
    expect(page.locator("#thread .bubble__text").first).to_have_text(markup)
    say(page, "楼道里堆了好多杂物，" * 100)
    expect(page.locator("#thread .bubble__text_long")).to_be_visible()
    folded = page.locator("#thread .bubble__text_long").bounding_box()
    page.get_by_role("button", name="展开全文").click()
    unfolded = page.locator("#thread .item_me .bubble__text").last.bounding_box()
    assert folded
    assert unfolded
    assert unfolded["height"] > folded["height"]
    page.get_by_role("textbox").fill("长" * 5001)
    expect(page.locator("#left")).to_contain_text("太长了")
    page.keyboard.press("Enter")
    expect(page.get_by_role("textbox")).to_have_value("长" * 5001)


def test_enter_sends_but_not_while_characters_are_composed(chat: ChatServer, open_page: OpenPage) -> None:
    page = open_page(DESK)
    page.goto(f"{chat.address}/chat")
    field = page.get_by_role("textbox")
    field.fill("dian ti")
    field.dispatch_event("keydown", {"key": "Enter", "isComposing": True, "bubbles": True})
    expect(field).to_have_value("dian ti")
    field.fill("第一行")
    page.keyboard.press("Shift+Enter")
    page.keyboard.type("第二行")
    page.keyboard.press("Enter")
    expect(page.locator("#thread .bubble__text").first).to_have_text("第一行\n第二行", use_inner_text=True)


def test_large_text_is_kept_and_everything_is_large(chat: ChatServer, open_page: OpenPage) -> None:
    page = open_page()
    page.goto(f"{chat.address}/chat")
    say(page, "字太小了看不清")
    expect(page.locator("#log .choice")).to_have_count(2)
    assert min(_targets(page)) >= 44
    page.get_by_role("button", name="大字模式").click()
    page.reload()
    expect(page.locator("#log .choice")).to_have_count(2)
    assert min(_targets(page)) >= 60
    assert _text_size(page) == 24  # 18 points
    take_picture(page, "chat-large-phone")
    for _ in range(3):
        page.get_by_role("button", name="字大一点").click()
    assert _text_size(page) == 40  # 30 points
    expect(page.get_by_role("button", name="字大一点")).to_be_disabled()
    take_picture(page, "chat-largest-phone")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def _targets(page: Page) -> list[float]:
    found = page.locator("button:visible, a:visible:not(.skip), label.tool, textarea")
    boxes = [each.bounding_box() for each in found.all()]
    return [min(box["width"], box["height"]) for box in boxes if box]


def _text_size(page: Page) -> float:
    size = page.locator("#log .bubble").first.evaluate("each => parseFloat(getComputedStyle(each).fontSize)")
    return float(size)


def test_the_other_language_keeps_the_draft(chat: ChatServer, open_page: OpenPage) -> None:
    page = open_page()
    page.goto(f"{chat.address}/chat")
    page.get_by_role("textbox").fill("还没写完")
    page.get_by_role("button", name="Switch to English").click()
    expect(page.get_by_role("button", name="Send")).to_be_visible()
    expect(page.get_by_role("textbox")).to_have_value("还没写完")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("large", [False, True])
def test_by_screen_reader_and_with_weak_eyes(
    chat: ChatServer, open_page: OpenPage, scheme: str, large: bool
) -> None:
    page = open_page(color_scheme=scheme)
    page.goto(f"{chat.address}/chat")
    expect(page.locator("#empty")).to_be_visible()
    if large:
        page.get_by_role("button", name="大字模式").click()
    assert _violations(page) == []
    say(page, "电梯坏了")
    page.locator("#log .choice").first.click()
    expect(page.locator("#log .choice")).to_have_count(4)
    assert _violations(page) == []


def _violations(page: Page) -> list[str]:
    found = Axe().run(page).response["violations"]
    return [f"{each['id']}: {node['html']} {node['any']}" for each in found for node in each["nodes"]]


def test_in_the_dark(chat: ChatServer, open_page: OpenPage) -> None:
    page = open_page(color_scheme="dark")
    page.goto(f"{chat.address}/chat")
    say(page, "路灯坏了，晚上看不清")
    expect(page.locator("#log .choice")).to_have_count(2)
    take_picture(page, "chat-dark-phone")
