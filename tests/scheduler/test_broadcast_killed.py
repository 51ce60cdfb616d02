"""A broadcast while workers and app are killed: everybody has one row and gets it once.

The platform of this test knows no repeats, so what was in a sender's hands when it died may come twice: such rows are
marked as uncertain, are counted here, and there are no others.
"""

from __future__ import annotations

import random
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import psycopg
import pytest

from community.clock import now
from linli.settings import Settings
from operations.children import Child
from operations.deployment import Deployment, explain_end
from operations.environment import settings_environment
from operations.places import ROOT
from operations.sessions import run_with_sessions
from tests.cast import Cast, Neighbourhood
from tests.community.notices.sent import approve
from tests.scheduler.counted_sink import CountedSink

WORKERS = ("worker-1", "worker-2")
SLOW = 900.0
_PEOPLE = """
    WITH people AS (
        INSERT INTO residents (id, community_id, language, home_claim)
        SELECT gen_random_uuid(), %s, 'zh', 'none' FROM generate_series(1, %s) RETURNING id
    )
    INSERT INTO addresses (id, resident_id, channel, outside_id, state, last_seen_at)
    SELECT gen_random_uuid(), id, 'sink', id::text, 'active', now() FROM people
"""
_LEFT = """
    SELECT (SELECT count(*) FROM notice_recipients WHERE state IN ('queued', 'waiting'))
        + (SELECT count(*) FROM outbox_messages WHERE state IN ('pending', 'sending'))
        + (SELECT count(*) FROM notices WHERE state <> 'sent')
"""
_ROWS = """
    SELECT o.id::text, o.state, o.uncertain, r.state, r.resident_id
    FROM notice_recipients AS r JOIN outbox_messages AS o ON o.id = r.outbox_id
"""


@pytest.fixture
def place() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="linli-test-"))
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.mark.parametrize(
    ("people", "kills", "slowness"),
    [
        pytest.param(300, 2, 0.06, id="small"),
        pytest.param(50_000, 10, 0.002, marks=pytest.mark.soak, id="50,000"),
    ],
)
def test_everybody_gets_it_once(
    people: int,
    kills: int,
    slowness: float,
    database_url: str,
    cast: Cast,
    place: Path,
    capfd: pytest.CaptureFixture[str],
) -> None:
    settings = Settings(
        _env_file=None,
        data_dir=place,
        database_url=database_url,
        bot_url="http://127.0.0.1:9",
        port=0,
        actions_port=0,
    )
    settle(database_url, cast.here, people)
    with CountedSink(slowness) as sink, Deployment(settings) as linli:
        for name in WORKERS:
            linli.add(worker(name, linli, sink.port))
        linli.start("web", *WORKERS)
        run_with_sessions(
            database_url, lambda sessions: approve(sessions, cast.here, now(), category="emergency")
        )
        rage(linli, sink, kills, people)
        end_leases(database_url)
        linli.start(*WORKERS)
        wait_until_out(database_url)
    doubled = check(database_url, sink.took, people)
    with capfd.disabled():
        sys.stdout.write(
            f"\n{kills} kills, {people} people: {doubled} messages came twice, all marked uncertain\n"
        )


def worker(name: str, linli: Deployment, port: int) -> Child:
    command = [sys.executable, "-m", "tests.scheduler.counted_sink", str(port)]
    return Child(name, command, linli.logs / f"{name}.log", ROOT, settings_environment(linli.settings))


def settle(database_url: str, where: Neighbourhood, people: int) -> None:
    """Nobody but people of the sink lives there."""
    with psycopg.connect(database_url) as connection:
        connection.execute("UPDATE residents SET community_id = NULL")
        connection.execute(_PEOPLE, (where.community.id, people))


def rage(linli: Deployment, sink: CountedSink, kills: int, people: int) -> None:
    """Kill a worker or the app so many times, at equal shares of the broadcast; at the end both workers."""
    chance = random.Random(7)
    for number in range(kills):
        wait_for(partial(has_taken, sink, people * number // (kills + 1) + 1), linli)
        name = chance.choice((*WORKERS, *WORKERS, "web"))
        linli.kill(name)
        linli.start(name)
    for name in WORKERS:
        linli.kill(name)


def has_taken(sink: CountedSink, messages: int) -> bool:
    return sink.took.total() >= messages


def wait_for(true: Callable[[], bool], linli: Deployment) -> None:
    end = time.monotonic() + SLOW
    while not true():
        assert time.monotonic() < end, "nothing arrives any more"
        if (child := linli.ended()) is not None:
            raise AssertionError(explain_end(child))
        time.sleep(0.02)


def end_leases(database_url: str) -> None:
    """As if they had run out: those who held them are dead."""
    with psycopg.connect(database_url) as connection:
        connection.execute("UPDATE outbox_messages SET lease_until = now() WHERE state = 'sending'")


def wait_until_out(database_url: str) -> None:
    """Nothing is on its way any more."""
    end = time.monotonic() + SLOW
    with psycopg.connect(database_url, autocommit=True) as connection:
        while connection.execute(_LEFT).fetchone() != (0,):
            assert time.monotonic() < end, connection.execute(_LEFT).fetchone()
            time.sleep(0.3)


def check(database_url: str, took: Counter[str], people: int) -> int:
    """One row and one delivery each; how many came twice."""
    with psycopg.connect(database_url) as connection:
        rows = connection.execute(_ROWS).fetchall()
        assert connection.execute("SELECT count(*) FROM outbox_messages").fetchone() == (people,)
    assert len(rows) == len({row[4] for row in rows}) == people
    assert {(row[1], row[3]) for row in rows} == {("sent", "sent")}
    assert set(took) == {row[0] for row in rows}
    uncertain = {row[0] for row in rows if row[2]}
    twice = {row for row, times in took.items() if times > 1}
    assert twice <= uncertain
    return len(twice)
