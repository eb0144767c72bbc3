"""The default grid of steps knows the schedule: a picture of it, drawn through its points, is where the curve is."""

from __future__ import annotations

import numpy as np
import pytest

import riskcalc as rc
from riskcalc.curve.steps import recorded_steps
from riskcalc.schedule import corners

LAST = 10**4
PROBLEM = rc.Problem(spectrum=rc.PowerLaw(2), signal=rc.PowerLawSignal(3), noise="1/10")
LINE = 0.007  # of the height of a picture: a line of two points on axes of 290
SCHEDULES = {
    "constant": rc.Constant("1/5"),
    "geometric": rc.Geometric("1/5"),
    "multistep": rc.MultiStep("1/5", milestones=["1/2", "3/4"]),
    "wsd": rc.WarmupStableDecay("1/5", "1/5"),
    "warm constant": rc.Warmup(rc.Constant("1/5"), fraction="1/20"),
}


def excess(schedule, steps):
    return rc.risk(rc.Run(PROBLEM, model_size=50, schedule=schedule, steps=steps, horizon=LAST)).risk


def farthest(schedule, steps):
    """How far the curve, at many steps, lies from the line drawn through some, in shares of the picture's height."""
    log = np.geomspace(1, LAST, 80)
    late = LAST - np.geomspace(1, LAST / 2, 60)
    after = [corner + np.geomspace(1, LAST / 10, 12) for corner in corners(schedule, horizon=LAST)]
    dense = sorted({min(LAST, round(step)) for step in np.concatenate([log, late, *after])})
    true = np.log(excess(schedule, dense))
    known = [step for step in steps if step > 0]
    drawn = np.interp(np.log(dense), np.log(known), np.log(excess(schedule, known)))
    return float(np.abs(drawn - true).max() / np.ptp(true))


@pytest.mark.parametrize("name", SCHEDULES)
def test_a_picture_through_the_default_grid_does_not_lie(name):
    schedule = SCHEDULES[name]
    run = rc.Run(PROBLEM, model_size=50, schedule=schedule, steps=LAST)
    assert farthest(schedule, run.steps) < LINE
    assert len(run.steps) < 140
    if name in ("geometric", "multistep", "wsd"):  # the grid that knows no schedule does lie
        assert farthest(schedule, recorded_steps(LAST)) > 2 * LINE


def test_steps_that_are_named_stay_what_they_are():
    for steps in ([0, 10, 100], "0,10,100"):
        run = rc.Run(PROBLEM, model_size=50, schedule=rc.Cosine("1/5"), steps=steps)
        assert run.steps == (0, 10, 100)


def test_a_stretch_holds_its_own_corners_alone():
    wsd = rc.WarmupStableDecay("1/5", "1/5")
    early = rc.Run(PROBLEM, model_size=50, schedule=wsd, steps="1..1e3", horizon=LAST).steps
    assert early == recorded_steps(1000)[1:]
    around = rc.Run(PROBLEM, model_size=50, schedule=wsd, steps="5000..8500,9e3", horizon=LAST).steps
    assert {5000, 8000, 8007, 8500, 9000} <= set(around)
    assert max(around) == 9000
    assert min(around) == 5000


@pytest.mark.parametrize("schedule", [rc.Custom(np.linspace(1, 0.1, 300)), rc.Geometric("1/5")])
@pytest.mark.parametrize("last", [1, 2, 3, 5, 300])
def test_short_runs_are_recorded_within_themselves(schedule, last):
    steps = rc.Run(PROBLEM, model_size=50, schedule=schedule, steps=last).steps
    assert set(recorded_steps(last)) <= set(steps)
    assert steps[0] == 0
    assert steps[-1] == last


def test_every_curve_of_a_sweep_is_seen_where_one_of_its_schedules_bends():
    pytest.importorskip("xarray")
    found = rc.sweep(PROBLEM, model_size=10, schedule=["constant", "wsd:1/5"], step_size="1/5", steps=1000)
    assert {800, 825, 975} <= set(found.step.values.tolist())
