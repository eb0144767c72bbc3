"""Asymptotic expansion of a spectral sum by residues: any number of terms, exact constants, logarithms."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

import sympy
from sympy import Expr, Integer, oo

from riskcalc.asymptotic.laurent import zeta_series
from riskcalc.asymptotic.lowest_terms import lowest
from riskcalc.asymptotic.mellin import MellinTransform, mellin_transforms
from riskcalc.asymptotic.raised import LARGEST_ROOT
from riskcalc.errors import InvalidInput
from riskcalc.formula.spectral_sum import SpectralSum

Side = Literal["0", "oo"]


@dataclass(frozen=True, kw_only=True)
class Term:
    """variable^power (constants[0] + constants[1] log(variable) + ...).

    origin: which poles made it: "zeta", "Gamma", or "zeta and Gamma" where they coincide (the logarithm).
    """

    power: Expr
    constants: tuple[Expr, ...]
    origin: str

    @property
    def log_power(self) -> int:
        """Highest power of the logarithm."""
        return len(self.constants) - 1

    def expression(self, variable: Expr) -> Expr:
        """The term as a SymPy expression."""
        logs = (constant * sympy.log(variable) ** n for n, constant in enumerate(self.constants))
        return variable**self.power * sympy.Add(*logs)


@dataclass(frozen=True, kw_only=True)
class Expansion:
    """A sum of terms, leading first where the order is decided by the numbers.

    ordered: whether it is; with symbols left in the powers all poles are listed, and `leads` says when which
    leads.
    """

    variable: Expr
    towards: Side
    terms: tuple[Term, ...]
    ordered: bool

    def expression(self) -> Expr:
        """All terms added up."""
        return sympy.Add(*(term.expression(self.variable) for term in self.terms))

    def leads(self, term: Term) -> sympy.Basic:
        """The condition on the symbols under which `term` is the largest of all."""
        sign = 1 if self.towards == "0" else -1
        others = [other for other in self.terms if other is not term]
        gaps = {_scaled(lowest(sign * (other.power - term.power))) for other in others}
        needed = [gap for gap in gaps if not any((gap - other).is_positive for other in gaps)]
        return sympy.And(*(sympy.Gt(gap, 0) for gap in needed))


def expand(total: SpectralSum, *, towards: Side, terms: int = 4, regularized: bool = False) -> Expansion:
    """Expand a spectral sum in its parameter u as u tends to 0 or to infinity.

    Formula: sum_j j^-p g(u j^a) = (1/2 pi i) int g*(s) zeta(p + a s) u^-s ds; the terms are the residues at
        the poles to the left (u to 0) or to the right (u to infinity) of the line of integration.
    Valid: an infinite dimension; g as `mellin_transforms` knows it; a of either sign (a < 0 makes it
        sum j^-p g(u j^-|a|)). With numbers for p and a the sum must converge, and the terms are the `terms`
        leading ones. With symbols, the zeta pole and the first `terms` poles of each Gamma are given, for
        symbols
        in general position; put numbers to see where poles coincide and a logarithm appears. `regularized`
        lets
        a divergent sum through: the terms are then those of its analytic continuation in p, to which a finite
        dimension adds the terms of the far end (derivation D13).
    Source: derivation D10.

    >>> from riskcalc.formula import resolvent_sum
    >>> a, u = sympy.symbols("a u", positive=True)
    >>> expand(resolvent_sum(a, 1, a, u), towards="0", terms=1).terms[0].expression(u)
    pi/(a*u**(1/a)*sin(pi/a))
    """
    if total.v != oo:
        raise InvalidInput(f"the expansion is for an infinite dimension; here v = {total.v}")
    return _expanded(total, towards, terms, regularized)


@lru_cache(maxsize=256)
def _expanded(total: SpectralSum, towards: Side, terms: int, regularized: bool) -> Expansion:
    """Kept, because the terms of one table stand on few sums: floor and signal enter three of them."""
    return expand_transforms(
        mellin_transforms(total.g),
        p=total.p,
        a=total.a,
        variable=total.u,
        towards=towards,
        terms=terms,
        regularized=regularized,
    )


def expand_transforms(
    transforms: Iterable[MellinTransform],
    *,
    p: Expr,
    a: Expr,
    variable: Expr,
    towards: Side,
    terms: int = 4,
    regularized: bool = False,
) -> Expansion:
    """`expand` for summands given by their Mellin transforms: sum_j j^-p g(variable j^a)."""
    found: list[Term] = []
    for transform in transforms:
        if not regularized:
            _check_convergence(p, a, transform)
        found += _residues(p, a, transform, towards, terms)
    merged = _merged(found)
    ordered = all(term.power.is_number for term in merged)
    if ordered:
        merged = sorted(merged, key=lambda term: term.power, reverse=towards == "oo")[:terms]
    return Expansion(variable=variable, towards=towards, terms=tuple(merged), ordered=ordered)


def _residues(p: Expr, a: Expr, transform: MellinTransform, towards: Side, terms: int) -> list[Term]:
    left = towards == "0"
    places = [lowest((1 - p) / a)] if _zeta_pole_is_passed(a, left) else []
    for part in transform.gammas:
        places += [lowest(pole) for pole in part.poles(left=left, count=terms)]
    distinct = list(dict.fromkeys(places))
    if all(place.is_number for place in distinct):
        distinct = sorted(distinct, reverse=left)[: terms + 1]
    sign = 1 if left else -1
    residues = (_residue(p, a, transform, place, sign) for place in distinct)
    return [term for term in residues if any(constant != 0 for constant in term.constants)]


def _zeta_pole_is_passed(a: Expr, left: bool) -> bool:
    """The sum converges for Re(p + a s) > 1: the pole lies left of the line for a > 0, else right."""
    if a.is_positive:
        return left
    if a.is_negative:
        return not left
    raise InvalidInput(f"the sign of a = {a} is unknown: use a symbol declared positive")


def _residue(p: Expr, a: Expr, transform: MellinTransform, place: Expr, sign: int) -> Term:
    argument = lowest(p + a * place)
    orders = [part.order_at(place) for part in transform.gammas]
    hits = sum(order > 0 for order in orders)
    order = max(sum(orders) + int(argument == 1), 1)
    kept = order + sum(order < 0 for order in orders)
    series = transform.laurent(place, kept) * zeta_series(argument, a, kept)
    constants = [
        sign * _tidy(series.coefficient(-1 - n)) * Integer(-1) ** n / sympy.factorial(n) for n in range(order)
    ]
    while len(constants) > 1 and constants[-1] == 0:
        constants.pop()
    origin = "zeta" if argument == 1 and hits == 0 else "Gamma" if argument != 1 else "zeta and Gamma"
    return Term(power=-place, constants=tuple(constants), origin=origin)


def _tidy(coefficient: Expr) -> Expr:
    """Reflection and recurrence where several Gammas meet; one alone keeps the argument it came with.

    So do several at rationals of long denominators, of which SymPy would look for sines one by one.
    """
    gammas = coefficient.atoms(sympy.gamma)
    long = any(isinstance(one.args[0], sympy.Rational) and one.args[0].q > LARGEST_ROOT for one in gammas)
    return sympy.gammasimp(sympy.expand_func(coefficient)) if len(gammas) > 1 and not long else coefficient


def _merged(terms: list[Term]) -> list[Term]:
    """Terms of equal power added up."""
    by_power: dict[Expr, Term] = {}
    for term in terms:
        known = by_power.get(term.power)
        if known is not None:
            longest = max(len(known.constants), len(term.constants))
            padded = [list(t.constants) + [Integer(0)] * (longest - len(t.constants)) for t in (known, term)]
            added = tuple(sympy.simplify(x + y) for x, y in zip(*padded, strict=True))
            origin = known.origin if known.origin == term.origin else "zeta and Gamma"
            term = Term(power=term.power, constants=added, origin=origin)
        by_power[term.power] = term
    return [term for term in by_power.values() if any(constant != 0 for constant in term.constants)]


def _check_convergence(p: Expr, a: Expr, transform: MellinTransform) -> None:
    edge = (1 - p) / a
    lows = [transform.low, edge] if a.is_positive else [transform.low]
    highs = [transform.high] if a.is_positive else [transform.high, edge]
    gaps = (high - low for high in highs for low in lows)
    if any(gap <= 0 for gap in gaps if gap.is_number):
        low, high = sympy.Max(*lows), sympy.Min(*highs)
        raise InvalidInput(f"the sum diverges: p = {p} and a = {a} leave no strip between {low} and {high}")


def _scaled(gap: Expr) -> Expr:
    """The gap with a positive denominator multiplied away: its sign, as a polynomial."""
    numerator, denominator = sympy.fraction(sympy.together(gap))
    return sympy.expand(numerator) if denominator.is_positive else gap
