"""An expression as a function of mpmath numbers, for quadrature: rationals stay quotients of whole numbers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import sympy
from sympy.printing.pycode import MpmathPrinter

from riskcalc.numeric.mpmath_context import mp

# no fallback to SymPy's own choice "mpmath", which would compute in the context that everybody shares
_NAMES = {name: getattr(mp, name) for name in dir(mp) if not name.startswith("_")}
_SETTINGS = {"fully_qualified_modules": False, "inline": True, "allow_unknown_functions": True}


def on_mpmath(arguments: Sequence[Any], expression: sympy.Expr) -> Callable[..., Any]:
    """The expression as a function of `arguments`; call it within `Mpmath().working(digits)`.

    >>> from sympy.abc import x
    >>> from riskcalc.numeric.mpmath_field import Mpmath
    >>> with Mpmath().working(30):
    ...     print(on_mpmath([x], x / 3)(1))
    0.333333333333333333333333333333
    """
    function: Callable[..., Any]
    function = sympy.lambdify(list(arguments), expression, modules=[_NAMES], printer=MpmathPrinter(_SETTINGS))
    return function
