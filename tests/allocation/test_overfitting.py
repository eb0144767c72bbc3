"""The model size at fixed samples: SGD's variance is bounded, the ridgeless fit's is not; isoquants and exponents."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pytest

import riskcalc as rc
from riskcalc.allocation.model_size_sweep import _dimension, _power_law_dimension
from riskcalc.errors import InvalidInput, UnstableRun

PROBLEM = rc.Problem(spectrum=rc.PowerLaw(a=2), signal=rc.PowerLawSignal(b=2), noise=1)


@pytest.fixture(scope="module")
def sweep():
    return rc.model_size_sweep(PROBLEM, samples=128, step_size="3/10", points=9)


def test_sgd_decreases_and_the_fit_does_not(sweep):
    assert np.all(np.diff(sweep.sgd_excess) < 0)
    below, above = sweep.fit_sizes < 128, sweep.fit_sizes > 128
    best = int(np.argmin(sweep.fit_excess[below]))
    assert 0 < best < below.sum() - 1
    assert np.all(np.diff(sweep.fit_excess[below][best:]) > 0)
    assert np.all(np.diff(sweep.fit_excess[above]) < 0)
    assert sweep.fit_excess.max() > 20 * sweep.fit_excess[below][best]
    assert sweep.fit_excess[-1] > 3 * sweep.sgd_excess[-1]


def test_the_variance_is_of_the_order_of_its_bound(sweep):
    """D35: at most 10/(1 - kappa) times; and it flattens where the bound does, while the fit's grows on."""
    kappa = max(curve.method["kappa"] for curve in sweep.sgd)
    ratio = sweep.sgd_variance / sweep.variance_bound
    assert np.all(ratio <= 10 / (1 - kappa))
    assert np.all(ratio > 0.1)
    resolved = (sweep.effective_samples * 0.3) ** 0.5
    large = sweep.model_sizes > 4 * resolved
    assert large.sum() >= 5
    flat = (sweep.sgd_variance / sweep.noise_level)[large]
    assert np.ptp(flat) < 0.05 * flat[-1]


@pytest.mark.parametrize("size", [5, 40, 150])
def test_the_bound_for_a_drawn_sketch(size):
    problem = rc.Problem(spectrum=rc.PowerLaw(a=2, dimension=300), signal=rc.PowerLawSignal(b=2), noise=1)
    run = rc.Run(problem, model_size=size, schedule=rc.Geometric("3/10"), steps=[256])
    curve = rc.risk(run, method=rc.Exact(seed=1))
    sketch = rc.problem.gaussian_sketch(model_size=size, dimension=300, seed=1)
    positions = np.linalg.eigvalsh((sketch * problem.eigenvalues()) @ sketch.T)
    assert 0.3 * 2 * positions.max() <= 1
    effective = 256 / 8
    dimension = np.minimum(1, (effective * 0.3 * positions) ** 2).sum()
    scale = (1 + curve.approximation) * dimension / effective / (1 - curve.method["kappa"])
    assert 0.05 * scale < curve.variance[0] < 10 * scale


@pytest.mark.parametrize(
    ("a", "resolved", "size"),
    [
        (2.0, 5.3, 1e6),
        (1.2, 700.0, 3e5),
        (0.8, 0.3, 20_000.0),
        (0.5, 12.5, 40_000.75),
        (2.0, 50.0, 7.5),
        (2.0, 2.0, 2.5),
        (2.0, 7.2, 7.5),
        (1.5, 3.0, 9000.25),
        (0.5 + 1e-12, 3.0, 1e5),
        (30.0, 4.5, 1e5),
    ],
)
def test_effective_dimension_against_a_plain_sum(a: float, resolved: float, size: float) -> None:
    j = np.arange(1, int(size) + 2, dtype=float)
    shares = np.where(j <= size, 1.0, size - int(size))  # the next direction counts in proportion
    expected = (shares * np.minimum(1, (j / resolved) ** (-2 * a))).sum()
    assert _power_law_dimension(a, resolved**a, size) == pytest.approx(expected, rel=1e-7)
    explicit = rc.Problem(
        spectrum=rc.ExplicitSpectrum(j**-a), signal=rc.ExplicitSignal(np.ones(j.size)), noise=1
    )
    assert _dimension(explicit, resolved**a, size) == pytest.approx(expected, rel=1e-12)


def test_effective_dimension_where_every_direction_is_resolved():
    assert _power_law_dimension(Fraction(1, 100), 1e18, 1e30) == 1e30


def test_the_production_function_is_the_road_itself_and_its_optimum_is_a_minimum():
    sizes, samples = np.geomspace(5, 500, 6).tolist(), [2**k for k in (6, 9, 12, 15, 18)]
    found = rc.production(PROBLEM, step_size="3/10", model_sizes=sizes, samples=samples)
    run = rc.Run(PROBLEM, model_size=sizes[2], schedule=rc.Geometric("3/10"), steps=[samples[3]])
    assert found.excess[2, 3] == pytest.approx(rc.risk(run).excess[0], rel=1e-8)
    assert np.all(np.diff(found.excess, axis=0) < 0)
    assert np.all(np.diff(found.excess, axis=1) < 0)
    size, count, excess = found.optimum(1e6)
    assert size * count == pytest.approx(1e6)
    for factor in (0.8, 1.25):
        other = rc.Run(
            PROBLEM, model_size=size * factor, schedule=rc.Geometric("3/10"), steps=[round(count / factor)]
        )
        assert rc.risk(other).excess[0] > excess
    assert str(found.size_exponent) == "1/3"
    path = found.path([1e4, 1e5, 1e6, 1e7])
    slopes = np.diff(np.log10(path[:, 0]))
    assert np.all((slopes > 0.25) & (slopes < 0.4))  # 1/3, with logarithms; equal scaling would be 1/2
    with pytest.raises(InvalidInput, match="outside the grid"):
        found.optimum(1e12)


def test_refusals():
    with pytest.raises(InvalidInput, match="at least 4"):
        rc.model_size_sweep(PROBLEM, samples=3, step_size="3/10")
    with pytest.raises(InvalidInput, match="two different"):
        rc.model_size_sweep(PROBLEM, samples=100, step_size="3/10", model_sizes=[7])
    with pytest.raises(InvalidInput, match="at least 4 values"):
        rc.production(PROBLEM, step_size="3/10", model_sizes=[1, 2, 3], samples=[10, 20, 30, 40])
    with pytest.raises(UnstableRun):
        rc.production(PROBLEM, step_size=2, model_sizes=[5, 6, 7, 8], samples=[10, 20, 30, 40])


@pytest.mark.parametrize(
    "b, size, step",
    [
        pytest.param("6/5", "1/3", "0", marks=pytest.mark.slow),
        ("5/2", "2/7", "-1/7"),
        pytest.param("14/5", "5/19", "-4/19", marks=pytest.mark.slow),
    ],
)
def test_allocation_departs_from_equal_scaling_as_b_varies(b, size, step):
    """M ~ C^(1/(a + 1)) for b < a, C^(1/(b + 1)) above; geometric schedule, noise.

    Above, gamma ~ C^((a - b)/(b + 1)) reaches gamma t = M^a, and every larger step is as good in order: the variance
    stays M/N (D15.4).
    """
    from riskcalc.asymptotic.shape import geometric
    from riskcalc.scaling import Choice, compute

    found = rc.exponents(a=2, b=b, noise=True, shape=geometric(), budget=compute(step_size=Choice.FREE))
    assert str(found.model_size_exponent) == size
    assert (str(found.exponents["gamma"].low), found.exponents["gamma"].high) == (step, 0)
    assert found.ties == (() if step == "0" else ("a range of allocations is equally good to leading order",))
    assert math.isclose(float(found.exponents["t"].low), 1 - float(found.model_size_exponent))
