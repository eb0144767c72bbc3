"""The optimum at a real budget: known local exponents, budget kept, minimum confirmed by the road itself."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pytest

import riskcalc as rc
from riskcalc.allocation import compute_optimal, isoflops
from riskcalc.allocation.compute_optimal import _kept
from riskcalc.errors import InvalidInput, UnstableRun


def problem(a, b, **more) -> rc.Problem:
    dimension = more.pop("dimension", None)
    return rc.Problem(spectrum=rc.PowerLaw(a=a, dimension=dimension), signal=rc.PowerLawSignal(b=b), **more)


PHASE_II = problem(2, "7/2")


@pytest.mark.parametrize(
    "b, size, loss",
    [
        ("7/2", "0.4285", "0.7143"),
        pytest.param("12/5", "0.3333", "0.4667", marks=pytest.mark.slow),
        pytest.param(6, "0.5000", "0.7500", marks=pytest.mark.slow),
    ],
)
def test_local_exponents_between_1e21_and_1e24(b, size, loss):
    here, there = (
        compute_optimal(problem(2, b), compute=budget, step_size="3/10", local=False) for budget in ("1e21", "1e24")
    )
    decades = math.log(1000)
    assert f"{math.log(there.model_size / here.model_size) / decades:.4f}" == size
    assert f"{math.log(here.excess / there.excess) / decades:.4f}" == loss
    assert here.asymptotic is not None
    assert abs(float(here.asymptotic.loss_exponent) - float(loss)) < 1e-4


def test_the_budget_is_spent_and_the_steps_are_whole():
    found = compute_optimal(PHASE_II, compute="1e12", step_size="3/10", batch_size=7, local=False)
    assert isinstance(found.steps, int)
    assert found.model_size * found.steps * 7 == pytest.approx(1e12, rel=1e-12)
    assert (found.local, found.notes) == (None, ())


def test_how_one_model_scatters_at_the_optimum_is_what_the_road_says_there():
    found = compute_optimal(PHASE_II, compute="1e9", step_size="3/10", local=False, finite_size=True)
    run = rc.Run(PHASE_II, model_size=found.model_size, schedule=rc.Constant("3/10"), steps=[found.steps])
    assert found.spread == pytest.approx(rc.risk(run, method=rc.Equivalent(finite_size=True)).spread[0], rel=1e-12)
    assert f"scatters by {found.spread:.3e}" in str(found)
    assert compute_optimal(PHASE_II, compute="1e9", step_size="3/10", local=False).spread is None


@pytest.mark.parametrize("noise, step_size", [(0, "3/10"), pytest.param("1/100", None, marks=pytest.mark.slow)])
def test_no_neighbour_is_better(noise, step_size):
    asked = problem(2, "7/2", noise=noise)
    found = compute_optimal(asked, compute="1e12", step_size=step_size, local=False)

    def excess(size: float, step: float) -> float:
        steps = round(1e12 / size)
        run = rc.Run(asked, model_size=1e12 / steps, schedule=rc.Constant(step), steps=[steps])
        return float(rc.risk(run).excess[0])

    best = excess(found.model_size, found.step_size)
    assert found.excess == pytest.approx(best, rel=1e-9)
    for factor in (0.98, 1.02):
        assert excess(found.model_size * factor, found.step_size) > best
        if step_size is None:
            assert excess(found.model_size, found.step_size * factor) > best


@pytest.mark.slow
def test_a_free_step_size_is_no_worse_and_shrinks_with_label_noise():
    noisy = problem(2, "7/2", noise="1/100")
    fixed = compute_optimal(noisy, compute="1e12", step_size="1/10", local=False)
    free = compute_optimal(noisy, compute="1e12")
    assert free.excess < fixed.excess
    assert free.local is not None
    assert free.asymptotic is not None
    assert free.asymptotic.exponents["gamma"].low == Fraction(-5, 12)
    assert free.local.step_size_exponent == pytest.approx(-5 / 12, abs=2e-3)


@pytest.mark.slow
def test_below_a_equal_1_the_dimension_grows_with_the_model():
    found = compute_optimal(problem("4/5", "14/5", dimension=2), compute="1e12", stable_fraction="1/2", ratio=4)
    assert found.asymptotic is not None
    assert found.local is not None
    assert found.asymptotic.phase == "IVa"
    assert found.local.loss_exponent == pytest.approx(2 / 5, abs=2e-3)
    assert found.local.step_size_exponent == pytest.approx(-1 / 10, abs=5e-3)
    assert found.asked["dimension"] == "4 M"
    assert (found.model_size * 4) == pytest.approx(round(found.model_size * 4), abs=1e-6)


@pytest.mark.slow
def test_a_budget_far_from_the_asymptotic_regime_says_so():
    narrow = problem("27/50", "127/50", dimension=2)
    notes = " ".join(compute_optimal(narrow, compute="1e9", stable_fraction="1/2", ratio=4).notes)
    assert "local loss exponent" in notes
    assert "not reached" in notes
    near = compute_optimal(PHASE_II, compute="1e18", step_size="3/10")
    assert not any("not reached" in note for note in near.notes)


def test_notes_on_what_is_no_balance_of_terms():
    tiny = compute_optimal(PHASE_II, compute=5, step_size="3/10", local=False)
    assert "end of the range" in " ".join(tiny.notes)
    small = compute_optimal(problem(2, "7/2", dimension=100), compute="1e12", step_size="1/2", local=False)
    assert "dimension 100" in " ".join(small.notes)
    tie = compute_optimal(problem(2, 3), compute="1e9", step_size="3/10", local=False)
    assert "boundary between" in " ".join(tie.notes)


def test_an_explicit_spectrum_has_an_optimum_but_no_exponents():
    asked = rc.Problem(
        spectrum=rc.ExplicitSpectrum([j**-2.0 for j in range(1, 201)]),
        signal=rc.ExplicitSignal([j**-0.75 for j in range(1, 201)]),
    )
    found = compute_optimal(asked, compute="1e6", step_size="3/10", local=False)
    assert found.asymptotic is None
    assert 1 < found.model_size < 200


@pytest.mark.parametrize("step_size, noise", [("1/4", 0), (None, "1/10")])
def test_a_model_as_large_as_the_dimension_allows(step_size, noise):
    """Whole steps must not round the model size up to the dimension, where the equivalent ends."""
    spectrum = rc.ExplicitSpectrum([j**-1.5 for j in range(1, 301)])
    asked = rc.Problem(spectrum=spectrum, signal=rc.ExplicitSignal([j**-0.7 for j in range(1, 301)]), noise=noise)
    found = compute_optimal(asked, compute="1e6", step_size=step_size, local=False)
    assert found.steps == math.ceil(1e6 / 300)  # a larger model has to pay for its features with fewer steps
    assert 299.9 < found.model_size < 300
    assert "end of the range" in " ".join(found.notes)


@pytest.mark.parametrize(
    "settings, reason",
    [
        ({"compute": "1e31"}, "not above 1e30"),
        ({"compute": 1}, "above 1"),
        ({"compute": "1e9", "step_size": 0}, "positive"),
        ({"compute": "1e9", "step_size": "0.1", "stable_fraction": "1/2"}, "not both"),
        ({"compute": "1e9", "stable_fraction": 1}, "between 0 and 1"),
        ({"compute": "1e9", "ratio": 1}, "above 1"),
        ({"compute": 10, "batch_size": 20, "step_size": "0.1"}, "leaves no choice"),
    ],
)
def test_bad_input_is_refused_with_the_condition(settings, reason):
    with pytest.raises(InvalidInput, match=reason):
        compute_optimal(PHASE_II, **settings)


def test_floats_are_refused_where_exponents_are_derived():
    with pytest.raises(InvalidInput, match="b='7/2'"):
        compute_optimal(problem(2, 3.5), compute="1e9", step_size="3/10")


def test_an_unstable_step_size_is_refused_with_the_limit():
    with pytest.raises(UnstableRun, match="largest stable"):
        compute_optimal(PHASE_II, compute="1e9", step_size=1)


def test_isoflop_curves_have_their_optimum_as_lowest_point():
    (curve,) = isoflops(PHASE_II, budgets=["1e12"], points=9, step_size="3/10")
    assert curve.excess.min() >= curve.optimum.excess * (1 - 1e-9)
    assert curve.excess.argmin() == 4
    assert curve.model_sizes * curve.steps == pytest.approx(1e12, rel=1e-12)
    with pytest.raises(InvalidInput, match="budgets is empty"):
        isoflops(PHASE_II, budgets=[])


def test_where_the_limit_of_steps_binds_it_is_said_and_no_slopes_are_told():
    problem = rc.Problem(spectrum=rc.PowerLaw(a=2), signal=rc.PowerLawSignal(b="5/2"))
    found = rc.compute_optimal(problem, compute="1e30", step_size="3/10")
    assert found.local is None
    assert any("limit of 1e18 steps binds" in note for note in found.notes)


def test_at_a_tie_the_powers_of_the_logarithm_are_told():
    problem = rc.Problem(spectrum=rc.PowerLaw(a=2), signal=rc.PowerLawSignal(b=3))
    found = rc.compute_optimal(problem, compute="1e12", step_size="1/10")
    assert "1/3, (log budget)^(2/3)" in str(found)
    # local M exponent .376: 1/3 and (2/3)/log C
    assert not any("model-size exponent" in note for note in found.notes)


SMALL_BUDGETS = [
    # a, b, noise, dimension, budget, batch size, samples, step size: few whole steps, or models near v
    ("19/10", "31/10", 0, None, 3000, 4, None, "1/20"),
    ("7/5", "13/10", "1/10", None, 300, 1, 20, "1/5"),
    ("23/10", "17/10", "1/1000", 60, 10**5, 4, None, "2/5"),
    ("13/10", "13/5", "1/10", 60, 300, 1, 20, "1/40"),
]


@pytest.mark.parametrize("case", SMALL_BUDGETS, ids=lambda case: f"{case[4]}-{case[3]}")
def test_no_number_of_whole_steps_is_better(case):
    a, b, noise, dimension, budget, batch_size, samples, step_size = case
    problem = rc.Problem(spectrum=rc.PowerLaw(a=a, dimension=dimension), signal=rc.PowerLawSignal(b), noise=noise)
    found = rc.compute_optimal(
        problem, compute=budget, step_size=step_size, batch_size=batch_size, samples=samples, local=False
    )
    seen = samples or batch_size
    counts = {*np.geomspace(1, budget / seen, 40).astype(int).tolist(), found.steps - 1, found.steps + 1}
    for steps in counts - {0}:
        size = Fraction(budget, seen * steps)
        if size < 1 or (dimension and size >= dimension):
            continue
        run = rc.Run(
            problem,
            model_size=size,
            schedule=rc.Constant(step_size),
            steps=[steps],
            batch_size=batch_size,
            data=rc.FullBatch(samples=samples) if samples else None,
        )
        try:
            excess = rc.risk(run).excess[0]
        except UnstableRun:
            continue
        assert found.excess <= excess * (1 + 1e-9)


def test_a_neighbour_that_was_found_before_is_as_if_it_was_not():
    """On a frontier of decades one budget's neighbour is the next budget: the same numbers, in any order."""
    asked = {"problem": problem(2, "31/10"), "step_size": "3/10"}
    alone = {}
    for decade in (12, 11, 10):
        _kept.cache_clear()
        alone[decade] = compute_optimal(compute=f"1e{decade}", **asked)
    _kept.cache_clear()
    for decade in (10, 12, 11, 10):
        found = compute_optimal(compute=f"1e{decade}", **asked)
        for name in ("model_size", "steps", "excess", "error", "local"):
            assert getattr(found, name) == getattr(alone[decade], name)
    assert _kept.cache_info().misses == 4
    noisy = compute_optimal(**{**asked, "problem": problem(2, "31/10", noise=1)}, compute="1e11")
    assert noisy.excess != alone[11].excess


def test_models_beyond_the_largest_dimension_bind_and_are_no_optimum():
    growing = problem("27/50", "67/25", dimension=2)
    found = compute_optimal(growing, compute="1e30", ratio=2, stable_fraction="1/2")
    assert 2 * found.model_size == pytest.approx(1e18, rel=1e-5)
    assert found.local is None
    assert "1e18 dimensions binds" in found.notes[0]
    assert "1e18 dimensions binds" in str(found)
    inside = compute_optimal(growing, compute="1e27", ratio=2, stable_fraction="1/2")
    assert inside.local is not None
    assert not any("binds" in note for note in inside.notes)


@pytest.mark.parametrize("ratio", ["12/5", pytest.param("3/2", marks=pytest.mark.slow)])
def test_with_a_ratio_the_budget_is_spent_and_no_whole_dimension_is_better(ratio):
    """M of a hundred, t of a hundred thousand: treads of whole dimensions, each a thousandth of M wide."""
    growing, budget, step = problem("5/2", "7/2", dimension=2), 10**7, Fraction(1, 10)
    found = compute_optimal(growing, compute=budget, ratio=ratio, step_size=step, local=False)
    assert abs(found.model_size * found.steps / budget - 1) <= 0.5001 / found.steps
    best = round(float(Fraction(ratio)) * found.model_size)
    assert found.model_size == pytest.approx(float(best / Fraction(ratio)), rel=1e-12)
    excess = {}
    for dimension in range(best - 8, best + 9):
        size = dimension / Fraction(ratio)
        there = problem("5/2", "7/2", dimension=dimension)
        run = rc.Run(there, model_size=size, schedule=rc.Constant(step), steps=[round(budget / size)])
        excess[dimension] = float(rc.risk(run).excess[-1])
    assert min(excess, key=excess.get) == best
    assert found.excess == pytest.approx(excess[best], rel=1e-9)


@pytest.mark.parametrize("compute", ["1e8", "1e10", pytest.param("1e14", marks=pytest.mark.slow)])
@pytest.mark.parametrize("rule", [{"step_size": "1/10"}, {"stable_fraction": "1/2"}])
def test_where_the_faster_contour_sees_no_excess_the_search_does_not_end(compute, rule):
    """Late, and close below a dimension: from .8 of it on no size was in sight, and the last one seen was told."""
    few = problem(2, "21/10", dimension=11)
    found = compute_optimal(few, compute=compute, local=False, **rule)
    assert found.model_size > 10.9998
    run = rc.Run(few, model_size=10, schedule=rc.Constant(found.step_size), steps=[round(float(compute) / 10)])
    assert found.excess < rc.risk(run).excess[-1] / 10


@pytest.mark.parametrize("batch_size", [1, 8])
def test_the_smallest_models_spend_the_budget_and_no_more(batch_size):
    found = compute_optimal(problem("27/10", "24/5"), compute="175.134", batch_size=batch_size, step_size="1/1000")
    assert found.model_size >= 1
    assert found.model_size * found.steps * batch_size == pytest.approx(175.134, rel=1e-12)


def test_a_neighbour_out_of_range_is_said_to_be_one():
    asked = {"compute": "7.6e22", "samples": 1000, "step_size": "1/100"}
    with pytest.raises(InvalidInput, match=r"ten times the budget.*7.6e\+23.*exceed 1000.*leave those out"):
        compute_optimal(problem(3, "39/10", dimension=87), **asked)


def test_an_isoflop_curve_leaves_out_no_model_that_is_stable():
    """Late, and close below a dimension, some are seen by the sharper contour alone."""
    few = problem(2, "21/10", dimension=11)
    (curve,) = isoflops(few, budgets=["1e10"], step_size="1/10", points=9, decades=0.3)
    assert len(curve.excess) == 9
    assert curve.excess.argmin() == curve.model_sizes.argmax()
    for size, steps, excess in list(zip(curve.model_sizes, curve.steps, curve.excess, strict=True))[::3]:
        run = rc.Run(few, model_size=size, schedule=rc.Constant("1/10"), steps=[round(steps)])
        assert excess == pytest.approx(rc.risk(run).excess[-1], rel=1e-8)
