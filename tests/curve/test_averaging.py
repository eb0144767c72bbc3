"""Which iterates an average takes, and how it is described and refused."""

from __future__ import annotations

from fractions import Fraction

import pytest

from riskcalc import Constant, IterateAverage, LastIterate, PowerLaw, PowerLawSignal, Problem, Run, TailAverage
from riskcalc.curve.averaging import windows
from riskcalc.errors import InvalidInput

PROBLEM = Problem(spectrum=PowerLaw(a=2), signal=PowerLawSignal(b=2))


def test_the_first_iterate():
    assert [LastIterate().first(step) for step in (0, 1, 9)] == [0, 1, 9]
    assert [IterateAverage().first(step) for step in (0, 1, 9)] == [0, 0, 0]
    # ceil(t/3) iterates
    assert [TailAverage("1/3").first(step) for step in (0, 1, 2, 3, 4, 9, 10**18)] == [
        0, 0, 1, 2, 2, 6, 10**18 - (10**18 + 2) // 3,
    ]  # fmt: skip


@pytest.mark.parametrize("fraction", ["1/1000", 0.1, "1/2", 1])
def test_a_tail_has_at_least_one_iterate_and_never_more_than_all(fraction):
    tail = TailAverage(fraction)
    for step in range(1, 50):
        count = step - tail.first(step)
        assert 1 <= count <= step
        assert count - 1 < Fraction(tail.fraction) * step <= count


def test_a_tail_of_everything_is_the_iterate_average():
    steps = (0, 1, 5, 100)
    assert windows(TailAverage(1), steps) == windows(IterateAverage(), steps) == {0: steps}


@pytest.mark.parametrize("fraction", [0, -1, "3/2", float("nan"), "half"])
def test_fractions_that_are_refused(fraction):
    with pytest.raises(InvalidInput):
        TailAverage(fraction)


@pytest.mark.parametrize(
    "averaging, described",
    [
        (None, {"name": "last"}),
        (LastIterate(), {"name": "last"}),
        (IterateAverage(), {"name": "iterates"}),
        (TailAverage("1/4"), {"name": "tail", "fraction": "1/4"}),
    ],
)
def test_a_run_says_what_it_averages(averaging, described):
    run = Run(PROBLEM, model_size=5, schedule=Constant("1/10"), steps=[10], averaging=averaging)
    assert run.describe()["averaging"] == described


@pytest.mark.parametrize("averaging", ["no average", 2, IterateAverage])
def test_what_is_no_averaging_is_refused(averaging):
    with pytest.raises(InvalidInput, match="averaging must be"):
        Run(PROBLEM, model_size=5, schedule=Constant("1/10"), steps=[10], averaging=averaging)
