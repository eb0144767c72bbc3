"""A noiseless run whose excess leaves float64 ends at 0 in bounded work, under a smooth schedule too."""

from __future__ import annotations

import numpy as np

import riskcalc as rc
from riskcalc.dynamics.zeros import fallen_by


def test_smooth_schedule_far_beyond_the_last_direction():
    problem = rc.Problem(spectrum=rc.PowerLaw(a=2, dimension=2), signal=rc.PowerLawSignal(b="5/2"))
    steps = [10**4, 10**6, 10**13]
    run = rc.Run(problem, model_size=2, schedule=rc.Cosine("1/10"), steps=steps)
    curve = rc.risk(run, method=rc.Unsketched())
    assert curve.excess[0] > 0
    assert curve.excess[-1] == 0
    assert (curve.excess[1:] <= curve.excess[:-1]).all()


def test_a_tail_that_alternates_until_nothing_is_left():
    """Rounding of iterates that cancel is none where they have all left floats; at the start of the tail they must."""
    problem = rc.Problem(spectrum=rc.PowerLaw(a=2, dimension=2), signal=rc.PowerLawSignal(b="5/2"))
    asked = {"model_size": 2, "batch_size": 1000, "schedule": rc.Constant("19/10"), "steps": [10**6, 10**13]}
    curve = rc.risk(rc.Run(problem, averaging=rc.TailAverage("1/2"), **asked), method=rc.Unsketched())
    assert (curve.excess == 0).all()
    assert curve.error < 1e-9
    assert "escalated" not in curve.method
    whole = rc.risk(rc.Run(problem, averaging=rc.IterateAverage(), **asked), method=rc.Unsketched())
    assert (whole.excess > 0).all()  # it remembers the start
    # a tail that starts early is small and not nothing: 0 is no answer there, whatever its end says
    (modes,) = rc.Unsketched().modes(run := rc.Run(problem, averaging=rc.TailAverage("999/1000"), **asked))
    early, late = fallen_by(run, modes, run.schedule.stages(horizon=run.horizon))
    assert early > 0
    assert early < late / 10**6
    last = fallen_by(rc.Run(problem, **asked), modes, run.schedule.stages(horizon=run.horizon))
    assert (900 * np.array([early, late]) < last).all()
