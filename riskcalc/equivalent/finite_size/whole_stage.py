"""A whole stage of one step size at once: the drive of every row by its generating function.

Formula: x^ = (x + zeta (gamma^2/B) k g^)/(1 - zeta q) for each mode, partners written out, with the drive
g^ = free^/(1 - zeta K^); what is fed in with other weights dk takes k's place. At the end x(T) = q^T x + what the nodes
of the cotangent contour add. Rows are real, so that a mode at a node's conjugate is its partner's conjugate there.
Valid: SGD, last iterate; a stage that the transform serves. Source: D03, D53.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from riskcalc.dynamics.decay import log_rest
from riskcalc.dynamics.points import Points
from riskcalc.numeric.inversion import cotangent
from riskcalc.quantity import Array, Complex
from riskcalc.spectral.modes import Modes


@dataclass(frozen=True, kw_only=True, eq=False)
class WholeStage:
    """A `Crossing` whose places are nodes. passed: zeta (gamma^2/B)/(1 - zeta q) and resolved: 1/(1 - zeta q) of each
    mode, (places, written out). weight: of the nodes at the end. kept: q^T, (n,).
    """

    modes: Modes
    gap: Complex
    weight: Complex
    resolved: Complex
    passed: Complex
    kept: Complex

    def written_out(self, weights: Complex) -> Complex:
        return self.modes.everywhere(weights)

    def lasting(self, value: float) -> Complex:
        return value / self.gap

    def free(self, state: Complex) -> Complex:
        return np.asarray(self.written_out(state[:, 0]) @ self.resolved.T)

    def closed(self, drive: Array) -> Complex:
        return np.asarray(drive / (1 - self.passed @ self.written_out(self.modes.kernel)))

    def fed_along(self, kernels: Complex, drive: Array) -> Complex:
        return np.asarray((kernels @ self.passed.T) * drive)

    def fed_by(self, source: Complex) -> Complex:
        return np.asarray((self.passed * source).sum(axis=-1))

    def after(self, state: Complex, drive: Array) -> Complex:
        return np.asarray(self.kept * state + self.left_along(drive) * self.modes.kernel)

    def left_along(self, drive: Array) -> Complex:
        return self._at_the_end((drive * self.weight) @ self.passed)[:, None]

    def left_by(self, source: Complex) -> Complex:
        return self._at_the_end(self.weight @ (self.passed * source))[None]

    def _at_the_end(self, values: Complex) -> Complex:
        """Nodes and their conjugates together."""
        return np.asarray(values[..., 0::2] + values[..., 1::2].conj())


def whole_stage(modes: Modes, *, step_size: float, batch_size: int, length: int, nodes: int) -> WholeStage:
    """A stage of so many steps on paired modes."""
    contour = cotangent(start=float(length), nodes=nodes, stretch=1.0)
    points, loss = Points.near_one(contour.nodes), modes.decrement(step_size, batch_size)
    resolved = 1 / (points.gap[:, None] + points.zeta[:, None] * modes.everywhere(loss))
    return WholeStage(
        modes=modes,
        gap=points.gap,
        weight=np.exp(contour.nodes * length) * contour.weights,
        resolved=resolved,
        passed=points.zeta[:, None] * resolved * (step_size**2 / batch_size),
        kept=np.exp(length * log_rest(loss)),
    )
