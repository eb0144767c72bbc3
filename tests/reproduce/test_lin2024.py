"""The pieces behind figures 1 and 3 of Lin et al.: fit, nested sketches, roads that must agree, exact constants."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction as Q

import numpy as np
import pytest

import riskcalc as rc
from riskcalc.agreement.bounds import normal_bound
from riskcalc.reproduce import Verdict, recompute
from riskcalc.reproduce.lin2024_fit import fit_additive, fit_replicates
from riskcalc.reproduce.lin2024_setting import Grid, equivalent_grid
from riskcalc.reproduce.lin2024_sketches import draw, recursion_grid, simulated_grid
from riskcalc.reproduce.lin2024_statements import unsketched
from tests.reproduce.planted import accepted

GRID = Grid(a=Q(2), dimension=300, model_sizes=(10, 20, 40), samples=(64, 256))
WIDE = Grid(a=Q(2), dimension=300, model_sizes=(10, 20, 40, 80), samples=(64, 256, 1024))
KINDS = pytest.mark.parametrize("grid", [GRID, replace(GRID, averaged=True)], ids=["last", "average"])


def law(grid, a1, a2):
    sizes, counts = np.meshgrid(grid.model_sizes, grid.counted, indexing="ij")
    return 0.7 * sizes**-a1 + 1.3 * counts**-a2


@pytest.mark.parametrize("averaged", [False, True])
def test_the_fit_finds_the_law_and_forgives_one_wild_point(averaged):
    grid = replace(WIDE, averaged=averaged)
    excess = law(grid, 1.07, 0.49)
    found = fit_additive(grid, excess)
    assert (found.model, found.data) == pytest.approx((1.07, 0.49), abs=1e-5)
    excess[1, 1] *= 1.3
    assert fit_additive(grid, excess).data == pytest.approx(0.49, abs=5e-3)


def test_samples_are_counted_as_in_print():
    assert WIDE.counted == pytest.approx([64 / 6, 256 / 8, 1024 / 10])
    assert replace(WIDE, averaged=True).counted == pytest.approx([64, 256, 1024])


def test_errors_over_replicates_shrink_with_their_number():
    generator = np.random.default_rng(1)
    errors = []
    for count in (16, 256):
        noise = 0.1 * generator.standard_normal((count, 4, 3))
        errors.append(fit_replicates(WIDE, law(WIDE, 1.0, 0.5) * (1 + noise), seed=0).data_error)
    assert 2.5 < errors[0] / errors[1] < 6.4  # sqrt(16), known from 100 resamples to 10 % each


@KINDS
def test_recursion_is_that_of_the_exact_road(grid):
    """One drawn sketch put to the exact road: same risk up to the target, so with the prior's weights summed."""
    (sketched, *_) = draw(grid, 3)
    modes = rc.dynamics.Modes(
        position=sketched.positions,
        signal=sketched.weights,
        kernel=sketched.positions**2,
        floor=sketched.approximation,
        paired=False,
    )
    run = grid.run(10, 256)
    found = rc.dynamics.respond(
        modes, run.schedule, steps=(256,), horizon=256, batch_size=1, noise=1.0, stepwise=True, averaging=run.averaging
    )
    expected = sketched.approximation + found.bias[0] + found.variance[0]
    assert recursion_grid(grid, [draw(grid, 3)])[0, 0, 1] == pytest.approx(expected, rel=1e-12)
    assert sketched.weights.sum() + sketched.approximation == pytest.approx(1.0)  # the trace


@KINDS
def test_simulation_against_recursion_by_z(grid):
    replicates = [draw(grid, seed) for seed in range(40)]
    exact, runs = recursion_grid(grid, replicates), simulated_grid(grid, replicates, runs=25, seed=4)
    gap = runs - exact  # the drawn target scatters around the prior too
    z = gap.mean(axis=0) / (gap.std(axis=0, ddof=1) / np.sqrt(len(gap)))
    bound = normal_bound(1e-3, z.size)
    assert np.abs(z).max() < bound
    assert np.abs((gap + 0.1 * exact).mean(axis=0) / (gap.std(axis=0, ddof=1) / np.sqrt(len(gap)))).max() > bound


@KINDS
def test_recursion_against_the_equivalent(grid):
    """Averages over nested sketches are O(1/M) from the equivalent: the gap times M is bounded, here by two."""
    replicates = [draw(grid, seed) for seed in range(120)]
    exact, limit = recursion_grid(grid, replicates), equivalent_grid(grid)
    sizes = np.array(grid.model_sizes)[:, None]
    error = exact.std(axis=0, ddof=1) / np.sqrt(len(exact)) / limit
    assert np.all(sizes * (np.abs(exact.mean(axis=0) / limit - 1) - 4 * error) < 2)
    assert error.max() < 0.02


@pytest.mark.parametrize(
    ("a", "samples", "over_var", "over_bias"),
    [
        ("2", 1024, "0.2598", "0.0652"),
        ("2", 4096, "0.2490", "0.0686"),
        ("2", 16384, "0.2445", "0.0708"),
        ("3/2", 1024, "0.2891", None),
        ("3/2", 4096, "0.2771", None),
        ("3/2", 16384, "0.2730", None),
    ],
)
def test_exact_variance_beside_what_the_paper_defines(a, samples, over_var, over_bias):
    """Against values from an independent recursion, step by step."""
    found = unsketched(a, samples)
    assert f"{found.variance / found.their_variance:.4f}" == over_var
    if over_bias is not None:
        assert f"{found.variance / found.their_bias:.4f}" == over_bias


def test_the_excess_is_not_quite_bias_plus_variance():
    found = unsketched("2", 1024)
    assert (f"{found.excess:.6f}", f"{found.their_bias + found.variance:.6f}") == ("0.116031", "0.114807")


def test_figure_3_by_the_equivalent():
    """Data exponents in print for averages, from grids of the size that the exhibit takes."""
    for a, dimension, first, published in ((2, 2000, 20, 0.49), ("3/2", 20_000, 50, 0.33)):
        sizes, samples = (tuple(least * 2**power for power in range(4)) for least in (first, 250))
        grid = Grid(a=Q(a), dimension=dimension, model_sizes=sizes, samples=samples, averaged=True)
        assert fit_additive(grid, equivalent_grid(grid)).data == pytest.approx(published, abs=0.03)


@pytest.mark.slow
def test_everything_of_lin_et_al():
    found = recompute("lin2024", quick=True)
    assert found.passed, found.report()
    assert accepted(found) == []


@pytest.mark.slow
def test_orders_of_lin_et_al():
    found = recompute("lin2024", only=["orders", "theorems"])
    assert found.count(Verdict.PASSED) == len(found.items) == 14, found.report()
    assert accepted(found) == []
    ratios = [item for item in found.items if item.what.startswith("exact variance over bias")]
    assert all("not stated there" in item.source for item in ratios)
