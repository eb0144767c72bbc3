"""Constant step size: the response at any step, and the state after a whole stage, by generating functions.

Formula: with D_n = (1 - zeta) + zeta (1 - q_n), X = sum_n x_n/D_n, K = (gamma^2/B) sum_n k_n/D_n,
E^(zeta) = (X + tau zeta K/(1 - zeta))/(1 - zeta K) where tau is the noise that the response is driven by, and
x_n^(zeta) = (x_n + (gamma^2/B) k_n zeta (E^ + tau/(1 - zeta)))/D_n. Both come back by one inverse transform.

Modes that have long died out make X and K large but analytic near p = 0, where the inverse transform of anything
analytic is zero. That part is taken out by hand, so that what is left of the response at late times keeps its relative
accuracy however small it is. Which modes these are, `dead_modes` says.

Where nothing drives the run, the bias is all there is, and dies out as (1 - nu)^t: that factor is taken out beforehand,
x(t) = (1 - nu)^t y(t), and y is found in the same way, with q_n/(1 - nu) and g_n/(1 - nu). Source: D03.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from riskcalc.dynamics.dead_modes import count_dead
from riskcalc.dynamics.modes import Modes, Values
from riskcalc.dynamics.slowest import slowest_rate
from riskcalc.numeric.inversion import cotangent, windows

Complex = NDArray[np.complex128]
Real = NDArray[np.float64]

EARLIEST = 64  # steps; below that the recursion is as fast, and the contour would not fit its strip


@dataclass(frozen=True, kw_only=True)
class _Transform:
    """response and analytic: shape (2, points), their sum is E^ less settled/(1 - zeta) in the variance.

    settled: what the variance has risen to on the dead modes, of which there are `dead`.
    """

    response: Complex
    analytic: Complex
    settled: float
    dead: int


@dataclass(frozen=True, kw_only=True)
class ConstantStage:
    """Modes under one step size, started from a state of shape (2, n): bias response, variance response."""

    modes: Modes
    state: Values
    step_size: float
    batch_size: int
    noise: float

    @cached_property
    def _order(self) -> NDArray[np.intp]:
        """From the mode that dies out first on: all that has a private name stands in this order.

        It is not that of the positions where gamma z > 1/(1 + 1/B).
        """
        return np.argsort(-np.abs(self.modes.decrement(self.step_size, self.batch_size)), kind="stable")

    def _as_listed(self, values: Values) -> Values:
        """Values of the modes (last axis) in the order in which they are listed."""
        listed = np.empty_like(values)
        listed[..., self._order] = values
        return listed

    @cached_property
    def _rate(self) -> float:
        """nu, of the factor (1 - nu)^t that is taken out."""
        if self.modes.paired or self.noise or self.state[1].any():
            return 0.0
        return slowest_rate(self.modes, self.step_size, self.batch_size)

    @cached_property
    def _decrement(self) -> Values:
        """1 - q_n; 1 - q_n/(1 - nu) where a factor is taken out."""
        decrement = self.modes.decrement(self.step_size, self.batch_size)[self._order]
        return (decrement - self._rate) / (1 - self._rate)

    @cached_property
    def _kernel(self) -> Values:
        """g_n = (gamma^2/B) k_n, over 1 - nu where a factor is taken out."""
        return self.step_size**2 / self.batch_size * self.modes.kernel[self._order] / (1 - self._rate)

    def _taken_out(self, times: Real | float) -> Real:
        """(1 - nu)^t."""
        return np.asarray(np.exp(times * np.log1p(-self._rate)))

    @cached_property
    def _state(self) -> Values:
        return self.state[:, self._order]

    @cached_property
    def _decrement_everywhere(self) -> Values:
        """1 - q_n, conjugate partners side by side."""
        return self.modes.everywhere(self._decrement)

    @cached_property
    def _sources(self) -> Complex:
        """Columns: bias state, variance state, kernel; conjugate partners side by side."""
        rows = np.concatenate([self._state, self._kernel[None]])
        return self.modes.everywhere(rows).T.astype(np.complex128)

    @cached_property
    def _rates(self) -> Real:
        return np.abs(self._decrement)

    @cached_property
    def _masses(self) -> Values:
        """g_n/(1 - q_n), which add up to kappa; twice, where a mode has a partner."""
        masses = np.divide(
            self._kernel, self._decrement, out=np.zeros_like(self._kernel), where=self._decrement != 0
        )  # without movement there is no feedback
        return masses * (2 if self.modes.paired else 1)

    def totals(self, times: Real, *, nodes: int) -> Real:
        """sum_n x_n(t) for both responses, shape (times, 2), at ascending times >= EARLIEST."""
        found = np.empty((times.size, 2))
        for start, part in windows(times):
            if not self._taken_out(start):  # nothing is left that floats could hold
                found[part] = 0
                continue
            contour = cotangent(start=start, nodes=nodes)
            transform = self._transform(contour.nodes, start)
            found[part] = contour.invert(transform.response, times[part]).T
            found[part, 1] += transform.settled
        return found * self._taken_out(times)[:, None]

    def state_after(self, duration: int, *, nodes: int) -> Values:
        """The state after `duration` steps >= EARLIEST, shape (2, n)."""
        left = self._taken_out(float(duration))
        if not left:
            return np.zeros_like(self.state)
        contour = cotangent(start=float(duration), nodes=nodes, stretch=1.0)
        p = np.concatenate([contour.nodes, contour.nodes.conj()])
        weight = np.exp(p * duration) * np.concatenate([contour.weights, contour.weights.conj()])
        transform = self._transform(p, float(duration))
        inverse, dead = 1 / _denominators(p, self._decrement), transform.dead
        zeta, gap = np.exp(-p), -np.expm1(-p)
        # a dead mode follows the drive, of which only the part that is not analytic at p = 0 counts
        constant = np.array([0.0, self.noise + transform.settled])[:, None] / gap
        follow = (transform.response + constant) * (zeta * weight)
        final = follow @ inverse * self._kernel
        lead = transform.analytic * (zeta * weight)
        final[:, dead:] += (weight @ inverse[:, dead:]) * self._state[:, dead:]
        final[:, dead:] += lead @ inverse[:, dead:] * self._kernel[dead:]
        return self._as_listed(final if self.modes.paired else final.real) * left

    def _shares(self, p: Complex, count: int) -> Complex:
        """zeta g_n/D_n = g_n/(e^p - q_n) of the first modes at each point, partners included, (points, modes)."""
        ahead, decrement, kernel = np.expm1(p)[:, None], self._decrement[:count], self._kernel[:count]
        shares = kernel / (ahead + decrement)
        if self.modes.paired:
            shares += kernel.conj() / (ahead + decrement.conj())
        return np.asarray(shares)

    def _transform(self, p: Complex, time: float) -> _Transform:
        """The response from about `time` on, without what is analytic at p = 0."""
        dead = count_dead(self._rates, self._masses, self._shares, time=time)
        first = dead * (2 if self.modes.paired else 1)
        inverse = 1 / _denominators(p, self._decrement_everywhere)
        *left, left_kernel = (inverse[:, :first] @ self._sources[:first]).T
        *free, kernel = (inverse[:, first:] @ self._sources[first:]).T
        zeta, gap = np.exp(-p), -np.expm1(-p)
        early = 1 - zeta * left_kernel  # 1 - zeta K without the live modes: analytic at p = 0
        late = early - zeta * kernel
        response = (np.stack(free) * early + np.stack(left) * zeta * kernel) / (early * late)
        response[1] += self.noise / gap * zeta * kernel / (early * late)
        analytic = np.stack(left) / early
        # noise (1/early - 1)/(1 - zeta): its pole at p = 0 is a constant, the rest is analytic
        mass = float(np.real(self._masses[:dead].sum()))
        settled = self.noise * mass / (1 - mass)
        analytic[1] += (self.noise * (1 / early - 1) - settled) / gap
        return _Transform(response=response, analytic=analytic, settled=settled, dead=dead)


def _denominators(p: Complex, decrement: Values) -> Complex:
    """D_n at each point, shape (points, n)."""
    denominators = np.exp(-p)[:, None] * decrement
    denominators += -np.expm1(-p)[:, None]
    return np.asarray(denominators)
