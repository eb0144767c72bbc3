"""The exact roads against second moments followed step by step, written here anew, averages included."""

from __future__ import annotations

import math

import numpy as np
import pytest

import riskcalc as rc

_HORIZON = 60
_DIGITS = 1e-12  # relative; the recursion in long double has rounding far below


def _moments(positions, squares, floor, noise, step_sizes, batch_size, *, first):
    """Excess, bias, variance of theta_T (first = T), or of the mean of theta_first, ..., theta_(T-1)."""
    length = np.asarray(positions, dtype=np.longdouble)
    answers = []
    for start, level in ((squares, floor + noise), (squares, 0.0), (0 * squares, floor + noise)):
        now = np.asarray(start, dtype=np.longdouble)
        with_sum, of_sum = np.zeros_like(now), np.zeros_like(now)
        for step, size in enumerate(np.asarray(step_sizes, dtype=np.longdouble)):
            if step >= first:
                of_sum, with_sum = of_sum + 2 * with_sum + now, with_sum + now
            excess = (length * now).sum()
            with_sum = (1 - size * length) * with_sum
            kept = 1 - 2 * size * length + size**2 * (1 + 1 / np.longdouble(batch_size)) * length**2
            now = kept * now + size**2 / batch_size * length * (excess + level)
        count = len(step_sizes) - first
        answers.append(float((length * of_sum).sum() / count**2 if count else (length * now).sum()))
    return floor + answers[0], answers[1], answers[2]


def _schedules():
    s, n = np.arange(_HORIZON), _HORIZON
    own = 0.1 + 0.2 * np.random.default_rng(1).random(n)
    halvings = np.floor((s + 1) * math.log2(n) / n)
    warmed = 0.2 * np.minimum(np.minimum(1, (s + 1) / (0.1 * n)), ((1 - s / n) / 0.25) ** 2)
    return {
        "constant": (rc.Constant("1/5"), np.full(n, 0.2)),
        "geometric": (rc.Geometric("1/5"), 0.2 / 2**halvings),
        "polynomial": (rc.Polynomial("1/5", power="3/2"), 0.2 * (1 - s / n) ** 1.5),
        "cosine": (rc.Cosine("1/5"), 0.1 * (1 + np.cos(np.pi * s / n))),
        "wsd": (rc.WarmupStableDecay("1/5", decay="1/4", warmup="1/10", power=2), warmed),
        "custom": (rc.Custom(own), own),
    }


_AVERAGES = {
    "last": (rc.LastIterate(), _HORIZON),
    "all": (rc.IterateAverage(), 0),
    "tail": (rc.TailAverage("1/3"), 2 * _HORIZON // 3),
    "one": (rc.TailAverage("1/1000"), _HORIZON - 1),
}


@pytest.mark.parametrize("averaging", _AVERAGES)
@pytest.mark.parametrize("schedule", _schedules())
@pytest.mark.parametrize("batch_size", [1, 3, 10**6])
def test_given_a_sketch(schedule, averaging, batch_size):
    dimension, size = 25, 6
    place = np.arange(1, dimension + 1.0)
    eigenvalues, power = place**-1.5, place**-2.2
    sketch = np.random.default_rng(3).standard_normal((size, dimension)) / math.sqrt(size)
    positions, frame = np.linalg.eigh(sketch @ np.diag(eigenvalues) @ sketch.T)
    target = frame.T @ sketch @ np.sqrt(eigenvalues * power)
    floor = power.sum() - (target**2 / positions).sum()
    road, step_sizes = _schedules()[schedule]
    average, first = _AVERAGES[averaging]
    problem = rc.Problem(
        spectrum=rc.PowerLaw(a="3/2", dimension=dimension), signal=rc.PowerLawSignal(b="11/5"), noise="1/2"
    )
    run = rc.Run(
        problem, model_size=size, batch_size=batch_size, schedule=road, steps=[_HORIZON], averaging=average
    )
    found = rc.risk(run, method=rc.Exact(sketch=sketch))
    excess, bias, variance = _moments(
        positions, (target / positions) ** 2, floor, 0.5, step_sizes, batch_size, first=first
    )
    assert found.excess[0] == pytest.approx(excess, rel=_DIGITS)
    assert found.bias[0] == pytest.approx(bias, rel=_DIGITS)
    assert found.variance[0] == pytest.approx(variance, rel=_DIGITS)


@pytest.mark.parametrize("averaging", _AVERAGES)
def test_an_isotropic_prior_on_a_logarithmic_spectrum_without_a_sketch(averaging):
    place = np.arange(1, 31.0)
    eigenvalues = 1 / (place * np.log(place + 1) ** 2)
    road, step_sizes = rc.Geometric("1/5"), _schedules()["geometric"][1]
    average, first = _AVERAGES[averaging]
    problem = rc.Problem(spectrum=rc.LogarithmicPowerLaw(a=2, dimension=30), signal=rc.GaussianPrior(), noise=1)
    run = rc.Run(problem, model_size=30, schedule=road, steps=[_HORIZON], averaging=average)
    found = rc.risk(run, method=rc.Unsketched())
    excess, bias, variance = _moments(eigenvalues, np.ones(30), 0.0, 1.0, step_sizes, 1, first=first)
    assert (found.excess[0], found.bias[0], found.variance[0]) == pytest.approx((excess, bias, variance), rel=_DIGITS)
