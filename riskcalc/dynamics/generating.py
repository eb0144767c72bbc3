"""Constant step size: the response at any step, and the state after a whole stage, by generating functions.

Formula: with D_n = (1 - zeta) + zeta (1 - q_n), X = sum_n x_n/D_n, K = (gamma^2/B) sum_n k_n/D_n,
E^(zeta) = (X + tau zeta K/(1 - zeta))/(1 - zeta K) where tau is the noise that the response is driven by, and
x_n^(zeta) = (x_n + (gamma^2/B) k_n zeta (E^ + tau/(1 - zeta)))/D_n. Both come back by one inverse transform.
Source: D03.
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
            transform, _ = self._transform(contour.nodes)
            found[part] = contour.invert(transform, times[part]).T
        return found

    def state_after(self, duration: int, *, nodes: int) -> Values:
        """The state after `duration` steps >= EARLIEST, shape (2, n)."""
        contour = cotangent(start=float(duration), nodes=nodes, stretch=1.0)
        both = self._both_halves(contour)
        transform, drive = self._transform(both.nodes)
        zeta = np.exp(-both.nodes)
        weight = np.exp(both.nodes * duration) * both.weights
        # (2, n) = sum over contour points of the transformed state
        inverse = 1 / self._denominators(both.nodes, self.modes.position)
        free = (weight @ inverse) * self.state
        driven = (drive * (zeta * weight)) @ inverse * self._kernel(self.modes.kernel)
        final = free + driven
        return final if self.modes.paired else final.real

    def _both_halves(self, contour: Cotangent) -> Cotangent:
        return Cotangent(
            nodes=np.concatenate([contour.nodes, contour.nodes.conj()]),
            weights=np.concatenate([contour.weights, contour.weights.conj()]),
        )

    def _transform(self, p: Complex) -> tuple[Complex, Complex]:
        """E^ and the drive E^ + tau/(1 - zeta), each of shape (2, points)."""
        everywhere = self.modes.everywhere
        inverse = 1 / self._denominators(p, everywhere(self.modes.position))
        sources = np.stack([everywhere(self.state[0]), everywhere(self.state[1])], axis=1)
        weights = np.concatenate([sources, everywhere(self._kernel(self.modes.kernel))[:, None]], axis=1)
        summed = inverse @ weights.astype(np.complex128)
        free, kernel = summed[:, :2].T, summed[:, 2]
        zeta, gap = np.exp(-p), -np.expm1(-p)
        constant = np.array([0.0, self.noise])[:, None] / gap
        response = (free + constant * zeta * kernel) / (1 - zeta * kernel)
        return response, response + constant

    def _kernel(self, kernel: Values) -> Values:
        return self.step_size**2 / self.batch_size * kernel

    def _denominators(self, p: Complex, position: Values) -> Complex:
        """D_n at each point, shape (points, n)."""
        scaled = self.step_size * position
        decrement = scaled * (2 - (1 + 1 / self.batch_size) * scaled)
        denominators: Complex = np.exp(-p)[:, None] * decrement
        denominators += -np.expm1(-p)[:, None]
        return denominators
