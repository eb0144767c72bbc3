"""Power-law spectral sums in a numeric field, to any number of digits, at a cost independent of v.

Formula: S_{p,n}(u) = sum_{j=1}^{v} j^-p/(j^-a + u)^n = head + Euler-Maclaurin corrections + tail integral, for pairs
(p, 1) and (p + a, 2), whose integrals follow from each other: a I_{p+a,2} = [x^{a-p+1}/(1 + u x^a)] + (p - 1) I_{p,1}.
Valid: p, a rational; v infinite needs p > 1; u off the poles -j^-a. Source: D03, D20.
"""

from __future__ import annotations

import math
from fractions import Fraction

from riskcalc.errors import ToleranceNotMet
from riskcalc.numeric.field import Element, Field, Sums
from riskcalc.numeric.tail_series import End, Tail
from riskcalc.numeric.truncation import Plan, Planner


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
        self.planner = Planner(
            a=float(a), exponents=exponents, dimension=dimension, digits=digits, proved=proved, work=field.work
        )
        self._a = field.real(a)
        self._ratios = [field.real((p - 1) / a) for p in powers]
        self._eigenvalues: list[Element] = [field.real(1)]  # j^-a from j = 1 on
        self._weights: list[list[Element]] = [[field.real(1)] for _ in powers]  # j^-p
        self._heads: dict[int, Sums] = {}
        self._tails: list[Tail] = []
        self._places: dict[int, tuple[Element, Element]] = {}  # log x and x^a
        self._ends: dict[tuple[int, int, int], Sums] = {}

    def at(self, u: Element) -> list[tuple[Element, Element]]:
        """(S_{p,1}(u), S_{p+a,2}(u)) for each p."""
        log_size, angle = self.field.polar(u)
        if self.planner.proved and (self.field.radius(u) or -math.inf) > log_size / math.log(10) - 11:
            raise ToleranceNotMet("a proved spectral sum needs its argument to a relative radius below 1e-11")
        plan = self.planner.plan(log_size, angle)
        first, second = self._head(plan.head)(u)
        if plan.corrections:
            bounds, count = plan.log10_bounds, len(self.powers)
            for k, (one, two) in enumerate(self._tail(u, plan)):
                first[k] = self.field.widen(first[k] + one, bounds[k])
                second[k] = self.field.widen(second[k] + two, bounds[k + count])
        return list(zip(first, second, strict=True))

    def _head(self, stop: int) -> Sums:
        """sums over j = 1, ..., stop - 1."""
        if stop not in self._heads:
            self._extend(stop)
            self._heads[stop] = self.field.pole_sums(
                self._eigenvalues[: stop - 1], [weights[: stop - 1] for weights in self._weights]
            )
        return self._heads[stop]

    def _extend(self, stop: int) -> None:
        field, decays = self.field, [self.field.real(-p) for p in self.powers]
        for j in range(len(self._eigenvalues) + 1, stop):
            log_j = field.log(field.real(j))
            self._eigenvalues.append(field.exp(-self._a * log_j))
            for decay, weights in zip(decays, self._weights, strict=True):
                weights.append(field.exp(decay * log_j))

    def _tail(self, u: Element, plan: Plan) -> list[tuple[Element, Element]]:
        """sums over j = head, ..., dimension."""
        if not self._tails:
            self._tails = [Tail(self.field, a=self.a, p=p, n=1, digits=self.digits) for p in self.powers]
        ends = [(plan.head, -1)] + ([] if self.dimension is None else [(self.dimension, 1)])
        limits, log_u = self._limits(u, [x for x, _ in ends])
        high = limits[1] if len(limits) > 1 else None
        first = [tail.between(u, log_u, limits[0], high) for tail in self._tails]
        second = [ratio * one for ratio, one in zip(self._ratios, first, strict=True)]
        for x, sign in ends:
            ones, twos = self._end_terms(x, sign, plan.corrections)(u)
            first = [one + more for one, more in zip(first, ones, strict=True)]
            second = [two + more for two, more in zip(second, twos, strict=True)]
        return list(zip(first, second, strict=True))

    def _limits(self, u: Element, places: list[int]) -> tuple[list[End], Element]:
        field = self.field
        real, imag = field.parts(u)
        # a negative u has |w| > 1 at every end: no logarithm. Zero is compared, since any ball counts as true
        log_u = None if imag == 0 and real < 0 else field.log(u)
        limits = []
        for x in places:
            if x not in self._places:
                log_x = field.log(field.real(x))
                self._places[x] = (log_x, field.exp(self._a * log_x))
            log_x, power = self._places[x]
            w = u * power
            log_w = None if log_u is None else log_u + self._a * log_x
            limits.append(End(log_x=log_x, w=w, log_size=field.polar(w)[0], log_w=log_w))
        return limits, log_u

    def _end_terms(self, x: int, sign: int, corrections: int) -> Sums:
        key = (x, sign, corrections)
        if key not in self._ends:
            self._ends[key] = self.field.end_terms(a=self.a, powers=self.powers, place=x, sign=sign, count=corrections)
        return self._ends[key]
