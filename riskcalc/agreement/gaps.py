"""The relative gaps between a theory of large models and averages over sketches, at several model sizes.

Formula: g = average/theory - 1, with standard error s, at each size M and step; c = sum g/(M s^2) / sum 1/(M s)^2 is
the weighted fit of g = c/M, and chi^2 = sum (g - c/M)^2/s^2; the spread of a single sketch is s sqrt(sketches).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from riskcalc.agreement.samples import Samples
from riskcalc.quantity import Real


@dataclass(frozen=True, kw_only=True, eq=False)
class Gaps:
    """gap, error, spread: shape (sizes, steps). constant, constant_error, chi_square: shape (steps,).

    random: the steps at which the sketch matters; elsewhere everything is zero.
    """

    gap: Real
    error: Real
    spread: Real
    constant: Real
    constant_error: Real
    chi_square: Real
    random: NDArray[np.bool_]

    @property
    def in_spreads(self) -> Real:
        """The largest gap over the sizes, in units of the spread of a single sketch, shape (steps,)."""
        return np.asarray((np.abs(self.gap) / np.where(self.random, self.spread, 1.0)).max(axis=0))


def measure_gaps(sizes: Sequence[int], theory: Sequence[Real], averages: Sequence[Samples]) -> Gaps:
    """Gaps and their fit by c/M at every step."""
    random = where_random(averages)
    expected = np.stack(list(theory))
    gap = np.where(random, np.stack([average.mean for average in averages]) / expected - 1, 0.0)
    error = np.stack([average.standard_error for average in averages]) / np.abs(expected)
    count = np.array([average.count for average in averages], dtype=np.float64)[:, None]
    size = np.array(sizes, dtype=np.float64)[:, None]
    weight = np.where(random, 1 / np.where(random, error, 1.0) ** 2, 0.0)
    information = np.where(random, (weight / size**2).sum(axis=0), 1.0)
    constant = (weight * gap / size).sum(axis=0) / information
    return Gaps(
        gap=gap,
        error=np.where(random, error, 0.0),
        spread=np.where(random, error * np.sqrt(count), 0.0),
        constant=constant,
        constant_error=np.where(random, 1 / np.sqrt(information), 0.0),
        chi_square=(weight * (gap - constant / size) ** 2).sum(axis=0),
        random=random,
    )


def where_random(averages: Sequence[Samples]) -> NDArray[np.bool_]:
    """Where the sketch matters at every size."""
    return np.asarray(np.all([average.random for average in averages], axis=0))
