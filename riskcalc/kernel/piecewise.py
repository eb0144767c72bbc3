"""Target functions whose smoothness is known exactly: polynomials between given points."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from itertools import pairwise

import numpy as np
from numpy.typing import ArrayLike

from riskcalc.errors import InvalidInput
from riskcalc.quantity import NumberLike, Real, exact, listed, number, real_array, whole

_PIECES = "a list of lists of coefficients, one list for each interval"


@dataclass(frozen=True)
class PiecewisePolynomial:
    """A function that is a polynomial between neighbouring ends.

    Parameters
    ----------
    ends : sequence of number
        Ascending, exact numbers such as 0, "1/2", 1.
    pieces : sequence of sequence of number
        For each interval the coefficients of x^0, x^1, ..., exact as well. A point on an inner end belongs to the
        interval on its right.

    Raises
    ------
    InvalidInput
        If an argument is not of its kind or not in its range; the message names it and says what to give.

    Notes
    -----
    Valid: at least two ends, ascending; one piece fewer than ends; exact numbers.

    Source: D33, which needs its jumps exactly.

    Examples
    --------
    >>> PiecewisePolynomial([0, "1/2", 1], [[0, 1], [1, -1]])([0.25, 0.75])
    array([0.25, 0.25])
    """

    ends: tuple[Fraction, ...]
    pieces: tuple[tuple[Fraction, ...], ...]

    def __init__(self, ends: Sequence[NumberLike], pieces: Sequence[Sequence[NumberLike]]) -> None:
        read = tuple(exact(number(end, "ends"), "ends") for end in listed(ends, "ends", "a list of numbers"))
        rows = tuple(listed(piece, "pieces", _PIECES) for piece in listed(pieces, "pieces", _PIECES))
        if len(read) < 2 or any(left >= right for left, right in pairwise(read)):
            raise InvalidInput(f"ends must ascend, and be at least two, not {', '.join(map(str, read)) or 'none'}")
        if len(rows) != len(read) - 1 or not all(rows):
            raise InvalidInput(f"{len(read)} ends need {len(read) - 1} pieces with coefficients, not {len(rows)}")
        object.__setattr__(self, "ends", read)
        coefficients = (tuple(exact(number(value, "pieces"), "pieces") for value in piece) for piece in rows)
        object.__setattr__(self, "pieces", tuple(coefficients))

    @classmethod
    def step(cls, at: NumberLike) -> PiecewisePolynomial:
        """1 before `at`, 0 from there on, on [0, 1]."""
        return cls([0, at, 1], [[1], [0]])

    @classmethod
    def tent(cls, at: NumberLike) -> PiecewisePolynomial:
        """From 0 up to 1 at `at` and down to 0, in straight lines, on [0, 1]."""
        top = exact(number(at, "at"), "at")
        if not 0 < top < 1:
            raise InvalidInput(f"the top of a tent lies between 0 and 1, not at {top}")
        return cls([0, top, 1], [[0, 1 / top], [1 / (1 - top), -1 / (1 - top)]])

    @classmethod
    def monomial(cls, power: int) -> PiecewisePolynomial:
        """x^power on [0, 1]."""
        return cls([0, 1], [[0] * whole(power, "power") + [1]])

    @property
    def degree(self) -> int:
        """Of the highest coefficient given."""
        return max(len(piece) for piece in self.pieces) - 1

    @property
    def breaks(self) -> tuple[float, ...]:
        """The inner ends."""
        return tuple(float(end) for end in self.ends[1:-1])

    def __call__(self, points: ArrayLike) -> Real:
        x = real_array(points, "points", needed="numbers")
        if not ((x >= float(self.ends[0])) & (x <= float(self.ends[-1]))).all():
            raise InvalidInput(f"the function is given between {self.ends[0]} and {self.ends[-1]} only")
        which = np.searchsorted(np.array(self.breaks), x, side="right")
        values = np.empty_like(x)
        for place, series in enumerate(self._series):
            inside = which == place
            low, high, here = float(self.ends[place]), float(self.ends[place + 1]), x[inside]
            values[inside] = np.polynomial.chebyshev.chebval(((here - low) - (high - here)) / (high - low), series)
        return values

    @cached_property
    def _series(self) -> tuple[Real, ...]:
        """Chebyshev coefficients of each piece, converted exactly: coefficients of powers may be huge and cancel."""
        return tuple(
            np.array([float(value) for value in _chebyshev(piece, (low + high) / 2, (high - low) / 2)])
            for (low, high), piece in zip(pairwise(self.ends), self.pieces, strict=True)
        )

    def jumps(self, order: int) -> dict[Fraction, Fraction]:
        """How much the derivative of this order jumps at each end, the function being 0 outside; zeros left out.

        >>> PiecewisePolynomial.step("1/3").jumps(0)
        {Fraction(0, 1): Fraction(1, 1), Fraction(1, 3): Fraction(-1, 1)}
        """
        found, taken = {}, whole(order, "order")
        for place, end in enumerate(self.ends):
            after = _derivative(self.pieces[place], taken, end) if place < len(self.pieces) else Fraction(0)
            before = _derivative(self.pieces[place - 1], taken, end) if place else Fraction(0)
            if after != before:
                found[end] = after - before
        return found

    def squared_integral(self) -> Fraction:
        """The integral of the square, exactly."""
        total = Fraction(0)
        for (left, right), piece in zip(pairwise(self.ends), self.pieces, strict=True):
            for i, first in enumerate(piece):
                for k, second in enumerate(piece):
                    power = i + k + 1
                    total += first * second * (right**power - left**power) / power
        return total


def _chebyshev(piece: tuple[Fraction, ...], middle: Fraction, half: Fraction) -> list[Fraction]:
    """Of piece(middle + half y) as a series in T_0(y), T_1(y), ...: Horner, with y T_n = (T_(n+1) + T_(n-1))/2."""
    series = [Fraction(0)]
    for value in reversed(piece):
        turned = [half * each / 2 for each in series]
        turned[0] *= 2  # y T_0 = T_1
        product = [middle * each for each in series] + [Fraction(0)]
        for n, each in enumerate(turned):
            product[n + 1] += each
            if n:
                product[n - 1] += each
        product[0] += value
        series = product
    return series


def _derivative(piece: tuple[Fraction, ...], order: int, at: Fraction) -> Fraction:
    total = Fraction(0)
    for power in range(order, len(piece)):
        factor = Fraction(1)
        for taken in range(order):
            factor *= power - taken
        total += piece[power] * factor * at ** (power - order)
    return total
