"""Powers of exact numbers under large roots: they end, and have the value of the power."""

from __future__ import annotations

import mpmath
import pytest
import sympy
from sympy import Rational

from riskcalc.asymptotic import shape_of
from riskcalc.asymptotic.laurent import gamma_series
from riskcalc.asymptotic.outputs import critical_outputs
from riskcalc.asymptotic.raised import raised
from riskcalc.asymptotic.term_table import term_table
from riskcalc.formula.on_mpmath import on_mpmath
from riskcalc.numeric.mpmath_field import Mpmath
from riskcalc.scaling import Choice, data, exponents
from riskcalc.schedule import named_schedule

EXPONENTS = [Rational(-3, 4), Rational(-3_000_007, 7_000_001), Rational(5, 1009), Rational(1432, 997)]


@pytest.mark.parametrize("base", [Rational(211, 200), Rational(12), Rational(37, 1000), Rational(1432, 997)])
@pytest.mark.parametrize("exponent", EXPONENTS)
def test_the_value_is_that_of_the_power(base, exponent):
    with Mpmath().working(30):
        found = str(on_mpmath([], raised(base, exponent))())
    with mpmath.workdps(30):
        right = (mpmath.mpf(int(base.p)) / int(base.q)) ** (mpmath.mpf(int(exponent.p)) / int(exponent.q))
        assert abs(mpmath.mpf(found) / right - 1) < mpmath.mpf(10) ** -27


@pytest.mark.parametrize("schedule", ["multistep:1/2,3/4", "polynomial:1000003/7"])
def test_constants_beside_a_boundary_are_those_on_it(schedule):
    """Close by, where roots are large, every constant is close to the one where they are small."""
    shape, near = shape_of(named_schedule(schedule, step_size="1")), Rational(1, 10**7)
    here, beside = (term_table(Rational(2) + x, Rational(5, 2) + x, shape=shape) for x in (0, near))
    assert [term.name for term in here] == [term.name for term in beside]
    for one, other in zip(here, beside, strict=True):
        if one.constant is not None and not one.constant.has(sympy.Integral):
            with Mpmath().working(30):
                ratio = on_mpmath([], other.constant)() / on_mpmath([], one.constant)()
            assert abs(ratio - 1) < 1e-4, one.name


def test_exponents_on_a_boundary_under_drops():
    shape = shape_of(named_schedule("multistep:1/2,3/4", step_size="1"))
    budget = data(step_size=Choice.FREE)
    dropped, constant = (exponents(a=2, b=3, noise=1, budget=budget, **words) for words in ({"shape": shape}, {}))
    assert (dropped.loss_exponent, dropped.balance) == (constant.loss_exponent, constant.balance)


def test_outputs_of_many_digits_are_those_of_their_neighbour():
    found, near = (
        critical_outputs(a, b, against="F_0")[0].constant
        for a, b in ((Rational(1432, 997), Rational(4744, 991)), (Rational(1436, 1000), Rational(4787, 1000)))
    )
    with Mpmath().working(30):
        ratio = on_mpmath([], found)() / on_mpmath([], near)()
    assert abs(ratio - 1) < 1e-2


@pytest.mark.parametrize("depth", [0, 1, 5, 700])
def test_gamma_far_down_its_poles(depth):
    series = gamma_series(sympy.Integer(-depth), sympy.Integer(1), 3)
    with mpmath.workdps(70):
        step = mpmath.mpf(10) ** -12
        coefficients = [mpmath.mpf(str(one.evalf(70))) for one in series.coefficients]
        found = sum(one * step ** (series.lowest + n) for n, one in enumerate(coefficients))
        assert abs(found / mpmath.gamma(step - depth) - 1) < 1e-33
