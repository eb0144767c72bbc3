"""Runs, tuning and custom schedules refuse what they cannot read in one line."""

from __future__ import annotations

import pytest

import riskcalc as rc
from riskcalc.curve.steps import read_steps
from riskcalc.errors import InvalidInput

_PROBLEM = rc.Problem(spectrum=rc.PowerLaw(a=2), signal=rc.PowerLawSignal(b="5/2"), noise=1)


@pytest.mark.parametrize("schedule", [rc.Constant("1/10"), rc.Cosine("1/10"), rc.Geometric("1/10")])
def test_horizons_end_where_steps_end(schedule):
    rc.Run(_PROBLEM, model_size=10, schedule=schedule, steps=[10], horizon=10**18)
    with pytest.raises(InvalidInput, match="horizons go up to 1e18, but 1e30 was asked"):
        rc.Run(_PROBLEM, model_size=10, schedule=schedule, steps=[10], horizon="1e30")


def test_a_custom_schedule_needs_a_function():
    with pytest.raises(InvalidInput, match="must be a function"):
        rc.Custom.from_function(3, horizon=3)
    with pytest.raises(InvalidInput, match="horizon"):
        rc.Custom.from_function(lambda step, horizon: 0.1, horizon="x")


def test_tuning_needs_a_run_and_a_list():
    with pytest.raises(InvalidInput, match="must be a Run"):
        rc.tuned_step_size("x")
    with pytest.raises(InvalidInput, match="named must be a list"):
        rc.optimal_schedule(_PROBLEM, model_size=10, horizon=16, named=5)


def test_a_finite_logarithmic_spectrum_too_long_for_a_vector():
    spectrum = rc.LogarithmicPowerLaw(a=2, dimension=10**30)
    problem = rc.Problem(spectrum=spectrum, signal=rc.GaussianPrior())
    with pytest.raises(InvalidInput, match="logarithmic ones of infinite"):
        rc.risk(rc.Run(problem, model_size=10, schedule=rc.Constant("1/100"), steps=[10]))


def test_more_recorded_steps_than_a_curve_holds_are_refused_before_they_are_read():
    with pytest.raises(InvalidInput, match="names 100000000 step counts"):
        read_steps(range(10**8))
