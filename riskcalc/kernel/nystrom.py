"""Eigenvalues of a kernel from its values alone."""

from __future__ import annotations

import numpy as np

from riskcalc.kernel.kernel import Kernel
from riskcalc.quantity import Real


def nystrom(kernel: Kernel, *, dimension: int, factors: int = 2) -> Real:
    """The largest `dimension` eigenvalues of the Gram matrix on quadrature nodes.

    Formula: eigenvalues of sqrt(weight_i) k(x_i, x_j) sqrt(weight_j). The eigenfunctions are not used.
    factors: the nodes resolve products of so many eigenfunctions; more nodes, smaller error. Where the kernel has a
        kink on the diagonal the error falls like the inverse square of the number of nodes.

    >>> from riskcalc.kernel import Brownian
    >>> bool(abs(nystrom(Brownian(), dimension=1)[0] / Brownian().eigenvalues(1)[0] - 1) < 1e-2)
    True
    """
    rule = kernel.rule(dimension, factors=factors)
    roots = np.sqrt(rule.weights)
    return np.asarray(np.linalg.eigvalsh(roots[:, None] * kernel(rule.points, rule.points) * roots)[::-1][:dimension])
