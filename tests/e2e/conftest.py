"""Pages in a real Chromium: how it is started, pages that notice every error, and pictures of what was seen."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from anyio.from_thread import BlockingPortal, start_blocking_portal
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Browser, Page, expect, sync_playwright
from pydantic import SecretStr

from linli.settings import Settings
from operations.places import ROOT
from operations.problem import Problem
from tests.channels.bot_stand_in import BotStandIn
from tests.e2e.town import announce, deployment, town, wechat  # noqa: F401  (fixtures of this folder)
from tests.web.conftest import ask_back, serving

PICTURES = ROOT / "var" / "screenshots"
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
PHONE, DESK = (360, 720), (1280, 800)
GRAVE = {"serious", "critical"}
OpenPage = Callable[..., Page]
PATIENCE = 45_000  # milliseconds: machines of tests are busy
expect.set_options(timeout=PATIENCE)


@contextmanager
def chromium() -> Iterator[Browser]:
    """The Chromium of the system (or `CHROMIUM`), which asks nothing of the network by itself."""
    found = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    if not found:
        raise Problem(
            "There is no Chromium: install it (.ci/run does on Debian), or say where it is with CHROMIUM."
        )
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=found, args=list(FLAGS))
        yield started
        started.close()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One a module, not one a run: Playwright's event loop would be in the way of asynchronous tests that follow."""
    with chromium() as started:
        yield started


@dataclass
class ChatServer:
    """The public app of one test, which can be stopped and started again, with a bot that tests may steer."""

    settings: Settings
    portal: BlockingPortal
    bot: BotStandIn
    port: int = 0
    address: str = ""
    _running: AbstractContextManager[str] | None = None

    def start(self) -> None:
        """Serve, on the same port as before."""
        self._running = self.portal.wrap_async_context_manager(serving(self.settings, self.port))
        self.address = self._running.__enter__()
        self.port = int(self.address.rpartition(":")[2])

    def expect_asked(self, texts: list[str], seconds: float = 45.0) -> None:
        """The bot was asked these, in this order and nothing else."""
        end = time.monotonic() + seconds
        while self.bot.asked != texts and time.monotonic() < end:
            time.sleep(0.05)
        assert self.bot.asked == texts

    def stop(self) -> None:
        """Be away."""
        if self._running:
            self._running.__exit__(None, None, None)
        self._running = None


@pytest.fixture
def chat(database_url: str, tmp_path: Path) -> Iterator[ChatServer]:
    """A chat with a stand-in for the bot: here the page is looked at, not what Linli says."""
    with start_blocking_portal() as portal:
        bot = BotStandIn(ask_back)
        portal.call(bot.start)
        settings = Settings(
            _env_file=None,
            database_url=database_url,
            data_dir=tmp_path,
            secret_key=SecretStr("of this test"),
            bot_url=bot.url,
            second_factor=False,
        )
        server = ChatServer(settings, portal, bot)
        server.start()
        yield server
        server.stop()
        portal.call(bot.stop)


@pytest.fixture
def open_page(browser: Browser) -> Iterator[OpenPage]:
    """Open pages in browsers of their own; an error in a page's script fails the test."""
    errors: list[str] = []
    with ExitStack() as stack:

        def make(size: tuple[int, int] = PHONE, locale: str = "zh-CN", **options: Any) -> Page:
            width, height = size
            context = browser.new_context(
                viewport={"width": width, "height": height},
                locale=locale,
                timezone_id="Asia/Shanghai",
                **options,
            )
            stack.callback(context.close)
            page = context.new_page()
            page.set_default_timeout(PATIENCE)
            page.on("pageerror", lambda error: errors.append(str(error)))
            page.on(
                "console", lambda said: errors.append(said.text) if "Content Security" in said.text else None
            )
            return page

        yield make
    assert errors == []


def take_picture(page: Page, name: str) -> None:
    """Keep what the page looks like now under var/screenshots/."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=PICTURES / f"{name}.png")


def look(page: Page, name: str) -> None:
    """Nothing hangs out at the side, a screen reader finds no serious fault; a picture of the whole page is kept."""
    page.wait_for_load_state()
    assert not page.evaluate("document.documentElement.scrollWidth > window.innerWidth"), name
    faults = [fault for fault in Axe().run(page).response["violations"] if fault["impact"] in GRAVE]
    assert faults == [], (name, [(fault["id"], fault["nodes"][0]["html"]) for fault in faults])
    before = page.viewport_size
    assert before is not None
    height = page.evaluate("document.documentElement.scrollHeight")
    page.set_viewport_size({"width": before["width"], "height": max(height, before["height"])})
    take_picture(page, name)
    page.set_viewport_size(before)
