"""Eigenvalues of a kernel matrix, and the labels in its eigenvectors: the problem that has these second moments."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from riskcalc.dataset.kernels import DataKernel, Linear
from riskcalc.dataset.rows import Rows
from riskcalc.errors import InvalidInput
from riskcalc.problem import ExplicitSignal, ExplicitSpectrum, MultipleOutputs, Problem
from riskcalc.quantity import Real

_ROUNDING = 10.0  # eigenvalues below so many n * 2.2e-16 of the largest are rounding


@dataclass(frozen=True, kw_only=True, eq=False)
class Eigen:
    """The rows in the eigenbasis of their kernel; all rows together are the population.

    Formula: H K H/n = sum_j lambda_j u_j u_j^T, H = 1 - 11^T/n, scaled so that sum_j lambda_j = 1. Row i has the
        features x_ij = sqrt(n lambda_j) u_ij, whose covariance over the rows is diag(lambda); the best linear predictor
        of output k has w_kj = <u_j, y_k>/sqrt(n lambda_j), and so the signal power lambda_j w_kj^2 = <u_j, y_k>^2/n.
    Source: D36.
    eigenvalues: shape (v,), largest first. vectors: u, shape (n, v). coefficients: <u_j, y_k>/sqrt(n), shape (v, P).
    residual: what no direction reaches of each output's variance, shape (P,). labels: shape (n, P).
    trace: mean of the centred kernel's diagonal before scaling.
    """

    eigenvalues: Real
    vectors: Real
    coefficients: Real
    residual: Real
    labels: Real
    trace: float

    @property
    def rows(self) -> int:
        return len(self.vectors)

    @property
    def dimension(self) -> int:
        """v, the number of directions."""
        return len(self.eigenvalues)

    @property
    def power(self) -> Real:
        """Signal power of each direction as measured, noise included, added over the outputs."""
        return np.asarray(np.sum(self.coefficients**2, axis=1))

    def features(self, count: int | None = None) -> Real:
        """x of all rows in the leading `count` directions, shape (n, count)."""
        return np.asarray(self.vectors[:, :count] * np.sqrt(self.rows * self.eigenvalues[:count]))

    def problem(self) -> Problem | MultipleOutputs:
        """The problem with these second moments; the noise is what no direction reaches."""
        spectrum = ExplicitSpectrum(self.eigenvalues)
        targets = self.coefficients / np.sqrt(self.eigenvalues)[:, None]
        signals = [ExplicitSignal(target) for target in targets.T]
        if len(signals) == 1:
            return Problem(spectrum=spectrum, signal=signals[0], noise=float(self.residual[0]))
        return MultipleOutputs(spectrum=spectrum, signals=signals, noises=self.residual.tolist())


def decompose(kernel: DataKernel, rows: Rows) -> Eigen:
    """Eigenvalues and eigenvectors of the centred kernel matrix, directions of pure rounding left out."""
    from scipy.linalg import eigh

    count = len(rows.features)
    if isinstance(kernel, Linear) and rows.features.shape[1] < count:
        left, singular, _ = np.linalg.svd(rows.features, full_matrices=False)
        values, vectors = singular**2 / count, left
    else:
        matrix = kernel.matrix(rows.features)
        if not np.isfinite(matrix).all():
            raise InvalidInput("the kernel matrix is not finite: rescale the features, or use another bandwidth")
        means = matrix.mean(axis=0)
        matrix = (matrix - means - means[:, None] + means.mean()) / count
        values, vectors = eigh(matrix, overwrite_a=True, check_finite=False, driver="evd")
        values, vectors = values[::-1], vectors[:, ::-1]
    kept = values > _ROUNDING * count * np.finfo(np.float64).eps * values[0]
    if values[0] <= 0 or kept.sum() < 2:
        raise InvalidInput("the kernel matrix has fewer than two directions: use another kernel or another bandwidth")
    values, vectors = values[kept], vectors[:, kept]
    coefficients = vectors.T @ rows.labels / np.sqrt(count)
    # the sign of an eigenvector is free; fixed so that a seed means the same sketch on every machine
    largest = np.argmax(np.abs(coefficients), axis=1, keepdims=True)
    signs = np.where(np.take_along_axis(coefficients, largest, axis=1)[:, 0] < 0, -1.0, 1.0)
    residual = rows.labels - np.sqrt(count) * (vectors @ coefficients)
    variance = np.mean(rows.labels**2, axis=0)
    left_over = np.mean(residual**2, axis=0)
    trace = float(values.sum())
    return Eigen(
        eigenvalues=values / trace,
        vectors=vectors * signs,
        coefficients=coefficients * signs[:, None],
        residual=np.where(left_over > (count * np.finfo(np.float64).eps) ** 2 * variance, left_over, 0.0),
        labels=rows.labels,
        trace=trace,
    )
