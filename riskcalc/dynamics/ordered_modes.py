"""The modes of a stage of constant step size, from the one that dies out first on, as transforms take them.

N, the sources (both states and the kernel D k/B) and how fast each mode dies out are asked for many times in a stage,
and all of them in one order. Where nothing drives a run of one buffer, a factor (1 - nu)^t is taken out of it: then N
is (N - nu)/(1 - nu) and D is D/(1 - nu). Source: D03, D38.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from riskcalc.dynamics.elimination import Table
from riskcalc.dynamics.moments import MomentMap
from riskcalc.dynamics.served import FORGOTTEN
from riskcalc.dynamics.slowest import slowest_rate
from riskcalc.quantity import Array, Complex, Real
from riskcalc.spectral.modes import Modes


@dataclass(frozen=True, kw_only=True)
class OrderedModes:
    """Modes under one map of their moments, with a state (2, m, n) of bias and variance response as they are listed.

    driven: whether noise feeds the variance. step_size: of the map.
    """

    modes: Modes
    moments: MomentMap
    listed: Array
    step_size: float | np.floating[Any]
    batch_size: int
    driven: bool

    @property
    def kind(self) -> type[np.complexfloating[Any, Any]]:
        """Complex numbers of the same floats."""
        return np.result_type(self.modes.real, np.complex64).type

    @property
    def partners(self) -> int:
        """How many modes stand for one that is listed."""
        return 2 if self.modes.paired else 1

    @cached_property
    def order(self) -> NDArray[np.intp]:
        """From the mode that dies out first on; not that of the positions where gamma z > 1/(1 + 1/B)."""
        return np.argsort(-_rates(self.moments.core_of(self.modes.position)), kind="stable")

    def as_listed(self, values: Array) -> Array:
        """Values of the modes (last axis) in the order in which they are listed."""
        found = np.empty_like(values)
        found[..., self.order] = values
        return found

    @cached_property
    def rate(self) -> np.floating[Any]:
        """nu, of the factor (1 - nu)^t that is taken out."""
        alone = self.moments.size == 1 and not self.modes.paired
        if not alone or self.driven or self.listed[1].any():
            return self.modes.number(0.0)
        return self.modes.number(slowest_rate(self.modes, float(self.step_size), self.batch_size))

    @cached_property
    def loss(self) -> Table:
        """Entries of N."""
        z, rate = self.modes.position[self.order], self.rate
        joined = self.moments.joined
        return [
            [
                (self.moments.loss(i, j, z)[0] - (rate if i == j else 0.0)) / (1 - rate) if joined[i, j] else None
                for j in range(self.moments.size)
            ]
            for i in range(self.moments.size)
        ]

    @cached_property
    def everywhere(self) -> Table:
        """Entries of N, conjugate partners side by side."""
        return [[None if entry is None else self.modes.everywhere(entry) for entry in row] for row in self.loss]

    @cached_property
    def kernel(self) -> Array:
        """D k/B, (m, n)."""
        weights = self.modes.kernel[self.order] / self.batch_size / (1 - self.rate)
        return np.asarray(self.moments.feed[0][:, None] * weights)

    @cached_property
    def state(self) -> Array:
        return self.listed[..., self.order]

    @cached_property
    def sources(self) -> Complex:
        """Columns: bias state, variance state, kernel; rows: moments of the modes, conjugate partners side by side."""
        rows = self.modes.everywhere(np.concatenate([self.state, self.kernel[None]]))
        return np.ascontiguousarray(rows.transpose(2, 1, 0), dtype=self.kind)  # (n, m, 3)

    @cached_property
    def _core(self) -> Array:
        """The core of N, (n, core, core)."""
        core = self.moments.core_of(self.modes.position[self.order])
        return np.asarray((core - self.rate * np.eye(self.moments.core)) / (1 - self.rate))

    @cached_property
    def rates(self) -> Real:
        """How fast modes die out."""
        return _rates(self._core).astype(float)

    @cached_property
    def _followers(self) -> list[tuple[slice, Real]]:
        """Blocks of moments that follow the core, and how fast they forget a mode: it, or any before it, at the least.
        """
        least, found = np.full(len(self.rates), np.inf), []
        for block in self.moments.blocks[1:]:
            rows = range(self.moments.size)[block]
            entries = [[self._filled(self.loss[i][j]) for j in rows] for i in rows]
            rates = _rates(np.moveaxis(np.array(entries), -1, 0)).astype(float)
            least = np.minimum(least, np.minimum.accumulate(rates))
            found.append((block, least))
        return found

    def _filled(self, entry: Complex | None) -> Complex:
        return np.zeros(len(self.rates), dtype=self.kind) if entry is None else entry

    def silent(self, dead: int, time: float) -> int:
        """How many of the first `dead` modes everything has forgotten."""
        return min([dead, *(int((rates[:dead] * time > FORGOTTEN).sum()) for _, rates in self._followers)])

    def lasting(self, dead: int, time: float) -> NDArray[np.bool_]:
        """Moments that hold what the core of a dead mode has forgotten."""
        kept = np.zeros(self.moments.size, dtype=bool)
        for block, rates in self._followers:
            kept[block] = bool((rates[:dead] * time <= FORGOTTEN).any())
        return kept

    @cached_property
    def masses(self) -> Array:
        """C.N^-1 D k/B, which add up to kappa; twice, where a mode has a partner."""
        moving = self._core.any(axis=(1, 2))  # without movement there is no feedback
        drive, kernel = self.moments.drive[: self.moments.core], self.kernel[: self.moments.core].T
        masses = np.zeros(len(self._core), dtype=self._core.dtype)
        if self.moments.core == 1:
            masses[moving] = kernel[moving, 0] / self._core[moving, 0, 0] * drive[0]
        else:
            masses[moving] = np.linalg.solve(self._core[moving], kernel[moving][..., None])[..., 0] @ drive
        return masses * self.partners

    @cached_property
    def alternating(self) -> NDArray[np.bool_]:
        """Modes that turn round in some direction at every step."""
        factors = 1 - self.moments.losses(self.modes.position[self.order])
        return np.asarray((np.real(factors) < 0).any(axis=-1))


def _rates(core: Array) -> Real:
    """How fast modes die out: |1 - q| with one buffer, in general the harmonic mean of what all directions lose."""
    if core.shape[-1] == 1:
        return np.asarray(np.abs(core[:, 0, 0]))
    moving = core.any(axis=(1, 2))
    found = np.zeros(len(core))
    found[moving] = 1 / np.abs(np.trace(np.linalg.inv(core[moving]), axis1=-2, axis2=-1))
    return found
