"""The simulations of Lin et al.: their grids of model sizes and samples, and the risk on them without drawing a sketch.

Covariance j^-a with trace 1, label noise 1, isotropic prior on the target, one pass with batch size 1 and step size
1/10: halved log2 N times with the last iterate (figure 1), or constant with the average of the iterates (figure 3).
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from riskcalc.curve import IterateAverage, Run
from riskcalc.equivalent import Equivalent
from riskcalc.presets.lin2024 import effective_samples, lin2024, trace_normalised
from riskcalc.quantity import Real
from riskcalc.schedule import listed_sizes


@dataclass(frozen=True, kw_only=True)
class Grid:
    """Model sizes and numbers of samples at one exponent a and dimension; averaged: of the iterates."""

    a: Fraction
    dimension: int
    model_sizes: tuple[int, ...]
    samples: tuple[int, ...]
    averaged: bool = False

    @property
    def words(self) -> str:
        sizes, counts = self.model_sizes, self.samples
        return f"M = {sizes[0]} to {sizes[-1]}, N = {counts[0]} to {counts[-1]}, in factors of 2"

    @property
    def iterate(self) -> str:
        return "average of the iterates" if self.averaged else "last iterate"

    @property
    def counted(self) -> Real:
        """What their fit takes for samples: N_eff, and N where iterates are averaged; shape (samples,)."""
        return np.array([count if self.averaged else effective_samples(count) for count in self.samples], dtype=float)

    def eigenvalues(self) -> Real:
        return trace_normalised(self.a, dimension=self.dimension).eigenvalues()

    def run(self, model_size: int, *counts: int) -> Run:
        """The run of the last of these numbers of samples; with averages it passes the others on its way."""
        return lin2024(
            a=self.a,
            model_size=model_size,
            samples=counts[-1],
            steps=counts,
            dimension=self.dimension,
            averaging=IterateAverage() if self.averaged else None,
        )


def step_sizes(grid: Grid, samples: int) -> Real:
    """gamma_t for t = 1..N."""
    schedule = grid.run(1, samples).schedule
    return listed_sizes(schedule, 0, samples, horizon=samples)


def equivalent_grid(grid: Grid) -> Real:
    """The excess by the deterministic equivalent, shape (model sizes, samples)."""
    road = Equivalent(tolerance=1e-6)

    def row(size: int) -> list[float]:
        if grid.averaged:
            return [float(value) for value in road.curve(grid.run(size, *grid.samples)).excess]
        return [float(road.curve(grid.run(size, count)).excess[0]) for count in grid.samples]

    return np.array([row(size) for size in grid.model_sizes])
