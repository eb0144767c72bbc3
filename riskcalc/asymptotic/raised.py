"""Powers of exact numbers, formed only where they stay short."""

from __future__ import annotations

import sympy
from sympy import Expr

LARGEST_ROOT = 1000
_LONGEST = 1023  # bits of an integer that a float still holds


def raised(base: Expr, exponent: Expr) -> Expr:
    """base^exponent, left as it stands where SymPy would first form integer powers of astronomical length.

    SymPy takes the primes of a rational base apart and puts what is left of each under one root: under a root of order
    q that is an integer of up to q times the digits of the base. Exponents at a point beside a boundary have q = 10^7,
    and SymPy asks for the logarithm of that integer as a float.
    What is left as it stands has its value wherever it is evaluated, and its own place in LaTeX.

    >>> raised(sympy.Rational(211, 200), sympy.Rational(-3, 4)) == sympy.Rational(211, 200) ** sympy.Rational(-3, 4)
    True
    >>> raised(sympy.Integer(12), sympy.Rational(3, 7000001))
    12**(3/7000001)
    >>> raised(sympy.Rational(1432, 997), sympy.Rational(1432, 997))
    (1432/997)**(1432/997)
    """
    if isinstance(exponent, sympy.Rational) and exponent.q * _bits(base) > _LONGEST:
        return sympy.UnevaluatedExpr(sympy.Pow(base, exponent, evaluate=False))
    return base**exponent


def _bits(base: Expr) -> int:
    """The length of the longest whole number in an expression."""
    numbers = base.atoms(sympy.Rational)
    return max((max(int(abs(number.p)).bit_length(), int(number.q).bit_length()) for number in numbers), default=1)
