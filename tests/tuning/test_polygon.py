"""A polygon's gradient against differences of its values, and the search that begins along polygons."""

from __future__ import annotations

import numpy as np
import pytest

from riskcalc import PowerLaw, PowerLawSignal, Problem, Unsketched, optimal_schedule
from riskcalc.tuning.polygon import Polygon


@pytest.mark.parametrize(("knots", "places"), [(8, 32), (8, 37), (2, 5), (5, 5), (1, 4), (1, 1)])
def test_the_gradient_is_that_of_the_values(knots: int, places: int) -> None:
    line, rng = Polygon(knots=knots, places=places), np.random.default_rng(knots)
    slope, start = rng.normal(size=places), rng.normal(size=knots)
    for knot in range(knots):
        moved = start + np.eye(knots)[knot]  # values are linear in the knots
        assert line.gradient(slope)[knot] == pytest.approx(slope @ (line.values(moved) - line.values(start)))
    assert line.values(start)[0] == start[0]
    assert line.values(start)[-1] == start[-1 if places > 1 else 0]
    assert line.at_knots(line.values(start)) == pytest.approx(start, abs=10 / places)


def test_the_search_begins_along_polygons_and_ends_beyond_them() -> None:
    problem = Problem(spectrum=PowerLaw(a=2, dimension=200), signal=PowerLawSignal(b=2), noise="1/4")
    asked = {"model_size": 200, "horizon": 128, "batch_size": 5, "method": Unsketched()}
    best = optimal_schedule(problem, **asked)
    assert best.converged
    # where a step is as large as is allowed its neighbours are not: no polygon does that
    early = best.schedule.values[:32] / best.largest
    assert (early > 0.999).any()
    assert (early < 0.9).any()
    assert best.excess < best.named[0].excess
