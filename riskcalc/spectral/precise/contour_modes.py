"""The modes of the equivalent to any number of digits: nodes of a contour round the spectrum, of one of two kinds.

Formula: f = -(1/2 pi i) Phi dz, k = -(1/2 pi i) z d1 dz. In the u-plane, nodes on an ellipse in log(u0 - u), explicit;
in the z-plane, nodes on an ellipse in log z - log(1 - z/limit), which need u(z) at every one, followed from one to the
next. Twins of `modes_in_u` and `modes_in_z` in floats. Source: D02, section 8; D03.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from riskcalc.numeric.contour import node_count
from riskcalc.numeric.field import Element, Field
from riskcalc.quantity import Complex
from riskcalc.spectral.contour_modes import check_sum_rules
from riskcalc.spectral.modes import Modes
from riskcalc.spectral.precise.modes import PreciseModes
from riskcalc.spectral.precise.roots import Point, dispersion, floor_root, follow, left_of_spectrum, slope
from riskcalc.spectral.precise.sums import GUARD, Sums, Values
from riskcalc.spectral.sums import SpectralSums


@dataclass(frozen=True, kw_only=True)
class Ellipse:
    """An ellipse round [low, high] of imaginary semi-axis `height`, with so many nodes, both halves counted."""

    low: float
    high: float
    height: Fraction
    count: int

    @classmethod
    def of(cls, low: float, high: float, height: Fraction, digits: int, *, strip: float = math.inf) -> Ellipse:
        """With nodes enough for `digits`. strip: |Im y| beyond which modes grow."""
        worth = min(float(height), strip - float(height))
        return cls(low=low, high=high, height=height, count=node_count(low=low, high=high, height=worth, digits=digits))

    def nodes(self, field: Field) -> Iterator[tuple[Element, Element]]:
        """y and 2 dy/(2 pi i) of the upper half, counter-clockwise: the conjugate partner is included."""
        wide, high = field.real(Fraction(self.wide)), field.real(self.height)
        centre = field.real(Fraction((self.low + self.high) / 2))
        for k in range(self.count // 2):
            turn = field.exp(field.pair(field.real(0), field.pi() * (2 * k + 1) / self.count))
            cosine, sine = field.parts(turn)
            dy = field.pair(-wide * sine, high * cosine) * 2 / field.pair(field.real(0), field.real(self.count))
            yield field.pair(centre + wide * cosine, high * sine), dy

    @property
    def wide(self) -> float:
        """The real semi-axis."""
        return math.hypot((self.high - self.low) / 2, float(self.height))


def modes_in_u(sums: Sums, model_size: Fraction, ellipse: Ellipse, *, digits: int) -> PreciseModes:
    """The trapezoidal rule in y = log(u0 - u)."""
    field = sums.field
    root = floor_root(sums, model_size, digits)
    found = _Gathering(field, model_size, root)
    with field.working(digits + GUARD):
        size = field.real(model_size)
        for y, dy in ellipse.nodes(field):
            distance = field.exp(y)
            u = root.u - distance
            values = sums.at(u, digits)
            found.add(dispersion(size, u, values), values, slope(size, values) * distance * dy)
        return found.modes()


def modes_in_z(sums: Sums, model_size: Fraction, ellipse: Ellipse, *, limit: Fraction, digits: int) -> PreciseModes:
    """The trapezoidal rule in w = log z - log(1 - z/limit); u(z) is followed from the real axis right of the spectrum.

    Valid: a spectrum that ends before the limit.
    """
    field = sums.field
    found = _Gathering(field, model_size, floor_root(sums, model_size, digits))
    with field.working(digits + GUARD):
        end = field.real(limit)
        path, weights = [], []
        for w, dw in ellipse.nodes(field):
            grown = field.exp(w)
            rest = 1 / (1 + grown / end)  # 1 - z/limit
            path.append(grown * rest)
            weights.append(-grown * rest * rest * dw)
        grown = field.exp(field.real(Fraction((ellipse.low + ellipse.high) / 2 + ellipse.wide)))
        start = left_of_spectrum(sums, model_size, field.middle(grown / (1 + grown / end)), digits)
    points = follow(sums, model_size, start, path, digits)
    for weight, point in zip(weights, points, strict=True):
        with field.working(digits + GUARD):
            found.add(point.x, point.values, weight)
    with field.working(digits + GUARD):
        return found.modes()


class _Gathering:
    """Modes, one by one; at the working precision they are called in."""

    def __init__(self, field: Field, model_size: Fraction, floor: Point) -> None:
        self.field, self.model_size, self.floor = field, model_size, floor
        self.position: list[Element] = []
        self.signal: list[Element] = []
        self.kernel: list[Element] = []

    def add(self, z: Element, values: Values, weight: Element) -> None:
        """weight: -(1/2 pi i) dz, conjugate partner included."""
        size = self.field.real(self.model_size)
        self.position.append(z)
        self.signal.append(values.sig / (1 - values.d1 / size) * weight)
        self.kernel.append(z * values.d1 * weight)

    def modes(self) -> PreciseModes:
        """All of them."""
        floor = self.floor.u * self.floor.values.sig
        return PreciseModes(position=self.position, signal=self.signal, kernel=self.kernel, floor=floor)


def check_precise_sum_rules(modes: PreciseModes, field: Field, sums: SpectralSums, model_size: Fraction) -> None:
    """The sum rules of a contour, to what floats see of them: a wrong sheet breaks them."""
    position, signal, kernel = (in_floats(field, values) for values in (modes.position, modes.signal, modes.kernel))
    floor = float(field.rational(modes.floor))
    rough = Modes(position=position, signal=signal / 2, kernel=kernel / 2, floor=floor, paired=True)
    check_sum_rules(rough, rough.kernel / position, sums, model_size)


def in_floats(field: Field, values: list[Element]) -> Complex:
    """Elements, rounded."""
    return np.array([complex(*(float(part) for part in field.parts(x))) for x in values])
