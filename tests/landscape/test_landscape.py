"""A landscape against the road itself, up to the edge of stability and beyond."""

from __future__ import annotations

import math

import numpy as np
import pytest

import riskcalc as rc
from riskcalc.agreement.digits import agreeing_digits
from riskcalc.errors import InvalidInput
from riskcalc.exact.stability import largest_step_size
from riskcalc.landscape import Landscape
from riskcalc.tuning.step_size import at_step_size

ROADS = {"equivalent": (rc.Equivalent(), 12), "exact": (rc.Exact(seed=1, sketches=2), 12), "all": (rc.Unsketched(), 60)}
SCHEDULES = [rc.Constant(1), rc.Geometric(1), rc.Cosine(1), rc.Custom(np.linspace(1, 0.1, 200))]


def landscape(road="equivalent", *, schedule=SCHEDULES[0], batch_size=1, averaging=None, **settings) -> Landscape:
    problem = rc.Problem(spectrum=rc.PowerLaw(a=2, dimension=60), signal=rc.PowerLawSignal(b="5/2"), noise="1/10")
    method, size = ROADS[road]
    run = rc.Run(
        problem, model_size=size, schedule=schedule, steps=[200], batch_size=batch_size, averaging=averaging
    )
    return Landscape(run, method, **settings)


@pytest.mark.parametrize("road", ROADS)
@pytest.mark.parametrize("schedule", SCHEDULES, ids=lambda one: type(one).__name__)
@pytest.mark.parametrize("averaging", [None, rc.TailAverage("1/2")], ids=str)
def test_what_the_landscape_says_the_road_confirms(road, schedule, averaging):
    found = landscape(road, schedule=schedule, averaging=averaging)
    for fraction in (0.1, 0.8):
        asked = at_step_size(schedule, fraction * found.largest_step_size)
        excess, error = found.verified(asked)
        assert agreeing_digits(np.array([found.excess(asked)]), np.array([excess]))[0] >= 8
        assert error is None or error < 1e-8


def test_the_contour_that_hugs_the_spectrum_goes_nearer_to_the_edge():
    near = rc.Constant(0.9999 * landscape().largest_step_size)
    found = landscape(sharp=True)
    assert agreeing_digits(np.array([found.excess(near)]), np.array([found.verified(near)[0]]))[0] >= 8


@pytest.mark.parametrize("road", ROADS)
@pytest.mark.parametrize("sharp", [False, True])
@pytest.mark.parametrize("batch_size", [1, 10**9], ids=["by feedback", "by the fastest mode"])
def test_beyond_the_edge_nothing_is_said(road, sharp, batch_size):
    found = landscape(road, batch_size=batch_size, sharp=sharp)
    for beyond in (1 + 1e-6, 1.1, 3, 1e3):
        assert found.excess(rc.Constant(beyond * found.largest_step_size), steps=3) == math.inf


@pytest.mark.parametrize("road", ROADS)
def test_the_largest_step_size_is_where_the_road_becomes_unstable(road):
    found = landscape(road)
    largest = found.largest_step_size
    assert found.stability(largest / 2).largest_step_size == largest
    assert found.stability(largest * (1 - 1e-9)).stable
    assert not found.stability(largest * (1 + 1e-9)).stable


def test_several_sketches_are_as_stable_as_the_worst():
    both = landscape("exact")
    each = [largest_step_size(modes, batch_size=1) for modes in both.modes]
    assert both.largest_step_size == min(each) < max(each)
    assert both.stability(max(each)).kappa > 1


def test_runs_of_several_lengths_share_their_modes():
    found = landscape(schedule=rc.Geometric(1))
    short = rc.Run(found.run.problem, model_size=12, schedule=rc.Geometric("1/5"), steps=[50])
    expected = rc.Equivalent().curve(short).excess[-1]
    assert found.excess(short.schedule, steps=50) == pytest.approx(expected, rel=1e-9)


def test_the_growth_of_a_schedule_is_counted_stage_by_stage():
    """At M = 2 and near the edge modes of the contour grow over the whole run, though over no stage of it."""
    problem = rc.Problem(spectrum=rc.PowerLaw(a=2), signal=rc.PowerLawSignal(b="5/2"))
    run = rc.Run(problem, model_size=2, schedule=rc.Geometric("0.306"), steps=[1000])
    hugging = Landscape(run, rc.Equivalent(), sharp=True)
    assert hugging.excess(run.schedule) == pytest.approx(hugging.verified(run.schedule)[0], rel=1e-8)
    assert hugging.excess(rc.Constant("0.306")) == math.inf


def test_roads_without_modes_are_refused():
    with pytest.raises(InvalidInput, match="the roads with modes"):
        Landscape(landscape().run, rc.Asymptotic())
