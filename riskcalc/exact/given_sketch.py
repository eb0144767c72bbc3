"""The sketched problem in the eigenbasis of K = A^T A, A = Lambda^{1/2} S^T.

Formula: with A = Q R, R = U diag(s) V^T and y = Lambda^{1/2} w: l_i = s_i^2, l_i theta*_i^2 = (U^T Q^T y)_i^2, and the
approximation error is the squared residual of y on the columns of A. The residual is formed, not a difference of two
large numbers, so a small approximation error keeps its digits. Source: D01.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from riskcalc.dynamics import Modes
from riskcalc.errors import ConsistencyError, InvalidInput
from riskcalc.problem import Problem

Real = NDArray[np.float64]

_SUM_RULE = 1e-10


def sketch_modes(problem: Problem, sketch: Real) -> Modes:
    """Modes of a problem given its sketch, shape (M, v)."""
    eigenvalues, target = problem.eigenvalues(), problem.target()
    root = np.sqrt(eigenvalues)
    design, signal = root[:, None] * sketch.T, root * target
    check_rank(problem, sketch)
    basis, triangle = np.linalg.qr(design)
    left, singular, _ = np.linalg.svd(triangle)
    fitted = basis.T @ signal
    residual = signal - basis @ fitted
    residual -= basis @ (basis.T @ residual)  # once more, so that what is left is orthogonal to working accuracy
    modes = Modes(
        position=singular**2,
        signal=(left.T @ fitted) ** 2,
        kernel=singular**4,
        floor=float(residual @ residual) if design.shape[1] < np.count_nonzero(eigenvalues) else 0.0,
        paired=False,
    )
    _check_sum_rules(modes, design, signal)
    return modes


def check_rank(problem: Problem, sketch: Real) -> None:
    """Refuse more features than there are positive eigenvalues."""
    positive, features = int(np.count_nonzero(problem.eigenvalues())), sketch.shape[0]
    if positive < features:
        raise InvalidInput(
            f"model size {features} exceeds the {positive} positive eigenvalues: use at most {positive} features"
        )


def _check_sum_rules(modes: Modes, design: Real, signal: Real) -> None:
    """F(0) = sum lambda w^2 and the trace of K."""
    rules = {
        "F(0) = sum of the signal power": (float(modes.signal.sum()) + modes.floor, float(signal @ signal)),
        "trace of K": (float(modes.position.sum()), float(np.sum(design**2))),
    }
    for name, (found, expected) in rules.items():
        if not abs(found - expected) <= _SUM_RULE * abs(expected):
            raise ConsistencyError(f"the sum rule '{name}' is violated: {found:.15g}, but {expected:.15g} exactly")
