"""What a mode contributes to the generating functions of two buffers at constant coefficients: polynomials in l.

Formula: on a mode at l the buffers move by A = A_0 + l d c^T, whose trace T and determinant D are linear in l. For a
start e read by w, the sequence w.A^j e obeys a recurrence of second order, and with w_0 = w.e, q = w.A e - T w_0
    sum_j zeta^j (w.A^j e)^2 = N/D_n,   N = (1 + D zeta)(w_0^2 + zeta q^2) + 2 zeta T w_0 q,
    D_n = (1 - D zeta)((1 + D zeta)^2 - zeta T^2).
Its own noise makes of D_n C = D_n - zeta (l^2/B) N_d, N_d the kick's numerator read where gradients are taken. A start
k contributes N_k/C to what drives, and to what is read at r
    N_k^r/D_n + zeta (l^2/B) N_d^r N_k/(D_n C),
a kick N_d/C and N_d^r/C. Degrees: C has 3, or 2 where D does not depend on l; N_d and N_k have 1.
Valid: zeta off the squares of eigenvalues. Source: D40, D41.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any

import numpy as np

from riskcalc.dynamics.method import Method
from riskcalc.dynamics.moments import moment_map
from riskcalc.dynamics.served import forgotten_from
from riskcalc.numeric.field import Element, Field
from riskcalc.quantity import Array

Exact = tuple[Fraction, ...]  # a polynomial in l, constant term first, without leading zeros
Polynomial = list[Element]


@dataclass(frozen=True, kw_only=True)
class Sequence2:
    """w_0 and q of one start and one reading."""

    first: Fraction
    rest: Exact


@dataclass(frozen=True, kw_only=True)
class TwoBuffers:
    """T and D; started, kicked: as the gradient sees them; read_start, read_kick: as the model that is read does."""

    trace: Exact
    determinant: Exact
    started: Sequence2
    kicked: Sequence2
    read_start: Sequence2
    read_kick: Sequence2
    batch_size: int

    @classmethod
    def of(cls, method: Method, size: Fraction, *, batch_size: int) -> TwoBuffers:
        """Of a steady method whose two buffers drive one another, at a step size."""
        zero = np.array([Fraction(0)], dtype=object)
        found = method.coefficients(zero, zero + size)
        (a, b), (c, d) = np.eye(2, dtype=int).astype(object) - _exact(found.drift[0])
        kick, drive, read = (_exact(each) for each in (found.kick[0], found.drive, found.read))
        start = _exact(np.array(method.start))
        still, trace = np.array([[a, b], [c, d]]), _polynomial(a + d, drive @ kick)

        def sequence(weights: Array, begin: Array) -> Sequence2:
            first: Any = weights @ begin
            pushed = (weights @ kick) * (drive @ begin)
            turned = weights @ still @ begin - (a + d) * first
            return Sequence2(first=first, rest=_polynomial(turned, pushed - (drive @ kick) * first))

        return cls(
            trace=trace,
            determinant=_polynomial(a * d - b * c, drive @ np.array([[d, -b], [-c, a]]) @ kick),
            started=sequence(drive, start),
            kicked=sequence(drive, kick),
            read_start=sequence(read, start),
            read_kick=sequence(read, kick),
            batch_size=batch_size,
        )

    @property
    def lost(self) -> int:
        """Digits that numerators lose at zeta = 1, where buffers hardly forget: as the square of 1 - mu, D(0) = mu."""
        loss = abs(1 - sum(self.determinant[:1], start=Fraction(0)))
        return math.ceil(-2 * math.log10(loss)) if loss else 0

    @property
    def reads_where_it_drives(self) -> bool:
        return self.started == self.read_start and self.kicked == self.read_kick

    def at(self, field: Field, zeta: Element) -> AtPoint:
        """The polynomials at a point, at the working precision."""
        return AtPoint(field=field, buffers=self, zeta=zeta)


@dataclass(frozen=True, kw_only=True)
class AtPoint:
    """D_n, C and the numerators at one zeta."""

    field: Field
    buffers: TwoBuffers
    zeta: Element

    @cached_property
    def still(self) -> Polynomial:
        """D_n."""
        one, trace = [self.field.real(1)], self._trace
        turned = _sum(one, _times(self.zeta, self._determinant))
        square = _sum(_product(turned, turned), _times(-self.zeta, _product(trace, trace)))
        return _product(_sum(one, _times(-self.zeta, self._determinant)), square)

    @cached_property
    def below(self) -> Polynomial:
        """C."""
        own = [self.field.real(0)] * 2 + _times(-self.zeta / self.buffers.batch_size, self.kicked)
        return _sum(self.still, own)

    @cached_property
    def started(self) -> Polynomial:
        """N_k."""
        return self._numerator(self.buffers.started)

    @cached_property
    def kicked(self) -> Polynomial:
        """N_d."""
        return self._numerator(self.buffers.kicked)

    @cached_property
    def read_start(self) -> Polynomial:
        """N_k^r."""
        return self._numerator(self.buffers.read_start)

    @cached_property
    def read_kick(self) -> Polynomial:
        """N_d^r."""
        return self._numerator(self.buffers.read_kick)

    @cached_property
    def _trace(self) -> Polynomial:
        return _elements(self.field, self.buffers.trace)

    @cached_property
    def _determinant(self) -> Polynomial:
        return _elements(self.field, self.buffers.determinant)

    def _numerator(self, of: Sequence2) -> Polynomial:
        first, rest = self.field.real(of.first), _elements(self.field, of.rest)
        turned = _sum([self.field.real(1)], _times(self.zeta, self._determinant))
        squares = _sum([first * first], _times(self.zeta, _product(rest, rest)))
        crossed = _times(2 * self.zeta * first, _product(self._trace, rest))
        return _sum(_product(turned, squares), crossed)

    def closed(self, sums: Sums, tau: Element) -> tuple[Element, Element]:
        """Bias and variance from the sums over modes."""
        loop = 1 - self.zeta * sums.kick
        bias = sums.read_start + self.zeta * sums.read_kick * sums.start / loop
        return bias, tau * self.zeta * sums.read_kick / ((1 - self.zeta) * loop)


@dataclass(frozen=True, kw_only=True)
class Sums:
    """Over the modes: of the start and of kicks, as the gradient sees them and as they are read."""

    start: Element
    kick: Element
    read_start: Element
    read_kick: Element


def moves_steadily(method: Method) -> bool:
    """Whether it is two buffers that drive one another, by the same rule at every step."""
    return method.steady and method.core == len(method.start) == 2


def forgotten(method: Method, size: float, batch_size: int, *, largest: float, digits: int) -> int:
    """The first step from which contours round p = 0 serve, on a spectrum up to `largest`."""
    moments = moment_map(method, np.zeros(1), np.array([size]), batch_size=batch_size)
    return forgotten_from(moments, largest, digits=digits)


def value(polynomial: Polynomial, place: Any) -> Any:
    """At a place, or at an array of them."""
    found = 0 * place
    for coefficient in reversed(polynomial):
        found = found * place + coefficient
    return found


def slope(polynomial: Polynomial) -> Polynomial:
    """The derivative."""
    return [power * entry for power, entry in enumerate(polynomial)][1:]


def _exact(values: Array) -> Array:
    return np.asarray(np.frompyfunc(Fraction, 1, 1)(values), dtype=object)


def _polynomial(constant: Any, linear: Any) -> Exact:
    return (constant, linear) if linear else (constant,) if constant else ()


def _elements(field: Field, exact: Exact) -> Polynomial:
    return [field.real(entry) for entry in exact]


def _sum(left: Polynomial, right: Polynomial) -> Polynomial:
    short, long = sorted((left, right), key=len)
    return [one + other for one, other in zip(short, long, strict=False)] + long[len(short) :]


def _times(factor: Element, polynomial: Polynomial) -> Polynomial:
    return [factor * entry for entry in polynomial]


def _product(left: Sequence[Element], right: Sequence[Element]) -> Polynomial:
    if not left or not right:
        return []
    found: Polynomial = [0] * (len(left) + len(right) - 1)
    for i, one in enumerate(left):
        for j, other in enumerate(right):
            found[i + j] = found[i + j] + one * other
    return found
