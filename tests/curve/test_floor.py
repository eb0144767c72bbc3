"""Where a curve ends is where it is after very many steps, or it is not said."""

from __future__ import annotations

import pytest

import riskcalc as rc
from riskcalc.curve.floor import known_floor, limit_of

PROBLEM = rc.Problem(spectrum=rc.PowerLaw(2, dimension=40), signal=rc.PowerLawSignal(3), noise="1/10")


def late(method, **training):
    run = rc.Run(PROBLEM, model_size=6, schedule=rc.Constant("1/40"), steps=[10**8], **training)
    return rc.risk(run, method=method)


@pytest.mark.parametrize("method", [rc.Equivalent(), rc.Exact(seed=0), rc.Exact(sketches=4)], ids=["eq", "one", "many"])
@pytest.mark.parametrize("optimiser", ["sgd", "heavy-ball:9/10"])
def test_the_limit_is_where_the_curve_ends(method, optimiser):
    curve = late(method, optimiser=optimiser)
    assert limit_of(curve) == pytest.approx(curve.excess[0], rel=1e-9)
    assert known_floor(curve)[0] == limit_of(curve)


@pytest.mark.parametrize("averaging", [rc.IterateAverage(), rc.TailAverage("1/2")])
def test_averages_of_a_growing_share_end_at_the_approximation(averaging):
    curve = late(rc.Equivalent(), averaging=averaging)
    assert limit_of(curve) is None
    assert known_floor(curve)[0] == pytest.approx(curve.excess[0], rel=1e-5)


@pytest.mark.parametrize(
    "training",
    [
        {"averaging": rc.ExponentialAverage("1/100")},
        {"optimiser": "nesterov:9/10"},
        {"data": rc.FullBatch(samples=50)},
        {"data": rc.WithReplacement(samples=50)},
    ],
)
def test_no_floor_is_known_where_the_curve_ends_elsewhere(training):
    curve = late(rc.Equivalent(), **training)
    assert limit_of(curve) is None
    assert known_floor(curve)[0] is None
    assert abs(curve.approximation / curve.excess[0] - 1) > 1e-4
    table = str(curve)
    assert "limit:" not in table


def test_of_a_method_that_averages_no_floor_is_told():
    """It ends at the approximation, which is not derived."""
    curve = late(rc.Equivalent(), optimiser="schedule-free:9/10")
    assert limit_of(curve) is None
    assert known_floor(curve)[0] is None
