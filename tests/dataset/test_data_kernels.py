"""Kernel matrices against their definitions, and the eigenbasis against `measure` and the kernel itself."""

from __future__ import annotations

import numpy as np
import pytest

import riskcalc as rc
from riskcalc.dataset import ArcCosine, Laplace, Linear, Rbf, prepared
from riskcalc.dataset.eigen import decompose
from riskcalc.errors import InvalidInput

POINTS = np.random.default_rng(0).standard_normal((12, 2))


def distance(x, y):
    return float(np.sqrt(((x - y) ** 2).sum()))


@pytest.mark.parametrize(
    "kernel, pair",
    [
        (Linear(), lambda x, y: float(x @ y)),
        (Rbf(bandwidth=1.7), lambda x, y: np.exp(-(distance(x, y) ** 2) / (2 * 1.7**2))),
        (Laplace(bandwidth=1.7), lambda x, y: np.exp(-distance(x, y) / 1.7)),
    ],
)
def test_against_the_definition(kernel, pair):
    expected = [[pair(x, y) for y in POINTS] for x in POINTS]
    np.testing.assert_allclose(kernel.matrix(POINTS), expected, atol=1e-7)


@pytest.mark.parametrize("order", [0, 1])
def test_arc_cosine_is_the_mean_over_a_wide_layer(order):
    """Twice the mean of units (w.x)_+^order (w.y)_+^order over normal w: in the plane an integral over its angle."""
    angles = (np.arange(200_000) + 0.5) * 2 * np.pi / 200_000
    directions = np.stack([np.cos(angles), np.sin(angles)])
    projected = POINTS @ directions
    units = (projected > 0) * projected**order
    expected = 2 * (2.0 if order else 1.0) * (units @ units.T) / len(angles)
    np.testing.assert_allclose(ArcCosine(order=order).matrix(POINTS), expected, atol=3e-5)


def test_the_median_distance():
    distances = [distance(POINTS[i], POINTS[k]) for i in range(12) for k in range(i)]
    settled = Rbf().settled(POINTS)
    assert settled.bandwidth == pytest.approx(np.median(distances), rel=1e-9)
    assert Laplace(bandwidth=2).settled(POINTS).bandwidth == 2
    np.testing.assert_array_equal(settled.matrix(POINTS), Rbf().matrix(POINTS))


@pytest.mark.parametrize("kernel", [Linear(), Rbf(), Laplace(), ArcCosine(), ArcCosine(order=0)])
def test_the_features_have_the_centred_kernel(kernel):
    generator = np.random.default_rng(1)
    rows = prepared(generator.standard_normal((30, 3)), generator.standard_normal((30, 2)), task="regression")
    eigen = decompose(kernel, rows)
    matrix = kernel.settled(rows.features).matrix(rows.features)
    centred = matrix - matrix.mean(0) - matrix.mean(1)[:, None] + matrix.mean()
    np.testing.assert_allclose(eigen.features() @ eigen.features().T * eigen.trace, centred, atol=1e-6)
    assert eigen.eigenvalues.sum() == pytest.approx(1)
    assert eigen.power.sum() + eigen.residual.sum() == pytest.approx(1)


def test_the_linear_kernel_is_the_covariance_that_measure_finds():
    generator = np.random.default_rng(2)
    features = generator.standard_normal((40, 5)) * [3, 2, 1, 1, 0.5]
    rows = prepared(features, features[:, 0] + generator.standard_normal(40), standardise=False)
    eigen, known = decompose(Linear(), rows), rc.measure(features, rows.labels[:, 0]).problem
    problem = eigen.problem()
    np.testing.assert_allclose(eigen.eigenvalues * eigen.trace, known.eigenvalues(), rtol=1e-10)
    np.testing.assert_allclose(problem.signal_power(), known.signal_power(), rtol=1e-8)
    assert float(problem.noise) == pytest.approx(float(known.noise))


def test_what_kernels_refuse():
    with pytest.raises(InvalidInput, match="bandwidth must be positive"):
        Rbf(bandwidth=0)
    with pytest.raises(InvalidInput, match="order of the arc-cosine kernel must be 0 or 1"):
        ArcCosine(order=2)
    with pytest.raises(InvalidInput, match="no direction"):
        ArcCosine(order=0).matrix(np.zeros((3, 2)))
    with pytest.raises(InvalidInput, match="median distance of two rows is 0"):
        Laplace().settled(np.ones((5, 2)))
