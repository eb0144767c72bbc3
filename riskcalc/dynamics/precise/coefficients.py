"""Two generating functions brought back to any of their coefficients in a field: a circle early, a contour each later.

The circle serves every step, at a price that grows with it; a cotangent contour serves one late step, once it fits its
strip and all that it does not go round has died out. Source: D03, D20.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from riskcalc.dynamics.precise.recursion import Row
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


@dataclass(frozen=True, kw_only=True)
class Contour:
    """Nodes for some steps; level: digits that are wanted of what is put there; spare: of 1 - zeta, beyond them."""

    steps: tuple[int, ...]
    count: int
    level: int
    spare: int
    build: Callable[[Field], Nodes]


def contours(steps: Sequence[int], *, digits: int, forgotten: int = 0) -> list[Contour]:
    """For ascending steps, an accuracy of about 10^-digits of the largest coefficient.

    forgotten: the first step at which what a cotangent contour does not go round has died out.
    """
    nodes = 2 * math.ceil(digits / DIGITS_A_NODE / 2)
    split = max(earliest(nodes), forgotten)
    early, late = tuple(step for step in steps if step < split), [step for step in steps if step >= split]
    return ([_circle(early, digits)] if early else []) + [_cotangent(step, nodes, digits) for step in late]


def _circle(steps: tuple[int, ...], digits: int) -> Contour:
    count = 2 * max(steps[-1] + 1, digits)
    shrink = Fraction(-digits, count)
    return Contour(
        steps=steps,
        count=count,
        level=digits + math.ceil(digits * steps[-1] / count) + 4,
        spare=0,
        build=lambda field: circle_nodes(field, times=steps, nodes=count, log10_radius=shrink),
    )


def _cotangent(step: int, nodes: int, digits: int) -> Contour:
    return Contour(
        steps=(step,),
        count=nodes,
        level=digits + math.ceil(GROWTH * nodes) + 4,
        spare=math.ceil(math.log10(step)),
        build=lambda field: cotangent_nodes(field, time=step, nodes=nodes),
    )


def brought_back(field: Field, nodes: Nodes, values: Sequence[tuple[Element, Element]]) -> list[Row]:
    """Both coefficients at each step of the nodes; values: both functions at each node."""
    return [
        (total(field, weights, [one for one, _ in values]), total(field, weights, [other for _, other in values]))
        for weights in nodes.weight
    ]
