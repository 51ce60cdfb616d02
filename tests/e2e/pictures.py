"""`make screenshots`: the pictures of the README, taken from a running Linli with its demo while a need goes round."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, Page

from linli.database import Sessions
from linli.settings import Settings
from operations.demo import DemoAccounts, load_demo
from operations.deployment import Deployment
from operations.model import train_model
from operations.places import ROOT
from operations.sessions import run_with_sessions
from tests.e2e.conftest import chromium
from tests.e2e.loop import Chat, Desk

PICTURES = ROOT / "docs" / "pictures"
CHAT_SIZE, CONSOLE_SIZE = (390, 844), (1280, 800)
MANAGER = "wang.property"


def main() -> None:
    """Start Linli with the demo in a folder of its own, live through the loop, and write the pictures."""
    place = Path(tempfile.mkdtemp(prefix="linli-pictures-"))
    place.chmod(0o755)
    settings = Settings(
        _env_file=None,
        data_dir=place,
        port=0,
        actions_port=0,
        bot_port=0,
        survey_delay_minutes=0,
        second_factor=False,
    )
    with Deployment(settings) as deployment:
        deployment.start_database()
        accounts = run_with_sessions(
            deployment.settings.database_url, lambda sessions: _demo(sessions, place)
        )
        deployment.add_bot(train_model(deployment.logs / "train.log", print))
        deployment.start()
        deployment.wait_ready()
        with chromium() as browser:
            _live_through_it(browser, deployment.url, accounts)
    shutil.rmtree(place)


async def _demo(sessions: Sessions, place: Path) -> DemoAccounts:
    return await load_demo(sessions, secret_dir=place)


def _live_through_it(browser: Browser, url: str, accounts: DemoAccounts) -> None:
    chat = Chat(_page(browser, CHAT_SIZE), f"{url}/chat?c=banyan")
    desk = Desk(_page(browser, CONSOLE_SIZE), url)
    chat.open()
    chat.say("3号楼2单元的电梯坏了两天了，有老人下不了楼")
    chat.hears("这样报上去对吗")
    chat.tap("对，报上去")
    chat.hears("报好了")
    desk.sign_in(MANAGER, next(account.password for account in accounts.staff if account.sign_in == MANAGER))
    desk.sees("3号楼2单元的电梯坏了两天了")
    desk.page.screenshot(path=PICTURES / "console.png")
    desk.open_need("3号楼2单元的电梯坏了两天了")
    desk.press("接下")
    desk.write("答复居民", "师傅下午三点到。老人先别走楼梯，要下楼跟我说。", "发给居民")
    chat.hears("师傅下午三点到")
    chat.page.wait_for_timeout(600)  # the newest bubble slides in
    chat.page.screenshot(path=PICTURES / "chat.png")


def _page(browser: Browser, size: tuple[int, int]) -> Page:
    width, height = size
    context = browser.new_context(
        viewport={"width": width, "height": height}, locale="zh-CN", timezone_id="Asia/Shanghai"
    )
    return context.new_page()


if __name__ == "__main__":
    main()
