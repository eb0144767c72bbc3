"""Ends of the range: tiny steps, huge batches and models, no signal at all, long horizons, forced runs."""

import numpy as np
import pytest

from riskcalc import (
    Constant,
    Cosine,
    Equivalent,
    Exact,
    ExplicitSignal,
    ExplicitSpectrum,
    PowerLaw,
    PowerLawSignal,
    Problem,
    Run,
    risk,
)
from riskcalc.errors import InvalidInput

POWER = Problem(spectrum=PowerLaw(a=2), signal=PowerLawSignal(b=2))
INITIAL = np.pi**2 / 6


@pytest.mark.parametrize("step_size", ["1e-16", "1e-100", "1e-250"])
def test_a_tiny_step_changes_nothing(step_size):
    curve = risk(Run(POWER, model_size=2, schedule=Constant(step_size), steps=[10**6]))
    assert curve.excess[0] == pytest.approx(INITIAL, rel=1e-9)


def test_a_huge_batch_is_gradient_descent():
    """At B = 1e15 the largest step is set by the edge; nothing is left of the sampling noise."""
    batches = [10**9, 10**15]
    curves = [
        risk(Run(POWER, model_size=2, batch_size=batch, schedule=Constant("1/10"), steps=[10])) for batch in batches
    ]
    assert curves[1].excess[0] == pytest.approx(curves[0].excess[0], rel=1e-7)
    assert curves[1].method["kappa"] < 1e-14


def test_a_model_beyond_float64_is_refused():
    assert risk(Run(POWER, model_size="1e24", schedule=Constant("1/10"), steps=[10])).excess[0] < INITIAL
    with pytest.raises(InvalidInput, match="model size 1e\\+30 is beyond"):
        risk(Run(POWER, model_size="1e30", schedule=Constant("1/10"), steps=[10]))


@pytest.mark.parametrize("road", [Exact(seed=0), Equivalent()])
@pytest.mark.parametrize("kind", [Constant, Cosine])
def test_without_a_signal_there_is_variance_only(road, kind):
    problem = Problem(spectrum=ExplicitSpectrum([1, 0.5]), signal=ExplicitSignal([0, 0]), noise=1)
    curve = risk(Run(problem, model_size=1, schedule=kind("1/10"), steps=[0, 1, 5]), method=road)
    assert curve.excess[0] == 0
    assert np.all(curve.bias == 0)
    assert 0 < curve.variance[1] < curve.variance[2]


@pytest.mark.parametrize("road", [Exact(seed=0), Equivalent()])
def test_nothing_to_learn_is_nothing_at_any_step(road):
    problem = Problem(spectrum=ExplicitSpectrum([1, 0.5]), signal=ExplicitSignal([0, 0]))
    curve = risk(Run(problem, model_size=1, schedule=Constant("1/10"), steps=[0, 65, 10**6]), method=road)
    assert np.all(curve.excess == 0)


def test_only_the_recorded_steps_of_a_long_schedule_count():
    early = Run(POWER, model_size=2, schedule=Cosine("1/10"), steps=[10], horizon=10**10)
    flat = Run(POWER, model_size=2, schedule=Constant("1/10"), steps=[10])
    assert risk(early).excess[0] == pytest.approx(risk(flat).excess[0], rel=1e-9)


@pytest.mark.slow
def test_a_forced_run_that_outgrows_float64_is_infinite_from_there_on():
    run = Run(POWER, model_size=10, schedule=Constant(1), steps=[0, 10, 100, 10**4])
    curve = risk(run, force=True)
    assert np.isfinite(curve.excess[:3]).all()
    assert np.isposinf(curve.excess[3])


def test_a_square_sketch_leaves_no_approximation_error():
    problem = Problem(spectrum=PowerLaw(a=2, dimension=10), signal=PowerLawSignal(b=2))
    curve = risk(Run(problem, model_size=10, schedule=Constant("3/10"), steps=[0, 10]), method=Exact(seed=0))
    assert curve.approximation == 0


@pytest.mark.parametrize("road", [Exact, Equivalent])
@pytest.mark.parametrize("tolerance", [None, "x", [], -1, 0, float("nan"), float("inf"), True])
def test_tolerances_that_make_no_sense(road, tolerance):
    with pytest.raises(InvalidInput, match="tolerance"):
        road(tolerance=tolerance)
