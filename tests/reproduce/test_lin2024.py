"""The pieces behind figure 1 of Lin et al.: the fit, the nested sketches, and three roads that must agree."""

from __future__ import annotations

from fractions import Fraction as Q

import numpy as np
import pytest
from scipy.optimize import least_squares

import riskcalc as rc
from riskcalc.agreement.bounds import normal_bound
from riskcalc.reproduce import recompute
from riskcalc.reproduce.lin2024_fit import effective, fit_additive, fit_replicates
from riskcalc.reproduce.lin2024_setting import Grid, draw, equivalent_grid, recursion_grid, simulated_grid

GRID = Grid(a=Q(2), dimension=300, model_sizes=(10, 20, 40), samples=(64, 256))
WIDE = Grid(a=Q(2), dimension=300, model_sizes=(10, 20, 40, 80), samples=(64, 256, 1024))


def law(grid, a1, a2):
    sizes, counts = np.meshgrid(grid.model_sizes, effective(np.array(grid.samples, dtype=float)), indexing="ij")
    return 0.7 * sizes**-a1 + 1.3 * counts**-a2


def test_the_fit_finds_the_law_and_forgives_one_wild_point():
    excess = law(WIDE, 1.07, 0.49)
    found = fit_additive(WIDE, excess)
    assert (found.model, found.data) == pytest.approx((1.07, 0.49), abs=1e-5)
    assert found.constants == pytest.approx((0.7, 1.3), rel=1e-4)
    excess[1, 1] *= 1.3
    assert fit_additive(WIDE, excess).data == pytest.approx(0.49, abs=5e-3)


def test_the_fit_is_the_minimum_of_the_huber_loss():
    excess = law(WIDE, 0.9, 0.4) * np.exp(0.02 * np.random.default_rng(0).standard_normal((4, 3)))
    found = fit_additive(WIDE, excess)
    size, count = np.meshgrid(WIDE.model_sizes, effective(np.array(WIDE.samples, dtype=float)), indexing="ij")

    def residual(p):
        return (np.logaddexp(p[0] - p[1] * np.log(size), p[2] - p[3] * np.log(count)) - np.log(excess)).ravel()

    again = least_squares(residual, found.parameters, loss="huber", f_scale=1e-3, xtol=1e-14, ftol=1e-14)
    assert again.x == pytest.approx(found.parameters, abs=1e-3)


def test_errors_over_replicates_shrink_with_their_number():
    generator = np.random.default_rng(1)
    errors = []
    for count in (16, 256):
        noise = 0.1 * generator.standard_normal((count, 4, 3))
        errors.append(fit_replicates(WIDE, law(WIDE, 1.0, 0.5) * (1 + noise), seed=0).data_error)
    assert 2.5 < errors[0] / errors[1] < 6.4  # sqrt(16), known from 60 resamples to 10 % each


def test_recursion_is_that_of_the_exact_road():
    """One drawn sketch put to the exact road: same risk up to the target, so with the prior's weights summed."""
    (sketched, *_) = draw(GRID, 3)
    modes = rc.dynamics.Modes(
        position=sketched.positions,
        signal=sketched.weights,
        kernel=sketched.positions**2,
        floor=sketched.approximation,
        paired=False,
    )
    found = rc.dynamics.respond(
        modes, rc.Geometric("1/10"), steps=(256,), horizon=256, batch_size=1, noise=1.0, stepwise=True
    )
    expected = sketched.approximation + found.bias[0] + found.variance[0]
    assert recursion_grid(GRID, [draw(GRID, 3)])[0, 0, 1] == pytest.approx(expected, rel=1e-12)
    assert sketched.weights.sum() + sketched.approximation == pytest.approx(1.0)  # the trace


def test_simulation_against_recursion_by_z():
    replicates = [draw(GRID, seed) for seed in range(40)]
    exact, runs = recursion_grid(GRID, replicates), simulated_grid(GRID, replicates, runs=25, seed=4)
    gap = runs - exact  # the drawn target scatters around the prior too
    z = gap.mean(axis=0) / (gap.std(axis=0, ddof=1) / np.sqrt(len(gap)))
    bound = normal_bound(1e-3, z.size)
    assert np.abs(z).max() < bound
    assert np.abs((gap + 0.1 * exact).mean(axis=0) / (gap.std(axis=0, ddof=1) / np.sqrt(len(gap)))).max() > bound


def test_recursion_against_the_equivalent():
    """Averages over nested sketches are O(1/M) from the equivalent: the gap times M is bounded, here by two."""
    replicates = [draw(GRID, seed) for seed in range(120)]
    exact, limit = recursion_grid(GRID, replicates), equivalent_grid(GRID)
    sizes = np.array(GRID.model_sizes)[:, None]
    error = exact.std(axis=0, ddof=1) / np.sqrt(len(exact)) / limit
    assert np.all(sizes * (np.abs(exact.mean(axis=0) / limit - 1) - 4 * error) < 2)
    assert error.max() < 0.02


@pytest.mark.slow
def test_everything_of_lin_et_al():
    found = recompute("lin2024", quick=True)
    assert found.passed, found.report()
