"""Gauss's rules of measures on given places, by Lanczos' process. Source: D66."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from riskcalc.quantity import Real

_EXHAUSTED = 1e-14  # of the width of a block: the next direction of the process is rounding


def blocks_of(position: Real, *, factor: float) -> Iterator[slice]:
    """Descending positions within a factor of each other."""
    start, ascending = 0, -position
    while start < position.size:
        stop = max(int(np.searchsorted(ascending, ascending[start] / factor, side="left")), start + 1)
        yield slice(start, stop)
        start = stop


@dataclass(frozen=True, kw_only=True, eq=False)
class Process:
    """Lanczos' process of a measure: multiplication by (z - middle)/half in the basis of its orthogonal polynomials."""

    middle: float
    half: float
    mass: float
    diagonal: Real
    beside: Real

    def rule(self, points: int) -> tuple[Real, Real]:
        """Gauss's places and weights, at most so many."""
        if not self.diagonal.size:
            return self.diagonal, self.diagonal
        matrix = np.diag(self.diagonal[:points])
        places = np.arange(len(matrix) - 1)
        matrix[places + 1, places] = self.beside[: len(places)]  # the lower triangle is read
        found, vectors = np.linalg.eigh(matrix)
        return self.middle + self.half * np.clip(found, -1, 1), self.mass * vectors[0] ** 2


def process(position: Real, weights: Real, points: int) -> Process:
    """As many steps as there are points, or places that carry weight; none without weight. position: descending."""
    middle, half = (position[0] + position[-1]) / 2, (position[0] - position[-1]) / 2
    mass = float(weights.sum())
    places = (position - middle) / half if half else np.zeros_like(position)
    basis = np.empty((points, position.size))
    diagonal, beside = [], []
    new = np.sqrt(weights / mass) if mass else weights
    for step in range(points if mass else 0):
        basis[step] = new
        new = places * new
        diagonal.append(float(basis[step] @ new))
        for _ in range(2):
            new = new - (basis[: step + 1] @ new) @ basis[: step + 1]
        size = float(np.sqrt(new @ new))
        if size < _EXHAUSTED:
            break
        beside.append(size)
        new = new / size
    return Process(
        middle=float(middle), half=float(half), mass=mass, diagonal=np.array(diagonal), beside=np.array(beside)
    )
