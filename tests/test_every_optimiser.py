"""Every public verb with every optimiser: it answers, and hears which one it was; or it refuses, naming it.

An optimiser that a verb would silently take for SGD gives SGD's number.
"""

from __future__ import annotations

import numpy as np
import pytest

import riskcalc as rc
from riskcalc.errors import InvalidInput
from riskcalc.optimiser import SPELLINGS

SMALL = rc.Problem(spectrum=rc.PowerLaw(a=2, dimension=24), signal=rc.PowerLawSignal(b="12/5"), noise="1/10")
LAW = rc.Problem(spectrum=rc.PowerLaw(a=2), signal=rc.PowerLawSignal(b="12/5"), noise="1/10")
OUTPUTS = rc.MultipleOutputs(spectrum=SMALL.spectrum, signals=[rc.PowerLawSignal(b=2), rc.PowerLawSignal(b=3)])
OPTIMISERS = {
    "heavy-ball": rc.HeavyBall("1/2"),
    "nesterov": rc.Nesterov("1/2"),
    "lookahead": rc.Nesterov("1/2", at="lookahead"),
    "schedule-free": rc.ScheduleFree("1/2"),
    "two-buffer": rc.TwoBuffer(delta="1/50", mu="1/2"),
    "dana": rc.Dana(delta="1/50", decay="1/2", memory=4),
}


def run(optimiser, problem=SMALL, **changed):
    asked = {"model_size": 4, "schedule": rc.Constant("1/20"), "steps": [0, 20], "optimiser": optimiser}
    return rc.Run(problem, **{**asked, **changed})


def excess(road, **changed):
    return lambda optimiser: road.curve(run(optimiser, **changed)).excess[-1]


def critical(optimiser):
    asked = {"model_size": 4, "samples": 60, "schedule": rc.Constant(1)}
    return rc.critical_batch_size(SMALL, optimiser=optimiser, **asked).reference


def allocated(optimiser):
    return rc.compute_optimal(LAW, compute=2000, step_size="1/20", local=False, optimiser=optimiser).excess


def swept(optimiser):
    found = rc.sweep(SMALL, model_size=[4], schedule=rc.Constant("1/20"), steps=[0, 20], optimiser=[optimiser])
    return float(found["risk"].values.ravel()[-1])


ANSWERED = {
    "Exact": excess(rc.Exact(seed=0)),
    "Exact, several": excess(rc.Exact(seed=0, sketches=2)),
    "Exact, digits": excess(rc.Exact(seed=0, digits=12)),
    "Unsketched": excess(rc.Unsketched(), model_size=24),
    "Equivalent": excess(rc.Equivalent()),
    "Equivalent, outputs": excess(rc.Equivalent(), problem=OUTPUTS),
    "MonteCarlo": excess(rc.MonteCarlo(runs=5, seed=0)),
    "MonteCarlo, reshuffled": excess(rc.MonteCarlo(runs=5, seed=0), data=rc.Reshuffled(samples=12)),
    "sweep": swept,
}
ANSWERED_SLOWLY = {
    "Equivalent, digits": excess(rc.Equivalent(digits=10)),
    "finite size": lambda optimiser: rc.Equivalent(finite_size=True).curve(run(optimiser)).shift[-1],
    "tuned_step_size": lambda optimiser: rc.tuned_step_size(run(optimiser)).step_size,
    "critical_batch_size": critical,
    "compute_optimal": allocated,
}
REFUSED = {
    "certified": (excess(rc.Equivalent(digits=8, certified=True)), "Equivalent(certified=True) is for SGD()"),
    "Asymptotic": (excess(rc.Asymptotic(), problem=LAW, model_size=100, steps=1000), "Asymptotic() is for SGD()"),
    "full batch": (
        excess(rc.Equivalent(), data=rc.FullBatch(samples=12)),
        "with a data set the equivalent is for the last iterate of SGD()",
    ),
    "with replacement": (
        excess(rc.Equivalent(), data=rc.WithReplacement(samples=12)),
        "with a data set the equivalent is for the last iterate of SGD()",
    ),
    "Exact, data": (excess(rc.Exact(seed=0), data=rc.FullBatch(samples=12)), "Exact() given the data is for SGD()"),
    "optimal_schedule": (
        lambda optimiser: rc.optimal_schedule(SMALL, model_size=4, horizon=8, optimiser=optimiser),
        "optimal_schedule is for SGD()",
    ),
    "early_stopping": (
        lambda optimiser: rc.early_stopping(LAW, model_size=9, samples=9, step_size="1/9", optimiser=optimiser),
        "early_stopping is for SGD()",
    ),
    "fourth moments": (
        excess(rc.FourthMoments(covariates=rc.KernelFeatures(rc.Brownian()))),
        "FourthMoments is for SGD()",
    ),
}


def test_these_are_all():
    assert {one.kind for one in SPELLINGS.values()} == {rc.SGD, *(type(one) for one in OPTIMISERS.values())}


@pytest.mark.parametrize("name", OPTIMISERS)
@pytest.mark.parametrize("verb", [*ANSWERED, *(pytest.param(one, marks=pytest.mark.slow) for one in ANSWERED_SLOWLY)])
def test_it_answers(verb, name):
    asked = (ANSWERED | ANSWERED_SLOWLY)[verb]
    found, plain = asked(OPTIMISERS[name]), asked(rc.SGD())
    assert np.isfinite(found)
    assert abs(found / plain - 1) > 1e-6


@pytest.mark.slow
@pytest.mark.parametrize("name", OPTIMISERS)
def test_roads_are_checked_against_each_other(name):
    """By all rules at once; what a wrong noise is rejected by, tests/agreement shows."""
    found = rc.crosscheck(run(OPTIMISERS[name], steps=[0, 5, 20]))
    assert not found.failed, found
    assert found.asked.optimiser.name == OPTIMISERS[name].describe()["name"]
    assert found.controls


@pytest.mark.parametrize("name", OPTIMISERS)
@pytest.mark.parametrize("verb", REFUSED)
def test_it_refuses(verb, name):
    asked, said = REFUSED[verb]
    with pytest.raises(InvalidInput) as refused:
        asked(OPTIMISERS[name])
    assert said in str(refused.value)
    assert str(OPTIMISERS[name]) in str(refused.value)


@pytest.mark.parametrize("verb", ["exponents", "phase_diagram"])
def test_exponents_of_schedule_free_are_not_derived(verb):
    """Those of all others are, see tests/scaling/test_momentum_exponents.py."""
    words = {"a": 2, "b": "12/5"} if verb == "exponents" else {}
    with pytest.raises(InvalidInput, match="of schedule-free:1/2 are not derived"):
        getattr(rc, verb)(optimiser=OPTIMISERS["schedule-free"], **words)
