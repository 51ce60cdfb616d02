"""The numbers behind all that goes by likeness: how near a text is in meaning to each example, told once for all.

Intents, alarm and kinds each know some of the examples (`kernel_regression.py`); a text is held against all of them in
one multiplication, which is the largest that it meets. What that costs is reading the examples from memory, so their
numbers have two bytes each (bfloat16, the upper half of a float), which simsimd multiplies as they are.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import simsimd

NARROWNESS = 2.0
"""How fast nearness fades: exp(NARROWNESS * (cosine - 1))."""
AXES = 192
"""Main directions of the vectors in which likeness is measured: as good as all 512, in a quarter of the time."""


@dataclass
class Likeness:
    """The examples along the main directions of their vectors: a column of `axes` for each direction, a row of
    `halves` for each example."""

    axes: np.ndarray
    halves: np.ndarray

    @classmethod
    def learn(cls, vectors: np.ndarray) -> Likeness:
        """From a row of length 1 for each example."""
        vectors = vectors.astype(np.float32)
        axes = np.ascontiguousarray(np.linalg.eigh(vectors.T @ vectors)[1][:, ::-1][:, :AXES])
        return cls(axes, _halves(vectors @ axes))

    @property
    def known(self) -> np.ndarray:
        """The rows of the examples in numbers of four bytes, as they are learned from."""
        return (self.halves.astype(np.uint32) << 16).view(np.float32)

    def nearness(self, vector: np.ndarray) -> np.ndarray:
        """How near each example is to a text of this vector: 1 is the same meaning, and nothing is below 0."""
        row = _halves(vector[None] @ self.axes)
        cosines = simsimd.cdist(row, self.halves, "dot", dtype="bf16", out_dtype="float32")
        return nearness(np.asarray(cosines)[0])

    def write(self, folder: Path) -> None:
        """Keep it in one file."""
        np.savez(folder / "likeness.npz", axes=self.axes, halves=self.halves)

    @classmethod
    def read(cls, folder: Path) -> Likeness:
        """What `write` kept."""
        with np.load(folder / "likeness.npz") as numbers:
            return cls(numbers["axes"], numbers["halves"])


def nearness(cosine: np.ndarray) -> np.ndarray:
    """Likeness as it counts: more the nearer it is, which a straight line through the vectors cannot say."""
    near: np.ndarray = np.exp(NARROWNESS * (cosine - 1))
    return near


def _halves(numbers: np.ndarray) -> np.ndarray:
    """Floats as bfloat16, to the nearest."""
    halves: np.ndarray = ((numbers.astype(np.float32).view(np.uint32) + 0x8000) >> 16).astype(np.uint16)
    return halves
