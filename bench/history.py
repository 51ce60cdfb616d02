"""What a person's history costs: the thousandth turn of one person against the first turns of new ones, in one run."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from itertools import count, cycle, islice

from bench.client import Browser
from bench.figures import Report, milliseconds, percentile
from bench.ground import ground
from operations.model import train_model

MUST = 1.25
SAID = ("你好", "我报的电梯怎么样了", "谢谢")


@dataclass(frozen=True, slots=True)
class Sizes:
    """So many `turns` of one person, then so many `newcomers` beside that person."""

    turns: int = 1_000
    newcomers: int = 40


def run(report: Report, sizes: Sizes) -> None:
    """Print `history 1.02x` and what it was made from."""
    with ground(messages_per_minute=1_000_000) as linli:
        linli.add_bot(train_model(linli.logs / "train.log", lambda _: None))
        linli.start()
        linli.wait_ready()
        old, new = asyncio.run(_measure(linli.settings.port, sizes))
    report.say(
        f"history turn {sizes.turns}: {milliseconds(old)}, a new person's first turns: {milliseconds(new)}"
    )
    report.at_most("history", old / new, MUST)


async def _measure(port: int, sizes: Sizes) -> tuple[float, float]:
    """Median seconds of the old hand's last turns and of the newcomers' first, taken in turns."""
    numbers = count()
    regular = await Browser(port, next(numbers)).open()
    for words in islice(cycle(SAID), sizes.turns):
        await regular.say(words)
    old: list[float] = []
    new: list[float] = []
    for number in islice(numbers, sizes.newcomers):
        newcomer = await Browser(port, number).open()
        await newcomer.say(SAID[0])  # makes the person known, which is no turn's cost
        for words in SAID:
            new.append(await newcomer.say(words))
            old.append(await regular.say(words))
        await newcomer.close()
    await regular.close()
    return percentile(old, 50), percentile(new, 50)
