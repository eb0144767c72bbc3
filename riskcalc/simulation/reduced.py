"""SGD in the eigenbasis of the features' covariance: the ambient simulation's equal in law for Gaussian x."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from riskcalc.problem import Regression
from riskcalc.quantity import Real
from riskcalc.simulation.best_linear import Learnt, learnt
from riskcalc.simulation.source import Runs, Source, row_sums
from riskcalc.simulation.streams import generator
from riskcalc.simulation.targets import Targets
from riskcalc.simulation.tiles import TILE, mixed


@dataclass(frozen=True)
class Reduced:
    """Simulate the features directly, never the covariates.

    For Gaussian x the features S x and the residual of the best linear model on them are jointly Gaussian and
    uncorrelated, so they are independent. In the eigenbasis of K = S Lambda S^T the features are independent
    normals of variance l_i, the residual is a normal of variance approximation + sigma2, and a step costs O(M B)
    instead of O(v M B).

    For a random target each run draws its own.

    Notes
    -----
    Valid: Gaussian covariates and Gaussian label noise; any other law needs `Ambient`.

    Source: D04, D25.

    Examples
    --------
    >>> from riskcalc import MonteCarlo
    >>> MonteCarlo(runs=10, simulator=Reduced()).simulator
    Reduced()
    """

    name: ClassVar[str] = "reduced"

    def source(self, problem: Regression, sketch: Real) -> Source:
        """The samples for one sketch, shape (M, v)."""
        return ReducedSource(learnt=learnt(problem, Targets.of(problem), sketch))

    def cost(self, *, model_size: int, dimension: int) -> float:
        """Element updates a sample."""
        return model_size + 1

    def describe(self) -> dict[str, Any]:
        return {"name": self.name}


@dataclass(frozen=True, kw_only=True, eq=False)
class ReducedSource:
    """Parameters are theta_k - theta*_k, so the labels of a sample are the residuals of the best linear models."""

    learnt: Learnt

    @property
    def approximation(self) -> Real:
        return self.learnt.approximation

    @property
    def shape(self) -> tuple[int, int]:
        return len(self.approximation), len(self.learnt.scales)

    @property
    def tile(self) -> int:
        return 1 if len(self.approximation) == 1 else TILE

    @property
    def kept(self) -> int:
        return self.learnt.kept

    def runs(self, seeds: Sequence[np.random.SeedSequence]) -> Runs:
        best, scales = [self.learnt.of_run(seed) for seed in seeds], self.learnt.scales
        missed = np.stack([one.missed for one in best])
        return Runs(
            start=-np.stack([one.parameters for one in best]),
            streams=[
                _ReducedStream(generator=generator(seed), scales=scales, residual_root=one.residual_root)
                for seed, one in zip(seeds, best, strict=True)
            ],
            excess=lambda parameters: missed + row_sums((parameters * scales) ** 2),
        )


@dataclass(frozen=True, kw_only=True, eq=False)
class _ReducedStream:
    generator: np.random.Generator
    scales: Real
    residual_root: Real

    def fill(self, samples: Real) -> None:
        self.generator.standard_normal(out=samples)
        if self.residual_root.size == 1:
            samples *= np.append(self.scales, self.residual_root)  # one pass: half the time where features are few
            return
        features, labels = np.split(samples, [len(self.scales)], axis=1)
        features *= self.scales
        labels[:] = mixed(labels, self.residual_root)
