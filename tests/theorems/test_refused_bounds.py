"""Bias, Var and their friends refuse what has no value, instead of giving nan or a number of something else."""

from __future__ import annotations

import numpy as np
import pytest

import riskcalc as rc
from riskcalc.errors import InvalidInput
from riskcalc.presets import effective_time, resolved_directions
from riskcalc.theorems import bias, lemma_62, measured_constants, theorem_61, theorem_64, variance

_ONE = np.array([1.0])
_PROBLEM = rc.Problem(spectrum=rc.PowerLaw(a=2, dimension=40), signal=rc.PowerLawSignal(b=2), noise=1)


@pytest.mark.parametrize(
    ("time", "samples", "positions"),
    [(0, 10, _ONE), (-1, 10, _ONE), (np.nan, 10, _ONE), (1, 0, _ONE), (1, 10, [np.nan]), (1, 10, [-1.0]), (1, 10, "x")],
)
def test_variance(time, samples, positions):
    with pytest.raises(InvalidInput):
        variance(positions, time=time, effective_samples=samples)


@pytest.mark.parametrize(
    ("positions", "signal", "schedule", "horizon", "words"),
    [
        ([1.0, 0.1], _ONE, rc.Geometric("1/10"), 10, "one shape"),
        ([np.nan], _ONE, rc.Geometric("1/10"), 10, "finite"),
        ([100.0], _ONE, rc.Constant(1), 10, "unstable"),
        (_ONE, _ONE, rc.Cosine("1/10"), 10**13, "step by step"),
        (_ONE, _ONE, rc.Cosine("1/10"), 0, "horizon"),
    ],
)
def test_bias(positions, signal, schedule, horizon, words):
    with pytest.raises(InvalidInput, match=words):
        bias(positions, signal, schedule, horizon=horizon)


def test_one_step_that_removes_all_leaves_no_bias():
    assert bias(_ONE, _ONE, rc.Constant(1), horizon=3) == 0


def test_other_functions():
    run = rc.Run(_PROBLEM, model_size=10, schedule=rc.Geometric("1/20"), steps=[64])
    with pytest.raises(InvalidInput, match="one statement for each run"):
        measured_constants(theorem_61, [run])
    assert measured_constants(lambda it: theorem_61(it)[1], [run]).ratios["excess"][0] < 1
    with pytest.raises(InvalidInput, match="function of a run"):
        measured_constants("4.1", [run])
    with pytest.raises(InvalidInput, match="too large"):
        lemma_62(_PROBLEM, model_size=10**12)
    with pytest.raises(InvalidInput, match="must be a Problem"):
        lemma_62("x", model_size=3)
    with pytest.raises(InvalidInput):
        theorem_64(rc.Problem(spectrum=rc.PowerLaw(a=2), signal=rc.PowerLawSignal(b=2)), model_size=3)
    with pytest.raises(InvalidInput, match="positive"):
        effective_time(100, -1)
    with pytest.raises(InvalidInput, match="a Run"):
        resolved_directions(3)
    with pytest.raises(InvalidInput, match="Geometric"):
        resolved_directions(rc.Run(_PROBLEM, model_size=10, schedule=rc.Constant("1/20"), steps=[64]))
