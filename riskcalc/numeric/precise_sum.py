"""Power-law spectral sums S_{p,n}(u) in a numeric field, to any number of digits, at a cost independent of v.

Formula: S_{p,n}(u) = sum_{j=1}^{v} j^-p/(j^-a + u)^n = head + Euler-Maclaurin corrections + tail integral.
Valid: p, a rational; n = 1 or 2; v infinite needs p > 1; u off the poles -j^-a. Source: D03, D20.
"""

from __future__ import annotations

from fractions import Fraction

from riskcalc.numeric.field import Element, Field
from riskcalc.numeric.tail_series import Tail
from riskcalc.numeric.truncation import Plan, Planner

Exponents = tuple[tuple[Fraction, int], ...]


class PowerLawTables:
    """The sums of one problem at one precision; build and use it inside `field.working`."""

    def __init__(
        self, field: Field, *, a: Fraction, dimension: int | None, exponents: Exponents, digits: int, proved: bool = False
    ) -> None:
        self.field, self.a, self.dimension, self.exponents, self.digits = field, a, dimension, exponents, digits
        self.planner = Planner(a=float(a), exponents=exponents, dimension=dimension, digits=digits, proved=proved)
        self._eigenvalues: list[Element] = [field.real(1)]  # j^-a from j = 1 on
        self._weights: dict[Fraction, list[Element]] = {p: [field.real(1)] for p, _ in exponents}
        self._tails: list[Tail] | None = None
        self._ends: dict[tuple[int, int], tuple[object, list[object]]] = {}

    def at(self, u: Element) -> list[Element]:
        """S_{p,n}(u) for each (p, n) of `exponents`."""
        log_size, angle = self.field.polar(u)
        plan = self.planner.plan(log_size, angle)
        sums = self._head(u, plan.head)
        if plan.corrections == 0:
            return sums
        parts = zip(sums, self._tail(u, plan), plan.log10_bounds, strict=True)
        return [self.field.widen(head + tail, bound) for head, tail, bound in parts]

    def _head(self, u: Element, stop: int) -> list[Element]:
        """sum over j = 1, ..., stop - 1."""
        self._extend(stop)
        inverses = [1 / (eigenvalue + u) for eigenvalue in self._eigenvalues[: stop - 1]]
        squares = [inverse * inverse for inverse in inverses] if any(n == 2 for _, n in self.exponents) else []
        return [
            sum(
                (w * x for w, x in zip(self._weights[p], inverses if n == 1 else squares, strict=False)),
                start=self.field.real(0),
            )
            for p, n in self.exponents
        ]

    def _extend(self, stop: int) -> None:
        field = self.field
        for j in range(len(self._eigenvalues) + 1, stop):
            log_j = field.log(field.real(j))
            self._eigenvalues.append(field.exp(-field.real(self.a) * log_j))
            for p, weights in self._weights.items():
                weights.append(field.exp(-field.real(p) * log_j))

    def _tail(self, u: Element, plan: Plan) -> list[Element]:
        """sum over j = head, ..., dimension."""
        field = self.field
        if self._tails is None:
            self._tails = [Tail(field, a=self.a, p=p, n=n, digits=self.digits) for p, n in self.exponents]
        low = field.log(field.real(plan.head))
        high = None if self.dimension is None else field.log(field.real(self.dimension))
        parts = [tail.between(u, low, high) for tail in self._tails]
        ends = [(plan.head, -1)] + ([] if self.dimension is None else [(self.dimension, 1)])
        for x, sign in ends:
            for k, (half, correction) in enumerate(self._end(u, x, plan.corrections)):
                parts[k] += half + sign * correction
        return parts

    def _end(self, u: Element, x: int, corrections: int) -> list[tuple[Element, Element]]:
        """(f(x)/2, sum_k B_2k/(2k)! f^(2k-1)(x)) for each exponent."""
        inverse, functionals = self._end_tables(x, corrections)
        first = inverse(u)
        second = self.field.square(first) if any(n == 2 for _, n in self.exponents) else None
        found = []
        for (p, n), functional in zip(self.exponents, functionals, strict=True):
            series = first if n == 1 else second
            value = self.field.exp(-self.field.real(p) * self.field.log(self.field.real(x)))
            eigenvalue = self.field.exp(-self.field.real(self.a) * self.field.log(self.field.real(x)))
            found.append((value * (1 / (eigenvalue + u)) ** n / 2, functional(series)))
        return found

    def _end_tables(self, x: int, corrections: int):  # type: ignore[no-untyped-def]
        key = (x, corrections)
        if key not in self._ends:
            field, order = self.field, 2 * corrections
            eigenvalue = _power_series(field, -self.a, x, order)
            functionals = []
            bernoulli = [self._bernoulli(k, x) for k in range(1, corrections + 1)]
            for p, _ in self.exponents:
                power = _power_series(field, -p, x, order)
                weights = []
                for i in range(order):
                    first = i // 2  # the least k - 1 with 2k - 1 >= i
                    shifted = power[2 * first + 1 - i : order - i : 2]
                    weights.append(field.dot(bernoulli[first:], shifted))
                functionals.append(field.functional(weights))
            self._ends[key] = (field.shifted_inverse(eigenvalue), functionals)
        return self._ends[key]

    def _bernoulli(self, k: int, x: int) -> Element:
        """B_2k/(2k) x^-(2k-1): what the coefficient of h^(2k-1) is multiplied with, x(1 + h) being the place."""
        return self.field.bernoulli(2 * k) / (2 * k) / self.field.real(x) ** (2 * k - 1)


def _power_series(field: Field, exponent: Fraction, x: int, order: int) -> list[Element]:
    """Coefficients in h of (x (1 + h))^exponent."""
    current = field.exp(field.real(exponent) * field.log(field.real(x)))
    series = []
    for k in range(order):
        series.append(current)
        current = current * field.real((exponent - k) / (k + 1))
    return series
