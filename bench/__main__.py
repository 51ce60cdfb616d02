"""`make bench`: runs the benches one after the other; the exit code is 1 where a must was not held."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Annotated, Any

import typer

from bench import (
    activities,
    audience,
    delivery,
    expansion,
    growth,
    history,
    outbox,
    progress,
    round,  # noqa: A004 - the bench is called what it measures
    store,
    wechat,
)
from bench.figures import Report

BENCHES: Mapping[str, tuple[Callable[[Report, Any], None], Any, Any]] = {
    "store": (store.run, store.Sizes(), replace(store.Sizes(), people=20, messages=40, blocks=1)),
    "outbox": (outbox.run, outbox.Sizes(), replace(outbox.Sizes(), people=20, each=2)),
    "expansion": (expansion.run, expansion.Sizes(), expansion.Sizes(small=50, large=200)),
    "audience": (audience.run, audience.Sizes(), audience.Sizes(people=300)),
    "progress": (progress.run, progress.Sizes(), progress.Sizes(people=2_000)),
    "delivery": (
        delivery.run,
        delivery.Sizes(),
        delivery.Sizes(people=40, rounds=1, turns=6),
    ),
    "round": (round.run, round.Sizes(), replace(round.Sizes(), people=2, rounds=1, at_once=3)),
    "growth": (growth.run, growth.Sizes(), growth.Sizes(small=200, large=600, open_needs=40, times=3)),
    "activities": (
        activities.run,
        activities.Sizes(),
        activities.Sizes(small=(100, 100), large=(300, 1_000), times=3),
    ),
    "history": (history.run, history.Sizes(), history.Sizes(turns=6, newcomers=2)),
    "wechat": (wechat.run, wechat.Sizes(), wechat.Sizes(talks=2, a_second=5, seconds=2, people=4)),
}
"""Name of a bench, what runs it, its sizes, and sizes that only show that it works."""


def main(
    names: Annotated[list[str] | None, typer.Argument(help=f"of {', '.join(BENCHES)}; all without")] = None,
    *,
    small: Annotated[bool, typer.Option(help="only show that they work; the figures mean nothing")] = False,
) -> None:
    """Measure, and say which musts were not held."""
    report = Report()
    for name in _chosen(names or list(BENCHES)):
        run, sizes, smallest = BENCHES[name]
        run(report, smallest if small else sizes)
    if report.missed and not small:
        report.say("Not held: " + "; ".join(report.missed))
        raise typer.Exit(1)


def _chosen(names: Sequence[str]) -> Sequence[str]:
    unknown = [name for name in names if name not in BENCHES]
    if unknown:
        raise typer.BadParameter(f"no bench is called {', '.join(unknown)}")
    return names


if __name__ == "__main__":
    typer.run(main)
