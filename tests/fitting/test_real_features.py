"""Small runs of SGD on real features: logs as training makes them, one a schedule, and what their fits say."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from scipy.stats import binom

import riskcalc as rc

HORIZON = 4000
RUNS = 24
STEPS = np.arange(EVERY := 40, HORIZON + 1, EVERY)
PEAK = 0.5
SCHEDULES = {
    "constant": rc.Constant(PEAK),
    "cosine": rc.Cosine(PEAK),
    "wsd": rc.WarmupStableDecay(PEAK, decay="1/5", warmup=0),
}


@cache
def digits():
    """Handwritten digits, 1797 times 64 pixels, scaled to trace 1, and whether one shows more than 4."""
    from sklearn.datasets import load_digits

    pixels, label = load_digits(return_X_y=True)
    pixels = pixels / np.sqrt((pixels**2).sum(axis=1).mean())
    return pixels, np.where(label > 4, 1.0, -1.0)


@cache
def runs_of(name):
    """Squared loss on the whole set along SGD with batches of 4, drawn with replacement: shape (runs, records)."""
    pixels, target = digits()
    sizes = SCHEDULES[name].step_sizes(0, HORIZON, horizon=HORIZON)
    generator = np.random.default_rng(sorted(SCHEDULES).index(name))
    weights = np.zeros((RUNS, pixels.shape[1]))
    losses = []
    for step, size in enumerate(sizes, 1):
        drawn = generator.integers(len(pixels), size=(RUNS, 4))
        rows = pixels[drawn]
        missed = np.einsum("rbp,rp->rb", rows, weights) - target[drawn]
        weights -= size * np.einsum("rb,rbp->rp", missed, rows) / 4
        if step % EVERY == 0:
            losses.append(np.mean((pixels @ weights.T - target[:, None]) ** 2, axis=0))
    return np.array(losses).T


def log_of(name):
    return rc.loss_curve(STEPS, runs_of(name).mean(axis=0), SCHEDULES[name], name=name)


@pytest.mark.slow
def test_a_third_schedule_is_predicted_from_two_logs():
    held_out = log_of("wsd")
    fit = rc.fit_curves([log_of("constant"), log_of("cosine")])
    late = slice(-10, None)  # where the two schedules part
    ended = held_out.losses[late].mean()
    fed = log_of("constant").losses[late].mean() - ended
    there = fit.predicted(held_out)
    assert fed > 0.015  # what the decay of the step size takes away, which is to be predicted
    assert abs(there.loss[late].mean() - ended) < 0.5 * fed
    assert there.low[late].mean() < ended < there.high[late].mean() < ended + fed


@pytest.mark.slow
def test_intervals_of_single_logs_hold_what_all_together_say():
    losses = runs_of("constant")
    together = rc.fit_exponents((STEPS, losses))
    intervals = [rc.fit_exponents((STEPS, row)).interval for row in losses[:12]]
    inside = sum(low <= together.exponent <= high for low, high in intervals)
    assert binom.cdf(inside, len(intervals), 0.95) > 1e-3
    low, high = together.interval
    assert np.mean([end - begin for begin, end in intervals]) > 2 * (high - low)  # one run of RUNS says less
