"""The correlation of the label noises of several outputs."""

from __future__ import annotations

import numpy as np

from riskcalc.errors import InvalidInput
from riskcalc.quantity import Number, Real, is_several, number, real_array

Correlation = Number | Real | None

LARGEST = 5000  # outputs whose correlations are written out as a matrix
_ROUNDING = 1e-10


def checked_correlation(value: object, *, outputs: int) -> Correlation:
    """A correlation as given: None, one number for every pair of outputs, or a matrix.

    Valid: a number from -1/(P - 1) to 1; a symmetric matrix with unit diagonal and no negative eigenvalue.
    """
    if value is None:
        return None
    if not is_several(value):
        shared = number(value, "noise_correlation")
        lowest = -1 / max(1, outputs - 1)
        if not lowest - _ROUNDING <= shared <= 1:
            raise InvalidInput(
                f"noise_correlation of every pair of {outputs} outputs must lie from {lowest:.6g} to 1, not {shared}"
            )
        return shared
    return _checked_matrix(value, outputs)


def checked_covariance(value: object, *, outputs: int) -> Real:
    """A covariance of label noises: finite, with variances >= 0, and no covariance where a variance is 0.

    Symmetry and signs of the eigenvalues are those of the correlations, see `checked_correlation`.
    """
    matrix = real_array(value, "the noise covariance", needed=f"a real matrix of shape ({outputs}, {outputs})")
    if matrix.shape != (outputs, outputs) or (np.diagonal(matrix) < 0).any():
        raise InvalidInput(f"the noise covariance must have shape ({outputs}, {outputs}) and no negative variance")
    if not np.isfinite(matrix).all():
        raise InvalidInput("the noise covariance has entries that are not finite: give real numbers")
    silent = np.diagonal(matrix) == 0
    wrong = np.flatnonzero(silent & (matrix.any(axis=0) | matrix.any(axis=1)))
    if wrong.size:
        raise InvalidInput(
            f"output {wrong[0] + 1} has noise of variance 0 but a covariance with another output: make it 0 as well"
        )
    return matrix


def correlation_matrix(correlation: Correlation, *, outputs: int) -> Real:
    """The P x P matrix behind any of the three forms."""
    if outputs > LARGEST:
        raise InvalidInput(f"the correlations of {outputs} outputs do not fit in a matrix (at most {LARGEST} outputs)")
    if isinstance(correlation, np.ndarray):
        return correlation
    shared = 0.0 if correlation is None else float(correlation)
    matrix = np.full((outputs, outputs), shared)
    np.fill_diagonal(matrix, 1.0)
    return matrix


def _checked_matrix(value: object, outputs: int) -> Real:
    needed = f"one number or a real matrix of shape ({outputs}, {outputs}), one row an output"
    matrix = real_array(value, "noise_correlation", needed=needed)
    if matrix.shape != (outputs, outputs):
        raise InvalidInput(f"noise_correlation must be {needed}, but it has shape {matrix.shape}")
    if not np.isfinite(matrix).all() or not np.allclose(matrix, matrix.T, rtol=0, atol=_ROUNDING):
        raise InvalidInput("noise_correlation must be finite and symmetric")
    if not np.allclose(np.diagonal(matrix), 1, rtol=0, atol=_ROUNDING):
        raise InvalidInput(
            "noise_correlation must have ones on its diagonal; the variances are the noises (with_noise_covariance "
            "takes both at once)"
        )
    lowest = float(np.linalg.eigvalsh(matrix)[0])
    if lowest < -_ROUNDING * outputs:
        raise InvalidInput(f"noise_correlation is no correlation matrix: it has the eigenvalue {lowest:.3g}")
    matrix.setflags(write=False)
    return matrix

