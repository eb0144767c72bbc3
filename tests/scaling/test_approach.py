"""When the law begins to hold: what the next terms predict beside the exact equivalent minimised at real budgets."""

from __future__ import annotations

import math
from fractions import Fraction

import pytest
import sympy

import riskcalc as rc
from riskcalc.allocation import compute_optimal
from riskcalc.asymptotic import shape
from riskcalc.errors import InvalidInput
from riskcalc.scaling import Choice, Setting, compute, exponents

TWENTIETH, HUNDREDTH = Fraction(1, 20), Fraction(1, 100)


def closer(predicted, exact, limit):
    """How much of the distance to the limit the prediction leaves unexplained."""
    return abs(predicted - exact) / abs(limit - exact)


def test_the_prediction_explains_the_distance_from_the_derived_exponents():
    problem = rc.Problem(spectrum=rc.PowerLaw(a="3/2"), signal=rc.PowerLawSignal(b=2))
    found = compute_optimal(problem, compute="1e5", step_size="1/5")
    predicted, derived = found.approach.local(10**5.5), found.asymptotic
    assert closer(predicted.loss_exponent, found.local.loss_exponent, float(derived.loss_exponent)) < 0.35
    assert closer(predicted.model_size_exponent, found.local.model_size_exponent, 0.4) < 0.35


@pytest.mark.slow
@pytest.mark.parametrize(("ratio", "compute"), [(2, "1e27"), (4, "1e27"), (4, "1e15"), (8, "1e26")])
def test_a_law_that_no_budget_shows(ratio, compute):
    """a = 27/50, b = 67/25: 2 a - 1 is 2/25, and the far end of the spectrum dies away like C^-0.035."""
    problem = rc.Problem(spectrum=rc.PowerLaw(a="27/50", dimension=2), signal=rc.PowerLawSignal(b="67/25"))
    found = compute_optimal(problem, compute=compute, ratio=ratio, stable_fraction="1/2")
    predicted = found.approach.local(float(compute) * 10**0.5)
    assert closer(predicted.loss_exponent, found.local.loss_exponent, 276 / 923) < 0.15
    assert closer(predicted.model_size_exponent, found.local.model_size_exponent, 4000 / 6461) < 0.15


def test_budgets_and_rates_of_a_slow_law():
    found = exponents(a="27/50", b="67/25").approach()
    assert found.rate == Fraction(228, 6461)
    assert 10 < found.loss[TWENTIETH] < 30 < found.loss[HUNDREDTH]
    assert not found.orders
    quick = exponents(a=2, b="5/2").approach()
    assert quick.rate == Fraction(1, 6)
    assert quick.loss[HUNDREDTH] < 10


@pytest.mark.parametrize("b", ["4", "5", "6", "7"])
def test_where_a_constant_that_does_not_lead_has_a_pole_nothing_jumps(b):
    """b = 1 + 2 a, 1 + 3 a: the sine of the floor; b = 2 + a, 2 + 2 a: a Gamma below the line of the distorted bias."""
    places = [Fraction(b) + shift for shift in (-Fraction(1, 50), 0, Fraction(1, 50))]
    near = [exponents(a=2, b=place).approach().loss[HUNDREDTH] for place in places]
    assert 3 < min(near) < 9
    assert max(near) - min(near) < 0.5


def test_label_noise_at_a_slow_corner_turns_late():
    """a = 3/10, b = 2: gamma t itself grows only like C^0.039."""
    found = exponents(a="3/10", b=2, noise=1).approach()
    assert found.rate == Fraction(9, 230)
    assert found.next == "1/(gamma t)"
    assert found.loss[HUNDREDTH] > 30


def test_the_local_exponent_is_the_slope_of_the_minimum():
    """The envelope theorem against differences of the minimised sum."""
    linear, free = shape.polynomial(sympy.Integer(1)), compute(step_size=Choice.FREE)
    near = exponents(a="9/4", b="5/2", noise=1, shape=linear, budget=free).approach()
    here, there = near.minimum(1e20), near.minimum(1e20 * 1.0001)
    slope = -(there - here) / math.log(1.0001)
    assert slope == pytest.approx(near.local(1e20).loss_exponent, rel=1e-3)


def test_constants_that_are_not_derived_are_said():
    """Noise beyond gamma t = M^a in a finite dimension; kernels that build up slowly near a = 1."""
    late = exponents(a="4/5", b="3/2", noise=1, schedule="cosine").approach()
    for words in (late, exponents(a="11/10", b=2).approach()):
        assert words.orders
        assert "about" in " ".join(words.words())


def test_with_logarithms_no_power_of_the_budget_is_enough():
    found = exponents(a=2, b=3).approach()
    assert found.rate == 0
    assert "log(budget)" in found.words()[0]
    with pytest.raises(InvalidInput, match="logarithms"):
        found.local(1e10)


def test_a_shape_of_setting_is_checked():
    for words in ({"ratio": 1}, {"stable_fraction": 1}, {"noise": -1}, {"step_size": 0}, {"batch_size": 0}):
        with pytest.raises(InvalidInput, match=next(iter(words))):
            Setting(**words)
    with pytest.raises(InvalidInput, match="stable"):
        exponents(a=2, b=2).approach(Setting(step_size=5))
