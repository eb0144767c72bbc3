"""Bias and variance at any step of a constant step size, to any number of digits, checked by a second resolution.

Early steps by one circle of zeta, later ones by a cotangent contour each. The error estimate is the difference of two
resolutions, with different nodes and different working precision; digits are added until it is small enough. It is an
estimate: such an answer is computed, not enclosed. Source: D03, D20.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Self

from riskcalc.dynamics.precise.coefficients import Contour, brought_back, contours
from riskcalc.equivalent.precise.generating import Setting, points_along, responses
from riskcalc.numeric.agreeing import Ladder, by_what_is_missing, two_differ
from riskcalc.numeric.field import Element, Field
from riskcalc.progress import progress
from riskcalc.spectral.precise.roots import floor_root
from riskcalc.spectral.precise.sums import GUARD

_EXTRA = (6, 11)  # digits beyond those asked, at the two resolutions
_LADDER = Ladder(
    attempts=4,
    higher=by_what_is_missing(spare=3),
    refusal=two_differ(
        "resolutions of the equivalent", remedy="ask for fewer digits, or move away from the edge of stability"
    ),
)

Row = tuple[Element, Element, Element]  # bias, variance, excess


@dataclass(frozen=True, kw_only=True)
class Parts:
    """Elements at the working precision of the answer; error: log10 of the largest relative difference seen."""

    bias: list[Element]
    variance: list[Element]
    error: float

    @classmethod
    def of(cls, rows: list[Row], error: float) -> Self:
        """The parts of the rows of one resolution."""
        return cls(bias=[row[0] for row in rows], variance=[row[1] for row in rows], error=error)


def constant_parts(setting: Setting, *, steps: tuple[int, ...], digits: int) -> Parts:
    """Bias and variance at ascending steps, with an error below 10^-digits of the excess."""
    return confirmed(setting.field, lambda level: _resolution(setting, steps, level), digits=digits)


def confirmed(field: Field, rows: Callable[[int], list[Row]], *, digits: int) -> Parts:
    """The parts of the first resolution that another confirms; rows: at a level, each with other nodes."""

    def look(level: int) -> tuple[list[Row], float]:
        coarse, fine = (rows(level + more) for more in _EXTRA)
        return fine, resolution_gap(field, fine, coarse, digits)

    return Parts.of(*_LADDER.climbed(look, first=digits, digits=digits))


def resolution_gap(field: Field, fine: list[Row], coarse: list[Row], digits: int) -> float:
    """log10 of the largest difference of bias or variance, relative to the excess."""
    with field.working(digits + GUARD):
        gaps = [
            max(field.polar(ours[k] - theirs[k])[0] for k in (0, 1)) - field.polar(ours[2])[0]
            for ours, theirs in zip(fine, coarse, strict=True)
        ]
    return max(gaps) / math.log(10)


def _resolution(setting: Setting, steps: tuple[int, ...], digits: int) -> list[Row]:
    """(bias, variance, excess) at each step."""
    found = []
    with progress(len(steps), "steps") as more:
        for contour in contours(steps, digits=digits):
            rows = _inverted(setting, contour)
            found += rows
            more(len(rows))
    return found


def _inverted(setting: Setting, contour: Contour) -> list[Row]:
    """At the steps of one contour."""
    field, level = setting.field, contour.level
    root = floor_root(setting.sums, setting.model_size, level)
    with field.working(level + GUARD + contour.spare):
        floor = root.u * root.values.sig
        nodes = contour.build(field)
        pairs = points_along(setting, nodes.start, nodes.zeta, level)
        values = [
            responses(setting, zeta, near, far, floor) for zeta, (near, far) in zip(nodes.zeta, pairs, strict=True)
        ]
        return [(bias, variance, floor + bias + variance) for bias, variance in brought_back(field, nodes, values)]
