"""`make evaluate`: asks the trained bot every sentence, prints the measures, writes `var/evaluation/index.html`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from evaluation.board import Board
from evaluation.measures import alarm, cost, facts, intents, kinds, scope
from evaluation.page import write_page
from evaluation.parsing import Bot, running_bot
from evaluation.sets import Sets, blind_sets, own_sets, sets_in
from operations.places import BOT, ROOT
from operations.problem import Problem

MEASURES = {
    "intents": intents.measure,
    "scope": scope.measure,
    "alarm": alarm.measure,
    "kinds": kinds.measure,
}
NAMES = (*MEASURES, "facts", "cost")
PLACE = ROOT / "var" / "evaluation"


def main(
    *,
    data: Annotated[
        Path | None, typer.Option(help="a folder with more sets, measured beside our own")
    ] = None,
    starter: Annotated[bool, typer.Option(help="train and ask Rasa's starter too (some minutes)")] = False,
    epochs: Annotated[int, typer.Option(help="of the starter, 2 or more; all would be 100", min=2)] = 3,
    only: Annotated[list[str] | None, typer.Option(help=f"of {', '.join(NAMES)}; all without")] = None,
    bot: Annotated[Path, typer.Option(help="the folder of the bot, with a trained model in models/")] = BOT,
    limit: Annotated[int, typer.Option(help="so many sentences of each file; 0 for all")] = 0,
    place: Annotated[Path, typer.Option(help="where the page and the logs go")] = PLACE,
    strict: Annotated[bool, typer.Option(help="end with 1 where a target was not held")] = False,
) -> None:
    """Measure, and say which targets were not held."""
    chosen = _chosen(only or NAMES)
    board, sets = Board(), [own_sets(limit), blind_sets(limit)]
    if data:
        sets.append(sets_in(data, limit))
    place.mkdir(parents=True, exist_ok=True)
    try:
        with running_bot("models", place / "rasa.log", bot) as asked:
            for one in sets:
                _measure(board, asked, one, chosen)
            _cost(board, asked, sets[0], chosen, epochs=epochs if starter else 0, log=place / "rasa.log")
            page = write_page(place / "index.html", board, asked, sets, chosen)
    except Problem as problem:
        Console(stderr=True).print(str(problem), style="red", markup=False)
        raise typer.Exit(1) from problem
    _close(board, page, strict=strict)


def _measure(board: Board, bot: Bot, sets: Sets, chosen: list[str]) -> None:
    board.heading(sets.title)
    for name, measure in MEASURES.items():
        if name in chosen:
            measure(board, bot, sets)
    if "facts" in chosen:
        facts.measure(board, sets)


def _cost(board: Board, bot: Bot, sets: Sets, chosen: list[str], *, epochs: int, log: Path) -> None:
    if epochs:
        cost.measure_against_starter(board, bot, sets, log, epochs)
    elif "cost" in chosen:
        cost.measure(board, bot, sets, train=True, log=log)


def _close(board: Board, page: Path, *, strict: bool) -> None:
    for line in board.missed:
        typer.echo(f"Not held: {line.name.strip()} {line.value} ({line.target})")
    typer.echo(f"The page with plots: {page}")
    if strict and board.missed:
        raise typer.Exit(1)


def _chosen(names: list[str] | tuple[str, ...]) -> list[str]:
    unknown = [name for name in names if name not in NAMES]
    if unknown:
        raise typer.BadParameter(f"no measure is called {', '.join(unknown)}")
    return list(names)


if __name__ == "__main__":
    typer.run(main)
