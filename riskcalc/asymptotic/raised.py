"""Powers of exact numbers, formed only where they stay short."""

from __future__ import annotations

import sympy
from sympy import Expr

LARGEST_ROOT = 1000


def raised(base: Expr, exponent: Expr) -> Expr:
    """base^exponent, left as it stands where SymPy would first form integer powers of astronomical length.

    SymPy takes the primes of a rational base apart and puts what is left of each under one root: under a root of order
    q that is an integer of up to q times the digits of the base. Exponents at a point beside a boundary have q = 10^7.
    What is left as it stands has its value wherever it is evaluated, and its own place in LaTeX.

    >>> raised(sympy.Rational(211, 200), sympy.Rational(-3, 4)) == sympy.Rational(211, 200) ** sympy.Rational(-3, 4)
    True
    >>> raised(sympy.Integer(12), sympy.Rational(3, 7000001))
    12**(3/7000001)
    """
    if isinstance(exponent, sympy.Rational) and exponent.q > LARGEST_ROOT:
        return sympy.UnevaluatedExpr(sympy.Pow(base, exponent, evaluate=False))
    return base**exponent
