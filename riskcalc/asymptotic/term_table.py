"""The term table: every leading-order contribution to the risk, derived."""

from __future__ import annotations

from functools import lru_cache

from sympy import Expr, Symbol, oo, sympify

from riskcalc.asymptotic.floor import approximation_terms
from riskcalc.asymptotic.noise import label_noise
from riskcalc.asymptotic.power_term import PowerTerm
from riskcalc.asymptotic.shape import Shape, constant
from riskcalc.asymptotic.transient import absolutely_continuous, noise_from_bias, pure_point
from riskcalc.formula import letters as L

RATIO = Symbol("r", positive=True)


def term_table(
    a: Expr = L.a, b: Expr = L.b, *, ratio: Expr = oo, shape: Shape | None = None
) -> tuple[PowerTerm, ...]:
    """All contributions F_0, F_pp, F_ac, K_pp and noise for a power-law problem.

    a, b: symbols (every pole that can lead is listed, with the condition `holds` under which it does) or
    exact
        numbers (only what leads there; a coincidence of poles shows as a logarithm).
    ratio: v/M, oo for an infinite dimension (needs a > 1), a symbol or number otherwise.
    Valid: 1 << gamma t << M^a; M, t large.
    Source: derivations D10 to D14, D17.

    >>> from sympy import Integer, Rational
    >>> [term.name for term in term_table(Integer(2), Rational(17, 5))]
    ['F_0', 'F_pp', 'F_ac', 'K_pp', 'noise']
    """
    return _table(sympify(a, strict=True), sympify(b, strict=True), sympify(ratio, strict=True), shape or constant())


@lru_cache(maxsize=256)
def _table(a: Expr, b: Expr, ratio: Expr, shape: Shape) -> tuple[PowerTerm, ...]:
    return (
        *approximation_terms(a, b, ratio),
        *pure_point(a, b, shape),
        *absolutely_continuous(a, b, shape, ratio),
        *noise_from_bias(a, b, shape, ratio),
        *label_noise(a, shape, ratio),
    )
