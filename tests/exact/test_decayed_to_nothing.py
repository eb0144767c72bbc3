"""A noiseless run whose excess leaves float64 ends at 0 in bounded work, under a smooth schedule too."""

from __future__ import annotations

import riskcalc as rc


def test_smooth_schedule_far_beyond_the_last_direction():
    problem = rc.Problem(spectrum=rc.PowerLaw(a=2, dimension=2), signal=rc.PowerLawSignal(b="5/2"))
    steps = [10**4, 10**6, 10**13]
    run = rc.Run(problem, model_size=2, schedule=rc.Cosine("1/10"), steps=steps)
    curve = rc.risk(run, method=rc.Unsketched())
    assert curve.excess[0] > 0
    assert curve.excess[-1] == 0
    assert (curve.excess[1:] <= curve.excess[:-1]).all()
