"""Schedules of long stages at many digits: a transform a stage against the recursion step by step."""

from __future__ import annotations

from fractions import Fraction

import pytest

from riskcalc import Arb, Equivalent, Geometric, PowerLaw, PowerLawSignal, Problem, Run, risk
from riskcalc.equivalent.precise import staged
from riskcalc.equivalent.precise.curve import setting_of
from riskcalc.equivalent.precise.stepwise import stepwise_parts


def run_of(horizon, steps, size=6, b=3):
    problem = Problem(spectrum=PowerLaw(a=2), signal=PowerLawSignal(b=b), noise="1/10")
    return Run(problem, model_size=size, schedule=Geometric("3/10"), steps=steps, horizon=horizon)


def parts_of(run, digits):
    setting = setting_of(run, Arb())
    return setting, staged.staged_parts(setting, run, run.schedule.stages(horizon=run.horizon), digits=digits)


def test_stages_equal_steps(monkeypatch):
    """Recorded inside a stage, at its first steps, and at the end; the last stages are one step long.

    To 20 digits: the stages step by 3/10, not by the float next to it.
    """
    monkeypatch.setattr(staged, "SHORTEST", 24)
    run = run_of(300, [0, 3, 60, 300])
    setting, crossed = parts_of(run, 20)
    stepped = stepwise_parts(setting, run, digits=20)
    field = setting.field
    with field.working(33):
        for name in ("bias", "variance"):
            for ours, theirs in zip(getattr(crossed, name), getattr(stepped, name), strict=True):
                assert abs(field.rational(ours) - field.rational(theirs)) < Fraction(1, 10**20)
        assert field.rational(crossed.variance[-1]) > Fraction(1, 10**4)


def test_a_wedge_too_narrow_for_the_modes_is_caught(monkeypatch):
    """Without the wedge a hyperbola would cut off modes: the two contours then disagree, or the modes are refused."""
    monkeypatch.setattr(staged, "SHORTEST", 24)
    monkeypatch.setattr(staged, "_WEDGES", (0.0,))
    monkeypatch.setattr(staged, "_ATTEMPTS", 1)
    with pytest.raises(staged.ToleranceNotMet):
        parts_of(run_of(300, [300]), 12)


@pytest.mark.slow
def test_a_long_geometric_schedule_agrees_with_float64():
    run = run_of(10**9, [10**9], size=10**4, b="5/2")
    plain, precise = risk(run), risk(run, method=Equivalent(digits=20))
    assert plain.excess == pytest.approx(precise.excess, rel=1e-9)
    assert precise.error < 1e-20
