"""Allocation as the number of outputs grows with the budget: closed forms, continuity, and the programme at points."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

import pytest
import sympy

from riskcalc.asymptotic.shape import geometric
from riskcalc.errors import InvalidInput
from riskcalc.scaling import Choice, compute, exponents, output_regimes
from riskcalc.scaling.outputs import X


def at(expression, x):
    return Fraction(str(sympy.sympify(expression).subs(X, sympy.Rational(x.numerator, x.denominator))))


@pytest.mark.parametrize("b", [2, "29/10"])
def test_above_the_spectrum_noise_always_matters(b):
    (regime,) = output_regimes(a=2, b=b, pay_for_outputs=False)
    b = sympy.Rational(str(b))
    assert sympy.simplify(regime.exponents["M"] - (1 - X) / (b + 1)) == 0
    assert sympy.simplify(regime.loss + (b - 1) * (1 - X) / (b + 1)) == 0
    assert regime.balance == ("F_0", "F_pp", "noise")


@pytest.mark.parametrize("a, b", [(2, "3/2"), (3, 2)])
def test_below_the_spectrum_noise_matters_from_a_number_on(a, b):
    first, second = output_regimes(a=a, b=b, pay_for_outputs=False)
    a, b = Fraction(str(a)), Fraction(str(b))
    assert first.high == second.low == (a - b) / (a + 1)
    assert (first.balance, second.balance) == (("F_0", "F_pp"), ("F_0", "F_pp", "noise"))
    assert at(first.exponents["M"], Fraction(0)) == 1 / (a + 1)
    assert at(first.exponents["gamma"], Fraction(0)) == 0
    for x in (second.low, Fraction(1, 2)):
        assert at(second.exponents["M"], x) == (1 - x) / (b + 1)


@pytest.mark.parametrize(
    "b, pay, normalisation",
    [
        pytest.param("3/2", False, "total", marks=pytest.mark.slow),
        ("5/2", True, "total"),
        pytest.param("5/2", True, "every", marks=pytest.mark.slow),
    ],
)
def test_regimes_are_what_the_programme_says_at_points(b, pay, normalisation):
    regimes = output_regimes(a=2, b=b, normalisation=normalisation, pay_for_outputs=pay)
    for regime in regimes:
        x = regime.low + Fraction(2, 5) * (regime.high - regime.low)
        budget = compute(step_size=Choice.FREE, outputs=x, pay_for_outputs=pay)
        found = exponents(a=2, b=b, noise=True, budget=budget, shape=geometric(), normalisation=normalisation)
        assert found.loss_exponent == -at(regime.loss, x)
        for name, value in found.exponents.items():
            assert value.low <= at(regime.exponents[name], x) <= value.high
    for before, after in pairwise(regimes):
        assert before.high == after.low
        assert at(before.loss, before.high) == at(after.loss, after.low)


def test_nothing_is_learnt_beyond_the_last_range():
    """Paying for all entries, noise of order P per step cannot be averaged away from P = C^(1/2) on."""
    last = output_regimes(a=2, b="5/2")[-1]
    assert last.high == Fraction(1, 2)
    assert at(last.loss, last.high) == 0


def test_one_output_is_the_old_question():
    one = exponents(a=2, b="5/2", noise=True, budget=compute(step_size=Choice.FREE), shape=geometric())
    budget = compute(step_size=Choice.FREE, outputs=0)
    many = exponents(a=2, b="5/2", noise=True, budget=budget, shape=geometric(), normalisation="total")
    assert (one.loss_exponent, one.exponents["M"]) == (many.loss_exponent, many.exponents["M"])


def test_what_is_refused():
    growing = compute(step_size=Choice.FREE, outputs="1/4")
    with pytest.raises(InvalidInput, match="need both"):
        exponents(a=2, b=2, budget=growing)
    with pytest.raises(InvalidInput, match="need both"):
        exponents(a=2, b=2, normalisation="total")
    with pytest.raises(InvalidInput, match="from 0 to below 1"):
        compute(outputs=2)
    with pytest.raises(InvalidInput, match="beyond gamma t"):
        exponents(a=2, b=2, noise=True, budget=compute(outputs="1/4"), shape=geometric(), normalisation="total")
