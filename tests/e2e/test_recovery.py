"""After each kind of trouble everything works again by itself: nobody is asked to do anything, nobody is told twice."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Mapping
from contextlib import suppress

import httpx
import psycopg
import pytest

from operations.embedded_postgres import ROLE, SUPERUSER
from tests.e2e.neighbours import neighbours
from tests.e2e.residents import PATIENCE, Resident, begins, offers
from tests.e2e.town import Town

AGAIN_WITHIN = 30.0
RED_WITHIN = 60.0
HANGS_FOR = 30.0
STARTED_WITHIN = 120.0
"""A process that starts on a busy machine needs longer than one that heals."""
WELL: Mapping[str, str] = {"database": "ok", "bot": "ok", "worker": "ok"}


async def greet(resident: Resident) -> None:
    """A short exchange, as quick as things have to work again."""
    await resident.say("你好")
    await resident.hear(begins("greeting"), AGAIN_WITHIN)


async def report(resident: Resident) -> None:
    """A need that is read back and confirmed."""
    await resident.say("3号楼2单元的电梯坏了，有老人下不了楼")
    await resident.hear(offers("button_report_it"))
    await resident.say("对，报上去")
    await resident.hear(begins("need_saved"))


def test_cut_connections_heal_by_themselves(town: Town) -> None:
    with neighbours(town, 5) as people:
        people.do(greet)
        cut_connections(town)
        people.do(greet)
        wait_until(town, WELL, AGAIN_WITHIN)


@pytest.mark.parametrize("way", [signal.SIGINT, signal.SIGKILL])
def test_a_database_that_is_restarted_is_found_again(town: Town, way: signal.Signals) -> None:
    with neighbours(town, 5) as people:
        people.do(greet)
        speaking = people.begin(report)
        database = town.deployment.children()["database"]
        database.kill() if way is signal.SIGKILL else database.stop()
        wait_until(town, {"database": "no answer"}, RED_WITHIN)
        town.deployment.start("database")
        wait_until(town, WELL, STARTED_WITHIN)
        speaking.result(2 * PATIENCE)


def test_a_bot_that_hangs_and_a_worker_that_stops_are_seen_and_nothing_is_lost(town: Town) -> None:
    with neighbours(town, 3) as people:
        people.do(greet)
        started = time.monotonic()
        town.deployment.kill("worker")
        bot = town.deployment.children()["bot"].pid
        assert bot is not None
        os.kill(bot, signal.SIGSTOP)
        try:
            speaking = people.begin(report)
            wait_until(town, {"bot": "no answer"}, RED_WITHIN)
            time.sleep(max(0.0, started + HANGS_FOR - time.monotonic()))
        finally:
            os.kill(bot, signal.SIGCONT)
        wait_until(town, {"bot": "ok"}, AGAIN_WITHIN)
        speaking.result(2 * PATIENCE)
        wait_until(town, {"worker": "no answer"}, started + RED_WITHIN - time.monotonic())
        town.deployment.start("worker")
        wait_until(town, WELL, STARTED_WITHIN)


def test_twenty_messages_of_each_in_a_burst_are_handled_in_their_order(town: Town) -> None:
    async def speak_fast(resident: Resident) -> None:
        for number in range(1, 21):
            await resident.say(f"第{number}件事")

    assert town.deployment.settings.processes == 2
    with neighbours(town, 5, keep=0) as people:
        people.do(speak_fast)


def test_sixty_people_at_once_do_not_stand_still_with_five_connections(town: Town) -> None:
    assert town.deployment.settings.database_pool == 5
    with neighbours(town, 60) as people:
        people.do(report)


def cut_connections(town: Town) -> None:
    """End every connection that Linli has to its database."""
    database = town.deployment.database
    assert database is not None
    with psycopg.connect(database.url("postgres", SUPERUSER), autocommit=True) as connection:
        ended = connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = %s", [ROLE]
        ).fetchall()
    assert len(ended) > 3


def wait_until(town: Town, wanted: Mapping[str, str], within: float) -> None:
    """Until /readyz says this, with the status that goes with it."""
    end, said = time.monotonic() + within, "nothing"
    while True:
        with suppress(httpx.TransportError):
            answer = httpx.get(f"{town.url}/readyz", timeout=5, trust_env=False)
            said = answer.text
            if wanted.items() <= answer.json().items():
                assert answer.status_code == (200 if set(answer.json().values()) == {"ok"} else 503)
                return
        if time.monotonic() > end:
            raise AssertionError(f"/readyz does not say {dict(wanted)} within {within:.0f} s, but {said}")
        time.sleep(0.2)
