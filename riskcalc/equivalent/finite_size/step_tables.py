"""A block of steps as tables: what any state, and whatever is fed in at any step, makes of the drive and of the end.

Formula: x(s+1) = P_s x(s) + D_s g(s); drive(s) = sum_n C.(P_{s-1} ... P_0 x(0) + sum_{s'<s} P_{s-1} ... P_{s'+1} D_{s'}
g(s')). Many rows that share P, D and C then move by matrix products. Source: D53.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.linalg import solve_triangular

from riskcalc.dynamics.moments import MomentMap
from riskcalc.quantity import Array, Complex, Real
from riskcalc.spectral.modes import Modes


@dataclass(frozen=True, kw_only=True, eq=False)
class StepTables:
    """Of L steps, m moments and n modes; a `Crossing` whose places are the steps.

    seen: C.(product to step s), (L, m, n). heard: C.(product from s' to s) D/B, (L, L, n), zero for s' >= s.
    kept: the product over all steps, (m, m, n). left: (product from s' to the end) D/B, (L, m, n).
    """

    modes: Modes
    seen: Complex
    heard: Complex
    kept: Complex
    left: Complex

    @property
    def _weight(self) -> float:
        return 2.0 if self.modes.paired else 1.0

    def written_out(self, weights: Complex) -> Complex:
        return weights

    def lasting(self, value: float) -> float:
        return value

    def free(self, state: Complex) -> Real:
        flat = state.reshape(len(state), -1)
        return np.asarray(self._weight * np.real(flat @ self.seen.reshape(len(self.seen), -1).T))

    def closed(self, drive: Array) -> Real:
        feedback = np.eye(len(self.seen)) - self._weight * np.real(self.heard @ self.modes.kernel)
        return np.asarray(solve_triangular(feedback, drive.T, lower=True, unit_diagonal=True).T)

    def fed_along(self, kernels: Complex, drive: Array) -> Real:
        fed = np.einsum("stn,t->sn", self.heard, drive)
        return np.asarray(self._weight * np.real(kernels @ fed.T))

    def fed_by(self, source: Complex) -> Real:
        return np.asarray(self._weight * np.real(np.einsum("stn,tn->s", self.heard, source)))

    def after(self, state: Complex, drive: Array) -> Complex:
        found = np.einsum("ijn,rjn->rin", self.kept, state)
        driven = drive @ (self.left * self.modes.kernel).reshape(len(self.left), -1)
        return np.asarray(found + driven.reshape(state.shape))

    def left_along(self, drive: Array) -> Complex:
        return np.asarray(np.einsum("tin,rt->rin", self.left, drive))

    def left_by(self, source: Complex) -> Complex:
        return np.asarray(np.einsum("tin,tn->in", self.left, source))


def step_tables(moments: MomentMap, modes: Modes, *, batch_size: int) -> StepTables:
    """The tables of all steps of a map."""
    length, size, count = len(moments.feed), moments.size, modes.position.size
    seen = np.empty((length, size, count), dtype=np.complex128)
    heard = np.zeros((length, length, count), dtype=np.complex128)
    kept = np.repeat(np.eye(size, dtype=np.complex128)[:, :, None], count, axis=2)
    left = np.zeros((length, size, count), dtype=np.complex128)
    for step in range(length):
        seen[step] = np.einsum("i,ijn->jn", moments.drive, kept)
        heard[step, :step] = np.einsum("i,sin->sn", moments.drive, left[:step])
        moved = _moved(moments, step, modes)
        kept = np.einsum("ijn,jkn->ikn", moved, kept)
        left[:step] = np.einsum("ijn,sjn->sin", moved, left[:step])
        left[step] = moments.feed[step][:, None] / batch_size
    return StepTables(modes=modes, seen=seen, heard=heard, kept=kept, left=left)


def _moved(moments: MomentMap, step: int, modes: Modes) -> Complex:
    """1 - N of one step, (m, m, n)."""
    z = modes.position
    quadratic = moments.spread * moments.quadratic[step]
    loss = moments.constant[step][..., None] + z * (moments.linear[step][..., None] - quadratic[..., None] * z)
    return np.asarray(np.eye(moments.size)[..., None] - loss)
