"""Rows of a data set as samples: the population is the data set, everything can be enumerated."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from riskcalc.curve import Run
from riskcalc.errors import InvalidInput
from riskcalc.problem import ExplicitSignal, ExplicitSpectrum, PowerLaw, PowerLawSignal, Problem
from riskcalc.schedule import Constant
from riskcalc.simulation import Ambient, DataRows, MonteCarlo

V, M, ROWS, STEP_SIZE, NOISE = 4, 3, 6, 0.3, 0.2
GENERATOR = np.random.default_rng(12)
FEATURES = GENERATOR.standard_t(4, (ROWS, V)) * [1.0, 0.7, 0.5, 0.3]
LABELS = FEATURES @ [1.0, -1.0, 0.5, 2.0] + 0.5 * GENERATOR.standard_normal(ROWS)
SKETCH = GENERATOR.standard_normal((M, V)) / M**0.5
PROBLEM = Problem(
    spectrum=ExplicitSpectrum((FEATURES**2).mean(axis=0)),
    signal=ExplicitSignal([1.0, -1.0, 0.5, 2.0]),
    noise=NOISE,
)


def curve(*, runs=8_000, steps=(0, 1, 2), batch_size=1, data=None):
    run = Run(PROBLEM, model_size=M, schedule=Constant(STEP_SIZE), steps=steps, batch_size=batch_size)
    simulator = Ambient(covariates=data or DataRows(FEATURES, LABELS))
    return MonteCarlo(runs=runs, seed=3, sketch=SKETCH, simulator=simulator).curve(run)


def mean_squared_error(theta):
    return np.mean((LABELS - FEATURES @ SKETCH.T @ theta) ** 2)


def enumerated(*, steps, batch_size=1):
    """The expected risk after so many steps, over all ways to draw the rows."""
    z, risks = FEATURES @ SKETCH.T, []
    for rows in product(range(ROWS), repeat=steps * batch_size):
        theta = np.zeros(M)
        for step in range(steps):
            batch = list(rows[step * batch_size : (step + 1) * batch_size])
            theta = theta - STEP_SIZE / batch_size * z[batch].T @ (z[batch] @ theta - LABELS[batch])
        risks.append(mean_squared_error(theta))
    return np.mean(risks)


def test_the_first_steps_have_the_enumerated_expectation(z_bound):
    single, double = curve(), curve(steps=[1], batch_size=2)
    exact = [enumerated(steps=1), enumerated(steps=2), enumerated(steps=1, batch_size=2)]
    found = [*single.risk[1:], double.risk[0]]
    error = np.array([*single.standard_error[1:], double.standard_error[0]])
    assert np.abs((np.array(found) - exact) / error).max() < z_bound(3)
    assert (error < 0.01 * np.array(exact)).all()


def test_risk_is_the_mean_squared_error_and_noise_its_irreducible_part():
    found = curve(runs=2)
    assert found.irreducible == NOISE
    assert found.risk[0] == pytest.approx(np.mean(LABELS**2), rel=1e-14)
    assert found.standard_error[0] == 0
    best = np.linalg.lstsq(FEATURES @ SKETCH.T, LABELS, rcond=None)[0]
    assert found.approximation + NOISE == pytest.approx(mean_squared_error(best), rel=1e-12)


def test_every_row_is_drawn_equally_often():
    rows = np.eye(5)
    problem = Problem(spectrum=ExplicitSpectrum([0.2] * 5), signal=ExplicitSignal([0.0] * 5))
    source = DataRows(rows, np.arange(5.0)).source(problem, np.eye(5))
    samples = np.empty((50_000, 6))
    source.runs([np.random.SeedSequence(0)]).streams[0].fill(samples)
    counts = samples[:, :5].sum(axis=0)
    assert np.array_equal(samples[:, 5], samples[:, :5] @ np.arange(5.0))
    assert (counts.sum(), np.unique(samples[:, :5]).tolist()) == (50_000, [0.0, 1.0])
    chi_squared = ((counts - 10_000) ** 2 / 10_000).sum()
    assert chi_squared < 18.5  # the 0.1 % quantile of chi squared with 4 degrees of freedom is 18.47


@pytest.mark.parametrize(
    "features, labels, message",
    [
        ([1.0, 2.0], [1.0, 2.0], "shape"),
        ([[1.0], [2.0]], [1.0], "shape"),
        (np.ones((0, 2)), [], "shape"),
        ([[1.0], [float("nan")]], [1.0, 2.0], "1 rows are not, the first one row 1"),
        ([[1.0], [2.0]], [float("inf"), 2.0], "the first one row 0"),
        ([["a"], ["b"]], [1.0, 2.0], "numbers"),
    ],
)
def test_bad_data(features, labels, message):
    with pytest.raises(InvalidInput, match=message):
        DataRows(features, labels)


def test_the_dimension_must_be_the_problems():
    problem = Problem(spectrum=PowerLaw(a=2, dimension=5), signal=PowerLawSignal(b=2))
    run = Run(problem, model_size=2, schedule=Constant("1/10"), steps=[1])
    with pytest.raises(InvalidInput, match="4 features, but the problem has dimension 5"):
        MonteCarlo(simulator=Ambient(covariates=DataRows(FEATURES, LABELS))).curve(run)


def test_data_rows_are_values():
    assert DataRows(FEATURES, LABELS) == DataRows(FEATURES.tolist(), LABELS.tolist())
    assert hash(DataRows(FEATURES, LABELS)) == hash(DataRows(FEATURES, LABELS))
    assert DataRows(FEATURES, LABELS) != DataRows(FEATURES, LABELS + 1)
    with pytest.raises(ValueError, match="read-only"):
        DataRows(FEATURES, LABELS).features[0, 0] = 1
