"""One leading-order contribution to the risk: a monomial in M, t, gamma, B, sigma2 and P with its constant."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import sympy
from sympy import Basic, Expr, Integer, Symbol

from riskcalc.asymptotic.lowest_terms import lowest
from riskcalc.formula import letters as L

LETTERS: dict[str, Symbol] = {"M": L.M, "t": L.t, "gamma": L.gamma, "B": L.B, "sigma2": L.sigma2, "P": L.P, "N": L.N}

# What the logarithms of a term are of, as monomials. The step size being fixed, log(gamma t) is written log t.
LOGARITHMS: dict[str, dict[str, Expr]] = {
    "M": {"M": Integer(1)},
    "t": {"gamma": Integer(1), "t": Integer(1)},
    "M^(1/2)/(gamma t)": {"M": Integer(1) / 2, "gamma": Integer(-1), "t": Integer(-1)},
    "M/(gamma t)": {"M": Integer(1), "gamma": Integer(-1), "t": Integer(-1)},
}


def left_of_the_window(a: Expr) -> str:
    """The logarithm where both ends of a spectrum count alike, at a = 1/2 or 1: of M^a/(gamma t)."""
    return "M/(gamma t)" if a == 1 else "M^(1/2)/(gamma t)"


@dataclass(frozen=True, kw_only=True)
class PowerTerm:
    """constant * prod letter^exponent * prod log(...)^logs.

    name: the piece of the risk it belongs to (F_0, F_pp, F_ac, K_pp, noise). meaning: one line. exponents: by letter,
    absent letters have 0. logs: powers of logarithms, of a letter or of what else stands in `LOGARITHMS`. constant:
    None where only the order is derived. holds: the condition on the symbols under which the constant is that of a
    leading contribution (elsewhere the piece has a larger one). feedback: powers of 1/(1 - kappa) that multiply it at
    constant step size. source: the derivation.
    """

    name: str
    meaning: str
    exponents: Mapping[str, Expr]
    constant: Any  # Expr or None
    source: str
    holds: Basic = sympy.true
    logs: Mapping[str, int] = field(default_factory=dict)
    feedback: int = 0

    def exponent(self, letter: str) -> Expr:
        """The exponent of a letter, 0 where absent."""
        return self.exponents.get(letter, Integer(0))

    def expression(self) -> Expr:
        """The contribution as a SymPy expression; without its constant where that is not derived."""
        powers = (LETTERS[name] ** exponent for name, exponent in self.exponents.items())
        logs = (sympy.log(_logarithm_of(name)) ** power for name, power in self.logs.items())
        return sympy.Mul(Integer(1) if self.constant is None else self.constant, *powers, *logs)

    def latex(self) -> str:
        """The contribution as LaTeX; Theta(...) where only the order is derived."""
        text: str = L.as_latex(self.expression())
        return text if self.constant is not None else rf"\Theta\left({text}\right)"


def _logarithm_of(name: str) -> Expr:
    return LETTERS.get(name) or sympy.Mul(*(LETTERS[letter] ** power for letter, power in LOGARITHMS[name].items()))


def monomial(**exponents: Expr | int) -> dict[str, Expr]:
    """Exponents by letter, zeros dropped.

    >>> monomial(M=-1, t=0)
    {'M': -1}
    """
    read = {name: sympy.sympify(value, strict=True) for name, value in exponents.items()}
    return {name: value for name, value in read.items() if value != 0}


def times(*factors: Mapping[str, Expr]) -> dict[str, Expr]:
    """The product of monomials: exponents added."""
    total: dict[str, Expr] = {}
    for factor in factors:
        for name, value in factor.items():
            total[name] = lowest(total.get(name, Integer(0)) + value)
    return {name: value for name, value in total.items() if value != 0}
