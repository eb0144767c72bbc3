"""Fourth moments of sketched features: which products of four the second moments of SGD are fed by.

Formula: with z = S x the features, r = <w, x> - <z, theta*> the residual of the best model and g = (z, r), the
tensor E z_i z_k g_a g_b, as a matrix over pairs i <= k and a <= b. For Gaussian covariates it is
E[zi zk] E[ga gb] + E[zi ga] E[zk gb] + E[zi gb] E[zk ga]. Source: D31.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from riskcalc.errors import InvalidInput
from riskcalc.problem import Problem
from riskcalc.quantity import Real

MOST_ENTRIES = 2**25  # of the tensor (256 MB)
_NODES = 2**12  # handled at a time
_ROUNDING = 1e-8  # of the total weight and of the second moments of nodes


@runtime_checkable
class Nodes(Protocol):
    """Covariates whose law is known as weighted points."""

    def nodes(self, dimension: int) -> tuple[Real, Real]:
        """Standardised coordinates, shape (n, dimension), and weights, shape (n,).

        The weights are positive and sum to one; the coordinates have E xi xi^T = 1, which the recursion takes for
        granted in its drift. Both are checked.
        """


class Moments(Enum):
    """Which fourth moments are those of the covariates; the others are taken as if they were Gaussian.

    Two ladders from GAUSSIAN to ALL: by coordinates, OWN (E xi_j^4) and PAIRS (those, and E xi_j^2 xi_k^2); and by
    roles, FEATURES (four features) and FEATURES_AND_CROSS (those, and three features with the residual).

    Attributes
    ----------
    GAUSSIAN : "gaussian"
        None of them.
    OWN : "own"
        E xi_j^4.
    PAIRS : "pairs"
        Those, and E xi_j^2 xi_k^2.
    FEATURES : "features"
        Those of four features.
    FEATURES_AND_CROSS : "features and cross"
        Those, and of three features with the residual.
    ALL : "all"
        All of them: the truth.

    Notes
    -----
    Valid: covariates known as weighted points.

    Source: D31.

    Examples
    --------
    >>> Moments.ALL.value
    'all'
    """

    GAUSSIAN = "gaussian"
    OWN = "own"
    PAIRS = "pairs"
    FEATURES = "features"
    FEATURES_AND_CROSS = "features and cross"
    ALL = "all"


@dataclass(frozen=True, kw_only=True, eq=False)
class Sketched:
    """A sketched problem in the coordinates of its features.

    rows: g as a combination of the standardised coordinates, shape (M + 1, v), the residual last.
    covariance: K, shape (M, M). best: theta*, shape (M,). floor: the mean square of the residual.
    """

    rows: Real
    covariance: Real
    best: Real
    floor: float


def sketched(problem: Problem, sketch: Real) -> Sketched:
    """Features and best model of a problem, given its sketch of shape (M, v)."""
    root = np.sqrt(problem.eigenvalues())
    features, target = sketch * root, root * problem.target()
    basis, triangle = np.linalg.qr(features.T)
    if not (abs(np.diag(triangle)) > 1e-13 * abs(triangle).max()).all():
        raise InvalidInput(
            f"the {len(sketch)} sketched features are linearly dependent to rounding: use a smaller model size, or a "
            "kernel with slower decay"
        )
    fitted = basis.T @ target
    residual = target - basis @ fitted
    residual -= basis @ (basis.T @ residual)
    return Sketched(
        rows=np.vstack([features, residual]),
        covariance=features @ features.T,
        best=np.linalg.solve(triangle, fitted),
        floor=float(residual @ residual),
    )


def pairs(width: int) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """The places i <= k of a symmetric matrix."""
    return np.triu_indices(width)


def moment_tensor(found: Sketched, covariates: Nodes, moments: Moments = Moments.ALL) -> Real:
    """E z_i z_k g_a g_b, shape (M(M+1)/2, (M+1)(M+2)/2)."""
    size = len(found.covariance)
    entries = size * (size + 1) * (size + 1) * (size + 2) // 4
    if entries > MOST_ENTRIES:
        raise InvalidInput(
            f"the fourth moments of {size} features are {entries} numbers, more than {MOST_ENTRIES}: use a smaller "
            "model size, or simulate"
        )
    gaussian = _gaussian(found)
    if moments is Moments.GAUSSIAN:
        return gaussian
    coordinates, weights = _checked_nodes(covariates, found.rows.shape[1])
    if moments in (Moments.OWN, Moments.PAIRS):
        squares = coordinates**2
        table = (squares * weights[:, None]).T @ squares
        return gaussian + _of_coordinates(found, table, pairs_too=moments is Moments.PAIRS)
    true = _by_nodes(found, coordinates, weights)
    if moments is not Moments.ALL:
        first, second = pairs(size + 1)
        residuals = (first == size).astype(int) + (second == size)
        known = residuals <= (0 if moments is Moments.FEATURES else 1)
        true = np.where(known, true, gaussian)
    return np.asarray(true)


def _checked_nodes(covariates: Nodes, dimension: int) -> tuple[Real, Real]:
    """The nodes, if they are a law and its second moments are the identity."""
    answer = covariates.nodes(dimension)
    refusal = "nodes must return coordinates and weights, two arrays of real numbers"
    try:
        if any(np.iscomplexobj(part) for part in answer):
            raise InvalidInput(refusal)
        coordinates, weights = (np.asarray(part, dtype=np.float64) for part in answer)
    except (TypeError, ValueError):
        raise InvalidInput(refusal) from None
    if weights.ndim != 1 or coordinates.shape != (weights.size, dimension):
        raise InvalidInput(
            f"nodes must return coordinates of shape (n, {dimension}) and weights of shape (n,), not "
            f"{coordinates.shape} and {weights.shape}"
        )
    if not (np.isfinite(coordinates).all() and (weights >= 0).all()):
        raise InvalidInput("nodes must return finite coordinates, and weights that are not negative")
    total = float(weights.sum())
    if not abs(total - 1) <= _ROUNDING:
        raise InvalidInput(f"the weights of the nodes sum to {total:.12g}, not to 1: divide them by their sum")
    second = (coordinates * weights[:, None]).T @ coordinates
    apart = abs(second - np.eye(dimension))
    if not apart.max() <= _ROUNDING:
        i, k = (int(place) for place in np.unravel_index(np.argmax(apart), apart.shape))
        raise InvalidInput(
            f"the coordinates of the nodes are not standardised: E xi_{i + 1} xi_{k + 1} = {second[i, k]:.12g}, not "
            f"{int(i == k)}. Give coordinates with E xi xi^T = 1, scaled by the root of the covariance elsewhere"
        )
    return coordinates, weights


def _by_nodes(found: Sketched, coordinates: Real, weights: Real) -> Real:
    size = len(found.covariance)
    (i, k), (a, b) = pairs(size), pairs(size + 1)
    total = np.zeros((i.size, a.size))
    for first in range(0, len(weights), _NODES):
        part = slice(first, first + _NODES)
        g = coordinates[part] @ found.rows.T
        total += (g[:, i] * g[:, k] * weights[part, None]).T @ (g[:, a] * g[:, b])
    return total


def _gaussian(found: Sketched) -> Real:
    size = len(found.covariance)
    joint = np.zeros((size + 1, size + 1))  # of g with itself: features and residual are uncorrelated
    joint[:size, :size], joint[size, size] = found.covariance, found.floor
    (i, k), (a, b) = (tuple(place[:, None] for place in pairs(size)), pairs(size + 1))
    return np.asarray(joint[i, k] * joint[a, b] + joint[i, a] * joint[k, b] + joint[i, b] * joint[k, a])


def _of_coordinates(found: Sketched, table: Real, *, pairs_too: bool) -> Real:
    """What E xi_j^4 - 3 and, if asked, E xi_j^2 xi_l^2 - 1 (j != l) add to the Gaussian; table: E xi_j^2 xi_l^2."""
    rows, size = found.rows, len(found.covariance)
    (i, k), (a, b) = pairs(size), pairs(size + 1)
    outer, inner = rows[i] * rows[k], rows[a] * rows[b]
    added = (outer * (np.diag(table) - 3)) @ inner.T
    if pairs_too:
        apart = table - 1
        np.fill_diagonal(apart, 0.0)
        added += outer @ apart @ inner.T
        mixed = rows[:size, None] * rows[None, :]  # z_i g_a by coordinate
        linked = np.tensordot(mixed @ apart, mixed, axes=(2, 2))  # (i, a, k, b)
        first, second = (i[:, None], k[:, None]), (a, b)
        added += linked[first[0], second[0], first[1], second[1]] + linked[first[0], second[1], first[1], second[0]]
    return np.asarray(added)
