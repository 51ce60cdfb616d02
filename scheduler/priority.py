"""Whose turn it is where processors are short: the app's and the bot's before the worker's."""

from __future__ import annotations

import os

NICENESS = 10
"""Of 19: beside a busy app about a tenth of a processor is left for the worker, on an idle machine all of it."""


def give_way() -> None:
    """Let whatever answers people go first, from now on."""
    os.nice(NICENESS)
