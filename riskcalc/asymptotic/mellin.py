"""Mellin transforms of the functions under spectral sums, as products of Gamma functions."""

from __future__ import annotations

from dataclasses import dataclass

import sympy
from sympy import Expr, Integer, Lambda, exp, gamma, oo

from riskcalc.asymptotic.laurent import Laurent, gamma_series, power_series
from riskcalc.asymptotic.lowest_terms import lowest
from riskcalc.errors import InvalidInput

_X = sympy.Dummy("x", positive=True)


@dataclass(frozen=True, kw_only=True)
class GammaFactor:
    """Gamma(rate s + offset) in a Mellin transform, or one over it.

    inverse: whether it stands in the denominator (then it has no poles). crossed: how many of its first poles
    lie on the other side of the strip than the rest, as in the transform -Gamma(s) of 1 - exp(-x).
    """

    rate: Expr
    offset: Expr
    inverse: bool = False
    crossed: int = 0

    def pole(self, number: int) -> Expr:
        """Where the factor has its pole of that number: rate s + offset = -number."""
        return (-number - self.offset) / self.rate

    def poles(self, *, left: bool, count: int) -> list[Expr]:
        """The first `count` poles on that side of the strip."""
        if self.inverse:
            return []
        if bool(self.rate.is_positive) == left:
            return [self.pole(number) for number in range(self.crossed, self.crossed + count)]
        return [self.pole(number) for number in range(self.crossed)]

    def laurent(self, s: Expr, orders: int) -> Laurent:
        """The factor at s + e as a Laurent series in e."""
        series = gamma_series(lowest(self.rate * s + self.offset), self.rate, orders)
        return series.inverse() if self.inverse else series

    def order_at(self, s: Expr) -> int:
        """1 at a pole, -1 at a zero, 0 elsewhere."""
        value = lowest(self.rate * s + self.offset)
        at_pole = bool(value.is_Integer and value <= 0)
        return 0 if not at_pole else -1 if self.inverse else 1


@dataclass(frozen=True, kw_only=True)
class MellinTransform:
    """f*(s) = int_0^oo x^(s-1) f(x) dx = factor base^-s prod Gamma(rate s + offset), low < Re s < high."""

    factor: Expr
    base: Expr
    gammas: tuple[GammaFactor, ...]
    low: Expr
    high: Expr

    def expression(self, s: Expr) -> Expr:
        """f*(s) as a SymPy expression."""
        product = sympy.Mul(
            *(gamma(part.rate * s + part.offset) ** (-1 if part.inverse else 1) for part in self.gammas)
        )
        return self.factor * self.base**-s * product

    def laurent(self, s: Expr, orders: int) -> Laurent:
        """f*(s + e) as a Laurent series in e."""
        series = power_series(self.base, -s, Integer(-1), orders)
        for part in self.gammas:
            series = series * part.laurent(s, orders)
        return Laurent(series.lowest, tuple(self.factor * c for c in series.coefficients))


def mellin_transforms(f: Lambda) -> tuple[MellinTransform, ...]:
    """The transforms of the terms of f: c x^r exp(-k x^h), c x^r (1 - exp(-k x^h)), c x^r (1 + k x^h)^-n.

    Formula: x^r exp(-k x^h) -> k^(-(s+r)/h) Gamma((s+r)/h)/h for Re s > -r;
        x^r (1 - exp(-k x^h)) -> minus the same, for -r - h < Re s < -r;
        x^r (1 + k x^h)^-n -> k^(-(s+r)/h) Gamma((s+r)/h) Gamma(n - (s+r)/h)/(h Gamma(n)),
            for -r < Re s < n h - r.
    Valid: k, h, n > 0; the transform of a sum is taken term by term, each in its own strip.
    Source: derivation D10.

    >>> from sympy.abc import x, s
    >>> mellin_transforms(Lambda(x, exp(-x)))[0].expression(s)
    gamma(s)
    """
    body = f(_X)
    if body.is_Add and not _saturating(body):
        body = sympy.expand(body, power_base=False, power_exp=False, log=False, multinomial=False)
    return tuple(
        _transform(term) for term in (sympy.Add.make_args(body) if not _saturating(body) else [body])
    )


def _saturating(body: Expr) -> bool:
    """Whether body is 1 - exp(-...)."""
    return bool(body.is_Add and isinstance(1 - body, exp))


def _transform(term: Expr) -> MellinTransform:
    factor, power, kernel = Integer(1), Integer(0), None
    for part in sympy.Mul.make_args(term if _saturating(term) else sympy.powsimp(term)):
        base, exponent = part.as_base_exp()
        if _X not in part.free_symbols:
            factor *= part
        elif base == _X and _X not in exponent.free_symbols:
            power += exponent
        elif kernel is None:
            kernel = part
        else:
            raise _unknown(term)
    if kernel is None:
        raise _unknown(term)
    if isinstance(kernel, exp):
        return _exponential(term, factor, power, -kernel.exp)
    if _saturating(kernel):
        return _one_minus_exponential(term, factor, power, -(1 - kernel).exp)
    return _rational(term, factor, power, *kernel.as_base_exp())


def _exponential(term: Expr, factor: Expr, r: Expr, inside: Expr) -> MellinTransform:
    k, h = _monomial(term, inside)
    moved = GammaFactor(rate=1 / h, offset=r / h)
    return MellinTransform(
        factor=factor * k ** (-r / h) / h, base=k ** (1 / h), gammas=(moved,), low=-r, high=oo
    )


def _one_minus_exponential(term: Expr, factor: Expr, r: Expr, inside: Expr) -> MellinTransform:
    k, h = _monomial(term, inside)
    moved = GammaFactor(rate=1 / h, offset=r / h, crossed=1)
    return MellinTransform(
        factor=-factor * k ** (-r / h) / h, base=k ** (1 / h), gammas=(moved,), low=-r - h, high=-r
    )


def _rational(term: Expr, factor: Expr, r: Expr, base: Expr, exponent: Expr) -> MellinTransform:
    n = -exponent
    if _X in n.free_symbols or n.is_nonpositive:
        raise _unknown(term)
    constant, rest = base.as_independent(_X, as_Add=True)
    k, h = _monomial(term, rest / constant)
    gammas = (GammaFactor(rate=1 / h, offset=r / h), GammaFactor(rate=-1 / h, offset=n - r / h))
    whole = factor * constant**-n * k ** (-r / h) / (h * gamma(n))
    return MellinTransform(factor=whole, base=k ** (1 / h), gammas=gammas, low=-r, high=n * h - r)


def _monomial(term: Expr, inside: Expr) -> tuple[Expr, Expr]:
    k, power = inside.as_independent(_X, as_Add=False)
    base, h = power.as_base_exp()
    if base != _X or _X in h.free_symbols or not h.is_positive or k.is_nonpositive:
        raise _unknown(term)
    return k, h


def _unknown(term: Expr) -> InvalidInput:
    shown = term.subs(_X, sympy.Symbol("x"))
    known = "c x^r exp(-k x^h), c x^r (1 - exp(-k x^h)), c x^r (1 + k x^h)^-n"
    return InvalidInput(f"no Mellin transform for {shown}: known are {known}")
