"""Schedules of long stages at many digits: a transform a stage against the recursion step by step."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest

from riskcalc import (
    Arb,
    Constant,
    Equivalent,
    Geometric,
    IterateAverage,
    LastIterate,
    PowerLaw,
    PowerLawSignal,
    Problem,
    Run,
    TailAverage,
    risk,
)
from riskcalc.dynamics.precise import transform
from riskcalc.equivalent.precise import walked
from riskcalc.equivalent.precise.setting import setting_of
from riskcalc.equivalent.stability import stability
from riskcalc.errors import ToleranceNotMet
from riskcalc.spectral.landmarks import landmarks
from riskcalc.spectral.of_problem import spectral_sums

AVERAGES = [LastIterate(), IterateAverage(), TailAverage("1/2"), TailAverage("1/1000")]
STEPWISE = 10**9


def run_of(horizon, steps, size=6, b=3, step_size="3/10", averaging=None, kind=Geometric):
    problem = Problem(spectrum=PowerLaw(a=2), signal=PowerLawSignal(b=b), noise="1/10")
    return Run(
        problem, model_size=size, schedule=kind(step_size), steps=steps, horizon=horizon, averaging=averaging
    )


def parts_of(run, digits, monkeypatch, shortest=24):
    monkeypatch.setattr(walked, "SHORTEST", shortest)
    setting = setting_of(run, Arb())
    return setting, walked.walked_parts(setting, run, digits=digits)


def hold(run, monkeypatch, digits=20):
    """Stages crossed at once against the same run without a transform, on other contours."""
    setting, crossed = parts_of(run, digits, monkeypatch)
    _, stepped = parts_of(run, digits, monkeypatch, STEPWISE)
    field = setting.field
    with field.working(digits + 13):
        for name in ("bias", "variance"):
            for ours, theirs in zip(getattr(crossed, name), getattr(stepped, name), strict=True):
                assert abs(field.rational(ours) - field.rational(theirs)) < Fraction(1, 10**digits)
        return field.rational(crossed.variance[-1])


SLOW = pytest.mark.slow


@pytest.mark.parametrize(
    "averaging, digits",
    [(AVERAGES[0], 20), (AVERAGES[2], 10), *(pytest.param(one, 20, marks=SLOW) for one in AVERAGES[1:])],
    ids=str,
)
def test_stages_equal_steps(monkeypatch, averaging, digits):
    """Recorded inside a stage, at its first steps, and at the end; the last stages are one step long.

    To 20 digits: the stages step by 3/10, not by the float next to it.
    """
    run = run_of(200, [0, 3, 40, 200], averaging=averaging)
    assert hold(run, monkeypatch, digits) > Fraction(1, 10**5)


@pytest.mark.slow
@pytest.mark.parametrize("averaging", AVERAGES[1:], ids=str)
def test_averages_next_to_the_edge_of_stability(monkeypatch, averaging):
    problem = run_of(1, [1]).problem
    step_size = Fraction(largest_step(problem, 6)) * Fraction(999_999, 1_000_000)
    run = run_of(400, [7, 400], averaging=averaging, kind=Constant, step_size=step_size)
    assert hold(run, monkeypatch) > Fraction(1, 10**5)


def largest_step(problem, size):
    sums = spectral_sums(problem)
    found = stability(sums, size, landmarks(sums, size), step_size=1.0, batch_size=1)
    return found.largest_step_size


def test_a_wedge_too_narrow_for_the_modes_is_caught(monkeypatch):
    """Without the wedge a hyperbola would cut off modes: the two contours then disagree, or the modes are refused."""
    monkeypatch.setattr(transform, "_WEDGES", (0.0,))
    monkeypatch.setattr(walked, "_LADDER", replace(walked._LADDER, attempts=1))
    with pytest.raises(ToleranceNotMet):
        parts_of(run_of(300, [300]), 12, monkeypatch)


@pytest.mark.slow
def test_a_long_geometric_schedule_agrees_with_float64():
    run = run_of(10**9, [10**9], size=10**4, b="5/2")
    plain, precise = risk(run), risk(run, method=Equivalent(digits=20))
    assert plain.excess == pytest.approx(precise.excess, rel=1e-9)
    assert precise.error <= 5.1e-20  # half a unit of the last digit
