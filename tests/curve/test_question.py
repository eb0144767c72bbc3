"""What was asked, as a typed value: the same from a run and from its file, and in words."""

from __future__ import annotations

import json
from dataclasses import FrozenInstanceError

import numpy as np
import pytest

from riskcalc.curve import Claim, IterateAverage, Question, RiskCurve, Run, TailAverage, Warrant
from riskcalc.curve.wording import in_one_line, problem_sentence, settings, training_sentence
from riskcalc.display import Formula
from riskcalc.errors import InvalidInput
from riskcalc.problem import (
    ExplicitSignal,
    ExplicitSpectrum,
    GaussianPrior,
    LogarithmicPowerLaw,
    MultipleOutputs,
    PowerLaw,
    PowerLawSignal,
    Problem,
)
from riskcalc.schedule import Constant, Custom, Geometric, Polynomial

LAW = PowerLaw(a=2, dimension=10)
POWER = Problem(spectrum=LAW, signal=PowerLawSignal(b="17/5"), noise="1/4")
PROBLEMS = {
    "power": POWER,
    "infinite": Problem(spectrum=PowerLaw(a=2), signal=PowerLawSignal(b=3)),
    "logarithmic": Problem(spectrum=LogarithmicPowerLaw(a=2, dimension=9), signal=GaussianPrior(b=3)),
    "explicit": Problem(spectrum=ExplicitSpectrum([1.0, 0.5]), signal=ExplicitSignal([1.0, 2.0])),
    "prior": Problem(spectrum=LAW, signal=GaussianPrior()),
    "outputs": MultipleOutputs(spectrum=LAW, signals=[PowerLawSignal(b=2), GaussianPrior(b=3)], noises=["1/4", 1]),
}
TRAININGS = {
    "constant": {"schedule": Constant("1/5")},
    "geometric": {"schedule": Geometric("1/5"), "horizon": 123456},
    "list": {"schedule": Custom([0.25, 0.125, 0.125])},
    "tail": {"schedule": Polynomial("1/5", power=2), "averaging": TailAverage("1/3")},
    "average": {"schedule": Constant("1/5"), "averaging": IterateAverage()},
}


def run(problem="power", training="constant"):
    return Run(PROBLEMS[problem], model_size=2, steps=[0, 3], **TRAININGS[training])


def curve(asked):
    ones = {"excess": np.ones(1), "irreducible": 0.0, "approximation": 0.0}
    return RiskCurve(steps=(0,), claim=Claim.LEADING_ORDER, warrant=Warrant.SYMBOLIC, asked=asked, **ones)


@pytest.mark.parametrize("training", TRAININGS)
@pytest.mark.parametrize("problem", PROBLEMS)
def test_a_curve_asks_the_same_before_and_after_its_file(problem, training):
    asked = run(problem, training).question
    made = curve(asked)
    assert RiskCurve.from_json(made.to_json()).asked == asked == made.asked
    assert json.loads(made.to_json())["problem"] == run(problem, training).describe()


def test_a_table_is_read_and_anything_else_refused():
    assert curve(run().describe()).asked == run().question
    with pytest.raises(InvalidInput, match="asked must be a table of names and values, or a Question"):
        curve(["a", 2])
    with pytest.raises(FrozenInstanceError):
        run().question.a = "3"


@pytest.mark.parametrize(
    "record, moves",
    [
        ({"schedule": {"name": "constant", "step_size": "1/5"}}, False),  # as it was written before it was said
        ({"schedule": {"name": "geometric", "step_size": "1/5"}}, True),
        ({"schedule": {"name": "polynomial", "step_size": "1/5", "power": "0"}, "constant_step": True}, False),
        ({"schedule": {"name": "constant"}, "constant_step": "yes"}, True),
        ({}, True),
    ],
)
def test_whether_the_step_size_moves(record, moves):
    assert Question.of(record).constant_step is not moves


@pytest.mark.parametrize(
    "record",
    [
        {"schedule": "geometric", "averaging": 3, "steps": 7, "each_output": "all", "outputs": None},
        {"schedule": {"step_size": "1"}, "each_output": [1, {"b": None}], "steps": [], "dimension": {"v": 1}},
        {"averaging": {"name": "tail"}, "a": "two", "schedule": {"name": ["x"], "values": [1]}, "outputs": [3]},
    ],
)
def test_what_somebody_else_wrote_is_still_put_into_words(record):
    asked = Question.of(record)
    for words in (problem_sentence, training_sentence, in_one_line, settings):
        assert isinstance(words(asked), str | dict)
    assert asked.record == record


def test_in_words():
    asked = run("power", "geometric").question
    assert problem_sentence(asked) == (
        "eigenvalues j^-a, a = 2; signal power j^-b, b = 17/5; dimension 10; label noise 1/4"
    )
    assert training_sentence(asked) == (
        "model size 2, batch size 1, geometric schedule with step size 1/5, horizon 123456"
    )
    assert in_one_line(asked) == "a=2, b=17/5, v=10, M=2, B=1, sigma2=1/4, geometric schedule gamma=1/5"
    assert settings(asked)["schedule"] == "geometric"
    assert settings(asked)["step_size"] == Formula(text="gamma = 1/5", latex=r"\gamma = 1/5")
    assert settings(asked)["horizon"] == Formula(text="N = 123456", latex="N = 123456")


@pytest.mark.parametrize(
    "training, sentence, brief, mean",
    [
        ("tail", "average of tail 1/3", "tail 1/3 averaged", "mean of the last 1/3 of the iterates"),
        ("average", "average of iterates", "iterates averaged", "mean of all iterates"),
    ],
)
def test_averages_in_words(training, sentence, brief, mean):
    asked = run(training=training).question
    assert training_sentence(asked).endswith(sentence)
    assert brief in in_one_line(asked)
    assert settings(asked)["averaging"] == mean


def test_a_schedule_that_never_moves_has_no_horizon():
    """Whatever it is called."""
    for schedule in (Constant("1/5"), Polynomial("1/5", power=0)):
        asked = Run(POWER, model_size=2, steps=[2], schedule=schedule).question
        assert "horizon" not in training_sentence(asked)
        assert "horizon" not in settings(asked)


@pytest.mark.parametrize(
    "signals, words",
    [
        ([PowerLawSignal(b=2), GaussianPrior(b=3)], "signal power j^-b of an output, b = 2, 3 (some drawn)"),
        ([GaussianPrior(b=3, scale=2)] * 2, "signal power 2 j^-b of an output, b = 3 (gaussian prior)"),
        ([GaussianPrior()] * 2, "isotropic prior of every output"),
        ([GaussianPrior(), PowerLawSignal(b=2)], "targets of several kinds"),
        ([ExplicitSignal(np.ones(10)), PowerLawSignal(b=2)], "explicit targets"),
    ],
)
def test_several_outputs_in_words(signals, words):
    problem = MultipleOutputs(spectrum=LAW, signals=signals, noises="1/4")
    asked = Run(problem, model_size=2, steps=[2], schedule=Constant("1/5")).question
    assert f"; {words}; dimension 10; label noise 1/2 in total over 2 outputs" in problem_sentence(asked)
