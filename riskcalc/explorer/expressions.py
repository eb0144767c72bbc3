"""What the page computes exactly: every polynomial and every rational function of its diagrams, once.

A polynomial goes to the page as its coefficients, whole numbers, and is evaluated there in rational numbers as in
double precision; an expression goes as numerator and denominator, beside how it is written in either pair of letters.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import sympy
from sympy import Expr, Symbol
from sympy.printing.mathml import mathml

from riskcalc.formula.letters import as_latex
from riskcalc.scaling.question import ALPHA, BETA, OURS

_DIGITS = 50  # of the root of an upright boundary that is not rational
_IN_OURS = {ALPHA: OURS.a / 2, BETA: (OURS.b - OURS.a) / 2}


def in_our_letters(expression: Any) -> Any:
    """An expression in alpha and beta, or a region, in a and b."""
    return expression.subs(_IN_OURS, simultaneous=True)


def as_mathml(expression: Expr) -> str:
    """The formula as a browser sets it, without a library.

    >>> as_mathml(ALPHA)
    '<math><mi>α</mi></math>'
    """
    text = mathml(expression, printer="presentation")
    for entity, character in (("&InvisibleTimes;", "\u2062"), ("&ApplyFunction;", "\u2061")):
        text = text.replace(entity, character)
    # browsers know no fences, which SymPy wrote up to 1.13
    text = text.replace("<mfenced>", "<mrow><mo>(</mo>").replace("</mfenced>", "<mo>)</mo></mrow>")
    for letter in {symbol.name for symbol in expression.free_symbols} & {"alpha", "beta"}:
        text = text.replace(f"&#{ord(_GREEK[letter])};", _GREEK[letter])
    return f"<math>{text}</math>"


def polynomial_of(expression: Expr, letters: tuple[Symbol, Symbol] = (ALPHA, BETA)) -> tuple[tuple[str, int, int], ...]:
    """Coefficients and powers, of whole numbers; of the sign of the expression and a positive multiple of it.

    >>> polynomial_of(ALPHA / 2 - BETA)
    (('1', 1, 0), ('-2', 0, 1))
    """
    rational = expression.replace(_irrational, lambda part: sympy.Rational(str(sympy.N(part, _DIGITS))))
    read = sympy.Poly(rational, *letters)
    whole = read.clear_denoms(convert=True)[1]
    return tuple((str(coefficient), *powers) for powers, coefficient in whole.terms())


@dataclass
class Expressions:
    """The tables of the page: equal polynomials and equal expressions stand in them once."""

    polynomials: dict[tuple[tuple[str, int, int], ...], int] = field(default_factory=dict)
    fractions: dict[Expr, int] = field(default_factory=dict)
    written: list[dict[str, Any]] = field(default_factory=list)

    def polynomial(self, expression: Expr) -> int:
        """The number of a polynomial."""
        return self.polynomials.setdefault(polynomial_of(expression), len(self.polynomials))

    def fraction(self, expression: Expr) -> int:
        """The number of a rational function."""
        if expression not in self.fractions:
            top, bottom = sympy.fraction(sympy.together(expression))
            ratio = _content(top) / _content(bottom)
            ours = sympy.factor(in_our_letters(expression))
            self.written.append(
                {
                    "top": self.polynomial(top),
                    "bottom": self.polynomial(bottom),
                    "times": [str(ratio.p), str(ratio.q)],
                    "mathml": [as_mathml(expression), as_mathml(ours)],
                    "latex": [as_latex(expression), as_latex(ours)],
                }
            )
            self.fractions[expression] = len(self.fractions)
        return self.fractions[expression]

    def tables(self) -> dict[str, Any]:
        """What the page reads."""
        return {"polynomials": [list(one) for one in self.polynomials], "fractions": self.written}


_GREEK = {"alpha": "\u03b1", "beta": "\u03b2"}


def _content(expression: Expr) -> Any:
    """What `polynomial_of` has multiplied by, inverted."""
    return 1 / sympy.Poly(expression, ALPHA, BETA).clear_denoms()[0]


def _irrational(part: Expr) -> bool:
    return bool(part.is_number and part.is_real and not part.is_rational)
