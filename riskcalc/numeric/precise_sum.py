"""Power-law spectral sums in a numeric field, to any number of digits, at a cost independent of v.

Formula: S_{p,n}(u) = sum_{j=1}^{v} j^-p/(j^-a + u)^n = head + Euler-Maclaurin corrections + tail integral, for pairs
(p, 1) and (p + a, 2), whose integrals follow from each other: a I_{p+a,2} = [x^{a-p+1}/(1 + u x^a)] + (p - 1) I_{p,1}.
Valid: p, a rational; v infinite needs p > 1; u off the poles -j^-a. Source: D03, D20.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction

from riskcalc.errors import ToleranceNotMet
from riskcalc.numeric.field import Element, Field, Sums
from riskcalc.numeric.tail_series import End, Tail
from riskcalc.numeric.truncation import Plan, Planner


@dataclass(frozen=True, kw_only=True)
class _Corrections:
    """Euler-Maclaurin at one end x: x^-a, x^-p for each p, and the corrections."""

    eigenvalue: Element
    powers: list[Element]
    derivatives: Sums


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
        self._a, self._zero = field.real(a), field.real(0)
        self._excess = [field.real(p - 1) for p in powers]
        self._eigenvalues: list[Element] = [field.real(1)]  # j^-a from j = 1 on
        self._weights: list[list[Element]] = [[field.real(1)] for _ in powers]  # j^-p
        self._heads: dict[int, Sums] = {}
        self._tails: list[Tail] = []
        self._places: dict[int, tuple[Element, Element]] = {}  # log x and x^a
        self._ends: dict[tuple[int, int], _Corrections] = {}

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
        corrections = [self._end_tables(x, plan.corrections) for x, _ in ends]
        inside = [1 / (it.eigenvalue + u) for it in corrections]
        pairs = []
        for k, tail in enumerate(self._tails):
            one = tail.between(u, log_u, limits[0], limits[1] if len(limits) > 1 else None)
            edge = self._zero
            for (x, sign), it, inverse in zip(ends, corrections, inside, strict=True):
                edge = edge + sign * x * it.powers[k] * inverse
            pairs.append((one, (edge + self._excess[k] * one) / self._a))
        for (_, sign), it, inverse in zip(ends, corrections, inside, strict=True):
            ones, twos = it.derivatives(u)
            half = inverse / 2
            next_half = it.eigenvalue * inverse * half
            pairs = [
                (one + power * half + sign * ones[k], two + power * next_half + sign * twos[k])
                for k, ((one, two), power) in enumerate(zip(pairs, it.powers, strict=True))
            ]
        return pairs

    def _limits(self, u: Element, places: list[int]) -> tuple[list[End], Element]:
        field = self.field
        real = not field.parts(u)[1] and field.parts(u)[0] < 0  # a negative u has |w| > 1 at every end: no logarithm
        log_u = None if real else field.log(u)
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

    def _end_tables(self, x: int, corrections: int) -> _Corrections:
        key = (x, corrections)
        if key not in self._ends:
            field, log_x = self.field, self.field.log(self.field.real(x))
            self._ends[key] = _Corrections(
                eigenvalue=field.exp(-self._a * log_x),
                powers=[field.exp(-field.real(p) * log_x) for p in self.powers],
                derivatives=field.corrections(a=self.a, powers=self.powers, place=x, count=corrections),
            )
        return self._ends[key]
