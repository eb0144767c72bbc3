"""Data so noisy that training is worth nothing, and less than one fresh sample."""

from __future__ import annotations

import math

import pytest

from riskcalc import (
    Constant,
    Equivalent,
    FullBatch,
    PowerLaw,
    PowerLawSignal,
    Problem,
    Run,
    early_stopping,
    reuse_rate,
    risk,
)
from riskcalc.least_squares import ridge_risk


def noisy(noise: str) -> Problem:
    return Problem(spectrum=PowerLaw(a=2), signal=PowerLawSignal(b="3/2"), noise=noise)


def test_descent_that_should_not_begin() -> None:
    problem = noisy("1e6")
    run = Run(problem, model_size=1000, schedule=Constant("1/5"), steps=[0, 1], data=FullBatch(samples=100))
    start, first = risk(run, method=Equivalent()).excess
    assert first > start
    found = early_stopping(problem, model_size=1000, samples=100, step_size="1/5")
    assert found.steps == 0
    assert found.excess == pytest.approx(float(start), rel=1e-12)
    assert found.ridge_excess <= start
    # a ridge that leaves the model at zero: none found by search is better where labels are noise alone
    found = early_stopping(noisy("1e12"), model_size=1000, samples=100, step_size="1/5")
    large = ridge_risk(noisy("1e12"), model_size=1000, samples=100, ridge=1e9).excess
    assert found.steps == 0
    assert found.ridge_excess <= large
    assert found.ridge == math.inf or found.ridge > 1


def test_passes_that_are_worth_less_than_no_training() -> None:
    found = reuse_rate(noisy("10"), model_size=100, samples=100, passes=[1, 10, 1000], step_size="1/5")
    start = risk(Run(noisy("10"), model_size=100, schedule=Constant("1/5"), steps=[0])).excess[0]
    assert (found.many.excess > start).all()
    assert found.rate == (0.0, 0.0, 0.0)


def test_one_sample_is_worth_less_than_a_fresh_one_each_time() -> None:
    found = reuse_rate(noisy("1/10"), model_size=100, samples=1, passes=[1, 4], step_size="1/5")
    fresh = risk(Run(noisy("1/10"), model_size=100, schedule=Constant("1/5"), steps=[0, 1])).excess
    for rate, excess in zip(found.rate, found.many.excess, strict=True):
        assert fresh[1] < excess < fresh[0]
        assert 0 < rate < 1
    assert found.rate[0] < found.rate[1]
