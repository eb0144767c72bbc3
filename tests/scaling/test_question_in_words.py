"""A question in words, as at the command line, is the question that the objects ask."""

from __future__ import annotations

import numpy as np
import pytest

import riskcalc as rc
from riskcalc.asymptotic.shape import cosine, geometric
from riskcalc.errors import InvalidInput
from riskcalc.optimiser import read_optimiser
from riskcalc.scaling import Choice, compute, data, data_set
from riskcalc.scaling.question import Question
from riskcalc.scaling.words import read_question

FREE = Choice.FREE
SAME = {
    "names": (
        {"schedule": "geometric", "step_size": "free", "noise": 1},
        {"shape": geometric(), "budget": compute(step_size=FREE), "noise": 1},
    ),
    "capitals": ({"budget": "Data", "schedule": " Cosine"}, {"budget": data(), "shape": cosine()}),
    "a schedule": ({"schedule": rc.Geometric("1/10"), "noise": "1/2"}, {"shape": geometric(), "noise": True}),
    "a free batch": ({"free_batch": True}, {"budget": compute(step_size=FREE, batch_size=True)}),
    "outputs": (
        {"outputs": "1/4", "normalisation": "Total", "outputs_free": True},
        {"budget": compute(outputs="1/4", pay_for_outputs=False), "normalisation": "total"},
    ),
    "outputs, every one": ({"outputs": "1/4"}, {"budget": compute(outputs="1/4"), "normalisation": "every"}),
    "a data set": ({"budget": "data-set", "noise": 1}, {"budget": data_set(), "noise": True}),
    "a data set and compute": ({"budget": "Data-set", "compute": "5/2"}, {"budget": data_set(compute="5/2")}),
    "an optimiser": ({"optimiser": "heavy-ball:9/10"}, {"optimiser": rc.HeavyBall("9/10")}),
    "defaults that are said": (
        {"optimiser": "dana:delta=1/10,decay=1/2,memory=8", "budget": "compute", "schedule": "constant", "noise": 0},
        {"optimiser": rc.Dana(delta="1/10", decay="1/2", memory=8)},
    ),
}


@pytest.mark.parametrize("name", SAME)
def test_words_and_objects_ask_the_same(name):
    said, given = SAME[name]
    asked = {"budget": None, "shape": None, "noise": 0, "normalisation": None, **given}
    assert read_question(**said) == Question.of(**asked)
    assert read_question(**given) == Question.of(**asked)


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ({"schedule": "geometrc"}, r"schedule 'geometrc' is not known \(did you mean 'geometric'"),
        ({"schedule": "linear"}, r"schedule 'linear' is not known \(it is polynomial:1\)"),
        ({"free_batch": True, "step_size": "largest"}, "with free_batch .* free too: leave step_size out"),
        ({"budget": "computer"}, r"budget must be compute, data or data-set, not 'computer'.*did you mean 'compute'"),
        ({"step_size": "larges"}, r"step_size must be largest or free.*did you mean 'largest'"),
        ({"step_size": 0.3}, "step_size must be largest or free, not 0.3"),
        ({"budget": compute(), "step_size": "free"}, r"step_size is said by the Budget\(...\) that is given"),
        ({"shape": cosine(), "schedule": "cosine"}, "give schedule or shape, not both"),
        ({"budget": "data-set", "free_batch": True}, "free_batch is for fresh samples"),
        ({"budget": "data-set", "outputs": "1/4", "normalisation": "total"}, "outputs is for fresh samples"),
        ({"budget": "data-set", "compute": 1}, "compute is the exponent c of C = M t N = N\\^c, above 1"),
        ({"budget": "data", "compute": 2}, "compute is the exponent of what a data set may cost"),
        ({"budget": data_set(), "compute": 2}, r"compute is said by the Budget\(...\) that is given"),
        ({"normalisation": "total"}, "normalisation is for several outputs"),
        ({"optimiser": "heavyball:9/10"}, "did you mean 'heavy-ball'"),
        ({"optimiser": "adam"}, "second moments do not close"),
        ({"schedule": "cosine:flor=1/10"}, "schedule cosine has no 'flor'.*did you mean 'floor'"),
    ],
)
def test_what_is_not_known_is_refused_by_its_name(words, says):
    with pytest.raises(InvalidInput, match=says):
        read_question(**words)


def test_runs_take_the_words_of_the_command_line():
    problem = rc.Problem(spectrum=rc.PowerLaw(2), signal=rc.PowerLawSignal(3))
    asked = {"model_size": 10, "schedule": rc.Constant("1/10")}
    run = rc.Run(problem, **asked, steps="0,1..10", optimiser="nesterov:9/10")
    steps = [0, 1, 2, 3, 4, 6, 7, 10]
    assert run == rc.Run(problem, **asked, steps=steps, optimiser=read_optimiser(rc.Nesterov("9/10")))
    assert rc.Run(problem, **asked, steps=np.logspace(0, 6, 7)).steps == tuple(10**k for k in range(7))
    with pytest.raises(InvalidInput, match=r"steps: the range 5\.\.2 runs backwards"):
        rc.Run(problem, **asked, steps="5..2")


def test_a_point_of_a_diagram_is_two_numbers():
    diagram = rc.phase_diagram()
    with pytest.raises(InvalidInput, match="a point is two numbers, alpha and beta, not 'Ia'"):
        diagram.phase("Ia")
    assert diagram.at(a=2, b="7/2").phase == diagram.at(alpha=1, beta="3/4").phase == diagram.at(2, "7/2").phase == "II"
