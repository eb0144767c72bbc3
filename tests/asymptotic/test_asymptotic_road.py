"""The road `Asymptotic`: what it claims, what it refuses, and that its constants are those of the theory."""

from __future__ import annotations

import math
import subprocess
import sys
from fractions import Fraction

import mpmath
import numpy as np
import pytest
import sympy

import riskcalc as rc
from riskcalc.asymptotic import power_law_exponents, shape_of
from riskcalc.asymptotic.feedback import early_bias, kernel_mass, stability
from riskcalc.asymptotic.noise import label_noise
from riskcalc.asymptotic.noise_at_the_end import noise_constant
from riskcalc.asymptotic.shape import polynomial, warmup_stable_decay
from riskcalc.asymptotic.values import constant_value, floor_constant_value
from riskcalc.errors import InvalidInput, UnstableRun


def _run(a="2", b="7/2", *, size="1e6", steps=(10**6,), schedule=None, noise=0, dimension=None, scales=(1, 1), B=1):
    problem = rc.Problem(
        spectrum=rc.PowerLaw(a=a, dimension=dimension, scale=scales[0]),
        signal=rc.PowerLawSignal(b=b, scale=scales[1]),
        noise=noise,
    )
    schedule = schedule or rc.Constant("3/10")
    return rc.Run(problem, model_size=size, schedule=schedule, steps=steps, batch_size=B)


def test_importing_the_package_loads_nothing_heavy():
    heavy = ("sympy", "matplotlib", "scipy.stats", "mpmath")
    script = f"import sys, riskcalc; print([name for name in {heavy!r} if name in sys.modules])"
    found = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"


def test_the_curve_says_what_it_is_and_adds_up():
    curve = rc.risk(_run(steps=(10**4, 10**6, 10**9), noise="1/10"), method=rc.Asymptotic())
    assert (str(curve.claim), str(curve.warrant)) == ("leading order", "symbolic")
    assert np.array_equal(curve.excess, curve.approximation + curve.bias + curve.variance)
    assert curve.irreducible == 0.1
    assert rc.RiskCurve.from_json(curve.to_json()) == curve


def test_kappa_and_early_bias_against_plain_sums():
    a, b, gamma, batch = 2.0, 3.5, 0.3, 4
    q = [1 - 2 * gamma * x + gamma**2 * (1 + 1 / batch) * x**2 for x in np.arange(1, 400.0) ** -a]
    j = np.arange(1, 400.0)
    kappa = sum(gamma**2 / batch * j ** (-2 * a) / (1 - np.array(q)))
    kappa += gamma / (2 * batch) * float(mpmath.zeta(a, 400))  # 1 - q = 2 gamma x there, to 1e-6 of the tail
    found = kernel_mass(Fraction(2), np.array([gamma]), batch_size=batch, dimension=None)[0]
    assert found == pytest.approx(kappa, rel=1e-7)
    total = sum(j**-b / (1 - np.array(q))) + float(mpmath.zeta(b - a, 400)) / (2 * gamma)
    settings = {"step_size": gamma, "batch_size": batch, "dimension": None}
    assert early_bias(Fraction(2), Fraction(7, 2), **settings) == pytest.approx(total, rel=1e-7)


def test_stability_is_that_of_a_large_model():
    found = stability(Fraction(2), step_size=0.3, batch_size=1, dimension=None)
    curve = rc.Equivalent().curve(_run(size="1e9"))
    assert found.kappa == pytest.approx(curve.method["kappa"], rel=1e-8)
    mass = kernel_mass(Fraction(2), np.array([found.largest_step_size]), batch_size=1, dimension=None)[0]
    assert mass == pytest.approx(1, rel=1e-9)
    assert stability(Fraction(2), step_size=0.3, batch_size=10**15, dimension=None).largest_step_size < 2.001


@pytest.mark.parametrize("force", [False, True])
def test_an_unstable_run_has_no_leading_order(force):
    with pytest.raises(UnstableRun, match="largest stable constant step size"):
        rc.Asymptotic().curve(_run(schedule=rc.Constant("9/10")), force=force)


def test_scales_go_into_the_step_size_and_the_bias():
    plain = rc.Asymptotic().curve(_run(steps=(10**5,), noise=1))
    moved = rc.Asymptotic().curve(_run(steps=(10**5,), noise=5, schedule=rc.Constant("3/20"), scales=(2, 5)))
    assert moved.excess[0] == pytest.approx(5 * plain.excess[0], rel=1e-12)


@pytest.mark.parametrize(
    "run, reason",
    [
        ({"steps": (0, 10**6)}, "step 0 lies outside the window 1 <= gamma t <= M\\^a.*from 3.33333 to 3.33333e"),
        ({"steps": (10**13,)}, "outside the window"),
        ({"a": 2.5}, "write a='5/2'"),
        ({"a": "1", "b": "3/2", "dimension": 10**7}, "logarithms"),
        ({"a": "1/2", "b": "3/2", "dimension": 10**7, "schedule": rc.Constant("1e-4")}, "logarithms"),
        ({"a": "4/5", "b": "1", "dimension": 10**7}, "not above 1"),
        ({"schedule": rc.Geometric("3/10")}, "no constants"),
        ({"schedule": rc.Custom([0.1] * 100), "steps": (100,)}, "no exponents are derived for the schedule 'custom'"),
        ({"schedule": rc.Cosine("3/10"), "steps": (10, 100)}, "steps=\\[100\\] alone"),
        ({"schedule": rc.WarmupStableDecay("3/10", warmup="1/10")}, "after a warmup"),
        ({"a": "4/5", "b": "2", "dimension": 10**7, "schedule": rc.Cosine("1e-3")}, "constant step size only"),
    ],
)
def test_refusals_name_the_condition_and_the_remedy(run, reason):
    with pytest.raises(InvalidInput, match=reason):
        rc.Asymptotic().curve(_run(**run))


def test_only_power_laws_have_exponents():
    problem = rc.Problem(spectrum=rc.ExplicitSpectrum([1, 0.5]), signal=rc.ExplicitSignal([1, 1]))
    with pytest.raises(InvalidInput, match="power laws"):
        power_law_exponents(problem)


def test_shapes_of_schedules():
    assert shape_of(rc.Constant(1)).end_power == 0
    assert shape_of(rc.Polynomial(1, power="3/2")).end_power == sympy.Rational(3, 2)
    assert shape_of(rc.Polynomial(1, power=0)).name == "constant"
    assert shape_of(rc.Cosine(1)).end_power == 2
    assert shape_of(rc.Geometric(1)).end_power == sympy.oo
    assert shape_of(rc.WarmupStableDecay(1, decay="1/4", warmup="1/8")).clock == 1 - sympy.Rational(3, 16)
    with pytest.raises(InvalidInput, match="write power='1/2'"):
        shape_of(rc.Polynomial(1, power=0.5))


def test_finite_dimension_constants():
    """rho against the integral that defines it."""
    for a, ratio in ((0.4, 4.0), (0.8, 3.0), (2.0, 10.0)):
        rho = floor_constant_value(a, ratio)
        integral = mpmath.quad(lambda x, a=a, rho=rho: 1 / (1 + rho * x**a), [0, 0.1, 1, ratio])
        assert float(integral) == pytest.approx(1, rel=1e-12)


def test_noise_of_a_decaying_schedule_is_the_tables_at_vanishing_step_size():
    a, settings = Fraction(3, 2), {"step_size": 1e-9, "batch_size": 1, "dimension": None}
    for power in (sympy.Integer(1), sympy.Integer(2), sympy.Rational(7, 2)):
        (term,) = label_noise(sympy.Rational(3, 2), polynomial(power))
        found = noise_constant(polynomial(power), a, **settings)
        assert found == pytest.approx(constant_value(term, a=1.5, ratio=None), rel=1e-6)


def test_noise_of_a_profile_in_pieces():
    """Decay over the whole run, as a piecewise profile, is linear decay."""
    whole = warmup_stable_decay(sympy.Integer(1))
    settings = {"step_size": 0.3, "batch_size": 2, "dimension": None}
    left = noise_constant(whole, Fraction(3, 2), **settings)
    right = noise_constant(polynomial(sympy.Integer(1)), Fraction(3, 2), **settings)
    assert left == pytest.approx(right, rel=1e-9)


def test_logarithm_at_b_equal_a_plus_1():
    """F_0 = rho M^-a log M there: the road follows the table."""
    curve = rc.Asymptotic().curve(_run(b="3"))
    assert curve.approximation == pytest.approx(math.pi**2 / 4 * 1e-12 * math.log(1e6), rel=1e-12)


def test_a_stable_schedule_with_a_decay_of_any_power_has_its_clock_and_its_end():
    import numpy as np

    from riskcalc import WarmupStableDecay
    from riskcalc.asymptotic.asked import shape_of

    schedule = WarmupStableDecay(1, decay="1/4", warmup="1/10", power=3)
    shape = shape_of(schedule)
    assert shape.end_power == 3
    mean = np.mean(schedule.step_sizes(0, 10**6, horizon=10**6))
    assert float(shape.clock) == pytest.approx(float(mean), rel=1e-5)
    assert float(shape.profile.subs(shape.remaining, Fraction(1, 8))) == pytest.approx(1 / 8)


@pytest.mark.parametrize("digits", [None, pytest.param(30, marks=pytest.mark.slow)])
def test_terms_larger_than_the_risk_at_its_start_do_not_lead(digits):
    """At a small a their constants grow as Gamma((b - 1)/a): refused at steps that were asked, left out of a curve."""
    road = rc.Asymptotic(digits=digits)
    for a in ("1/50", "1/5000"):
        asked = _run(a, "5/2", steps=[100], schedule=rc.Constant("1/100"), dimension=150, size=100, B=1000)
        with pytest.raises(InvalidInput, match=r"at step 100 the leading terms add up to .*, more than the risk can"):
            rc.risk(asked, method=road)
    small = _run("1/5", "5/2", steps=200, schedule=rc.Constant("1/100"), dimension=150, size=100, B=1000)
    curve = rc.risk(small, method=road)
    start = rc.risk(small, method=rc.Equivalent()).excess[0]
    assert curve.excess[0] < start / (1 - curve.method["kappa"])
    assert max(curve.method["left_out"]) >= curve.method["window"][0]  # more than what lies before the window
