"""Nothing lost, nothing doubled: people talk while processes are killed at random; afterwards everything is counted."""

from __future__ import annotations

import asyncio
import random
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from uuid import UUID

import psycopg
import pytest

from community.clock import now
from community.needs.codes import find_codes
from community.needs.models import NeedState
from linli.sealing import keyring
from operations.deployment import Deployment
from tests.cast import Neighbourhood
from tests.e2e.chaos import Chaos
from tests.e2e.counting import find_broken_rules, wait_until_quiet
from tests.e2e.residents import Crowd, Resident, begins, label, offers, tells
from tests.e2e.staff_desk import StaffDesk, is_for_staff
from tests.e2e.town import Announce, Town

READY_AGAIN = 30.0
"""Or twice what the first start took, where the machine is slower than that."""
AT_ONCE = 24
ROUNDS = 3
MESSAGES_A_PERSON = 8
REPORTS = (  # urgent ones, for which no neighbour's need is offered instead
    "3号楼2单元的电梯坏了，有老人下不了楼，{mark}",
    "3号楼2单元楼道灯不亮，有老人下不了楼，{mark}",
    "3号楼2单元漏水了，很急，{mark}",
)
STORED_MESSAGES = """
    SELECT i.outside_id FROM inbound_messages AS i JOIN residents AS r ON r.id = i.resident_id
    WHERE r.community_id = %s AND r.created_at >= %s
"""
STORED_NEEDS = "SELECT code, words, state FROM needs WHERE community_id = %s AND created_at >= %s"


class Talk:
    """Many residents, some at once, each with a few reports one after the other; and staff who handle some of them.

    `codes` are the codes that were told, by the mark in the words of each report. `said` turns true when everybody has
    said everything and been answered; `calm` is to be set when nothing is killed any more and all queues are empty.
    """

    def __init__(self, deployment: Deployment, where: Neighbourhood, seed: int, people: int) -> None:
        self.residents: list[Resident] = []
        self.codes: dict[str, str] = {}
        self.withdrawn: set[str] = set()
        self.resolved: set[str] = set()
        self.failures: list[str] = []
        self.said = False
        self.calm = threading.Event()
        self._deployment, self._where, self._people = deployment, where, people
        self._random = random.Random(seed)
        self._room = asyncio.Semaphore(AT_ONCE)

    @property
    def messages(self) -> int:
        """How many messages were taken so far; copies of one count once."""
        return sum(len(resident.sent) for resident in self.residents)

    async def run(self) -> Sequence[Resident]:
        """Talk; when it is calm, look at each thread once more. Gives the residents."""
        crowd = Crowd(self._deployment.url, self._where.community.code)
        desk = StaffDesk(self._deployment.settings.database_url, self._where)
        work = asyncio.create_task(desk.work())
        self.residents = [Resident(f"resident {number}", crowd) for number in range(self._people)]
        await asyncio.gather(
            *(self._visit(number, resident) for number, resident in enumerate(self.residents))
        )
        work.cancel()
        await asyncio.gather(work, return_exceptions=True)
        self.resolved = desk.resolved
        self.said = True
        await asyncio.to_thread(self.calm.wait)
        for resident in self.residents:
            await resident.compare_with_thread()
        await crowd.close()
        return self.residents

    async def _visit(self, number: int, resident: Resident) -> None:
        async with self._room:
            await resident.come()
            try:
                for report in range(ROUNDS):
                    await self._report(resident, f"第{number}家{report}")
            except AssertionError as failure:
                self.failures.append(str(failure))
            finally:
                await resident.leave()

    async def _report(self, resident: Resident, mark: str) -> None:
        """Say it, see it read back, say yes, be told the code; now and then in a hurry, and what comes after."""
        if self._random.random() < 0.3:
            await resident.say("你好")  # and goes on without waiting for the greeting
        await resident.say(self._random.choice(REPORTS).format(mark=mark), copies=self._copies())
        read_back = await resident.hear(offers("button_report_it", mark))
        if self._random.random() < 0.3:
            await resident.tap(read_back, label("button_report_it"))
        else:
            await resident.say("对，报上去", copies=self._copies())
        saved = await resident.hear(begins("need_saved"))
        (code,) = find_codes(saved["text"])
        self.codes[mark] = code
        await self._go_on(resident, mark, code)

    async def _go_on(self, resident: Resident, mark: str, code: str) -> None:
        dice = self._random.random()
        if dice < 0.3:
            await resident.say(f"{code}怎么样了")
            await resident.hear(tells(code))
        elif dice < 0.5 and not is_for_staff(code):
            await resident.say(f"撤回{code}")
            await resident.hear(offers("button_withdraw", code))
            await resident.say("对，撤回")
            await resident.hear(begins("need_withdrawn"))
            self.withdrawn.add(mark)

    def _copies(self) -> int:
        return self._random.choice((1, 1, 1, 2, 3))


def test_nothing_is_lost_and_nothing_doubled_while_processes_are_killed(
    town: Town, announce: Announce
) -> None:
    announce(storm(town, seed=20260301, messages=500))


@pytest.mark.soak
def test_ten_thousand_messages_while_processes_are_killed(town: Town, announce: Announce) -> None:
    announce(storm(town, seed=time.time_ns(), messages=10_000))


def storm(town: Town, seed: int, messages: int) -> str:
    """Talk and kill until everything is said, wait for calm, and count; gives the figures in a line."""
    deployment, where = town.deployment, town.cast.there
    started, since = time.monotonic(), now()
    talk = Talk(deployment, where, seed, messages // MESSAGES_A_PERSON)
    chaos = Chaos(deployment, seed)
    with ThreadPoolExecutor(1) as threads:
        talking = threads.submit(asyncio.run, talk.run())
        try:
            chaos.rage_until(lambda: talk.said or talking.done())
            struck = time.monotonic()
            deployment.wait_ready(patience=900)
            ready = time.monotonic() - struck
            wait_until_quiet(deployment.settings.database_url)
        finally:
            talk.calm.set()
        residents = talking.result()
    figures = (
        f"seed {seed}: {talk.messages} messages of {len(residents)} people, {len(talk.codes)} needs, "
        f"{len(talk.resolved)} resolved, {chaos.kills.total()} kills {dict(chaos.kills)}, "
        f"ready {ready:.0f} s after the last one of all, {time.monotonic() - started:.0f} s in all"
    )
    soon = max(READY_AGAIN, 2 * town.start_seconds)
    broken = [] if ready <= soon else [f"not ready within {soon:.0f} s after the last kill"]
    broken += [
        *talk.failures,
        *find_broken_rules(deployment.settings.database_url, where.community.id, since),
    ]
    broken += [fault for resident in residents for fault in resident.faults]
    broken += find_differences(deployment.settings.database_url, where.community.id, since, talk)
    assert not broken, "\n\n".join([figures, *broken])
    return figures


def find_differences(database_url: str, community_id: UUID, since: datetime, talk: Talk) -> Iterator[str]:
    """What the residents sent and were told, against what is stored."""
    with psycopg.connect(database_url) as connection:
        messages = connection.execute(STORED_MESSAGES, (community_id, since)).fetchall()
        sealed = connection.execute(STORED_NEEDS, (community_id, since)).fetchall()
    needs = [(code, keyring().open("needs.words", words), state) for code, words, state in sealed]
    sent = sorted(sent.id for resident in talk.residents for sent in resident.sent)
    if sorted(row[0] for row in messages) != sent:
        yield f"{len(sent)} messages were taken, {len(messages)} are stored"
    marks = Counter(mark for mark in talk.codes for _, words, _ in needs if mark in words)
    yield from (f"the report {mark} is {times} needs" for mark, times in marks.items() if times != 1)
    told = {(code, mark in talk.withdrawn) for mark, code in talk.codes.items()}
    made = {(code, state == NeedState.WITHDRAWN) for code, _, state in needs}
    if told != made:
        yield f"only told to residents: {told - made}; only stored: {made - told}"
    states = {code: state for code, _, state in needs}
    other = {code: states[code] for code in talk.resolved if states[code] != NeedState.RESOLVED}
    if other:
        yield f"resolved by staff, but not stored so: {other}"
