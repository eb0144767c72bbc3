"""SymPy as JavaScript: what the constants of the leading terms are made of, for the functions of `page/special.js`."""

from __future__ import annotations

from typing import Any

from sympy import Expr
from sympy.printing.jscode import JavascriptCodePrinter

from riskcalc.errors import InvalidInput


class _Printer(JavascriptCodePrinter):  # type: ignore[misc]
    """gamma, zeta, integrals over (0, end) and resolvent sums as calls; everything else as SymPy prints it."""

    def _print_gamma(self, node: Any) -> str:
        return f"gammaFunction({self._print(node.args[0])})"

    def _print_zeta(self, node: Any) -> str:
        return f"zetaFunction({self._print(node.args[0])})"

    def _print_Integral(self, node: Any) -> str:
        ((letter, low, high),) = node.limits
        if low != 0:
            raise InvalidInput(f"an integral of the page begins at 0, not at {low}")
        return f"integral({self._print(letter)} => {self._print(node.function)}, {self._print(high)})"

    def _print_SpectralSum(self, node: Any) -> str:
        order = node.resolvent_order()
        if order != 1:
            raise InvalidInput(f"the page sums resolvents of the first order, not {node}")
        power = node.p + node.a
        return f"resolventSum({', '.join(self._print(part) for part in (power, node.a, node.u, node.v))})"

    def _print_BooleanTrue(self, node: Any) -> str:
        return "true"

    def _print_Infinity(self, node: Any) -> str:
        return "Infinity"


def as_javascript(expression: Expr | Any) -> str:
    """An expression or a condition.

    >>> from sympy import gamma
    >>> from sympy.abc import a
    >>> as_javascript(gamma(1 / a) / 2)
    '(1/2)*gammaFunction(1/a)'
    """
    text: str = _Printer().doprint(expression)
    return text


def function(arguments: str, expression: Expr | Any) -> str:
    """An arrow function of these letters."""
    return f"({arguments}) => {as_javascript(expression)}"
