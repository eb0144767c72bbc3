"""Modes: everything the dynamics needs to know about a problem, whichever deterministic road it came by.

Positions z_n, signal weights f_n, kernel weights k_n and the floor (the approximation error). Given the sketch they
are real (z = l, f = l s(0), k = l^2); on a contour of the deterministic equivalent they are complex and come in
conjugate pairs, of which only the upper half is kept. Source: D01, D02.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any, cast

import numpy as np

from riskcalc.quantity import Array, Real


def floated(value: Fraction | float, real: type[np.floating[Any]]) -> np.floating[Any]:
    """The nearest float, or nearly, also where floats are longer than Python's."""
    near = float(value)
    if real is np.float64 or not math.isfinite(near):
        return real(near)
    return real(near) + real(float(Fraction(value) - Fraction(near)))


_ROUNDING = 8 * float(np.finfo(np.float64).eps)


@dataclass(frozen=True, kw_only=True, eq=False)
class Modes:
    """position, signal, kernel: shape (n,), largest position first. paired: conjugate partners are understood.

    uncertainty: relative, of each position and weight, by the rounding of what they are computed from. unknown: what
    each weight may be wrong by besides, relative, where it is computed at a place that is not known to all digits.
    exchanged: what of the signal each mode may have won from faster ones, or lost to slower; 0 in all. floor_error:
    relative, of the floor.
    """

    position: Array
    signal: Array
    kernel: Array
    floor: float
    paired: bool
    uncertainty: float | Real = _ROUNDING
    unknown: float | Array = 0.0
    exchanged: float | Real = 0.0
    floor_error: float = _ROUNDING

    @property
    def real(self) -> type[np.floating[Any]]:
        """The floats that all of them are: float64, or longer ones."""
        return self.position.real.dtype.type

    def number(self, value: Fraction | float) -> np.floating[Any]:
        """A number in these floats, to the last digit."""
        return floated(value, self.real)

    @classmethod
    def side_by_side(cls, lists: Sequence[Modes]) -> Modes:
        """Lists followed together and apart from each other, filled up with empty modes: shape (k, n), floor (k,)."""
        longest = max(it.position.size for it in lists)

        def stacked(rows: list[Array]) -> Array:
            return np.stack([np.pad(row, (0, longest - row.size)) for row in rows])

        return replace(
            lists[0],
            position=stacked([it.position for it in lists]),
            signal=stacked([it.signal for it in lists]),
            kernel=stacked([it.kernel for it in lists]),
            floor=cast(float, np.array([it.floor for it in lists])),
        )

    def total(self, values: Array) -> Real:
        """Sum over all modes (last axis), conjugate partners included."""
        return np.asarray(np.real(values.sum(axis=-1)) * (2 if self.paired else 1))

    def everywhere(self, values: Array) -> Array:
        """The values on all modes (last axis), conjugate partners written out side by side."""
        if not self.paired:
            return values
        return np.stack([values, values.conj()], axis=-1).reshape(*values.shape[:-1], -1)

    def factor(self, step_size: float, batch_size: int) -> Array:
        """q_n = 1 - 2 gamma z + gamma^2 (1 + 1/B) z^2."""
        return 1 - self.decrement(step_size, batch_size)

    def decrement(self, step_size: float, batch_size: int) -> Array:
        """1 - q_n, without cancellation."""
        scaled = step_size * self.position
        return scaled * (2 - (1 + 1 / batch_size) * scaled)

    def feedback(self, step_size: float, batch_size: int) -> float:
        """kappa = sum_n (gamma^2/B) k_n/(1 - q_n), the total mass of the noise kernel at constant step size."""
        loss = self.decrement(step_size, batch_size)
        # without movement there is no feedback
        mass = np.divide(self.kernel, loss, out=np.zeros_like(self.kernel), where=loss != 0)
        return float(step_size**2 / batch_size * self.total(mass))
