"""Label noise beyond gamma t = M^a: the derived exponents against slopes of the equivalent road's variance."""

import math
from fractions import Fraction

import numpy as np
import pytest
import sympy

import riskcalc as rc
from riskcalc.asymptotic import shape
from riskcalc.asymptotic.late_noise import late_noise
from riskcalc.formula import letters as letters_of

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


def of_unit_noise(schedule, *, model_size, horizon):
    """The variance at a = 2 that a unit of label noise leaves: the floor drives it too."""
    problem = rc.Problem(spectrum=rc.PowerLaw(a=2), **NOISY)
    curve = rc.risk(rc.Run(problem, model_size=model_size, schedule=schedule, steps=[horizon]))
    return curve.variance[-1] / (1 + curve.approximation)


def leading(terms, *, model_size, gamma, steps):
    """The terms at a = 2 added up in numbers, at noise 1."""
    at = {letters_of.a: 2}
    letters = {"M": model_size, "gamma": gamma, "t": steps, "B": 1, "sigma2": 1}
    return sum(
        float(term.constant.subs(at))
        * np.prod([letters[name] ** float(power.subs(at)) for name, power in term.exponents.items()])
        for term in terms
    )


def test_constants_beyond_the_window():
    """Geometric: M/(8 log 2 t). Cosine: both ends of the spectrum, rho^q Gamma's M^(1 - a q) + zeta(a q), q = 1/3."""
    gaps = []
    for horizon in (10**5, 10**6, 10**7):
        found = of_unit_noise(rc.Geometric("1/100"), model_size=30, horizon=horizon)
        steps = horizon / np.log2(horizon)
        told = leading(late_noise(letters_of.a, shape.geometric()), model_size=30, gamma=0.01, steps=steps)
        gaps.append(abs(told / found - 1))
    assert gaps[2] < 2e-3
    assert gaps[2] < gaps[1] / 2 < gaps[0] / 4
    for size, share in ((30, 0.03), (300, 0.005)):
        found = of_unit_noise(rc.Cosine("1/100"), model_size=size, horizon=10**9)
        told = leading(late_noise(letters_of.a, shape.cosine()), model_size=size, gamma=0.01, steps=10**9)
        assert told == pytest.approx(found, rel=share)


def test_the_constant_of_the_geometric_schedule_inside_the_window():
    """Gamma(1 - 1/a) (1 - 2^(1/a - 1))/(1 - 2^(-1/a)) 2^(1/a)/(4 a), a sum over stages, with the feedback of each."""
    from riskcalc.asymptotic.noise import label_noise
    from riskcalc.asymptotic.noise_at_the_end import amplification

    terms, horizon = label_noise(sympy.Integer(2), shape.geometric()), 10**8
    for gamma, share in (("1/1000", 1e-3), ("3/10", 1e-2)):
        found = of_unit_noise(rc.Geometric(gamma), model_size=10**5, horizon=horizon)
        size = float(Fraction(gamma))
        told = leading(terms, model_size=10**5, gamma=size, steps=horizon / np.log2(horizon))
        fed = amplification(shape.geometric(), Fraction(2), step_size=size, batch_size=1)
        next_order = -1 / (16 * math.log(2) * horizon / np.log2(horizon))  # zeta(0) for sum_j 1
        assert told * fed + next_order == pytest.approx(found, rel=share)
    assert fed > 1.15
