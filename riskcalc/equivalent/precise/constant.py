"""Bias and variance at any step of a constant step size, to any number of digits, checked by a second resolution.

Early steps by one circle of zeta, later ones by a cotangent contour each. The error estimate is the difference of two
resolutions, with different nodes and different working precision; digits are added until it is small enough. It is an
estimate: such an answer is computed, not enclosed. Source: D03, D20.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

from riskcalc.equivalent.precise.generating import Setting, points_along, responses
from riskcalc.errors import ToleranceNotMet
from riskcalc.numeric.field import Element, Field
from riskcalc.numeric.precise_inversion import (
    DIGITS_A_NODE,
    GROWTH,
    Nodes,
    circle_nodes,
    cotangent_nodes,
    earliest,
    total,
)
from riskcalc.spectral.precise.roots import floor_root
from riskcalc.spectral.precise.sums import GUARD

_EXTRA = (6, 11)  # digits beyond those asked, at the two resolutions
_ATTEMPTS = 4

Row = tuple[Element, Element, Element]  # bias, variance, excess


@dataclass(frozen=True, kw_only=True)
class Parts:
    """Elements at the working precision of the answer; error: log10 of the largest relative difference seen."""

    bias: list[Element]
    variance: list[Element]
    error: float


def constant_parts(setting: Setting, *, steps: tuple[int, ...], digits: int) -> Parts:
    """Bias and variance at ascending steps, with an error below 10^-digits of the excess."""
    extra = 0
    for _ in range(_ATTEMPTS):
        coarse, fine = (_resolution(setting, steps, digits + more + extra) for more in _EXTRA)
        error = resolution_gap(setting.field, fine, coarse, digits)
        if error <= -digits:
            return Parts(bias=[found[0] for found in fine], variance=[found[1] for found in fine], error=error)
        extra += math.ceil(error + digits) + 3
    raise ToleranceNotMet(
        f"two resolutions of the equivalent differ by 1e{error:.0f} relative, more than the {digits} digits asked: "
        "ask for fewer digits, or move away from the edge of stability"
    )


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
    nodes = 2 * math.ceil(digits / DIGITS_A_NODE / 2)
    split = earliest(nodes)
    early, late = [step for step in steps if step < split], [step for step in steps if step >= split]
    found = []
    if early:
        count = 2 * max(early[-1] + 1, digits)
        shrink = Fraction(-digits, count)
        level = digits + math.ceil(digits * early[-1] / count) + 4

        def circle() -> Nodes:
            return circle_nodes(setting.field, times=tuple(early), nodes=count, log10_radius=shrink)

        found += _inverted(setting, circle, level, spare=0)
    for step in late:
        level = digits + math.ceil(GROWTH * nodes) + 4

        def contour(step: int = step) -> Nodes:
            return cotangent_nodes(setting.field, time=step, nodes=nodes)

        found += _inverted(setting, contour, level, spare=math.ceil(math.log10(step)))
    return found


def _inverted(setting: Setting, build: Callable[[], Nodes], level: int, *, spare: int) -> list[Row]:
    """Sums to `level` digits; `spare` more for 1 - zeta, which is small at late times."""
    field = setting.field
    root = floor_root(setting.sums, setting.model_size, level)
    with field.working(level + GUARD + spare):
        floor = root.u * root.values.sig
        nodes = build()
        pairs = points_along(setting, nodes.start, nodes.zeta, level)
        values = [
            responses(setting, zeta, near, far, floor) for zeta, (near, far) in zip(nodes.zeta, pairs, strict=True)
        ]
        found = []
        for weights in nodes.weight:
            bias, variance = (total(field, weights, [value[k] for value in values]) for k in (0, 1))
            found.append((bias, variance, floor + bias + variance))
    return found
