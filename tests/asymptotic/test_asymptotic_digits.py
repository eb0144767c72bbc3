"""The leading terms with many digits: closed forms typed in the test, two precisions, float64; and steps left out."""

from __future__ import annotations

from fractions import Fraction

import flint
import mpmath
import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

import riskcalc as rc
from riskcalc.errors import InvalidInput


def run_of(a, b, *, size="1e6", steps=(10**6,), schedule=None, noise="1/10", v=None, batch=1):
    problem = rc.Problem(spectrum=rc.PowerLaw(a=a, dimension=v), signal=rc.PowerLawSignal(b=b), noise=noise)
    return rc.Run(problem, model_size=size, schedule=schedule or rc.Constant("3/10"), steps=steps, batch_size=batch)


def close(found, expected, digits):
    return abs(Fraction(found) - Fraction(expected)) <= abs(Fraction(expected)) * Fraction(10) ** (1 - digits)


def text(x, digits=80):
    return mpmath.nstr(x, digits)


def test_the_published_terms_to_60_digits():
    """a = 2, b = 17/5 > a + 1: every constant written out, kappa by a cotangent and S by zeta values."""
    curve = rc.risk(run_of(2, "17/5", batch=3), method=rc.Asymptotic(digits=60))
    with mpmath.workdps(75):
        a, b, size, gamma, batch, t, noise = (mpmath.mpf(x) for x in (2, 17, 10**6, 3, 3, 10**6, 1))
        b, gamma, noise, pi = b / 5, gamma / 10, noise / 10, mpmath.pi
        floor = (pi / a / (size * mpmath.sin(pi / a))) ** a * mpmath.zeta(b - a)
        x = 2 * gamma * t
        learnt = mpmath.gamma((b - 1) / a) / a * x ** (-(b - 1) / a)
        distorted = mpmath.zeta(b - a) * mpmath.gamma(1 - 1 / a) / (a * size) * x ** (-(1 - 1 / a))
        kernel = gamma**2 / batch * mpmath.gamma(2 - 1 / a) / a * x ** (-(2 - 1 / a))
        slope, shift = 2 * batch / gamma, batch + 1
        root = pi * mpmath.sqrt(shift / slope)
        kappa = (1 - root * mpmath.cot(root)) / (2 * shift)
        g = gamma * (1 + 1 / batch) / 2
        early = mpmath.fsum(g**k * mpmath.zeta(b - a + a * k) for k in range(100)) / (2 * gamma)
        bias = (learnt + distorted) / (1 - kappa) + kernel * early / (1 - kappa) ** 2
        variance = (noise + floor) * kappa / (1 - kappa)
        assert close(curve.decimals["approximation"][0], text(floor), 60)
        assert close(curve.decimals["excess"][0], text(floor + bias + variance), 60)
        assert abs(Fraction(curve.decimals["bias"][0]) - Fraction(text(bias))) < Fraction(text(variance)) / 10**59
    assert (str(curve.claim), str(curve.warrant)) == ("leading order", "symbolic")
    assert rc.RiskCurve.from_json(curve.to_json()) == curve


def test_constants_from_the_other_library():
    """F_pp by Arb's gamma function, 200 digits."""
    curve = rc.risk(run_of(2, "5/2", noise=0, size="1e30", steps=(10**12,)), method=rc.Asymptotic(digits=200))
    with flint.ctx.workdps(230):
        power = -flint.arb(3) / 4
        x = flint.arb(6) / 10 * 10**12
        kappa = flint.arb(3) / 10 / 2
        root = flint.arb.pi() * (flint.arb(3) / 10).sqrt()
        kappa = (1 - root * root.cot()) / 4
        bias = (flint.arb(3) / 4).gamma() / 2 * x**power / (1 - kappa)
        radius = flint.arb(10) ** -199
        assert abs(flint.arb(curve.decimals["bias"][0]) / bias - 1) < radius


shapes = st.sampled_from(
    [
        ("3/2", "9/4", None),
        ("2", "3", None),
        ("2", "4", 10**7),
        ("4/5", "9/4", 10**7),
        ("7/3", "6/5", None),
        ("3/2", "4", None),
    ]
)


def agree(digits, shape):
    a, b, v = shape
    run = run_of(a, b, v=v, schedule=rc.Constant("1/100000"), steps=(10**6, 10**7))
    low, high = (rc.risk(run, method=rc.Asymptotic(digits=count)) for count in (digits, 2 * digits))
    for name in ("excess", "approximation"):
        assert all(close(*pair, digits) for pair in zip(low.decimals[name], high.decimals[name], strict=True))


@settings(max_examples=4)
@given(shape=shapes, digits=st.sampled_from([15, 30, 60]))
def test_two_precisions_agree(shape, digits):
    agree(digits, shape)


@pytest.mark.parametrize("digits", [100, *(pytest.param(many, marks=pytest.mark.slow) for many in (200, 500))])
def test_two_precisions_agree_at_hundreds_of_digits(digits):
    """500 digits are held to 1000."""
    agree(digits, ("2", "17/5", None))


DECAYING = [
    (rc.Polynomial("3/10", power=1), 9),
    pytest.param(rc.Cosine("3/10"), 20, marks=pytest.mark.slow),
    pytest.param(rc.WarmupStableDecay("3/10", decay="1/4"), 20, marks=pytest.mark.slow),
]


@pytest.mark.parametrize("schedule, digits", DECAYING, ids=["polynomial", "cosine", "wsd"])
def test_decaying_schedules(schedule, digits):
    run = run_of("3/2", "9/4", schedule=schedule, batch=2)
    plain, precise = (rc.risk(run, method=method) for method in (rc.Asymptotic(), rc.Asymptotic(digits=digits)))
    allowed = 1e-8 * precise.excess  # digits are those of the excess, of which a part may have few
    assert (np.abs(plain.variance - precise.variance) <= allowed).all()
    assert (np.abs(plain.bias - precise.bias) <= allowed).all()


def test_a_whole_curve_is_answered_where_the_terms_lead():
    run = run_of(2, "17/5", steps=10**13)
    for method in (rc.Asymptotic(), rc.Asymptotic(digits=20)):
        curve = rc.risk(run, method=method)
        first, last = curve.method["window"]
        assert curve.steps == tuple(step for step in run.steps if first <= step <= last)
        assert curve.method["left_out"] == [step for step in run.steps if step not in curve.steps]
        assert {0, 10**13} <= set(curve.method["left_out"])
        assert len(curve.excess) == len(curve.steps)
    assert np.array_equal(rc.RiskCurve.from_json(curve.to_json()).excess, curve.excess)


def test_a_whole_curve_of_a_decaying_schedule_is_its_end():
    curve = rc.risk(run_of("3/2", "9/4", schedule=rc.Polynomial("3/10", power=1), steps=10**5), method=rc.Asymptotic())
    assert curve.steps == (10**5,)
    assert curve.method["left_out"][:2] == [0, 1]


def test_what_is_refused():
    with pytest.raises(InvalidInput, match="1000"):
        rc.Asymptotic(digits=1001)
    with pytest.raises(InvalidInput, match="step 0 lies outside the window"):
        rc.risk(run_of(2, 3, steps=[0, 10**5]), method=rc.Asymptotic(digits=20))
    with pytest.raises(InvalidInput, match="step 0 lies outside the window"):
        rc.risk(run_of(2, 3, steps=2), method=rc.Asymptotic())
