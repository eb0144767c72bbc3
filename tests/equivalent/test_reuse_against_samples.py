"""The equivalent of a data set against averages over sketches and data, by z-scores; finite M and N leave O(1/N).

Given sketch and data the exact road averages over the noise of the labels, and the second moments written out here over
the order of the batches; so only sketches and data are sampled. Negative controls: the same theory without one term.
"""

from __future__ import annotations

import numpy as np
import pytest

import riskcalc as rc
from tests.equivalent.reuse_oracle import Oracle

pytestmark = pytest.mark.slow

STEPS = [1, 10, 100, 1000, 10_000]
SHAPES = {(20, 40): 800, (40, 80): 400, (40, 20): 800, (80, 40): 300, (60, 24): 400, (24, 60): 500}  # M, N: data sets
_LARGEST_SHIFT = 4.0  # of the excess, times N: .5 to 2.2 were found


def problem(dimension, noise="1/10"):
    return rc.Problem(
        spectrum=rc.PowerLaw(a="3/2", dimension=dimension), signal=rc.PowerLawSignal(b=2), noise=noise
    )


@pytest.mark.every_case
@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_full_batch(shape, z_bound):
    size, samples = shape
    run = rc.Run(
        problem(8 * max(shape)),
        model_size=size,
        schedule=rc.Constant("2/5"),
        steps=STEPS,
        data=rc.FullBatch(samples=samples),
    )
    equivalent = rc.risk(run)
    sampled = rc.risk(run, method=rc.Exact(seed=1, sketches=SHAPES[shape], tolerance=1e-6))
    allowed = z_bound(len(STEPS)) * sampled.standard_error + _LARGEST_SHIFT / samples * equivalent.excess
    assert (np.abs(sampled.excess - equivalent.excess) < allowed).all()
    # the fresh samples of one pass, and the training loss in place of the risk, are far off
    assert (np.abs(sampled.excess - (equivalent.training - equivalent.irreducible)) > allowed).any()


def test_the_gap_times_n_is_constant():
    """Twice as many features and samples: half the gap. Shapes are small, where the gap is large."""
    gaps, errors = [], []
    for size, samples, count in ((6, 12, 8000), (12, 24, 8000)):
        run = rc.Run(
            problem(96),
            model_size=size,
            schedule=rc.Constant("1/5"),
            steps=[100],
            data=rc.FullBatch(samples=samples),
        )
        equivalent = rc.risk(run).excess[0]
        sampled = rc.risk(run, method=rc.Exact(seed=1, sketches=count, tolerance=1e-6))
        gaps.append((sampled.excess[0] / equivalent - 1) * samples)
        errors.append(sampled.standard_error[0] / equivalent * samples)
    assert gaps[0] > 4 * errors[0]
    assert abs(gaps[1] - gaps[0]) < 4 * np.hypot(*errors) + 0.5 * gaps[0]


def over_the_order(features, labels, *, step_size, batch_size, steps):
    """Second moments of (theta, -1), exact over the order of the batches, after each of the steps."""
    rows = np.column_stack([features, labels])
    count, width = rows.shape
    covariance = np.zeros((width, width))
    covariance[:-1] = features.T @ rows / count  # acts on (theta, -1)
    moments = np.zeros((width, width))
    moments[-1, -1] = 1.0
    found = {}
    for step in range(max(steps) + 1):
        if step in steps:
            found[step] = moments.copy()
        squares = np.einsum("ni,ij,nj->n", rows, moments, rows)
        inner = (features * squares[:, None]).T @ features / count
        moved = covariance @ moments
        moments = moments - step_size * (moved + moved.T) + step_size**2 * (1 - 1 / batch_size) * moved @ covariance.T
        moments[:-1, :-1] += step_size**2 / batch_size * inner
    return found


@pytest.mark.every_case
@pytest.mark.parametrize(
    ("size", "samples", "batch_size", "step_size", "steps", "count"),
    [
        (60, 120, 1, "1/5", (1, 5, 20, 60), 160),
        (40, 40, 4, "3/10", (1, 5, 20, 200), 160),
        (20, 40, 1, "1/5", (1, 5, 60), 600),
    ],
)
def test_with_replacement(size, samples, batch_size, step_size, steps, count, z_bound, mean_and_error):
    dimension = 8 * max(size, samples)
    asked = problem(dimension)
    root, target, gamma = np.sqrt(asked.eigenvalues()), asked.target(), float(rc.Constant(step_size).step_size)
    generator, risks, losses = np.random.default_rng(7), [], []
    for _ in range(count):
        sketch = generator.standard_normal((size, dimension)) / np.sqrt(size)
        x = generator.standard_normal((samples, dimension)) * root
        y = x @ target + np.sqrt(0.1) * generator.standard_normal(samples)
        z = x @ sketch.T
        found = over_the_order(z, y, step_size=gamma, batch_size=batch_size, steps=steps)
        shown = np.column_stack([(sketch * root).T, root * target])
        gram, rows = shown.T @ shown, np.column_stack([z, y])
        risks.append([0.1 + float(np.sum(gram * found[step])) for step in steps])
        losses.append([float(np.mean(np.einsum("ni,ij,nj->n", rows, found[step], rows))) for step in steps])
    run = rc.Run(
        asked,
        model_size=size,
        schedule=rc.Constant(step_size),
        steps=steps,
        batch_size=batch_size,
        data=rc.WithReplacement(samples=samples),
    )
    curve = rc.risk(run)
    bound = z_bound(2 * len(steps))
    for expected, sampled in ((curve.risk, risks), (curve.training, losses)):
        mean, error = mean_and_error(np.array(sampled))
        shift = _LARGEST_SHIFT / 2 / samples * expected
        assert (np.abs(mean - expected) < bound * error + shift).all()
    # without fourth moments, which is homogenised SGD, and without the noise of batches
    mean, error = mean_and_error(np.array(risks))
    for changed in ({"batch_term": False}, {"feedback": False}):
        oracle = Oracle(1.5, 2.0, dimension, size, samples, 0.1, gamma, batch_size, **changed)
        wrong = oracle.curves(20)[0]
        early = [place for place, step in enumerate(steps) if step <= 20]
        z = (mean[early] - wrong[[steps[place] for place in early]]) / error[early]
        if batch_size == 1:
            assert np.abs(z).max() > bound
