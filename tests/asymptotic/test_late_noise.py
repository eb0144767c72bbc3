"""Label noise beyond gamma t = M^a: the derived exponents against slopes of the equivalent road's variance."""

import numpy as np
import pytest
import sympy

import riskcalc as rc
from riskcalc.asymptotic import shape
from riskcalc.asymptotic.late_noise import late_noise

NOISY = {"signal": rc.PowerLawSignal(b="5/2"), "noise": 1}


def variance(a, schedule, *, model_size, horizon):
    problem = rc.Problem(spectrum=rc.PowerLaw(a=a), **NOISY)
    run = rc.Run(problem, model_size=model_size, schedule=schedule, steps=[horizon])
    return rc.risk(run).variance[-1]


def exponents(a, form):
    leading = [term for term in late_noise(sympy.Rational(a), form) if term.holds == sympy.true]
    (term,) = leading
    return float(term.exponent("M")), float(term.exponent("t"))


def test_geometric_schedule_leaves_noise_over_features():
    in_size, in_time = exponents("2", shape.geometric())
    assert (in_size, in_time) == (1, -1)
    horizons = [10**8, 10**9, 10**10]
    found = [variance("2", rc.Geometric("1/10"), model_size=30, horizon=n) for n in horizons]
    effective = [n / np.log2(n) for n in horizons]
    gaps = np.abs(np.diff(np.log(found)) / np.diff(np.log(effective)) - in_time)
    assert gaps[1] < gaps[0] < 1e-3
    sizes = [20, 60, 180]
    found = [variance("2", rc.Geometric("1/10"), model_size=size, horizon=10**9) for size in sizes]
    gaps = np.abs(np.diff(np.log(found)) / np.diff(np.log(sizes)) - in_size)
    assert gaps[1] < gaps[0] / 2


@pytest.mark.parametrize(
    ("a", "schedule", "form"),
    [
        ("3/2", rc.Cosine("1/10"), shape.cosine()),
        pytest.param(
            "3", rc.Polynomial("1/10", power=1), shape.polynomial(sympy.Integer(1)), marks=pytest.mark.slow
        ),
    ],
)
def test_smooth_schedules_decay_as_derived(a, schedule, form):
    _, in_time = exponents(a, form)
    horizons = [10**7, 10**8, 10**9]
    found = [variance(a, schedule, model_size=30, horizon=n) for n in horizons]
    gaps = np.abs(np.diff(np.log(found)) / np.diff(np.log(horizons)) - in_time)
    assert gaps[1] < gaps[0] / 2


def test_it_meets_the_noise_inside_the_window_at_its_edge():
    from riskcalc.asymptotic.noise import label_noise

    a = sympy.Rational(3, 2)
    for form in (shape.geometric(), shape.cosine(), shape.polynomial(sympy.Integer(1))):
        inside = next(term for term in label_noise(a, form) if term.holds == sympy.true)
        (beyond,) = [term for term in late_noise(a, form) if term.holds == sympy.true]
        # gamma = 1, t = M^a
        assert inside.exponent("t") * a == beyond.exponent("t") * a + beyond.exponent("M")
