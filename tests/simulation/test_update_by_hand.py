"""The update written out number by number, on the random numbers the simulators themselves use."""

from __future__ import annotations

import numpy as np
import pytest

from riskcalc.curve import Run
from riskcalc.problem import PowerLaw, PowerLawSignal, Problem
from riskcalc.schedule import Constant, Polynomial
from riskcalc.simulation import Ambient, DataRows, MonteCarlo, Rademacher, Reduced
from riskcalc.simulation.descent import excess_of_runs

V, M, STEPS = 4, 2, [0, 1, 2, 5]
PROBLEM = Problem(spectrum=PowerLaw(a="3/2", dimension=V), signal=PowerLawSignal(b=2), noise="1/4")
SKETCH = np.array([[0.9, -0.4, 0.3, 0.7], [0.2, 1.1, -0.8, 0.5]])
LAMBDA = [j**-1.5 for j in range(1, V + 1)]
W = [(j**-2 / j**-1.5) ** 0.5 for j in range(1, V + 1)]
SCHEDULES = pytest.mark.parametrize(
    "schedule", [Constant("1/4"), Polynomial("1/2", power=2)], ids=["constant", "polynomial"]
)


def key(*numbers, seed=11):
    return np.random.Generator(np.random.SFC64(np.random.SeedSequence(seed, spawn_key=numbers)))


def descend(samples, risk, step_sizes, theta):
    """One run in plain Python: samples[s] is the batch of step s, as pairs of features and label."""
    curve = [risk(theta)]
    for gamma, batch in zip(step_sizes, samples, strict=True):
        gradient = [0.0] * len(theta)
        for z, y in batch:
            error = sum(z_i * theta_i for z_i, theta_i in zip(z, theta, strict=True)) - y
            gradient = [g + z_i * error for g, z_i in zip(gradient, z, strict=True)]
        theta = [theta_i - gamma / len(batch) * g for theta_i, g in zip(theta, gradient, strict=True)]
        curve.append(risk(theta))
    return [curve[step] for step in STEPS]


def step_sizes(schedule):
    return [schedule.step_sizes(s, s + 1, horizon=5)[0] for s in range(5)]


def ambient_risk(theta):
    return sum(LAMBDA[j] * (W[j] - sum(SKETCH[i, j] * theta[i] for i in range(M))) ** 2 for j in range(V))


@SCHEDULES
@pytest.mark.parametrize("batch_size", [1, 3])
@pytest.mark.parametrize("law", ["gaussian", "rademacher"])
def test_ambient(schedule, batch_size, law):
    run = Run(PROBLEM, model_size=M, schedule=schedule, steps=STEPS, batch_size=batch_size)
    simulator = Ambient() if law == "gaussian" else Ambient(covariates=Rademacher())
    runs = []
    for number in range(2):
        covariates, noise = key(0, number, 0), key(0, number, 1)
        samples = []
        for _ in range(5):
            batch = []
            for _ in range(batch_size):
                if law == "gaussian":
                    xi = covariates.standard_normal(V)
                else:
                    xi = [-1.0 if uniform < 0.5 else 1.0 for uniform in covariates.random(V)]
                x = [LAMBDA[j] ** 0.5 * xi[j] for j in range(V)]
                y = sum(W[j] * x[j] for j in range(V)) + 0.5 * noise.standard_normal()
                batch.append(([sum(SKETCH[i, j] * x[j] for j in range(V)) for i in range(M)], y))
            samples.append(batch)
        runs.append(descend(samples, ambient_risk, step_sizes(schedule), [0.0] * M))
    curve = MonteCarlo(runs=2, seed=11, sketch=SKETCH, simulator=simulator).curve(run)
    np.testing.assert_allclose(curve.excess, np.mean(runs, axis=0), rtol=1e-12)
    np.testing.assert_allclose(curve.standard_error, np.abs(np.subtract(*runs)) / 2, rtol=1e-9, atol=1e-14)


@SCHEDULES
@pytest.mark.parametrize("batch_size", [1, 3])
def test_reduced(schedule, batch_size):
    run = Run(PROBLEM, model_size=M, schedule=schedule, steps=STEPS, batch_size=batch_size)
    source = Reduced().source(PROBLEM, SKETCH)
    (approximation,), best = source.approximation, source.learnt.of_run(np.random.SeedSequence(0))
    scales, residual_scale = source.learnt.scales, np.sqrt(approximation + 0.25)

    def risk(theta):
        return approximation + sum((scales[i] * theta[i]) ** 2 for i in range(M))

    runs = []
    for number in range(2):
        normals = key(0, number)
        samples = []
        for _ in range(5):
            batch = []
            for _ in range(batch_size):
                draw = normals.standard_normal(M + 1)
                batch.append(([scales[i] * draw[i] for i in range(M)], residual_scale * draw[M]))
            samples.append(batch)
        runs.append(descend(samples, risk, step_sizes(schedule), list(-best.parameters[0])))
    curve = MonteCarlo(runs=2, seed=11, sketch=SKETCH).curve(run)
    np.testing.assert_allclose(curve.excess, np.mean(runs, axis=0), rtol=1e-12)


def test_the_reduced_coordinates_are_the_eigenbasis_of_the_feature_covariance():
    source = Reduced().source(PROBLEM, SKETCH)
    covariance = SKETCH @ np.diag(LAMBDA) @ SKETCH.T
    eigenvalues, basis = np.linalg.eigh(covariance)
    correlation = basis.T @ SKETCH @ (np.array(LAMBDA) * W)
    scales, runs = source.learnt.scales, source.runs([np.random.SeedSequence(0)])
    order = np.argsort(scales)
    np.testing.assert_allclose(scales[order] ** 2, eigenvalues, rtol=1e-12)
    np.testing.assert_allclose(np.abs(runs.start[0, 0, order]), np.abs(correlation / eigenvalues), rtol=1e-12)
    assert runs.excess(runs.start)[0, 0] == pytest.approx(ambient_risk([0.0] * M), rel=1e-14)


def test_data_rows():
    features = np.random.default_rng(5).standard_normal((6, V))
    labels = np.random.default_rng(6).standard_normal(6)
    run = Run(PROBLEM, model_size=M, schedule=Constant("1/4"), steps=STEPS, batch_size=2)
    uniforms = key(0, 0)
    z = [[sum(SKETCH[i, j] * row[j] for j in range(V)) for i in range(M)] for row in features]

    def risk(theta):
        errors = [labels[n] - sum(z[n][i] * theta[i] for i in range(M)) for n in range(6)]
        return sum(error**2 for error in errors) / 6 - 0.25

    samples = [
        [(z[int(6 * uniform)], labels[int(6 * uniform)]) for uniform in uniforms.random(2)] for _ in range(5)
    ]
    expected = descend(samples, risk, [0.25] * 5, [0.0] * M)
    simulator = Ambient(covariates=DataRows(features, labels))
    curve = MonteCarlo(runs=1, seed=11, sketch=SKETCH, simulator=simulator).curve(run)
    np.testing.assert_allclose(curve.excess, expected, rtol=1e-12)


def test_a_wide_run_is_updated_like_a_narrow_one():
    # From 256 features on, single runs take another path through the update; the wide problem here is the
    # narrow one with features added that are zero.
    width, narrow = 300, 3
    generator = np.random.default_rng(2)
    problem = Problem(spectrum=PowerLaw(a=1, dimension=width), signal=PowerLawSignal(b=2), noise=1)
    sketch = np.zeros((width, width))
    sketch[:narrow] = generator.standard_normal((narrow, width)) / 3
    wide = Ambient().source(problem, sketch)
    slim = Ambient().source(problem, sketch[:narrow])
    seeds = np.random.SeedSequence(3).spawn(2)
    curves = [
        excess_of_runs(
            source,
            seeds,
            run=Run(problem, model_size=source.shape[1], schedule=Constant("1/10"), steps=[1, 30]),
            chunk=None,
            force=False,
        )
        for source in (wide, slim)
    ]
    np.testing.assert_allclose(curves[0], curves[1], rtol=1e-10)
    assert np.ptp(curves[1][:, 1, 0]) > 0
