"""The slow twin is right, and each negative control is wrong by exactly what it leaves out."""

from __future__ import annotations

from dataclasses import fields, replace

import numpy as np
import pytest

from riskcalc import (
    Constant,
    Cosine,
    Equivalent,
    Exact,
    Geometric,
    IterateAverage,
    MultipleOutputs,
    PowerLaw,
    PowerLawSignal,
    Problem,
    Run,
    TailAverage,
)
from riskcalc.agreement import removal
from riskcalc.agreement.equivalent_without_feedback import equivalent_without_feedback
from riskcalc.agreement.recorded import slow_excess
from riskcalc.agreement.recursion import EVERY_TERM, Terms, recursion, without
from riskcalc.agreement.twin import without_label_noise
from riskcalc.agreement.without_sketch import without_sketch
from riskcalc.agreement.wrong_equivalents import wrong_equivalents
from riskcalc.agreement.wrong_recursions import wrong_recursions
from riskcalc.errors import InvalidInput
from riskcalc.exact.given_sketch import sketch_modes
from riskcalc.problem import gaussian_sketch
from riskcalc.schedule import Custom

STEPS = (0, 1, 5, 40, 100)
CONTROLS = ["square", "feedback", "approximation", "label_noise"]
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


def excess(asked: Run, *, terms=EVERY_TERM, sketch=None):
    if sketch is None:
        sketch = gaussian_sketch(model_size=int(asked.model_size), dimension=40, seed=0)
    return slow_excess(sketch_modes(asked.problem, sketch), asked, terms=terms)


@pytest.mark.parametrize("schedule", [Constant("1/5"), Geometric("1/5"), Cosine("1/5")])
@pytest.mark.parametrize("noise, batch_size", [(0, 1), (1, 3)])
def test_the_recursion_is_the_exact_road(schedule, noise, batch_size):
    asked = run(schedule, noise=noise, batch_size=batch_size)
    assert excess(asked) == pytest.approx(Exact(seed=0).curve(asked).excess, rel=1e-11)


def test_a_control_is_the_recursion_with_exactly_one_term_changed():
    names = [each.name for each in fields(Terms)]
    assert [without(name).left_out for name in names] == [(name,) for name in names]
    assert EVERY_TERM.left_out == ()
    with pytest.raises(InvalidInput, match="'drift' is no term of the recursion: square, feedback"):
        without("drift")


@pytest.mark.parametrize("wrong", CONTROLS)
def test_one_step_differs_by_the_term_alone(wrong):
    """From the same moments, what a control lacks after one step is the term it leaves out."""
    gamma, batch_size, noise = 0.2, 3, 0.5
    modes = sketch_modes(problem(), gaussian_sketch(model_size=8, dimension=40, seed=0))
    asked = {"batch_size": batch_size, "noise": noise}
    right, left = (
        recursion(modes, np.array([gamma]), terms=terms, **asked)[1] for terms in (EVERY_TERM, without(wrong))
    )
    l, s = modes.position, modes.signal / modes.position
    term = {
        "square": gamma**2 * (1 + 1 / batch_size) * l**2 * s,
        "feedback": gamma**2 / batch_size * l * (l @ s),
        "approximation": gamma**2 / batch_size * l * modes.floor,
        "label_noise": gamma**2 / batch_size * l * noise,
    }[wrong]
    assert right - left == pytest.approx(term, rel=1e-9, abs=1e-15 * float(right.max()))


@pytest.mark.parametrize("wrong", ["square", "feedback", "approximation"])
def test_controls_start_right_and_go_wrong(wrong):
    asked = run(Constant("1/5"))
    right, found = excess(asked), excess(asked, terms=without(wrong))
    assert found[0] == right[0]
    assert np.abs(found[1:] / right[1:] - 1).max() > 0.01


def test_the_square_term_matters_at_second_order_in_the_step():
    gaps = []
    for gamma in (1e-3, 1e-4):
        asked = run(Constant(gamma), batch_size=10**9)
        gaps.append(excess(asked)[1] - excess(asked, terms=without("square"))[1])
    assert gaps[0] / gaps[1] == pytest.approx(100, rel=1e-3)


def test_without_feedback_is_right_for_infinite_batches():
    asked = run(Constant("1/5"), batch_size=10**12)
    assert excess(asked, terms=without("feedback")) == pytest.approx(excess(asked), rel=1e-9)


def test_without_approximation_is_right_where_there_is_none():
    asked = run(Constant("1/50"), model_size=40, noise=1)
    right, wrong = (excess(asked, terms=terms, sketch=FULL_SKETCH) for terms in (EVERY_TERM, without("approximation")))
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


AVERAGES = pytest.mark.parametrize("averaging", [None, TailAverage("1/3")], ids=str)


@AVERAGES
def test_what_is_left_out_given_the_sketch_is_what_the_exact_road_says_it_is(averaging):
    """Parts, noise and time from a road that shares no line with the recursion."""
    asked = run(Geometric("1/5"), noise=1, batch_size=2, averaging=averaging)
    curve = Exact(seed=0).curve(asked)
    sketch = gaussian_sketch(model_size=8, dimension=40, seed=0)
    wrong = wrong_recursions(sketch_modes(asked.problem, sketch), asked)
    before = Exact(seed=0).curve(replace(asked, steps=[0, 4, 39, 99])).excess
    expected = {
        removal.APPROXIMATION: curve.excess - curve.approximation,
        removal.BIAS: curve.excess - curve.bias,
        removal.VARIANCE: curve.excess - curve.variance,
        removal.LABEL_NOISE: Exact(seed=0).curve(replace(asked, problem=problem())).excess,
        removal.STEP: np.concatenate([before[:1], before]),
    }
    for left_out, values in expected.items():
        assert wrong[left_out] == pytest.approx(values, rel=1e-9, abs=1e-14), left_out
    assert (removal.CROSS_TERMS in wrong) is (averaging is not None)
    assert removal.NOISE_OF_ONE not in wrong


@AVERAGES
def test_what_is_left_out_of_the_equivalent_is_what_it_says_it_is(averaging):
    asked, road = run(Geometric("1/5"), noise=1, averaging=averaging), Equivalent()
    wrong, curve = wrong_equivalents(asked, road, plain_steps=1000), road.curve(asked)
    before = road.curve(replace(asked, steps=[0, 4, 39, 99])).excess
    expected = {
        removal.APPROXIMATION: curve.bias + curve.variance,
        removal.BIAS: curve.approximation + curve.variance,
        removal.VARIANCE: curve.approximation + curve.bias,
        removal.LABEL_NOISE: road.curve(replace(asked, problem=problem())).excess,
        removal.STEP: np.concatenate([before[:1], before]),
    }
    for left_out, values in expected.items():
        assert wrong[left_out] == pytest.approx(values, rel=1e-8), left_out
    smooth = replace(asked, schedule=Cosine("1/5"))
    assert removal.FEEDBACK not in wrong_equivalents(smooth, road, plain_steps=50)


def test_without_label_noise_there_is_none_to_leave_out():
    asked = run(Constant("1/5"))
    sketch = gaussian_sketch(model_size=8, dimension=40, seed=0)
    assert removal.LABEL_NOISE not in wrong_recursions(sketch_modes(asked.problem, sketch), asked)
    assert removal.LABEL_NOISE not in wrong_equivalents(asked, Equivalent(), plain_steps=1000)


def test_of_several_outputs_the_noisiest_is_the_one_forgotten():
    def outputs(*noises):
        signals = [PowerLawSignal(b=2), PowerLawSignal(b=3)]
        spectrum = PowerLaw(a=2, dimension=40)
        several = MultipleOutputs(spectrum=spectrum, signals=signals, noises=noises)
        return replace(run(Constant("1/5")), problem=several)

    asked = outputs("1/2", 2)
    sketch = gaussian_sketch(model_size=8, dimension=40, seed=0)
    wrong = wrong_recursions(sketch_modes(asked.problem, sketch), asked)
    for left_out, noises in ((removal.NOISE_OF_ONE, ("1/2", 0)), (removal.LABEL_NOISE, (0, 0))):
        right = Exact(seed=0).curve(outputs(*noises)).excess
        assert wrong[left_out] == pytest.approx(right, rel=1e-10)
    assert without_label_noise(asked).problem == outputs(0, 0).problem
