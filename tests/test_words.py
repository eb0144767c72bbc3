"""One vocabulary: whatever the command line says in words, Python understands, and both name the nearest word."""

from __future__ import annotations

import inspect
from dataclasses import replace

import numpy as np
import pytest

import riskcalc as rc
from riskcalc.answer import read_method
from riskcalc.dataset.kernels import KERNELS, Laplace, read_kernel
from riskcalc.errors import InvalidInput
from riskcalc.scaling.words import read_question
from riskcalc.sweeping.grid import grid

PROBLEM = rc.Problem(spectrum=rc.PowerLaw(2), signal=rc.PowerLawSignal(3))
RUN = rc.Run(PROBLEM, model_size=10, schedule=rc.Constant("1/5"), steps=[0, 100])


def run(**words):
    return rc.Run(PROBLEM, **{"model_size": 10, "step_size": "1/5", "steps": [0, 100], **words})


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        ({}, {}),
        ({"schedule": "Cosine:floor=1/10"}, {"schedule": rc.Cosine("1/5", floor="1/10")}),
        ({"schedule": rc.Cosine("1/7")}, {"schedule": rc.Cosine("1/5")}),
        ({"schedule": rc.Cosine("1/7"), "step_size": None}, {"schedule": rc.Cosine("1/7")}),
        ({"schedule": "inverse_sqrt:10"}, {"schedule": rc.InverseSquareRoot("1/5", 10)}),
        ({"averaging": "Iterates"}, {"averaging": rc.IterateAverage()}),
        ({"averaging": "tail:1/4"}, {"averaging": rc.TailAverage("1/4")}),
        ({"averaging": "exponential:rate=1/9"}, {"averaging": rc.ExponentialAverage("1/9")}),
        ({"averaging": "last"}, {}),
        ({"optimiser": "heavy_ball:1/2"}, {"optimiser": rc.HeavyBall("1/2")}),
        ({"data": "Full-Batch:64"}, {"data": rc.FullBatch(samples=64)}),
        ({"data": "with_replacement:64"}, {"data": rc.WithReplacement(samples=64)}),
        ({"data": "one-pass"}, {}),
        ({"steps": (0, "100..100")}, {}),
        ({"steps": np.array([0.0, 100.0])}, {}),
    ],
)
def test_words_and_objects_ask_the_same(words, meant):
    assert run(**words) == replace(RUN, **meant)


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ({"schedule": "cosin"}, "did you mean 'cosine'"),
        ({"step_size": None}, "step_size is missing: the schedule 'constant' needs it"),
        ({"averaging": "iterate"}, "did you mean 'iterates'"),
        ({"averaging": "tail"}, "needs a fraction F, as in tail:1/4"),
        ({"averaging": "iterates:"}, "nothing after the colon"),
        ({"averaging": "iterates:2"}, "takes no parameter"),
        ({"optimiser": "heavyball:1/2"}, "did you mean 'heavy-ball'"),
        ({"data": "fullbatch:8"}, "did you mean 'full-batch'"),
        ({"data": "full-batch"}, "needs samples"),
        ({"data": 8}, "or its words, as full-batch:N"),
        ({"steps": np.logspace(0, 2, 4)}, "round them"),
    ],
)
def test_a_wrong_word_says_what_was_meant(words, says):
    with pytest.raises(InvalidInput, match=says):
        run(**words)


def test_roads_have_names_with_their_defaults():
    small = rc.Run(replace(PROBLEM, spectrum=rc.PowerLaw(2, dimension=20)), model_size=5, step_size="1/5", steps=[10])
    for word, road in {"Exact": rc.Exact(seed=0), "unsketched": rc.Unsketched(), "equivalent": rc.Equivalent()}.items():
        asked = replace(small, model_size=20) if word == "unsketched" else small
        assert rc.risk(asked, method=word) == rc.risk(asked, method=road)
    assert isinstance(read_method("montecarlo"), rc.MonteCarlo)
    assert rc.risk(run(steps=[100]), method="asymptotic").claim is rc.Claim.LEADING_ORDER
    with pytest.raises(InvalidInput, match="did you mean 'exact'"):
        rc.risk(RUN, method="exct")
    with pytest.raises(InvalidInput, match="did you mean 'exact'"):
        rc.crosscheck(small, methods=["exct"])


def test_kernels_have_names():
    assert read_kernel("laplace:2") == Laplace(bandwidth=2)
    assert [read_kernel(name).describe()["name"] for name in KERNELS] == list(KERNELS)
    with pytest.raises(InvalidInput, match="did you mean 'rbf'"):
        rc.analyse_data("sklearn:iris", kernel="rb")
    with pytest.raises(InvalidInput, match="did you mean 'digits'"):
        rc.analyse_data("sklearn:digts")
    with pytest.raises(InvalidInput, match="is sklearn:iris"):
        rc.analyse_data("iris")


def test_outputs_are_normalised_as_risk_has_it():
    words = {"a": 2, "b": "5/2", "noise": 1, "schedule": "geometric", "step_size": "free", "budget": "data"}
    found = rc.exponents(**words, outputs="1/4")
    assert found == rc.exponents(**words, outputs="1/4", normalisation="every")
    assert found.loss_exponent != rc.exponents(**words, outputs="1/4", normalisation="total").loss_exponent
    assert "each as hard as the problem" in str(found)


def test_a_curve_is_read_at_a_range_of_steps():
    curve = rc.risk(run(steps="0,1..1e4"))
    assert curve.at("0,100..500").steps == (0, *(step for step in curve.steps if 100 <= step <= 500))


def asked_by(function, *without):
    """Its parameters with their kinds, defaults and types, but for a few."""
    return {name: one for name, one in inspect.signature(function).parameters.items() if name not in without}


def test_words_that_are_listed_twice_are_the_same():
    """They stand in every signature, because a notebook shows signatures; one list of them must not outgrow another."""
    from riskcalc.cli.scaling_flags import _WORDS

    budget = asked_by(read_question, "call")
    assert asked_by(rc.exponents, "a", "b", "alpha", "beta") == budget == asked_by(rc.phase_diagram, "paper_letters")
    assert set(_WORDS) == set(budget) - {"shape"}  # a shape is an object, which has no words
    assert asked_by(rc.sweep, "executor", "store", "progress") == asked_by(grid)
    assert set(asked_by(rc.Run)) == set(asked_by(grid, "noise", "method"))
