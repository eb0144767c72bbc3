"""Constant step size: the response at any step, and the state after a whole stage, by generating functions.

Formula: with D_n = (1 - zeta) + zeta (1 - q_n), X = sum_n x_n/D_n, K = (gamma^2/B) sum_n k_n/D_n,
E^(zeta) = (X + tau zeta K/(1 - zeta))/(1 - zeta K) where tau is the noise that the response is driven by, and
x_n^(zeta) = (x_n + (gamma^2/B) k_n zeta (E^ + tau/(1 - zeta)))/D_n. Both come back by one inverse transform.

Modes that have long died out (|1 - q_n| t large) make X and K large but analytic near p = 0, where the inverse transform
of anything analytic is zero. That part is taken out by hand, so that what is left of the response at late times keeps
its relative accuracy however small it is. Source: D03.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from riskcalc.dynamics.modes import Modes, Values
from riskcalc.numeric.inversion import Cotangent, cotangent, windows

Complex = NDArray[np.complex128]
Real = NDArray[np.float64]

EARLIEST = 64  # steps; below that the recursion is as fast, and the contour would not fit its strip


_DEAD = 80.0  # |1 - q| t beyond which a mode has died out: exp(-80) = 2e-35


@dataclass(frozen=True, kw_only=True)
class _Transform:
    """response and analytic: shape (2, points), their sum is E^ less settled/(1 - zeta) in the variance.

    settled: what the variance has risen to on the dead modes.
    """

    response: Complex
    analytic: Complex
    settled: float


@dataclass(frozen=True, kw_only=True)
class ConstantStage:
    """Modes under one step size, started from a state of shape (2, n): bias response, variance response."""

    modes: Modes
    state: Values
    step_size: float
    batch_size: int
    noise: float

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
        contour = self._both_halves(cotangent(start=float(duration), nodes=nodes, stretch=1.0))
        p = contour.nodes
        transform = self._transform(p, float(duration))
        weight = np.exp(p * duration) * contour.weights
        inverse = 1 / self._denominators(p, self.modes.position)
        live = self._live(float(duration))
        zeta, gap = np.exp(-p), -np.expm1(-p)
        # a dead mode follows the drive, of which only the part that is not analytic at p = 0 counts
        constant = np.array([0.0, self.noise + transform.settled])[:, None] / gap
        follow = (transform.response + constant) * (zeta * weight)
        lead = follow + transform.analytic * (zeta * weight)
        kernel = self._kernel(self.modes.kernel)
        final = np.where(live, (weight @ inverse) * self.state + lead @ inverse * kernel, follow @ inverse * kernel)
        return final if self.modes.paired else final.real

    def _live(self, time: float) -> NDArray[np.bool_]:
        return np.abs(self.modes.decrement(self.step_size, self.batch_size)) * time < _DEAD

    def _both_halves(self, contour: Cotangent) -> Cotangent:
        return Cotangent(
            nodes=np.concatenate([contour.nodes, contour.nodes.conj()]),
            weights=np.concatenate([contour.weights, contour.weights.conj()]),
        )

    def _transform(self, p: Complex, time: float) -> _Transform:
        """The response from about `time` on, without what is analytic at p = 0."""
        everywhere = self.modes.everywhere
        inverse = 1 / self._denominators(p, everywhere(self.modes.position))
        live = everywhere(self._live(time))
        sources = [everywhere(self.state[0]), everywhere(self.state[1]), everywhere(self._kernel(self.modes.kernel))]
        split = [part for source in sources for part in (source * live, source * ~live)]
        free0, dead0, free1, dead1, kernel, dead_kernel = (inverse @ np.stack(split, axis=1).astype(np.complex128)).T
        zeta, gap = np.exp(-p), -np.expm1(-p)
        early = 1 - zeta * dead_kernel  # 1 - zeta K without the live modes: analytic at p = 0
        late = early - zeta * kernel
        free, dead = np.stack([free0, free1]), np.stack([dead0, dead1])
        response = (free * early + dead * zeta * kernel) / (early * late)
        response[1] += self.noise / gap * zeta * kernel / (early * late)
        analytic = dead / early
        # noise (1/early - 1)/(1 - zeta): its pole at p = 0 is a constant, the rest is analytic
        mass = float(np.real(np.sum(sources[2] * ~live / self._denominators(np.zeros(1), everywhere(self.modes.position))[0])))
        settled = self.noise * mass / (1 - mass)
        analytic[1] += (self.noise * (1 / early - 1) - settled) / gap
        return _Transform(response=response, analytic=analytic, settled=settled)

    def _kernel(self, kernel: Values) -> Values:
        return self.step_size**2 / self.batch_size * kernel

    def _denominators(self, p: Values, position: Values) -> Complex:
        """D_n at each point, shape (points, n)."""
        scaled = self.step_size * position
        decrement = scaled * (2 - (1 + 1 / self.batch_size) * scaled)
        denominators = np.exp(-p)[:, None] * decrement
        denominators += -np.expm1(-p)[:, None]
        return np.asarray(denominators)
