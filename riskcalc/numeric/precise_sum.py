"""Power-law spectral sums in a numeric field, to any number of digits, at a cost independent of v.

Formula: S_{p,n}(u) = sum_{j=1}^{v} j^-p/(j^-a + u)^n = head + Euler-Maclaurin corrections + tail integral, for pairs
(p, 1) and (p + a, 2), whose integrals follow from each other: a I_{p+a,2} = [x^{a-p+1}/(1 + u x^a)] + (p - 1) I_{p,1}.
Valid: p, a rational; v infinite needs p > 1; u off the poles -j^-a. Source: D03, D20.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from riskcalc.errors import ToleranceNotMet
from riskcalc.numeric.field import Element, Field
from riskcalc.numeric.tail_series import End, Tail
from riskcalc.numeric.truncation import Plan, Planner

Linear = Callable[[Any], list[Element]]


@dataclass(frozen=True, kw_only=True)
class _Corrections:
    """Euler-Maclaurin at one end x: powers of x, and forms on the series of 1/(eigenvalue + u) and its square."""

    eigenvalue: Element
    powers: list[Element]
    inverse: Callable[[Element], Any]
    first: Linear
    second: Linear


class PowerLawTables:
    """S_{p,1} and S_{p+a,2} for each p, at one precision; build and use it inside `field.working`."""

    def __init__(
        self,
        field: Field,
        *,
        a: Fraction,
        dimension: int | None,
        powers: tuple[Fraction, ...],
        digits: int,
        proved: bool = False,
    ) -> None:
        self.field, self.a, self.dimension, self.powers, self.digits = field, a, dimension, powers, digits
        exponents = tuple((p, 1) for p in powers) + tuple((p + a, 2) for p in powers)
        self.planner = Planner(a=float(a), exponents=exponents, dimension=dimension, digits=digits, proved=proved)
        self._a = field.real(a)
        self._eigenvalues: list[Element] = [field.real(1)]  # j^-a from j = 1 on
        self._weights: list[list[Element]] = [[field.real(1)] for _ in powers]  # j^-p
        self._heads: dict[int, tuple[Linear, Linear]] = {}
        self._tails: list[Tail] = []
        self._ends: dict[tuple[int, int], _Corrections] = {}

    def at(self, u: Element) -> list[tuple[Element, Element]]:
        """(S_{p,1}(u), S_{p+a,2}(u)) for each p."""
        log_size, angle = self.field.polar(u)
        if self.planner.proved and (self.field.radius(u) or -math.inf) > log_size / math.log(10) - 11:
            raise ToleranceNotMet("a proved spectral sum needs its argument to a relative radius below 1e-11")
        plan = self.planner.plan(log_size, angle)
        first, second = self._head(u, plan.head)
        if plan.corrections:
            bounds = plan.log10_bounds
            for k, (one, two) in enumerate(self._tail(u, plan, log_size)):
                first[k] = self.field.widen(first[k] + one, bounds[k])
                second[k] = self.field.widen(second[k] + two, bounds[k + len(self.powers)])
        return list(zip(first, second, strict=True))

    def _head(self, u: Element, stop: int) -> tuple[list[Element], list[Element]]:
        """sums over j = 1, ..., stop - 1."""
        self._extend(stop)
        if stop not in self._heads:
            eigenvalues = self._eigenvalues[: stop - 1]
            first = [weights[: stop - 1] for weights in self._weights]
            second = [[w * x for w, x in zip(row, eigenvalues, strict=True)] for row in first]
            self._heads[stop] = (self.field.linear(first), self.field.linear(second))
        inverses = [1 / (eigenvalue + u) for eigenvalue in self._eigenvalues[: stop - 1]]
        squares = [inverse * inverse for inverse in inverses]
        ones, twos = self._heads[stop]
        return ones(inverses), twos(squares)

    def _extend(self, stop: int) -> None:
        field = self.field
        for j in range(len(self._eigenvalues) + 1, stop):
            log_j = field.log(field.real(j))
            self._eigenvalues.append(field.exp(-self._a * log_j))
            for p, weights in zip(self.powers, self._weights, strict=True):
                weights.append(field.exp(-field.real(p) * log_j))

    def _tail(self, u: Element, plan: Plan, log_size: float) -> list[tuple[Element, Element]]:
        """sums over j = head, ..., dimension."""
        field = self.field
        if not self._tails:
            self._tails = [Tail(field, a=self.a, p=p, n=1, digits=self.digits) for p in self.powers]
        ends = [(plan.head, -1)] + ([] if self.dimension is None else [(self.dimension, 1)])
        limits, log_u = self._limits(u, [x for x, _ in ends])
        corrections = [self._end_tables(x, plan.corrections) for x, _ in ends]
        inside = [1 / (it.eigenvalue + u) for it in corrections]
        pairs = []
        for k, (p, tail) in enumerate(zip(self.powers, self._tails, strict=True)):
            one = tail.between(u, log_u, limits[0], limits[1] if len(limits) > 1 else None)
            edge = field.real(0)
            for (x, sign), it, inverse in zip(ends, corrections, inside, strict=True):
                edge = edge + sign * x * it.powers[k] * inverse
            pairs.append((one, (edge + field.real(p - 1) * one) / self._a))
        for (_, sign), it, inverse in zip(ends, corrections, inside, strict=True):
            series = it.inverse(u)
            found = zip(pairs, it.first(series), it.second(field.square(series)), it.powers, strict=True)
            pairs = [
                (one + power * inverse / 2 + sign * c1, two + power * it.eigenvalue * inverse * inverse / 2 + sign * c2)
                for (one, two), c1, c2, power in found
            ]
        return pairs

    def _limits(self, u: Element, places: list[int]) -> tuple[list[End], Element]:
        field = self.field
        real = not field.parts(u)[1] and field.parts(u)[0] < 0  # a negative u has |w| > 1 at every end: no logarithm
        log_u = None if real else field.log(u)
        limits = []
        for x in places:
            log_x = field.log(field.real(x))
            w = u * field.exp(self._a * log_x)
            log_w = None if log_u is None else log_u + self._a * log_x
            limits.append(End(log_x=log_x, w=w, log_size=field.polar(w)[0], log_w=log_w))
        return limits, log_u

    def _end_tables(self, x: int, corrections: int) -> _Corrections:
        key = (x, corrections)
        if key not in self._ends:
            field, order = self.field, 2 * corrections
            bernoulli = [self._bernoulli(k, x) for k in range(1, corrections + 1)]
            powers = [_power_series(field, -p, x, order) for p in self.powers]
            seconds = [_power_series(field, -p - self.a, x, order) for p in self.powers]
            eigenvalue = _power_series(field, -self.a, x, order)
            self._ends[key] = _Corrections(
                eigenvalue=eigenvalue[0],
                powers=[series[0] for series in powers],
                inverse=field.shifted_inverse(eigenvalue),
                first=field.linear([self._form(bernoulli, series) for series in powers]),
                second=field.linear([self._form(bernoulli, series) for series in seconds]),
            )
        return self._ends[key]

    def _form(self, bernoulli: list[Element], power: list[Element]) -> list[Element]:
        """Weights of the coefficients of a series f/x^-p in sum_k B_2k/(2k)! f^(2k-1)(x)."""
        order = len(power)
        weights = []
        for i in range(order):
            first = i // 2  # the least k - 1 with 2k - 1 >= i
            weights.append(self.field.dot(bernoulli[first:], power[2 * first + 1 - i : order - i : 2]))
        return weights

    def _bernoulli(self, k: int, x: int) -> Element:
        """B_2k/(2k) x^-(2k-1): what the coefficient of h^(2k-1) is multiplied with, x(1 + h) being the place."""
        return self.field.bernoulli(2 * k) / (2 * k) / self.field.real(x) ** (2 * k - 1)


def _power_series(field: Field, exponent: Fraction, x: int, order: int) -> list[Element]:
    """Coefficients in h of (x (1 + h))^exponent."""
    current = field.exp(field.real(exponent) * field.log(field.real(x)))
    top, bottom, series = exponent.numerator, exponent.denominator, []
    for k in range(order):
        series.append(current)
        current = current * (top - k * bottom) / ((k + 1) * bottom)
    return series
