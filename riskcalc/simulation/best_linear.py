"""The best linear models on given features, by orthogonal transformations: for given targets, or for drawn ones.

Features of all runs are rows of A = Lambda^{1/2} S^T, shape (v, M); directions in which they vanish are left out.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

import numpy as np

from riskcalc.problem import Regression
from riskcalc.quantity import Real
from riskcalc.simulation.source import row_sums
from riskcalc.simulation.targets import Targets


@dataclass(frozen=True, kw_only=True, eq=False)
class BestLinear:
    """theta*_k of the outputs of one run, in the features' principal coordinates.

    parameters: shape (P, rank). missed: the least squared distances, shape (P,). residuals: covariance of what the best
    models leave of the labels, label noise included, shape (P, P).
    """

    parameters: Real
    missed: Real
    residuals: Real

    @cached_property
    def residual_root(self) -> Real:
        """A square root of the residuals' covariance."""
        return square_root(self.residuals)


class Learnt(Protocol):
    """What linear models on the features make of the targets.

    scales: standard deviations of the features in their principal coordinates, shape (rank,).
    """

    @property
    def scales(self) -> Real: ...

    @property
    def approximation(self) -> Real:
        """The least squared distances, for drawn targets their mean, shape (P,)."""

    @property
    def kept(self) -> int:
        """How many numbers the models of each run hold by themselves, but for their parameters."""

    def of_run(self, seed: np.random.SeedSequence) -> BestLinear:
        """The best models for the targets of the run with this seed."""


def learnt(problem: Regression, targets: Targets, sketch: Real) -> Learnt:
    """The best linear models on S x, for a sketch of shape (M, v)."""
    features, noise = (sketch * np.sqrt(problem.eigenvalues())).T, problem.noise_covariance()
    if targets.drawn:
        return _EachRun.of(features, targets, noise)
    scales, best = best_linear(features, targets.fixed.T, noise)
    return _Once(scales=scales, best=best)


def best_linear(features: Real, targets: Real, noise: Real) -> tuple[Real, BestLinear]:
    """Singular values of the features, and the least-squares models; targets of shape (v, P), noise (P, P).

    >>> scales, best = best_linear(np.array([[3.0], [0.0]]), np.array([[1.0], [2.0]]), np.zeros((1, 1)))
    >>> scales.tolist(), best.missed.tolist()
    ([3.0], [4.0])
    """
    # The triangular factor of (features, targets) holds the whole problem in M + P rows; the orthogonal
    # one, as large as the features, is never formed.
    triangular = np.asarray(np.linalg.qr(np.column_stack([features, targets]), mode="r"))
    width = features.shape[1]
    left, scales = _principal(triangular[:, :width], rows=max(features.shape))
    asked = triangular[:, width:]
    projections = left.T @ asked
    distance = asked - left @ projections
    residuals = distance.T @ distance
    best = BestLinear(
        parameters=(projections / scales[:, None]).T, missed=np.diagonal(residuals), residuals=residuals + noise
    )
    return scales, best


@dataclass(frozen=True, kw_only=True, eq=False)
class _Once:
    """For targets that all runs share."""

    scales: Real
    best: BestLinear
    kept: int = 0

    @property
    def approximation(self) -> Real:
        return self.best.missed

    def of_run(self, seed: np.random.SeedSequence) -> BestLinear:
        return self.best


@dataclass(frozen=True, kw_only=True, eq=False)
class _EachRun:
    """For targets of each run. basis: of the features' range, A = basis diag(scales) V^T, shape (v, rank)."""

    basis: Real
    scales: Real
    targets: Targets
    noise: Real

    @classmethod
    def of(cls, features: Real, targets: Targets, noise: Real) -> _EachRun:
        basis, scales = _principal(features, rows=max(features.shape))
        return cls(basis=basis, scales=scales, targets=targets, noise=noise)

    @property
    def kept(self) -> int:
        return self.noise.size

    @cached_property
    def approximation(self) -> Real:
        fixed, outside = self.targets.fixed, np.maximum(1 - row_sums(self.basis**2), 0.0)
        distance = fixed - (fixed @ self.basis) @ self.basis.T
        return np.asarray(row_sums(distance**2) + self.targets.spread**2 @ outside)

    def of_run(self, seed: np.random.SeedSequence) -> BestLinear:
        targets = self.targets.of_run(seed)
        projections = targets @ self.basis
        distance = targets - projections @ self.basis.T
        return BestLinear(
            parameters=projections / self.scales,
            missed=self.targets.squared(distance),
            residuals=distance @ distance.T + self.noise,
        )


def square_root(covariance: Real) -> Real:
    """A square root of a covariance, which may be singular: fully correlated outputs."""
    values, vectors = np.linalg.eigh(covariance)
    return np.asarray(vectors * np.sqrt(np.maximum(values, 0.0)))


def _principal(features: Real, *, rows: int) -> tuple[Real, Real]:
    """Left singular vectors and singular values, those of numerically zero size left out; rows: of the features."""
    left, scales, _ = np.linalg.svd(features, full_matrices=False)
    kept = scales > scales[0] * rows * np.finfo(np.float64).eps
    return left[:, kept], scales[kept]
