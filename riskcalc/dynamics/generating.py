"""Constant step size: the response at any step, and the state after a whole stage, by generating functions.

Formula: with D_n = (1 - zeta) + zeta (1 - q_n), X = sum_n x_n/D_n, K = (gamma^2/B) sum_n k_n/D_n,
E^(zeta) = (X + tau zeta K/(1 - zeta))/(1 - zeta K) where tau is the noise that the response is driven by, and
x_n^(zeta) = (x_n + (gamma^2/B) k_n zeta (E^ + tau/(1 - zeta)))/D_n. Both come back by one inverse transform.

Modes that have long died out make X and K large but analytic near p = 0, where the inverse transform of anything
analytic is zero. That part is taken out by hand, so that what is left of the response at late times keeps its relative
accuracy however small it is. Which modes these are, `dead_modes` says. Source: D03.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from riskcalc.dynamics.dead_modes import Flags, dead_modes
from riskcalc.dynamics.modes import Modes, Values
from riskcalc.numeric.inversion import cotangent, windows

Complex = NDArray[np.complex128]
Real = NDArray[np.float64]

EARLIEST = 64  # steps; below that the recursion is as fast, and the contour would not fit its strip


@dataclass(frozen=True, kw_only=True)
class _Transform:
    """response and analytic: shape (2, points), their sum is E^ less settled/(1 - zeta) in the variance.

    settled: what the variance has risen to on the dead modes. live: the others; conjugate partners are counted once.
    """

    response: Complex
    analytic: Complex
    settled: float
    live: Flags


@dataclass(frozen=True, kw_only=True)
class ConstantStage:
    """Modes under one step size, started from a state of shape (2, n): bias response, variance response."""

    modes: Modes
    state: Values
    step_size: float
    batch_size: int
    noise: float

    @cached_property
    def _decrement(self) -> Values:
        """1 - q_n, conjugate partners side by side."""
        return self.modes.everywhere(self.modes.decrement(self.step_size, self.batch_size))

    @cached_property
    def _kernel(self) -> Values:
        return self.step_size**2 / self.batch_size * self.modes.kernel

    @cached_property
    def _sources(self) -> Complex:
        """Columns: bias state, variance state, kernel; conjugate partners side by side."""
        rows = np.concatenate([self.state, self._kernel[None]])
        return self.modes.everywhere(rows).T.astype(np.complex128)

    def totals(self, times: Real, *, nodes: int) -> Real:
        """sum_n x_n(t) for both responses, shape (times, 2), at ascending times >= EARLIEST."""
        found = np.empty((times.size, 2))
        for start, part in windows(times):
            contour = cotangent(start=start, nodes=nodes)
            transform = self._transform(contour.nodes, start)
            found[part] = contour.invert(transform.response, times[part]).T
            found[part, 1] += transform.settled
        return found

    def state_after(self, duration: int, *, nodes: int) -> Values:
        """The state after `duration` steps >= EARLIEST, shape (2, n)."""
        contour = cotangent(start=float(duration), nodes=nodes, stretch=1.0)
        p = np.concatenate([contour.nodes, contour.nodes.conj()])
        weight = np.exp(p * duration) * np.concatenate([contour.weights, contour.weights.conj()])
        transform = self._transform(p, float(duration))
        decrement = self.modes.decrement(self.step_size, self.batch_size)
        inverse = 1 / _denominators(p, decrement)
        live = transform.live
        zeta, gap = np.exp(-p), -np.expm1(-p)
        # a dead mode follows the drive, of which only the part that is not analytic at p = 0 counts
        constant = np.array([0.0, self.noise + transform.settled])[:, None] / gap
        follow = (transform.response + constant) * (zeta * weight)
        final = follow @ inverse * self._kernel
        lead = transform.analytic * (zeta * weight)
        final[:, live] += (weight @ inverse[:, live]) * self.state[:, live]
        final[:, live] += lead @ inverse[:, live] * self._kernel[live]
        return np.asarray(final if self.modes.paired else final.real)

    def _dead(self, time: float) -> Flags:
        """Which modes have died out at `time`; conjugate partners are counted once."""
        rates = np.abs(self.modes.decrement(self.step_size, self.batch_size))
        gains = np.abs(self._kernel) * (2 if self.modes.paired else 1)
        return dead_modes(rates, gains, self._shares, time=time)

    def _shares(self, p: Complex, which: NDArray[np.intp]) -> Complex:
        """zeta g_n/D_n = g_n/(e^p - q_n) of the modes `which` at each point, with their partners', (points, modes)."""
        decrement = self.modes.decrement(self.step_size, self.batch_size)[which]
        ahead = np.expm1(p)[:, None]
        shares = self._kernel[which] / (ahead + decrement)
        return shares + (self._kernel[which] / (ahead.conj() + decrement)).conj() if self.modes.paired else shares

    def _transform(self, p: Complex, time: float) -> _Transform:
        """The response from about `time` on, without what is analytic at p = 0."""
        live = ~self._dead(time)
        died = ~self.modes.everywhere(live)
        *dead, dead_kernel = self._summed(p, died)
        *free, kernel = self._summed(p, ~died)
        zeta, gap = np.exp(-p), -np.expm1(-p)
        early = 1 - zeta * dead_kernel  # 1 - zeta K without the live modes: analytic at p = 0
        late = early - zeta * kernel
        response = (np.stack(free) * early + np.stack(dead) * zeta * kernel) / (early * late)
        response[1] += self.noise / gap * zeta * kernel / (early * late)
        analytic = np.stack(dead) / early
        # noise (1/early - 1)/(1 - zeta): its pole at p = 0 is a constant, the rest is analytic
        mass = float(np.real(np.sum(self._sources[died, 2] / self._decrement[died])))
        settled = self.noise * mass / (1 - mass)
        analytic[1] += (self.noise * (1 / early - 1) - settled) / gap
        return _Transform(response=response, analytic=analytic, settled=settled, live=live)

    def _summed(self, p: Complex, modes: Flags) -> Complex:
        """The sources over D_n, summed over the flagged modes: (3, points)."""
        return ((1 / _denominators(p, self._decrement[modes])) @ self._sources[modes]).T


def _denominators(p: Complex, decrement: Values) -> Complex:
    """D_n at each point, shape (points, n)."""
    denominators = np.exp(-p)[:, None] * decrement
    denominators += -np.expm1(-p)[:, None]
    return np.asarray(denominators)
