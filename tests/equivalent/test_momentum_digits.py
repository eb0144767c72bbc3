"""Digits of the equivalent with a memory: values of two other routes, and each shortcut against one that lacks it."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

import riskcalc as rc
from riskcalc.dynamics.precise.trained import trained
from riskcalc.dynamics.precise.with_memory import TwoBuffers, forgotten, value
from riskcalc.equivalent.precise import three_points
from riskcalc.equivalent.precise.contour_modes import ellipse_modes
from riskcalc.equivalent.precise.setting import setting_of
from riskcalc.errors import InvalidInput, UnstableRun
from riskcalc.numeric.arb_field import Arb
from riskcalc.numeric.mpmath_field import Mpmath
from riskcalc.numeric.polynomial_roots import polynomial_roots

HEAVY = rc.HeavyBall("1/2")
DANA = rc.Dana(delta="1/10", decay="1/2", memory=8)


def problem(b, noise=0, **dimension):
    return rc.Problem(spectrum=rc.PowerLaw(a=2, **dimension), signal=rc.PowerLawSignal(b=b), noise=noise)


def asked(optimiser=HEAVY, *, steps, size="1/10", model_size=20, schedule=None, **more):
    return rc.Run(
        problem("12/5", "1/100"),
        model_size=model_size,
        schedule=schedule or rc.Constant(size),
        steps=steps,
        optimiser=optimiser,
        **more,
    )


@pytest.mark.slow
def test_heavy_ball_to_sixteen_digits():
    """By three points of the resolvent with closed forms of the sums at a = 2, and by modes of a contour in floats."""
    run = rc.Run(
        problem(3, "1/1000"),
        model_size=10**6,
        schedule=rc.Constant("3/100"),
        steps=[10**6],
        optimiser=rc.HeavyBall("9/10"),
    )
    curve = rc.Equivalent(digits=16).curve(run)
    assert curve.decimals["excess"] == ("0.0003837406775474587",)
    assert curve.bias[0] == pytest.approx(1.1677028875296e-6, rel=1e-13)
    assert curve.approximation == pytest.approx(3.439835968965495e-11, rel=1e-15)


@pytest.mark.slow
def test_two_buffers_at_late_times_and_large_models():
    run = rc.Run(
        problem(3),
        model_size=10**12,
        schedule=rc.Constant("1/5"),
        steps=[10**12],
        batch_size=8,
        optimiser=rc.TwoBuffer(delta="1/50", mu="19/20"),
    )
    curve = rc.Equivalent(digits=20).curve(run)
    # three points with closed forms again, on a Talbot contour of 48 nodes in 70 digits
    assert curve.decimals["excess"] == ("4.3445067464124845410e-13",)
    # printed to the place of the last digit of the excess, 1e-32
    assert curve.variance[0] == pytest.approx(2.92101076480307e-24, abs=5e-33)


def by_steps(run, digits):
    """Every step made, on the modes of a contour: no generating function, no root and no inverse transform."""
    field, setting = Arb(), setting_of(run, Arb())
    modes = ellipse_modes(setting, run, Fraction(3, 4), digits + 6, most=4000, working=digits + 10)
    with field.working(digits + 20):
        rows = trained(run, modes, field, run.steps)
        return [tuple(field.rational(part) for part in row) for row in rows]


@pytest.mark.parametrize(
    "optimiser", [pytest.param(HEAVY, marks=pytest.mark.slow), rc.Nesterov("1/2")], ids=["heavy ball", "Nesterov"]
)
def test_three_points_are_all_steps(optimiser):
    """Just before and just after what turns round counts as forgotten: by a circle there, by a contour here."""
    digits, field = 8, Arb()
    late = forgotten(optimiser, 0.3, 1, largest=1.0, digits=digits + 11)
    assert 40 < late < 120
    run = asked(optimiser, steps=[0, late - 1, late], size="3/10")
    parts = three_points.three_point_parts(setting_of(run, field), run, digits=digits)
    for place, (bias, variance) in enumerate(by_steps(run, digits)):
        assert abs(field.rational(parts.bias[place]) - bias) < Fraction(1, 10**digits) * bias
        assert abs(field.rational(parts.variance[place]) - variance) <= Fraction(1, 10**digits) * bias


def test_a_contour_too_early_is_wrong(monkeypatch):
    """Why the early steps take another way: what turns round is outside."""
    run, field = asked(rc.HeavyBall("19/20"), steps=[100], size="1/50"), Arb()
    right = rc.Equivalent().curve(run).excess[0]
    road = three_points._Road(setting=setting_of(run, field), run=run)
    assert forgotten(run.training, 0.02, 1, largest=1.0, digits=8) > 300
    monkeypatch.setattr(three_points, "forgotten", lambda *_, **__: 0)
    ((_, _, wrong),) = road.rows(8)
    assert abs(float(field.rational(wrong)) / right - 1) > 1e-4


@pytest.mark.parametrize(
    "run",
    [
        asked(rc.HeavyBall("1/2"), steps=[9], schedule=rc.Cosine("1/10"), horizon=20),
        pytest.param(asked(DANA, steps=[12], size="3/10"), marks=pytest.mark.slow),
        pytest.param(asked(rc.ScheduleFree("9/10"), steps=[12], size="3/10"), marks=pytest.mark.slow),
        pytest.param(asked(steps=[12], averaging=rc.TailAverage("1/2")), marks=pytest.mark.slow),
        pytest.param(asked(steps=[12], averaging=rc.ExponentialAverage("1/3")), marks=pytest.mark.slow),
    ],
    ids=["cosine", "DANA", "schedule-free", "tail", "mean"],
)
def test_what_changes_goes_step_by_step(run):
    """Against floats with a stated error."""
    digits, floats = rc.Equivalent(digits=14).curve(run), rc.Equivalent().curve(run)
    np.testing.assert_allclose(digits.excess, floats.excess, rtol=floats.error + 1e-14)
    assert digits.decimals.digits == 14


@pytest.mark.slow
def test_both_fields_agree():
    run = asked(steps=[5])
    found = [rc.Equivalent(digits=8, field=field).curve(run).decimals["excess"] for field in (Arb(), Mpmath())]
    assert found[0] == found[1]


def test_roots_of_very_different_size():
    """(x - 1e-30)(x + 3)(x - 7i), to forty digits each."""
    field = Arb()
    with field.working(60):
        small, middle, large = field.real(Fraction(1, 10**30)), field.real(-3), field.pair(field.real(0), field.real(7))
        polynomial = [-small * middle * large, small * middle + small * large + middle * large]
        polynomial += [-small - middle - large, field.pair(field.real(1), field.real(0))]
        found = sorted(polynomial_roots(field, polynomial, 50), key=lambda x: field.polar(x)[0])
        for root, wanted in zip(found, (small, middle, large), strict=True):
            assert field.polar(root - wanted)[0] < field.polar(wanted)[0] - 90  # 40 digits


def test_momentum_of_nothing_has_two_points_of_sgd():
    """At beta = 0 the polynomial is SGD's 1 - zeta q, with twice the trace's square in its place."""
    buffers = TwoBuffers.of(rc.HeavyBall(0), Fraction(1, 5), batch_size=3)
    field = Arb()
    with field.working(30):
        zeta, place = field.real(Fraction(1, 3)), field.real(Fraction(7, 10))
        scaled = place / 5
        rest = 1 - scaled * (2 - field.real(Fraction(4, 3)) * scaled)
        assert field.polar(value(buffers.at(field, zeta).below, place) - (1 - zeta * rest))[0] < -60
    plain = asked(rc.SGD(), steps=[50])
    curves = [rc.Equivalent(digits=14).curve(run) for run in (asked(rc.HeavyBall(0), steps=[50]), plain)]
    assert curves[0].decimals["excess"] == curves[1].decimals["excess"]


@pytest.mark.parametrize(
    ("road", "run", "error", "match"),
    [
        (rc.Equivalent(digits=9, certified=True), asked(steps=[9]), InvalidInput, r"certified=True\) is for SGD"),
        (rc.Equivalent(digits=9), asked(rc.HeavyBall("999/1000"), steps=[20000], size="1/10000"), InvalidInput,
         r"with 17 digits, what turns round on its way has died out from step \d+"),
        (rc.Equivalent(digits=9), asked(rc.ScheduleFree("1/2"), steps=[10**7]), InvalidInput,
         r"10000000 steps of schedule-free:1/2 are gone through one by one"),
        (rc.Equivalent(digits=9), asked(rc.HeavyBall("9/10"), steps=[9], size="2"), UnstableRun, "kappa"),
    ],
    ids=["certified", "between", "too many", "unstable"],
)  # fmt: skip
def test_refusals(road, run, error, match):
    with pytest.raises(error, match=match):
        road.curve(run)
