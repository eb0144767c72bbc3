"""The two numbers that a constant step size adds to the leading terms: kappa and S, exact in the step size.

Both are spectral sums at one point, with g = gamma (1 + 1/B)/2 and the eigenvalues j^-a themselves in place of the
sketched ones (leading order in M).
"""

from __future__ import annotations

from fractions import Fraction

import numpy as np

from riskcalc.curve.stability import Stability
from riskcalc.errors import InvalidInput
from riskcalc.numeric.roots import decreasing_root
from riskcalc.numeric.spectral_sum import power_law_sums
from riskcalc.quantity import Real

_ACCURACY = 1e-13
_NEAREST = 30.0  # logit of the largest step size looked at, as a fraction of the edge


def kernel_mass(a: Fraction, step_size: Real, *, batch_size: int, dimension: int | None) -> Real:
    """kappa, the total mass of the noise kernel, at each step size (positive, below 2/(1 + 1/B)).

    Formula: sum_j gamma x/(B (2 - gamma (1 + 1/B) x)) at x = j^-a, which is -d1(-1/g)/(B + 1).
    Source: derivations D02, D14.

    >>> float(kernel_mass(Fraction(2), np.array([1e-9]), batch_size=1, dimension=None)[0] / 1e-9).__round__(6)
    0.822467
    """
    edge = 2 / (1 + 1 / batch_size)
    (d1,) = power_law_sums(-edge / step_size, a=a, dimension=dimension, exponents=((a, 1),))
    return np.asarray(-d1.real / (batch_size + 1))


def early_bias(a: Fraction, b: Fraction, *, step_size: float, batch_size: int, dimension: int | None) -> float:
    """S = sum_t sum_j j^-b q(j^-a)^t: what the modes already resolved add up to over time.

    Formula: (1/(2 gamma)) sum_j j^(a-b)/(1 - g j^-a).
    Valid: b > a + 1; for smaller b it grows with time, and is never part of a leading term.
    Source: derivation D14.
    """
    if b <= a + 1:
        raise InvalidInput(f"S is finite for b > a + 1 only, but a = {a} and b = {b}")
    edge = 2 / (1 + 1 / batch_size)
    (total,) = power_law_sums(-edge / step_size, a=a, dimension=dimension, exponents=((b - a, 1),))
    return -edge / step_size * float(total.real) / (2 * step_size)


def stability(a: Fraction, *, step_size: float, batch_size: int, dimension: int | None) -> Stability:
    """kappa at this step size (inf beyond the edge), and the step size at which it reaches 1."""
    edge = 2 / (1 + 1 / batch_size)

    def room(logit: Real) -> Real:
        # at step sizes edge/(1 + exp(-logit)); kappa grows without bound towards the edge
        sizes = edge / (1 + np.exp(-logit))
        return 1 - kernel_mass(a, sizes, batch_size=batch_size, dimension=dimension)

    # at a very large batch kappa stays below 1 up to rounding distance from the edge
    reached = room(np.array([_NEAREST]))[0] < 0
    largest = edge / (1 + np.exp(-decreasing_root(room, -60.0, _NEAREST, width=_ACCURACY))) if reached else edge
    kappa = float("inf")
    if step_size < edge:
        sizes = np.array([step_size])
        kappa = float(kernel_mass(a, sizes, batch_size=batch_size, dimension=dimension)[0])
    return Stability(step_size=step_size, kappa=kappa, largest=lambda: float(largest))
