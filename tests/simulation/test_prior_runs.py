"""Simulated runs that each draw a target."""

from __future__ import annotations

import numpy as np
import pytest

from riskcalc import (
    Ambient,
    Constant,
    DataRows,
    GaussianPrior,
    MonteCarlo,
    PowerLaw,
    Problem,
    Reduced,
    Run,
    TailAverage,
)
from riskcalc.errors import InvalidInput
from riskcalc.problem import gaussian_sketch
from riskcalc.simulation.descent import excess_of_runs
from riskcalc.simulation.streams import RunSeeds

PROBLEM = Problem(spectrum=PowerLaw(a=2, dimension=30), signal=GaussianPrior(scale=2), noise=1)
SIMULATORS = [Reduced(), Ambient()]


def asked(**changes):
    settings = {"model_size": 5, "schedule": Constant("1/5"), "steps": [0, 3, 40], "batch_size": 2}
    return Run(PROBLEM, **{**settings, **changes})


@pytest.mark.parametrize("averaging", [None, TailAverage("1/2")], ids=str)
@pytest.mark.parametrize("simulator", SIMULATORS, ids=["reduced", "ambient"])
def test_a_run_depends_on_its_own_seed_alone(simulator, averaging):
    source = simulator.source(PROBLEM, gaussian_sketch(model_size=5, dimension=30, seed=0))
    seeds = RunSeeds(root=1, first=0, runs=9)
    run = asked(averaging=averaging)
    together = excess_of_runs(source, seeds, run=run, chunk=None, force=False)
    apart = excess_of_runs(source, seeds, run=run, chunk=2, force=False)
    assert np.array_equal(together, apart)
    assert len(set(together[:, 0, 0])) == 9  # nine targets


def test_both_simulators_draw_the_same_targets():
    """At step 0 the risk is that of the target alone, so both simulators see the same number."""
    sketch, seeds = gaussian_sketch(model_size=5, dimension=30, seed=0), RunSeeds(root=1, first=0, runs=9)
    first, second = (
        excess_of_runs(simulator.source(PROBLEM, sketch), seeds, run=asked(), chunk=None, force=False)[:, 0]
        for simulator in SIMULATORS
    )
    assert first == pytest.approx(second, rel=1e-12)


@pytest.mark.parametrize("simulator", SIMULATORS, ids=["reduced", "ambient"])
def test_targets_have_the_variance_of_the_prior(simulator):
    """sum_j lambda_j w_j^2 has mean 2 trace and variance 2 sum (2 lambda_j)^2."""
    source = simulator.source(PROBLEM, gaussian_sketch(model_size=5, dimension=30, seed=0))
    seeds = RunSeeds(root=3, first=0, runs=4000)
    runs = source.runs([seeds[place] for place in range(4000)])
    powers = 2 * PROBLEM.eigenvalues()
    error = np.sqrt(2 * np.sum(powers**2) / 4000)
    assert abs(runs.excess(runs.start).mean() - powers.sum()) < 4.5 * error
    assert error < 0.03 * powers.sum()


def test_the_approximation_is_the_mean_over_targets():
    curve = MonteCarlo(runs=2).curve(asked())
    source = Reduced().source(PROBLEM, gaussian_sketch(model_size=5, dimension=30, seed=0))
    eigenvalues = PROBLEM.eigenvalues()
    sketch = gaussian_sketch(model_size=5, dimension=30, seed=0)
    design = np.sqrt(eigenvalues)[:, None] * sketch.T
    missed = np.eye(30) - design @ np.linalg.solve(design.T @ design, design.T)
    assert [curve.approximation] == source.approximation
    assert curve.approximation == pytest.approx(2 * np.diag(missed) @ eigenvalues, rel=1e-10)


def test_data_rows_have_their_own_labels():
    rows = DataRows(np.eye(30), np.ones(30))
    with pytest.raises(InvalidInput, match="own labels"):
        MonteCarlo(simulator=Ambient(covariates=rows), runs=2).curve(asked())
