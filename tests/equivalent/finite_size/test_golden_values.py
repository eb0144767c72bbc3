"""Shift, its four parts and spread against numbers computed elsewhere, by transforms and step by step."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest

from riskcalc import Constant, Custom, Equivalent, Geometric, PowerLaw, PowerLawSignal, Problem, Run
from riskcalc.equivalent.finite_size import any_schedule, readings
from riskcalc.equivalent.finite_size.any_schedule import along_any_schedule
from riskcalc.equivalent.finite_size.constant_step import constant_step
from riskcalc.equivalent.finite_size.through import BY_CAUSE, Through
from riskcalc.equivalent.finite_size.weights import moved_weights
from riskcalc.equivalent.known import known_of
from riskcalc.spectral.contour_modes import modes_in_z
from riskcalc.spectral.eigenvalue_rule import eigenvalue_rule
from tests.conftest import golden

CASES = golden("finite_size")
DIGITS = 1e-10


def run_of(case: dict, steps: list[int]) -> Run:
    problem = Problem(
        spectrum=PowerLaw(a=case["a"], dimension=case["dimension"]), signal=PowerLawSignal(b=case["b"])
    )
    return Run(problem, model_size=case["model_size"], schedule=Constant(case["step_size"]), steps=steps)


@pytest.mark.parametrize("case", [CASES[0], pytest.param(CASES[1], marks=pytest.mark.slow), CASES[2]])
def test_reference_values_by_transforms(case):
    found = Equivalent(finite_size=True).across_sketches(run_of(case, case["steps"]))
    for name in BY_CAUSE:
        assert np.abs(getattr(found.shift, name) / case[name] - 1).max() < DIGITS
    assert np.abs(found.shift.total / case["shift"] - 1).max() < DIGITS
    assert np.abs(found.spread / case["spread"] - 1).max() < DIGITS
    assert found.apart < DIGITS
    by_part = found.shift.approximation + found.shift.bias + found.shift.variance
    assert np.abs(by_part / found.shift.total - 1).max() < 1e-12


def on_moved_weights(run: Run, *, height: float, digits: float) -> Through:
    """Stages at once, where there are any; step by step under `one_by_one`."""
    known, rule = known_of(run.problem, run.model_size), eigenvalue_rule(run.problem, run.model_size)
    limit = run.training.frozen(0, run.schedule.peak(horizon=run.horizon)).edge(run.batch_size)
    modes = modes_in_z(known.sums, run.model_size, known.marks, height=height, digits=digits, limit=limit)
    return along_any_schedule(run, modes, moved_weights(known, rule, modes, drawn=False))


@pytest.fixture
def one_by_one(monkeypatch):
    """No stage is crossed by a transform."""
    monkeypatch.setattr(any_schedule, "EARLIEST", 10**18)


def by_transforms(run: Run) -> Through:
    known, rule = known_of(run.problem, run.model_size), eigenvalue_rule(run.problem, run.model_size)
    return constant_step(
        known,
        rule,
        times=np.array(run.steps, dtype=float),
        step_size=run.schedule.peak(horizon=run.horizon),
        batch_size=run.batch_size,
        noise=float(run.problem.noise),
        drawn=False,
        nodes=32,
        crossed=True,
    )


@pytest.mark.parametrize(("case", "last"), [(CASES[0], 30), pytest.param(CASES[1], 300, marks=pytest.mark.slow)])
def test_reference_values_step_by_step(case, last, one_by_one):
    steps = [step for step in case["steps"] if step <= last]
    found, count = on_moved_weights(run_of(case, steps), height=0.75, digits=14.0), len(steps)
    assert np.abs(found.shift.total / case["shift"][:count] - 1).max() < DIGITS
    assert np.abs(found.spread / case["spread"][:count] - 1).max() < DIGITS


def test_both_roads_agree_in_every_part_with_noise_and_batches(one_by_one):
    problem = Problem(spectrum=PowerLaw(a=2, dimension=60), signal=PowerLawSignal(b="13/5"), noise=Fraction(1, 10))
    run = Run(problem, model_size=12, schedule=Constant("1/5"), steps=[1, 3, 40, 90], batch_size=2)
    transformed, stepped = by_transforms(run), on_moved_weights(run, height=0.6, digits=16.0)
    assert np.abs(transformed.excess / Equivalent().curve(run).excess - 1).max() < DIGITS
    for name in (*BY_CAUSE, "approximation", "bias", "variance"):
        one, other = getattr(transformed.shift, name), getattr(stepped.shift, name)
        assert np.abs(one - other).max() < DIGITS * np.abs(transformed.shift.total).max()
    assert np.abs(transformed.covariance - stepped.covariance).max() < DIGITS * np.abs(transformed.covariance).max()


def test_stages_are_crossed_as_if_gone_through(monkeypatch):
    """A stage's transform against single steps on a wider contour, in every part; and a stage that stands still."""
    problem = Problem(spectrum=PowerLaw(a=2, dimension=60), signal=PowerLawSignal(b="13/5"), noise=Fraction(1, 10))
    resting = Custom([0.2] * 150 + [0.0] * 150 + [0.1] * 100)
    for schedule, steps in ((Geometric("1/5"), [70, 300, 600]), (resting, [200, 400])):
        run = Run(problem, model_size=12, schedule=schedule, steps=steps, batch_size=2)
        crossed = on_moved_weights(run, height=0.4, digits=15.5)
        assert np.abs(crossed.excess / Equivalent().curve(run).excess - 1).max() < DIGITS
        with monkeypatch.context() as single:
            single.setattr(any_schedule, "EARLIEST", 10**18)
            stepped = on_moved_weights(run, height=0.6, digits=16.0)
        for name in (*BY_CAUSE, "approximation", "bias", "variance"):
            one, other = getattr(crossed.shift, name), getattr(stepped.shift, name)
            assert np.abs(one - other).max() < DIGITS * np.abs(crossed.shift.total).max()
        assert np.abs(crossed.covariance - stepped.covariance).max() < DIGITS * np.abs(crossed.covariance).max()


@pytest.mark.slow
def test_late_stages_are_the_double_transform(monkeypatch):
    """One step size, given as two stages, against the transform that knows of one; steps no recursion reaches."""
    problem = Problem(spectrum=PowerLaw(a=2), signal=PowerLawSignal(b="13/5"))
    run = Run(problem, model_size=200, schedule=Constant("3/10"), steps=[10**5, 10**9])
    crossed, transformed = on_moved_weights(run, height=0.4, digits=15.5), by_transforms(run)
    assert crossed.apart(transformed) < 1e-9
    assert np.abs(crossed.covariance - transformed.covariance).max() < DIGITS * np.abs(crossed.covariance).max()


def test_circles_and_contours_read_the_same(monkeypatch):
    """Step 45 lies beyond where circles end, but may be read on one."""
    problem = Problem(spectrum=PowerLaw(a=2, dimension=60), signal=PowerLawSignal(b="13/5"))
    run = Run(problem, model_size=12, schedule=Constant("1/5"), steps=[45])
    on_contour = by_transforms(run)
    monkeypatch.setattr(readings, "_EARLY", 45)
    monkeypatch.setattr(readings, "_CIRCLES", (45,))
    assert by_transforms(run).apart(on_contour) < DIGITS


def test_without_a_covariance_of_signal_and_kernel_the_reference_is_missed():
    """The control of the comparison above: each of the four parts is seen by it."""
    case = CASES[0]
    for name in BY_CAUSE:
        rest = np.sum([case[other] for other in BY_CAUSE if other != name], axis=0)
        assert np.abs(rest / case["shift"] - 1).max() > 1e-2


@pytest.mark.slow
def test_infinite_dimension_is_the_limit_of_long_ones():
    """Gathered places end in both; the reference's last case was computed in dimension 1e18."""
    case = CASES[0]
    found = []
    for dimension in (10**12, 10**18, None):
        run = run_of({**case, "dimension": dimension}, [1000])
        beyond = Equivalent(finite_size=True).across_sketches(replace(run, model_size=100))
        found.append((beyond.shift.total[0], beyond.spread[0]))
    assert found[0] == pytest.approx(found[2], rel=1e-9)
    assert found[1] == pytest.approx(found[2], rel=1e-12)

