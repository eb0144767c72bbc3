"""Training as it is written against the exact road, for every optimiser; two wrong noises must be seen."""

from __future__ import annotations

import numpy as np
import pytest

import riskcalc as rc
from riskcalc.agreement.recorded import slow_excess
from riskcalc.agreement.recursion import without
from riskcalc.exact.given_sketch import sketch_modes
from riskcalc.problem import gaussian_sketch

PROBLEM = rc.Problem(spectrum=rc.PowerLaw(a=2, dimension=30), signal=rc.PowerLawSignal(b="12/5"), noise="1/20")
METHODS = {
    "heavy ball": (rc.HeavyBall("9/10"), "1/20", None),
    "Nesterov": (rc.Nesterov("9/10"), "1/20", None),
    "lookahead": (rc.Nesterov("9/10", at="lookahead"), "1/20", None),
    "schedule-free": (rc.ScheduleFree("9/10"), "3/10", None),
    "two buffers": (rc.TwoBuffer(delta="1/50", mu="9/10"), "1/5", None),
    "DANA": (rc.Dana(delta="1/5", decay="1/2", memory=6), "3/10", None),
    "exponential mean": (rc.SGD(), "3/10", rc.ExponentialAverage("1/20")),
    "mean of the tail": (rc.HeavyBall("9/10"), "1/20", rc.TailAverage("1/2")),
}
LEVEL = 4.5  # standard errors: 32 normals exceed it once in 5000 times


def run_of(name, steps=(2, 10, 60)):
    optimiser, size, averaging = METHODS[name]
    return rc.Run(
        PROBLEM,
        model_size=8,
        batch_size=3,
        schedule=rc.Constant(size),
        steps=steps,
        optimiser=optimiser,
        averaging=averaging,
    )


@pytest.mark.parametrize("name", METHODS)
def test_the_exact_road_is_the_mean_of_training_as_written(name):
    run = run_of(name)
    sampled = rc.MonteCarlo(runs=1500, seed=5, simulator=rc.Ambient()).curve(run)
    exact = rc.Exact(seed=0).curve(run)
    assert (sampled.standard_error < 0.02 * sampled.excess).all()
    assert np.abs((sampled.excess - exact.excess) / sampled.standard_error).max() < LEVEL


@pytest.mark.slow
@pytest.mark.parametrize("name", ["heavy ball", "Nesterov", "DANA"])
def test_noise_with_a_part_left_out_is_rejected(name):
    run = run_of(name, steps=(10, 15, 20))
    sampled = rc.MonteCarlo(runs=150_000, seed=7).curve(run)
    modes = sketch_modes(PROBLEM, gaussian_sketch(model_size=8, dimension=30, seed=0))
    assert np.abs((sampled.excess - slow_excess(modes, run)) / sampled.standard_error).max() < LEVEL
    for term in ("own", "cross"):
        wrong = slow_excess(modes, run, terms=without(term))
        assert np.abs((sampled.excess - wrong) / sampled.standard_error).max() > 2 * LEVEL, term


def test_chunks_change_no_bit():
    run = run_of("heavy ball")
    one, other = (rc.MonteCarlo(runs=6, seed=1, chunk=chunk).samples(run) for chunk in (1, 4))
    assert np.array_equal(one, other)
