"""The cross moments of iterates with their own sum, step by step, for any sequence of step sizes.

Formula: x_n as in the moment recursion; c_n = z_n E[u_n(t) S_n(t)] and the total of z_n E[S_n(t)^2], where S(t) is the
sum of the iterates' errors u from the first one averaged up to step t - 1:
c_n(t+1) = (1 - gamma_t z_n)(c_n(t) + x_n(t)), total(t+1) = total(t) + sum_n (2 c_n(t) + x_n(t)). Source: D24.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from riskcalc.dynamics.modes import Modes, Values

Real = NDArray[np.float64]

_BLOCK = 128  # steps whose factors are formed together


@dataclass(frozen=True, kw_only=True, eq=False)
class SumState:
    """moments x and crosses c: shape (2, n), bias response first; totals of the squared sums: shape (2,)."""

    moments: Values
    crosses: Values
    totals: Real

    @classmethod
    def fresh(cls, moments: Values) -> SumState:
        """Before the first iterate that counts: the sum is empty."""
        return cls(moments=moments, crosses=np.zeros_like(moments), totals=np.zeros(2))


def advance_sum(
    modes: Modes, state: SumState, step_sizes: Real, *, batch_size: int, noise: float
) -> tuple[SumState, Real]:
    """The state after all of `step_sizes`, and its totals after each of them, shape (steps, 2).

    noise: sigma2 + approximation.
    """
    found = np.empty((step_sizes.size, 2))
    kind = np.result_type(modes.position, state.moments)
    moments, crosses, totals = state.moments.astype(kind), state.crosses.astype(kind), state.totals.copy()
    sources = np.array([0.0, noise])
    for start in range(0, step_sizes.size, _BLOCK):
        sizes = step_sizes[start : start + _BLOCK, None]
        contractions = 1 - sizes * modes.position
        factors = 1 - sizes * modes.position * (2 - (1 + 1 / batch_size) * sizes * modes.position)
        gains = sizes**2 / batch_size * modes.kernel
        for step in range(len(sizes)):
            now = modes.total(moments)
            totals += 2 * modes.total(crosses) + now
            crosses = contractions[step] * (crosses + moments)
            moments = factors[step] * moments + (now + sources)[:, None] * gains[step]
            found[start + step] = totals
    return SumState(moments=moments, crosses=crosses, totals=totals), found
