"""Which modes died out so long ago that a response has forgotten them.

At late times t only what is not analytic in |p| <= r = REACH/t counts: the contour of the inverse transform lies there
(see `numeric.inversion`). A mode is analytic there once |1 - q_n| t is large. What it leaves behind goes on in the
feedback, though, as X_dead/(1 - zeta K_dead), whose slowest pole lies at about 1 - kappa of the modes' own rates: near
the largest stable step it outlives them all.

Formula: modes count as dead together if each has |1 - q_n| t > DEAD and 1 - zeta K_dead has no zero in |p| <= r. By the
argument principle, as zeta K_dead has no pole there; where kappa_dead + sum |g_n/(1 - q_n)| e/(|1 - q_n| - e) < 1 with
e = exp(r) - 1, the real part of zeta K_dead stays below 1 and no zero has to be looked for. Only this bound knows that
zeta K is a sum of simple poles, g_n/(e^p - q_n).
Source: D03.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from riskcalc.quantity import Complex, Real

DEAD = 80.0  # |1 - q| t beyond which a mode has died out: exp(-80) = 2e-35
REACH = 45.0  # |p| t at the far end of the contour; what lies beyond is exp(-38) of the response

_PARTS = 12  # of the upper half circle
_EVERY, _FAR_FROM_ONE = 3, 0.5  # zeta K_dead is analytic in a disc of 80/45 of the radius, and hardly larger between


def count_dead(
    rates: Real,
    masses: Complex | Real,
    shares: Callable[[Complex, int], Complex],
    *,
    time: float,
    simple: bool = True,
) -> int:
    """How many of the fastest modes are dead at `time`: all that are fast enough, or what the feedback allows.

    rates: |1 - q_n|, descending. masses: g_n/(1 - q_n), twice that where a mode has a conjugate partner, which lives
    and dies with it. shares: of the first so many modes in zeta K at points p, partners included, (points, modes).
    simple: each mode has one pole, as with one buffer.
    Valid: `time` of 45 or more, so that e^r - 1 < DEAD/time.
    """
    count = int(np.searchsorted(-rates, -DEAD / time))
    radius = REACH / time
    reach = np.expm1(radius)
    if simple:
        beyond = np.abs(masses[:count]) @ (reach / (rates[:count] - reach))
        if masses[:count].sum().real + beyond < 1:
            return count
    # on the lower half circle, transforms of real functions have the conjugate values
    half_circle = radius * np.exp(1j * np.pi * np.arange(_PARTS + 1) / _PARTS)
    some = half_circle[::_EVERY]
    if np.abs(shares(some, count).sum(axis=1)).max() < _FAR_FROM_ONE:
        return count
    added = shares(half_circle, count)
    return count if _free_of_zeros(added.sum(axis=1)) else _longest_free_of_zeros(np.cumsum(added, axis=1))


def _longest_free_of_zeros(kernels: Complex) -> int:
    """How many of the fastest modes may go, by bisection; what is returned has itself been tested.

    kernels: zeta K of the fastest, of the two fastest, ..., of all, which together are too many.
    """
    free, too_many = 0, kernels.shape[1]
    while too_many - free > 1:
        middle = (free + too_many) // 2
        if _free_of_zeros(kernels[:, middle - 1]):
            free = middle
        else:
            too_many = middle
    return free


def _free_of_zeros(kernel: Complex) -> bool:
    """Whether 1 - zeta K, given along the upper half circle, keeps its argument: a zero inside turns it by pi."""
    values = 1 - kernel
    return bool(abs(np.angle(values[1:] / values[:-1]).sum()) < np.pi / 2)
