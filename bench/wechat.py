"""What WeChat's platform sees of Linli: from webhook to passive reply, and a storm of callbacks for a minute.

People come from a stand-in for the platform in this process, in safe mode, each callback signed and sealed. First some
talk one after the other, with a tap in the menu and a sentence; then everybody clicks or writes at once, so many
callbacks a second, with the platform's five seconds and three tries. What became of each is counted in the end.
"""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, nullcontext
from dataclasses import dataclass

import psutil
import uvicorn
from anyio.from_thread import start_blocking_portal
from pydantic import SecretStr
from sqlalchemy import text

from bench.figures import Report, milliseconds, percentile
from bench.ground import ground
from linli.database import make_engine
from operations.deployment import Deployment
from operations.model import train_model
from operations.platforms.wechat import Account, Person, Pushed, Pusher, make_app
from operations.ports import bind, port_of

SENTENCE = "3号楼2单元的电梯坏了两天了，有老人下不了楼"
KEY = "help_menu"
_LEFT = text("SELECT count(*) FROM inbound_messages WHERE state = 'waiting'")
_STORED = text("SELECT state, count(*) FROM inbound_messages GROUP BY state ORDER BY state")
_ROWS = text(
    """
    SELECT CASE WHEN w.done_at IS NOT NULL THEN 'passive' ELSE o.state END AS fate, count(*)
    FROM outbox_messages AS o LEFT JOIN wechat_answers AS w ON w.outbox_id = o.id
    WHERE o.channel = 'wechat' GROUP BY fate ORDER BY fate
    """
)


@dataclass(frozen=True, slots=True)
class Sizes:
    """`talks` one after the other; then so many callbacks `a_second` for so many `seconds`, from so many `people`.

    What is left in work then is waited for at most `patience` seconds.
    """

    talks: int = 60
    a_second: int = 200
    seconds: int = 60
    people: int = 4000
    patience: int = 600


def run(report: Report, sizes: Sizes) -> None:
    """Print `wechat button p50 41.0 ms`, `wechat sentence p50 75.0 ms`, and what became of the storm."""
    account = Account(day_quota=10_000_000, minute_quota=10_000_000)  # what is measured is ours
    with (
        start_blocking_portal() as portal,
        portal.wrap_async_context_manager(platform(account)) as (pusher, url),
        ground(**_settings(account, url)) as linli,
    ):
        linli.add_bot(train_model(linli.logs / "train.log", lambda _: None))
        linli.start()
        linli.wait_ready()
        account.callback = f"{linli.url}/channels/wechat"
        portal.call(_measure, report, linli, pusher, sizes)


def _settings(account: Account, url: str) -> dict[str, object]:
    return {
        "wechat_app_id": account.app_id,
        "wechat_secret": SecretStr(account.secret),
        "wechat_token": SecretStr(account.token),
        "wechat_aes_key": SecretStr(account.aes_key),
        "wechat_api_base": url,
    }


@asynccontextmanager
async def platform(account: Account) -> AsyncIterator[tuple[Pusher, str]]:
    """A WeChat with this account on a free port."""
    app, door = make_app(account), bind("127.0.0.1", 0, "PORT")
    server = uvicorn.Server(uvicorn.Config(app, log_config=None, timeout_graceful_shutdown=1))
    server.capture_signals = nullcontext  # type: ignore[method-assign, assignment]
    task = asyncio.create_task(server.serve([door]))
    while not server.started:  # noqa: ASYNC110  (uvicorn has no event for it)
        await asyncio.sleep(0.01)
    yield app.state.pusher, f"http://127.0.0.1:{port_of(door)}"
    server.should_exit = True
    await task


async def _measure(report: Report, linli: Deployment, pusher: Pusher, sizes: Sizes) -> None:
    seconds = await _talk(pusher, sizes.talks)
    for name, measured in seconds.items():
        report.say(
            f"wechat {name} p50 {milliseconds(percentile(measured, 50))}, "
            f"p95 {milliseconds(percentile(measured, 95))}"
        )
    before = _megabytes(linli)
    pushed = await _storm(pusher, sizes)
    after = _megabytes(linli)
    report.say(f"wechat storm {sizes.a_second}/s for {sizes.seconds} s: {_fates(pusher.account, pushed)}")
    await _settle(report, linli, sizes.patience)
    report.say(f"wechat memory of the app: {before} MB before, {after} MB after")


async def _talk(pusher: Pusher, talks: int) -> dict[str, list[float]]:
    """Seconds from a callback to its passive reply; a reply that came in another way is no figure."""
    seconds: dict[str, list[float]] = {"button": [], "sentence": []}
    for number in range(talks + 2):
        person = pusher.account.person()
        await pusher.follow(person)
        acts = {
            "button": pusher.event(person, "CLICK", EventKey=KEY),
            "sentence": pusher.say(person, SENTENCE),
        }
        for name, act in acts.items():
            pushed = await act
            if pushed.answer != "success" and number >= 2:
                seconds[name].append(pushed.seconds)
    return seconds


async def _storm(pusher: Pusher, sizes: Sizes) -> list[Pushed]:
    """Callbacks at an even pace, whatever becomes of those before: every third one is a sentence."""
    people = [pusher.account.person() for _ in range(sizes.people)]
    for person in people:
        person.follows = True  # else the platform brings them nothing
    tasks: list[asyncio.Task[Pushed]] = []
    began = time.perf_counter()
    for number in range(sizes.a_second * sizes.seconds):
        await asyncio.sleep(max(0.0, began + number / sizes.a_second - time.perf_counter()))
        tasks.append(asyncio.create_task(_act(pusher, people[number % len(people)], number)))
    return await asyncio.gather(*tasks)


async def _act(pusher: Pusher, person: Person, number: int) -> Pushed:
    if number % 3:
        return await pusher.event(person, "CLICK", EventKey=KEY, Number=str(number))
    return await pusher.say(person, SENTENCE)


def _fates(account: Account, pushed: list[Pushed]) -> str:
    """How the platform saw it."""
    seen = Counter(
        "not answered" if each.status == 0 else f"http {each.status}" if each.status != 200
        else "success" if each.answer == "success" else "passive reply"
        for each in pushed
    )  # fmt: skip
    tries = sum(each.tries for each in pushed)
    faults = sum(shown.way == "fault" for person in account.people.values() for shown in person.thread)
    told = ", ".join(f"{many} {fate}" for fate, many in sorted(seen.items()))
    waited = percentile([each.seconds for each in pushed], 95)
    return f"{told}; {tries} tries, p95 {milliseconds(waited)}, {faults} errors shown to people"


async def _settle(report: Report, linli: Deployment, patience: int) -> None:
    """Wait until nothing is in work any more, then tell what is stored and how it went out."""
    engine = make_engine(linli.settings.database_url)
    began = time.perf_counter()
    async with engine.connect() as connection:
        while await connection.scalar(_LEFT) and time.perf_counter() - began < patience:
            await connection.rollback()
            await asyncio.sleep(1)
        await asyncio.sleep(5)
        await connection.rollback()
        stored = " ".join(f"{many} {state}" for state, many in await connection.execute(_STORED))
        rows = " ".join(f"{many} {fate}" for fate, many in await connection.execute(_ROWS))
    await engine.dispose()
    report.say(f"wechat settled {time.perf_counter() - began:.0f} s later: messages {stored}; answers {rows}")


def _megabytes(linli: Deployment) -> int:
    return round(psutil.Process(linli.children()["web"].pid).memory_info().rss / 1e6)
