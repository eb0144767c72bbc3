"""A formula as a function of field elements: the tree is walked once, and every rational stays exact.

SymPy's `lambdify` would write 1/3 as a float, and a ball built on it would not contain the value it is said to
contain; here a rational becomes an element of the field at the working precision, whenever the function is called.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction

from sympy import Basic, Dummy, Rational

from riskcalc.errors import InvalidInput
from riskcalc.numeric.field import Element, Field

Node = Callable[[tuple[Element, ...]], Element]


def compiled(expression: Basic, arguments: Sequence[Basic], field: Field) -> Callable[..., Element]:
    """The expression as a function of `arguments`: symbols, or whole subexpressions such as spectral sums.

    >>> from sympy.abc import x
    >>> from riskcalc.numeric.mpmath_field import Mpmath
    >>> with Mpmath().working(30):
    ...     print(compiled(x**2 / 3, [x], Mpmath())(1))
    0.333333333333333333333333333333
    """
    places = {argument: Dummy(f"argument{k}") for k, argument in enumerate(arguments)}
    positions = {dummy: k for k, dummy in enumerate(places.values())}
    node = _node(expression.xreplace(places), positions, field)
    return lambda *values: node(values)


def _node(tree: Basic, positions: dict[Basic, int], field: Field) -> Node:
    if tree in positions:
        place = positions[tree]
        return lambda values: values[place]
    if tree.is_Integer:
        whole = int(tree)
        return lambda values: field.real(whole)
    if tree.is_Rational:
        exact = Fraction(int(tree.p), int(tree.q))
        return lambda values: field.real(exact)
    parts = [_node(part, positions, field) for part in tree.args]
    if tree.is_Add:
        return lambda values: _total([part(values) for part in parts])
    if tree.is_Mul:
        return lambda values: _product([part(values) for part in parts])
    if tree.is_Pow:
        return _power(parts[0], tree.exp, field)
    raise InvalidInput(f"{tree} of {type(tree).__name__} cannot be compiled to a numeric field: give it as an argument")


def _power(base: Node, exponent: Basic, field: Field) -> Node:
    if exponent.is_Integer:
        whole = int(exponent)
        return (lambda values: base(values) ** whole) if whole >= 0 else (lambda values: 1 / base(values) ** -whole)
    if exponent == Rational(1, 2):
        return lambda values: field.sqrt(base(values))
    if exponent == Rational(-1, 2):
        return lambda values: 1 / field.sqrt(base(values))
    raise InvalidInput(f"a power with exponent {exponent} is not compiled: only whole numbers and 1/2 occur")


def _total(values: list[Element]) -> Element:
    total = values[0]
    for value in values[1:]:
        total = total + value
    return total


def _product(values: list[Element]) -> Element:
    product = values[0]
    for value in values[1:]:
        product = product * value
    return product
