"""The simulations of Lin et al. on drawn sketches: their exact risk, and SGD itself.

The sketches of a replicate are nested: M features are the first M rows of one Gaussian matrix, rescaled; so all points
of a grid share what is random, as exponents want it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from riskcalc.presets.lin2024 import NOISE
from riskcalc.quantity import Real
from riskcalc.reproduce.lin2024_setting import Grid, step_sizes

_BLOCK = 2000  # columns of the Gaussian matrix held at a time


@dataclass(frozen=True, kw_only=True, eq=False)
class OneSketch:
    """One sketch in the eigenbasis of its covariance K.

    positions: l_i. weights: l_i theta*_i^2 averaged over the prior. start: theta*_i of one drawn target. approximation:
    averaged over the prior; drawn_approximation: of that target.
    """

    positions: Real
    weights: Real
    start: Real
    approximation: float
    drawn_approximation: float


def draw(grid: Grid, seed: int) -> tuple[OneSketch, ...]:
    """One replicate: a sketch for every model size, and one target."""
    generator = np.random.default_rng(np.random.SeedSequence([2406, 8466, seed]))
    eigenvalues, most = grid.eigenvalues(), grid.model_sizes[-1]
    signs = generator.choice([-1.0, 1.0], grid.dimension)  # isotropic, like the Gaussian prior, and less scattered
    once, twice, seen = np.zeros((most, most)), np.zeros((most, most)), np.zeros(most)
    for first in range(0, grid.dimension, _BLOCK):
        part = eigenvalues[first : first + _BLOCK]
        rows = generator.standard_normal((most, part.size)) * np.sqrt(part)
        once += rows @ rows.T
        rows *= np.sqrt(part)
        twice += rows @ rows.T
        seen += rows @ signs[first : first + _BLOCK]
    signal = float(eigenvalues.sum())
    return tuple(
        _diagonal(once[:size, :size] / size, twice[:size, :size] / size, seen[:size] / np.sqrt(size), signal)
        for size in grid.model_sizes
    )


def _diagonal(covariance: Real, square: Real, cross: Real, signal: float) -> OneSketch:
    """S H S^T, S H^2 S^T and S H w, in the eigenbasis of the first."""
    positions, basis = np.linalg.eigh(covariance)
    weights = np.einsum("ij,ij->j", basis, square @ basis) / positions
    projected = basis.T @ cross
    return OneSketch(
        positions=positions,
        weights=weights,
        start=projected / positions,
        approximation=signal - float(weights.sum()),
        drawn_approximation=signal - float((projected**2 / positions).sum()),
    )


def recursion_grid(grid: Grid, replicates: Sequence[tuple[OneSketch, ...]]) -> Real:
    """The exact excess of every replicate, averaged over the prior, shape (replicates, model sizes, samples)."""
    found = np.empty((len(replicates), len(grid.model_sizes), len(grid.samples)))
    for row in range(len(grid.model_sizes)):
        positions, weights, floor = _stacked(replicates, row, "positions", "weights", "approximation")
        for schedule, columns in _passes(grid):
            moments = _SecondMoments(positions, weights, floor)
            for count, size in enumerate(schedule, start=1):
                moments.advance(size)
                if count in columns:
                    state = moments.squares / count**2 if grid.averaged else moments.state
                    found[:, row, columns[count]] = floor + state.sum(axis=1)
    return found


class _SecondMoments:
    """l_i E e_i^2 of the error e_t, the same of the sum of e_0..e_(t-1), and of the product of the two (D24)."""

    def __init__(self, positions: Real, weights: Real, floor: Real) -> None:
        self.positions, self.floor = positions, floor
        self.state, self.products, self.squares = weights.copy(), np.zeros_like(weights), np.zeros_like(weights)

    def advance(self, size: float) -> None:
        scaled = size * self.positions
        drive = self.state.sum(axis=1) + self.floor + NOISE
        self.squares += 2 * self.products + self.state
        self.products = (1 - scaled) * (self.products + self.state)
        self.state *= 1 - 2 * scaled + 2 * scaled**2
        self.state += scaled**2 * drive[:, None]


def simulated_grid(grid: Grid, replicates: Sequence[tuple[OneSketch, ...]], *, runs: int, seed: int) -> Real:
    """The excess of SGD really run on every sketch and for every number of samples, averaged over `runs`; same shape.

    Features and the residual of the best model are drawn in the eigenbasis, where they are independent normals (D04).
    """
    generator = np.random.default_rng(np.random.SeedSequence([8466, 2406, seed]))
    found = np.empty((len(replicates), len(grid.model_sizes), len(grid.samples)))
    for row in range(len(grid.model_sizes)):
        stacked = _stacked(replicates, row, "positions", "start", "drawn_approximation")
        positions, start, floor = (np.repeat(values, runs, axis=0) for values in stacked)
        spread, noise = np.sqrt(positions), np.sqrt(floor + NOISE)
        features = np.empty_like(spread)
        for schedule, columns in _passes(grid):
            error, total = -start, np.zeros_like(start)
            for count, size in enumerate(schedule, start=1):
                if grid.averaged:
                    total += error
                generator.standard_normal(out=features)
                features *= spread
                missed = np.einsum("ri,ri->r", features, error) - noise * generator.standard_normal(len(noise))
                features *= (size * missed)[:, None]
                error = error - features
                if count in columns:
                    model = total / count if grid.averaged else error
                    excess = floor + (positions * model**2).sum(axis=1)
                    found[:, row, columns[count]] = excess.reshape(len(replicates), runs).mean(axis=1)
    return found


def _passes(grid: Grid) -> Iterator[tuple[Real, dict[int, int]]]:
    """Step sizes of each pass over samples, and the columns of the grid that it fills at which step.

    The halving schedule depends on N, so every N is a pass of its own; a constant step size serves all in one.
    """
    every = {count: column for column, count in enumerate(grid.samples)}
    if grid.averaged:
        yield step_sizes(grid, grid.samples[-1]), every
    else:
        for count, column in every.items():
            yield step_sizes(grid, count), {count: column}


def _stacked(replicates: Sequence[tuple[OneSketch, ...]], row: int, *names: str) -> list[Any]:
    return [np.array([getattr(one[row], name) for one in replicates]) for name in names]
