"""The best linear model on given features, by orthogonal transformations."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from riskcalc.simulation.source import Values


@dataclass(frozen=True, kw_only=True, eq=False)
class BestLinear:
    """The least-squares problem min |target - features theta|^2 in its principal coordinates.

    singular_values: of the features, those of numerically zero size left out, shape (rank,).
    projections: of the target on the left singular vectors, shape (rank,).
    residual: the least squared distance.
    """

    singular_values: Values
    projections: Values
    residual: float


def best_linear(features: Values, target: Values) -> BestLinear:
    """Solve a least-squares problem; features of shape (rows, M), target of shape (rows,).

    >>> best_linear(np.array([[3.0], [0.0]]), np.array([1.0, 2.0])).residual
    4.0
    """
    # The triangular factor of (features, target) holds the whole problem in M + 1 rows; the orthogonal
    # one, as large as the features, is never formed.
    triangular = np.asarray(np.linalg.qr(np.column_stack([features, target]), mode="r"))
    left, singular_values, _ = np.linalg.svd(triangular[:, :-1], full_matrices=False)
    kept = singular_values > singular_values[0] * max(features.shape) * np.finfo(np.float64).eps
    projections = triangular[:, -1] @ left[:, kept]
    distance = triangular[:, -1] - left[:, kept] @ projections
    return BestLinear(
        singular_values=singular_values[kept], projections=projections, residual=float(distance @ distance)
    )
