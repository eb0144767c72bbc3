"""The two kinds of number, and traps of the libraries behind them that our own code must not fall into."""

from __future__ import annotations

import pickle
from fractions import Fraction

import flint
import mpmath
import pytest
import sympy

from riskcalc import Arb, Mpmath
from riskcalc.formula.compiled import compiled
from riskcalc.numeric.decimals import decimal_text, significant
from riskcalc.numeric.field import Field

FIELDS = [Arb(), Mpmath()]


@pytest.mark.parametrize("field", FIELDS, ids=str)
def test_they_are_fields(field):
    assert isinstance(field, Field)
    assert pickle.loads(pickle.dumps(field)) == field


@pytest.mark.parametrize("field", FIELDS, ids=str)
def test_precision_is_scoped(field):
    before = flint.ctx.dps, mpmath.mp.dps
    with field.working(200):
        third = field.rational(field.real(Fraction(1, 3)))
    assert abs(third - Fraction(1, 3)) < Fraction(1, 10**199)
    with pytest.raises(ZeroDivisionError), field.working(200):
        Fraction(1, 0)
    assert (flint.ctx.dps, mpmath.mp.dps) == before


@pytest.mark.parametrize("field", FIELDS, ids=str)
def test_elements_travel_as_rationals(field):
    with field.working(60):
        x = field.exp(field.real(Fraction(-700, 3)))
        exact = pickle.loads(pickle.dumps(field.rational(x)))
        assert field.real(exact) - field.middle(x) == 0


@pytest.mark.parametrize("field", FIELDS, ids=str)
def test_rationals_stay_exact_in_compiled_formulas(field):
    """SymPy's own translation writes 1/3 as a float, and the ball then misses the value."""
    x = sympy.Symbol("x")
    with field.working(50):
        found = compiled(x * sympy.Rational(1, 3) + sympy.sqrt(x) / 7, [x], field)(field.real(4))
        gap = abs(field.rational(found) - (Fraction(4, 3) + Fraction(2, 7)))
        assert gap < Fraction(1, 10**48)
        if field.radius(found) is not None:
            assert gap <= Fraction(10) ** int(field.radius(found) + 1)


def test_an_undecided_comparison_proves_nothing():
    """Balls that overlap are neither inside each other nor ordered."""
    field = Arb()
    wide, other = field.widen(field.real(1), -1), field.widen(field.real(Fraction(21, 20)), -1)
    assert not field.inside(wide, other)
    assert not field.inside(other, wide)
    assert not wide < other
    assert not wide > other
    assert field.inside(field.real(1), wide)


def test_widening_never_shrinks():
    field = Arb()
    for exponent in (-400.5, -30.0, -0.1, 3.0):
        assert field.radius(field.widen(field.real(1), exponent)) >= exponent


def test_sums_are_not_left_to_sympy():
    """`Sum.evalf` returns 0 for sums like ours at large parameters; our own sum at the same parameters does not."""
    from riskcalc.numeric.precise_sum import PowerLawTables

    for size in (100, 10**8):
        for field in FIELDS:
            with field.working(40):
                tables = PowerLawTables(field, a=Fraction(2), dimension=4000, powers=(Fraction(12, 5),), digits=30)
                found = field.rational(tables.at(field.real(size))[0][0])
            plain = sum(Fraction(j**-2.4) for j in range(1, 4001)) / size
            assert abs(found / plain - 1) < Fraction(1, 50)


def test_decimal_text():
    assert significant(Fraction(1, 3), 40) == "0." + "3" * 40
    assert significant(Fraction(10**30, 7), 5) == "1.4286e+29"
    assert decimal_text(Fraction(5, 2), place=0) == "2"
    assert significant(Fraction(1, 7 * 10**500), 3) == "1.43e-501"
