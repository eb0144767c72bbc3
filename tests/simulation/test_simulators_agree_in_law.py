"""Reduced and ambient simulation have one law; their first steps have the enumerated expectation."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import numpy as np
import pytest

from riskcalc.curve import Run
from riskcalc.problem import PowerLaw, PowerLawSignal, Problem, gaussian_sketch
from riskcalc.schedule import Constant, Geometric
from riskcalc.simulation import Ambient, Gaussian, MonteCarlo, Rademacher, Reduced, StudentT
from riskcalc.simulation.descent import excess_of_runs

RUNS = 8_000
STEPS = [1, 4, 16, 48]


def sampled(simulator, problem, sketch, *, runs, seed, **asked):
    run = Run(problem, model_size=len(sketch), **asked)
    return excess_of_runs(
        simulator.source(problem, sketch),
        np.random.SeedSequence(seed).spawn(runs),
        run=run,
        chunk=None,
        force=False,
    )[:, :, 0]


def mean_and_variance_z(first, second):
    """z of the difference of means, then of variances, for each column."""
    scores = []
    for moment in (lambda x: x, lambda x: (x - x.mean(axis=0)) ** 2):
        one, two = moment(first), moment(second)
        error = np.hypot(one.std(axis=0) / len(one) ** 0.5, two.std(axis=0) / len(two) ** 0.5)
        scores.append((one.mean(axis=0) - two.mean(axis=0)) / error)
    return np.concatenate(scores)


@pytest.fixture(scope="module")
def pairs():
    """Samples of both simulators for two settings, at four steps each."""
    found = []
    for batch_size, schedule, noise in ((1, Constant("1/10"), "1/10"), (3, Geometric("1/5"), 1)):
        problem = Problem(spectrum=PowerLaw(a="3/2", dimension=24), signal=PowerLawSignal(b=2), noise=noise)
        sketch = gaussian_sketch(model_size=6, dimension=24, seed=4)
        asked = {"schedule": schedule, "steps": STEPS, "batch_size": batch_size, "runs": RUNS}
        found.append(
            (
                sampled(Reduced(), problem, sketch, seed=1, **asked),
                sampled(Ambient(), problem, sketch, seed=2, **asked),
            )
        )
    return found


def test_mean_and_variance_agree(pairs, z_bound):
    scores = np.concatenate([mean_and_variance_z(*pair) for pair in pairs])
    assert np.abs(scores).max() < z_bound(scores.size)
    for pair in pairs:
        for samples in pair:  # power: the means are known to 1 %
            assert (samples.std(axis=0) / RUNS**0.5 < 0.01 * samples.mean(axis=0)).all()


def test_the_rule_rejects_a_small_error_of_mean_or_of_variance(pairs, z_bound):
    for reduced, ambient in pairs:
        bound = z_bound(2 * reduced.shape[1])
        assert np.abs(mean_and_variance_z(1.04 * reduced, ambient)).max() > bound
        center = reduced.mean(axis=0)
        spread = center + 1.2 * (reduced - center)
        scores = np.abs(mean_and_variance_z(spread, ambient))
        assert scores[: len(scores) // 2].max() < bound < scores[len(scores) // 2 :].max()


def test_the_residual_is_part_of_the_law(pairs, z_bound):
    """Without the approximation error in the residual's variance the reduced simulation is another one."""
    problem = Problem(spectrum=PowerLaw(a="3/2", dimension=24), signal=PowerLawSignal(b=2), noise="1/10")
    sketch = gaussian_sketch(model_size=6, dimension=24, seed=4)
    source = Reduced().source(problem, sketch)
    best = replace(source.learnt.best, residuals=problem.noise_covariance())
    wrong = replace(source, learnt=replace(source.learnt, best=best))
    run = Run(problem, model_size=6, schedule=Constant("1/10"), steps=STEPS)
    seeds = np.random.SeedSequence(1).spawn(RUNS)
    samples = excess_of_runs(wrong, seeds, run=run, chunk=None, force=False)[:, :, 0]
    assert np.abs(mean_and_variance_z(samples, pairs[0][1])).max() > z_bound(2 * len(STEPS))


# Enumeration: the excess after some steps is a polynomial of degree four in each coordinate of each sample
# and of degree two in each label noise. A three-point law with the right moments so gives its exact mean.

V, M = 3, 2
PROBLEM = Problem(spectrum=PowerLaw(a=1, dimension=V), signal=PowerLawSignal(b=1), noise="1/2")
SKETCH = np.array([[0.8, -0.5, 0.6], [0.3, 0.9, -0.7]])
STEP_SIZE = 0.3
KURTOSIS = {Rademacher(): 1.0, Gaussian(): 3.0, StudentT(14): 3 * 12 / 10}


def enumerated(kurtosis, *, steps, batch_size=1):
    """The expected excess after one or two steps, by going through all samples of the three-point law."""
    points = [(kurtosis**0.5, 0.5 / kurtosis), (-(kurtosis**0.5), 0.5 / kurtosis), (0.0, 1 - 1 / kurtosis)]
    points = [(xi, weight) for xi, weight in points if weight > 0]
    scale, w = np.sqrt(PROBLEM.eigenvalues()), PROBLEM.target()
    samples = []
    for *coordinates, sign in product(*[points] * V, [(1.0, 0.5), (-1.0, 0.5)]):
        x = scale * [xi for xi, _ in coordinates]
        chance = sign[1] * np.prod([weight for _, weight in coordinates])
        samples.append((SKETCH @ x, w @ x + sign[0] * 0.5**0.5, chance))
    z, y, chance = (np.array(part) for part in zip(*samples, strict=True))
    thetas, weights = np.zeros((1, M)), np.ones(1)
    for _ in range(steps):
        gradients = z * (thetas @ z.T - y)[:, :, None]  # every sample for every theta so far
        chances = np.broadcast_to(chance, gradients.shape[:2])
        if batch_size == 2:
            gradients = ((gradients[:, :, None] + gradients[:, None]) / 2).reshape(len(thetas), -1, M)
            chances = np.broadcast_to(np.outer(chance, chance).ravel(), gradients.shape[:2])
        weights = (weights[:, None] * chances).ravel()
        thetas = (thetas[:, None] - STEP_SIZE * gradients).reshape(-1, M)
    missed = scale * (w - thetas @ SKETCH)
    return float(weights @ (missed**2).sum(axis=1))


def estimate(simulator, *, steps, batch_size=1):
    run = Run(PROBLEM, model_size=M, schedule=Constant(STEP_SIZE), steps=steps, batch_size=batch_size)
    return MonteCarlo(runs=4_000, seed=8, sketch=SKETCH, simulator=simulator).curve(run)


@pytest.mark.parametrize(
    "simulator, law",
    [(Reduced(), Gaussian()), *((Ambient(covariates=law), law) for law in KURTOSIS)],
    ids=["reduced", *(f"ambient-{law.describe()['name']}" for law in KURTOSIS)],
)
def test_first_steps_have_the_enumerated_expectation(simulator, law, z_bound):
    exact = [enumerated(KURTOSIS[law], steps=1), enumerated(KURTOSIS[law], steps=2)]
    single = estimate(simulator, steps=[1, 2])
    double = estimate(simulator, steps=[1], batch_size=2)
    scores = [*(single.excess - exact) / single.standard_error]
    scores += [*(double.excess - enumerated(KURTOSIS[law], steps=1, batch_size=2)) / double.standard_error]
    assert np.abs(scores).max() < z_bound(3 * (1 + len(KURTOSIS)))
    assert (single.standard_error < 0.01 * single.excess).all()
    # the law matters: another fourth moment is rejected
    other = [enumerated(1.5 * KURTOSIS[law] + 0.5, steps=steps) for steps in (1, 2)]
    assert np.abs((single.excess - other) / single.standard_error).max() > z_bound(2)


@pytest.mark.parametrize("simulator", [Reduced(), Ambient()], ids=["reduced", "ambient"])
def test_the_excess_after_one_step_is_affine_in_the_inverse_batch_size(simulator, z_bound):
    curves = [estimate(simulator, steps=[1], batch_size=batch_size) for batch_size in (1, 2, 4)]
    one, two, four = (float(curve.excess[0]) for curve in curves)
    errors = [float(curve.standard_error[0]) for curve in curves]
    error = float(np.hypot(np.hypot(errors[0], 3 * errors[1]), 2 * errors[2]))
    assert abs((one - two) - 2 * (two - four)) < z_bound(2) * error
    assert one - two > 2 * z_bound(2) * error  # the sampling noise itself is well seen
