"""Averages of iterates: a golden value, stages against single steps, known limits, and what is refused."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from riskcalc import (
    Constant,
    Cosine,
    Custom,
    Exact,
    Geometric,
    IterateAverage,
    LastIterate,
    PowerLaw,
    PowerLawSignal,
    Problem,
    Run,
    TailAverage,
)
from riskcalc.agreement.recorded import recorded_excess, slow_excess
from riskcalc.agreement.recursion import recursion
from riskcalc.dynamics import Modes, respond
from riskcalc.errors import InvalidInput
from riskcalc.exact.given_sketch import sketch_modes
from riskcalc.problem import gaussian_sketch
from tests.dynamics.long_double import responses
from tests.dynamics.step_by_step import StepByStep

AVERAGES = [IterateAverage(), TailAverage("1/2"), TailAverage("1/20")]


def six_modes():
    """Lin et al.'s constant step size: eigenvalues j^-3/2, start from a standard normal vector."""
    eigenvalues = np.arange(1, 7) ** -1.5
    start = np.random.default_rng(0).standard_normal(6)
    return Modes(position=eigenvalues, signal=eigenvalues * start**2, kernel=eigenvalues**2, floor=0.0, paired=False)


def test_the_golden_average():
    """60 iterates, step size 1/4, noise 1/2: Monte Carlo had 0.057342, 0.057311, 0.057318, each +- 5.8e-5."""
    answer = respond(
        six_modes(),
        Constant("1/4"),
        steps=(60,),
        horizon=60,
        batch_size=1,
        noise=0.5,
        averaging=IterateAverage(),
    )
    assert f"{(answer.bias + answer.variance)[0]:.7f}" == "0.0573341"


def test_the_golden_average_in_closed_form():
    """N^-2 sum_t sum_i l_i c_i(t) [1 + 2 q_i (1 - q_i^(N-1-t))/(1 - q_i)], q = 1 - gamma l: another way to sum."""
    modes, gamma, count = six_modes(), 0.25, 60
    moments = recursion(modes, np.full(count, gamma), batch_size=1, noise=0.5)[:-1]
    factor = 1 - gamma * modes.position
    left = count - 1 - np.arange(count)[:, None]
    share = 1 + 2 * factor * (1 - factor**left) / (1 - factor)
    assert (moments * share).sum(axis=0) @ modes.position / count**2 == pytest.approx(0.05733406901801659, rel=1e-13)


def sketched(noise="1/10", model_size=30):
    problem = Problem(spectrum=PowerLaw(a=2, dimension=300), signal=PowerLawSignal(b="17/5"), noise=noise)
    sketch = gaussian_sketch(model_size=model_size, dimension=300, seed=2)
    return problem, sketch, sketch_modes(problem, sketch)


@pytest.mark.parametrize("averaging", AVERAGES, ids=str)
@pytest.mark.parametrize("batch_size", [1, 1000])
@pytest.mark.parametrize("schedule", [Constant("3/10"), Geometric("3/10")], ids=["constant", "geometric"])
def test_stages_are_crossed_as_step_by_step(schedule, batch_size, averaging):
    _, _, modes = sketched()
    steps = (0, 1, 10, 63, 64, 65, 300, 4096)

    def answer(schedule):
        return respond(
            modes, schedule, steps=steps, horizon=4096, batch_size=batch_size, noise=0.1, averaging=averaging
        )

    at_once, slowly = answer(schedule), answer(StepByStep(schedule))
    assert at_once.bias == pytest.approx(slowly.bias, rel=1e-11)
    assert at_once.variance == pytest.approx(slowly.variance, rel=1e-11)


def test_a_stage_without_movement():
    _, _, modes = sketched()
    schedule = Custom([0.3] * 200 + [0.0] * 300 + [0.1] * 200)
    settings: dict[str, Any] = {"steps": (150, 450, 700), "horizon": 700, "batch_size": 2, "noise": 0.1}
    assert schedule.stages(horizon=700) is not None
    at_once = respond(modes, schedule, averaging=IterateAverage(), **settings)
    slowly = respond(modes, StepByStep(schedule), averaging=IterateAverage(), **settings)
    assert at_once.variance == pytest.approx(slowly.variance, rel=1e-11)
    assert at_once.bias == pytest.approx(slowly.bias, rel=1e-11)


@pytest.mark.parametrize("averaging", [LastIterate(), *AVERAGES], ids=str)
@pytest.mark.parametrize("schedule", [Constant("1/5"), Geometric("1/5"), Cosine("1/5")])
def test_the_roads_recursion_is_the_definition(schedule, averaging):
    """Forwards by cross moments, and backwards from the definition of the mean."""
    problem, sketch, modes = sketched()
    run = Run(
        problem, model_size=30, schedule=schedule, steps=[0, 1, 2, 7, 100, 300], batch_size=3, averaging=averaging
    )
    found = Exact(sketch=sketch).curve(run)
    assert found.excess == pytest.approx(slow_excess(modes, run), rel=1e-11)
    assert found.excess == pytest.approx(found.approximation + found.bias + found.variance, rel=1e-14)


def test_the_definition_is_the_sum_over_pairs():
    problem, _, modes = sketched(model_size=3)
    run = Run(problem, model_size=3, schedule=Cosine("1/5"), steps=[4, 9], averaging=TailAverage("1/2"))
    sizes = run.schedule.step_sizes(0, 9, horizon=9)
    moments = recursion(modes, sizes, batch_size=1, noise=0.1)
    pairs = []
    for step in run.steps:
        total = np.zeros(3)
        for r in range(run.averaging.first(step), step):
            for later in range(run.averaging.first(step), step):
                low, high = sorted((r, later))
                total += moments[low] * np.prod(1 - sizes[low:high, None] * modes.position, axis=0)
        pairs.append(modes.floor + modes.position @ total / (step - run.averaging.first(step)) ** 2)
    assert recorded_excess(modes, moments, sizes, run) == pytest.approx(pairs, rel=1e-13)


def test_one_iterate_is_the_iterate_before():
    """A tail so short that it holds theta_(t-1) alone."""
    problem, sketch, _ = sketched()
    shared: dict[str, Any] = {"model_size": 30, "schedule": Constant("1/5"), "horizon": 200}
    tail = Run(problem, steps=[1, 2, 200], averaging=TailAverage("1/1000"), **shared)
    before = Run(problem, steps=[0, 1, 199], **shared)
    exact = Exact(sketch=sketch)
    assert exact.curve(tail).excess == pytest.approx(exact.curve(before).excess, rel=1e-11)


@pytest.mark.parametrize("fraction", [1, "1/4"])
def test_at_late_times_the_variance_is_that_of_independent_samples(fraction):
    """Variance times the number of iterates tends to sum_i x_i(oo) (2 - gamma l_i)/(gamma l_i)."""
    problem, sketch, modes = sketched()
    gamma, step = 0.2, 10**12
    run = Run(problem, model_size=30, schedule=Constant(gamma), steps=[step], averaging=TailAverage(fraction))
    curve = Exact(sketch=sketch).curve(run)
    scaled = gamma * modes.position
    shares = scaled / (2 - 2 * scaled)
    rest = shares * (modes.floor + 0.1) / (1 - shares.sum())
    expected = (rest * (2 - scaled) / scaled).sum()
    assert curve.variance[0] * step * float(run.averaging.fraction) == pytest.approx(expected, rel=1e-8)


@pytest.mark.parametrize("gamma", ["1.30", "1.38"])
def test_large_batches_whose_factors_alternate(gamma):
    """Near the limit the fastest factor 1 - gamma l is close to -1 while the moments die out fast."""
    _, _, modes = sketched()
    batch_size, largest = 1000, float(modes.position[0])
    size = float(gamma) / largest
    settings: dict[str, Any] = {"steps": (500, 3000), "horizon": 3000, "batch_size": batch_size, "noise": 0.1}
    assert 1 - size * largest < -0.29
    for averaging in (IterateAverage(), TailAverage("1/2")):
        at_once = respond(modes, Constant(size), averaging=averaging, **settings)
        slowly = respond(modes, StepByStep(Constant(size)), averaging=averaging, **settings)
        assert at_once.variance == pytest.approx(slowly.variance, rel=1e-10)


@pytest.mark.parametrize("averaging", [IterateAverage(), TailAverage("1/1000")], ids=str)
@pytest.mark.parametrize("schedule", [Constant, Geometric], ids=["constant", "geometric"])
@pytest.mark.parametrize("horizon", [1000, 10**6 + 1])
def test_an_alternation_that_does_not_die(horizon, schedule, averaging):
    """1 - gamma z = -0.9999 goes on for 10^5 steps: its poles lie near zeta = -1. Odd and even steps differ by it."""
    _, _, modes = sketched(model_size=5)
    size = 1.9999 / float(modes.position[0])
    asked: dict[str, Any] = {
        "steps": (64, 65, 66, horizon // 3, horizon - 1, horizon),
        "horizon": horizon,
        "batch_size": 10**9,
        "noise": 1.0,
        "averaging": averaging,
    }
    found = respond(modes, schedule(size), **asked)
    right = responses(modes, schedule(size), **asked)
    gaps = np.abs(np.stack([found.bias, found.variance]) - right) / (modes.floor + right.sum(axis=0))
    assert gaps.max() < 2e-11


def test_an_undriven_run_keeps_its_digits():
    """No noise and nothing missed: after a fall by e^-80 what is left is known as well as at the start."""
    eigenvalues = 1 / np.arange(1, 11)
    modes = Modes(position=eigenvalues, signal=eigenvalues**2, kernel=eigenvalues**2, floor=0.0, paired=False)
    asked: dict[str, Any] = {"steps": (500, 2000, 8754), "horizon": 8754, "batch_size": 1, "noise": 0.0}
    for averaging in (LastIterate(), TailAverage("1/1000")):
        found = respond(modes, Geometric("0.4288"), averaging=averaging, **asked)
        right = responses(modes, Geometric("0.4288"), averaging=averaging, **asked)[0].astype(float)
        assert right[-1] < 1e-32
        assert found.bias == pytest.approx(right, rel=1e-12, abs=0)


def test_what_goes_step_by_step_has_a_limit(monkeypatch):
    problem, sketch, _ = sketched()
    unstable = Run(problem, model_size=30, schedule=Cosine(2), steps=[10**8], averaging=IterateAverage())
    with pytest.raises(InvalidInput, match="in an unstable run take 1e\\+08 steps one by one"):
        Exact(sketch=sketch).curve(unstable, force=True)
    monkeypatch.setattr("riskcalc.dynamics.response.LONGEST_AVERAGED", 1000)
    listed = Custom(Cosine("1/5").step_sizes(0, 2000, horizon=2000))
    run = Run(problem, model_size=30, schedule=listed, steps=[2000], averaging=IterateAverage())
    with pytest.raises(InvalidInput, match="under the custom schedule take 2000 steps one by one"):
        Exact(sketch=sketch).curve(run)


def test_an_unstable_run_grows_to_infinity():
    problem, sketch, _ = sketched()
    run = Run(problem, model_size=30, schedule=Constant(2), steps=[0, 1, 5000], averaging=IterateAverage())
    excess = Exact(sketch=sketch).curve(run, force=True).excess
    assert excess[0] == excess[1]
    assert excess[2] == np.inf
