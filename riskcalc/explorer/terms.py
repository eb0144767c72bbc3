"""The leading terms at constant step size, for the page: exponents, constants, conditions as JavaScript functions."""

from __future__ import annotations

import json
from collections.abc import Iterable
from functools import cache
from typing import Any

import sympy
from sympy import Expr, oo

from riskcalc.asymptotic.floor import approximation_terms, floor_definition
from riskcalc.asymptotic.noise import label_noise
from riskcalc.asymptotic.power_term import PowerTerm
from riskcalc.asymptotic.shape import constant
from riskcalc.asymptotic.term_table import RATIO
from riskcalc.asymptotic.transient import absolutely_continuous, kernel, pure_point
from riskcalc.explorer.expressions import as_mathml
from riskcalc.explorer.javascript import as_javascript, function
from riskcalc.formula import letters as L
from riskcalc.formula.spectral_sum import resolvent_sum
from riskcalc.formula.stability import kernel_mass, stability_point

_ARGUMENTS = "a, b, r, rho"
_CONTEXT = "a, b, gamma, B, v"
_LETTERS: dict[str, Any] = {"M": L.M, "t": L.t, "gamma": L.gamma, "B": L.B}


@cache
def script_of_terms() -> str:
    """const THEORY = {...}: the pieces of the risk, by the dimension they are derived for.

    infinite: v = oo, a > 1; finite: v = r M, a < 1. Each term is a monomial in M, gamma, t, B with its constant and the
    condition under which it leads.
    Source: derivations D10 to D14.
    """
    tables = {name: _pieces(ratio) for name, ratio in (("infinite", oo), ("finite", RATIO))}
    body = ",\n".join(f'"{name}": {{{pieces}}}' for name, pieces in tables.items())
    return "\n".join(
        [
            f"const THEORY = {{{body},",
            f'"kappa": {function(_CONTEXT, kernel_mass(-stability_point()))},',
            f'"S": {function(_CONTEXT, early_bias())},',
            f'"floorEquation": {_floor_equation()}}};',
        ]
    )


def early_bias() -> Expr:
    """S = (1/(2 gamma)) sum_j j^(a-b)/(1 - g j^-a), g = gamma (1 + 1/B)/2, as a resolvent sum at -1/g.

    Source: derivation D14, for the eigenvalues j^-a themselves, as is kappa beside it.
    """
    point = stability_point()
    return -point * resolvent_sum(L.b - L.a, 1, L.a, -point, L.v) / (2 * L.gamma)


def _pieces(ratio: Expr) -> str:
    shape = constant()
    found = {
        "F_0": approximation_terms(L.a, L.b, ratio),
        "F_pp": pure_point(L.a, L.b, shape),
        "F_ac": absolutely_continuous(L.a, L.b, shape, ratio),
        "K": kernel(L.a, shape, ratio),
        "noise": label_noise(L.a, shape, ratio),
    }
    return ", ".join(f'"{name}": [{_terms(terms)}]' for name, terms in found.items())


def _terms(terms: Iterable[PowerTerm]) -> str:
    return ",\n".join(_term(term) for term in terms)


def _term(term: PowerTerm) -> str:
    powers = ", ".join(
        f'"{name}": {function("a, b", power)}' for name, power in term.exponents.items() if name != "sigma2"
    )
    written = sympy.Mul(*(_LETTERS[name] ** power for name, power in term.exponents.items() if name != "sigma2"))
    return (
        f'{{"holds": {function("a, b", term.holds)}, "constant": {function(_ARGUMENTS, term.constant)}, '
        f'"powers": {{{powers}}}, "mathml": {_quoted(as_mathml(written))}, "meaning": {_quoted(term.meaning)}}}'
    )


def _floor_equation() -> str:
    equation = floor_definition(L.a, RATIO)
    return f"(a, rho, r) => {as_javascript(equation.lhs)}"


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
