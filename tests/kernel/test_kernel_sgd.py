"""SGD on the real features of kernels: reproducible, explained by true fourth moments, not by Gaussian ones."""

from __future__ import annotations

import numpy as np
import pytest

from riskcalc.curve import Run
from riskcalc.errors import InvalidInput
from riskcalc.exact import Exact, FourthMoments
from riskcalc.kernel import (
    ArcCosine,
    Brownian,
    GaussianLine,
    KernelFeatures,
    PeriodicMatern,
    PeriodicSobolev,
    PiecewisePolynomial,
    Zonal,
)
from riskcalc.schedule import Constant, Geometric
from riskcalc.simulation import Ambient, MonteCarlo

LAWS = [
    KernelFeatures(kernel)
    for kernel in (
        Brownian(),
        PeriodicSobolev(order=1),
        GaussianLine(),
        ArcCosine(order=1),
        PeriodicMatern(order=2, length=1),
    )
]


def named(law):
    return law.kernel.describe()["name"]


@pytest.mark.parametrize("law", LAWS, ids=named)
def test_a_stream_can_be_read_in_pieces(law):
    whole = law.draw(np.random.default_rng(3), (10, 7))
    generator = np.random.default_rng(3)
    pieces = np.vstack([law.draw(generator, (rows, 7)) for rows in (1, 4, 5)])
    assert np.array_equal(whole, pieces)


@pytest.mark.parametrize("law", LAWS, ids=named)
def test_features_are_uncorrelated_with_unit_mean_square(law, z_bound, mean_and_error):
    """And their fourth moments are those of the nodes, which are not Gaussian."""
    drawn = law.draw(np.random.default_rng(5), (40_000, 4))
    nodes, weights = law.nodes(4)
    products = [drawn[:, i] * drawn[:, k] for i in range(4) for k in range(i, 4)]
    products += [drawn[:, i] ** 2 * drawn[:, k] ** 2 for i in range(4) for k in range(4)]
    on_nodes = [weights @ (nodes[:, i] * nodes[:, k]) for i in range(4) for k in range(i, 4)]
    assert np.allclose(on_nodes, [float(i == k) for i in range(4) for k in range(i, 4)], atol=1e-12)
    on_nodes += [weights @ (nodes[:, i] ** 2 * nodes[:, k] ** 2) for i in range(4) for k in range(4)]
    mean, error = mean_and_error(np.stack(products, axis=1))
    random = error > 0
    assert np.allclose(mean[~random], np.array(on_nodes)[~random])
    assert np.abs((mean - on_nodes)[random] / error[random]).max() < z_bound(26)


@pytest.mark.parametrize("batch_size", [1, 3])
@pytest.mark.parametrize("law", LAWS[:4], ids=named)
def test_chunk_changes_no_bit(law, batch_size):
    problem = law.kernel.problem(_target(law.kernel), dimension=20, noise="1/10")
    run = Run(problem, model_size=5, schedule=Constant("1/5"), steps=[1, 2, 150], batch_size=batch_size)
    curves = [
        MonteCarlo(runs=5, seed=5, simulator=Ambient(covariates=law), chunk=chunk).curve(run) for chunk in (None, 1, 3)
    ]
    assert len({curve.excess.tobytes() for curve in curves}) == 1


def test_a_kernel_alone_is_no_law_of_covariates():
    with pytest.raises(InvalidInput, match="KernelFeatures"):
        Ambient(covariates=Brownian())
    with pytest.raises(InvalidInput, match="smaller dimension"):
        KernelFeatures(Brownian()).nodes(5000)
    with pytest.raises(InvalidInput, match="must be a kernel"):
        KernelFeatures("brownian")
    with pytest.raises(InvalidInput, match="weighted points"):
        FourthMoments(covariates=Brownian())


def _target(kernel):
    if isinstance(kernel, ArcCosine):
        return Zonal(PiecewisePolynomial([-1, 0, 1], [[0, -1], [0, 1]]))
    return np.sin if isinstance(kernel, GaussianLine) else PiecewisePolynomial.step("1/2")


# kernel, dimension, model size, share of the inverse trace, batch size, schedule
SETTINGS = [
    (Brownian(), 30, 8, 0.5, 1, Constant),
    (PeriodicSobolev(order=1, constant="1/10"), 31, 8, 0.5, 1, Constant),
    (GaussianLine(), 20, 6, 0.35, 1, Constant),
    (ArcCosine(order=1), 25, 8, 1.0, 2, Geometric),
]
STEPS = [1, 8, 30]


@pytest.mark.parametrize(
    "kernel, dimension, size, share, batch_size, schedule",
    [
        pytest.param(*setting, id=setting[0].describe()["name"], marks=pytest.mark.slow if place in (1, 3) else ())
        for place, setting in enumerate(SETTINGS)
    ],
)
def test_true_fourth_moments_explain_sgd_on_real_features(
    kernel, dimension, size, share, batch_size, schedule, z_bound
):
    problem, law = kernel.problem(_target(kernel), dimension=dimension, noise="1/100"), KernelFeatures(kernel)
    step = share / problem.eigenvalues().sum()
    run = Run(problem, model_size=size, schedule=schedule(step), steps=STEPS, batch_size=batch_size)
    computed = FourthMoments(covariates=law, seed=1).curve(run)
    gaussian = Exact(seed=1).curve(run)
    sampled = MonteCarlo(runs=2000, seed=2, sketch_seed=1, simulator=Ambient(covariates=law)).curve(run)
    scores = (sampled.excess - computed.excess) / sampled.standard_error
    assert np.abs(scores).max() < z_bound(len(SETTINGS) * len(STEPS))
    assert (sampled.standard_error < 0.02 * sampled.excess).all()
    # the Gaussian assumption is rejected by the same samples
    assert np.abs((sampled.excess - gaussian.excess) / sampled.standard_error).max() > 2 * z_bound(len(STEPS))
