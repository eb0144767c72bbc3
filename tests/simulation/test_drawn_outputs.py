"""Several outputs whose targets are drawn: simulated, averaged exactly, and added up."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from riskcalc import (
    Ambient,
    Constant,
    Equivalent,
    Exact,
    GaussianPrior,
    Geometric,
    LogarithmicPowerLaw,
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
from riskcalc.simulation.descent import excess_of_runs
from riskcalc.simulation.streams import RunSeeds

LAW = PowerLaw(a=2, dimension=40)
STEPS = (1, 20, 150)
SIGNALS = [GaussianPrior(), PowerLawSignal(b=2, signs=1), GaussianPrior(b=3, scale=2)]
MIXED = MultipleOutputs(
    spectrum=LAW,
    signals=SIGNALS,
    noises=["1/2", "1/4", 1],
    noise_correlation=[[1, 0.8, -0.5], [0.8, 1, 0], [-0.5, 0, 1]],
)
ISOTROPIC = Problem(spectrum=LAW, signal=GaussianPrior(), noise="1/2")
simulators = pytest.mark.parametrize("simulator", [Reduced(), Ambient()], ids=["reduced", "ambient"])


def run(problem, **changes):
    return Run(problem, **{"model_size": 6, "schedule": Geometric("1/5"), "steps": STEPS, **changes})


@simulators
@pytest.mark.parametrize(
    "problem", [MIXED, MultipleOutputs.total(ISOTROPIC, outputs=3)], ids=["mixed", "total"]
)
def test_total_risk_is_the_sum_of_scalar_exact_averages(problem, simulator, z_bound):
    asked = run(problem)
    each = sum(risk(run(one), method=Exact(seed=3)).excess for one in problem.written_out())
    exact = risk(asked, method=Exact(seed=3)).excess
    assert np.allclose(exact, each, rtol=1e-10)
    sampled = risk(asked, method=MonteCarlo(runs=2000, seed=5, sketch_seed=3, simulator=simulator))
    assert np.all(sampled.standard_error < 0.05 * exact)
    bound = z_bound(4 * len(STEPS))
    assert np.abs((sampled.excess - exact) / sampled.standard_error).max() < bound
    # negative control: the noise of one output left out
    *others, _ = outputs = problem.written_out()
    silent = MultipleOutputs(
        spectrum=LAW, signals=[one.signal for one in outputs], noises=[*(one.noise for one in others), 0]
    )
    wrong = risk(run(silent), method=Exact(seed=3)).excess
    assert np.abs((sampled.excess - wrong) / sampled.standard_error).max() > bound


@simulators
def test_each_output_is_its_scalar_average(simulator, z_bound):
    asked = run(MIXED)
    curves = output_curves(asked, method=MonteCarlo(runs=1500, seed=6, sketch_seed=3, simulator=simulator))
    for sampled, exact in zip(curves, output_curves(asked, method=Exact(seed=3)), strict=True):
        assert np.abs((sampled.excess - exact.excess) / sampled.standard_error).max() < z_bound(6 * len(STEPS))
        assert np.isclose(sampled.approximation, exact.approximation, rtol=1e-9)


@simulators
def test_targets_of_runs_and_outputs_are_independent_draws_of_the_prior(simulator):
    """Over 3000 runs lambda^(1/2) w of two outputs has the prior's variances and no correlation, at step 0."""
    pair = MultipleOutputs.every_output(ISOTROPIC, outputs=2)
    source = simulator.source(pair, gaussian_sketch(model_size=6, dimension=40, seed=0))
    seeds = RunSeeds(root=1, first=0, runs=3000)
    runs = source.runs([seeds[place] for place in range(3000)])
    start = runs.excess(runs.start)
    powers = ISOTROPIC.eigenvalues()
    error = np.sqrt(2 * np.sum(powers**2) / 3000)
    assert np.abs(start.mean(axis=0) - powers.sum()).max() < 4.5 * error
    assert abs(np.corrcoef(start.T)[0, 1]) < 4.5 / np.sqrt(3000)


@simulators
def test_one_output_is_the_scalar_simulation(simulator):
    road = MonteCarlo(runs=30, seed=1, simulator=simulator)
    one = risk(run(MultipleOutputs.every_output(ISOTROPIC, outputs=1)), method=road)
    assert np.allclose(one.excess, risk(run(ISOTROPIC), method=road).excess, rtol=1e-9)


@simulators
def test_a_run_depends_on_its_own_seed_alone(simulator):
    source = simulator.source(MIXED, gaussian_sketch(model_size=6, dimension=40, seed=0))
    seeds, asked = RunSeeds(root=1, first=0, runs=5), run(MIXED, batch_size=3, schedule=Constant("1/20"))
    whole = excess_of_runs(source, seeds, run=asked, chunk=None, force=False)
    assert np.array_equal(whole, excess_of_runs(source, seeds, run=asked, chunk=2, force=False))
    assert whole.shape == (5, len(STEPS), 3)


def test_totals_pools_and_descriptions():
    total = MultipleOutputs.total(ISOTROPIC, outputs=4)
    assert total.signals == (GaussianPrior(scale="1/4"),)
    assert total.random_target
    assert not MultipleOutputs.every_output(replace(ISOTROPIC, signal=PowerLawSignal(b=2)), outputs=2).random_target
    assert np.allclose(total.signal_power(), ISOTROPIC.signal_power())
    assert total.pooled() == (Problem(spectrum=LAW, signal=PowerLawSignal(b=2), noise=2),)
    assert [one.signal for one in MIXED.pooled()] == [PowerLawSignal(b=2, scale=2), PowerLawSignal(b=3, scale=2)]
    assert [entry.get("prior") for entry in MIXED.describe()["each_output"]] == ["isotropic", None, "gaussian"]
    slow = Problem(spectrum=LogarithmicPowerLaw(a=2, dimension=40), signal=GaussianPrior(), noise=1)
    assert MultipleOutputs.every_output(slow, outputs=3).pooled()[0].signal == GaussianPrior(scale=3)
    with pytest.raises(InvalidInput, match="leave the seed of signs out"):
        MultipleOutputs.every_output(ISOTROPIC, outputs=2, seed=1)


@pytest.mark.parametrize("spectrum", [PowerLaw(a=2, dimension=300), LogarithmicPowerLaw(a=2, dimension=300)], ids=str)
def test_the_equivalent_adds_up(spectrum):
    scalar = Problem(spectrum=spectrum, signal=GaussianPrior(), noise="1/2")
    one, every, total = (
        Equivalent().curve(Run(problem, model_size=20, schedule=Constant("1/20"), steps=[0, 100]))
        for problem in (
            scalar,
            MultipleOutputs.every_output(scalar, outputs=7),
            MultipleOutputs.total(scalar, outputs=7),
        )
    )
    assert np.allclose(every.excess, 7 * one.excess, rtol=1e-8)
    assert np.allclose(total.bias, one.bias, rtol=1e-8)
    assert total.irreducible == 3.5
