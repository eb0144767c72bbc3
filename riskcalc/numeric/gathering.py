"""Sums over j = 1, ..., v of what is smooth in j, gathered: blocks of whole numbers, and Gauss's rule on each.

Formula: for g a polynomial of degree below 2 n, sum_{J <= j < J + m} g(j) = sum_k w_k g(J + (m - 1)/2 + m xi_k), with
xi_k the zeros of the discrete Chebyshev polynomial of degree n in units of m, and all w_k positive. Blocks are short
against their distance from j = 0, where powers of j are singular; and, where a run lasts until only the smallest
eigenvalues count, also against their distance from v, because then exp(-T lambda) varies most there. Source: D26,
statement 6.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from riskcalc.numeric.field import Element, Field

FACTOR = 4.0  # by which eigenvalues differ in a block, and distances from v in one near it: 3^-2n is left


@dataclass(frozen=True, kw_only=True)
class Block:
    """The whole numbers start, ..., start + count - 1; points of their rule, None where they stay as they are."""

    start: int
    count: int
    points: int | None


def blocks(
    dimension: int,
    *,
    points: int,
    single: int,
    growth: Callable[[int], float],
    fading: Callable[[int], float],
) -> list[Block]:
    """Blocks of 1, ..., dimension; the first `single` numbers, and blocks that a rule would not shorten, stay.

    growth: the ratio of the ends of a block that starts at j. fading: log of what the run takes off mode j more than
    off the last one.
    """
    found = [Block(start=1, count=min(single, dimension), points=None)]
    start = found[0].count + 1
    whole = points * 3 // 2
    while start <= dimension:
        left = dimension + 1 - start
        count = min(left, max(whole, math.ceil(start * (growth(start) - 1))))
        if fading(start) > points / 2:
            count = min(count, max(whole, left - int(left / FACTOR)))
        found.append(Block(start=start, count=count, points=points if count > whole else None))
        start += count
    return found


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


def off_diagonal(count: float, points: int) -> np.ndarray:
    """Of the Jacobi matrix of the discrete Chebyshev polynomials, in units of the count, in float64."""
    order = np.arange(1.0, points)
    return np.asarray(order / (2 * np.sqrt(4 * order**2 - 1)) * np.sqrt(1 - (order / count) ** 2))


def mean_rule(field: Field, points: int, *, count: int | None = None) -> list[tuple[Element, Element]]:
    """Nodes and weights of the mean over `count` equidistant numbers of spacing 1/count round 0, ascending.

    Without a count, over all numbers from -1/2 to 1/2: Gauss and Legendre's rule.
    """
    off = off_diagonal(math.inf if count is None else count, points)
    finite = Fraction(0) if count is None else Fraction(1, count**2)
    starts = np.linalg.eigvalsh(np.diag(off, 1) + np.diag(off, -1))[(points + 1) // 2 :]
    squares = [
        field.real(Fraction(i * i, 4 * (4 * i * i - 1)) * (1 - i * i * finite)) for i in range(1, points)
    ]
    upper = [_node(field, squares, float(start)) for start in starts]
    lower = [(-node, weight) for node, weight in reversed(upper)]
    centre = field.real(0)
    return lower + [(centre, _christoffel(field, squares, centre))] * (points % 2) + upper


def _node(field: Field, squares: Sequence[Element], start: float) -> tuple[Element, Element]:
    """A zero of the last polynomial, by Newton's method from float64 until nothing moves, and its weight."""
    x, moved = field.real(Fraction(start)), 0.0
    while True:
        value, slope = _last(field, squares, x)
        move = field.middle(value / slope)
        size = field.polar(move)[0]
        if size >= moved or size == -math.inf:
            return x, _christoffel(field, squares, x)
        x, moved = field.middle(x - move), size


def _last(field: Field, squares: Sequence[Element], x: Element) -> tuple[Element, Element]:
    """The monic polynomial of the highest degree, and its derivative."""
    before, value, before_slope, slope = field.real(1), x, field.real(0), field.real(1)
    for square in squares:
        before_slope, slope = slope, field.middle(value + x * slope - square * before_slope)
        before, value = value, field.middle(x * value - square * before)
    return value, slope


def _christoffel(field: Field, squares: Sequence[Element], x: Element) -> Element:
    """1/sum of the squared orthonormal polynomials below the last."""
    before, value, norm = field.real(1), x, field.real(1)
    total = field.real(1)
    for square in squares:
        norm = field.middle(norm * square)
        total = field.middle(total + value * value / norm)
        before, value = value, field.middle(x * value - square * before)
    return field.middle(1 / total)
