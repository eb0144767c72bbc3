"""The fast field: Arb balls from python-flint, each a midpoint and a radius that contains all rounding errors."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import flint

from riskcalc.numeric.arb_sums import end_terms, pole_sums
from riskcalc.numeric.field import Element, Sums, SymmetricMatrix
from riskcalc.numeric.flint_precision import check_digits, flint_digits
from riskcalc.numeric.one_at_a_time import ONE_AT_A_TIME

_LOG2 = math.log(2)
_NEVER = 1 << 62
_SMALLEST, _LARGEST = 1e-280, 1e280


@dataclass(frozen=True)
class Arb:
    """Balls of any precision by python-flint. A value is enclosed once every truncation is bounded too.

    Notes
    -----
    Valid: any number of digits up to 1000; one thread at a time holds the precision.

    Source: D20, D22; python-flint, which wraps Arb.

    Examples
    --------
    >>> Arb().name
    'arb'
    """

    @property
    def name(self) -> str:
        return "arb"

    @contextmanager
    def working(self, digits: int) -> Iterator[None]:
        with ONE_AT_A_TIME, flint_digits(digits):
            yield

    def real(self, value: Fraction | int) -> Element:
        check_digits()
        if isinstance(value, int):
            return flint.arb(value)
        exact = value if isinstance(value, Fraction) else Fraction(value)
        return flint.arb(flint.fmpq(exact.numerator, exact.denominator))

    def pair(self, real: Element, imag: Element) -> Element:
        return flint.acb(real, imag)

    def parts(self, x: Element) -> tuple[Element, Element]:
        return (x.real, x.imag) if isinstance(x, flint.acb) else (x, flint.arb(0))

    def pi(self) -> Element:
        return flint.arb.pi()

    def exp(self, x: Element) -> Element:
        check_digits()
        return x.exp()

    def log(self, x: Element) -> Element:
        check_digits()
        return x.log()

    def sqrt(self, x: Element) -> Element:
        check_digits()
        return x.sqrt()

    def cot_csc(self, x: Element) -> tuple[Element, Element]:
        return x.cot(), x.csc()

    def expm1(self, x: Element) -> Element:
        return x.expm1()

    def zeta(self, s: Element, start: int) -> Element:
        check_digits()
        return flint.acb(s).zeta(flint.acb(start)).real

    def bernoulli(self, n: int) -> Element:
        return flint.arb.bernoulli(n)

    def middle(self, x: Element) -> Element:
        return x.mid()

    def widen(self, x: Element, log10_bound: float) -> Element:
        if log10_bound == -math.inf:
            return x
        bound = flint.arb(0, _power_of_two_above(log10_bound))
        return x + (flint.acb(bound, bound) if isinstance(x, flint.acb) else bound)

    def polar(self, x: Element) -> tuple[float, float]:
        rough = complex(x)
        if _SMALLEST < abs(rough) < _LARGEST:  # parts too small for a float do not matter then
            return math.log(abs(rough)), math.atan2(rough.imag, rough.real)
        middle = flint.acb(x).mid()
        if middle == 0:
            return -math.inf, 0.0
        logarithm = middle.log()
        return float(logarithm.real), float(logarithm.imag)

    def dot(self, left: Sequence[Element], right: Sequence[Element]) -> Element:
        check_digits()
        count = len(left)
        return (
            (flint.arb_mat(1, count, list(left)) * flint.arb_mat(count, 1, list(right)))[0, 0]
            if count
            else flint.arb(0)
        )

    def convolution(self, left: Sequence[Element], right: Sequence[Element]) -> list[Element]:
        check_digits()
        product = flint.arb_poly(list(left)) * flint.arb_poly(list(right))
        return [product[order] for order in range(len(left))]

    def linear(self, rows: Sequence[Sequence[Element]]) -> Callable[[Any], list[Element]]:
        count, length = len(rows), len(rows[0])
        real = flint.arb_mat(count, length, [entry for row in rows for entry in row])
        complex_ = flint.acb_mat(real)

        def value(vector: Any) -> list[Element]:
            check_digits()
            entries = vector if isinstance(vector, list) else vector.coeffs()
            entries = entries + [0] * (length - len(entries))
            if any(isinstance(entry, flint.acb) for entry in entries[:1]):
                return (complex_ * flint.acb_mat(length, 1, entries)).entries()
            return (real * flint.arb_mat(length, 1, entries)).entries()

        return value

    def polynomial(self, coefficients: Sequence[Element]) -> Callable[[Element], Element]:
        real, complex_ = flint.arb_poly(list(coefficients)), flint.acb_poly(list(coefficients))
        return lambda x: complex_(x) if isinstance(x, flint.acb) else real(x)

    def pole_sums(self, poles: Sequence[Element], rows: Sequence[Sequence[Element]]) -> Sums:
        return pole_sums(poles, rows)

    def end_terms(self, *, a: Fraction, powers: Sequence[Fraction], place: int, sign: int, count: int) -> Sums:
        return end_terms(a=a, powers=powers, place=place, sign=sign, count=count)

    def matrix(self, rows: Sequence[Sequence[Element]]) -> Any:
        check_digits()
        return flint.acb_mat(len(rows), len(rows[0]), [entry for row in rows for entry in row])

    def times(self, matrix: Any, columns: Sequence[Sequence[Element]]) -> list[list[Element]]:
        return (matrix * self.matrix(columns).transpose()).tolist()  # type: ignore[no-any-return]

    def transposed_times(self, matrix: Any, columns: Sequence[Sequence[Element]]) -> list[list[Element]]:
        return (self.matrix(columns) * matrix).transpose().tolist()  # type: ignore[no-any-return]

    def work(self, poles: int, order: int) -> float:
        return 4.0 * poles + 3.0 * order

    def gram(self, rows: Sequence[Sequence[float]], weights: Sequence[Element]) -> SymmetricMatrix:
        height, width = len(rows), len(weights)
        plain = flint.arb_mat(height, width, [entry for row in rows for entry in row])
        weighted = [entry * weight for row in rows for entry, weight in zip(row, weights, strict=True)]
        return _Symmetric((plain * flint.arb_mat(height, width, weighted).transpose()).mid())

    def radius(self, x: Element) -> float | None:
        parts = (x.real, x.imag) if isinstance(x, flint.acb) else (x,)
        radii = [part.rad() for part in parts]
        if not all(radius.is_finite() for radius in radii):
            return math.inf
        return max((_log(radius) / math.log(10) if radius > 0 else -math.inf) for radius in radii)

    def ball(self, x: Element, log10_radius: float) -> Element:
        return self.widen(x.mid(), log10_radius)

    def inside(self, inner: Element, outer: Element) -> bool:
        return bool(outer.contains_interior(inner))

    def rational(self, x: Element) -> Fraction:
        mantissa, exponent = x.mid().man_exp()
        return Fraction(int(mantissa)) * Fraction(2) ** int(exponent)


@dataclass(frozen=True)
class _Symmetric:
    """A matrix of balls of radius zero."""

    entries: Any

    def column(self, k: int) -> list[Element]:
        return [self.entries[i, k] for i in range(self.entries.nrows())]

    def times(self, vector: Sequence[Element]) -> list[Element]:
        return (self.entries * flint.arb_mat(len(vector), 1, list(vector))).mid().entries()  # type: ignore[no-any-return]

    def reduced(self, left: Sequence[Element], right: Sequence[Element]) -> SymmetricMatrix:
        size = len(left)
        tall = flint.arb_mat(size, 2, [entry for pair in zip(left, right, strict=True) for entry in pair])
        wide = flint.arb_mat(2, size, [*right, *left])
        return _Symmetric((self.entries - tall * wide).mid())


def _log(x: Any) -> float:
    """log of a positive real of any size, by its exponent."""
    mantissa, exponent = x.mid().man_exp()
    bits = int(mantissa).bit_length()
    return math.log(float(int(mantissa) >> max(0, bits - 60))) + (int(exponent) + max(0, bits - 60)) * _LOG2


def _power_of_two_above(log10_bound: float) -> Any:
    """A power of two that is at least 10^log10_bound."""
    if not log10_bound < _NEVER:
        return flint.arb.pos_inf()
    return flint.arb((1, math.floor(log10_bound * math.log2(10)) + 2))
