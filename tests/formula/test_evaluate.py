"""Numbers from formulas: against plain Python sums, at the precision asked for, and refused with a reason."""

from __future__ import annotations

from fractions import Fraction

import mpmath
import pytest
import sympy
from sympy import IndexedBase, Rational, Sum, Symbol, symbols

from riskcalc.errors import InvalidInput
from riskcalc.formula import evaluate, resolvent_sum
from riskcalc.formula.dispersion import d1, d2, dispersion, dispersion_slope, signal_sum
from riskcalc.formula.letters import u

VALUES = {"a": Fraction(3, 2), "b": Fraction(12, 5), "v": 40, "M": 10}


@pytest.mark.parametrize("point", [0.25, -1.7, 0.1 + 0.3j, -0.5 - 1e-3j])
def test_spectral_sums_equal_plain_sums(point):
    plain_d1 = sum(j**-1.5 / (j**-1.5 + point) for j in range(1, 41))
    plain_d2 = sum(j**-3.0 / (j**-1.5 + point) ** 2 for j in range(1, 41))
    plain_signal = sum(j**-2.4 / (j**-1.5 + point) for j in range(1, 41))
    for build, plain in ((d1, plain_d1), (d2, plain_d2), (signal_sum, plain_signal)):
        assert complex(evaluate(build(), {**VALUES, "u": point}, 20)) == pytest.approx(plain, rel=1e-13)


def test_rationals_are_exact_in_high_precision():
    value = evaluate(d1(), {"a": 2, "v": 3, "u": "1/3"}, 60)
    exact = sum(Fraction(1, j**2) / (Fraction(1, j**2) + Fraction(1, 3)) for j in range(1, 4))
    with mpmath.workdps(60):
        assert abs(value - mpmath.mpf(exact.numerator) / exact.denominator) < mpmath.mpf(10) ** -58


def test_precision_of_the_caller_is_left_alone():
    before = mpmath.mp.dps
    evaluate(d1(), {"a": 2, "v": 3, "u": 1}, 100)
    assert mpmath.mp.dps == before


def test_slope_of_the_dispersion_is_its_derivative():
    derivative = sympy.diff(dispersion(), u)
    point = {**VALUES, "u": 0.3 - 0.2j}
    with mpmath.workdps(40):
        assert abs(evaluate(derivative - dispersion_slope(), point, 40)) < mpmath.mpf(10) ** -38


def test_an_equation_gives_left_minus_right():
    from riskcalc.formula.dispersion import floor_equation

    assert evaluate(floor_equation(), {"a": 2, "v": 2, "M": 1, "u0": "1/2"}, 20) == 0


def test_indexed_sums():
    x, n = IndexedBase("x"), Symbol("n", integer=True)
    assert evaluate(Sum(x[n] * n, (n, 1, 3)), {x: [1, Fraction(1, 2), 2.0]}, 20) == 8


def test_special_functions():
    s = Symbol("s")
    with mpmath.workdps(30):
        value = evaluate(sympy.gamma(s) * sympy.zeta(s) + sympy.EulerGamma, {"s": Rational(5, 3)}, 30)
        expected = mpmath.gamma(mpmath.mpf(5) / 3) * mpmath.zeta(mpmath.mpf(5) / 3) + mpmath.euler
        assert abs(value - expected) < mpmath.mpf(10) ** -28


@pytest.mark.parametrize(
    "expression, values, reason",
    [
        (d1(), {"a": 2, "v": 3}, "no value for u"),
        (d1(), {"a": 2, "v": "5/2", "u": 1}, "v must be a whole number"),
        (d1(), {"a": 2, "v": 10**9, "u": 1}, "v must be a whole number of terms"),
        (resolvent_sum(2, 1, 2, u), {"u": 1}, "put a number for v"),
        (sympy.Function("Phi")(symbols("u")), {"u": 1}, "no number for Phi"),
        (IndexedBase("x")[4], {IndexedBase("x"): [1]}, "entry 4 was needed"),
    ],
)
def test_what_cannot_be_evaluated_says_why(expression, values, reason):
    with pytest.raises(InvalidInput, match=reason):
        evaluate(expression, values)


def test_one_over_gamma_at_its_pole_is_zero():
    x = sympy.Symbol("x")
    assert evaluate(3 / sympy.gamma(x), {"x": -2}) == 0
    assert evaluate(sympy.gamma(x) ** -2, {"x": 3}) == 1 / mpmath.mpf(4)
