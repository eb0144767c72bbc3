"""The crossover at t ~ M^a/gamma: forcing and kernel as functions of x = gamma t/M^a alone, for M to infinity.

Formula: with u = M^-a w the equations of the u-plane keep their form,
    delta(w) = lim d1/M = int_0^r dy/(1 + w y^a)             (c w^(-1/a) for r = oo, c = (pi/a)/sin(pi/a))
    Z(w) = lim M^a z = -w (1 - delta(w)),  1 - delta(rho) = 0
    F(t) M^(b-1) -> f(x) = A - (1/2 pi i) oint s(w)/(1 - delta(w)) exp(-2 x Z(w)) dZ,
        s(w) = int_0^r y^(a-b)/(1 + w y^a) dy, A = rho s(rho)                                     for b < a + 1,
    F(t) M^a -> the same with s(w) = zeta(b - a)                                                  for b > a + 1,
    K(t) M^(2a-1) B/gamma^2 -> k(x) = -(1/2 pi i) oint Z(w) delta(w) exp(-2 x Z(w)) dZ.
Source: derivation D18.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from functools import cache

import numpy as np
from numpy.typing import ArrayLike

from riskcalc.asymptotic.values import floor_constant_value
from riskcalc.errors import InvalidInput
from riskcalc.numeric.agreeing import Ladder, two_differ
from riskcalc.numeric.contour import ellipse
from riskcalc.numeric.tail_integral import tail_integrals
from riskcalc.quantity import Complex, NumberLike, Real, exact, held, number

Sum = Callable[[Complex], Complex]

# The spectrum is a curve in the w-plane: low contours would cut through what it encloses. Two neighbours must agree.
_HEIGHTS = ((0.9, 16.0), (0.7, 16.5), (1.1, 16.0))
_DIGITS = 9  # of two neighbouring heights
_FALLEN = 45.0  # exponent at which the contour may end: exp(-45) = 3e-20
_LOWEST, _HIGHEST = 1e-12, 1e3


@dataclass(frozen=True, kw_only=True, eq=False)
class Crossover:
    """The limiting functions at each x, shape (points,).

    forcing: F M^min(b-1, a), floor included; approximation: what it falls to. kernel: K M^(2a-1) B/gamma^2.
    leading_forcing, leading_kernel: what the power laws of the window (F_pp for b < a + 1, F_ac for b > a + 1, and
    K_pp) are in the same units. Verified by a second contour: forcing to 1e-9 of itself, kernel to 1e-9 of
    leading_kernel.
    """

    x: Real
    forcing: Real
    approximation: float
    kernel: Real
    leading_forcing: Real
    leading_kernel: Real

    @property
    def transient(self) -> Real:
        """The forcing without the floor: the bias that is left."""
        return self.forcing - self.approximation

    @property
    def forcing_ratio(self) -> Real:
        """F/F_pp for b < a + 1, F/F_ac for b > a + 1: tends to 1 as x tends to 0."""
        return self.forcing / self.leading_forcing

    @property
    def kernel_ratio(self) -> Real:
        """K/K_pp: tends to 1 as x tends to 0."""
        return self.kernel / self.leading_kernel


def crossover(*, a: NumberLike, b: NumberLike, x: ArrayLike, ratio: NumberLike | None = None) -> Crossover:
    """How forcing and kernel leave their power laws at t ~ M^a/gamma, in the limit of large models.

    a, b: exact exponents. x: values of gamma t/M^a. ratio: v/M, None for an infinite dimension.
    Valid: b > 1, b != a + 1 (there a logarithm of M remains); a > 1, or a finite ratio > 1; 1e-12 <= x <= 1e3.
        `leading_kernel` is K_pp where 2 a > 1, and the constant of derivation D13 below. For a < 1 and b > a + 1
        `leading_forcing` is floor and F_ac together, which are of the same order.
    Source: derivation D18.

    >>> limit = crossover(a=2, b="12/5", x=[1e-6, 1.0])
    >>> limit.forcing_ratio.round(4).tolist()
    [1.004, 9.3033]
    """
    a_read, b_read = (exact(number(value, name), name) for value, name in ((a, "a"), (b, "b")))
    span = None if ratio is None else float(number(ratio, "ratio"))
    times = np.atleast_1d(np.asarray(x, dtype=np.float64))
    _check(a_read, b_read, span, times)
    limit = _Limit.of(a_read, b_read, span)
    forcing, response = np.array([_verified(limit, float(time)) for time in times]).T
    lead_f, lead_k = limit.leading(times)
    return Crossover(
        x=times,
        forcing=limit.approximation + forcing,
        approximation=limit.approximation,
        kernel=response,
        leading_forcing=lead_f,
        leading_kernel=lead_k,
    )


@dataclass(frozen=True, kw_only=True)
class _Limit:
    """The scaling limit of the u-plane: delta(w), s(w), rho and the floor."""

    a: Fraction
    b: Fraction
    span: float | None
    rho: float
    signal: Sum
    degrees: Sum

    @classmethod
    def of(cls, a: Fraction, b: Fraction, span: float | None) -> _Limit:
        degrees = _resolvent(a, a, span)
        signal: Sum
        if b < a + 1:
            signal = _resolvent(a, b, span)
        else:
            constant = _zeta(b - a)

            def signal(w: Complex) -> Complex:
                return np.full_like(w, constant)

        rho = _sine_ratio(1 / a) ** float(a) if span is None else floor_constant_value(float(a), span)
        return cls(a=a, b=b, span=span, rho=rho, signal=signal, degrees=degrees)

    @property
    def approximation(self) -> float:
        return self.rho * float(self.signal(np.array([self.rho + 0j]))[0].real)

    def edge(self) -> float:
        """w at the lower edge of the spectrum: where Z is largest between 0 and rho."""
        low, high = (0.0 if self.span is None else -(self.span ** -float(self.a)) * (1 - 1e-9)), self.rho
        grid = np.linspace(low, high, 66)[1:-1]
        for _ in range(8):
            place = int(np.argmax(self.dispersion(grid + 0j).real))
            grid = np.linspace(grid[max(place - 1, 0)], grid[min(place + 1, grid.size - 1)], 64)
        return float(grid[32])

    def dispersion(self, w: Complex) -> Complex:
        return -w * (1 - self.degrees(w))

    def leading(self, x: Real) -> tuple[Real, Real]:
        """The power laws of the window."""
        a, b, twice = self.a, self.b, 2 * x
        if b < a + 1:
            forcing = math.gamma((b - 1) / a) / float(a) * twice ** -float((b - 1) / a)
        elif a > 1:
            forcing = _zeta(b - a) * math.gamma(1 - 1 / a) / float(a) * twice ** float(1 / a - 1)
        else:
            span = held(self.span, "the span")
            forcing = np.full_like(x, _zeta(b - a) * _power_integral(span, 1 - a))
        if 2 * a > 1:
            return forcing, math.gamma(2 - 1 / a) / float(a) * twice ** float(1 / a - 2)
        span = held(self.span, "the span")
        far = _power_integral(span, 1 - 2 * a) + _power_integral(span, 1 - a) ** 2
        return forcing, np.full_like(x, far)


def _power_integral(span: float, power: Fraction) -> float:
    """int_0^span y^(power - 1) dy."""
    return float(span ** float(power) / float(power))


def _sine_ratio(share: Fraction) -> float:
    """pi share/sin(pi share) for 0 < share < 1; the sine near pi is that of what is left, exactly."""
    return math.pi * float(share) / math.sin(math.pi * float(min(share, 1 - share)))


def _resolvent(a: Fraction, p: Fraction, span: float | None) -> Sum:
    """w -> int_0^span y^(a-p)/(1 + w y^a) dy."""
    if span is not None:
        end = math.log(span)

        def finite(w: Complex) -> Complex:
            return tail_integrals(w, a=a, exponents=((p, 1),), low=-math.inf, high=end)[0]

        return finite
    share = (p - 1) / a
    power, factor = float(share - 1), _sine_ratio(share) / float(share * a)

    def infinite(w: Complex) -> Complex:
        return np.asarray(factor * w**power, dtype=np.complex128)

    return infinite


def _verified(limit: _Limit, x: float) -> tuple[float, float]:
    """Transient and kernel at one x, at the first height that agrees with its neighbour."""
    edge = limit.edge()

    @cache
    def at(place: int) -> tuple[float, float]:
        return _integrals(limit, x, edge, *_HEIGHTS[place])

    def look(place: int) -> tuple[tuple[float, float], float]:
        coarse, fine = at(place - 1), at(place)
        scales = (fine[0] + limit.approximation, float(limit.leading(np.array([x]))[1][0]))
        gap = max(abs(f - c) / scale for f, c, scale in zip(fine, coarse, scales, strict=True))
        return fine, math.log10(gap) if gap else -math.inf

    ladder = Ladder(
        attempts=len(_HEIGHTS) - 1,
        higher=lambda place, error, digits: place + 1,
        refusal=two_differ(f"contours of the crossover at x = {x:.6g}", remedy="use a smaller x"),
    )
    return ladder.climbed(look, first=1, digits=_DIGITS)[0]


def _integrals(limit: _Limit, x: float, edge: float, height: float, digits: float) -> tuple[float, float]:
    """The two contour integrals, on an ellipse in log(rho - w) that ends where exp(2 x w) has fallen away."""
    low, high = math.log(limit.rho - edge), math.log(limit.rho + 2 * (_FALLEN / (2 * x) + 10 * limit.rho + 10))
    half = ellipse(low=low, high=high, height=height, digits=digits)
    distance = np.exp(half.nodes)
    w = np.asarray(limit.rho - distance, dtype=np.complex128)
    degrees = limit.degrees(w)
    z = -w * (1 - degrees)
    dz = _slope(limit, w, degrees) * -distance * half.weights
    with np.errstate(under="ignore"):
        measure = np.exp(-2 * x * z) * dz / (2j * np.pi)
    response_of_signal = limit.signal(w) / (1 - degrees)
    if limit.b > limit.a + 1:
        response_of_signal *= degrees  # s is a constant: without it, whose integral vanishes, nothing cancels
    transient = -2 * np.sum(response_of_signal * measure).real
    response = -2 * np.sum(z * degrees * measure).real
    return float(transient), float(response)


def _slope(limit: _Limit, w: Complex, degrees: Complex) -> Complex:
    """dZ/dw = -1 + delta + w delta', with w delta' in closed form."""
    a = limit.a
    if limit.span is None:
        return -1 + degrees * float(1 - 1 / a)
    # integration by parts: w delta'(w) = -(delta - r/(1 + w r^a))/a
    return np.asarray(-1 + degrees - (degrees - limit.span / (1 + w * limit.span ** float(a))) / float(a))


def _zeta(s: Fraction) -> float:
    """zeta(s) at an exact s, which may be close to the pole at 1."""
    from riskcalc.numeric.mpmath_context import mp
    from riskcalc.numeric.mpmath_field import Mpmath

    with Mpmath().working(20 + len(str(math.ceil(1 / abs(s - 1))))):
        return float(mp.zeta(mp.mpf(s.numerator) / s.denominator))


def _check(a: Fraction, b: Fraction, span: float | None, x: Real) -> None:
    if span is None and a <= 1:
        raise InvalidInput(f"a = {a} needs a finite ratio v/M: give ratio")
    if span is not None and not span > 1:
        raise InvalidInput(f"ratio v/M must exceed 1, but it is {span:g}")
    if a <= 0 or b <= 1:
        raise InvalidInput(f"a must be positive and b above 1, not a = {a}, b = {b}")
    if b == a + 1 or a in (1, Fraction(1, 2)):
        raise InvalidInput("at b = a + 1, a = 1 and a = 1/2 logarithms of M remain: there is no limit in x alone")
    if x.size and not (x.min() >= _LOWEST and x.max() <= _HIGHEST):
        raise InvalidInput(f"x = gamma t/M^a must lie between {_LOWEST:g} and {_HIGHEST:g}")
