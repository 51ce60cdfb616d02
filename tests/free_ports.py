"""Ports for what binds them itself, later or more than once: nobody else is given them meanwhile."""

from __future__ import annotations

import random

from operations.ports import choose_port
from operations.problem import Problem

BELOW_EPHEMERAL = range(20_000, 30_000)
"""The system gives these to nobody who asks for any port, or calls somebody."""


def free_port() -> int:
    """A port that nobody listens on."""
    for port in random.sample(BELOW_EPHEMERAL, 20):
        try:
            return choose_port(port, "PORT")
        except Problem:
            continue
    raise Problem("No free port for this test.")
