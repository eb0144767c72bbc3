"""The one-dimensional search, on functions whose minimum is known."""

from __future__ import annotations

import math

import pytest

from riskcalc.errors import ToleranceNotMet
from riskcalc.landscape import minimise

RANGE = {"step": 1.0, "low": -50.0, "high": 50.0, "accuracy": 1e-7}


@pytest.mark.parametrize("start", [-40.0, 0.0, 3.3, 49.0])
def test_a_smooth_valley_from_anywhere(start):
    found = minimise(lambda x: math.cosh((x - 3.2) / 4), start=start, **RANGE)
    assert found.at == pytest.approx(3.2, abs=1e-5)
    assert not found.end


def test_two_power_laws_that_meet():
    found = minimise(lambda x: math.log(math.exp(-0.3 * x) + math.exp(0.7 * x - 20)), start=0.0, **RANGE)
    assert found.at == pytest.approx(20 + math.log(3 / 7), abs=1e-5)


@pytest.mark.parametrize("slope, end", [(1.0, -50.0), (-1.0, 50.0)])
def test_a_slope_ends_at_the_end_of_the_range(slope, end):
    found = minimise(lambda x: slope * x, start=0.0, **RANGE)
    assert (found.at, found.end) == (end, True)


def test_what_is_not_allowed_is_avoided():
    found = minimise(lambda x: math.inf if x > 1 else (x + 4) ** 2, start=30.0, **RANGE)
    assert found.at == pytest.approx(-4, abs=1e-5)


def test_nothing_allowed_is_an_error():
    with pytest.raises(ToleranceNotMet, match="no allowed choice"):
        minimise(lambda x: math.inf, start=0.0, **RANGE)
