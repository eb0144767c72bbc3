"""Schedules that move and do not end at zero: leading terms against the equivalent on a ladder of sizes."""

from __future__ import annotations

import numpy as np
import pytest
import sympy

import riskcalc as rc
from riskcalc.asymptotic import shape_of
from riskcalc.asymptotic.noise import label_noise
from riskcalc.errors import InvalidInput
from riskcalc.scaling import exponents

FLOOR = rc.Cosine("3/10", floor="1/10")
SCHEDULES = [
    FLOOR,
    rc.WarmupStableDecay("3/10", floor="1/4", shape="1-sqrt"),
    rc.MultiStep("3/10", milestones=["1/2", "3/4"], factor="1/3"),
    rc.InverseSquareRoot("3/10", fraction="1/50"),
    rc.Warmup(FLOOR, fraction="1/10"),
    rc.Warmup(FLOOR, steps=900),
]
QUICK = SCHEDULES[:3:2]  # one whose end is smooth, one in steps
REST = [one for one in SCHEDULES if one not in QUICK]


def errors(schedule, *, b, size):
    problem = rc.Problem(spectrum=rc.PowerLaw(a=2), signal=rc.PowerLawSignal(b=b), noise=1)
    run = rc.Run(problem, model_size=size, schedule=schedule, steps=[size])
    found, right = rc.risk(run, method=rc.Asymptotic()), rc.risk(run)
    return np.array([found.bias[0] / right.bias[0] - 1, found.variance[0] / right.variance[0] - 1])


@pytest.mark.parametrize(
    "schedule", [*QUICK, *(pytest.param(one, marks=pytest.mark.slow) for one in REST)], ids=str
)
def test_bias_and_variance_are_met_as_the_run_grows(schedule):
    """At a = 2, b = 12/5 and t = M: the bias to the order t^-1/2, the variance to that of the kernel's tail, t^-1/2."""
    near, far = (np.abs(errors(schedule, b="12/5", size=size)) for size in (10**5, 10**7))
    assert far.max() < 1e-2
    orders = np.log10(near / far) / 2
    assert np.abs(orders - 0.5).max() < 0.07, (near, far)


@pytest.mark.slow
@pytest.mark.parametrize("schedule", SCHEDULES[:4], ids=str)
def test_so_is_the_noise_of_the_early_bias(schedule):
    """Above b = a + 1 it is made at the first step size and fed back once more at the last one."""
    near, far = (np.abs(errors(schedule, b="7/2", size=size)) for size in (10**6, 10**8))
    orders = np.log10(near / far) / 2
    assert np.abs(orders - 0.5).max() < 0.03, (near, far)


def test_the_digits_are_those_of_the_floats():
    problem = rc.Problem(spectrum=rc.PowerLaw(a=2), signal=rc.PowerLawSignal(b="12/5"), noise=1)
    for schedule in SCHEDULES[2:4]:
        run = rc.Run(problem, model_size=10**6, schedule=schedule, steps=[10**6])
        floats, digits = (rc.risk(run, method=rc.Asymptotic(digits=many)) for many in (None, 20))
        np.testing.assert_allclose(digits.excess, floats.excess, rtol=1e-12)


def test_the_constant_of_the_noise_is_that_of_the_last_step_size():
    a = sympy.Integer(2)
    (found,), (right,) = (label_noise(a, shape_of(one)) for one in (FLOOR, rc.Constant(1)))
    assert sympy.simplify(found.constant - right.constant / 10) == 0
    slow = label_noise(sympy.Rational(3, 4), shape_of(FLOOR), sympy.Symbol("r", positive=True))
    assert slow[0].constant is None  # the whole run enters it


def test_nothing_but_the_end_is_answered():
    problem = rc.Problem(spectrum=rc.PowerLaw(a=2), signal=rc.PowerLawSignal(b="12/5"))
    run = rc.Run(problem, model_size=10**6, schedule=FLOOR, steps=[10**4, 10**6])
    with pytest.raises(InvalidInput, match="are those at its end"):
        rc.risk(run, method=rc.Asymptotic())


def test_a_slow_spectrum_has_no_constant_there():
    problem = rc.Problem(spectrum=rc.PowerLaw(a="3/4", dimension=10**5), signal=rc.PowerLawSignal(b="6/5"), noise=1)
    run = rc.Run(problem, model_size=10**4, schedule=rc.Cosine("1/1000", floor="1/10"), steps=[10**5])
    with pytest.raises(InvalidInput, match="at constant step size only"):
        rc.risk(run, method=rc.Asymptotic())


@pytest.mark.parametrize(
    "a, b", [("2", "5/2"), *(pytest.param(*at, marks=pytest.mark.slow) for at in (("3/2", "2"), ("3/4", "6/5")))]
)
def test_exponents_are_those_of_a_constant_step(a, b):
    right = exponents(a=a, b=b, noise=True, shape=shape_of(rc.Constant("3/10")))
    for schedule in SCHEDULES[:3:2]:
        found = exponents(a=a, b=b, noise=True, shape=shape_of(schedule))
        assert found.loss_exponent == right.loss_exponent
        assert found.model_size_exponent == right.model_size_exponent


def test_steps_are_nothing_in_a_run_without_end_and_shares_in_one_with_an_end():
    warmed, drops = rc.Warmup(rc.Polynomial(1, power=1), steps=100), rc.MultiStep(1, milestones=[100, 300])
    assert shape_of(warmed).clock == shape_of(rc.Polynomial(1, power=1)).clock
    assert shape_of(warmed, horizon=1000).clock * 20 == 10  # 50 + 450 of 1000
    assert shape_of(drops).clock * 100 == 1
    assert shape_of(drops, horizon=1000).clock * 1000 == 100 + 20 + 7
    assert shape_of(rc.Warmup(rc.Geometric(1), steps=5)).clock == shape_of(rc.Geometric(1)).clock
    with pytest.raises(InvalidInput, match="give the warm-up in steps"):
        shape_of(rc.Warmup(rc.Geometric(1), fraction="1/5"))
    with pytest.raises(InvalidInput, match="as a fraction of the run"):
        shape_of(rc.InverseSquareRoot(1, timescale=5))
    with pytest.raises(InvalidInput, match=r"floor=0\.1 is a float"):
        shape_of(rc.Warmup(rc.Cosine(1, floor=0.1), steps=5))
