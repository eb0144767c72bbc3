"""The bounds keep their level: right statistics exceed them as often as stated, not more and not much less."""

from __future__ import annotations

import math

import numpy as np
import pytest

from riskcalc.agreement.bounds import chi_square_bound, normal_bound, share

FAMILIES, TESTS, LEVEL = 20_000, 12, 0.05


def deviation(exceeded: np.ndarray) -> float:
    """Standard errors between the observed and the stated rate."""
    return float((exceeded.mean() - LEVEL) / math.sqrt(LEVEL * (1 - LEVEL) / exceeded.size))


def test_normal_bound_keeps_its_level():
    z = np.random.default_rng(1).standard_normal((FAMILIES, TESTS))
    assert abs(deviation(np.abs(z).max(axis=1) > normal_bound(LEVEL, TESTS))) < 4


def test_chi_square_bound_keeps_its_level():
    chi_square = (np.random.default_rng(2).standard_normal((FAMILIES, TESTS, 2)) ** 2).sum(axis=2)
    assert abs(deviation(chi_square.max(axis=1) > chi_square_bound(LEVEL, TESTS))) < 4


@pytest.mark.parametrize("tests", [1, 7, 400])
def test_shares_add_up_to_the_level(tests):
    assert 1 - (1 - share(1e-3, tests)) ** tests == pytest.approx(1e-3, rel=1e-9)
