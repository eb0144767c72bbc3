"""Runs: what a question must contain, and what it is completed with."""

from __future__ import annotations

import json
from fractions import Fraction
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from riskcalc.curve import Run
from riskcalc.curve.steps import recorded_steps
from riskcalc.errors import InvalidInput, RiskcalcError
from riskcalc.problem import PowerLaw, PowerLawSignal, Problem
from riskcalc.schedule import Constant, Cosine, Custom

INFINITE = Problem(spectrum=PowerLaw(a=2), signal=PowerLawSignal(b=3))
FINITE = Problem(spectrum=PowerLaw(a=2, dimension=40), signal=PowerLawSignal(b=3))


def _run(problem: Any = INFINITE, **changes: Any) -> Run:
    asked: dict[str, Any] = {"model_size": 10, "schedule": Constant("3/10"), "steps": [0, 10]}
    return Run(problem, **(asked | changes))


def test_listed_steps_are_recorded_exactly_sorted_and_once() -> None:
    assert _run(steps=["1e4", 0, 10, 10, 1e6]).steps == (0, 10, 10_000, 1_000_000)
    assert _run(steps=np.array([5, 3])).steps == (3, 5)


def test_a_single_number_asks_for_the_curve_up_to_it() -> None:
    assert _run(steps=10).steps == (0, 1, 2, 3, 4, 6, 7, 10)
    assert _run(steps="1e18").steps[-1] == 10**18
    assert _run(steps=0).steps == (0,)


@given(st.integers(min_value=1, max_value=10**18))
def test_recorded_steps_run_from_zero_to_the_last_at_about_eight_a_decade(last: int) -> None:
    steps = recorded_steps(last)
    assert steps[0] == 0
    assert steps[-1] == last
    assert list(steps) == sorted(set(steps))
    if last >= 100:
        late = [step for step in steps if step >= 10]
        ratios = [later / earlier for earlier, later in pairwise(late[:-1])]
        assert all(1.25 < ratio < 1.45 for ratio in ratios)


def test_the_horizon_is_the_last_step_unless_it_is_given() -> None:
    assert _run(steps=[0, 10]).horizon == 10
    assert _run(steps=[0]).horizon == 1
    assert _run(steps=[0, 10], horizon="1e3").horizon == 1000


def test_a_real_model_size_stays_exact() -> None:
    assert _run(model_size="5/2").model_size == Fraction(5, 2)


def test_the_description_holds_everything_that_was_asked() -> None:
    described = _run(FINITE, batch_size=4).describe()
    assert json.loads(json.dumps(described)) == described
    assert described == {
        "dimension": 40,
        "noise": "0",
        "a": "2",
        "spectrum_scale": "1",
        "b": "3",
        "signal_scale": "1",
        "model_size": "10",
        "batch_size": 4,
        "schedule": {"name": "constant", "step_size": "3/10"},
        "constant_step": True,
        "horizon": 10,
        "averaging": {"name": "last"},
        "optimiser": {"name": "sgd"},
        "data": {"name": "one-pass"},
    }


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"problem": None}, "problem must be"),
        ({"model_size": 0}, "at least 1"),
        ({"model_size": "1/2"}, "at least 1"),
        ({"problem": FINITE, "model_size": 41}, "exceeds the dimension 40"),
        ({"model_size": "big"}, "model_size"),
        ({"schedule": "constant"}, "step_size is missing"),
        ({"schedule": 3}, "schedule must be"),
        ({"schedule": Custom([0.1, 0.1])}, "2 step sizes, but the run has 10 steps"),
        ({"steps": []}, "empty"),
        ({"steps": [0, 0.5]}, "whole number"),
        ({"steps": [-1]}, "at least 0"),
        ({"steps": "1e19"}, "1e18"),
        ({"steps": ["1e400"]}, "steps"),
        ({"steps": None}, "steps must be"),
        ({"batch_size": 0}, "at least 1"),
        ({"batch_size": "3/2"}, "whole number"),
        ({"horizon": 5}, "shorter than the last recorded step"),
        ({"horizon": 0}, "at least 1"),
    ],
)
def test_questions_without_an_answer_are_refused(changes: dict[str, Any], reason: str) -> None:
    with pytest.raises(InvalidInput, match=reason):
        _run(**changes)


numbers = st.one_of(st.floats(), st.integers(), st.fractions(), st.text(max_size=5), st.none())


@settings(deadline=None)
@given(
    model_size=numbers,
    batch_size=numbers,
    horizon=numbers,
    steps=st.one_of(numbers, st.lists(numbers, max_size=3)),
    schedule=st.one_of(st.just(Constant(1)), st.just(Cosine(1)), numbers),
)
def test_any_input_makes_a_run_or_the_packages_own_error(**asked: Any) -> None:
    try:
        run = Run(INFINITE, **asked)
    except RiskcalcError:
        return
    assert run.steps[-1] <= run.horizon
    assert json.dumps(run.describe())
