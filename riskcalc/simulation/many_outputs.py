"""SGD on several outputs at once: one stream of features, a P x M matrix of parameters, correlated label noise.

Formula: Theta <- Theta - (gamma/B) sum_i (Theta z_i - y_i) z_i^T, with rows theta_k. Source: D29.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from riskcalc.errors import InvalidInput
from riskcalc.problem import MultipleOutputs, Regression
from riskcalc.simulation.covariates import CovariateLaw
from riskcalc.simulation.source import SampleStream, Values, row_sums
from riskcalc.simulation.streams import generator, part_of

MOST = 2000  # outputs; beyond it the covariance of the labels alone takes more than 32 MB
_TILE = 128
_MOST_MISSED = 2**20


@dataclass(frozen=True, kw_only=True, eq=False)
class Targets:
    """What several outputs ask of given features, each in its principal coordinates.

    scales: of the features, shape (rank,). best: theta* of every output, shape (P, rank). residuals: covariance of what
    the best linear models leave, label noise not included, shape (P, P).
    """

    scales: Values
    best: Values
    residuals: Values


def targets_on(features: Values, targets: Values) -> Targets:
    """Least squares of several targets, shape (v, P), on features of shape (v, M)."""
    # as for one target: the triangular factor of (features, targets) holds the whole problem
    triangular = np.asarray(np.linalg.qr(np.column_stack([features, targets]), mode="r"))
    width = features.shape[1]
    left, singular_values, _ = np.linalg.svd(triangular[:, :width], full_matrices=False)
    kept = singular_values > singular_values[0] * max(features.shape) * np.finfo(np.float64).eps
    asked = triangular[:, width:]
    projections = left[:, kept].T @ asked
    distance = asked - left[:, kept] @ projections
    return Targets(
        scales=singular_values[kept],
        best=(projections / singular_values[kept, None]).T,
        residuals=distance.T @ distance,
    )


def outputs_of(problem: Regression) -> int:
    """The number of outputs, refused where there are more than can be simulated."""
    if not isinstance(problem, MultipleOutputs):
        return 1
    if problem.outputs > MOST:
        raise InvalidInput(
            f"{problem.outputs} outputs are too many to simulate (at most {MOST}): ask for fewer, or use another road"
        )
    return problem.outputs


@dataclass(frozen=True, kw_only=True, eq=False)
class ReducedOutputs:
    """The reduced simulator's source: parameters are theta_k - theta*_k, labels the residuals of the best models.

    factor: residual labels are factor times independent normals; shape (P, P).
    """

    scales: Values
    start: Values
    approximation: Values
    factor: Values
    tile: int = _TILE

    @classmethod
    def of(cls, problem: MultipleOutputs, sketch: Values) -> ReducedOutputs:
        """For Gaussian covariates: given the sketch, features and residuals are jointly Gaussian and independent."""
        scale = np.sqrt(problem.eigenvalues())
        found = targets_on((sketch * scale).T, _weighted(problem, scale).T)
        return cls(
            scales=found.scales,
            start=-found.best,
            approximation=np.diagonal(found.residuals),
            factor=square_root(found.residuals + problem.noise_covariance()),
        )

    def stream(self, seed: np.random.SeedSequence) -> SampleStream:
        return _ReducedStream(generator=generator(seed), source=self)

    def excess(self, parameters: Values) -> Values:
        """Of every run and output."""
        return np.asarray(self.approximation + row_sums((parameters * self.scales) ** 2))


@dataclass(frozen=True, kw_only=True, eq=False)
class _ReducedStream:
    generator: np.random.Generator
    source: ReducedOutputs

    def fill(self, samples: Values) -> None:
        self.generator.standard_normal(out=samples)
        width = len(self.source.scales)
        samples[:, :width] *= self.source.scales
        samples[:, width:] = _mixed(samples[:, width:], self.source.factor)


@dataclass(frozen=True, kw_only=True, eq=False)
class AmbientOutputs:
    """The ambient simulator's source. mixing: what takes xi to (S x, <w_k, x>), shape (M + P, v).

    factor: label noises are factor times independent normals; shape (P, P).
    """

    mixing: Values
    law: CovariateLaw
    outputs: int
    factor: Values
    approximation: Values
    tile: int = _TILE

    @classmethod
    def of(cls, problem: MultipleOutputs, sketch: Values, law: CovariateLaw) -> AmbientOutputs:
        """For covariates of any law."""
        scale = np.sqrt(problem.eigenvalues())
        features, targets = sketch * scale, _weighted(problem, scale)
        return cls(
            mixing=np.vstack([features, targets]),
            law=law,
            outputs=problem.outputs,
            factor=square_root(problem.noise_covariance()),
            approximation=np.diagonal(targets_on(features.T, targets.T).residuals),
        )

    @property
    def start(self) -> Values:
        return np.zeros((self.outputs, len(self.mixing) - self.outputs))

    def stream(self, seed: np.random.SeedSequence) -> SampleStream:
        return AmbientStream(covariates=generator(part_of(seed, 0)), noise=generator(part_of(seed, 1)), source=self)

    def excess(self, parameters: Values) -> Values:
        """Of every run and output."""
        features, targets = self.mixing[: -self.outputs], self.mixing[-self.outputs :]
        most = max(1, _MOST_MISSED // targets.size)
        parts = [parameters[first : first + most] for first in range(0, len(parameters), most)]
        return np.concatenate([row_sums((np.matmul(part, features) - targets) ** 2) for part in parts])


class Mixed(Protocol):
    """What an ambient run draws from, named as in `AmbientOutputs`."""

    @property
    def mixing(self) -> Values: ...
    @property
    def law(self) -> CovariateLaw: ...
    @property
    def outputs(self) -> int: ...
    @property
    def factor(self) -> Values: ...


@dataclass(frozen=True, kw_only=True, eq=False)
class AmbientStream:
    """The samples of one ambient run: covariates and label noises have streams of their own."""

    covariates: np.random.Generator
    noise: np.random.Generator
    source: Mixed

    def fill(self, samples: Values) -> None:
        mixing, outputs = self.source.mixing, self.source.outputs
        for first in range(0, len(samples), _TILE):
            part = samples[first : first + _TILE]
            drawn = _tile(self.source.law.draw(self.covariates, (len(part), mixing.shape[1])))
            part[:] = (drawn @ mixing.T)[: len(part)]
        samples[:, -outputs:] += _mixed(self.noise.standard_normal((len(samples), outputs)), self.source.factor)


def _weighted(problem: MultipleOutputs, scale: Values) -> Values:
    """Lambda^(1/2) w_k, shape (P, v)."""
    return np.stack([scale * output.target() for output in problem.written_out()])


def square_root(covariance: Values) -> Values:
    """A square root of a covariance, which may be singular: fully correlated outputs."""
    values, vectors = np.linalg.eigh(covariance)
    return np.asarray(vectors * np.sqrt(np.maximum(values, 0.0)))


def _mixed(normals: Values, factor: Values) -> Values:
    """Rows factor @ xi; every product has one shape, so that a row's rounding does not depend on where a read ends."""
    parts: Sequence[Values] = [
        (_tile(normals[first : first + _TILE]) @ factor.T)[: len(normals) - first]
        for first in range(0, len(normals), _TILE)
    ]
    return np.concatenate(parts)


def _tile(rows: Values) -> Values:
    """The rows, filled up to a whole tile."""
    if len(rows) == _TILE:
        return rows
    return np.vstack([rows, np.zeros((_TILE - len(rows), rows.shape[1]))])
