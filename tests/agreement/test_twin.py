"""Runs too large to be sampled are checked on a twin, and the differences are told."""

from __future__ import annotations

from dataclasses import replace

import pytest

from riskcalc import Constant, ExplicitSignal, ExplicitSpectrum, PowerLaw, PowerLawSignal, Problem, Run
from riskcalc.agreement.twin import affordable_dimension, affordable_size, differences, resized, up_to
from riskcalc.errors import InvalidInput

LARGE = Run(
    Problem(spectrum=PowerLaw(a=2, scale="1/2"), signal=PowerLawSignal(b=3), noise=1),
    model_size="1e9",
    batch_size=4,
    schedule=Constant("1/10"),
    steps=[0, 10, 10**6],
    horizon=10**7,
)


def test_everything_but_the_size_stays():
    small = resized(LARGE, 30, dimension=300)
    asked, found = LARGE.describe(), small.describe()
    assert {name for name in asked if asked[name] != found[name]} == {"dimension", "model_size"}
    assert small.steps == LARGE.steps


def test_steps_are_cut_and_the_schedule_keeps_its_horizon():
    cut = up_to(LARGE, 1000)
    assert (cut.steps, cut.horizon) == ((0, 10), 10**7)
    assert up_to(LARGE, 10**6) is LARGE


def test_a_run_recorded_too_late_is_recorded_earlier():
    late = replace(LARGE, steps=[0, 10**6])
    assert up_to(late, 3).steps == (0, 1, 2, 3)


def test_differences_are_told():
    assert differences(LARGE, LARGE) == ()
    told = differences(LARGE, up_to(resized(LARGE, 30, dimension=300), 1000))
    assert told == (
        "checked at dimension 300; the run's is infinite",
        "checked at model size 30; the run's is 1000000000",
        "checked up to step 10; the run goes to 1000000",
    )


@pytest.mark.parametrize(
    "dimension, size, found", [(None, 20, 200), (None, 800, 3200), (50, 20, 50), (10**6, 20, 200)]
)
def test_dimension_of_the_twin(dimension, size, found):
    problem = Problem(spectrum=PowerLaw(a=2, dimension=dimension), signal=PowerLawSignal(b=3))
    asked = Run(problem, model_size=20, schedule=Constant("1/10"), steps=10)
    assert affordable_dimension(asked, size, 1500) == found


@pytest.mark.parametrize("asked, found", [("1e9", 30), ("20.5", 20), (1, 1), ("1.7", 2)])
def test_size_of_the_twin_is_whole(asked, found):
    assert affordable_size(replace(LARGE, model_size=asked), 30) == found


def test_an_explicit_spectrum_has_no_twin():
    problem = Problem(spectrum=ExplicitSpectrum([1.0, 0.5, 0.2]), signal=ExplicitSignal([1.0, 1.0, 1.0]))
    asked = Run(problem, model_size=2, schedule=Constant("1/10"), steps=10)
    assert affordable_dimension(asked, 2, 2) == 3
    with pytest.raises(InvalidInput, match="only a power law"):
        resized(asked, 2, dimension=20)
