"""Laws of a loss curve under a schedule: what one is, and two published ones from their formulas."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import product
from typing import ClassVar, Protocol

import numpy as np

from riskcalc.fitting.run_times import RunTimes
from riskcalc.quantity import Real


class CurveLaw(Protocol):
    """A loss, linear with coefficients >= 0 in columns that a few more parameters shape.

    Step sizes are in units of the largest one of all curves.
    """

    @property
    def name(self) -> str:
        """For reports."""

    def starts(self, longest: float) -> Real:
        """Of those parameters, shape (starts, parameters); longest: the largest sum of step sizes of a run."""

    def beside(self, parameters: Real, shifts: Real) -> Real:
        """Parameters of other fits about as good, by these shifts along the valley of them; coefficients as logarithms.

        Shape (shifts, parameters); as given where the law has no such valley.
        """

    def design(self, runs: Sequence[RunTimes], shapes: Real) -> Real:
        """The columns at the records of all runs, one run after another, shape (shapes, records, columns)."""


def one_by_one(columns: Callable[[RunTimes, Real], Real], runs: Sequence[RunTimes], shapes: Real) -> Real:
    """A design from the columns of one run for one shape."""
    return np.array([np.vstack([columns(run, shape) for run in runs]) for shape in shapes])


@dataclass(frozen=True, kw_only=True)
class MomentumLaw:
    """L = L_0 + A S_1^-alpha - C S_2, S_2 = sum_i sum_(k <= i) (g_(k-1) - g_k) 0.999^(i - k).

    Source: Tissue et al. 2024, equation 1.
    """

    memory: ClassVar[float] = 0.999

    @property
    def name(self) -> str:
        return "momentum law"

    def starts(self, longest: float) -> Real:
        """log alpha."""
        return np.log([[0.2], [0.35], [0.5], [0.7], [1.0]])

    def beside(self, parameters: Real, shifts: Real) -> Real:
        return np.repeat(parameters[None], len(shifts), axis=0)

    def design(self, runs: Sequence[RunTimes], shapes: Real) -> Real:
        return one_by_one(self.columns, runs, shapes)

    def columns(self, run: RunTimes, shape: Real) -> Real:
        there, moved = run.at_records, np.flatnonzero(run.falls)
        since = np.maximum(run.steps[:, None] - run.pieces.edges[None, 1:-1][:, moved], 0.0)
        annealed = ((1 - self.memory**since) / (1 - self.memory)) @ run.falls[moved]
        return np.column_stack([np.ones_like(there), there ** -float(np.exp(shape[0])), -annealed])


@dataclass(frozen=True, kw_only=True)
class MultiPowerLaw:
    """L = L_0 + A S_1^-alpha - B sum_k (g_(k-1) - g_k) [1 - (1 + C g_k^-gamma S_k)^-beta], S_k the sum of g from k on.

    Source: Luo et al. 2025, equations 1 to 3.
    """

    @property
    def name(self) -> str:
        return "multi-power law"

    def starts(self, longest: float) -> Real:
        """log alpha, log C, log beta, gamma."""
        scales = np.array([0.0, 2.0, 4.0, 6.0]) - np.log(longest)
        return np.array(list(product(np.log([0.25, 0.5, 0.9]), scales, np.log([0.3, 0.7]), (0.4, 1.0))))

    def beside(self, parameters: Real, shifts: Real) -> Real:
        return np.repeat(parameters[None], len(shifts), axis=0)

    def design(self, runs: Sequence[RunTimes], shapes: Real) -> Real:
        return one_by_one(self.columns, runs, shapes)

    def columns(self, run: RunTimes, shape: Real) -> Real:
        there, moved = run.at_records, np.flatnonzero(run.falls)
        since = np.maximum(there[:, None] - run.total[None, 1:-1][:, moved], 0.0)
        after = np.maximum(run.pieces.sizes[1:][moved], 1e-6)
        scaled = 1 + np.exp(shape[1]) * after ** -shape[3] * since
        reduced = (1 - scaled ** -np.exp(shape[2])) @ run.falls[moved]
        return np.column_stack([np.ones_like(there), there ** -float(np.exp(shape[0])), -reduced])
