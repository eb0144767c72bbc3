"""The number of outputs P as one more scale: how it enters every term, and where two terms meet."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from enum import StrEnum

import sympy
from sympy import Expr, oo

from riskcalc.asymptotic.lowest_terms import lowest
from riskcalc.asymptotic.power_term import PowerTerm, monomial, times
from riskcalc.asymptotic.raised import raised
from riskcalc.asymptotic.shape import Shape
from riskcalc.asymptotic.term_table import term_table
from riskcalc.errors import InvalidInput
from riskcalc.formula import letters as L
from riskcalc.quantity import chosen


class Normalisation(StrEnum):
    """What of P outputs stays fixed as P grows."""

    EVERY = "every"
    TOTAL = "total"


# How the totals over the outputs grow: the exponents of P in the signal power and in the label noise.
_GROWTH = {Normalisation.EVERY: (1, 1), Normalisation.TOTAL: (0, 1)}


def with_outputs(terms: Sequence[PowerTerm], normalisation: Normalisation | str) -> tuple[PowerTerm, ...]:
    """The term table of the total risk of P outputs, from that of one.

    Formula: every term is linear in signal power and noise together; its degree in sigma2 says in which. In the total,
        sigma2 becomes P sigma2, and the signal power P times itself (every output) or itself (total).
    Source: D29.

    >>> from sympy import Integer, Rational
    >>> table = with_outputs(term_table(Integer(2), Rational(5, 2)), "total")
    >>> {term.name: term.exponent("P") for term in table}
    {'F_0': 0, 'F_pp': 0, 'F_ac': 0, 'K_pp': 0, 'noise': 1}
    """
    signal, noise = _GROWTH[read_normalisation(normalisation)]
    grown = []
    for term in terms:
        degree = term.exponent("sigma2")
        power = degree * noise + (1 - degree) * signal
        grown.append(dataclasses.replace(term, exponents=times(term.exponents, monomial(P=power))))
    return tuple(grown)


def meeting(first: PowerTerm, second: PowerTerm, letter: str) -> PowerTerm:
    """The value of `letter` at which two terms are equal, as a monomial in the others.

    Valid: the terms have different exponents of the letter. The constant is None where one of theirs is.
    """
    gap = lowest(second.exponent(letter) - first.exponent(letter))
    if gap == 0:
        raise InvalidInput(f"{first.name} and {second.name} depend on {letter} alike: they do not meet as it changes")
    names = [name for name in {**first.exponents, **second.exponents} if name != letter]
    powers = {name: lowest((first.exponent(name) - second.exponent(name)) / gap) for name in names}
    logs = {
        name: (first.logs.get(name, 0) - second.logs.get(name, 0)) / gap for name in {**first.logs, **second.logs}
    }
    constant = None
    if first.constant is not None and second.constant is not None:
        constant = raised(first.constant / second.constant, 1 / gap)
        if not constant.has(sympy.Integral, sympy.UnevaluatedExpr):  # what stands as it is stays so
            constant = sympy.simplify(constant)
    return PowerTerm(
        name=letter,
        meaning=f"{letter} at which {second.name} meets {first.name}",
        exponents={name: value for name, value in powers.items() if value != 0},
        constant=constant,
        source="D30",
        holds=sympy.And(first.holds, second.holds),
        logs={name: power for name, power in logs.items() if power},
    )


def critical_outputs(
    a: Expr = L.a, b: Expr = L.b, *, shape: Shape | None = None, ratio: Expr = oo, against: str = "F_pp"
) -> tuple[PowerTerm, ...]:
    """The number of outputs sharing one signal power from which on label noise exceeds another term of the risk.

    Formula: the term table in the normalisation `total`, solved for P where noise = `against`. One entry for each pair
        of contributions that can lead; `holds` says where.
    Valid: as the term table, 1 << gamma t << M^a. In the geometric schedule t is N_eff, without a constant.
    Source: D30.

    >>> from riskcalc.asymptotic.shape import geometric
    >>> (found,) = critical_outputs(shape=geometric())
    >>> found.exponents
    {'gamma': -b/a, 't': (a - b)/a, 'sigma2': -1, 'B': 1}
    """
    table = with_outputs(term_table(a, b, ratio=ratio, shape=shape), Normalisation.TOTAL)
    noises = [term for term in table if term.name == "noise"]
    rivals = [term for term in table if term.name == against and term.exponent("sigma2") == 0]
    if not rivals:
        raise InvalidInput(f"there is no term {against!r} at a = {a}, b = {b}: choose F_0, F_pp, F_ac or K_pp")
    found = [meeting(rival, noise, "P") for rival in rivals for noise in noises]
    return tuple(term for term in found if sympy.simplify(term.holds) != sympy.false)


def read_normalisation(normalisation: object) -> Normalisation:
    """A normalisation by its name."""
    return Normalisation(chosen(normalisation, "normalisation", [member.value for member in Normalisation]))
