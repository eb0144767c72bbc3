"""SGD in the eigenbasis of the features' covariance: the ambient simulation's equal in law for Gaussian x."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from riskcalc.problem import Problem, Regression
from riskcalc.simulation.best_linear import best_linear
from riskcalc.simulation.drawn_outputs import DrawnTargets, ReducedDrawnOutputs
from riskcalc.simulation.drawn_targets import Features
from riskcalc.simulation.many_outputs import ReducedOutputs
from riskcalc.simulation.source import Runs, SampleStream, Source, Values, row_sums
from riskcalc.simulation.streams import generator


@dataclass(frozen=True)
class Reduced:
    """Simulate the features directly, never the covariates.

    For Gaussian x the features S x and the residual of the best linear model on them are jointly Gaussian and
    uncorrelated, so they are independent. In the eigenbasis of K = S Lambda S^T the features are independent
    normals of variance l_i, the residual is a normal of variance approximation + sigma2, and a step costs
    O(M B) instead of O(v M B).
    Valid: Gaussian covariates and Gaussian label noise; any other law needs `Ambient`.
    For a random target each run draws its own.
    Source: D04, D25.
    """

    def source(self, problem: Regression, sketch: Values) -> Source:
        """The samples for one sketch, shape (M, v)."""
        if not isinstance(problem, Problem):
            if problem.random_target:
                return ReducedDrawnOutputs(targets=DrawnTargets.of(problem, sketch))
            return ReducedOutputs.of(problem, sketch)
        if problem.random_target:
            return ReducedPriorSource(features=Features.of(problem, sketch), noise=float(problem.noise))
        scale = np.sqrt(problem.eigenvalues())
        best = best_linear((sketch * scale).T, scale * problem.target())
        return ReducedSource(
            scales=best.singular_values,
            start=-best.projections / best.singular_values,
            approximation=best.residual,
            residual_scale=float(np.sqrt(best.residual + float(problem.noise))),
        )

    def cost(self, *, model_size: int, dimension: int) -> float:
        """Element updates a sample."""
        return model_size + 1

    def describe(self) -> dict[str, Any]:
        return {"name": "reduced"}


@dataclass(frozen=True, kw_only=True, eq=False)
class ReducedSource:
    """Parameters are theta - theta*, so the label of a sample is the residual of the best linear model.

    scales: sqrt(l_i), shape (rank of K,); directions in which K vanishes never move and are left out.
    """

    scales: Values
    start: Values
    approximation: float
    residual_scale: float
    tile: int = 1

    def stream(self, seed: np.random.SeedSequence) -> SampleStream:
        return _ReducedStream(generator=generator(seed), scales=np.append(self.scales, self.residual_scale))

    def excess(self, parameters: Values) -> Values:
        return self.approximation + row_sums((parameters * self.scales) ** 2)


@dataclass(frozen=True, kw_only=True, eq=False)
class _ReducedStream:
    generator: np.random.Generator
    scales: Values

    def fill(self, samples: Values) -> None:
        self.generator.standard_normal(out=samples)
        samples *= self.scales


@dataclass(frozen=True, kw_only=True, eq=False)
class ReducedPriorSource:
    """Each run with its own target, and so with its own start, approximation error and residual."""

    features: Features
    noise: float
    tile: int = 1

    @property
    def start(self) -> Values:
        """Of the mean target."""
        return np.zeros(self.features.scales.size)

    @property
    def approximation(self) -> float:
        return self.features.approximation

    @property
    def kept(self) -> int:
        return 0

    def runs(self, seeds: Sequence[np.random.SeedSequence]) -> Runs:
        basis, scales = self.features.basis, self.features.scales
        starts, floors, streams = np.empty((len(seeds), scales.size)), np.empty(len(seeds)), list[SampleStream]()
        for place, seed in enumerate(seeds):
            target = self.features.target(seed)
            projections = basis.T @ target
            missed = target - basis @ projections
            starts[place], floors[place] = -projections / scales, missed @ missed
            residual_scale = np.sqrt(floors[place] + self.noise)
            streams.append(_ReducedStream(generator=generator(seed), scales=np.append(scales, residual_scale)))
        return Runs(
            start=starts,
            streams=streams,
            excess=lambda parameters: floors + row_sums((parameters * scales) ** 2),
        )
