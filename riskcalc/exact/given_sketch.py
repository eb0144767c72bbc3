"""The sketched problem in the eigenbasis of K = A^T A, A = Lambda^{1/2} S^T.

Formula: with A = Q R, R = U diag(s) V^T and y = Lambda^{1/2} w: l_i = s_i^2, l_i theta*_i^2 = (U^T Q^T y)_i^2, and the
approximation error is the squared residual of y on the columns of A. The residual is formed, not a difference of two
large numbers, so a small approximation error keeps its digits. Source: D01.

Several outputs share A and differ in y: one factorisation serves them all, and the total risk is that of signal weights
and floors added up (D29).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from riskcalc.dynamics import Modes
from riskcalc.errors import ConsistencyError, InvalidInput
from riskcalc.problem import Problem, Regression

Real = NDArray[np.float64]

_SUM_RULE = 1e-10


def sketch_modes(problem: Regression, sketch: Real) -> Modes:
    """Modes of a problem given its sketch, shape (M, v); of several outputs those of their total risk."""
    if isinstance(problem, Problem):
        return output_modes([problem], sketch)[0]
    each, counts = output_modes(problem.problems, sketch), problem.counts
    return Modes(
        position=each[0].position,
        signal=np.asarray(sum(count * modes.signal for count, modes in zip(counts, each, strict=True))),
        kernel=each[0].kernel,
        floor=float(sum(count * modes.floor for count, modes in zip(counts, each, strict=True))),
        paired=False,
    )


def output_modes(problems: Sequence[Problem], sketch: Real) -> list[Modes]:
    """Modes of scalar problems that share one spectrum and one sketch."""
    eigenvalues = problems[0].eigenvalues()
    root = np.sqrt(eigenvalues)
    design = root[:, None] * sketch.T
    check_rank(problems[0], sketch)
    basis, triangle = np.linalg.qr(design)
    left, singular, _ = np.linalg.svd(triangle)
    full = design.shape[1] == np.count_nonzero(eigenvalues)
    found = []
    for problem in problems:
        signal = root * problem.target()
        fitted = basis.T @ signal
        residual = signal - basis @ fitted
        residual -= basis @ (basis.T @ residual)  # once more, so that what is left is orthogonal to working accuracy
        modes = Modes(
            position=singular**2,
            signal=(left.T @ fitted) ** 2,
            kernel=singular**4,
            floor=0.0 if full else float(residual @ residual),
            paired=False,
        )
        _check_sum_rules(modes, design, signal)
        found.append(modes)
    return found


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
