"""Figures of a bench: percentiles, ratios a line each, and whether what must hold was held."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from statistics import quantiles


@dataclass(slots=True)
class Report:
    """What a bench prints; `missed` holds the lines that a must was not held by."""

    missed: list[str] = field(default_factory=list)

    def say(self, line: str) -> None:
        """One line as it is."""
        print(line, flush=True)

    def at_most(self, name: str, value: float, must: float, goal: float | None = None) -> None:
        """A ratio where less is better."""
        self._judge(f"{name} {value:.2f}x", value <= must, f"must <= {must}x" + _goal(goal, "<="))

    def at_least(self, name: str, value: float, must: float) -> None:
        """A ratio where more is better."""
        self._judge(f"{name} {value:.2f}x", value >= must, f"must >= {must}x")

    def rate(self, name: str, value: float, must: float) -> None:
        """A number a second that has to be reached."""
        self._judge(f"{name} {value:,.0f}/s", value >= must, f"must >= {must:.0f}/s")

    def seconds(self, name: str, value: float, must: float) -> None:
        """How long somebody waits."""
        self._judge(f"{name} {value:.2f} s", value <= must, f"must <= {must:.0f} s")

    def megabytes(self, name: str, value: float, must: float) -> None:
        """Memory that may not grow by more."""
        self._judge(f"{name} {value:,.0f} MB", value <= must, f"must <= {must:.0f} MB")

    def _judge(self, line: str, held: bool, wanted: str) -> None:
        self.say(line)
        if not held:
            self.missed.append(f"{line} ({wanted})")


def percentile(values: Sequence[float], percent: int) -> float:
    """The value that so many percent of `values` do not exceed; interpolated."""
    return quantiles(values, n=100, method="inclusive")[percent - 1] if len(values) > 1 else values[0]


def milliseconds(seconds: float) -> str:
    """For people: 19.3 ms."""
    return f"{seconds * 1000:.1f} ms"


def _goal(goal: float | None, sign: str) -> str:
    return "" if goal is None else f", goal {sign} {goal}x"
