"""A message through the whole of Linli, against a bare Rasa with its starter project: same sentences, same run.

Linli: posted at the web door, stored, understood and decided by Rasa, handled by an action that may write, answered,
delivered, seen on the live line of the person's page. The bare Rasa: posted to its REST channel, and answered.
Both run all the time; people take turns with either in small blocks, so that what else the machine does hits both.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import Protocol, Self

import psutil
from sqlalchemy import text

from bench.client import Browser, NotAnswered
from bench.figures import Report, milliseconds, percentile
from bench.ground import beside, ground
from bench.starter import Caller, prepare_starter, starter_bot
from bench.talk import WRITES, talk_of
from linli.database import make_engine
from operations.children import Child
from operations.model import train_model
from operations.ports import choose_port

MUST, GOAL = 0.75, 0.5
_ANSWERED = text(
    """
    SELECT count(*) FILTER (WHERE i.state <> 'handled' OR NOT EXISTS (
               SELECT FROM outbox_messages AS o
               WHERE o.answers_id = i.id AND o.state = 'sent' AND o.message <> 'bot_away')) AS unanswered,
           (SELECT count(*) FROM needs WHERE message_id IS NOT NULL) AS needs
    FROM inbound_messages AS i
    """
)


@dataclass(frozen=True, slots=True)
class Sizes:
    """`people` one after another on either side; then so many `at_once`, in so many `rounds`."""

    people: int = 40
    rounds: int = 3
    at_once: int = 30


class Person(Protocol):
    """Somebody who talks to one of the two."""

    async def open(self) -> Self:
        """Come; not measured."""
        ...

    async def say(self, words: str) -> float:
        """Say something and wait for the answer; seconds."""
        ...

    async def close(self) -> None:
        """Go; not measured."""
        ...


@dataclass(slots=True)
class Side:
    """One of the two, and its figures: seconds of all turns, talk by talk, and messages a second."""

    name: str
    meet: Callable[[int], Person]
    talks: list[list[float]] = field(default_factory=list)
    rates: list[float] = field(default_factory=list)

    def turns(self) -> list[float]:
        """Seconds of every turn."""
        return [seconds for talk in self.talks for seconds in talk]

    def writing(self) -> list[float]:
        """Seconds of the turns whose action writes."""
        return [talk[WRITES] for talk in self.talks]


def run(report: Report, sizes: Sizes) -> None:
    """Print `round p50 0.47x`, `round p95 0.55x`, `round rate 2.10x` and what they were made from."""
    project = prepare_starter()
    with ground() as linli:
        linli.add_bot(train_model(linli.logs / "train.log", lambda _: None))
        linli.start()
        port = choose_port(0, "the bare Rasa")
        bare = starter_bot(project, port, linli.logs / "starter.log")
        with beside(bare, f"http://127.0.0.1:{port}/"):
            linli.wait_ready()
            sides = (
                Side("Linli", lambda number: Browser(linli.settings.port, number)),
                Side("bare Rasa", lambda number: Caller(port, number)),
            )
            asyncio.run(_measure(linli.settings.database_url, sides, sizes))
            _tell(report, *sides)
            report.say(
                f"round memory of the bots: Linli {_megabytes(linli.children()['bot'])} MB, "
                f"bare Rasa {_megabytes(bare)} MB"
            )


async def _measure(database_url: str, sides: Sequence[Side], sizes: Sizes) -> None:
    numbers = count()
    for side in sides:  # both are warm before anything counts
        await _talk(side, next(numbers))
    for number in [next(numbers) for _ in range(sizes.people)]:
        for side in sides:
            side.talks.append(await _talk(side, number))
    for _ in range(sizes.rounds):
        crowd = [next(numbers) for _ in range(sizes.at_once)]
        for side in sides:
            side.rates.append(await _talk_at_once(side, crowd))
    await _check(database_url, 1 + sizes.people + sizes.rounds * sizes.at_once)


async def _talk(side: Side, number: int) -> list[float]:
    """One person's talk; seconds of each turn."""
    person = await side.meet(number).open()
    seconds = [await person.say(words) for words in talk_of(number)]
    await person.close()
    return seconds


async def _talk_at_once(side: Side, numbers: Sequence[int]) -> float:
    """Everybody talks at the same time; messages a second."""
    people = [await side.meet(number).open() for number in numbers]

    async def talk(person: Person, number: int) -> int:
        return len([await person.say(words) for words in talk_of(number)])

    started = time.perf_counter()
    said = await asyncio.gather(
        *(talk(person, number) for person, number in zip(people, numbers, strict=True))
    )
    took = time.perf_counter() - started
    for person in people:
        await person.close()
    return sum(said) / took


async def _check(database_url: str, people: int) -> None:
    """Every message was answered by the bot, and everybody's report is a need."""
    engine = make_engine(database_url)
    async with engine.connect() as connection:
        unanswered, needs = (await connection.execute(_ANSWERED)).one()
    await engine.dispose()
    if unanswered or needs != people:
        raise NotAnswered(f"{unanswered} messages were not answered, {people} people made {needs} needs")


def _tell(report: Report, linli: Side, bare: Side) -> None:
    for side in (linli, bare):
        report.say(
            f"round {side.name}: p50 {milliseconds(percentile(side.turns(), 50))}, "
            f"p95 {milliseconds(percentile(side.turns(), 95))}, "
            f"the turn that writes {milliseconds(percentile(side.writing(), 50))}, "
            f"{sum(side.rates) / len(side.rates):.1f} messages a second"
        )
    for percent in (50, 95):
        ratio = percentile(linli.turns(), percent) / percentile(bare.turns(), percent)
        report.at_most(f"round p{percent}", ratio, MUST, GOAL)
    writing = percentile(linli.writing(), 50) / percentile(bare.writing(), 50)
    report.say(f"round writing p50 {writing:.2f}x")
    report.say(f"round rate {sum(linli.rates) / sum(bare.rates):.2f}x")


def _megabytes(child: Child) -> int:
    return round(psutil.Process(child.pid).memory_info().rss / 1e6)
