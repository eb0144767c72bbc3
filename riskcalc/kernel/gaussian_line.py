"""The Gaussian kernel on the line, under a Gaussian measure."""

from __future__ import annotations

import math
from collections.abc import Iterable
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from riskcalc.errors import InvalidInput
from riskcalc.kernel.breaks import read_breaks
from riskcalc.kernel.directions import directions
from riskcalc.kernel.kernel import Kernel
from riskcalc.kernel.quadrature import Rule, panels
from riskcalc.quantity import GivenNumber, Real, frozen, given, number, plain, real_array, whole

_TAILS = 14.0  # standard deviations; the measure beyond them is below 1e-43
_SMALLEST = Fraction(1, 10**50)  # length; the squares of larger and smaller ones leave the range of floats
_STEP = 1e100


@frozen(kw_only=True)
class GaussianLine(Kernel):
    """k(x, y) = exp(-(x - y)^2/(2 length^2)) for x ~ N(0, spread^2).

    Parameters
    ----------
    length : number, default 1
        Length scale of the kernel, in the unit of x.
    spread : number, default 1
        Standard deviation of x.

    Raises
    ------
    InvalidInput
        If an argument is not of its kind or not in its range; the message names it and says what to give.

    Notes
    -----
    Formula (Mehler): with p = 1/(4 spread^2), q = 1/(2 length^2), c = sqrt(p^2 + 2 p q): lambda_j = sqrt(2p/(p + q
    + c)) (q/(p + q + c))^(j-1), and phi_j(x) = (c/p)^(1/4) e^(-(c-p)x^2) h_(j-1)(sqrt(2c) x) with h_n the Hermite
    polynomials orthonormal under e^(-y^2)/sqrt(pi).

    Valid: length and spread positive. The eigenvalues are geometric: no power law, so `a` is refused.

    Source: D32.

    Examples
    --------
    >>> GaussianLine(length=1).eigenvalues(3)
    array([0.61803399, 0.23606798, 0.09016994])
    """

    length: GivenNumber = given(default=1)
    spread: GivenNumber = given(default=1)

    def __post_init__(self) -> None:
        for name in ("length", "spread"):
            object.__setattr__(self, name, number(getattr(self, name), name))
            if getattr(self, name) <= 0:
                raise InvalidInput(f"{name} must be positive, not {plain(getattr(self, name))}")
            if not _SMALLEST <= getattr(self, name) <= 1 / _SMALLEST:
                raise InvalidInput(
                    f"{name} must lie between 1e-50 and 1e50, not {plain(getattr(self, name))}: "
                    "measure x in another unit"
                )

    def __call__(self, x: ArrayLike, y: ArrayLike) -> Real:
        apart = np.subtract.outer(_on_line(x), _on_line(y)) / float(self.length)
        return np.asarray(np.exp(-(apart**2) / 2))

    def eigenvalues(self, dimension: int) -> Real:
        p, q, c = self._rates()
        # powers of a rounded ratio would be off by the rounding times the power
        shrink = math.log(self.ratio) if q < p + c else math.log1p(-(p + c) / (p + q + c))
        order = np.arange(directions(dimension))
        return np.asarray(math.sqrt(2 * p / (p + q + c)) * np.exp(shrink * order))

    @property
    def ratio(self) -> float:
        """lambda_(j+1)/lambda_j."""
        p, q, c = self._rates()
        return q / (p + q + c)

    def eigenfunctions(self, points: ArrayLike, dimension: int) -> Real:
        x, v = _on_line(points), directions(dimension)
        p, q, c = self._rates()
        y = math.sqrt(2 * c) * x
        values = np.empty((v, x.size))
        # polynomials alone overflow, the exponential alone underflows: powers of _STEP go from the one to the other
        fall = (2 * p * q / (p + c)) * x**2  # (c - p) x^2
        before, now = np.zeros_like(x), np.full_like(x, (c / p) ** 0.25)
        for n in range(v):
            values[n] = now * np.exp(-fall)
            before, now = now, math.sqrt(2 / (n + 1)) * y * now - math.sqrt(n / (n + 1)) * before
            large = abs(now) > _STEP
            if large.any():
                before, now = np.where(large, before / _STEP, before), np.where(large, now / _STEP, now)
                fall = np.where(large, fall - math.log(_STEP), fall)
        return values.T

    def sample(self, generator: np.random.Generator, count: int) -> Real:
        return generator.standard_normal(count) * float(self.spread)

    def rule(self, dimension: int, *, factors: int, breaks: Iterable[float] = ()) -> Rule:
        (p, _, c), v, many = self._rates(), directions(dimension), whole(factors, "factors", least=1)
        turning = math.sqrt(2 * v + 1)  # of the last Hermite function; beyond it, the function decays
        # density times |h_n|^factors: y^(factors n) against exp(-share y^2)
        share = (2 * p + many * (c - p)) / (2 * c)
        farthest = max(turning, math.sqrt(many * v / (2 * share)))
        reach = max(_TAILS * float(self.spread), (farthest + 8) / math.sqrt(2 * c))
        phase = 2 * reach * (many * turning * math.sqrt(2 * c) + 8 * math.sqrt(p))
        lengths = panels(-reach, reach, phase=phase, breaks=read_breaks(breaks))
        density = np.exp(-2 * p * lengths.points**2) * math.sqrt(2 * p / math.pi)
        return Rule(points=lengths.points, weights=lengths.weights * density)

    @property
    def a(self) -> Fraction:
        raise InvalidInput(
            f"the eigenvalues of the Gaussian kernel are geometric (each is {self.ratio:.6g} times the one "
            "before): there is "
            "no power law and no exponent a; use the exact or the equivalent road with kernel.problem(...)"
        )

    def describe(self) -> dict[str, Any]:
        return {"name": "gaussian on the line", "length": plain(self.length), "spread": plain(self.spread)}

    def _rates(self) -> tuple[float, float, float]:
        p, q = 1 / (4 * float(self.spread) ** 2), 1 / (2 * float(self.length) ** 2)
        return p, q, math.sqrt(p * p + 2 * p * q)


def _on_line(points: ArrayLike) -> Real:
    needed = "a vector of finite numbers"
    vector = np.atleast_1d(real_array(points, "points", needed=needed))
    if vector.ndim != 1 or not np.isfinite(vector).all():
        raise InvalidInput(f"points must be {needed}")
    return vector
