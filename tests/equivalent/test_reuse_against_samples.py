"""The equivalent of a data set against averages over sketches and data: what they differ by shrinks like 1/N.

Given sketch and data the exact road averages over the noise of the labels, and the second moments written out here over
the order of the batches; so only sketches and data are sampled. Negative controls: the same theory without one term.
"""

from __future__ import annotations

import numpy as np
import pytest

import riskcalc as rc
from riskcalc.agreement.gaps import measure_gaps
from riskcalc.agreement.inverse_size import FIT, MOST_ERROR, SPREAD, size_bounds
from riskcalc.agreement.samples import Samples
from tests.conftest import FAMILY_WISE_LEVEL
from tests.equivalent.reuse_oracle import Oracle

pytestmark = pytest.mark.slow

RATIOS = {"M < N": (1, 2), "M > N": (2, 1), "M = N": (1, 1)}
COUNTS = (800, 400, 200)  # data sets, at the ends of each ladder


def problem(dimension, noise="1/10"):
    return rc.Problem(
        spectrum=rc.PowerLaw(a="3/2", dimension=dimension), signal=rc.PowerLawSignal(b=2), noise=noise
    )


def has_power(theory, sampled, *, sizes):
    return measure_gaps(sizes, theory, sampled).error[-1].max() < MOST_ERROR


def shrinks_like_one_over_n(theory, sampled, *, sizes):
    """The rule of crosscheck, with N in the place of M: at most one spread off, and c/N fits what is left."""
    gaps = measure_gaps(sizes, theory, sampled)
    bounds = size_bounds(sampled, FAMILY_WISE_LEVEL / 8)  # of the ladders of this file
    return gaps.chi_square.max() < bounds[FIT] and gaps.in_spreads.max() < bounds[SPREAD]


@pytest.mark.every_case
@pytest.mark.parametrize("ratio", RATIOS)
def test_full_batch(ratio):
    """At M = N late fits have heavy tails, and only early steps are looked at."""
    features, samples = RATIOS[ratio]
    steps = [1, 10, 100] if features == samples else [1, 10, 100, 1000, 10_000]
    sizes, theory, wrong, sampled = [], [], [], []
    for factor, count in zip((20, 40, 80), COUNTS, strict=True):
        run = rc.Run(
            problem(640),
            model_size=factor * features,
            schedule=rc.Constant("1/5"),
            steps=steps,
            data=rc.FullBatch(samples=factor * samples),
        )
        equivalent = rc.risk(run)
        exact = rc.risk(run, method=rc.Exact(seed=1, sketches=count, tolerance=1e-6))
        sizes.append(factor * samples)
        theory.append(equivalent.excess)
        wrong.append(equivalent.training - equivalent.irreducible)
        sampled.append(Samples(count=count, mean=exact.excess, standard_error=exact.standard_error))
    assert has_power(theory, sampled, sizes=sizes)
    assert shrinks_like_one_over_n(theory, sampled, sizes=sizes)
    # the training loss in place of the risk is rejected, and so is a risk that is 5 % too large
    assert not shrinks_like_one_over_n(wrong, sampled, sizes=sizes)
    assert not shrinks_like_one_over_n([1.05 * each for each in theory], sampled, sizes=sizes)


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
    ("ratio", "batch_size", "step_size", "steps", "sizes", "counts"),
    [
        ("M < N", 1, "1/5", (1, 5, 20, 60), (15, 30, 60), (1200, 500, 160)),
        ("M = N", 4, "3/10", (1, 5, 20, 200), (10, 20, 40), (1500, 600, 160)),
    ],
)
def test_with_replacement(ratio, batch_size, step_size, steps, sizes, counts):
    features, each = RATIOS[ratio]
    gamma = float(rc.Constant(step_size).step_size)
    expected, found, wrongs = {"risk": [], "training": []}, {"risk": [], "training": []}, {}
    for factor, count in zip(sizes, counts, strict=True):
        size, samples = factor * features, factor * each
        dimension = 8 * max(size, samples)
        asked = problem(dimension)
        moments = many_data_sets(
            asked, size, samples, count, step_size=gamma, batch_size=batch_size, steps=steps
        )
        run = rc.Run(
            asked,
            model_size=size,
            schedule=rc.Constant(step_size),
            steps=steps,
            batch_size=batch_size,
            data=rc.WithReplacement(samples=samples),
        )
        curve = rc.risk(run)
        for name, values in moments.items():
            expected[name].append(getattr(curve, name))
            error = values.std(axis=0, ddof=1) / np.sqrt(count)
            found[name].append(Samples(count=count, mean=values.mean(axis=0), standard_error=error))
        # without fourth moments, which is homogenised SGD, and without the noise of batches
        for left_out in ("batch_term", "feedback"):
            oracle = Oracle(1.5, 2.0, dimension, size, samples, 0.1, gamma, batch_size, **{left_out: False})
            wrongs.setdefault(left_out, []).append(oracle.curves(20)[0])
    of_sizes = [factor * each for factor in sizes]
    for name in expected:
        assert has_power(expected[name], found[name], sizes=of_sizes)
        assert shrinks_like_one_over_n(expected[name], found[name], sizes=of_sizes)
    early = [place for place, step in enumerate(steps) if step <= 20]
    sampled = [
        Samples(count=one.count, mean=one.mean[early], standard_error=one.standard_error[early])
        for one in found["risk"]
    ]
    at = [steps[place] for place in early]
    assert shrinks_like_one_over_n([curve[early] for curve in expected["risk"]], sampled, sizes=of_sizes)
    for curves in wrongs.values() if batch_size == 1 else ():
        assert not shrinks_like_one_over_n([curve[at] for curve in curves], sampled, sizes=of_sizes)


def many_data_sets(asked, size, samples, count, **training):
    """Risk and training loss of so many sketches with their data, (data sets, steps), exact over the order."""
    root, target, steps = np.sqrt(asked.eigenvalues()), asked.target(), training["steps"]
    generator, risks, losses = np.random.default_rng(7), [], []
    for _ in range(count):
        sketch = generator.standard_normal((size, root.size)) / np.sqrt(size)
        x = generator.standard_normal((samples, root.size)) * root
        y = x @ target + np.sqrt(0.1) * generator.standard_normal(samples)
        z = x @ sketch.T
        found = over_the_order(z, y, **training)
        shown = np.column_stack([(sketch * root).T, root * target])
        gram, rows = shown.T @ shown, np.column_stack([z, y])
        risks.append([0.1 + float(np.sum(gram * found[step])) for step in steps])
        losses.append([float(np.mean(np.einsum("ni,ij,nj->n", rows, found[step], rows))) for step in steps])
    return {"risk": np.array(risks), "training": np.array(losses)}
