"""Progress is on standard error, where somebody sees it or asks for it."""

from __future__ import annotations

import re

import numpy as np
import pytest

import riskcalc as rc
from riskcalc.progress import progress, shown_progress

SMALL = rc.Problem(spectrum=rc.PowerLaw(2, dimension=30), signal=rc.PowerLawSignal(3))
RUN = rc.Run(SMALL, model_size=5, schedule=rc.Constant("1/5"), steps=[0, 10, 50])
GIVEN = np.random.default_rng(0).normal(size=(40, 6))


def curve_of_replicates():
    steps = np.arange(1, 9)
    return steps, np.exp(-np.log(steps) + GIVEN[:6, :1] / 9)


LONG = {
    "steps of runs": lambda: rc.risk(RUN, method=rc.MonteCarlo(runs=4, chunk=2)),
    "sketches": lambda: rc.risk(RUN, method=rc.Exact(sketches=3)),
    "steps": lambda: rc.risk(RUN, method=rc.Exact(digits=20)),
    "contours": lambda: rc.risk(RUN, method=rc.Equivalent(digits=10, certified=True)),
    "points": lambda: rc.sweep(SMALL, model_size=[2, 3], schedule="constant", step_size="1/5", steps=[5]),
    "parts of the resamples": lambda: rc.fit_exponents(curve_of_replicates()),
    "resamples": lambda: rc.analyse_data(
        (GIVEN, GIVEN @ np.arange(6)), resamples=20, sketches=2, runs=1, steps=[0, 5]
    ),
}

HEAVY = ("contours", "parts of the resamples")  # with what they load


def told(capsys, **how):
    with progress(10, "points", **how) as more:
        more(4)
        more(6)
    said = capsys.readouterr()
    assert said.out == ""
    return said.err


def test_silent_where_nobody_sees_it(capsys):
    assert told(capsys) == told(capsys, shown=False) == ""


def test_rate_and_time_left_where_asked(capsys):
    said = told(capsys, shown=True)
    assert "10/10" in said
    assert "points/s" in said


def test_what_was_done_before_counts(capsys):
    with progress(10, "points", shown=True, done=8) as more:
        more(2)
    assert "8/10" in capsys.readouterr().err


def test_shown_after_a_while_on_a_terminal(capsys, monkeypatch):
    import sys

    from riskcalc import progress as module

    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
    assert "10/10" not in told(capsys)  # over before anybody would wonder
    monkeypatch.setattr(module, "_DELAY", 0.0)
    assert "10/10" in told(capsys)


def test_a_block_says_it_for_everything_in_it(capsys):
    with shown_progress(True):
        assert "10/10" in told(capsys)
    assert told(capsys) == ""
    with shown_progress(False):
        assert told(capsys) == ""


def test_inside_a_bar_there_is_no_other(capsys):
    with progress(2, "chunks", shown=True) as more:
        with progress(10, "points", shown=True) as points:
            points(10)
        more(2)
    said = capsys.readouterr().err
    assert "2/2" in said
    assert "points" not in said
    assert "10/10" in told(capsys, shown=True)  # and outside again there is


@pytest.mark.parametrize(
    "question",
    [pytest.param(name, marks=pytest.mark.slow if name in HEAVY else ()) for name in LONG],
)
def test_what_takes_long_tells_how_far_it_is(capsys, question):
    with shown_progress(True):
        LONG[question]()
    said = capsys.readouterr()
    assert said.out == ""
    done, total = re.findall(rf"([\d.]+k?)/([\d.]+k?) \[[^\]]*{question}", said.err)[-1]
    assert done == total


def test_an_error_inside_ends_the_bar(capsys):
    with pytest.raises(ZeroDivisionError), progress(2, "chunks", shown=True):
        raise ZeroDivisionError
    capsys.readouterr()
    assert "10/10" in told(capsys, shown=True)
