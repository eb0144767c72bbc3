"""SGD as it is written: covariates drawn in the ambient space, then sketched."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from riskcalc.problem import Problem, Regression
from riskcalc.quantity import of_type
from riskcalc.simulation.best_linear import best_linear
from riskcalc.simulation.covariates import CovariateLaw, Gaussian
from riskcalc.simulation.data_rows import DataRows
from riskcalc.simulation.drawn_outputs import AmbientDrawnOutputs
from riskcalc.simulation.drawn_targets import Features
from riskcalc.simulation.many_outputs import AmbientOutputs
from riskcalc.simulation.source import Runs, SampleStream, Source, Values, squared_norms
from riskcalc.simulation.streams import generator, part_of

_TILE = 128  # samples sketched by one matrix product
# A multiply-add inside a matrix product takes about a hundredth of the time of drawing a normal.
_PRODUCT_COST = 0.01


@dataclass(frozen=True, kw_only=True)
class Ambient:
    """Simulate the covariates x themselves, of any law.

    Formula: x_j = sqrt(lambda_j) xi_j, y = <w, x> + sqrt(sigma2) eps with eps standard normal; features S x.
    covariates: the law of xi, Gaussian(), Rademacher(), StudentT(df), KernelFeatures(kernel) or any CovariateLaw; or
        DataRows(features, labels), whose rows are drawn as they are, with their own labels.
    """

    covariates: CovariateLaw | DataRows = field(default_factory=Gaussian)

    def __post_init__(self) -> None:
        laws = "Gaussian(), Rademacher(), StudentT(df), KernelFeatures(kernel) or DataRows(features, labels)"
        of_type(self.covariates, CovariateLaw | DataRows, "covariates", laws)

    def source(self, problem: Regression, sketch: Values) -> Source:
        """The samples for one sketch, shape (M, v)."""
        if isinstance(self.covariates, DataRows):
            return self.covariates.source(problem, sketch)
        if not isinstance(problem, Problem):
            source = AmbientDrawnOutputs if problem.random_target else AmbientOutputs
            return source.of(problem, sketch, self.covariates)
        noise_scale = float(np.sqrt(float(problem.noise)))
        if problem.random_target:
            return AmbientPriorSource(
                mixing=sketch * np.sqrt(problem.eigenvalues()),
                features=Features.of(problem, sketch),
                law=self.covariates,
                noise_scale=noise_scale,
            )
        scale = np.sqrt(problem.eigenvalues())
        features, target = sketch * scale, scale * problem.target()
        return AmbientSource(
            mixing=np.vstack([features, target]),
            law=self.covariates,
            noise_scale=noise_scale,
            approximation=best_linear(features.T, target).residual,
        )

    def cost(self, *, model_size: int, dimension: int) -> float:
        """Element updates a sample."""
        if isinstance(self.covariates, DataRows):
            return 2 * model_size
        return model_size + dimension + _PRODUCT_COST * model_size * dimension

    def describe(self) -> dict[str, Any]:
        return {"name": "ambient", "covariates": self.covariates.describe()}


@dataclass(frozen=True, kw_only=True, eq=False)
class AmbientSource:
    """mixing: what takes xi to (S x, <w, x>), shape (M + 1, v)."""

    mixing: Values
    law: CovariateLaw
    noise_scale: float
    approximation: float
    tile: int = _TILE

    @property
    def start(self) -> Values:
        return np.zeros(self.mixing.shape[0] - 1)

    def stream(self, seed: np.random.SeedSequence) -> SampleStream:
        return _AmbientStream(
            covariates=generator(part_of(seed, 0)), noise=generator(part_of(seed, 1)), source=self
        )

    def excess(self, parameters: Values) -> Values:
        return squared_norms(self._missed, parameters, size=self.mixing.shape[1])

    def _missed(self, parameters: Values) -> Values:
        # One product a run: the rounding of a joint product would depend on how many runs there are.
        return np.asarray(np.matmul(parameters[:, None, :], self.mixing[:-1])[:, 0, :] - self.mixing[-1])


@dataclass(frozen=True, kw_only=True, eq=False)
class _AmbientStream:
    covariates: np.random.Generator
    noise: np.random.Generator
    source: AmbientSource | _OwnTarget

    def fill(self, samples: Values) -> None:
        mixing = self.source.mixing
        for first in range(0, len(samples), _TILE):
            part = samples[first : first + _TILE]
            drawn = self.source.law.draw(self.covariates, (len(part), mixing.shape[1]))
            if len(part) < _TILE:
                # All products have one shape: a sample's rounding does not depend on where a read ends.
                drawn = np.vstack([drawn, np.zeros((_TILE - len(part), mixing.shape[1]))])
            part[:] = (drawn @ mixing.T)[: len(part)]
        samples[:, -1] += self.source.noise_scale * self.noise.standard_normal(len(samples))


@dataclass(frozen=True, kw_only=True, eq=False)
class _OwnTarget:
    """What one run draws from: the common features and its own target; joined only while samples are drawn."""

    features: Values
    target: Values
    law: CovariateLaw
    noise_scale: float

    @property
    def mixing(self) -> Values:
        return np.vstack([self.features, self.target])


@dataclass(frozen=True, kw_only=True, eq=False)
class AmbientPriorSource:
    """Each run with its own target. mixing: what takes xi to S x, shape (M, v)."""

    mixing: Values
    features: Features
    law: CovariateLaw
    noise_scale: float
    tile: int = _TILE

    @property
    def start(self) -> Values:
        return np.zeros(self.mixing.shape[0])

    @property
    def approximation(self) -> float:
        return self.features.approximation

    @property
    def kept(self) -> int:
        return int(self.mixing.shape[1])

    def runs(self, seeds: Sequence[np.random.SeedSequence]) -> Runs:
        targets = [self.features.target(seed) for seed in seeds]

        def excess(parameters: Values) -> Values:
            missed = (theta @ self.mixing - target for theta, target in zip(parameters, targets, strict=True))
            return np.array([vector @ vector for vector in missed])

        streams = [
            _AmbientStream(
                covariates=generator(part_of(seed, 0)),
                noise=generator(part_of(seed, 1)),
                source=_OwnTarget(
                    features=self.mixing, target=target, law=self.law, noise_scale=self.noise_scale
                ),
            )
            for seed, target in zip(seeds, targets, strict=True)
        ]
        return Runs(start=np.zeros((len(seeds), self.mixing.shape[0])), streams=streams, excess=excess)
