"""d1 and d2 along the real axis, tabulated as far as they are asked for: where they take a value, for all model sizes.

Formula: d1 and d2 do not depend on M, and their logarithms fall smoothly along log u for u > 0 and along
log(-u/lambda_max - 1) left of the spectrum. Between points 1/4 apart the place of a value is read off by interpolating
place over value; it is a guess, which nothing relies on before a call has confirmed it. Source: D02.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike

from riskcalc.quantity import Real
from riskcalc.spectral.sums import SpectralSums

_PART = 0.25
_POINTS = 64  # parts in a piece of the table
_AROUND = 3  # points on either side that a place is read off


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where a value is taken: a guess, and the ends of the part that it lies in."""

    guess: float
    low: float
    high: float


@dataclass(frozen=True, kw_only=True, eq=False)
class Falling:
    """A positive function that falls along the axis, by pieces.

    lowest, highest: what is not found between them is not found.
    """

    function: Callable[[Real], Real]
    lowest: float
    highest: float
    _pieces: dict[int, Real] = field(default_factory=dict)

    def where(self, value: float, *, near: float) -> Place | None:
        """Where it takes a value, sought from `near` on; None where that is not within the table."""
        target = math.log(value)
        at = math.floor(near / _PART) // _POINTS
        step, end = (1, -1) if self._log(at)[-1] > target else (-1, 0)
        while step * (self._log(at)[end] - target) > 0:
            at += step
            if not self.lowest <= at * _PART * _POINTS < self.highest:
                return None
        logs = self._log(at)
        cell = int(np.clip(np.searchsorted(-logs, -target, side="right") - 1, 0, _POINTS - 1))
        first = min(max(cell + 1 - _AROUND, 0), _POINTS + 1 - 2 * _AROUND)
        chosen = slice(first, first + 2 * _AROUND)
        places = _places(at)
        low, high = float(places[cell]), float(places[cell + 1])
        guess = _interpolated(logs[chosen] - target, places[chosen])
        return Place(guess=guess if low <= guess <= high else (low + high) / 2, low=low, high=high)

    def _log(self, at: int) -> Real:
        """The logs at the points of one piece, both ends among them."""
        if at not in self._pieces:
            with np.errstate(divide="ignore"):
                self._pieces[at] = np.log(self.function(_places(at)))
        return self._pieces[at]


@dataclass(frozen=True, eq=False)
class RealAxis:
    """Of one spectrum. first: d1 over log u. second: d2 over log u. left: d2 over log(-u/lambda_max - 1)."""

    sums: SpectralSums
    first: Falling = field(init=False)
    second: Falling = field(init=False)
    left: Falling = field(init=False)

    def __post_init__(self) -> None:
        for name, order in (("first", 1), ("second", 2)):
            positive = Falling(function=_of_log(self.sums, order), lowest=-350.0, highest=350.0)
            object.__setattr__(self, name, positive)
        object.__setattr__(self, "left", Falling(function=_outside(self.sums), lowest=-32.0, highest=64.0))


def _places(at: int) -> Real:
    """The points of a piece, both ends among them."""
    return np.asarray((at * _POINTS + np.arange(_POINTS + 1.0)) * _PART)


def left_of(sums: SpectralSums, log_distance: ArrayLike) -> Real:
    """u at a distance left of -lambda_max, in units of lambda_max."""
    return np.asarray(-sums.largest * (1 + np.exp(log_distance)))


def _of_log(sums: SpectralSums, order: int) -> Callable[[Real], Real]:
    return lambda log_u: sums.freedom_at(np.exp(log_u), order)


def _outside(sums: SpectralSums) -> Callable[[Real], Real]:
    return lambda log_distance: sums.freedom_at(left_of(sums, log_distance), 2)


def _interpolated(values: Real, places: Real) -> float:
    """The place of the value 0, by the polynomial through all; nan where two values are equal."""
    found = places.astype(float)
    with np.errstate(divide="ignore", invalid="ignore"):
        for gap in range(1, len(values)):
            low, high = values[:-gap], values[gap:]
            found = (high * found[:-1] - low * found[1:]) / (high - low)
    return float(found[0])
