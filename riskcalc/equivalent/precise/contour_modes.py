"""The modes of the equivalent to any number of digits: nodes of a contour round the spectrum, of one of two kinds.

Formula: f = -(1/2 pi i) Phi dz, k = -(1/2 pi i) z d1 dz. In the u-plane, nodes on an ellipse in log(u0 - u), explicit;
in the z-plane, nodes on a lens between 0 and z*, an ellipse in log z - log(1 - z/z*), which needs u(z) at every node,
followed from one to the next, but on which nothing grows however close the spectrum comes to z*. Twins of
`modes_in_u` and `modes_in_z`. Source: D02, section 8; D03.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from riskcalc.curve import LastIterate, Run
from riskcalc.dynamics import Modes
from riskcalc.equivalent.landmarks import landmarks
from riskcalc.equivalent.precise.generating import Setting, stability_point
from riskcalc.equivalent.precise.roots import Point, dispersion, floor_root, follow, left_of_spectrum, slope
from riskcalc.equivalent.precise.sums import GUARD, Values
from riskcalc.equivalent.spectral_measure import check_sum_rules
from riskcalc.equivalent.sums import SpectralSums, spectral_sums
from riskcalc.errors import InvalidInput, ToleranceNotMet
from riskcalc.numeric.contour import node_count
from riskcalc.numeric.field import Element, Field

Complex = NDArray[np.complex128]
Real = NDArray[np.float64]

_LEAST = 14  # digits of a lens: below, its sum rules could not be checked
_MOST_GROWTH = 3.0  # log |q|^t on the ellipse: costs a digit or two


@dataclass(frozen=True, kw_only=True)
class ContourModes:
    """Upper half of the contour: positions, signal and kernel weights, twice each for the conjugates; and the floor."""

    position: list[Element]
    signal: list[Element]
    kernel: list[Element]
    floor: Element


Contour = Callable[..., ContourModes]


@dataclass(frozen=True, kw_only=True)
class _Ellipse:
    """An ellipse round [low, high] of imaginary semi-axis `height`, with so many nodes, both halves counted."""

    low: float
    high: float
    height: Fraction
    count: int

    @classmethod
    def of(
        cls, run: Run, low: float, high: float, height: Fraction, digits: int, *, most: int, strip: float = math.inf
    ) -> _Ellipse:
        """With nodes enough for `digits`; at most `most` in the upper half. strip: |Im y| beyond which modes grow."""
        worth = min(float(height), strip - float(height))
        count = node_count(low=low, high=high, height=worth, digits=digits)
        if count // 2 > most:
            raise InvalidInput(
                f"{run.steps[-1]} steps of this schedule with {digits} digits take too long ({count // 2} modes each): "
                "ask for fewer digits or steps, or leave digits out"
            )
        return cls(low=low, high=high, height=height, count=count)

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


def ellipse_modes(
    setting: Setting, run: Run, height: Fraction, digits: int, *, most: int, working: int = 0
) -> ContourModes:
    """The trapezoidal rule in y = log(u0 - u); the float edges only place the ellipse.

    ToleranceNotMet where modes would grow: there the lens serves.
    """
    field, level = setting.field, max(digits, working)
    rough = landmarks(spectral_sums(run.problem), setting.model_size)
    low, high = math.log(rough.floor - rough.right), math.log(rough.floor - rough.left)
    ellipse = _Ellipse.of(run, low, high, height, digits, most=most)
    root = floor_root(setting.sums, setting.model_size, level)
    found = _Gathering(setting, root)
    with field.working(level + GUARD):
        size = field.real(setting.model_size)
        for y, dy in ellipse.nodes(field):
            distance = field.exp(y)
            u = root.u - distance
            values = setting.sums.at(u, level)
            found.add(dispersion(size, u, values), values, slope(size, values) * distance * dy)
        modes = found.modes()
    if _growth(modes, setting, run) > _MOST_GROWTH:
        raise ToleranceNotMet(
            "the contour of the equivalent comes too close to the modes at this step size: ask for a smaller one"
        )
    return modes


def lens_modes(
    setting: Setting, run: Run, height: Fraction, digits: int, *, most: int, working: int = 0
) -> ContourModes:
    """The trapezoidal rule in w = log z - log(1 - z/z*), z* exactly where q is 1 again at the largest step size.

    Valid: a stable run, whose spectrum ends before z*. u(z) is followed from the real axis right of the spectrum.
    """
    field, level, limit = setting.field, max(digits, working), stability_point(setting)
    sums = spectral_sums(run.problem)
    rough = landmarks(sums, setting.model_size)
    if not rough.largest < float(limit):
        raise ToleranceNotMet("the spectrum leaves no room for a contour at this step size: ask for a smaller one")
    low, high = (math.log(edge) - math.log1p(-edge / float(limit)) for edge in (rough.smallest, rough.largest))
    ellipse = _Ellipse.of(run, low, high, height, max(digits, _LEAST), most=most, strip=math.pi / 2)
    found = _Gathering(setting, floor_root(setting.sums, setting.model_size, level))
    with field.working(level + GUARD):
        end = field.real(limit)
        path, weights = [], []
        for w, dw in ellipse.nodes(field):
            grown = field.exp(w)
            rest = 1 / (1 + grown / end)  # 1 - z/z*
            path.append(grown * rest)
            weights.append(-grown * rest * rest * dw)
        grown = field.exp(field.real(Fraction((low + high) / 2 + ellipse.wide)))
        start = left_of_spectrum(setting.sums, setting.model_size, field.middle(grown / (1 + grown / end)), level)
    points = follow(setting.sums, setting.model_size, start, path, level)
    for weight, point in zip(weights, points, strict=True):
        with field.working(level + GUARD):
            found.add(point.x, point.values, weight)
    with field.working(level + GUARD):
        modes = found.modes()
        _check(modes, sums, setting)
    return modes


class _Gathering:
    """Modes, one by one; at the working precision they are called in."""

    def __init__(self, setting: Setting, floor: Point) -> None:
        self.setting, self.floor = setting, floor
        self.position: list[Element] = []
        self.signal: list[Element] = []
        self.kernel: list[Element] = []

    def add(self, z: Element, values: Values, weight: Element) -> None:
        """weight: -(1/2 pi i) dz, conjugate partner included."""
        size = self.setting.field.real(self.setting.model_size)
        self.position.append(z)
        self.signal.append(values.sig / (1 - values.d1 / size) * weight)
        self.kernel.append(z * values.d1 * weight)

    def modes(self) -> ContourModes:
        """All of them."""
        floor = self.floor.u * self.floor.values.sig
        return ContourModes(position=self.position, signal=self.signal, kernel=self.kernel, floor=floor)


def _growth(modes: ContourModes, setting: Setting, run: Run) -> float:
    """log of the largest |q|^t at the largest step size; where iterates are averaged, of |1 - gamma z|^t too."""
    scaled = float(setting.step_size) * _floats(setting.field, modes.position)
    losses = [scaled * (2 - (1 + 1 / setting.batch_size) * scaled)]
    if not isinstance(run.averaging, LastIterate):
        losses.append(scaled)
    return max(run.steps[-1] * float(_log_rest(loss).max()) for loss in losses)


def _log_rest(loss: Complex) -> Real:
    """log|1 - p|, however small p is."""
    with np.errstate(divide="ignore"):  # a mode that dies at once
        return np.asarray(np.log1p(np.maximum(np.abs(loss) ** 2 - 2 * loss.real, -1.0)) / 2)


def _check(modes: ContourModes, sums: SpectralSums, setting: Setting) -> None:
    """The sum rules, to what floats see of them: a lens on a wrong sheet breaks them."""
    position, signal, kernel = (
        _floats(setting.field, values) for values in (modes.position, modes.signal, modes.kernel)
    )
    floor = float(setting.field.rational(modes.floor))
    rough = Modes(position=position, signal=signal / 2, kernel=kernel / 2, floor=floor, paired=True)
    check_sum_rules(rough, rough.kernel / position, sums, setting.model_size)


def _floats(field: Field, values: list[Element]) -> Complex:
    return np.array([complex(*(float(part) for part in field.parts(x))) for x in values])
