"""The reference field: mpmath numbers."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from riskcalc.numeric.field import Element, Sums, SymmetricMatrix
from riskcalc.numeric.mpmath_context import mp
from riskcalc.numeric.mpmath_sums import end_terms, pole_sums
from riskcalc.numeric.one_at_a_time import ONE_AT_A_TIME


@dataclass(frozen=True)
class Mpmath:
    """Floating point of any length by mpmath: no radii, so what it computes is computed, not enclosed.

    Notes
    -----
    Valid: any number of digits up to 1000; one thread at a time holds the precision.

    Source: D20; mpmath.

    Examples
    --------
    >>> Mpmath().name
    'mpmath'
    """

    @property
    def name(self) -> str:
        return "mpmath"

    @contextmanager
    def working(self, digits: int) -> Iterator[None]:
        with ONE_AT_A_TIME, mp.workdps(digits):
            yield

    def real(self, value: Fraction | int) -> Element:
        exact = Fraction(value)
        return mp.mpf(exact.numerator) / exact.denominator

    def pair(self, real: Element, imag: Element) -> Element:
        return mp.mpc(real, imag)

    def parts(self, x: Element) -> tuple[Element, Element]:
        return mp.re(x), mp.im(x)

    def pi(self) -> Element:
        return +mp.pi

    def exp(self, x: Element) -> Element:
        return mp.exp(x)

    def log(self, x: Element) -> Element:
        return mp.log(x)

    def sqrt(self, x: Element) -> Element:
        return mp.sqrt(x)

    def cot_csc(self, x: Element) -> tuple[Element, Element]:
        sine = mp.sin(x)
        return mp.cos(x) / sine, 1 / sine

    def expm1(self, x: Element) -> Element:
        return mp.expm1(x)

    def zeta(self, s: Element, start: int) -> Element:
        return mp.zeta(s, start)

    def bernoulli(self, n: int) -> Element:
        return mp.bernoulli(n)

    def middle(self, x: Element) -> Element:
        return x

    def widen(self, x: Element, log10_bound: float) -> Element:
        return x

    def polar(self, x: Element) -> tuple[float, float]:
        if not x:
            return -math.inf, 0.0
        logarithm = mp.log(x)
        return float(mp.re(logarithm)), float(mp.im(logarithm))

    def dot(self, left: Sequence[Element], right: Sequence[Element]) -> Element:
        return mp.fdot(left, right)

    def convolution(self, left: Sequence[Element], right: Sequence[Element]) -> list[Element]:
        return [mp.fdot(left[: order + 1], right[order::-1]) for order in range(len(left))]

    def linear(self, rows: Sequence[Sequence[Element]]) -> Callable[[Any], list[Element]]:
        kept = [list(row) for row in rows]
        return lambda vector: [mp.fdot(row, vector) for row in kept]

    def polynomial(self, coefficients: Sequence[Element]) -> Callable[[Element], Element]:
        from_the_top = list(coefficients)[::-1]

        def value(x: Element) -> Element:
            total = mp.mpf(0)
            for coefficient in from_the_top:
                total = total * x + coefficient
            return total

        return value

    def pole_sums(self, poles: Sequence[Element], rows: Sequence[Sequence[Element]]) -> Sums:
        return pole_sums(poles, rows)

    def end_terms(self, *, a: Fraction, powers: Sequence[Fraction], place: int, sign: int, count: int) -> Sums:
        return end_terms(a=a, powers=powers, place=place, sign=sign, count=count)

    def matrix(self, rows: Sequence[Sequence[Element]]) -> Any:
        return [list(row) for row in rows]

    def times(self, matrix: Any, columns: Sequence[Sequence[Element]]) -> list[list[Element]]:
        return [[mp.fdot(row, column) for column in columns] for row in matrix]

    def transposed_times(self, matrix: Any, columns: Sequence[Sequence[Element]]) -> list[list[Element]]:
        return self.times(list(zip(*matrix, strict=True)), columns)

    def work(self, poles: int, order: int) -> float:
        return 4.0 * poles + 6.0 * math.pow(order, 1.15)

    def gram(self, rows: Sequence[Sequence[float]], weights: Sequence[Element]) -> SymmetricMatrix:
        plain = [[mp.mpf(entry) for entry in row] for row in rows]
        weighted = [[entry * weight for entry, weight in zip(row, weights, strict=True)] for row in plain]
        entries = [[mp.fdot(row, other) for other in weighted[: i + 1]] for i, row in enumerate(plain)]
        size = len(entries)
        return _Symmetric([[entries[max(i, j)][min(i, j)] for j in range(size)] for i in range(size)])

    def radius(self, x: Element) -> float | None:
        return None

    def ball(self, x: Element, log10_radius: float) -> Element:
        return x

    def inside(self, inner: Element, outer: Element) -> bool:
        return False

    def rational(self, x: Element) -> Fraction:
        mantissa, exponent = mp.frexp(x)
        scale = mp.prec
        shifted: Fraction = Fraction(int(mp.ldexp(mantissa, scale))) * Fraction(2) ** (int(exponent) - scale)
        return shifted


@dataclass(frozen=True)
class _Symmetric:
    """A matrix as a list of rows."""

    rows: list[list[Element]]

    def column(self, k: int) -> list[Element]:
        return [row[k] for row in self.rows]

    def times(self, vector: Sequence[Element]) -> list[Element]:
        return [mp.fdot(row, vector) for row in self.rows]

    def reduced(self, left: Sequence[Element], right: Sequence[Element]) -> SymmetricMatrix:
        return _Symmetric(
            [
                [entry - here * w - there * v for entry, v, w in zip(row, left, right, strict=True)] if here else row
                for row, here, there in zip(self.rows, left, right, strict=True)
            ]
        )
