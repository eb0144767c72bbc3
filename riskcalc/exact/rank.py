"""More features than there are positive eigenvalues: all that SGD sees of them is a sketch of as many as there are."""

from __future__ import annotations

import numpy as np

from riskcalc.problem import Problem
from riskcalc.quantity import Real


def of_full_rank(problem: Problem, sketch: Real) -> Real:
    """The sketch itself, or one with a row for each positive eigenvalue under which the risk is the same.

    Formula: on the coordinates with lambda_j > 0, S = Q R with Q^T Q = 1; the features S x are Q times the features
        R x, SGD from zero stays in the span of Q, and turns with it: theta = Q theta_R at every step.
    Valid: any sketch; directions without data have no features, their columns are zero.
    Source: D01, whose K = Lambda^{1/2} S^T S Lambda^{1/2} is that of R.
    """
    positive = problem.eigenvalues() > 0
    if len(sketch) <= np.count_nonzero(positive):
        return sketch
    reduced = np.zeros((np.count_nonzero(positive), sketch.shape[1]))
    reduced[:, positive] = np.linalg.qr(sketch[:, positive], mode="r")
    return reduced
