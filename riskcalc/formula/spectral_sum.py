"""The one noun of the theory: a sum over a power-law spectrum."""

from __future__ import annotations

from typing import Any

import sympy
from sympy import Expr, Lambda, Symbol, oo

# One bound variable for every SpectralSum: equal sums compare equal, and no substitution can capture it.
_BOUND = sympy.Dummy("x", dummy_index=20_240_515)
_J = Symbol("j", positive=True, integer=True)


class SpectralSum(Expr):  # type: ignore[misc]
    r"""A sum over the spectrum lambda_j = j^-a, unevaluated.

    Formula: SpectralSum(g, p, a, u, v) = sum_{j=1}^{v} j^-p g(u j^a), v a symbol, a whole number or oo.
    Valid: as a formal object always; converges for v = oo where j^-p g(u j^a) is summable.
    Source: derivation D02, section 1.

    It prints, substitutes and differentiates in u; it never becomes a `sympy.Sum`, whose `evalf` returns a
    silent zero for these very sums (`Sum(x**(-12/5)*exp(-100/x**2), (x, 1, 4000)).evalf(30)`). Numbers come
    from `riskcalc.formula.evaluate`.

    >>> from sympy.abc import a, p, u, x
    >>> SpectralSum(Lambda(x, 1 / (1 + x)), p, a, u).diff(u)
    -SpectralSum(x -> (x + 1)**(-2), -a + p, a, u, oo)
    """

    is_commutative = True

    def __new__(cls, g: Lambda, p: Any, a: Any, u: Any, v: Any = oo) -> SpectralSum:
        # strict: text is refused, never evaluated
        p, a, u, v = (sympy.sympify(value, strict=True) for value in (p, a, u, v))
        p = sympy.expand(p)
        if len(g.signature) != 1:
            raise TypeError(f"g must be a function of one argument, not {g}")
        summand = Lambda(_BOUND, sympy.powsimp(sympy.sympify(g(_BOUND), strict=True), combine="exp"))
        made: SpectralSum = Expr.__new__(cls, summand, p, a, u, v)
        return made

    @property
    def g(self) -> Lambda:
        """The one-argument function under the sum."""
        return self.args[0]

    @property
    def p(self) -> Expr:
        """The power: the term is j^-p g(u j^a)."""
        return self.args[1]

    @property
    def a(self) -> Expr:
        """The decay of the spectrum."""
        return self.args[2]

    @property
    def u(self) -> Expr:
        """The spectral parameter."""
        return self.args[3]

    @property
    def v(self) -> Expr:
        """The number of terms."""
        return self.args[4]

    @property
    def free_symbols(self) -> set[Symbol]:
        return set().union(*(argument.free_symbols for argument in self.args)) - {_BOUND}

    @property
    def bound_symbols(self) -> list[Symbol]:
        return [_BOUND]

    def term(self, j: Any = _J) -> Expr:
        """The j-th term j^-p g(u j^a)."""
        j = sympy.sympify(j, strict=True)
        return j**-self.p * self.g(self.u * j**self.a)

    def resolvent_order(self) -> Expr | None:
        """n when g(x) = (1 + x)^-n, that is, when the sum is sum j^-q/(j^-a + u)^n; None otherwise."""
        base, exponent = self.g(_BOUND).as_base_exp()
        if base == 1 / (1 + _BOUND):
            base, exponent = 1 + _BOUND, -exponent
        return -exponent if base == 1 + _BOUND and _BOUND not in exponent.free_symbols else None

    def _eval_derivative(self, symbol: Symbol) -> Expr:
        if any(symbol in part.free_symbols for part in (self.p, self.a, self.v)):
            raise NotImplementedError(
                f"a spectral sum is differentiated in u or a parameter of g, not in {symbol}"
            )
        summand = self.g(_BOUND)
        slope = self._with(summand.diff(_BOUND), self.p - self.a) * self.u.diff(symbol)
        return slope + self._with(summand.diff(symbol), self.p) if symbol in summand.free_symbols else slope

    def _with(self, summand: Expr, p: Expr) -> Expr:
        """The sum with another summand and power, constant factors taken out."""
        factor, rest = summand.as_independent(_BOUND, as_Add=False)
        return (
            factor * SpectralSum(Lambda(_BOUND, rest), p, self.a, self.u, self.v) if summand != 0 else summand
        )

    def _eval_evalf(self, prec: int) -> None:
        """Stays unevaluated under `evalf`: numbers come from `riskcalc.formula.evaluate`."""

    def _latex(self, printer: Any) -> str:
        order = self.resolvent_order()
        if order is None:
            body = printer._print(self.term())
            body = rf"\left({body}\right)" if self.term().is_Add else body
        else:
            top = printer._print(_J ** sympy.expand(-self.p - order * self.a))
            bottom = rf"{printer._print(_J**-self.a)} + {printer._print(self.u)}"
            power = "" if order == 1 else rf"^{{{printer._print(order)}}}"
            bottom = bottom if order == 1 else rf"\left({bottom}\right){power}"
            body = rf"\frac{{{top}}}{{{bottom}}}"
        return rf"\sum_{{j=1}}^{{{printer._print(self.v)}}} {body}"

    def _sympystr(self, printer: Any) -> str:
        shown = Symbol("x")
        parts = [f"x -> {printer._print(self.g(shown))}", *(printer._print(part) for part in self.args[1:])]
        return f"SpectralSum({', '.join(parts)})"


def resolvent_sum(p: Any, n: Any, a: Any, u: Any, v: Any = oo) -> SpectralSum:
    """S_{p,n}(u), the sum that resolvents are made of.

    Formula: S_{p,n}(u) = sum_{j=1}^{v} j^-p / (j^-a + u)^n.
    Source: derivation D02, section 1.

    >>> from sympy.abc import a, u
    >>> resolvent_sum(a, 1, a, u).term(1)
    1/(u + 1)
    """
    n, a, p = sympy.sympify(n, strict=True), sympy.sympify(a, strict=True), sympy.sympify(p, strict=True)
    return SpectralSum(Lambda(_BOUND, (1 + _BOUND) ** -n), p - n * a, a, u, v)


def power_sum(p: Any, v: Any = oo) -> SpectralSum:
    """sum_{j=1}^{v} j^-p: the zeta function, or its truncation."""
    return SpectralSum(Lambda(_BOUND, sympy.Integer(1)), p, sympy.Integer(1), sympy.Integer(0), v)
