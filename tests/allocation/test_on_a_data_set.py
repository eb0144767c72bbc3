"""Compute spent on N samples that are seen at every step: the optimum, its exponents, and where samples are used up."""

from dataclasses import replace

import pytest

import riskcalc as rc
from riskcalc.allocation import compute_optimal, isoflops
from riskcalc.errors import InvalidInput
from riskcalc.scaling import data_set

PROBLEM = rc.Problem(spectrum=rc.PowerLaw(a=2), signal=rc.PowerLawSignal(b="3/2"), noise="1/10")


SMALL = replace(PROBLEM, spectrum=rc.PowerLaw(a=2, dimension=200))


def excess(problem, samples, size, steps):
    run = rc.Run(
        problem, model_size=size, schedule=rc.Constant("1/5"), steps=[steps], data=rc.FullBatch(samples=samples)
    )
    return rc.risk(run).excess[0]


def test_no_neighbour_is_better_and_the_budget_is_spent():
    found = compute_optimal(SMALL, compute="1e6", samples=100, step_size="1/5", local=False)
    assert found.model_size * found.steps * 100 == pytest.approx(1e6, rel=1e-12)
    assert found.excess == pytest.approx(excess(SMALL, 100, found.model_size, found.steps), rel=1e-9)
    for factor in (0.9, 1.1):
        steps = round(found.steps * factor)
        assert excess(SMALL, 100, 1e4 / steps, steps) > found.excess
    assert "M t N = 1e+06, full batches of the same N = 100 samples" in str(found)
    assert found.asked["samples"] == 100


@pytest.mark.slow
def test_local_exponents_are_the_derived_ones_while_samples_last():
    """At C = N^2 M and t share C/N as if samples were fresh: 1/3 and 1/6."""
    found = compute_optimal(PROBLEM, compute="1e24", samples=10**12, step_size="1/5")
    derived = rc.exponents(a=2, b="3/2", noise=1, budget=data_set(compute=2))
    assert found.local.model_size_exponent == pytest.approx(float(derived.model_size_exponent), abs=2e-3)
    assert found.local.loss_exponent == pytest.approx(float(derived.loss_exponent), abs=2e-3)


@pytest.mark.slow
def test_where_samples_are_used_up_steps_are_those_of_early_stopping():
    found = compute_optimal(PROBLEM, compute="1e16", samples=100, step_size="1/5")
    stopped = rc.early_stopping(PROBLEM, model_size=found.model_size, samples=100, step_size="1/5")
    assert found.steps == pytest.approx(stopped.steps, rel=0.05)
    assert found.excess == pytest.approx(stopped.excess, rel=1e-4)
    assert found.local.loss_exponent < 0.01
    assert any("noise that is fitted" in note for note in found.notes)
    (curve,) = isoflops(PROBLEM, budgets=["1e7"], points=5, samples=100, step_size="1/5")
    assert curve.optimum.excess <= curve.excess.min() * (1 + 1e-9)


@pytest.mark.parametrize(
    ("settings", "reason"),
    [
        ({}, "with samples give step_size or stable_fraction"),
        ({"step_size": "1/5", "batch_size": 2}, "full-batch steps take all samples"),
        ({"step_size": "1/5", "optimiser": rc.HeavyBall("1/2")}, "leave samples out"),
        ({"step_size": "1/5", "finite_size": True}, "derived for fresh samples"),
        ({"step_size": "1/5", "compute": 50}, "at 100 samples a step leaves no choice"),
    ],
)
def test_what_has_no_meaning_on_a_data_set_is_refused(settings, reason):
    with pytest.raises(InvalidInput, match=reason):
        compute_optimal(PROBLEM, **{"compute": "1e7", "samples": 100, "local": False, **settings})
