"""When the law begins to hold: what the next terms predict beside the exact equivalent minimised at real budgets."""

from __future__ import annotations

import math
from fractions import Fraction

import pytest
import sympy
from scipy.optimize import minimize_scalar

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


# The equivalent minimised over M (and gamma, where it is free) half a decade below and above each budget, as
# `minimised` does it. Questions, the decade, the local exponents of loss and M.
MINIMISED = [
    ({"a": 2, "b": 5, "schedule": "geometric"}, 14, 0.7278, 0.4834),
    ({"a": 2, "b": "5/2", "noise": 1, "schedule": "geometric"}, 12, 0.4078, 0.2533),
    ({"a": 2, "b": "5/2", "noise": "1/100", "schedule": "cosine"}, 10, 0.4733, 0.3198),
    ({"a": 2, "b": "5/2", "noise": "1e-6", "schedule": "cosine"}, 12, 0.4993, 0.3342),
    ({"a": 2, "b": "5/2", "noise": "1e-4", "step_size": "free"}, 10.5, 0.3779, 0.2582),
    ({"a": 2, "b": "5/2", "noise": "1e-4", "step_size": "free", "schedule": "cosine"}, 10, 0.4995, 0.3322),
    ({"a": 2, "b": "7/2", "noise": "1/100", "budget": "data"}, 10, 0.5554, None),
    ({"a": "11/10", "b": "3/2"}, 9.5, 0.2279, None),
]


@pytest.mark.parametrize(("asked", "decades", "loss", "size"), MINIMISED)
def test_local_exponents_are_those_of_the_equivalent(asked, decades, loss, size):
    """Early optima that turn late, weak noise, real steps, stable limits, models without bound."""
    found = exponents(**asked)
    predicted = found.approach().local(10**decades)
    distance = max(abs(loss - float(found.loss_exponent)), 1e-3)
    assert abs(predicted.loss_exponent - loss) < 0.3 * distance
    if size is not None:
        assert abs(predicted.model_size_exponent - size) < 0.3 * abs(size - float(found.model_size_exponent))


def minimised(problem, schedule, decades):
    """log M and log of the excess at a budget, by the equivalent at real model sizes."""
    budget = 10**decades

    def excess(log_size):
        size = math.exp(log_size)
        run = rc.Run(problem, model_size=size, schedule=schedule, steps=[round(budget / size)])
        return math.log(rc.risk(run, method=rc.Equivalent()).excess[0])

    found = minimize_scalar(excess, bracket=(0.3 * decades * math.log(10), 0.35 * decades * math.log(10)), tol=1e-5)
    return found.x, found.fun


@pytest.mark.slow
@pytest.mark.parametrize(("asked", "decades", "loss", "size"), MINIMISED[:3])
def test_the_minima_on_record_are_those_of_the_equivalent(asked, decades, loss, size):
    noise = asked.get("noise", 0)
    problem = rc.Problem(spectrum=rc.PowerLaw(a=2), signal=rc.PowerLawSignal(b=asked["b"]), noise=noise)
    step_size = exponents(**asked).approach()._road.unit  # half the largest stable one
    schedule = {"geometric": rc.Geometric, "cosine": rc.Cosine}[asked["schedule"]](step_size)
    (size_below, below), (size_above, above) = (minimised(problem, schedule, decades + half) for half in (-0.5, 0.5))
    assert -(above - below) / math.log(10) == pytest.approx(loss, abs=1e-3)
    assert (size_above - size_below) / math.log(10) == pytest.approx(size, abs=3e-3)


@pytest.mark.slow
def test_weak_noise_takes_over_where_it_is_as_large_as_the_floor():
    """F_0 = F_pp falls like C^(-1/2), noise like C^(-1/3) sigma2: they meet at C^(1/6) ~ 1/sigma2."""
    begins = [
        exponents(a=2, b="5/2", noise=noise, schedule="cosine").approach().loss[TWENTIETH]
        for noise in ("1e-6", "1e-12", "1e-18")
    ]
    assert begins[1] - begins[0] == pytest.approx(36, abs=1.5)
    assert begins[2] - begins[1] == pytest.approx(36, abs=1.5)


def test_what_costs_nothing_is_taken_without_bound():
    found = exponents(a=2, b="7/2", noise="1/100", budget="data").approach()
    assert found.free == ("M",)
    assert "M without bound" in " ".join(found.words())
    assert found.loss[HUNDREDTH] < 6
    assert not found.model_size


def test_a_geometric_schedule_is_as_slow_as_its_logarithm():
    found = exponents(a=2, b=5, schedule="geometric").approach()
    assert found.rate == 0
    # eta (1 - 1/log C) is within 1 % of eta from log C = 100 on
    assert found.loss[HUNDREDTH] == pytest.approx(100 / math.log(10), abs=2)
    assert "1/log(budget)" in found.words()[0]


def test_the_noise_of_the_question_is_that_of_the_approach():
    asked = exponents(a=2, b="5/2", noise="1e-6", step_size="free")
    assert asked.approach().setting.noise == Fraction(1, 10**6)
    assert asked.approach(Setting(noise=1)).setting.noise == 1
    diagram = rc.phase_diagram(noise="1e-6", step_size="free")
    assert diagram.at(2, "5/2").approach().loss == asked.approach().loss


def test_where_nothing_is_told_it_is_said_why():
    still = exponents(a=2, b="5/2", noise=1).approach()
    assert not still.loss
    assert "does not fall" in " ".join(still.words())
    near = exponents(a=2, b="101/100").approach()
    assert near.loss or near.why
    assert "at its next order" in exponents(a=2, b="5/2").approach().next
