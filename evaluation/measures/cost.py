"""What a parse takes, what the process holds, how long training takes; against Rasa's starter where that is asked."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from tempfile import mkdtemp

from bench import starter
from evaluation.board import Board
from evaluation.epochs import epochs_in
from evaluation.parsing import RASA, Bot, running_bot
from evaluation.scoring import accuracy
from evaluation.sets import Sets
from operations.children import Child
from operations.model import bot_environment
from operations.places import ROOT
from operations.problem import Problem

WARM, PARSED = 20, 200
TRAINING = 90.0
LONGEST_TRAINING = 1_800.0
WHOLE = 100
"""Epochs that `rasa init` writes for DIET, ResponseSelector and TED."""
SPOKEN = ("3号楼2单元的电梯坏了两天了，有老人下不了楼", "The bin room behind building 5 stinks again", "谢谢")
LONGEST = "".join(SPOKEN) * 1_500
"""Some 100,000 characters."""


def measure(board: Board, bot: Bot, sets: Sets, *, train: bool, log: Path) -> None:
    """The cost of our bot alone."""
    board.section("Cost")
    board.number("parse p50", median(times(bot, sets)) * 1000, " ms")
    board.number("parse of 100,000 characters", bot.ask(LONGEST).seconds * 1000, " ms", at_most=1000)
    board.number("memory", bot.megabytes(), " MB")
    if not bot.parse(SPOKEN[0]).has_vector:
        board.not_answered("vector of the sentence")
    if train:
        board.number("training", train_ours(bot.child.cwd, log), " s", at_most=TRAINING)


def measure_against_starter(board: Board, bot: Bot, sets: Sets, log: Path, epochs: int) -> None:
    """Both in one run: the starter is trained on the same sentences, then both are asked in turns.

    Some of the starter's epochs are enough: what a parse costs does not depend on them, and what all would take is
    worked out from those after the first, in which TensorFlow warms up.
    """
    board.section("Cost against Rasa's starter")
    ours = train_ours(bot.child.cwd, log)
    board.number("training", ours, " s", at_most=TRAINING)
    project = _fresh_starter(epochs)
    theirs = _seconds(lambda: starter.train(project))
    board.number(f"training of the starter, {epochs} of its {WHOLE} epochs", theirs, " s")
    each = sum(epochs_in((project / "train.log").read_text(encoding="utf-8", errors="replace")))
    whole = theirs + each * (WHOLE - epochs)
    board.number("  one of them, after the first", each, " s")
    board.number(f"  all {WHOLE}, worked out from {epochs}", whole, " s")
    board.number("training, ratio to what is worked out", ours / whole, "x", at_most=0.2)
    with running_bot(f"models/{starter.MODEL}.tar.gz", log.with_name("starter.log"), project) as other:
        _ask_both(board, bot, other, sets)
        pairs = [(row.label, other.parse(row.text).intent) for row in sets.chat]
        board.share("intent accuracy of the starter, trained so far", accuracy(pairs))
        board.number("memory", bot.megabytes(), " MB")
        board.number("memory of the starter", other.megabytes(), " MB")
        board.number("memory, ratio", bot.megabytes() / other.megabytes(), "x", at_most=0.9)


def times(bot: Bot, sets: Sets) -> list[float]:
    """Seconds of parses one after the other, after some that warm up."""
    texts = _texts(sets)
    for text in texts[:WARM]:
        bot.ask(text)
    return [bot.ask(text).seconds for text in texts]


def train_ours(project: Path, log: Path) -> float:
    """Seconds that a training of our bot takes from nothing; the model is thrown away."""
    place = Path(mkdtemp(prefix="linli-training-"))
    command = [str(RASA), "train", "--force", "--domain", "domain.yml", "--config", "config.yml"]
    command += ["--data", "data", "--out", str(place), "--fixed-model-name", "thrown-away"]
    command += ["--skip-validation"]  # as `linli train` has it
    try:
        return _seconds(lambda: _run(command, project, log.with_name("training.log")))
    finally:
        shutil.rmtree(place, ignore_errors=True)


def _ask_both(board: Board, bot: Bot, other: Bot, sets: Sets) -> None:
    texts = _texts(sets)
    for text in texts[:WARM]:
        bot.ask(text), other.ask(text)
    pairs = [(bot.ask(text).seconds, other.ask(text).seconds) for text in texts]
    ours, theirs = median(pair[0] for pair in pairs), median(pair[1] for pair in pairs)
    board.number("parse p50", ours * 1000, " ms")
    board.number("parse p50 of the starter", theirs * 1000, " ms")
    board.number("parse p50, ratio", ours / theirs, "x", at_most=0.5)


def _texts(sets: Sets) -> list[str]:
    """Chat sentences from all over the set, the same ones each time."""
    texts = [row.text for row in sets.chat] or list(SPOKEN)
    return texts[:: max(1, len(texts) // PARSED)][:PARSED]


def _fresh_starter(epochs: int) -> Path:
    project = ROOT / "var" / "evaluation" / "starter"
    shutil.rmtree(project, ignore_errors=True)
    starter.write_project(project, epochs)
    return project


def _run(command: list[str], project: Path, log: Path) -> None:
    training = Child("training", command, log, project, bot_environment())
    training.start()
    end = time.monotonic() + LONGEST_TRAINING
    try:
        while training.alive and time.monotonic() < end:
            time.sleep(0.2)
    finally:
        training.kill()
    if training.exit_code != 0:
        raise Problem(f"Training failed; the end of {log}:\n{training.tail()}")


def _seconds(work: Callable[[], None]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started
