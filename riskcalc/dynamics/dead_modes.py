"""Which modes died out so long ago that a response has forgotten them.

At late times t only what is not analytic in |p| <= r = REACH/t counts: the contour of the inverse transform lies there
(see `numeric.inversion`). A mode is analytic there once |1 - q_n| t is large. What it leaves behind goes on in the
feedback, though, as X_dead/(1 - zeta K_dead), whose slowest pole lies at about 1 - kappa of the modes' own rates: near
the largest stable step it outlives them all.

Formula: modes count as dead together if each has |1 - q_n| t > DEAD and 1 - zeta K_dead has no zero in |p| <= r. By the
argument principle, as zeta K_dead has no pole there; where sum |g_n|/(|1 - q_n| - (e^r - 1)) < 1 or, by the maximum
principle, |zeta K_dead| < 1 on the circle, no zero has to be looked for. Nothing here depends on what zeta K is made of.
Source: D03.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Complex = NDArray[np.complex128]
Real = NDArray[np.float64]
Flags = NDArray[np.bool_]
Shares = Callable[[Complex, NDArray[np.intp]], Complex]

DEAD = 80.0  # |1 - q| t beyond which a mode has died out: exp(-80) = 2e-35
REACH = 45.0  # |p| t at the far end of the contour; what lies beyond is exp(-38) of the response

_COARSE, _FINE = 6, 24  # parts of the upper half circle
_ROOM = 0.8  # at the coarse points, for what lies between them


def dead_modes(rates: Real, gains: Real, shares: Shares, *, time: float) -> Flags:
    """Which modes count as dead at `time`: all that are fast enough, or as many of the fastest as the feedback allows.

    rates: |1 - q_n|. gains: |g_n|, such that a mode adds at most |g_n|/(|1 - q_n| - |e^p - 1|) to |zeta K|.
    shares: of the modes with the given indices in zeta K at points p, (points, modes); conjugate partners, which are
    dead or alive together, in one. Valid: `time` of 45 or more, so that e^r - 1 < DEAD/t.
    """
    dead = rates * time > DEAD
    radius = REACH / time
    if np.sum(gains[dead] / (rates[dead] - np.expm1(radius))) < 1:
        return dead
    fastest_first = np.flatnonzero(dead)[np.argsort(-rates[dead], kind="stable")]
    middles = (np.arange(_COARSE) + 0.5) / _COARSE
    coarse = shares(radius * np.exp(1j * np.pi * middles), fastest_first)
    if np.abs(coarse.sum(axis=1)).max() < _ROOM:
        return dead
    half_circle = radius * np.exp(1j * np.pi * np.arange(_FINE + 1) / _FINE)
    kernels = np.cumsum(shares(half_circle, fastest_first), axis=1)  # zeta K of the fastest, of the two fastest, ...
    dead[fastest_first[_longest_free_of_zeros(kernels) :]] = False
    return dead


def _longest_free_of_zeros(kernels: Complex) -> int:
    """How many of the fastest modes may go, by bisection; what is returned has itself been tested."""
    free, not_free = 0, kernels.shape[1]
    if _free_of_zeros(kernels[:, -1]):
        return not_free
    while not_free - free > 1:
        middle = (free + not_free) // 2
        if _free_of_zeros(kernels[:, middle - 1]):
            free = middle
        else:
            not_free = middle
    return free


def _free_of_zeros(kernel: Complex) -> bool:
    """Whether 1 - zeta K, given along the upper half circle, keeps its argument: a zero inside turns it by pi."""
    values = 1 - kernel
    return bool(abs(np.angle(values[1:] / values[:-1]).sum()) < np.pi / 2)
