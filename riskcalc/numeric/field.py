"""Kinds of number with any number of digits: one small protocol, so that a formula is written once.

Two fields: `Mpmath` (pure Python, the reference) and `Arb` (balls of python-flint, fast; every rounding error is part
of the ball). Elements are those libraries' own numbers and know + - * / and integer powers. Precision is never global:
it holds inside `with field.working(digits)` only, for one thread at a time (`one_at_a_time`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from fractions import Fraction
from typing import Any, Protocol, runtime_checkable

from riskcalc.quantity import optional

Element = Any  # mpf, mpc, arb or acb
Sums = Callable[[Element], tuple[list[Element], list[Element]]]
MOST_DIGITS = 1000  # that may be asked of an answer


class SymmetricMatrix(Protocol):
    """A symmetric matrix of real elements without radii."""

    def column(self, k: int) -> list[Element]:
        """Column k."""

    def times(self, vector: Sequence[Element]) -> list[Element]:
        """The product with a vector."""

    def reduced(self, left: Sequence[Element], right: Sequence[Element]) -> SymmetricMatrix:
        """This matrix - left right^T - right left^T; rows at which `left` is zero are of no further use."""


@runtime_checkable
class Field(Protocol):
    """What the high-precision code needs from a kind of number."""

    @property
    def name(self) -> str:
        """How results refer to it."""

    def working(self, digits: int) -> AbstractContextManager[Any]:
        """A context in which elements carry so many decimal digits."""

    def real(self, value: Fraction | int) -> Element:
        """A rational, rounded once."""

    def pair(self, real: Element, imag: Element) -> Element:
        """real + i imag."""

    def parts(self, x: Element) -> tuple[Element, Element]:
        """Real and imaginary part."""

    def pi(self) -> Element:
        """pi at the working precision."""

    def exp(self, x: Element) -> Element:
        """Exponential."""

    def log(self, x: Element) -> Element:
        """Principal logarithm."""

    def sqrt(self, x: Element) -> Element:
        """Principal square root."""

    def cot_csc(self, x: Element) -> tuple[Element, Element]:
        """cot x and 1/sin x."""

    def expm1(self, x: Element) -> Element:
        """exp(x) - 1 without cancellation."""

    def zeta(self, s: Element, start: int) -> Element:
        """sum_{j >= start} j^-s, continued to real s other than 1."""

    def bernoulli(self, n: int) -> Element:
        """The Bernoulli number B_n."""

    def middle(self, x: Element) -> Element:
        """The number without its radius."""

    def widen(self, x: Element, log10_bound: float) -> Element:
        """The number, with 10^log10_bound added to its radius (where the field has radii)."""

    def polar(self, x: Element) -> tuple[float, float]:
        """log|x| and arg x of the middle, as floats, whatever the size of x."""

    def dot(self, left: Sequence[Element], right: Sequence[Element]) -> Element:
        """sum_i left_i right_i of real elements; sequences of the same length, which may be 0."""

    def convolution(self, left: Sequence[Element], right: Sequence[Element]) -> list[Element]:
        """The product of two real power series, constant term first, to the order of the first."""

    def linear(self, rows: Sequence[Sequence[Element]]) -> Callable[[Any], list[Element]]:
        """vector -> the products of a real matrix's rows with it; a vector is a list, or a power series."""

    def polynomial(self, coefficients: Sequence[Element]) -> Callable[[Element], Element]:
        """The polynomial with these real coefficients, constant term first."""

    def pole_sums(self, poles: Sequence[Element], rows: Sequence[Sequence[Element]]) -> Sums:
        """u -> sum_j row_j/(pole_j + u) for each row, and sum_j row_j pole_j/(pole_j + u)^2; real poles and rows."""

    def end_terms(self, *, a: Fraction, powers: Sequence[Fraction], place: int, sign: int, count: int) -> Sums:
        """What one end x of a tail adds to Euler-Maclaurin sums, its integral apart; sign: 1 above, -1 below.

        u -> f(x)/2 + sign sum_{k=1}^{count} B_2k/(2k)! f^(2k-1)(x) with f = x^-p/(x^-a + u) for each p; and the same
        with f = x^-(p+a)/(x^-a + u)^2, plus sign x^{1-p}/(x^-a + u)/a.
        """

    def matrix(self, rows: Sequence[Sequence[Element]]) -> Any:
        """A complex matrix, for `times` and `transposed_times`."""

    def times(self, matrix: Any, columns: Sequence[Sequence[Element]]) -> list[list[Element]]:
        """matrix times these columns; the answer by rows."""

    def transposed_times(self, matrix: Any, columns: Sequence[Sequence[Element]]) -> list[list[Element]]:
        """The transposed matrix times these columns; the answer by rows."""

    def work(self, poles: int, order: int) -> float:
        """What a sum over so many poles and corrections of so many derivatives cost together, in any unit."""

    def gram(self, rows: Sequence[Sequence[float]], weights: Sequence[Element]) -> SymmetricMatrix:
        """R diag(weights) R^T for a matrix of floats, which stand for the binary fractions they are; middles."""

    def radius(self, x: Element) -> float | None:
        """log10 of the radius of an element, -inf if exact; None where the field has no radii."""

    def ball(self, x: Element, log10_radius: float) -> Element:
        """The middle of x with this radius and no other (where the field has radii)."""

    def inside(self, inner: Element, outer: Element) -> bool:
        """Whether one ball lies in the interior of another, for certain; False in a field without radii."""

    def rational(self, x: Element) -> Fraction:
        """The middle of a real element, exactly: how elements travel between processes."""


def check_field(field: object) -> None:
    """Refuse anything but a field, or None for the default one."""
    optional(field, Field, "field", "Arb() or Mpmath()")
