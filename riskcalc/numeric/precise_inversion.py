"""Nodes of inverse generating functions in a numeric field: a cotangent contour for late times, a circle for early.

Formulas: f(t) = (1/2 pi i) int F(e^-p) e^{pt} dp on p(theta) = (n/t)(0.5017 theta cot(0.6407 theta) - 0.6122
+ 0.2645 i theta), about 1.7 nodes a digit; and f(t) + r^n f(t + n) + ... = r^-t/n sum_k F(r w^k) w^-kt, w^n = 1,
with half steps in k.
Only nodes with Im zeta of one sign are given: f is real. Source: D03, D20.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction

from riskcalc.numeric.field import Element, Field

DIGITS_A_NODE = 0.589  # log10 3.89: what a node of the cotangent contour gains
GROWTH = 0.075  # log10 of e^{0.171}: what a node costs in rounding
_WIDTH = 0.2645


@dataclass(frozen=True, kw_only=True)
class Nodes:
    """zeta: in one half plane; start: the real zeta the path begins at; weight: rows, f = sum Re(weight F)."""

    start: Element
    zeta: tuple[Element, ...]
    weight: tuple[tuple[Element, ...], ...]


def earliest(nodes: int) -> int:
    """The least time the cotangent contour serves: it has to fit into |Im p| < pi, with room to spare."""
    return math.ceil(1.6 * _WIDTH * nodes)


def cotangent_nodes(field: Field, *, time: int, nodes: int) -> Nodes:
    """Nodes for one time, from the axis outwards."""
    scale, zetas, weights = field.real(Fraction(nodes, time)), [], []
    first, second, third, fourth = (field.real(Fraction(x, 10_000)) for x in (5017, 6407, 6122, 2645))
    for k in range(nodes // 2):
        theta = field.pi() * (2 * k + 1) / nodes
        cotangent, cosecant = field.cot_csc(second * theta)
        p = field.pair(scale * (first * theta * cotangent - third), scale * fourth * theta)
        rise = field.pair(scale * (first * cotangent - first * second * theta * cosecant**2), scale * fourth)
        zetas.append(field.exp(-p))
        weights.append(field.exp(p * time) * rise / field.pair(field.real(0), field.real(nodes)) * 2)
    axis = scale * field.real(Fraction(1711, 10_000))
    return Nodes(start=field.exp(-axis), zeta=tuple(zetas), weight=(tuple(weights),))


def circle_nodes(field: Field, *, times: tuple[int, ...], nodes: int, log10_radius: Fraction) -> Nodes:
    """Nodes zeta = r e^{i phi} for all times below about half their number."""
    radius = field.exp(field.real(log10_radius) * field.log(field.real(10)))
    zetas, turns = [], []
    for k in range(nodes // 2):
        angle = field.pi() * (2 * k + 1) / nodes
        turn = field.exp(field.pair(field.real(0), angle))
        turns.append(turn)
        zetas.append(radius * turn)
    weights = tuple(tuple(turn ** (-time) * 2 / radius**time / nodes for turn in turns) for time in times)
    return Nodes(start=radius, zeta=tuple(zetas), weight=weights)


def total(field: Field, weights: tuple[Element, ...], values: list[Element]) -> Element:
    """sum Re(weight value)."""
    found = field.real(0)
    for weight, value in zip(weights, values, strict=True):
        found = found + field.parts(weight * value)[0]
    return found
