"""A sum of iterates across a stage of constant step size, whatever its length, by generating functions.

Formula: with P_n = 1 - zeta (1 - gamma z_n) and x_n^ as for the last iterate,
c_n^ = (c_n + zeta (1 - gamma z_n) x_n^)/P_n and total^ = (total + zeta sum_n (2 c_n^ + x_n^))/(1 - zeta). What has died
out stays in the total for good, so nothing that is analytic at p = 0 may be left out of x_n^ there; the crosses forget,
and are treated as the moments are. Source: D24.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from riskcalc.dynamics.averaged_recursion import SumState
from riskcalc.dynamics.generating import EARLIEST, ConstantStage
from riskcalc.dynamics.modes import Modes, Values
from riskcalc.errors import InvalidInput
from riskcalc.numeric.inversion import cotangent, windows

Complex = NDArray[np.complex128]
Real = NDArray[np.float64]

_ALTERNATED = 40.0  # |1 - gamma z|^t = exp(-40) may be left out
_LONGEST_EARLY = 200_000  # steps gone through one by one before a transform


@dataclass(frozen=True, kw_only=True)
class AveragedStage(ConstantStage):
    """Modes under one step size, started from a sum of iterates: its crosses (2, n) and totals (2,)."""

    crosses: Values
    totals_before: Real

    def averaged_totals(self, times: Real, *, nodes: int) -> Real:
        """The totals of the squared sums, shape (times, 2), at ascending times that the transform serves."""
        found = np.empty((times.size, 2))
        for start, part in windows(times):
            contour = cotangent(start=start, nodes=nodes)
            found[part] = self.totals_before + contour.invert(self._sums(contour.nodes), times[part]).T
        return found

    def sum_after(self, duration: int, *, nodes: int) -> SumState:
        """The whole state after `duration` steps."""
        contour = cotangent(start=float(duration), nodes=nodes, stretch=1.0)
        added = contour.invert(self._sums(contour.nodes), np.array([float(duration)]))[:, 0]
        return SumState(
            moments=self.state_after(duration, nodes=nodes),
            crosses=self._crosses_after(duration, nodes=nodes),
            totals=self.totals_before + added,
        )

    def _sums(self, p: Complex) -> Complex:
        """zeta sum_n (2 c_n^ + x_n^)/(1 - zeta), shape (2, points)."""
        zeta, gap = np.exp(-p), -np.expm1(-p)
        inverse = 1 / (gap[:, None] + zeta[:, None] * self._decrement_everywhere)
        step = self.modes.everywhere(self._step)
        contracted = 1 / (gap[:, None] + zeta[:, None] * step)
        *free, kernel = (inverse @ self._sources).T
        # 2 c^ + x^ = 2 c/P + (1 + zeta (1 - gamma z))/P x^
        both = inverse * contracted * (1 + zeta[:, None] * (1 - step))
        *shares, kernel_share = (both @ self._sources).T
        crosses = 2 * (contracted @ self.modes.everywhere(self._crosses).T).T
        drive = np.stack(free)
        drive[1] += self.noise / gap
        drive *= zeta / (1 - zeta * kernel)
        return np.asarray((crosses + np.stack(shares) + drive * kernel_share) * zeta / gap)

    def _crosses_after(self, duration: int, *, nodes: int) -> Values:
        contour = cotangent(start=float(duration), nodes=nodes, stretch=1.0)
        p = np.concatenate([contour.nodes, contour.nodes.conj()])
        weight = np.exp(p * duration) * np.concatenate([contour.weights, contour.weights.conj()])
        transform = self._transform(p, float(duration))
        zeta, gap = np.exp(-p), -np.expm1(-p)
        step, dead = self._step, transform.dead
        contracted = 1 / (gap[:, None] + zeta[:, None] * step)
        both = zeta[:, None] * (1 - step) * contracted / (gap[:, None] + zeta[:, None] * self._decrement)
        constant = np.array([0.0, self.noise + transform.settled])[:, None] / gap
        final = ((transform.response + constant) * (zeta * weight)) @ both * self._kernel
        final[:, dead:] += (weight @ both[:, dead:]) * self._state[:, dead:]
        final[:, dead:] += (weight @ contracted[:, dead:]) * self._crosses[:, dead:]
        final[:, dead:] += (transform.analytic * (zeta * weight)) @ both[:, dead:] * self._kernel[dead:]
        return self._as_listed(final if self.modes.paired else final.real)

    @property
    def _rate(self) -> float:
        """0: what the iterates add to their sum stays when they die out."""
        return 0.0

    @cached_property
    def _step(self) -> Values:
        """gamma z_n."""
        return self.step_size * self.modes.position[self._order]

    @cached_property
    def _crosses(self) -> Values:
        return self.crosses[:, self._order]


def served_from(modes: Modes, step_size: float, *, length: int) -> int:
    """The first step that the transform serves, at most `length`.

    Factors 1 - gamma z that alternate in sign must have died out: their poles lie at log|1 - gamma z| + i pi, on the
    edge of the strip, where the contour does not go round them.
    """
    contraction = 1 - step_size * modes.position
    slowest = float(np.abs(contraction[np.real(contraction) < 0]).max(initial=0.0))
    early = float(EARLIEST)
    if slowest > 0:
        early = max(early, _ALTERNATED / -math.log(slowest) if slowest < 1 else math.inf)
    if min(early, length) > _LONGEST_EARLY:
        raise InvalidInput(
            f"at step size {step_size:.6g} the fastest direction overshoots almost to its own size at every step, and "
            f"its alternating sum cannot be crossed at once: use a smaller step size, or at most {_LONGEST_EARLY} steps"
        )
    return math.ceil(min(early, length))
