"""A sum of iterates across a stage of constant step size, whatever its length, by generating functions.

Formula: with P_n = 1 - zeta (1 - gamma z_n) and x_n^ as for the last iterate,
c_n^ = (c_n + zeta (1 - gamma z_n) x_n^)/P_n and total^ = (total + zeta sum_n (2 c_n^ + x_n^))/(1 - zeta). What has died
out stays in the total for good, so nothing that is analytic at p = 0 may be left out of x_n^ there; the crosses forget,
and are treated as the moments are.

Where gamma z_n > 1 the factor 1 - gamma z_n alternates in sign, and 1/P_n has its pole near zeta = -1, the only one
there: f(t) is the contour integral of f^(exp(-p)), and (-1)^t times that of f^(-exp(-p)). Source: D24.
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
from riskcalc.numeric.inversion import Cotangent, cotangent, windows

Complex = NDArray[np.complex128]
Real = NDArray[np.float64]

_FORGOTTEN = 40.0  # |1 - gamma z|^t = exp(-40) may be left out
_SECTOR = 0.5  # radians about the negative axis of p in which a contour goes round poles


@dataclass(frozen=True, kw_only=True)
class _Circle:
    """Points of the unit circle's neighbourhood: zeta, 1 - zeta, and 1/P_n (points, n)."""

    zeta: Complex
    gap: Complex
    contracted: Complex

    @classmethod
    def near_one(cls, p: Complex, step: Values) -> _Circle:
        """zeta = exp(-p). step: gamma z_n."""
        zeta, gap = np.exp(-p), -np.expm1(-p)
        return cls(zeta=zeta, gap=gap, contracted=1 / (gap[:, None] + zeta[:, None] * step))

    @classmethod
    def near_minus_one(cls, p: Complex, step: Values) -> _Circle:
        """zeta = -exp(-p), where P_n = 1 - exp(-p) + exp(-p) (2 - gamma z_n)."""
        shrunk, gap = np.exp(-p), -np.expm1(-p)
        return cls(zeta=-shrunk, gap=1 + shrunk, contracted=1 / (gap[:, None] + shrunk[:, None] * (2 - step)))


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
            found[part] = self.totals_before + self._added(contour, times[part]).T
        return found

    def sum_after(self, duration: int, *, nodes: int) -> SumState:
        """The whole state after `duration` steps."""
        contour = cotangent(start=float(duration), nodes=nodes, stretch=1.0)
        added = self._added(contour, np.array([float(duration)]))[:, 0]
        return SumState(
            moments=self.state_after(duration, nodes=nodes),
            crosses=self._crosses_after(duration, nodes=nodes),
            totals=self.totals_before + added,
        )

    def _added(self, contour: Cotangent, times: Real) -> Real:
        """What the totals have risen by, shape (2, times)."""
        step = self.modes.everywhere(self._step)
        added = contour.invert(self._sums(_Circle.near_one(contour.nodes, step)), times)
        if self._alternating.any():
            mirrored = self._sums(_Circle.near_minus_one(contour.nodes, step))
            added += contour.invert(mirrored, times) * (1 - 2 * (times % 2))
        return added

    def _sums(self, circle: _Circle) -> Complex:
        """zeta sum_n (2 c_n^ + x_n^)/(1 - zeta), shape (2, points)."""
        zeta, gap, contracted = circle.zeta, circle.gap, circle.contracted
        inverse = self._inverse(circle)
        *free, kernel = (inverse @ self._sources).T
        # 2 c^ + x^ = 2 c/P + (1 + zeta (1 - gamma z))/P x^
        step = self.modes.everywhere(self._step)
        both = inverse * contracted * (1 + zeta[:, None] * (1 - step))
        *shares, kernel_share = (both @ self._sources).T
        crosses = 2 * (contracted @ self.modes.everywhere(self._crosses).T).T
        drive = self._drive(circle, np.stack(free), kernel)
        return np.asarray((crosses + np.stack(shares) + drive * kernel_share) * zeta / gap)

    def _inverse(self, circle: _Circle) -> Complex:
        """1/D_n, (points, n), conjugate partners side by side."""
        return np.asarray(1 / (circle.gap[:, None] + circle.zeta[:, None] * self._decrement_everywhere))

    def _drive(self, circle: _Circle, free: Complex, kernel: Complex) -> Complex:
        """zeta (E^ + noise/(1 - zeta)), shape (2, points), from X and K."""
        drive = free.copy()
        drive[1] += self.noise / circle.gap
        return np.asarray(drive * circle.zeta / (1 - circle.zeta * kernel))

    def _crosses_after(self, duration: int, *, nodes: int) -> Values:
        contour = cotangent(start=float(duration), nodes=nodes, stretch=1.0)
        p = np.concatenate([contour.nodes, contour.nodes.conj()])
        weight = np.exp(p * duration) * np.concatenate([contour.weights, contour.weights.conj()])
        transform = self._transform(p, float(duration))
        circle, dead = _Circle.near_one(p, self._step), transform.dead
        zeta, gap, contracted = circle.zeta, circle.gap, circle.contracted
        both = zeta[:, None] * (1 - self._step) * contracted / (gap[:, None] + zeta[:, None] * self._decrement)
        constant = np.array([0.0, self.noise + transform.settled])[:, None] / gap
        final = ((transform.response + constant) * (zeta * weight)) @ both * self._kernel
        final[:, dead:] += (weight @ both[:, dead:]) * self._state[:, dead:]
        final[:, dead:] += (weight @ contracted[:, dead:]) * self._crosses[:, dead:]
        final[:, dead:] += (transform.analytic * (zeta * weight)) @ both[:, dead:] * self._kernel[dead:]
        if self._alternating.any():
            final[:, self._alternating] += (1 - 2 * (duration % 2)) * self._alternating_crosses(p, weight)
        return self._as_listed(final if self.modes.paired else final.real)

    def _alternating_crosses(self, p: Complex, weight: Complex) -> Complex:
        """What the poles near zeta = -1 add to the crosses of their modes, but for its sign."""
        circle, chosen = _Circle.near_minus_one(p, self._step[self._alternating]), self._alternating
        *free, kernel = (self._inverse(circle) @ self._sources).T
        drive = self._drive(circle, np.stack(free), kernel)
        zeta, contracted = circle.zeta, circle.contracted
        inverse = 1 / (circle.gap[:, None] + zeta[:, None] * self._decrement[chosen])
        both = zeta[:, None] * (1 - self._step[chosen]) * contracted * inverse
        state, kernels = self._state[:, chosen], self._kernel[chosen]
        return np.asarray(
            (weight @ contracted) * self._crosses[:, chosen]
            + (weight @ both) * state
            + (drive * weight) @ both * kernels
        )

    @cached_property
    def _alternating(self) -> NDArray[np.bool_]:
        """Modes whose factor 1 - gamma z turns round at every step."""
        return np.asarray(np.real(self._step) > 1)

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

    Factors 1 - gamma z whose poles log|1 - gamma z| + i arg lie at an angle that neither contour goes round, near p = 0
    or near p = i pi, must have died out.
    """
    contraction = 1 - step_size * modes.position
    nearest = np.where(np.real(contraction) < 0, -contraction, contraction)
    size, angle = np.abs(nearest), np.abs(np.angle(nearest))
    with np.errstate(divide="ignore"):
        falls = -np.log(size)
    outside = (angle > 0) & (angle > _SECTOR * falls)
    slowest = float(falls[outside & (np.real(contraction) < 0)].min(initial=math.inf))
    early = max(float(EARLIEST), _FORGOTTEN / slowest if slowest > 0 else math.inf)
    return math.ceil(min(early, length))
