"""Proved roots of the dispersion: interval Newton on balls, with the branch settled by signs.

A root found by Newton's method is only a candidate. With U a small ball round it and m its middle,
N = m - (z(m) - x)/z'(U) in the interior of U proves that U holds exactly one root, and that it lies in N. Which root it
is follows from D02: u0 is the only positive one of z = 0, u(x) for Im x != 0 the only one with Im u of the opposite
sign, and u_* the only one with u < -lambda_1 and d2(u) < M. Source: D20.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from fractions import Fraction

from riskcalc.equivalent.precise.generating import Setting, roots_of_factor, stability_point
from riskcalc.errors import ToleranceNotMet
from riskcalc.numeric.field import Element
from riskcalc.spectral.landmarks import check_floor
from riskcalc.spectral.precise.roots import (
    Point,
    dispersion,
    floor_root,
    follow,
    left_of_spectrum,
    on_sheet,
    right_of_floor,
    slope,
)
from riskcalc.spectral.precise.sums import GUARD, Sums

_WIDEST = -12  # log10 of the largest relative radius of a trial ball


def enclosed_floor(setting: Setting, sums: Sums, digits: int) -> Point:
    """A ball round u0, and the sums on it."""
    check_floor(setting.sums.rank, setting.model_size, "a proved radius")
    root = floor_root(setting.sums, setting.model_size, digits)
    return _enclosed(sums, setting.model_size, setting.field.real(0), root.u, digits)


def enclosed_edge(setting: Setting, sums: Sums, digits: int) -> Point:
    """A ball round u_*, proved to lie left of the spectrum."""
    field = setting.field
    x = field.real(stability_point(setting))
    found = left_of_spectrum(setting.sums, setting.model_size, x, digits)
    point = _enclosed(sums, setting.model_size, x, found.u, digits)
    if not (point.u < -field.real(setting.sums.largest) and point.values.d2 < field.real(setting.model_size)):
        raise ToleranceNotMet("u_* was not proved to lie left of the spectrum: the step size is too close to its limit")
    return point


def enclosed_along(
    setting: Setting, sums: Sums, start: Element, path: Sequence[Element], digits: int
) -> Iterator[tuple[Point, Point]]:
    """Balls round (u1, u2) at each zeta of a path in one half plane."""
    first, second = roots_of_factor(setting, setting.field.middle(start))
    pairs = [roots_of_factor(setting, zeta) for zeta in path]
    middle = setting.field.middle
    near = right_of_floor(setting.sums, setting.model_size, middle(first), 20)
    far = left_of_spectrum(setting.sums, setting.model_size, middle(second), 20)
    for begin, targets in ((near, [pair[0] for pair in pairs]), (far, [pair[1] for pair in pairs])):
        if any(setting.field.radius(target) == math.inf for target in targets):
            raise ToleranceNotMet(f"x came out without a finite radius near {begin.x}")
    walks = (
        _along(setting, sums, near, [pair[0] for pair in pairs], digits),
        _along(setting, sums, far, [pair[1] for pair in pairs], digits),
    )
    return zip(*walks, strict=True)


def _along(setting: Setting, sums: Sums, start: Point, targets: list[Element], digits: int) -> Iterator[Point]:
    found = follow(setting.sums, setting.model_size, start, targets, digits)
    for x, point in zip(targets, found, strict=True):
        proved = _enclosed(sums, setting.model_size, x, point.u, digits)
        if not on_sheet(sums, proved.u, x):
            raise ToleranceNotMet("a root u(z) was not proved to lie on the right sheet: more digits are needed")
        yield proved


def _enclosed(sums: Sums, model_size: Fraction, x: Element, middle: Element, digits: int) -> Point:
    """A ball that holds exactly one root of z(u) = x."""
    field = sums.field
    size = field.real(model_size)
    with field.working(digits + GUARD):
        at_middle = sums.at(middle, digits)
        gap = x - dispersion(size, middle, at_middle)
        width = max(field.polar(gap)[0] / math.log(10), field.radius(gap) or -math.inf)
        width = max(
            width - field.polar(slope(size, at_middle))[0] / math.log(10) + 0.6,
            field.polar(middle)[0] / math.log(10) - digits,
        )
        while width <= field.polar(middle)[0] / math.log(10) + _WIDEST:
            trial = field.ball(middle, width)
            values = sums.at(trial, digits)
            image = middle + gap / slope(size, values)
            if field.inside(image, trial):
                return Point(x=x, u=trial, values=values)
            width += 1.0
    raise ToleranceNotMet(
        "interval Newton proved no root: more digits are needed, or the point is too close to the spectrum"
    )
