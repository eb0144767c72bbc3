"""Critical batch sizes: against their definition, and against the derived orders along a ladder."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from riskcalc import (
    Constant,
    Cosine,
    Equivalent,
    Geometric,
    Polynomial,
    PowerLaw,
    PowerLawSignal,
    Problem,
    Run,
    Unsketched,
    WarmupStableDecay,
    critical_batch_size,
    tuned_step_size,
)
from riskcalc.errors import InvalidInput
from riskcalc.tuning import critical_batch_exponent


def problem(b="5/2", *, noise=1, dimension=10**7):
    return Problem(spectrum=PowerLaw(a=2, dimension=dimension), signal=PowerLawSignal(b=b), noise=noise)


def critical(samples, schedule, *, b="5/2", **settings):
    return critical_batch_size(
        problem(b), model_size=10**7, samples=samples, schedule=schedule, method=Unsketched(), **settings
    )


def test_below_it_the_tuned_risk_is_below_the_factor_and_above_it_above():
    found = critical(1000, Constant(1), factor="3/2")
    for batch_size, steps, step_size, reducible in found.ladder:
        assert steps == 1000 / batch_size
        assert (reducible > 1.5 * found.reference) == (batch_size > found.batch_size)
        assert step_size > 0
    run = Run(problem(), model_size=10**7, schedule=Constant(1), steps=[1000])
    assert found.reference == pytest.approx(tuned_step_size(run, method=Unsketched()).excess, rel=1e-12)
    assert critical(1000, Constant(1)).batch_size > found.batch_size


def test_the_number_of_samples_does_not_jump_with_the_rounding_of_steps():
    """1024 samples: 205.2 was the jump of 1024 // B at 1024/5. What is known at full samples lies on both sides."""
    counts, asked = (1020, 1024, 1025), problem(dimension=500)
    settings = {"model_size": 500, "schedule": Constant(1)}
    sizes = [critical_batch_size(asked, samples=count, method=Unsketched(), **settings).batch_size for count in counts]
    growth = np.diff(np.log(sizes)) / np.diff(np.log(counts))
    assert np.abs(growth - 3 / 7).max() < 0.02

    def reducible(steps, batch_size):
        run = Run(asked, steps=[steps], batch_size=batch_size, **settings)
        return tuned_step_size(run, method=Unsketched()).excess

    full = {batch_size: reducible(1020 // batch_size, batch_size) for batch_size in (204, 255)}
    twice = 2 * reducible(1020, 1)
    assert full[204] < twice < full[255]
    assert 204 < sizes[0] < 255
    share = np.log(twice / full[204]) / np.log(full[255] / full[204])
    assert sizes[0] == pytest.approx(204 * (255 / 204) ** share, rel=0.01)  # between them, log V against log B


def test_the_floor_of_a_sketched_problem_is_left_out():
    settings = {"model_size": 30, "samples": 60, "schedule": Constant(1), "method": Equivalent()}
    found = critical_batch_size(problem(dimension=None), **settings)
    run = Run(problem(dimension=None), model_size=30, schedule=Constant(1), steps=[60])
    assert found.reference < tuned_step_size(run).excess - 0.001


@pytest.mark.slow
def test_at_constant_step_size_it_grows_with_the_derived_order():
    sizes = [critical(count, Constant(1)).batch_size for count in (10**4, 10**6, 10**8)]
    derived = float(critical_batch_exponent(problem(), Constant(1)))
    gaps = np.abs(np.diff(np.log10(sizes)) / 2 - derived)
    assert gaps[1] < gaps[0] / 2 < 0.003


@pytest.mark.slow
@pytest.mark.parametrize("b, order, factor, first", [("5/2", 0.2, 2, 10**3), ("3/2", 0.0, "3/2", 10**3)])
def test_with_decay_it_grows_slowly_or_not_at_all(b, order, factor, first):
    schedule = Polynomial(1, power=3)
    derived = float(critical_batch_exponent(problem(b), schedule))
    assert derived == pytest.approx(order)
    sizes = [critical(count, schedule, b=b, factor=factor).batch_size for count in (first, 10 * first, 100 * first)]
    gaps = np.abs(np.diff(np.log10(sizes)) - derived)
    assert gaps[1] < gaps[0] < 0.15


def test_derived_orders():
    expected = {
        Constant(1): Fraction(3, 7),
        Polynomial(1, power="1/2"): 1 - 1 / (Fraction(3, 4) + Fraction(2, 3)),
        WarmupStableDecay(1): Fraction(1, 5),
        Cosine(1): Fraction(1, 5),
        Geometric(1): Fraction(1, 5),
    }
    for schedule, exponent in expected.items():
        assert critical_batch_exponent(problem(), schedule) == exponent
    assert critical_batch_exponent(problem("3/2"), Cosine(1)) == 0
    assert critical_batch_exponent(problem("3/2"), Constant(1)) == Fraction(1, 5)


@pytest.mark.parametrize(
    "wrong, reason",
    [
        ({"factor": 1}, "factor must be above 1"),
        ({"samples": 2}, "samples"),
        ({"schedule": None}, "schedule"),
    ],
)
def test_senseless_questions_are_refused(wrong, reason):
    settings = {"model_size": 500, "samples": 100, "schedule": Constant(1), "method": Unsketched()} | wrong
    with pytest.raises(InvalidInput, match=reason):
        critical_batch_size(problem(dimension=500), **settings)


def test_orders_need_power_laws_and_noise():
    with pytest.raises(InvalidInput, match="noise > 0"):
        critical_batch_exponent(problem(noise=0), Constant(1))
    shallow = Problem(spectrum=PowerLaw(a="1/2", dimension=9), signal=PowerLawSignal(b=2), noise=1)
    with pytest.raises(InvalidInput, match="a > 1"):
        critical_batch_exponent(shallow, Constant(1))


def test_small_samples_have_no_critical_batch_size():
    found = critical(64, Polynomial(1, power=3), b="3/2", factor=10)
    assert found.batch_size is None
    assert found.ladder[-1][0] == 16
