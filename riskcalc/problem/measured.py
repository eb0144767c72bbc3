"""Problems measured on data: covariance spectrum, target and noise of a data set taken as the whole population."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from riskcalc.errors import InvalidInput
from riskcalc.problem.problem import Problem
from riskcalc.problem.signal import ExplicitSignal
from riskcalc.problem.spectrum import ExplicitSpectrum
from riskcalc.quantity import Real, flag, real_array

_LARGEST = 1e100  # in size, and its inverse: so that squares and fourth powers neither overflow nor vanish


@dataclass(frozen=True, kw_only=True, eq=False)
class Measured:
    """A data set and the problem that has its second moments.

    Parameters
    ----------
    problem : Problem
        Explicit spectrum, largest eigenvalue first, and explicit signal with w_j >= 0.
    features : array
        The rows in the eigenbasis, shape (n, v): the mean of x_j^2 is lambda_j, and distinct coordinates are
        uncorrelated.
    labels : array
        Shape (n,), centred if the features are.

    Raises
    ------
    InvalidInput
        If an argument is not of its kind or not in its range; the message names it and says what to give.

    Notes
    -----
    Valid: made by `measure`; n >= 2 rows.

    Source: D36.

    Examples
    --------
    >>> from riskcalc import measure
    >>> measure([[1.0], [-1.0], [2.0], [-2.0]], [1.0, -1.0, 2.0, -2.0]).problem.dimension
    1
    """

    problem: Problem
    features: Real
    labels: Real


def measure(features: ArrayLike, labels: ArrayLike, *, centre: bool = True) -> Measured:
    """The problem whose covariance, target and noise are those of a data set.

    The population is the empirical distribution: a sample is one of the n rows, each with probability 1/n.

    Parameters
    ----------
    features : array_like
        x, shape (n, columns): finite numbers, a row for each sample.
    labels : array_like
        y, shape (n,): finite numbers that vary.
    centre : bool, default True
        Subtract the means of features and labels first, so that the predictor has an intercept. A direction is
        dropped where its root mean square is not above max(n, columns) * 2.2e-16 times that of a whole row as
        given: there it is rounding. A residual as small relative to the labels is rounding as well, and the noise
        is 0, as it must be where there are no fewer independent features than rows.

    Returns
    -------
    Measured
        The problem, and the rows in its eigenbasis.

    Raises
    ------
    InvalidInput
        If an argument is not of its kind or not in its range; the message names it and says what to give.

    Notes
    -----
    Formula: lambda_j are the eigenvalues of the mean of x x^T over the rows; w_j = mean(x_j y)/lambda_j in its
    eigenbasis is the best linear predictor; noise = mean((y - sum_j w_j x_j)^2) is what it leaves.

    Shapes: features (n, columns), labels (n,). Memory: that of a singular value decomposition of the features.

    Valid: n >= 2 rows of finite numbers; labels that vary.

    Source: D01 gives the risk if the covariates were Gaussian, with this covariance, and the noise independent of
    them. Rows of data are neither; `Ambient(covariates=DataRows(features, labels))` runs SGD on them as they are.

    Examples
    --------
    >>> measured = measure([[2.0, 0.0], [-2.0, 0.0], [0.0, 1.0], [0.0, -1.0]], [1.0, -1.0, 1.0, -1.0])
    >>> measured.problem.eigenvalues(), measured.problem.target(), measured.problem.noise
    (array([2. , 0.5]), array([0.5, 1. ]), 0.0)
    """
    centred = flag(centre, "centre")
    rows, values = _checked(features, labels, centred)
    total = np.linalg.norm(rows)
    if centred:
        rows, values = rows - rows.mean(axis=0), values - values.mean()
    smallest = max(rows.shape) * np.finfo(np.float64).eps
    left, singular, _ = np.linalg.svd(rows, full_matrices=False)
    kept = singular > smallest * total
    if not kept.any():
        raise InvalidInput("the features are constant over the rows: there is nothing to learn from")
    left, singular = left[:, kept], singular[kept]
    # the sign of an eigenvector is free; fixed here so that a seed means the same sketch on every machine
    left *= np.where(left.T @ values < 0, -1.0, 1.0)
    rotated = left * singular
    residual = values - left @ (left.T @ values)
    residual -= left @ (left.T @ residual)  # once more, so that a small residual keeps its digits
    exact_fit = np.linalg.norm(residual) <= smallest * np.linalg.norm(values)
    problem = Problem(
        spectrum=ExplicitSpectrum(np.mean(rotated**2, axis=0)),
        signal=ExplicitSignal((left.T @ values) / singular),
        noise=0.0 if exact_fit else float(np.mean(residual**2)),
    )
    for array in (rotated, values):
        array.setflags(write=False)
    return Measured(problem=problem, features=rotated, labels=values)


def _checked(features: ArrayLike, labels: ArrayLike, centre: bool) -> tuple[Real, Real]:
    rows, values = real_array(features, "features"), real_array(labels, "labels")
    if rows.ndim != 2 or rows.shape[1] == 0 or values.shape != rows.shape[:1]:
        raise InvalidInput(
            f"features of shape (n, columns) and labels of shape (n,) are needed, but their shapes are "
            f"{rows.shape} and {values.shape}"
        )
    if len(rows) < 2:
        raise InvalidInput(f"a covariance needs at least 2 rows of data, not {len(rows)}")
    broken = np.flatnonzero(~(np.isfinite(rows).all(axis=1) & np.isfinite(values)))
    if broken.size:
        raise InvalidInput(
            f"features and labels must be finite, but {broken.size} rows are not, the first one row {broken[0]}: "
            "remove or repair them"
        )
    if centre and values.min() == values.max():
        raise InvalidInput(f"all labels are {values[0]}: there is nothing to learn")
    if not values.any():
        raise InvalidInput("all labels are 0: there is nothing to learn")
    for name, array in (("features", rows), ("labels", values)):
        size = float(np.abs(array).max())
        if size and not 1 / _LARGEST <= size <= _LARGEST:
            raise InvalidInput(
                f"the largest of the {name} is {size:.3g} in size, which does not lie between 1e-100 and 1e100: "
                "rescale them"
            )
    return rows, values

