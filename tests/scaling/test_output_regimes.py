"""Allocation as the number of outputs grows with the budget: closed forms, continuity, and the programme at points."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

import numpy as np
import pytest
import sympy
from scipy.optimize import minimize_scalar

import riskcalc as rc
from riskcalc.asymptotic.outputs import Normalisation
from riskcalc.asymptotic.regime import SgdTerms
from riskcalc.asymptotic.shape import constant, cosine, geometric, polynomial
from riskcalc.errors import InvalidInput
from riskcalc.scaling import Choice, compute, data, exponents, output_regimes
from riskcalc.scaling.outputs import X
from riskcalc.scaling.question import OURS, Question


def at(expression, x):
    return Fraction(str(sympy.sympify(expression).subs(X, sympy.Rational(x.numerator, x.denominator))))


@pytest.mark.parametrize("b", [2, "29/10"])
def test_above_the_spectrum_noise_always_matters(b):
    (regime,) = output_regimes(a=2, b=b, pay_for_outputs=False)
    b = sympy.Rational(str(b))
    assert sympy.simplify(regime.exponents["M"] - (1 - X) / (b + 1)) == 0
    assert sympy.simplify(regime.loss + (b - 1) * (1 - X) / (b + 1)) == 0
    assert regime.balance == ("F_0", "F_pp", "noise")


@pytest.mark.parametrize("a, b", [(2, "3/2"), (3, 2)])
def test_below_the_spectrum_noise_matters_from_a_number_on(a, b):
    first, second = output_regimes(a=a, b=b, pay_for_outputs=False)
    a, b = Fraction(str(a)), Fraction(str(b))
    assert first.high == second.low == (a - b) / (a + 1)
    assert (first.balance, second.balance) == (("F_0", "F_pp"), ("F_0", "F_pp", "noise"))
    assert at(first.exponents["M"], Fraction(0)) == 1 / (a + 1)
    assert at(first.exponents["gamma"], Fraction(0)) == 0
    for x in (second.low, Fraction(1, 2)):
        assert at(second.exponents["M"], x) == (1 - x) / (b + 1)


@pytest.mark.parametrize(
    "b, pay, normalisation",
    [
        pytest.param("3/2", False, "total", marks=pytest.mark.slow),
        ("5/2", True, "total"),
        pytest.param("5/2", True, "every", marks=pytest.mark.slow),
    ],
)
def test_regimes_are_what_the_programme_says_at_points(b, pay, normalisation):
    regimes = output_regimes(a=2, b=b, normalisation=normalisation, pay_for_outputs=pay)
    for regime in regimes:
        x = regime.low + Fraction(2, 5) * (regime.high - regime.low)
        budget = compute(step_size=Choice.FREE, outputs=x, pay_for_outputs=pay)
        found = exponents(a=2, b=b, noise=True, budget=budget, shape=geometric(), normalisation=normalisation)
        assert found.loss_exponent == -at(regime.loss, x)
        for name, value in found.exponents.items():
            assert value.low <= at(regime.exponents[name], x) <= value.high
    for before, after in pairwise(regimes):
        assert before.high == after.low
        assert at(before.loss, before.high) == at(after.loss, after.low)


def test_nothing_is_learnt_beyond_the_last_range():
    """Paying for all entries, noise of order P per step cannot be averaged away from P = C^(1/2) on."""
    last = output_regimes(a=2, b="5/2")[-1]
    assert last.high == Fraction(1, 2)
    assert at(last.loss, last.high) == 0


def test_one_output_is_the_old_question():
    one = exponents(a=2, b="5/2", noise=True, budget=compute(step_size=Choice.FREE), shape=geometric())
    budget = compute(step_size=Choice.FREE, outputs=0)
    many = exponents(a=2, b="5/2", noise=True, budget=budget, shape=geometric(), normalisation="total")
    assert (one.loss_exponent, one.exponents["M"]) == (many.loss_exponent, many.exponents["M"])


@pytest.mark.parametrize(
    ("a", "b", "x"), [(2, "5/2", "1/8"), pytest.param(3, 2, "1/8", marks=pytest.mark.slow), (3, 2, "1/2")]
)
def test_at_the_largest_step_noise_of_outputs_is_trained_away_beyond_the_window(a, b, x):
    """M^(1-b) = P M/t at C = M t, P = C^x: where noise matters no worse than the best step size."""
    budgets = [compute(step_size=size, outputs=x, pay_for_outputs=False) for size in Choice]
    largest, free = (
        exponents(a=a, b=b, noise=True, budget=budget, shape=geometric(), normalisation="total") for budget in budgets
    )
    assert largest.loss_exponent == free.loss_exponent
    noisy = Fraction(x) > (a - Fraction(b)) / (a + 1)
    assert (largest.late, free.late) == (noisy, False)
    assert largest.model_size_exponent == ((1 - Fraction(x)) / (Fraction(b) + 1) if noisy else Fraction(1, a + 1))


def test_where_signal_power_grows_too_outputs_move_no_allocation():
    settings = {"a": 2, "b": "5/2", "noise": True, "shape": geometric()}
    one = exponents(**settings)
    many = exponents(**settings, budget=compute(outputs="1/5", pay_for_outputs=False), normalisation="every")
    assert many.late
    assert many.exponents["M"] == one.exponents["M"]
    assert one.loss_exponent - many.loss_exponent == Fraction(1, 5)


@pytest.mark.parametrize("form", [constant(), cosine(), polynomial(sympy.S.One), geometric()], ids=lambda f: f.name)
@pytest.mark.parametrize(("a", "b"), [("3/2", 2), (3, 2), pytest.param("4/5", "3/2", marks=pytest.mark.slow)])
def test_with_a_free_step_nothing_is_gained_beyond_the_window(a, b, form):
    """Why the ranges are those of the window alone (D30)."""
    budget = compute(step_size=Choice.FREE, outputs="1/5")
    question = Question(table=SgdTerms(form), budget=budget, noise=True, normalisation=Normalisation.TOTAL)
    at = (Fraction(a), Fraction(b))
    window, late = question.programmes(OURS, slow=at[0] < 1)
    assert late.solve(at).value >= window.solve(at).value


def log_excess(log_size, log_budget):
    """Of the equivalent, C = M N_eff, P = C^(1/4) outputs that share one signal power."""
    effective = np.exp(log_budget - log_size)
    horizon = effective * np.log2(effective)
    for _ in range(30):
        horizon = effective * np.log2(horizon)
    scalar = rc.Problem(spectrum=rc.PowerLaw(a=2), signal=rc.PowerLawSignal(b="5/2"), noise=1)
    problem = rc.MultipleOutputs.total(scalar, outputs=round(np.exp(log_budget / 4)))
    run = rc.Run(problem, model_size=float(np.exp(log_size)), schedule=rc.Geometric("1/10"), steps=[int(horizon)])
    return float(np.log(rc.risk(run, method=rc.Equivalent(tolerance=1e-6)).excess[-1]))


LOGS = np.log(10) * np.array([12, 15, 18])


@pytest.fixture
def derived():
    budget = compute(outputs="1/4", pay_for_outputs=False)
    found = exponents(a=2, b="5/2", noise=True, budget=budget, shape=geometric(), normalisation="total")
    assert found.late
    return found


def test_the_equivalent_at_the_derived_allocation_falls_as_derived(derived):
    size = float(derived.model_size_exponent)
    slopes = -np.diff([log_excess(size * log, log) for log in LOGS]) / np.diff(LOGS)
    gaps = np.abs(slopes - float(derived.loss_exponent))
    assert gaps[1] < gaps[0] / 2


@pytest.mark.slow
def test_the_equivalent_minimised_at_real_budgets_finds_the_derived_allocation(derived):
    optima = [
        minimize_scalar(log_excess, args=(log,), bracket=(0.15 * log, 0.22 * log), options={"xtol": 1e-3})
        for log in LOGS
    ]
    losses, sizes = (np.diff([getattr(one, name) for one in optima]) / np.diff(LOGS) for name in ("fun", "x"))
    for local, limit in ((-losses, derived.loss_exponent), (sizes, derived.model_size_exponent)):
        gaps = np.abs(local - float(limit))
        assert gaps[1] < 0.6 * gaps[0] < 1e-3


def test_what_is_refused():
    growing = compute(step_size=Choice.FREE, outputs="1/4")
    usual, shared = exponents(a=2, b=2, budget=growing), exponents(a=2, b=2, budget=growing, normalisation="total")
    assert usual.question.normalisation is Normalisation.EVERY
    assert usual.loss_exponent != shared.loss_exponent
    with pytest.raises(InvalidInput, match="need both"):
        Question.of(budget=None, shape=None, noise=False, normalisation="total")
    with pytest.raises(InvalidInput, match="normalisation is for several outputs: say how they grow by outputs"):
        exponents(a=2, b=2, normalisation="total")
    with pytest.raises(InvalidInput, match="from 0 to below 1"):
        compute(outputs=2)
    with pytest.raises(InvalidInput, match="from 0 to below 1"):
        data(outputs=1)
