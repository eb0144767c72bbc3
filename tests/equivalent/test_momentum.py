"""The equivalent with a memory: values of two independent routes, SGD as its limit, and what is refused."""

from __future__ import annotations

import numpy as np
import pytest

import riskcalc as rc
from riskcalc.errors import InvalidInput, ToleranceNotMet

ALL = {"schedule": rc.Constant("3/10"), "steps": [10**6]}


def problem(b, noise=0):
    return rc.Problem(spectrum=rc.PowerLaw(a=2), signal=rc.PowerLawSignal(b=b), noise=noise)


def test_heavy_ball_to_thirteen_digits():
    """By three points of the resolvent in 26 digits, with closed forms of the spectral sums at a = 2."""
    run = rc.Run(
        problem(3, "1/1000"),
        model_size=10**6,
        schedule=rc.Constant("3/100"),
        steps=[10**6],
        optimiser=rc.HeavyBall("9/10"),
    )
    curve = rc.Equivalent().curve(run)
    assert curve.excess[0] == pytest.approx(0.0003837406775474587, rel=1e-13)
    assert curve.bias[0] == pytest.approx(1.1677028875296e-6, rel=1e-10)
    assert curve.error < 1e-11


def test_two_buffers_to_twelve_digits():
    """At M = t = 1e12 the modes that died out must be taken out by hand: without that, 8e-8 is lost.

    Expected: three points of the resolvent with closed forms, a Talbot contour of 48 nodes in 70 digits.
    """
    run = rc.Run(
        problem(3),
        model_size=10**12,
        schedule=rc.Constant("1/5"),
        steps=[10**12],
        batch_size=8,
        optimiser=rc.TwoBuffer(delta="1/50", mu="19/20"),
    )
    curve = rc.Equivalent().curve(run)
    assert curve.excess[0] == pytest.approx(4.344506746412484541e-13, rel=curve.error)
    assert curve.error < 2e-11


@pytest.mark.slow
@pytest.mark.parametrize(("steps", "expected"), [(10**5, 9.7360630617991e-05), (10**9, 2.69358794625585e-08)])
def test_dana_decaying(steps, expected):
    """At 1e5 by a direct recursion on another contour, at 1e9 by panels of other degrees at two other heights."""
    run = rc.Run(
        problem("12/5"),
        model_size=10**6,
        schedule=rc.Constant("3/10"),
        steps=[steps],
        optimiser=rc.Dana(delta="1/10", decay="1/2", memory=8),
    )
    assert rc.Equivalent().curve(run).excess[0] == pytest.approx(expected, rel=1e-11)


@pytest.mark.parametrize(
    "optimiser",
    [rc.HeavyBall(0), rc.Nesterov(0), rc.TwoBuffer(delta=0, mu="1/2"), rc.TwoBuffer(delta="1/10", mu=0)],
    ids=str,
)
def test_without_momentum_it_is_sgd(optimiser):
    size = "3/10" if getattr(optimiser, "mu", 1) else "1/5"  # what the memory adds at once makes it 3/10
    asked = {**ALL, "schedule": rc.Constant(size)}
    curve = rc.Equivalent().curve(rc.Run(problem("17/5"), model_size=10**6, optimiser=optimiser, **asked))
    plain = rc.Equivalent().curve(rc.Run(problem("17/5"), model_size=10**6, **ALL))
    assert curve.excess[0] == pytest.approx(plain.excess[0], rel=curve.error + plain.error)
    assert curve.error + plain.error < 1e-11
    assert curve.excess[0] == pytest.approx(8.407015197921791e-08, rel=1e-12)


def test_an_exponential_mean_of_rate_one_is_the_last_iterate():
    run = rc.Run(problem("17/5"), model_size=10**6, averaging=rc.ExponentialAverage(1), **ALL)
    assert rc.Equivalent().curve(run).excess[0] == pytest.approx(8.407015197921791e-08, rel=1e-11)


def test_iterate_and_lookahead_have_one_feedback_and_two_risks():
    asked = {"model_size": 10**4, "schedule": rc.Constant("3/100"), "steps": [3000]}
    curves = [
        rc.Equivalent().curve(rc.Run(problem(3, 1), optimiser=rc.Nesterov("9/10", at=at), **asked))
        for at in ("iterate", "lookahead")
    ]
    assert curves[0].method["kappa"] == curves[1].method["kappa"]
    assert curves[1].variance[0] > 1.01 * curves[0].variance[0]


@pytest.mark.parametrize(
    ("road", "match"),
    [
        (rc.Equivalent(digits=20, certified=True), r"Equivalent\(certified=True\) is for SGD"),
        (rc.Asymptotic(), r"Asymptotic\(\) is for SGD"),
    ],
)
def test_roads_that_know_sgd_only_say_so(road, match):
    run = rc.Run(problem("17/5"), model_size=10**6, optimiser=rc.HeavyBall("1/10"), **ALL)
    with pytest.raises(InvalidInput, match=match):
        road.curve(run)


@pytest.mark.slow
def test_what_floats_cannot_tell_is_told_by_more_digits():
    run = rc.Run(problem("17/5"), model_size=10**6, optimiser=rc.HeavyBall("1/10"), **ALL)
    curve = rc.Equivalent(tolerance=1e-15).curve(run)
    assert curve.error < 3e-16
    assert "float64 knows" in curve.method["escalated"]
    assert curve.excess[0] == pytest.approx(rc.Equivalent().curve(run).excess[0], rel=1e-12)


def test_what_more_digits_do_not_answer_is_refused_with_both_reasons():
    run = rc.Run(problem("17/5"), model_size=10**6, optimiser=rc.ScheduleFree("1/2"), **{**ALL, "steps": [10**7]})
    with pytest.raises(ToleranceNotMet, match=r"float64 knows .* more digits do not answer: .* one by one"):
        rc.Equivalent(tolerance=1e-15).curve(run)


def test_a_curve_with_an_optimiser_is_saved_and_loaded(tmp_path):
    optimiser = rc.Nesterov("9/10", at="lookahead")
    run = rc.Run(
        problem(3),
        model_size=100,
        schedule=rc.Constant("1/100"),
        steps=[0, 10],
        optimiser=optimiser,
        averaging=rc.ExponentialAverage("1/5"),
    )
    curve = rc.Equivalent().curve(run)
    curve.save(tmp_path / "curve.json")
    read = rc.RiskCurve.load(tmp_path / "curve.json")
    assert read == curve
    assert read.asked.optimiser.name == "nesterov"
    assert read.asked.optimiser.settings == {"beta": "9/10", "at": "lookahead"}
    assert read.asked.averaging.settings == {"rate": "1/5"}


EDGES = {
    "low ellipses that a spectrum of three features bulges out of": rc.Run(
        rc.Problem(spectrum=rc.PowerLaw(a=1, dimension=3, scale=14), signal=rc.PowerLawSignal(b="143/50"), noise="4/5"),
        model_size=2,
        batch_size=4490,
        schedule=rc.Polynomial("1/26", power=1),
        steps=[1, 6],
        optimiser=rc.Dana(delta="1/5000", decay="7/10", memory=14),
    ),
    "a spectrum that reaches beyond the limit of the first step": rc.Run(
        rc.Problem(spectrum=rc.PowerLaw(a=2, dimension=24), signal=rc.PowerLawSignal(b="12/5"), noise="1/10"),
        model_size=4,
        batch_size=15,
        schedule=rc.Constant("1.0935"),
        steps=[4],
        optimiser=rc.ScheduleFree("1/2"),
    ),
}


@pytest.mark.parametrize("edge", EDGES)
def test_contours_of_few_features(edge):
    """Against many digits, whose contours are others."""
    curve = rc.Equivalent().curve(EDGES[edge])
    digits = rc.Equivalent(digits=12).curve(EDGES[edge])
    assert curve.error < 1e-9
    np.testing.assert_allclose(curve.excess, digits.excess, rtol=curve.error + 5e-12)
