"""Numbers from a formula, to any precision: the slow, plain oracle that fast kernels are tested against."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import sympy
from sympy import Basic, Eq, Sum

from riskcalc.errors import InvalidInput
from riskcalc.formula.spectral_sum import SpectralSum
from riskcalc.numeric.mpmath_context import mp, ordinary
from riskcalc.numeric.mpmath_field import Mpmath

_GUARD = 10  # extra digits, so that cancellation between a few terms does not reach the digits asked for
_MOST_TERMS = 2_000_000

_FUNCTIONS: dict[str, Callable[..., Any]] = {
    "exp": mp.exp,
    "log": mp.log,
    "sin": mp.sin,
    "cos": mp.cos,
    "cot": mp.cot,
    "coth": mp.coth,
    "gamma": mp.gamma,
    "zeta": mp.zeta,
    "polygamma": mp.polygamma,
    "digamma": mp.digamma,
    "harmonic": mp.harmonic,
    "stieltjes": mp.stieltjes,
    "beta": mp.beta,
    "factorial": mp.factorial,
    "binomial": mp.binomial,
    "Abs": abs,
}
_CONSTANTS: dict[Any, Callable[[], Any]] = {
    sympy.pi: lambda: +mp.pi,
    sympy.E: lambda: +mp.e,
    sympy.EulerGamma: lambda: +mp.euler,
    sympy.I: lambda: mp.mpc(0, 1),
}


def evaluate(expression: Any, values: Mapping[Any, Any] | None = None, digits: int = 30) -> Any:
    """The value of a formula, as an mpmath number good to about `digits` digits.

    values: symbol (or its name) to number: int, Fraction, float, "17/5", complex or an mpmath number; an
        indexed letter such as x_n to a sequence, entry 1 first. An equation gives left side minus right side.
    Valid: every sum finite (v a whole number), at most 2e6 terms; sums are done term by term.
    Source: none: this is the definition.

    >>> import mpmath
    >>> from riskcalc.formula.dispersion import d1
    >>> mpmath.nstr(evaluate(d1(), {"a": 2, "v": 3, "u": 1}), 12)
    '0.8'
    """
    if isinstance(expression, str):
        raise InvalidInput("evaluate takes a formula, not text: build it from riskcalc.formula")
    with Mpmath().working(digits + _GUARD):
        known = {_name(key): _as_number(value) for key, value in (values or {}).items()}
        result = _value(sympy.sympify(expression, strict=True), known)
    with Mpmath().working(digits):
        return ordinary(+result)


def _value(node: Basic, known: dict[str, Any]) -> Any:
    if node.is_Rational:
        return mp.mpf(node.p) / node.q
    if node.is_Float:
        return mp.mpf(node._mpf_)
    if node in _CONSTANTS:
        return _CONSTANTS[node]()
    if node.is_Symbol:
        return _looked_up(node.name, known)
    if node.is_Add:
        return mp.fsum(_value(part, known) for part in node.args)
    if node.is_Mul:
        return mp.fprod(_value(part, known) for part in node.args)
    if node.is_Pow and isinstance(node.base, sympy.gamma) and node.exp.is_Integer:
        return mp.power(mp.rgamma(_value(node.base.args[0], known)), -int(node.exp))  # 0, not a pole, below the line
    if node.is_Pow:
        return mp.power(*(_value(part, known) for part in node.args))
    if isinstance(node, sympy.UnevaluatedExpr):
        return _value(node.args[0], known)
    if isinstance(node, SpectralSum):
        return _spectral_sum(node, known)
    if isinstance(node, sympy.Indexed):
        return _entry(node, known)
    if isinstance(node, Sum):
        return _finite_sum(node, known)
    if isinstance(node, Eq):
        return _value(node.lhs, known) - _value(node.rhs, known)
    if isinstance(node, sympy.Subs) and isinstance(node.expr, sympy.Derivative):
        return _derivative_at(node, known)
    name = type(node).__name__
    if name in _FUNCTIONS:
        return _FUNCTIONS[name](*(_value(part, known) for part in node.args))
    raise InvalidInput(f"no number for {name} in {node}: evaluate the expression inside it, or give a value")


def _spectral_sum(node: SpectralSum, known: dict[str, Any]) -> Any:
    if node.v == sympy.oo:
        raise InvalidInput("a sum over an infinite dimension is not summed term by term: put a number for v")
    terms = _count(_value(node.v, known), "v")
    p, a, u = (_value(part, known) for part in (node.p, node.a, node.u))
    bound, inside = node.g.variables[0].name, dict(known)
    body = node.g.expr

    def term(j: int) -> Any:
        inside[bound] = u * mp.power(j, a)
        return mp.power(j, -p) * _value(body, inside)

    return mp.fsum(term(j) for j in range(1, terms + 1))


def _finite_sum(node: Sum, known: dict[str, Any]) -> Any:
    (index, low, high), *more = node.limits
    if more:
        raise InvalidInput(f"only single sums are evaluated, not {node}")
    positions = range(int(_value(low, known)), _count(_value(high, known), str(high)) + 1)
    return mp.fsum(_value(node.function, {**known, index.name: mp.mpf(m)}) for m in positions)


def _derivative_at(node: sympy.Subs, known: dict[str, Any]) -> Any:
    """A derivative that has no name, such as zeta'(3/2), at its point: by differences at raised precision."""
    derivative = node.expr
    if len(node.variables) != 1 or derivative.variable_count[1:]:
        raise InvalidInput(f"only derivatives in one letter are evaluated, not {node}")
    (letter,), (_, order) = node.variables, derivative.variable_count[0]
    return mp.diff(
        lambda x: _value(derivative.expr, {**known, letter.name: x}), _value(node.point[0], known), int(order)
    )


def _entry(node: sympy.Indexed, known: dict[str, Any]) -> Any:
    sequence = _looked_up(f"{node.base.label.name}[]", known)
    position = int(_value(node.indices[0], known))
    if not 1 <= position <= len(sequence):
        raise InvalidInput(f"{node.base} has {len(sequence)} entries; entry {position} was needed")
    return sequence[position - 1]


def _count(value: Any, name: str) -> int:
    count = int(mp.re(value))
    if count != value or not 0 <= count <= _MOST_TERMS:
        shown = mp.nstr(value, 8)
        raise InvalidInput(f"{name} must be a whole number of terms up to {_MOST_TERMS}, not {shown}")
    return count


def _looked_up(name: str, known: dict[str, Any]) -> Any:
    if name not in known:
        given = ", ".join(sorted(known)) or "none"
        raise InvalidInput(f"no value for {name}: add it to the values (given: {given})")
    return known[name]


def _name(key: Any) -> str:
    if isinstance(key, sympy.IndexedBase):
        return f"{key.label.name}[]"
    return key if isinstance(key, str) else str(key.name)


def _as_number(value: Any) -> Any:
    if isinstance(value, str):
        from riskcalc.quantity import number

        return _as_number(number(value, "value"))
    if hasattr(value, "numerator") and hasattr(value, "denominator"):
        return mp.mpf(int(value.numerator)) / int(value.denominator)
    if isinstance(value, list | tuple) or getattr(value, "ndim", 0) == 1:
        return [_as_number(entry) for entry in value]
    if isinstance(value, Basic):
        return _value(value, {})
    return mp.mpmathify(value)
