"""Limits of loss curves: what they are made of by other roads, and how often they hold the truth."""

from __future__ import annotations

from fractions import Fraction
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from scipy.linalg import block_diag, toeplitz
from scipy.signal import lfilter

import riskcalc as rc
from riskcalc.fitting.autoregression import correlations
from riskcalc.fitting.valley import Valley, linear
from riskcalc.fitting.valley_walk import _conditional

FITTING = Path(__file__).parents[2] / "docs" / "fitting.md"


def test_what_records_say_at_a_place_by_dense_matrices():
    generator = np.random.default_rng(0)
    jacobian, residuals = generator.standard_normal((30, 3)), generator.standard_normal(30)
    begins, spare = (0, 14, 29), 26
    grid, before = correlations(spare)
    likelihood, steps, roots = _conditional(residuals, jacobian, begins, spare, 0.0)
    for place in (0, 20, 45):
        blocks = (toeplitz(grid[place] ** np.arange(size)) for size in (14, 15, 1))
        inverse = np.linalg.inv(block_diag(*blocks))
        normal = jacobian.T @ inverse @ jacobian
        step = np.linalg.solve(normal, jacobian.T @ inverse @ residuals)
        left = residuals - jacobian @ step
        square = left @ inverse @ left
        told = np.linalg.slogdet(inverse)[1] / 2 - np.linalg.slogdet(normal)[1] / 2 - spare / 2 * np.log(square)
        assert likelihood[place] == pytest.approx(told + np.log(before[place]), abs=1e-8)
        np.testing.assert_allclose(steps[place], step, rtol=1e-8)
        np.testing.assert_allclose(roots[place] @ roots[place].T, np.linalg.inv(normal) * square / spare, rtol=1e-8)
        scale = (1 + grid[place] ** 2) / (1 - grid[place] ** 2)
        wider = _conditional(residuals, jacobian, begins, spare, 100.0)[2][place]  # records are known to no better
        np.testing.assert_allclose(wider @ wider.T, np.linalg.inv(normal) * 100.0**2 * scale, rtol=1e-8)


@pytest.mark.parametrize("slope", [0.0, 3.0])
def test_limits_are_quantiles_over_all_places(slope):
    """A statistic that goes from 1 to 3 between log tau -4 and 0, with a deviation of 0.2, against draws of it."""
    places = np.linspace(-4, 0, 21)
    parameters = np.zeros((21, 6))
    parameters[:, 3] = places
    roots = np.zeros((21, 1, 5, 5))
    roots[:, 0, 0, 0] = 0.2
    gradients = np.zeros((21, 1, 6))
    gradients[:, 0, 0] = 1.0
    valley = Valley(
        columns=2,
        parameters=parameters,
        likelihood=slope * places[:, None] / 4,
        steps=np.zeros((21, 1, 5)),
        roots=roots,
        spare=7,
    )
    (low,), (high,) = valley.limits((3 + places / 2)[:, None], gradients, 0.9)
    generator, count = np.random.default_rng(1), 1_000_000
    share = generator.random(count)
    drawn = 1 + 2 * share + 0.2 * generator.standard_t(7, size=count)
    weights = np.exp(slope * (share - 1))
    weights /= weights.sum()
    for end, expected in ((low, 0.05), (high, 0.95)):
        below = drawn < end
        error = np.sqrt(np.square(weights) @ np.square(below - expected))
        assert error < 5e-4  # enough to see a deviation left out
        assert abs(weights @ below - expected) < 4 * error


def test_coefficients_and_share_enter_as_they_are():
    parameters = np.log([[2.0, 3.0, 0.5, 0.1, 0.25, 0.5]])
    by = linear(np.ones((1, 1, 6)), parameters[:, None], 2)
    np.testing.assert_allclose(by[0, 0], [1 / 2, 1 / 3, 1, 4, 1])


@cache
def exact(a, b, size, every, last):
    problem = rc.Problem(spectrum=rc.PowerLaw(a=a), signal=rc.PowerLawSignal(b=b), noise=2)
    at = list(range(every, last + 1, every))
    asked = [rc.Run(problem, model_size="1e8", schedule=one, steps=at) for one in schedules(size)]
    return [np.asarray(rc.risk(run).risk, dtype=np.float64) for run in asked]


def schedules(size):
    return [rc.Constant(size), rc.Cosine(size), rc.WarmupStableDecay(size, decay="1/5", warmup=0)]


def correlated(generator, correlation, count):
    drawn = generator.standard_normal(count)
    drawn[1:] *= np.sqrt(1 - correlation**2)
    return lfilter([1.0], [1.0, -correlation], drawn)


def holds(a, b, size, every, last, deviation, correlation, seed):
    """Whether limits from a constant and a cosine curve hold s, the floor, and the last loss of a third schedule."""
    risks, asked = exact(a, b, size, every, last), schedules(size)
    generator = np.random.default_rng([seed, int(100 * correlation)])
    steps = np.arange(every, last + 1, every)
    logs = [
        rc.loss_curve(steps, risk * np.exp(deviation * correlated(generator, correlation, steps.size)), schedule)
        for risk, schedule in zip(risks[:2], asked, strict=False)
    ]
    fit = rc.fit_curves(logs)
    there = fit.predict(asked[2], [last])
    truth = float((Fraction(b) - 1) / Fraction(a))
    ends = (fit.intervals["source_rate"], fit.intervals["floor"], (there.low[0], there.high[0]))
    return [low <= value <= high for (low, high), value in zip(ends, (truth, 2.0, risks[2][-1]), strict=True)]


ROWS = [
    ("8/5", "8/5", "1/100", 400, 20_000, 0.003, 0.0),
    ("8/5", "8/5", "1/100", 400, 20_000, 0.003, 0.95),
    ("3/2", "2", "1/20", 100, 4000, 0.003, 0.0),
    ("3/2", "2", "1/100", 100, 4000, 0.01, 0.7),
]


@pytest.mark.slow
@pytest.mark.every_case
@pytest.mark.parametrize("row", ROWS, ids=str)
def test_coverage_of_limits(row):
    """The rows of the table of docs/fitting.md, which has to be what is measured here."""
    sets = 200
    a, b, size, every, last, deviation, correlation = row
    held = np.array([holds(*row, seed) for seed in range(sets)])
    begin = f"| {a} | {b} | {size} | {last // every} to {last} | {100 * deviation:g} % | {correlation:g} |"
    (printed,) = [line for line in FITTING.read_text().splitlines() if line.startswith(begin)]
    told = [float(cell) for cell in printed.removeprefix(begin).strip(" |").split("|")]
    assert (100 * held.mean(axis=0)).tolist() == pytest.approx(
        told, abs=250 / sets
    )  # a set or two, as processors round
