"""The eigenvalues of a smooth law in a numeric field, all of them or gathered: some hundred modes in any dimension.

Source: D26, 6.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction

from riskcalc.numeric.field import Element, Field
from riskcalc.numeric.mean_rule import mean_rule
from riskcalc.problem import Problem
from riskcalc.problem.spectrum import Law
from riskcalc.spectral.blocks import Block, smooth_blocks
from riskcalc.spectral.precise.problem_elements import eigenvalues_at, signal_at

_DIGITS_A_POINT = 2 * math.log10(3)  # of a rule on a block with eigenvalues in a ratio of FACTOR
_SPARE_POINTS = 4

Row = tuple[Element, Element, Element]


def gathered_elements(problem: Problem, spectrum: Law, field: Field, *, digits: int, reach: float) -> list[Row]:
    """lambda_j, lambda_j w_j^2 and lambda_j^2 of a smooth law, largest first, gathered to so many digits."""
    points = math.ceil(digits / _DIGITS_A_POINT) + _SPARE_POINTS
    laid = smooth_blocks(spectrum, points=points, single=points, steepest=1.0, reach=reach)
    places, weights = places_and_weights(field, laid)
    values, powers = eigenvalues_at(problem, field, places), signal_at(problem, field, places)
    return [
        (value, field.middle(weight * power), field.middle(weight * value * value))
        for value, power, weight in zip(values, powers, weights, strict=True)
    ]


def places_and_weights(field: Field, laid: Sequence[Block]) -> tuple[list[Element], list[Element]]:
    """Places and weights of a rule for sums over all blocks."""
    places: list[Element] = []
    weights: list[Element] = []
    for block in laid:
        if block.points is None:
            places += [field.real(j) for j in range(block.start, block.start + block.count)]
            weights += [field.real(1)] * block.count
            continue
        middle = field.real(block.start + Fraction(block.count - 1, 2))
        for offset, weight in mean_rule(field, block.points, count=block.count):
            places.append(field.middle(middle + block.count * offset))
            weights.append(field.middle(block.count * weight))
    return places, weights
