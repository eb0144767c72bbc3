"""The simulations of Lin et al.: their problem, and three ways to its risk on a grid of model sizes and samples.

Covariance j^-a with trace 1, label noise 1, isotropic prior on the target, one pass with batch size 1 and the geometric
schedule with peak 1/10, last iterate. The sketches of a replicate are nested: M features are the first M rows of one
Gaussian matrix, rescaled; so all points of a grid share what is random, as exponents want it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from riskcalc.curve import Run
from riskcalc.equivalent import Equivalent
from riskcalc.problem import PowerLaw, PowerLawSignal, Problem
from riskcalc.schedule import Custom, Geometric

Real = NDArray[np.float64]

PEAK = Fraction(1, 10)
NOISE = 1.0
_BLOCK = 2000  # columns of the Gaussian matrix held at a time


@dataclass(frozen=True, kw_only=True)
class Grid:
    """Model sizes and numbers of samples at one exponent a and dimension."""

    a: Fraction
    dimension: int
    model_sizes: tuple[int, ...]
    samples: tuple[int, ...]

    @property
    def words(self) -> str:
        sizes, counts = self.model_sizes, self.samples
        return f"M = {sizes[0]} to {sizes[-1]}, N = {counts[0]} to {counts[-1]}, in factors of 2"

    def eigenvalues(self) -> Real:
        powers = np.arange(1, self.dimension + 1, dtype=np.float64) ** -float(self.a)
        return np.asarray(powers / powers.sum())


@dataclass(frozen=True, kw_only=True, eq=False)
class Sketched:
    """One sketch in the eigenbasis of its covariance K.

    positions: l_i. weights: l_i theta*_i^2 averaged over the prior. start: theta*_i of one drawn target. approximation:
    averaged over the prior; drawn_approximation: of that target.
    """

    positions: Real
    weights: Real
    start: Real
    approximation: float
    drawn_approximation: float


def step_sizes(samples: int) -> Real:
    """gamma_t for t = 1..N."""
    return Geometric(PEAK).step_sizes(0, samples, horizon=samples)


def equivalent_grid(grid: Grid) -> Real:
    """The excess by the deterministic equivalent, shape (model sizes, samples)."""
    # an isotropic prior has the signal power of the spectrum itself: b = a
    scale = Fraction(float(grid.eigenvalues()[0]))
    spectrum = PowerLaw(a=grid.a, dimension=grid.dimension, scale=scale)
    problem = Problem(spectrum=spectrum, signal=PowerLawSignal(b=grid.a, scale=scale), noise=Fraction(1))
    road = Equivalent(tolerance=1e-6)

    def excess(size: int, count: int) -> float:
        schedule = Custom(step_sizes(count))  # step by step, the faster way for few steps
        return float(road.curve(Run(problem, model_size=size, schedule=schedule, steps=[count])).excess[0])

    return np.array([[excess(size, count) for count in grid.samples] for size in grid.model_sizes])


def draw(grid: Grid, seed: int) -> tuple[Sketched, ...]:
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


def _diagonal(covariance: Real, square: Real, cross: Real, signal: float) -> Sketched:
    """S H S^T, S H^2 S^T and S H w, in the eigenbasis of the first."""
    positions, basis = np.linalg.eigh(covariance)
    weights = np.einsum("ij,ij->j", basis, square @ basis) / positions
    projected = basis.T @ cross
    return Sketched(
        positions=positions,
        weights=weights,
        start=projected / positions,
        approximation=signal - float(weights.sum()),
        drawn_approximation=signal - float((projected**2 / positions).sum()),
    )


def recursion_grid(grid: Grid, replicates: Sequence[tuple[Sketched, ...]]) -> Real:
    """The exact excess of every replicate, averaged over the prior, shape (replicates, model sizes, samples)."""
    found = np.empty((len(replicates), len(grid.model_sizes), len(grid.samples)))
    for row in range(len(grid.model_sizes)):
        positions, weights, floor = _stacked(replicates, row, "positions", "weights", "approximation")
        for column, count in enumerate(grid.samples):
            state = weights.copy()
            for size in step_sizes(count):
                scaled = size * positions
                drive = state.sum(axis=1) + floor + NOISE
                state *= 1 - 2 * scaled + 2 * scaled**2
                state += scaled**2 * drive[:, None]
            found[:, row, column] = floor + state.sum(axis=1)
    return found


def simulated_grid(grid: Grid, replicates: Sequence[tuple[Sketched, ...]], *, runs: int, seed: int) -> Real:
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
        for column, count in enumerate(grid.samples):
            error = -start
            for size in step_sizes(count):
                generator.standard_normal(out=features)
                features *= spread
                missed = np.einsum("ri,ri->r", features, error) - noise * generator.standard_normal(len(noise))
                features *= (size * missed)[:, None]
                error = error - features
            excess = floor + (positions * error**2).sum(axis=1)
            found[:, row, column] = excess.reshape(len(replicates), runs).mean(axis=1)
    return found


def _stacked(replicates: Sequence[tuple[Sketched, ...]], row: int, *names: str) -> list[Any]:
    return [np.array([getattr(one[row], name) for one in replicates]) for name in names]
