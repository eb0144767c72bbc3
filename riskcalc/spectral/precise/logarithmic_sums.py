"""The spectral sums of the logarithmic spectrum in infinite dimension, to any number of digits.

Formula: sum_j g(j) = sum_{j<J} g + g(J)/2 - sum_k B_2k/(2k)! g^(2k-1)(J) + int_J^{oo} g dj, every part of it a sum over
places and weights that do not depend on u: the derivatives are means over a circle round J, the integral is Gauss's
rule on legs of a path in log j below the real axis, as in float64. Where lambda << |u| the integrand is a series in
lambda/u, and what is left of the path its moments int lambda^m dj and int h lambda^m dj.
Valid: J away from the zeros of lambda(j) + u, and beyond those that lie so near the real axis that a sum is no
integral; for Im u < 0 by conjugation. Source: D25, statement 4.
"""

from __future__ import annotations

import cmath
import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import Any

from riskcalc.errors import ToleranceNotMet
from riskcalc.numeric.field import Element, Field
from riskcalc.numeric.mean_rule import mean_rule
from riskcalc.problem import GaussianPrior, LogarithmicPowerLaw, Problem
from riskcalc.quantity import of_type
from riskcalc.spectral.logarithmic_sums import logarithmic_sums
from riskcalc.spectral.precise.problem_elements import eigenvalues_at, signal_at
from riskcalc.spectral.precise.sums import GUARD, Values

_SPARE = 4  # digits that the rules are laid for beyond those asked
_LOG = math.log(10)
_APART = 3  # radii of the circle from J to what is singular
_LEG = 1.5  # length of a leg, in heights of the path
_DIGITS_A_NODE = 2 * math.log10(3.1)  # of Gauss's rule on a leg
_SMALL = 1.2 * _LOG  # of log(|u|/lambda), from which the series is used
_FARTHER = 50.0  # in log j, by which tables are lengthened
_MOST = 100_000  # terms one by one


class LogarithmicSums:
    """Sums of a problem with a logarithmic spectrum in infinite dimension."""

    def __init__(self, problem: Problem, field: Field) -> None:
        self.field, self._problem = field, problem
        rough = logarithmic_sums(problem)
        above = 1 + Fraction(1, 10**9)
        self.trace, self.signal = (Fraction(x) * above for x in (rough.moments().trace, rough.moments().signal))
        self.largest, self.rank = Fraction(rough.largest) * above, rough.rank
        self._poles = _Poles(problem)
        self._tables: dict[tuple[int, int], _Table] = {}  # by digits and J

    def at(self, u: Element, digits: int) -> Values:
        field = self.field
        with field.working(digits + GUARD):
            real, imaginary = field.parts(u)
            below = imaginary < 0
            point = field.pair(real, -imaginary if below else imaginary)
            log_size, angle = field.polar(point)
            place = self._poles.place(log_size, angle, digits + _SPARE)
            table = self._tables.get((digits, place))
            if table is None or table.reach < -log_size:
                reach = _FARTHER * math.ceil(max(0.0, -log_size) / _FARTHER + 0.2)
                table = self._tables[digits, place] = _Table(self._problem, field, place, digits + _SPARE, reach)
            found = table.at(point, log_size)
            if imaginary == 0:
                found = [field.parts(x)[0] for x in found]
            elif below:
                found = [field.pair(field.parts(x)[0], -field.parts(x)[1]) for x in found]
            d1, d2, sig, sig2 = found
            return Values(d1=d1, d2=d2, sig=sig, sig2=sig2)


class _Poles:
    """Where lambda(j) + u vanishes nearest to the real axis, in floats, and the J that suits it."""

    def __init__(self, problem: Problem) -> None:
        spectrum = of_type(problem.spectrum, LogarithmicPowerLaw, "spectrum", "LogarithmicPowerLaw(a=...)")
        self._a, self._log_scale = float(spectrum.a), math.log(spectrum.scale)

    def place(self, log_size: float, angle: float, digits: int) -> int:
        """J for a point in the upper half plane."""
        radius = _radius(digits)
        size = log_size - self._log_scale
        zeros = [self._zero(-size, math.pi - angle), self._zero(-size, -math.pi - angle)]
        place = (_APART + 1) * radius
        while place < _MOST:
            if all(_suits(zero, place, radius) for zero in zeros):
                return place
            place *= 2
        raise ToleranceNotMet("a spectral sum is asked too close to the spectrum, or more digits are needed")

    def _zero(self, size: float, angle: float) -> complex:
        """x = log j with x + a log log(e^x + 1) = size + i angle; -inf where it has no size to speak of."""
        if size < self._left(0j).real:
            return complex(-math.inf)
        low, high = 0.0, size + 50 * (1 + self._a)
        for _ in range(60):
            middle = (low + high) / 2
            low, high = (middle, high) if self._left(complex(middle)).real < size else (low, middle)
        x = complex(low)
        for k in range(1, 17):
            for _ in range(3):
                x -= (self._left(x) - complex(size, angle * k / 16)) / (1 + self._a / (x + 1))
        return x

    def _left(self, x: complex) -> complex:
        return x + self._a * cmath.log(x + cmath.log(1 + cmath.exp(-x)))


def _radius(digits: int) -> int:
    """Of the circle round J: the smallest term of Euler and Maclaurin's series is about exp(-2 pi radius)."""
    return math.ceil((digits * _LOG + 3) / (2 * math.pi))


def _suits(zero: complex, place: int, radius: int) -> bool:
    """Whether a zero, given by its logarithm, is far from J, and behind it or far from the real axis."""
    if zero.real < 0:
        return True
    if zero.real < math.log(100.0 * place):
        j = cmath.exp(zero)
        return abs(j - place) >= _APART * radius and (j.real < place or abs(j.imag) > radius)
    return zero.real + math.log(max(abs(math.sin(zero.imag)), 1e-300)) > math.log(radius)


@dataclass(frozen=True, kw_only=True)
class _Leg:
    """Places j, the weights of an integral over dj, lambda and h there."""

    weights: list[Element]
    values: list[Element]
    powers: list[Element]


class _Table:
    """Places and weights for one J; reach: -log of the smallest |u|. Build and use it inside `field.working`."""

    def __init__(self, problem: Problem, field: Field, place: int, digits: int, reach: float) -> None:
        self.field, self.reach, self._problem = field, reach, problem
        self._spectrum = of_type(problem.spectrum, LogarithmicPowerLaw, "spectrum", "LogarithmicPowerLaw(a=...)")
        self._rule = mean_rule(field, math.ceil(digits / _DIGITS_A_NODE) + 3)
        self._terms = math.ceil(digits * _LOG / _SMALL) + 2
        start = field.log(field.real(place))
        downward, along = self._corners(math.log(place), place, digits, digits * _LOG + reach + 10.0)
        corners = [start, *(start - field.pair(field.real(0), field.real(Fraction(depth))) for depth in downward)]
        corners += [field.pair(field.real(Fraction(s)), field.real(Fraction(-h))) for s, h in along]
        fixed = len(downward)
        legs = [self._leg(low, high) for low, high in pairwise(corners)]
        self._sizes = [field.polar(leg.values[-1])[0] for leg in legs[fixed - 1 :]]  # of lambda at the ends
        self._rests = self._moments(legs[fixed:], corners[-1])
        places, weights = self._head(place, digits)
        first = self._values(places, weights)
        self._matrices = [self._matrix([first, *legs[:fixed]])]
        self._values_along = [[x for leg in (first, *legs[:fixed]) for x in leg.values]]
        for leg in legs[fixed:]:
            self._matrices.append(self._matrix([leg]))
            self._values_along.append(leg.values)

    def at(self, u: Element, log_size: float) -> list[Element]:
        """d1, d2, sig, sig2 for a point in the upper half plane."""
        field, stop = self.field, 0
        while self._sizes[stop] > log_size - _SMALL:
            stop += 1
        inverse = 1 / u
        powers = [inverse]
        while len(powers) < self._terms + 1:
            powers.append(powers[-1] * inverse)
        found = [row[0] for row in field.times(self._rests[stop], [powers])]
        for (once, twice), values in zip(self._matrices[: stop + 1], self._values_along, strict=False):
            inverses = [1 / (value + u) for value in values]
            (d1,), (sig,) = field.times(once, [inverses])
            (d2,), (sig2,) = field.times(twice, [[x * x for x in inverses]])
            found = [total + more for total, more in zip(found, (d1, d2, sig, sig2), strict=True)]
        return [field.middle(x) for x in found]

    def _matrix(self, legs: Sequence[_Leg]) -> tuple[Any, Any]:
        """Rows for 1/(lambda + u): lambda and h; for its square: lambda^2 and h."""
        one, two, signal = [], [], []
        for leg in legs:
            for w, x, h in zip(leg.weights, leg.values, leg.powers, strict=True):
                one.append(self.field.middle(w * x))
                two.append(self.field.middle(w * x * x))
                signal.append(self.field.middle(w * h))
        return self.field.matrix([one, signal]), self.field.matrix([two, signal])

    def _corners(
        self, low: float, place: int, digits: int, top: float
    ) -> tuple[list[float], list[tuple[float, float]]]:
        """Depths of the way down from log J, which begins with short legs; then (log j, height) up to the top."""
        height = self._height(low)
        down = [min(height, _radius(digits) / place)]
        while down[-1] < height:
            down.append(min(height, 2 * down[-1]))
        along, s = [], low
        while s < top:
            s += _LEG * self._height(s)
            along.append((s, self._height(s)))
        return down, along

    def _height(self, s: float) -> float:
        """Of the path below log j = s: half way to where lambda + u could vanish."""
        return math.pi / 2 / (1 + float(self._spectrum.a) / s)

    def _leg(self, low: Element, high: Element) -> _Leg:
        field, length = self.field, high - low
        middle = low + length / 2
        places = [field.middle(field.exp(middle + length * offset)) for offset, _ in self._rule]
        return self._values(
            places, [length * weight * j for (_, weight), j in zip(self._rule, places, strict=True)]
        )

    def _values(self, places: list[Element], weights: list[Element]) -> _Leg:
        middle = self.field.middle
        return _Leg(
            weights=[middle(w) for w in weights],
            values=[middle(x) for x in eigenvalues_at(self._problem, self.field, places)],
            powers=[middle(x) for x in signal_at(self._problem, self.field, places)],
        )

    def _head(self, place: int, digits: int) -> tuple[list[Element], list[Element]]:
        """Terms below J, half of that at J, and the corrections: means over a circle round J."""
        field, radius = self.field, _radius(digits)
        count = 2 * math.ceil(digits / math.log10(_APART) / 2) + 2
        orders = range(1, min(count, math.floor(2 * math.pi * radius)), 2)
        # -B_2k/(2k)! g^(2k-1) = -B_2k/(2k) times the coefficient of order 2k - 1
        factors = [-field.bernoulli(n + 1) / (n + 1) / field.real(radius) ** n for n in orders]
        places = [field.real(j) for j in range(1, place + 1)]
        weights = [field.real(1)] * (place - 1) + [field.real(Fraction(1, 2))]
        for k in range(count):
            turn = field.exp(field.pair(field.real(0), 2 * field.pi() * k / count))
            back, total = 1 / turn, field.real(0)
            for n, factor in zip(orders, factors, strict=True):
                total = total + factor * back**n
            places.append(field.middle(place + radius * turn))
            weights.append(total / count)
        return places, weights

    def _moments(self, legs: Sequence[_Leg], end: Element) -> list[Any]:
        """Rows of the series in 1/u for what is left of the path behind each corner."""
        field, terms = self.field, self._terms
        a, scale = Fraction(self._spectrum.a), field.real(Fraction(self._spectrum.scale))
        trace = [field.real(0)] * (terms + 1)  # int lambda^m dj, m = 0 unused
        signal = [field.real(0)] * (terms + 1)  # int h lambda^m dj
        # log(j + 1) is log j there
        trace[1] = scale * field.exp(field.real(1 - a) * field.log(end)) / field.real(a - 1)
        law = self._problem.power_law_signal
        if law is not None:
            rest = Fraction(law.b) - 1
            signal[0] = field.real(Fraction(law.scale)) * field.exp(field.real(-rest) * end) / field.real(rest)
        else:
            prior = of_type(self._problem.signal, GaussianPrior, "signal", "a power law or a prior")
            signal[0] = field.real(Fraction(prior.scale)) * trace[1]
        found = [self._series(trace, signal)]
        for leg in reversed(legs):
            rows = [leg.weights]
            while len(rows) <= terms:
                rows.append([power * x for power, x in zip(rows[-1], leg.values, strict=True)])
            more = field.times(field.matrix(rows), [[field.real(1)] * len(leg.weights), leg.powers])
            trace = [field.middle(total + row[0]) for total, row in zip(trace, more, strict=True)]
            signal = [field.middle(total + row[1]) for total, row in zip(signal, more, strict=True)]
            found.append(self._series(trace, signal))
        return found[::-1]

    def _series(self, trace: list[Element], signal: list[Element]) -> Any:
        """Coefficients of u^-1, u^-2, ... of d1, d2, sig, sig2."""
        field, zero = self.field, self.field.real(0)
        orders = range(1, self._terms + 2)
        sign = [1 if m % 2 else -1 for m in orders]
        kept = [*trace, zero]
        return field.matrix(
            [
                [s * kept[m] for m, s in zip(orders, sign, strict=True)],
                [-s * (m - 1) * kept[m] for m, s in zip(orders, sign, strict=True)],
                [s * signal[m - 1] for m, s in zip(orders, sign, strict=True)],
                [zero] + [-s * (m - 1) * signal[m - 2] for m, s in zip(orders[1:], sign[1:], strict=True)],
            ]
        )
