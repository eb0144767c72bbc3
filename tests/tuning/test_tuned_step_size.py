"""Tuned step sizes against direct scans, at the edge of stability and along a ladder of horizons."""

from __future__ import annotations

import numpy as np
import pytest

from riskcalc import (
    Asymptotic,
    Constant,
    Cosine,
    Custom,
    Equivalent,
    Exact,
    Polynomial,
    PowerLaw,
    PowerLawSignal,
    Problem,
    Run,
    Unsketched,
    WarmupStableDecay,
    risk,
    tuned_step_size,
)
from riskcalc.errors import InvalidInput
from riskcalc.tuning.step_size import at_step_size


def problem(b="5/2", *, noise=1, dimension=500):
    return Problem(spectrum=PowerLaw(a=2, dimension=dimension), signal=PowerLawSignal(b=b), noise=noise)


def asked(schedule, steps=300, *, model_size=500, **settings):
    return Run(problem(**settings), model_size=model_size, schedule=schedule, steps=[steps])


@pytest.mark.parametrize(
    "method, model_size, schedule",
    [(Unsketched(), 500, Constant(1)), (Exact(seed=1, sketches=2), 20, Cosine(1)), (Equivalent(), 20, Cosine(1))],
    ids=["unsketched", "exact", "equivalent"],
)
def test_no_step_size_of_a_fine_scan_does_better(method, model_size, schedule):
    run = asked(schedule, model_size=model_size)
    found = tuned_step_size(run, method=method)
    assert found.unimodal
    assert not found.at_edge
    # a scan through the best: the valley is quadratic, so its neighbours are above by the square of the stride
    rises = []
    for factor in (0.8, 0.9, 1.1, 1.25):
        again = Run(
            run.problem, model_size=model_size, schedule=at_step_size(schedule, found.step_size * factor), steps=[300]
        )
        rises.append(risk(again, method=method).excess[-1] / found.excess - 1)
    assert min(rises) > 0
    assert rises[0] / rises[1] == pytest.approx((np.log(0.8) / np.log(0.9)) ** 2, rel=0.35)


def test_without_noise_and_with_decay_the_edge_of_stability_is_best_and_this_is_said():
    found = tuned_step_size(asked(Polynomial(1, power=3), b="3/2", noise=0, steps=2000), method=Unsketched())
    assert found.at_edge
    assert found.step_size < found.largest * 1.0000001
    assert any("edge of stability" in note for note in found.notes)


def test_a_largest_step_size_may_be_given():
    free = tuned_step_size(asked(Constant(1)), method=Unsketched())
    bound = tuned_step_size(asked(Constant(1)), method=Unsketched(), largest=free.step_size / 2)
    assert bound.step_size == pytest.approx(free.step_size / 2, rel=1e-9)
    assert bound.excess > free.excess
    assert any("was allowed" in note for note in bound.notes)


def test_a_list_of_step_sizes_is_scaled():
    sizes = Cosine(7).step_sizes(0, 300, horizon=300)
    listed, named = (tuned_step_size(asked(each), method=Unsketched()) for each in (Custom(sizes), Cosine(1)))
    assert listed.step_size == pytest.approx(named.step_size, rel=1e-3)
    assert listed.excess == pytest.approx(named.excess, rel=1e-8)


def test_tuned_constant_step_sizes_follow_the_derived_order():
    """min over gamma of (gamma t)^-s + gamma: gamma ~ t^(-s/(s+1)), excess alike; slopes along a ladder."""
    found = [
        tuned_step_size(asked(Constant(1), steps, dimension=10**7, model_size=10**7), method=Unsketched())
        for steps in (10**4, 10**6, 10**8)
    ]
    sizes, excess = (np.log10([getattr(one, name) for one in found]) for name in ("step_size", "excess"))
    derived = -0.75 / 1.75
    gaps = np.abs(np.diff(excess) / 2 - derived)
    assert gaps[1] < gaps[0] < 0.005
    assert np.diff(sizes)[1] / 2 == pytest.approx(derived, abs=0.005)


@pytest.mark.parametrize(
    "arguments, reason",
    [
        ({"method": Asymptotic()}, "which tuning knows"),
        ({"method": Equivalent(digits=20)}, "float64"),
        ({"largest": 0}, "positive"),
        ({"largest": "fast"}, "largest"),
    ],
)
def test_what_cannot_be_tuned_is_refused(arguments, reason):
    with pytest.raises(InvalidInput, match=reason):
        tuned_step_size(asked(Constant(1), model_size=20), **arguments)


def test_a_run_of_no_steps_is_refused():
    with pytest.raises(InvalidInput, match="no step size matters"):
        tuned_step_size(asked(Constant(1), 0), method=Unsketched())


@pytest.mark.slow
@pytest.mark.parametrize("schedule", [Cosine(1), WarmupStableDecay(1)], ids=["cosine", "wsd"])
def test_a_tuned_run_of_ten_to_the_ten_steps(schedule):
    power = Problem(spectrum=PowerLaw(a=2), signal=PowerLawSignal(b="5/2"), noise=1)
    found = tuned_step_size(Run(power, model_size=10**9, schedule=schedule, steps=[10**10]))
    assert found.error < 1e-9
    assert found.excess < tuned_step_size(Run(power, model_size=10**9, schedule=Constant(1), steps=[10**10])).excess
