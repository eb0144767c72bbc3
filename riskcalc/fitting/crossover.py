"""The scaling function of the theory: the loss of a model of finite size in gradient flow, in its own units."""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property, lru_cache
from typing import Any

import numpy as np

from riskcalc.answer import risk
from riskcalc.curve import Run
from riskcalc.equivalent import Equivalent
from riskcalc.errors import InvalidInput
from riskcalc.problem import PowerLaw, PowerLawSignal, Problem
from riskcalc.quantity import Real, held
from riskcalc.schedule import Constant

_STEP = Fraction(1, 10**6)  # so small that SGD is gradient flow
_LAST = 1e9  # M^a: so that the run reaches far beyond it in at most 1e18 steps
_TIMES = np.linspace(-14.0, 5.0, 39)  # log(T/M^a): from the power law of an infinite model to the floor
_TOLERANCE = "1e-6"
_LEAST, _SPACING = 0.08, 0.25  # of the lattice in log(a - 1) and log(b - 1): where it begins, and its steps
_NEAR = 4  # lattice lines used in each direction
LEAST, MOST_A, MOST_ABOVE = 1.09, 4.0, 0.9  # a, b and b - a for which the surface is computed


@dataclass(frozen=True, kw_only=True, eq=False)
class Crossover:
    """log of the excess over M^(1 - b) at log(T/M^a); T is twice the sum of the step sizes."""

    a: float
    b: float
    logarithms: Real

    @property
    def floor(self) -> float:
        """Its logarithm late: what the size alone leaves."""
        return float(self.logarithms[-1])

    @property
    def decay(self) -> float:
        """The logarithm of the coefficient of (T/M^a)^-((b - 1)/a), what time alone leaves early."""
        return float(self.logarithms[0] + (self.b - 1) / self.a * _TIMES[0])

    @property
    def coupling(self) -> float:
        """g at the crossover: (floor^g + decay^g)^(1/g) with both equal is 2^(1/g) of either.

        Source: D61.
        """
        time = (self.decay - self.floor) * self.a / (self.b - 1)
        return float(math.log(2) / (self(np.array([time]))[0] - self.floor))

    def __call__(self, times: Real) -> Real:
        """A cubic spline through the table; beyond it a power law early and a constant late."""
        inside = np.clip(times, _TIMES[0], _TIMES[-1])
        return np.asarray(self._spline(inside) - (self.b - 1) / self.a * np.minimum(times - _TIMES[0], 0.0))

    def slope(self, times: Real) -> Real:
        """Its derivative."""
        inside = np.clip(times, _TIMES[0], _TIMES[-1])
        found = np.where(times < _TIMES[0], -(self.b - 1) / self.a, self._spline(inside, 1))
        return np.where(times > _TIMES[-1], 0.0, found)

    @cached_property
    def _spline(self) -> Any:
        from scipy.interpolate import CubicSpline

        return CubicSpline(_TIMES, self.logarithms)


def crossover(a: float, b: float) -> Crossover:
    """At any a, b by cubic interpolation between lines of a lattice, each computed once by the equivalent.

    Formula: excess(M, T) = approximation + bias of SGD with a small constant step; for large M it is
        M^(1 - b) Phi(T/M^a).
    Valid: 1.09 <= a <= 4, 1.09 <= b <= a + 9/10: from b = a + 1 on the floor falls as M^-a.
    """
    if not (LEAST <= a <= MOST_A and LEAST <= b <= a + MOST_ABOVE):
        raise InvalidInput(
            f"the theory's surface is computed for a from {LEAST} to {MOST_A:g} and b from {LEAST} to "
            f"a + {MOST_ABOVE}, not for a = {a:.4g}, b = {b:.4g}"
        )
    (across, first), (along, second) = _lines(a), _lines(b)
    total = np.zeros_like(_TIMES)
    for one, weight in zip(across, first, strict=True):
        for other, share in zip(along, second, strict=True):
            total += weight * share * _node(one, other)
    return Crossover(a=a, b=b, logarithms=total)


def _lines(value: float) -> tuple[list[int], Real]:
    """The lattice lines near a value, by number, and their Lagrange weights."""
    place = math.log((value - 1) / _LEAST) / _SPACING
    first = max(math.floor(place) - 1, 0)
    lines = list(range(first, first + _NEAR))
    weights = [math.prod((place - other) / (line - other) for other in lines if other != line) for line in lines]
    return lines, np.array(weights)


def _exponent(line: int) -> float:
    return 1 + _LEAST * math.exp(_SPACING * line)


@lru_cache(maxsize=4096)
def _node(first: int, second: int) -> Real:
    a, b = _exponent(first), _exponent(second)
    size = _LAST ** (1 / a)
    steps = [round(float(time)) for time in np.exp(_TIMES) * _LAST / (2 * float(_STEP))]
    problem = Problem(spectrum=PowerLaw(a=a), signal=PowerLawSignal(b=b))
    run = Run(problem, model_size=size, schedule=Constant(_STEP), steps=steps)
    curve = risk(run, method=Equivalent(tolerance=_TOLERANCE))
    excess = np.asarray(held(curve.bias, "the bias"), dtype=np.float64) + float(curve.approximation)
    found = np.log(excess) + (b - 1) * math.log(size)
    found.setflags(write=False)
    return np.asarray(found)
