"""Exponents in lowest terms: one form for equal rational functions of the letters."""

from __future__ import annotations

from functools import lru_cache

import sympy
from sympy import Expr


@lru_cache(maxsize=4096)
def lowest(expression: Expr) -> Expr:
    """The expression as SymPy's `cancel` leaves it; kept, because the terms of a table ask for few of them, often.

    >>> a = sympy.Symbol("a", positive=True)
    >>> lowest((a**2 - 1) / (a - 1))
    a + 1
    """
    return expression if expression.is_Rational else sympy.cancel(expression)
