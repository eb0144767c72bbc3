"""The targets that runs learn, one an output: the same for every run, or drawn anew for each. Source: D25, D29."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from riskcalc.problem import Regression
from riskcalc.quantity import Real
from riskcalc.simulation.source import row_sums
from riskcalc.simulation.streams import generator, part_of

_TARGET = 2  # the place of a target's stream below its run's seed, after covariates and noise


@dataclass(frozen=True, kw_only=True, eq=False)
class Targets:
    """Lambda^{1/2} w_k of P outputs.

    fixed: where w_k is given, zero where it is drawn, shape (P, v). spread: standard deviation where w_k is drawn, zero
    where it is given, shape (P, v). drawn: whether any output's is.
    """

    fixed: Real
    spread: Real
    drawn: bool

    @classmethod
    def of(cls, problem: Regression) -> Targets:
        outputs = problem.written_out()
        sizes = np.sqrt(problem.eigenvalues()) * np.stack([output.target_size() for output in outputs])
        drawn = np.array([output.random_target for output in outputs])[:, None]
        return cls(
            fixed=np.where(drawn, 0.0, sizes), spread=np.where(drawn, sizes, 0.0), drawn=problem.random_target
        )

    def of_runs(self, seeds: Sequence[np.random.SeedSequence]) -> Real:
        """Of the runs with these seeds, shape (runs, P, v)."""
        if not self.drawn:
            return np.broadcast_to(self.fixed, (len(seeds), *self.fixed.shape))
        return np.stack([self.of_run(seed) for seed in seeds])

    def of_run(self, seed: np.random.SeedSequence) -> Real:
        """Of the run with this seed, shape (P, v)."""
        if not self.drawn:
            return self.fixed
        drawn = generator(part_of(seed, _TARGET)).standard_normal(self.spread.shape)
        return np.asarray(self.fixed + self.spread * drawn)

    def squared(self, missed: Real) -> Real:
        """The squared length of what a model misses of each output, shape (..., P, v)."""
        if self.drawn and missed.shape[-2] == 1:
            # Another order of adding up, kept: what a seed gives does not change by a digit between versions.
            return np.asarray(np.matmul(missed, missed.swapaxes(-1, -2))[..., 0])
        return row_sums(missed**2)
