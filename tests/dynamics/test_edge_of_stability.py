"""Close to the largest stable step: stages crossed at once against a recursion in long double that crosses nothing."""

from __future__ import annotations

import itertools
from fractions import Fraction

import numpy as np
import pytest

from riskcalc import (
    Constant,
    Cosine,
    Equivalent,
    Exact,
    Geometric,
    IterateAverage,
    LastIterate,
    Polynomial,
    PowerLaw,
    PowerLawSignal,
    Problem,
    Run,
    TailAverage,
    WarmupStableDecay,
)
from riskcalc.dynamics import respond
from riskcalc.equivalent.stability import stability as equivalent_stability
from riskcalc.exact.given_sketch import sketch_modes
from riskcalc.exact.stability import stability
from riskcalc.problem import gaussian_sketch
from riskcalc.spectral.landmarks import landmarks
from riskcalc.spectral.of_problem import spectral_sums
from tests.dynamics.long_double import Walk, responses

FRACTIONS = (0.5, 0.9, 0.98, 0.99, 0.999, 0.9999, 0.99999, 0.999999)
SCHEDULES = (Constant, Geometric)
AVERAGES = (LastIterate(), IterateAverage(), TailAverage("1/3"))
INVERSION = 1e-12  # what a few inverse transforms in float64 are good for anywhere
ROUNDINGS = 32 * np.finfo(float).eps  # in the step size, the positions and the weights


def known(fraction):
    """How well the excess can be known: a relative change e of the step size changes 1 - kappa by e/(1 - fraction)."""
    return INVERSION + ROUNDINGS / (1 - fraction)


HARMONIC = Problem(spectrum=PowerLaw(a=1, dimension=50), signal=PowerLawSignal(b=3))


def test_the_first_answer_that_was_wrong():
    """At 0.99886 of the largest step; 222.21 is what it tends to. The value is that of twenty digits."""
    run = Run(HARMONIC, model_size=4, schedule=Constant("0.2484"), steps=[1000])
    curve = Equivalent().curve(run)
    assert f"{curve.excess[0]:.6f}" == "145.505646"
    assert abs(curve.excess[0] / 145.505645856749 - 1) < curve.error * 3


@pytest.mark.parametrize(
    "size, fraction, step, right",
    [(4, "0.98", 1000, 28.6435), (4, "0.99", 1000, 56.8812), (4, "0.999", 1000, 283.444), (10, "0.999", 6000, None)],
)
def test_both_roads_against_many_digits(size, fraction, step, right):
    """The largest step of sketch and equivalent differ: each is asked at the same fraction of its own."""
    exact = Exact(seed=0)
    for road, largest in ((exact, sketched_largest(size)), (Equivalent(), equivalent_largest(size))):
        run = Run(HARMONIC, model_size=size, schedule=Constant(Fraction(fraction) * largest), steps=[100, step])
        found = road.curve(run)
        digits = type(road)(digits=20).curve(run)
        expected = np.array([float(value) for value in digits.decimals["excess"]])
        # a contour of the equivalent is as good as its tolerance
        allowed = known(float(fraction)) if road is exact else 3 * found.error
        assert np.abs(found.excess / expected - 1).max() < allowed
        if road is exact and right is not None:
            assert expected[-1] == pytest.approx(right, rel=1e-5)


def sketched_largest(size):
    sketch = gaussian_sketch(model_size=size, dimension=50, seed=np.random.SeedSequence(0))
    return Fraction(largest_step(sketch_modes(HARMONIC, sketch), 1))


def equivalent_largest(size):
    sums = spectral_sums(HARMONIC)
    found = equivalent_stability(sums, size, landmarks(sums, size), step_size=0.1, batch_size=1)
    return Fraction(found.largest_step_size)


def drawn(rng, sizes):
    """The modes of a random sketch, with batch size and label noise."""
    a, b, size = rng.choice([1, 1.5, 2, 3]), rng.choice([1.5, 2, 3]), int(rng.choice(sizes))
    dimension = size + int(rng.choice([5, 50, 150]))
    problem = Problem(spectrum=PowerLaw(a=a, dimension=dimension), signal=PowerLawSignal(b=b))
    sketch = gaussian_sketch(model_size=size, dimension=dimension, seed=int(rng.integers(10**6)))
    return sketch_modes(problem, sketch), int(rng.choice([1, 2, 8, 64, 1000, 10**5])), float(rng.choice([0, 1]))


def largest_step(modes, batch_size):
    return stability(modes, step_size=1e-3, batch_size=batch_size).largest_step_size


def worst_errors(count, *, seed, sizes, horizons):
    """By fraction of the largest step: the largest error of bias or variance relative to the excess, and where."""
    rng, worst = np.random.default_rng(seed), {}
    for _ in range(count):
        modes, batch_size, noise = drawn(rng, sizes)
        largest = largest_step(modes, batch_size)
        for fraction, schedule, averaging in itertools.product(FRACTIONS, SCHEDULES, AVERAGES):
            horizon = int(rng.choice(horizons))
            asked = {
                "steps": tuple(sorted({64, 65, horizon // 10, horizon // 3, horizon - 1, horizon})),
                "horizon": horizon,
                "batch_size": batch_size,
                "noise": noise,
                "averaging": averaging,
            }
            run = schedule(fraction * largest)
            found = respond(modes, run, nodes=int(rng.choice([28, 30])), **asked)
            right = responses(modes, run, **asked)
            gaps = np.abs(np.stack([found.bias, found.variance]) - right) / (modes.floor + right.sum(axis=0))
            where = f"{run} {averaging} M = {modes.position.size} {asked}"
            worst[fraction] = max(worst.get(fraction, (0.0, "")), (float(gaps.max()), where))
    return worst


def check(worst):
    assert set(worst) == set(FRACTIONS)
    for fraction, (error, *where) in worst.items():
        assert error <= known(fraction), (fraction, error, where)


def test_stages_near_the_edge():
    check(worst_errors(2, seed=3, sizes=[1, 2, 4, 10], horizons=[1000, 6000]))


@pytest.mark.slow
def test_stages_near_the_edge_two_thousand_times():
    check(worst_errors(42, seed=4, sizes=[1, 2, 4, 10, 25, 50], horizons=[1000, 20_000, 10**6]))


# --- smooth schedules -----------------------------------------------------------------------------


@pytest.mark.parametrize("averaging", [LastIterate(), TailAverage("1/3")], ids=str)
def test_panels_near_the_edge(averaging):
    """Nothing is left out of a panel: the whole feedback is solved for. Against single steps in long double."""
    modes, batch_size, noise = drawn(np.random.default_rng(5), [4])
    largest, horizon = largest_step(modes, batch_size), 5000
    kinds = (Polynomial, Cosine, WarmupStableDecay)
    fractions = (0.99, 0.999, 0.99999)
    schedules = [
        kind(fraction * largest, **({"power": 0} if kind is Polynomial else {}))
        for fraction in fractions
        for kind in kinds
    ]
    steps = (horizon // 2, horizon)
    sizes = np.stack([schedule.step_sizes(0, horizon, horizon=horizon) for schedule in schedules])
    right = Walk(modes, batch_size=batch_size, noise=noise).responses(sizes, steps, averaging)
    for schedule, expected, fraction in zip(schedules, right, np.repeat(fractions, len(kinds)), strict=True):
        found = respond(
            modes, schedule, steps=steps, horizon=horizon, batch_size=batch_size, noise=noise, averaging=averaging
        )
        gaps = np.abs(np.stack([found.bias, found.variance]) - expected) / (modes.floor + expected.sum(axis=0))
        assert gaps.max() < 10 * known(fraction), schedule  # a panel is good to eleven digits
