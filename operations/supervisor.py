"""`linli up`: prepares, starts all processes, and stops all of them when one ends or the operator says so."""

from __future__ import annotations

import signal
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial

from community.places.models import Community
from community.places.queries import find_communities
from linli.database import Sessions
from linli.settings import Settings
from operations.demo import DemoAccounts, StreetOfItsOwn, load_demo
from operations.deployment import Deployment, explain_end
from operations.display import Display
from operations.first_admin import SIGN_IN, invite_first_admin
from operations.model import train_model
from operations.places import log_folder
from operations.problem import Problem
from operations.sessions import run_with_sessions
from operations.staff import invitation_link
from operations.wechat import furnish

ENDINGS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Asked(BaseException):
    """The operator asked for the end: Ctrl-C, a signal, a closed terminal."""


def run(settings: Settings, *, demo: bool) -> None:
    """Everything from preparing to the end; returns when asked to stop, raises Problem otherwise."""
    display = Display(log_folder(settings.data_dir) / "linli.log")
    with asked_by_signals():
        try:
            deployment = Deployment(settings)
            try:
                start_all(deployment, display, demo=demo)
                watch(deployment)
            finally:
                _stop(deployment, display)
        except Asked:
            return
        except Problem as problem:
            display.note(str(problem))
            raise


def start_all(deployment: Deployment, display: Display, *, demo: bool) -> None:
    """The steps of a start, in their order, and the addresses at its end."""
    with display.step("Starting the database and bringing it up to date"):
        deployment.start_database()
    _say_where_the_database_lies(deployment, display)
    accounts = _load_demo(deployment, display) if demo else None
    if accounts:  # whoever tries the demo has no authenticator for its social workers
        deployment.change(second_factor=False)
    token = run_with_sessions(deployment.settings.database_url, invite_first_admin)
    if not deployment.settings.bot_url:
        with display.step("Preparing the bot's model") as tell:
            deployment.add_bot(train_model(deployment.logs / "train.log", tell))
    with display.step("Starting bot, app and worker") as tell:
        deployment.start()
        deployment.wait_ready(tell=tell)
        if "wechat" in deployment.platforms.doors:
            furnish(deployment.settings)
    _greet(deployment, display, accounts, token)


def watch(deployment: Deployment, every: float = 0.2) -> None:
    """Wait for the first process that ends by itself and raise Problem about it."""
    while (child := deployment.ended()) is None:
        time.sleep(every)
    raise Problem(explain_end(child))


def describe_accounts(accounts: DemoAccounts) -> str:
    """The demo accounts, a line each, for a terminal only: the passwords are in no log."""
    width = max(len(who.sign_in) for who in accounts.staff)
    lines = [
        f"  {who.sign_in:<{width}}  {who.password}  {who.party['zh']} {who.name}" for who in accounts.staff
    ]
    head = "Accounts of the demo, with passwords of this machine and no second factor:"
    return "\n".join([head, *lines])


def _load_demo(deployment: Deployment, display: Display) -> DemoAccounts | None:
    settings = deployment.settings
    with display.step("Loading the demo"):
        try:
            return run_with_sessions(settings.database_url, partial(load_demo, secret_dir=settings.data_dir))
        except StreetOfItsOwn:
            return None


def _greet(
    deployment: Deployment, display: Display, accounts: DemoAccounts | None, token: str | None
) -> None:
    display.say("\n".join(["\nLinli is ready.", *_addresses(deployment), ""]))
    if accounts:
        display.keep_quiet_about(describe_accounts(accounts))
    if token:
        display.keep_quiet_about(
            f"Nobody can sign in yet. This link sets the password of {SIGN_IN}, once, within two days:\n"
            f"  {invitation_link(deployment.settings, token)}"
        )
    display.say("\nCtrl-C stops it.")


def _addresses(deployment: Deployment) -> list[str]:
    """A chat for each community, as the QR in its buildings would name it, and the console of all."""
    address = deployment.settings.address
    communities = run_with_sessions(deployment.settings.database_url, _find_communities)
    chats = [f"  chat      {address}/chat?c={place.code}  {place.zh} {place.en}" for place in communities]
    doors = [*(chats or [f"  chat      {address}/chat"]), f"  console   {address}/staff"]
    return [*doors, *deployment.platforms.describe()]


async def _find_communities(sessions: Sessions) -> Sequence[Community]:
    async with sessions() as session:
        return await find_communities(session)


def _say_where_the_database_lies(deployment: Deployment, display: Display) -> None:
    database = deployment.database
    if database and database.moved and database.user:
        display.say(
            f"The database lies in {database.home}: it runs as {database.user.name}, who cannot enter the data folder."
        )


def _stop(deployment: Deployment, display: Display) -> None:
    for number in ENDINGS:
        signal.signal(number, signal.SIG_IGN)
    display.say("Stopping ...")
    deployment.stop()
    display.say("Stopped.")


@contextmanager
def asked_by_signals() -> Iterator[None]:
    def ask(*_: object) -> None:
        raise Asked

    before = {number: signal.signal(number, ask) for number in ENDINGS}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
