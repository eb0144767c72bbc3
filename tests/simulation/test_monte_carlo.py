"""The curve of the Monte Carlo road: claims, approximation, standard errors, and what it refuses."""

from __future__ import annotations

import json
import re

import numpy as np
import pytest

from riskcalc.curve import Claim, Run, Warrant
from riskcalc.errors import InvalidInput, UnstableRun
from riskcalc.problem import (
    ExplicitSignal,
    ExplicitSpectrum,
    PowerLaw,
    PowerLawSignal,
    Problem,
    gaussian_sketch,
)
from riskcalc.schedule import Constant, Cosine
from riskcalc.simulation import Ambient, MonteCarlo, Rademacher, Reduced
from riskcalc.simulation.descent import excess_of_runs

SIMULATORS = pytest.mark.parametrize("simulator", [Reduced(), Ambient()], ids=["reduced", "ambient"])
PROBLEM = Problem(spectrum=PowerLaw(a="3/2", dimension=20), signal=PowerLawSignal(b=2), noise="1/10")


def run(*, schedule=Constant("1/5"), steps=(0, 1, 10), model_size=5, problem=PROBLEM, **asked):  # noqa: B008
    return Run(problem, model_size=model_size, schedule=schedule, steps=steps, **asked)


@SIMULATORS
def test_what_a_curve_says(simulator):
    curve = MonteCarlo(runs=10, simulator=simulator).curve(run())
    assert (curve.claim, curve.warrant) == (Claim.GIVEN_SKETCH, Warrant.SAMPLED)
    assert curve.bias is None
    assert curve.variance is None
    assert curve.irreducible == 0.1
    assert curve.excess[0] == pytest.approx(PROBLEM.signal_power().sum(), rel=1e-14)
    assert curve.standard_error[0] == 0
    assert (curve.excess > curve.approximation).all()
    assert curve.asked == run().question
    assert json.loads(json.dumps(curve.method))["simulator"] == simulator.describe()


@SIMULATORS
@pytest.mark.parametrize("model_size", [1, 5, 19, 20])
def test_approximation_is_the_least_squares_distance(simulator, model_size):
    curve = MonteCarlo(runs=2, sketch_seed=3, simulator=simulator).curve(
        run(model_size=model_size, steps=[0])
    )
    sketch = gaussian_sketch(model_size=model_size, dimension=20, seed=3)
    scale = np.sqrt(PROBLEM.eigenvalues())
    features, target = (sketch * scale).T, scale * PROBLEM.target()
    best = np.linalg.lstsq(features, target, rcond=None)[0]
    assert curve.approximation == pytest.approx(np.sum((target - features @ best) ** 2), rel=1e-9, abs=1e-28)


@SIMULATORS
def test_directions_without_variance_are_no_trouble(simulator):
    problem = Problem(
        spectrum=ExplicitSpectrum([1.0, 0.5, 0.0, 0.0]), signal=ExplicitSignal([1.0, -2.0, 3.0, 0.0]), noise=0
    )
    curve = MonteCarlo(runs=50, simulator=simulator).curve(run(problem=problem, model_size=3, steps=[0, 400]))
    assert curve.approximation == pytest.approx(0, abs=1e-28)
    assert curve.excess[0] == pytest.approx(3.0, rel=1e-14)
    assert 0 <= curve.excess[1] < 1e-3
    sketch = gaussian_sketch(model_size=3, dimension=4, seed=0)
    assert Reduced().source(problem, sketch).shape == (1, 2)  # the rank


def test_standard_error_is_that_of_the_mean_over_runs():
    asked = run()
    sketch = gaussian_sketch(model_size=5, dimension=20, seed=0)
    seeds = [np.random.SeedSequence(9, spawn_key=(0, index)) for index in range(30)]
    samples = excess_of_runs(Reduced().source(PROBLEM, sketch), seeds, run=asked, chunk=None, force=False)[:, :, 0]
    curve = MonteCarlo(runs=30, seed=9).curve(asked)
    np.testing.assert_allclose(curve.excess, samples.mean(axis=0), rtol=1e-15)
    np.testing.assert_allclose(
        curve.standard_error[1:], samples[:, 1:].std(axis=0, ddof=1) / 30**0.5, rtol=1e-13
    )


def test_one_run_has_no_standard_error():
    assert MonteCarlo(runs=1).curve(run()).standard_error is None


def test_a_given_sketch_is_the_drawn_one():
    sketch = gaussian_sketch(model_size=5, dimension=20, seed=7)
    given, drawn = (
        MonteCarlo(runs=4, sketch=sketch).curve(run()),
        MonteCarlo(runs=4, sketch_seed=7).curve(run()),
    )
    assert np.array_equal(given.excess, drawn.excess)
    assert given.approximation == drawn.approximation
    assert given.method["sketch"] == "given"


@SIMULATORS
def test_average_over_sketches(simulator):
    asked = run()
    curve = MonteCarlo(runs=4, seed=2, sketch_seed=5, sketches=3, simulator=simulator).curve(asked)
    means, approximations = [], []
    for index, seed in enumerate(np.random.SeedSequence(5).spawn(3)):
        source = simulator.source(PROBLEM, gaussian_sketch(model_size=5, dimension=20, seed=seed))
        seeds = [np.random.SeedSequence(2, spawn_key=(0, 4 * index + number)) for number in range(4)]
        means.append(excess_of_runs(source, seeds, run=asked, chunk=None, force=False).mean(axis=(0, 2)))
        approximations.append(source.approximation)
    assert curve.claim is Claim.AVERAGED_OVER_SKETCHES
    assert curve.approximation == pytest.approx(np.mean(approximations), rel=1e-14)
    np.testing.assert_allclose(curve.excess, np.mean(means, axis=0), rtol=1e-14)
    np.testing.assert_allclose(
        curve.standard_error[1:], np.std(means, axis=0, ddof=1)[1:] / 3**0.5, rtol=1e-12
    )


@SIMULATORS
def test_a_run_of_no_steps(simulator):
    curve = MonteCarlo(runs=3, simulator=simulator).curve(run(steps=[0]))
    assert curve.excess.tolist() == [pytest.approx(PROBLEM.signal_power().sum(), rel=1e-14)]


@SIMULATORS
@pytest.mark.parametrize("steps", [[900], [0, 5, 40, 900], range(0, 900, 7)], ids=["one", "few", "many"])
def test_overflow_is_refused_with_the_step_where_it_happens(simulator, steps):
    method = MonteCarlo(runs=4, simulator=simulator)
    with pytest.raises(
        UnstableRun, match=r"overflowed at step \d+: .*\(largest 1000\).*smaller one"
    ) as raised:
        method.curve(run(schedule=Constant(1000), steps=steps))
    step = int(re.search(r"step (\d+)", str(raised.value))[1])
    curve = method.curve(run(schedule=Constant(1000), steps=[step - 1, step]), force=True)
    assert np.isfinite(curve.excess[0])
    assert curve.excess[1] == np.inf


@SIMULATORS
def test_a_forced_overflow_is_infinite(simulator):
    method = MonteCarlo(runs=4, simulator=simulator)
    curve = method.curve(run(schedule=Constant(1000), steps=[0, 1, 900, 1000]), force=True)
    assert np.isfinite(curve.excess[:2]).all()
    assert curve.excess[2:].tolist() == [np.inf, np.inf]
    assert curve.standard_error[2:].tolist() == [np.inf, np.inf]


def test_forced_overflow_of_sketch_averages():
    curve = MonteCarlo(runs=2, sketches=2).curve(run(schedule=Constant(1000), steps=[0, 900]), force=True)
    assert curve.excess[1] == np.inf


def test_a_model_size_that_is_not_whole():
    with pytest.raises(InvalidInput, match=r"whole model_size, not 11/2.*equivalent road"):
        MonteCarlo().curve(run(model_size="11/2"))


def test_infinite_dimension():
    problem = Problem(spectrum=PowerLaw(a=2), signal=PowerLawSignal(b=2))
    with pytest.raises(InvalidInput, match=r"finite dimension, for example 50 .*equivalent road"):
        MonteCarlo().curve(run(problem=problem))


def test_a_sketch_of_the_wrong_shape():
    with pytest.raises(InvalidInput, match=r"shape \(20, 5\)"):
        MonteCarlo(sketch=np.ones((20, 5))).curve(run())


@SIMULATORS
def test_too_much_work(simulator):
    with pytest.raises(InvalidInput, match=r"element updates, more than 1e\+12.*exact road"):
        MonteCarlo(runs=200, simulator=simulator).curve(run(steps=[10**12]))
    with pytest.raises(InvalidInput, match="element updates"):
        MonteCarlo(runs=10**9, simulator=simulator).curve(run(schedule=Cosine("1/5"), steps=[10**6]))


def test_too_many_records():
    with pytest.raises(InvalidInput, match="fewer recorded steps"):
        MonteCarlo(runs=10**6).curve(run(steps=range(100)))


@pytest.mark.parametrize(
    "settings, message",
    [
        ({"runs": 0}, "runs must be at least 1"),
        ({"runs": 2.5}, "runs must be a whole number"),
        ({"seed": -1}, "seed must be at least 0"),
        ({"sketch_seed": "x"}, "sketch_seed must be a number"),
        ({"sketches": 0}, "sketches must be at least 1"),
        ({"chunk": 0}, "chunk must be at least 1"),
        ({"simulator": "reduced"}, "simulator must be"),
        ({"simulator": Rademacher()}, "simulator must be"),
        ({"sketch": [["a"]]}, "sketch must be a matrix"),
        ({"sketch": np.ones((5, 20)), "sketches": 2}, "leave one of them out"),
    ],
)
def test_bad_settings(settings, message):
    with pytest.raises(InvalidInput, match=message):
        MonteCarlo(**settings)
