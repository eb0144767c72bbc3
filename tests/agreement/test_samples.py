"""Batches pool into one sample, and sampling stops when it should."""

from __future__ import annotations

import numpy as np
import pytest

from riskcalc.agreement.samples import Samples, batch_seed, gather


def summary(draws: np.ndarray) -> Samples:
    error = draws.std(axis=0, ddof=1) / np.sqrt(len(draws))
    return Samples(count=len(draws), mean=draws.mean(axis=0), standard_error=error)


def source(spread: float):
    def draw(batch: int, count: int) -> Samples:
        return summary(5 + spread * np.random.default_rng(batch).standard_normal((count, 3)))

    return draw


def test_joined_batches_are_one_sample():
    draws = np.random.default_rng(0).exponential(size=(100, 4))
    joined, whole = summary(draws[:30]).joined(summary(draws[30:])), summary(draws)
    assert joined.count == 100
    assert joined.mean == pytest.approx(whole.mean, rel=1e-13)
    assert joined.standard_error == pytest.approx(whole.standard_error, rel=1e-13)


def test_rounding_is_not_randomness():
    sample = Samples(count=9, mean=np.ones(3), standard_error=np.array([0.0, 1e-16, 1e-3]))
    assert sample.random.tolist() == [False, False, True]


def test_gather_stops_when_the_error_is_small():
    def needed(found):
        return [each.count * float(each.standard_error.max() / 0.1) ** 2 for each in found]

    wide, narrow = gather([source(4.0), source(0.1)], needed, first=50, most=10_000)
    assert wide.standard_error.max() <= 0.1
    assert wide.count < 3000
    assert narrow.count == 50


def test_gather_keeps_the_limit():
    (found,) = gather([source(1.0)], lambda found: [1e9], first=10, most=500)
    assert 500 <= found.count <= 501


def test_batches_have_seeds_of_their_own():
    seeds = {batch_seed(seed, batch) for seed in range(20) for batch in range(20)}
    assert len(seeds) == 400
