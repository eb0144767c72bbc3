"""Gauss's rule for the mean over equidistant numbers, and over all numbers of an interval.

Formula: for g a polynomial of degree below 2 n, sum_{J <= j < J + m} g(j) = sum_k w_k g(J + (m - 1)/2 + m xi_k), with
xi_k the zeros of the discrete Chebyshev polynomial of degree n in units of m, and all w_k positive. Source: D26,
statement 6.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction

import numpy as np

from riskcalc.numeric.field import Element, Field


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
