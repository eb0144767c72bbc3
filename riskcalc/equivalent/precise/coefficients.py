"""Coefficients of generating functions with proved radii: a circle for early steps, a hyperbola for each later one.

Both know the error of their rule from nothing but the signs of the measures behind the transforms, so nothing is
estimated. What enters them are spectral sums with bounded remainders, proved roots u1, u2, and Arb's own rounding.
Source: D20 (circle), D22 (hyperbola).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

from riskcalc.equivalent.precise.enclosure import enclosed_along
from riskcalc.equivalent.precise.generating import Setting
from riskcalc.numeric.decimals import log10
from riskcalc.numeric.field import Element
from riskcalc.numeric.hyperbola import EARLIEST, Hyperbola, hyperbola, hyperbola_nodes
from riskcalc.numeric.precise_inversion import Nodes, circle_nodes, total
from riskcalc.spectral.precise.roots import Point
from riskcalc.spectral.precise.sums import GUARD, Sums

Transforms = Callable[[Element, Point, Point], tuple[Element, ...]]
_LOST = 8  # digits that forming the transforms may cost: balls grow where numbers cancel


@dataclass(frozen=True, kw_only=True)
class Quadrature:
    """One quadrature: for these steps; digits to work with, and log10 of its error where coefficients are below 1."""

    steps: tuple[int, ...]
    nodes: int
    digits: int
    log10_bound: float
    hyperbola: Hyperbola | None  # None: a circle

    def build(self, setting: Setting, level: int) -> Nodes:
        if self.hyperbola is not None:
            return hyperbola_nodes(setting.field, self.hyperbola)
        return circle_nodes(
            setting.field, times=self.steps, nodes=2 * self.nodes, log10_radius=Fraction(-level, 2 * self.nodes)
        )


def circle_rule(steps: tuple[int, ...], level: int) -> Quadrature:
    """A circle with r^n = 10^-level; r^-t are the digits lost at step t."""
    count = 2 * math.ceil(max(1.15 * steps[-1] + 60, 2 * level) / 2)
    return Quadrature(
        steps=steps,
        nodes=count // 2,
        digits=level + math.ceil(level * steps[-1] / count) + _LOST,
        log10_bound=0.01 - level,  # r^n/(1 - r^n) is a little more than r^n
        hyperbola=None,
    )


def hyperbola_rule(step: int, level: int) -> Quadrature:
    """A hyperbola for one step."""
    curve = hyperbola(time=step, digits=level)
    return Quadrature(
        steps=(step,),
        nodes=curve.nodes,
        # 1 - zeta is as small as 1/t
        digits=level + math.ceil(curve.growth()) + math.ceil(math.log10(step)) + _LOST,
        log10_bound=curve.log10_bound(),
        hyperbola=curve,
    )


def rules(steps: tuple[int, ...], level: int) -> list[Quadrature]:
    """The cheapest rules: one circle for the first steps, or none, and hyperbolas for the others."""
    least = sum(step < EARLIEST for step in steps)
    later = {step: hyperbola_rule(step, level) for step in steps[least:]}
    choices = []
    for count in range(least, len(steps) + 1):
        circles = [circle_rule(steps[:count], level)] if count else []
        choices.append(circles + [later[step] for step in steps[count:]])
        if circles and circles[0].nodes > sum(rule.nodes for rule in later.values()):
            break
    return min(choices, key=lambda found: sum(rule.nodes * rule.digits for rule in found))


def enclosed_coefficients(
    setting: Setting, sums: Sums, rule: Quadrature, level: int, bound: Fraction, transforms: Transforms
) -> list[list[Element]]:
    """Balls round the coefficients at the steps of a rule, for generating functions bounded by `bound` in its sense."""
    field = setting.field
    error = rule.log10_bound + log10(bound) + 1e-9
    with field.working(rule.digits + GUARD):
        nodes = rule.build(setting, level)
        points = enclosed_along(setting, sums, nodes.start, nodes.zeta, rule.digits)
        values = [transforms(zeta, near, far) for zeta, (near, far) in zip(nodes.zeta, points, strict=True)]
        return [
            [field.widen(total(field, weights, list(column)), error) for column in zip(*values, strict=True)]
            for weights in nodes.weight
        ]
