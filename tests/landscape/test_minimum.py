"""The one-dimensional search, on functions whose minimum is known."""

from __future__ import annotations

import math

import numpy as np
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


def counted(function):
    asked = []

    def count(x):
        asked.append(x)
        return function(x)

    return count, asked


def bend(place, falling, rising):
    """The logarithm of two powers that meet, smallest at the place."""
    off = place - math.log(falling / rising) / (falling + rising)
    return lambda x: float(np.logaddexp(-falling * (x - off), rising * (x - off)))


@pytest.mark.parametrize("off", [-0.9, -0.2, 0.01, 0.7])
def test_a_smooth_valley_close_by_asks_for_few_values(off):
    function, asked = counted(bend(11.3, 0.3, 0.5))
    found = minimise(function, start=11.3 + off, step=1.0, low=0.0, high=30.0, accuracy=1e-5)
    assert found.at == pytest.approx(11.3, abs=1e-5)
    assert len(asked) <= 9


def test_bends_that_are_sharp_against_the_first_stride():
    """Polynomials through far points agree with one another there before they are right."""
    draw = np.random.default_rng(5)
    for _ in range(1000):
        place, falling, rising = 5 * draw.normal(), *np.exp(1.2 * draw.normal(size=2))
        start = place + 8 * draw.normal()
        found = minimise(bend(place, falling, rising), start=start, step=1.0, low=-60, high=60, accuracy=1e-5)
        assert found.at == pytest.approx(place, abs=2e-5)


@pytest.mark.parametrize(
    "function",
    [
        lambda x: max(3 * (1.7 - x), 0.2 * (x - 1.7)),
        lambda x: math.sqrt(abs(x - 1.7)),
        lambda x: (x - 1.7) ** 2 * (5 if x < 1.7 else 0.1),
        lambda x: (x - 1.7) ** 4,
        lambda x: math.exp(1.7 - x) if x < 1.7 else math.exp(x - 1.7) + 0.3,
        lambda x: (x - 1.7) ** 2 if x < 1.71 else math.inf,
    ],
    ids=["corner", "cusp", "two curvatures", "flat", "jump", "wall"],
)
@pytest.mark.parametrize("start", [-3.0, 1.0, 9.4])
def test_valleys_that_no_polynomial_follows(function, start):
    found = minimise(function, start=start, step=1.0, low=-40, high=40, accuracy=1e-5)
    assert found.at == pytest.approx(1.7, abs=1e-4)


@pytest.mark.parametrize("place", [0.0, 1e-4, 2e-3, 0.5, 0.9985, 1 - 1e-4, 1.0])
def test_nothing_outside_the_range_is_asked_for(place):
    """Also where the smallest value lies so close to an end that the point beside it would be beyond."""

    def function(x):
        assert 0 <= x <= 1
        return (x - place) ** 2

    for start in (0.0, 0.3, 1.0):
        found = minimise(function, start=start, step=0.3, low=0.0, high=1.0, accuracy=1e-5)
        assert found.at == pytest.approx(place, abs=1e-5)


def test_a_wall_next_to_the_smallest_value_is_told():
    falling = minimise(lambda x: -x if x < 2 else math.inf, start=0.0, **RANGE)
    assert falling.at < 2 <= falling.wall
    rising = minimise(lambda x: x if x > 2 else math.inf, start=9.0, **RANGE)
    assert rising.wall <= 2 < rising.at
    assert minimise(lambda x: (x - 1.9) ** 2 if x < 2 else math.inf, start=0.0, **RANGE).wall is None
    assert minimise(lambda x: (x - 3) ** 2, start=0.0, **RANGE).wall is None
