"""Ctrl-C keeps what is finished: it is the answer to a smaller question, bit for bit."""

from __future__ import annotations

import numpy as np
import pytest

import riskcalc as rc
from riskcalc.errors import Interrupted
from riskcalc.simulation import descent, monte_carlo

PROBLEM = rc.Problem(spectrum=rc.PowerLaw(2, dimension=30), signal=rc.PowerLawSignal(3), noise="1/10")
RUN = rc.Run(PROBLEM, model_size=5, schedule=rc.Constant("1/5"), steps=[0, 10, 50, 100])


def interrupted(monkeypatch, road, *, after):
    """The road, interrupted after so many steps of runs."""
    done = 0

    def count(more):
        nonlocal done
        done += more
        if done >= after:
            raise KeyboardInterrupt

    real = descent.recorded_runs
    with monkeypatch.context() as patch:
        patch.setattr(monte_carlo, "recorded_runs", lambda *given, **how: real(*given, **(how | {"more": count})))
        with pytest.raises(KeyboardInterrupt) as stop:
            rc.risk(RUN, method=road)
    return stop.value


@pytest.mark.parametrize(
    ("road", "after", "fewer", "words"),
    [
        (rc.MonteCarlo(runs=8, chunk=2, seed=1), 500, rc.MonteCarlo(runs=4, seed=1), "4 of 8 runs"),
        (rc.MonteCarlo(runs=3, sketches=4, seed=1), 700, rc.MonteCarlo(runs=3, sketches=2, seed=1), "2 of 4 sketches"),
    ],
)
def test_runs_and_sketches_that_are_finished(monkeypatch, road, after, fewer, words):
    stop = interrupted(monkeypatch, road, after=after)
    assert isinstance(stop, Interrupted)
    assert words in str(stop)
    assert stop.partial == rc.risk(RUN, method=fewer)


def test_steps_that_all_runs_have_reached(monkeypatch):
    stop = interrupted(monkeypatch, rc.MonteCarlo(runs=8, seed=1), after=8 * 60)
    assert "at the first 3 of 4 recorded steps" in str(stop)
    whole = rc.risk(RUN, method=rc.MonteCarlo(runs=8, seed=1))
    np.testing.assert_array_equal(stop.partial.excess, whole.excess[:3])
    assert stop.partial.steps == (0, 10, 50)
    assert stop.partial.asked.horizon == "100"


def test_where_nothing_is_finished_nothing_is_kept(monkeypatch):
    stop = interrupted(monkeypatch, rc.MonteCarlo(runs=3, sketches=4, seed=1), after=10)
    assert not isinstance(stop, Interrupted)


def test_sketches_of_the_exact_road(monkeypatch):
    real, asked = rc.Exact._given, []

    def given(self, run, sketch, force):
        asked.append(sketch)
        if len(asked) == 4:
            raise KeyboardInterrupt
        return real(self, run, sketch, force)

    with monkeypatch.context() as patch:
        patch.setattr(rc.Exact, "_given", given)
        with pytest.raises(Interrupted, match="3 of 9 sketches") as stop:
            rc.risk(RUN, method=rc.Exact(sketches=9))
    assert stop.value.partial == rc.risk(RUN, method=rc.Exact(sketches=3))
