"""The P x M matrix as it is trained: against the sum of scalar exact risks, and bit by bit."""

from __future__ import annotations

import numpy as np
import pytest

from riskcalc import (
    Ambient,
    Constant,
    DataRows,
    Exact,
    Geometric,
    IterateAverage,
    MonteCarlo,
    MultipleOutputs,
    PowerLaw,
    PowerLawSignal,
    Problem,
    Reduced,
    Run,
    output_curves,
    risk,
)
from riskcalc.errors import InvalidInput
from riskcalc.problem import gaussian_sketch
from riskcalc.simulation import descent
from riskcalc.simulation.update import advance

CORRELATED = [[1, 0.8, -0.5], [0.8, 1, 0], [-0.5, 0, 1]]
STEPS = (1, 10, 50, 150)


def problem(correlation=None):
    signals = [PowerLawSignal(b=b, signs=seed) for seed, b in enumerate((2, 3, "5/2"))]
    law = PowerLaw(a=2, dimension=40)
    return MultipleOutputs(spectrum=law, signals=signals, noises=["1/2", "1/4", 1], noise_correlation=correlation)


def run(asked, **changes):
    settings = {"model_size": 6, "schedule": Geometric("1/5"), "steps": STEPS}
    return Run(asked, **{**settings, **changes})


@pytest.mark.parametrize(
    "simulator, correlation",
    [
        pytest.param(Reduced(), None, id="independent", marks=pytest.mark.slow),
        pytest.param(Reduced(), CORRELATED, id="correlated"),
        pytest.param(Reduced(), 1, id="equal", marks=pytest.mark.slow),
        pytest.param(Ambient(), CORRELATED, id="ambient"),
    ],
)
def test_total_risk_is_the_sum_of_scalar_exact_risks(correlation, simulator, z_bound):
    asked = run(problem(correlation))
    exact = sum(risk(run(one), method=Exact(seed=3)).excess for one in asked.problem.problems)
    sampled = risk(asked, method=MonteCarlo(runs=2500, seed=5, sketch_seed=3, simulator=simulator))
    assert np.all(sampled.standard_error < 0.05 * exact)
    z = (sampled.excess - exact) / sampled.standard_error
    assert np.abs(z).max() < z_bound(4 * len(STEPS))
    # negative control: the noise of the second output, 1/7 of all, left out
    silent = MultipleOutputs(spectrum=asked.problem.spectrum, signals=asked.problem.signals, noises=["1/2", 0, 1])
    wrong = risk(run(silent), method=Exact(seed=3)).excess
    assert np.abs((sampled.excess - wrong) / sampled.standard_error).max() > z_bound(4 * len(STEPS))


def test_outputs_of_the_same_runs_add_up_and_each_is_its_scalar_risk(z_bound):
    asked, road = run(problem(CORRELATED)), MonteCarlo(runs=2000, seed=6, sketch_seed=3)
    curves = output_curves(asked, method=road)
    total = risk(asked, method=road)
    assert np.allclose(sum(curve.excess for curve in curves), total.excess, rtol=1e-12)
    assert np.isclose(sum(curve.approximation for curve in curves), total.approximation, rtol=1e-12)
    for sampled, exact in zip(curves, output_curves(asked, method=Exact(seed=3)), strict=True):
        assert np.abs((sampled.excess - exact.excess) / sampled.standard_error).max() < z_bound(3 * len(STEPS))


@pytest.mark.parametrize("simulator", [Reduced(), Ambient()], ids=["reduced", "ambient"])
def test_equal_outputs_move_together_if_their_noises_are_equal(simulator):
    law, signal = PowerLaw(a=2, dimension=20), PowerLawSignal(b=2)

    def pair(correlation):
        twins = MultipleOutputs(spectrum=law, signals=[signal, signal], noises="1/4", noise_correlation=correlation)
        return [one.excess for one in output_curves(run(twins), method=MonteCarlo(runs=50, simulator=simulator))]

    first, second = pair(1)
    assert np.allclose(first, second, rtol=1e-9)
    first, second = pair("1/2")
    assert not np.allclose(first, second, rtol=1e-3)


def test_one_output_is_the_scalar_simulation():
    scalar = Problem(spectrum=PowerLaw(a=2, dimension=20), signal=PowerLawSignal(b=2), noise="1/4")
    road = MonteCarlo(runs=20, seed=1, simulator=Ambient())
    one = risk(run(MultipleOutputs.every_output(scalar, outputs=1)), method=road)
    assert np.allclose(one.excess, risk(run(scalar), method=road).excess, rtol=1e-10)


@pytest.mark.parametrize("simulator", [Reduced(), Ambient()], ids=["reduced", "ambient"])
@pytest.mark.parametrize("batch_size", [1, 3])
def test_neither_chunk_nor_block_changes_a_bit(simulator, batch_size, monkeypatch):
    asked = run(problem(CORRELATED), batch_size=batch_size, schedule=Constant("1/20"))
    source = simulator.source(asked.problem, gaussian_sketch(model_size=6, dimension=40, seed=0))
    seeds = np.random.SeedSequence(5).spawn(5)

    def bits(chunk):
        return descent.excess_of_runs(source, seeds, run=asked, chunk=chunk, force=False).tobytes()

    whole = bits(None)
    assert bits(2) == whole
    monkeypatch.setattr(descent, "_BLOCK", 2 * 128 * 9)
    assert bits(2) == whole


def test_average_of_the_iterates_of_several_outputs(z_bound):
    constant = {"batch_size": 2, "schedule": Constant("1/6"), "steps": (10, 100)}
    asked = run(problem(CORRELATED), averaging=IterateAverage(), **constant)
    exact, sampled = risk(asked, method=Exact(seed=3)), risk(asked, method=MonteCarlo(runs=1500, sketch_seed=3))
    assert np.abs((sampled.excess - exact.excess) / sampled.standard_error).max() < z_bound(2)
    each = output_curves(asked, method=Exact(seed=3))
    assert np.allclose(exact.excess, sum(curve.excess for curve in each), rtol=1e-12)


def test_update_by_hand():
    """Theta <- Theta - (gamma/B) sum (Theta z - y) z^T, two steps of two runs."""
    generator = np.random.default_rng(0)
    start = generator.standard_normal((2, 3, 4))  # runs, outputs, features
    samples = generator.standard_normal((2, 2, 5, 7))  # runs, steps, batch, features and labels
    rates = np.array([0.3, 0.1])
    found = start.copy()
    advance(found, samples, rates)
    for theta, drawn, moved in zip(start, samples, found, strict=True):
        for step, gamma in enumerate(rates):
            gradient = sum(np.outer(theta @ row[:4] - row[4:], row[:4]) for row in drawn[step])
            theta = theta - gamma / 5 * gradient
        assert np.allclose(moved, theta, rtol=1e-12)


def test_what_cannot_be_simulated_is_refused():
    scalar = Problem(spectrum=PowerLaw(a=2, dimension=20), signal=PowerLawSignal(b=2))
    many = MultipleOutputs.every_output(scalar, outputs=10**6)
    with pytest.raises(InvalidInput, match="too many to simulate"):
        risk(run(many), method=MonteCarlo(runs=2))
    rows = DataRows(np.ones((3, 20)), np.ones(3))
    few = MultipleOutputs.every_output(scalar, outputs=2)
    with pytest.raises(InvalidInput, match="one label each"):
        risk(run(few), method=MonteCarlo(runs=2, simulator=Ambient(covariates=rows)))
