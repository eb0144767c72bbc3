"""Truncated Laurent series of the factors of a Mellin integrand, exactly."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import sympy
from sympy import Expr, Integer, Rational


@dataclass(frozen=True)
class Laurent:
    """c_0 e^w + c_1 e^(w+1) + ... in a small e, w = `lowest`; coefficients beyond the list are unknown."""

    lowest: int
    coefficients: tuple[Expr, ...]

    def __mul__(self, other: Laurent) -> Laurent:
        kept = min(len(self.coefficients), len(other.coefficients))
        product = tuple(
            sympy.Add(*(self.coefficients[i] * other.coefficients[order - i] for i in range(order + 1)))
            for order in range(kept)
        )
        return Laurent(self.lowest + other.lowest, product)

    def inverse(self) -> Laurent:
        """1/series; the leading coefficient must not vanish."""
        lead, found = self.coefficients[0], [1 / self.coefficients[0]]
        for order in range(1, len(self.coefficients)):
            carried = sympy.Add(*(self.coefficients[i] * found[order - i] for i in range(1, order + 1)))
            found.append(-carried / lead)
        return Laurent(-self.lowest, tuple(found))

    def coefficient(self, power: int) -> Expr:
        """The coefficient of e^power."""
        at = power - self.lowest
        return self.coefficients[at] if at >= 0 else Integer(0)


def gamma_series(at: Expr, slope: Expr, orders: int) -> Laurent:
    """Gamma(at + slope e) to `orders` coefficients; a simple pole where `at` is 0, -1, -2, ..."""
    if at.is_Integer and at <= 0:
        # Gamma(x - n) = Gamma(1 + x)/(x (x - 1) ... (x - n)), and -sum log(1 - x/k) = sum_m (sum_k k^-m) x^m/m
        depth = -int(at)
        logs = [-sympy.EulerGamma, *(_harmonic_log(n) for n in range(2, orders))]
        logs = [log + _harmonic(depth, order) / order for order, log in enumerate(logs, start=1)]
        series = _scaled(_exponential(logs, orders), slope)
        front = Integer(-1) ** depth / (slope * sympy.factorial(depth))
        return Laurent(series.lowest - 1, tuple(front * c for c in series.coefficients))
    logs = [sympy.polygamma(n - 1, at) / sympy.factorial(n) for n in range(1, orders)]
    regular = _scaled(_exponential(logs, orders), slope)
    return Laurent(0, tuple(sympy.gamma(at) * c for c in regular.coefficients))


def zeta_series(at: Expr, slope: Expr, orders: int) -> Laurent:
    """zeta(at + slope e) to `orders` coefficients; a simple pole where `at` is 1."""
    if at == 1:
        tail = [Rational((-1) ** n, sympy.factorial(n)) * sympy.stieltjes(n) for n in range(orders - 1)]
        tail = [sympy.EulerGamma if n == 0 else value for n, value in enumerate(tail)]
        return _scaled(Laurent(-1, (Integer(1), *tail)), slope)
    x = sympy.Dummy("x")
    derivatives = [sympy.Subs(sympy.Derivative(sympy.zeta(x), (x, n)), x, at) for n in range(1, orders)]
    tail = [value / sympy.factorial(n) for n, value in enumerate(derivatives, start=1)]
    return _scaled(Laurent(0, (sympy.zeta(at), *tail)), slope)


def power_series(base: Expr, at: Expr, slope: Expr, orders: int) -> Laurent:
    """base^(at + slope e) to `orders` coefficients."""
    rate = slope * sympy.log(base)
    return Laurent(0, tuple(base**at * rate**n / sympy.factorial(n) for n in range(orders)))


def _harmonic_log(n: int) -> Expr:
    return sympy.zeta(n) * (-1) ** n / n


def _harmonic(depth: int, order: int) -> Expr:
    """sum_k k^-order for k = 1, ..., depth."""
    total = sum((Fraction(1, k**order) for k in range(1, depth + 1)), start=Fraction(0))
    return Rational(total.numerator, total.denominator)


def _scaled(series: Laurent, slope: Expr) -> Laurent:
    powers = (slope ** (series.lowest + n) for n in range(len(series.coefficients)))
    return Laurent(
        series.lowest, tuple(c * power for c, power in zip(series.coefficients, powers, strict=True))
    )


def _exponential(logs: list[Expr], orders: int) -> Laurent:
    """exp(logs[0] e + logs[1] e^2 + ...) by the recurrence n c_n = sum k l_k c_{n-k}."""
    found: list[Expr] = [Integer(1)]
    for n in range(1, orders):
        found.append(sympy.Add(*(k * logs[k - 1] * found[n - k] for k in range(1, n + 1))) / n)
    return Laurent(0, tuple(found))
