"""The integral behind a power-law spectral sum, to any precision: series with proved truncation, no quadrature.

Formula: with w = u x^a, s = n - e, e = (p - 1)/a,
int_J^V x^{na-p} (1 + w)^-n dx = u^-s/a int_{w_J}^{w_V} w^{s-1} (1 + w)^-n dw, and
H_s(w) = int_w^1 omega^{s-1} (1 + omega)^-n d omega. Inside the unit disc the path may turn onto the positive axis, so
that between 1/2 and 1 the integral is a constant, computed once; 1/omega for omega exchanges s and n - s. A term whose
exponent is near zero is never split into two antiderivatives (D03, section 7), so b = a + 1 is not special.
Source: D20.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

from riskcalc.errors import ToleranceNotMet
from riskcalc.numeric.field import Element, Field

_BUCKETS = (0.003, 0.05, 0.2, 0.4, 0.62)  # of |w|: the smaller, the fewer terms
DISC = 0.62  # |w| up to which the series in w is used; beyond, and up to 1, the one in w/(1 + w)
_WEDGE = 0.78  # |w/(1 + w)| up to which that is used
_EXCEPTIONAL = Fraction(1, 4)  # |s + k| below which a term is treated as a difference


def reachable(log_size: float, angle: float) -> bool:
    """Whether H can be evaluated at both w and 1/w where |log|w|| and |arg w| are these."""
    size = math.exp(-abs(log_size)) if abs(log_size) < 50 else 0.0
    if size <= DISC - 0.01:
        return True
    return size / abs(1 + size * complex(math.cos(angle), math.sin(angle))) <= _WEDGE - 0.01


@dataclass(frozen=True, kw_only=True)
class _Powers:
    """sum_k c_k x^k/(s + k) without its exceptional term, truncated as |x| allows."""

    at: Callable[[Element, float], Element]
    exceptional: int | None  # k0 with |s + k0| < 1/4
    distance: Fraction  # s + k0
    coefficient: Element  # c_k0


@dataclass(frozen=True, kw_only=True)
class End:
    """One end of the tail: log x, and w = u x^a with the logarithm of its size."""

    log_x: Element
    w: Element
    log_size: float
    log_w: Element


class Tail:
    """int_J^V of one summand j^-p/(j^-a + u)^n, built once for a precision."""

    def __init__(self, field: Field, *, a: Fraction, p: Fraction, n: int, digits: int) -> None:
        self.field, self.n = field, n
        self._a = field.real(a)
        e = (p - 1) / a
        self._near = _Primitive(field, n - e, n=n, digits=digits)  # of w
        self._far = _Primitive(field, e, n=n, digits=digits)  # of 1/w

    def between(self, u: Element, log_u: Element, low: End, high: End | None) -> Element:
        """The integral over [low, high]; high None is infinity (p > 1). log_u: None where u is negative."""
        stop = math.inf if high is None else high.log_size
        if low.log_size > 0 and _inside(-low.log_size) and _inside(-stop):
            return self._descending(u, low, high) / self._a
        if high is not None and _inside(low.log_size) and _inside(stop):
            return self._ascending(u, low, high) / self._a
        near, far = self._near, self._far
        lower = near.to_one(low.w, low.log_w) if low.log_size <= 0 else -far.to_one(1 / low.w, -low.log_w)
        if high is None:
            upper = far.from_zero()
        elif stop >= 0:
            upper = far.to_one(1 / high.w, -high.log_w)
        else:
            upper = -near.to_one(high.w, high.log_w)
        return self.field.exp(-near.own * log_u) / self._a * (lower + upper)

    # both ends on one side of |w| = 1: nothing but real logarithms, whatever the argument of u

    def _ascending(self, u: Element, low: End, high: End) -> Element:
        field, powers, s = self.field, self._near.inner, self._near.own
        ends = [field.exp(self._a * s * end.log_x) * powers.at(end.w, end.log_size) for end in (low, high)]
        total = ends[1] - ends[0]
        if powers.exceptional is not None:
            span = self._a * (high.log_x - low.log_x)
            rate = field.real(powers.distance)
            growth = span if powers.distance == 0 else field.expm1(rate * span) / rate
            total += powers.coefficient * u**powers.exceptional * field.exp(rate * self._a * low.log_x) * growth
        return total

    def _descending(self, u: Element, low: End, high: End | None) -> Element:
        field, powers, e = self.field, self._far.inner, self._far.own
        total = field.real(0)
        for sign, end in ((1, low), (-1, high)):
            if end is not None:
                total += sign * field.exp(-self._a * e * end.log_x) * powers.at(1 / end.w, -end.log_size)
        if powers.exceptional is not None:
            rate = field.real(powers.distance)
            if high is None:
                growth = 1 / rate
            else:
                span = self._a * (high.log_x - low.log_x)
                growth = span if powers.distance == 0 else -field.expm1(-rate * span) / rate
            total += (
                powers.coefficient * (1 / u) ** powers.exceptional * field.exp(-rate * self._a * low.log_x) * growth
            )
        return total * (1 / u) ** self.n


class _Primitive:
    """H_s of one exponent s."""

    def __init__(self, field: Field, s: Fraction, *, n: int, digits: int) -> None:
        self.field, self.s, self.n, self.digits = field, s, n, digits
        self.own = field.real(s)
        self._log_half = field.log(field.real(Fraction(1, 2)))
        self.inner = self._binomial_powers()

    def to_one(self, w: Element, log_w: Element) -> Element:
        """H_s(w), |w| <= 1."""
        size = self.field.polar(w)[0]
        if _inside(size):
            return self._constant + self._from(self.inner, log_w, w, size)
        share = w / (1 + w)
        reach, _ = self.field.polar(share)
        if reach > math.log(_WEDGE):
            raise ToleranceNotMet(
                "a spectral sum is asked where its tail begins next to a pole: ask for another number of digits"
            )
        return self._from(self._outer, self.field.log(share), share, reach, own_top=True)

    def _from(self, powers: _Powers, log_x: Element, x: Element, size: float, *, own_top: bool = False) -> Element:
        """int_x^{1/2} of the power series; the part at 1/2, but for the exceptional term, only if `own_top`."""
        field = self.field
        total = -field.exp(self.own * log_x) * powers.at(x, size)
        if own_top:
            total += field.exp(self.own * self._log_half) * powers.at(field.real(Fraction(1, 2)), math.log(0.5))
        if powers.exceptional is not None:
            delta = field.real(powers.distance)
            if powers.distance == 0:
                total += powers.coefficient * (self._log_half - log_x)
            else:
                growth = field.expm1(delta * (log_x - self._log_half)) / delta
                total -= powers.coefficient * field.exp(delta * self._log_half) * growth
        return total

    def from_zero(self) -> Element:
        """H_s(0), s > 0."""
        powers, total = self.inner, self._constant
        if powers.exceptional is not None:
            delta = self.field.real(powers.distance)
            total += powers.coefficient * self.field.exp(delta * self._log_half) / delta
        return total

    @cached_property
    def _constant(self) -> Element:
        """What does not depend on u: the series at 1/2, and the integral from 1/2 to 1."""
        field, half, third = self.field, self.field.real(Fraction(1, 2)), self.field.real(Fraction(1, 3))
        inner = field.exp(self.own * self._log_half) * self.inner.at(half, math.log(0.5))
        outer = self._beta_powers(0.5)
        return inner + self._from(outer, field.log(third), third, math.log(1 / 3), own_top=True)

    @cached_property
    def _outer(self) -> _Powers:
        return self._beta_powers(_WEDGE)

    # series

    def _binomial_powers(self) -> _Powers:
        """c_k = C(-n, k) for n = 1, 2."""
        count = _terms(DISC, self.digits)
        signs = [(-1) ** k * (k + 1 if self.n == 2 else 1) for k in range(count)]
        return self._powers(signs, DISC, lambda k: math.log10(4 * (k + 2) * 8))

    def _beta_powers(self, reach: float) -> _Powers:
        """c_k of (1 - y)^(n-s-1): x = w/(1 + w) turns w^{s-1} (1 + w)^-n dw into x^{s-1} (1 - x)^{n-s-1} dx."""
        other = self.n - self.s
        top, bottom = other.numerator, other.denominator
        count = _terms(reach, self.digits) + 10 * math.ceil(abs(other)) + 10
        coefficients, current, log10_size, largest = [], self.field.real(1), 0.0, 0.0
        for k in range(1, count + 1):
            coefficients.append(current)
            current = current * (k * bottom - top) / (k * bottom)
            log10_size += math.log10(max(abs(1 - top / bottom / k), 1e-300))
            largest = max(largest, log10_size)
        return self._powers(coefficients, reach, lambda _k: largest + math.log10(4 * 40))

    def _powers(self, coefficients: Sequence[Element], reach: float, log10_factor: Callable[[int], float]) -> _Powers:
        """The sum, with |tail after K terms| <= 10^log10_factor(K) |x|^K for |x| <= reach."""
        field, s = self.field, self.s
        nearest = max(0, round(-s))
        exceptional = nearest if abs(s + nearest) < _EXCEPTIONAL and nearest < len(coefficients) else None
        top, bottom, one = s.numerator, s.denominator, field.real(1)
        weights = [
            field.real(0) if k == exceptional else one * c * bottom / (top + k * bottom)
            for k, c in enumerate(coefficients)
        ]
        counts = sorted(
            {_terms(bucket, self.digits) for bucket in _BUCKETS if bucket < reach and reach > 0.5} | {len(weights)}
        )
        least = 0 if exceptional is None else exceptional + 1
        counts = [count for count in counts if least <= count <= len(weights)]
        sums = {count: field.polynomial(weights[:count]) for count in counts}

        def at(x: Element, log_size: float) -> Element:
            wanted = _terms(math.exp(max(log_size, -50.0)) * 1.000001, self.digits)
            count = next((count for count in counts if count >= wanted), counts[-1])
            return field.widen(sums[count](x), log10_factor(count) + count * log_size / math.log(10))

        return _Powers(
            at=at,
            exceptional=exceptional,
            distance=Fraction(0) if exceptional is None else s + exceptional,
            coefficient=None if exceptional is None else coefficients[exceptional],
        )


def _inside(log_size: float) -> bool:
    return log_size <= math.log(DISC)


def _terms(size: float, digits: int) -> int:
    return math.ceil((digits + 4) * math.log(10) / -math.log(size)) + 4
