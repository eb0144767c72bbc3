"""A stage of any length at once, averages included, by one inverse transform on a hyperbola.

Formula: with D_n = 1 - zeta q_n, P_n = 1 - zeta r_n, r_n = 1 - gamma z_n, X = sum x_n/D_n, K = sum g_n/D_n,
E^ = (X + tau zeta K/(1 - zeta))/(1 - zeta K) and w = zeta (E^ + tau/(1 - zeta)),
x_n^ = (x_n + g_n w)/D_n, c_n^ = (c_n + r_n zeta x_n^)/P_n, and what a rises by is zeta sum (2 c_n^ + x_n^)/(1 - zeta).
A pole 1/r_n that the hyperbola does not go round, as that of a factor r_n < 0, adds its residue:
r_n^t (c_n + x_n^(1/r_n)) to c_n, and 2/(r_n - 1) times that to a. Modes of a contour are complex: the hyperbola leaves
a wedge for them, and sums over both halves of it and of the contour are real. Source: D22, D23, D24.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from riskcalc.dynamics.precise.recursion import OpenSum, Rates, Row, State, Vector, added
from riskcalc.errors import ToleranceNotMet
from riskcalc.numeric.field import Element, Field
from riskcalc.numeric.hyperbola import Hyperbola, hyperbola, hyperbola_nodes
from riskcalc.quantity import Complex, Real

_WEDGES = (0.55, 0.7, 0.85, 1.0, 1.15, 1.3)  # half angles, tried until every mode lies inside
_GUARD = 10  # working digits beyond those of the quadrature
_AVERAGED = 6  # digits more for averages: their transforms are steeper at zeta = 1 by 1/(1 - zeta)^2


@dataclass(frozen=True, kw_only=True)
class Transform:
    """Crosses stages with an error of about 10^-digits of the largest moments; paired: modes of a contour."""

    digits: int
    paired: bool

    def __call__(self, field: Field, under: Rates, drives: Row) -> StageTransform:
        return StageTransform(field, under, drives, digits=self.digits, paired=self.paired)


@dataclass(frozen=True, kw_only=True)
class _Plan:
    """A hyperbola, and the modes whose crosses have their poles outside it and still matter."""

    curve: Hyperbola
    outside: list[int]


class StageTransform:
    """The modes under one step size."""

    def __init__(self, field: Field, under: Rates, drives: Row, *, digits: int, paired: bool) -> None:
        self.field, self.under, self.drives, self.digits, self.paired = field, under, drives, digits, paired
        # floats are enough to tell on which side of a hyperbola a pole lies
        self._decrement, self._scaled = _floats(field, under.decrement), _floats(field, under.scaled)

    def after(self, state: State, duration: int) -> State:
        """The state `duration` steps later."""
        digits = self.digits + (_AVERAGED if state.sums else 0)
        plan = self._plan(duration, digits, averages=bool(state.sums))
        # 1 - zeta is as small as 1/t, and the contour amplifies rounding
        spare = math.ceil(plan.curve.growth()) + len(str(duration)) + _GUARD
        with self.field.working(digits + spare):
            return _Crossed(self, state, plan).state()

    def _plan(self, duration: int, digits: int, *, averages: bool) -> _Plan:
        """The narrowest wedge that holds every mode which still lives after `duration`."""
        moments = _Poles.of(1 - self._decrement, self._decrement, duration, digits)
        crosses = _Poles.of(1 - self._scaled, self._scaled, duration, digits)
        for wedge in _WEDGES if self.paired else (0.0,):
            curve = hyperbola(time=duration, digits=digits, sector=wedge)
            if not moments.inside(curve).all():
                continue
            if not averages:
                return _Plan(curve=curve, outside=[])
            inside, outside = crosses.inside(curve), crosses.outside(curve)
            if (inside | outside).all():
                return _Plan(curve=curve, outside=crosses.number[outside].tolist())
        raise ToleranceNotMet(
            "the contour of the equivalent comes too close to the modes at this step size: ask for a smaller one"
        )


@dataclass(frozen=True, kw_only=True)
class _Poles:
    """1 - zeta at the poles 1/f of the factors f that have not died out, and the numbers of their modes."""

    number: NDArray[np.int_]
    place: Complex

    @classmethod
    def of(cls, factor: Complex, decrement: Complex, duration: int, digits: int) -> _Poles:
        """decrement: 1 - f."""
        with np.errstate(divide="ignore"):
            alive = duration * -np.log(np.abs(factor)) < digits * math.log(10)
        return cls(number=np.flatnonzero(alive), place=-decrement[alive] / factor[alive])

    def inside(self, curve: Hyperbola) -> NDArray[np.bool_]:
        """Those that the hyperbola, and the strip its rule needs, go round."""
        return self._angles(curve) > curve.left

    def outside(self, curve: Hyperbola) -> NDArray[np.bool_]:
        """Those beyond the other edge of the strip."""
        return self._angles(curve) < curve.right

    def _angles(self, curve: Hyperbola) -> Real:
        return np.asarray(np.arcsin(1 - self.place / curve.scale).real)


class _Crossed:
    """One state carried across by one hyperbola."""

    def __init__(self, stage: StageTransform, state: State, plan: _Plan) -> None:
        self.stage, self.field, self.under, self.before, self.plan = stage, stage.field, stage.under, state, plan
        self.duration = plan.curve.time
        nodes = hyperbola_nodes(self.field, plan.curve)
        self.points, self.weights = self._everywhere(nodes.zeta), self._everywhere(nodes.weight[0])
        if stage.paired:
            self.weights = [weight / 2 for weight in self.weights]
        self.inverse = self._inverses(self.points, self.under.decrement)
        self.matrix = self.field.matrix(self.inverse)
        self.driven = self._drives(self.points, self.matrix)

    def state(self) -> State:
        """The state at the end."""
        shares = [self.weights, *(_products(self.weights, driven) for driven in self.driven)]
        own, *fed = self._back(self.matrix, shares)
        moments = [
            self._rows(x * share + g * feed for x, share, g, feed in zip(row, own, self.under.gain, shift, strict=True))
            for row, shift in zip(self.before.moments, fed, strict=True)
        ]
        return State(moments=moments, sums=self._sums() if self.before.sums else {})

    def _sums(self) -> dict[int, OpenSum]:
        """Crosses and totals of the open averages."""
        field, zeta, kept = self.field, self.points, [1 - y for y in self.under.scaled]
        rows = self._inverses(zeta, self.under.scaled)
        contracted = field.matrix(rows)
        both = field.matrix([_products(one, other) for one, other in zip(self.inverse, rows, strict=True)])
        turned = _products(self.weights, zeta)
        own, *fed = self._back(both, [turned, *(_products(turned, driven) for driven in self.driven)])
        (left,) = self._back(contracted, [self.weights])
        risen, residues = self._risen(both, kept), self._residues()
        # zeta/(1 - zeta), with its weight
        steep = [weight * x / (1 - x) for weight, x in zip(self.weights, zeta, strict=True)]
        found = {}
        for first, one in self.before.sums.items():
            crossed = self._folded(field.times(contracted, one.crosses))
            crosses, ends = [], []
            for k, (cross, row) in enumerate(zip(one.crosses, self.before.moments, strict=True)):
                parts = zip(cross, left, kept, row, own, self.under.gain, fed[k], strict=True)
                moved = [c * gone + r * (x * share + g * feed) for c, gone, r, x, share, g, feed in parts]
                total = [w * (2 * c[k] + x[k]) for w, c, x in zip(steep, crossed, risen, strict=True)]
                for n, power, answer in residues:
                    rest = power * (cross[n] + answer[k])
                    moved[n] = moved[n] + rest
                    total.append(-2 * rest / self.under.scaled[n])
                crosses.append(self._rows(moved))
                ends.append(field.middle(one.totals[k] + added(field, total)))
            found[first] = OpenSum(crosses=crosses, totals=ends)
        return found

    def _risen(self, both: Any, kept: Vector) -> list[Vector]:
        """sum (2 r zeta/P + 1) x^ = sum (1 + zeta r) x^/P at each point, bias and variance."""
        columns = [row for one in (*self.before.moments, self.under.gain) for row in (one, _products(one, kept))]
        found = []
        for k, (zeta, sums) in enumerate(
            zip(self.points, self._folded(self.field.times(both, columns)), strict=True)
        ):
            bias, variance, gain = (sums[2 * j] + zeta * sums[2 * j + 1] for j in range(3))
            found.append([own + driven[k] * gain for own, driven in zip((bias, variance), self.driven, strict=True)])
        return found

    def _residues(self) -> list[tuple[int, Element, Row]]:
        """n, r_n^t and x_n^(1/r_n) of bias and variance, for the poles outside."""
        field, outside = self.field, self.plan.outside
        if not outside:
            return []
        factors = [1 - self.under.scaled[n] for n in outside]
        points = self._everywhere([1 / r for r in factors])
        driven = self._drives(points, field.matrix(self._inverses(points, self.under.decrement)))
        found = []
        for k, (n, r, zeta) in enumerate(zip(outside, factors, points, strict=False)):
            below = (1 - zeta) + zeta * self.under.decrement[n]
            bias, variance = (
                (row[n] + self.under.gain[n] * drive[k]) / below
                for row, drive in zip(self.before.moments, driven, strict=True)
            )
            found.append((n, _power(field, r, self.duration), (bias, variance)))
        return found

    def _drives(self, points: Vector, matrix: Any) -> list[Vector]:
        """w at each point, of bias and variance."""
        sums = self._folded(self.field.times(matrix, [*self.before.moments, self.under.gain]))
        found: list[Vector] = [[], []]
        for zeta, (*own, gain) in zip(points, sums, strict=True):
            loop = 1 - zeta * gain
            for row, free, tau in zip(found, own, self.stage.drives, strict=True):
                source = tau / (1 - zeta)
                row.append(zeta * ((free + source * zeta * gain) / loop + source))
        return found

    def _inverses(self, points: Sequence[Element], decrement: Vector) -> list[Vector]:
        """1/(1 - zeta f_n), points by modes; decrement: 1 - f_n."""
        one, places = self.field.pair(self.field.real(1), self.field.real(0)), [(x, 1 - x) for x in points]
        return [[one / (gap + zeta * less) for less in decrement] for zeta, gap in places]

    def _everywhere(self, upper: Sequence[Element]) -> Vector:
        """Points, or weights, with their conjugates behind them where modes stand for conjugate pairs."""
        return [*upper, *(_conjugate(self.field, x) for x in upper)] if self.stage.paired else list(upper)

    def _folded(self, sums: list[Vector]) -> list[Vector]:
        """Sums over modes at each point, with those over their conjugates."""
        if not self.stage.paired:
            return sums
        half = len(sums) // 2
        return [
            [(own + _conjugate(self.field, other)) / 2 for own, other in zip(row, sums[k - half], strict=True)]
            for k, row in enumerate(sums)
        ]

    def _back(self, matrix: Any, shares: list[Vector]) -> list[Vector]:
        """Sums over points for each mode, one list for each list of weights."""
        rows = self.field.transposed_times(matrix, shares)
        return [list(column) for column in zip(*rows, strict=True)]

    def _rows(self, values: Any) -> Vector:
        # radii would not see that the sums cancel, and grow from stage to stage: this is computed, not enclosed
        middle, parts = self.field.middle, self.field.parts
        return [middle(value if self.stage.paired else parts(value)[0]) for value in values]


def _products(left: Sequence[Element], right: Sequence[Element]) -> Vector:
    return [one * other for one, other in zip(left, right, strict=True)]


def _power(field: Field, base: Element, exponent: int) -> Element:
    """base^exponent, whatever the exponent; a negative base is real or has the cut of the logarithm before it."""
    real = field.parts(base)[0]
    if real < 0:
        return field.exp(field.log(-base) * exponent) * (-1) ** (exponent % 2)
    return field.exp(field.log(base) * exponent)


def _conjugate(field: Field, x: Element) -> Element:
    real, imag = field.parts(x)
    return field.pair(real, -imag)


def _floats(field: Field, values: Vector) -> Complex:
    return np.array([complex(*(float(part) for part in field.parts(x))) for x in values])
