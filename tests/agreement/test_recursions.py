"""The slow twin is right, and each negative control is wrong by exactly what it leaves out."""

from __future__ import annotations

import numpy as np
import pytest

from riskcalc import (
    Constant,
    Cosine,
    Equivalent,
    Exact,
    Geometric,
    IterateAverage,
    PowerLaw,
    PowerLawSignal,
    Problem,
    Run,
    TailAverage,
)
from riskcalc.agreement.equivalent_without_feedback import equivalent_without_feedback
from riskcalc.agreement.recorded import slow_excess
from riskcalc.agreement.recursion import recursion
from riskcalc.agreement.without_approximation import without_approximation
from riskcalc.agreement.without_feedback import without_feedback
from riskcalc.agreement.without_sketch import without_sketch
from riskcalc.agreement.without_square import without_square
from riskcalc.agreement.without_variance import without_variance
from riskcalc.exact.given_sketch import sketch_modes
from riskcalc.problem import gaussian_sketch
from riskcalc.schedule import Custom

STEPS = (0, 1, 5, 40, 100)
CONTROLS = [without_square, without_feedback, without_approximation, without_variance]
FULL_SKETCH = gaussian_sketch(model_size=40, dimension=40, seed=1)


def problem(noise=0, dimension=40) -> Problem:
    return Problem(spectrum=PowerLaw(a=2, dimension=dimension), signal=PowerLawSignal(b=2), noise=noise)


def run(schedule, *, noise=0, batch_size=1, model_size=8, averaging=None) -> Run:
    return Run(
        problem(noise),
        model_size=model_size,
        batch_size=batch_size,
        schedule=schedule,
        steps=STEPS,
        averaging=averaging,
    )


def excess(formula, asked: Run, *, sketch=None):
    if sketch is None:
        sketch = gaussian_sketch(model_size=int(asked.model_size), dimension=40, seed=0)
    return slow_excess(formula, sketch_modes(asked.problem, sketch), asked)


@pytest.mark.parametrize("schedule", [Constant("1/5"), Geometric("1/5"), Cosine("1/5")])
@pytest.mark.parametrize("noise, batch_size", [(0, 1), (1, 3)])
def test_the_recursion_is_the_exact_road(schedule, noise, batch_size):
    asked = run(schedule, noise=noise, batch_size=batch_size)
    assert excess(recursion, asked) == pytest.approx(Exact(seed=0).curve(asked).excess, rel=1e-11)


@pytest.mark.parametrize("wrong", CONTROLS)
def test_controls_start_right_and_go_wrong(wrong):
    asked = run(Constant("1/5"))
    right, found = excess(recursion, asked), excess(wrong, asked)
    assert found[0] == right[0]
    assert np.abs(found[1:] / right[1:] - 1).max() > 0.01


def test_the_square_term_matters_at_second_order_in_the_step():
    gaps = []
    for gamma in (1e-3, 1e-4):
        asked = run(Constant(gamma), batch_size=10**9)
        gaps.append(excess(recursion, asked)[1] - excess(without_square, asked)[1])
    assert gaps[0] / gaps[1] == pytest.approx(100, rel=1e-3)


def test_without_feedback_is_right_for_infinite_batches():
    asked = run(Constant("1/5"), batch_size=10**12)
    assert excess(without_feedback, asked) == pytest.approx(excess(recursion, asked), rel=1e-9)


def test_without_approximation_is_right_where_there_is_none():
    asked = run(Constant("1/50"), model_size=40, noise=1)
    right, wrong = (excess(formula, asked, sketch=FULL_SKETCH) for formula in (recursion, without_approximation))
    assert wrong == pytest.approx(right, rel=1e-12)


def test_the_cut_spectrum_is_a_sketch_that_selects():
    asked = run(Constant("1/5"), noise="1/2")
    selecting = np.eye(8, 40)
    assert without_sketch(asked) == pytest.approx(Exact(sketch=selecting).curve(asked).excess, rel=1e-11)


@pytest.mark.parametrize("averaging", [None, IterateAverage(), TailAverage("1/3")], ids=str)
@pytest.mark.parametrize("schedule", [Constant("1/5"), Cosine("1/5")])
def test_the_equivalent_without_feedback_is_right_for_infinite_batches(schedule, averaging):
    asked = run(schedule, noise=1, batch_size=10**12, averaging=averaging)
    accuracy = 1e-9 if averaging is None else 1e-6  # sums of geometric series, for the slowest modes
    assert equivalent_without_feedback(asked) == pytest.approx(Equivalent().curve(asked).excess, rel=accuracy)


def test_the_equivalent_without_feedback_waits_while_the_step_is_zero():
    sizes = [0.2] * 30 + [0.0] * 40 + [0.2] * 30
    asked = run(Custom(sizes), noise=1, batch_size=10**12, averaging=IterateAverage())
    assert equivalent_without_feedback(asked) == pytest.approx(Equivalent().curve(asked).excess, rel=1e-6)


def test_the_equivalent_without_feedback_loses_the_factor_of_the_feedback():
    """At the stationary state the noise is raised by 1/(1 - kappa)."""
    asked = Run(problem(1), model_size=8, schedule=Constant("1/5"), steps=[10**9])
    curve = Equivalent().curve(asked)
    kappa, drive = curve.method["kappa"], 1 + curve.approximation
    expected = curve.approximation + kappa * drive
    assert equivalent_without_feedback(asked) == pytest.approx([expected], rel=1e-9)
    assert curve.excess == pytest.approx([curve.approximation + kappa * drive / (1 - kappa)], rel=1e-9)


def test_stages_are_crossed_at_once_as_step_by_step():
    staged = run(Geometric("1/5"), noise=1)
    jitter = 1 + 1e-13 * np.arange(100)  # every step its own stage
    stepwise = run(Custom(staged.schedule.step_sizes(0, 100, horizon=100) * jitter), noise=1)
    assert stepwise.schedule.stages(horizon=100) is None
    assert equivalent_without_feedback(stepwise) == pytest.approx(equivalent_without_feedback(staged), rel=1e-9)
