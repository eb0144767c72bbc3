"""Exponents at a point: fractions in, fractions out; ties named; schedules, noise and free step size."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
import sympy
from scipy.optimize import minimize_scalar

import riskcalc as rc
from riskcalc.asymptotic import shape
from riskcalc.errors import InvalidInput
from riskcalc.scaling import Choice, compute, data, exponents
from riskcalc.scaling.tropical import minimise_maximum

FREE = compute(step_size=Choice.FREE)


@pytest.mark.parametrize(
    "alpha, beta, phase, size, loss",
    [
        ("3/4", "1/4", "Ia", "2/5", "2/5"),
        ("9/20", "33/100", "Ib", "1/2", "7/25"),
        ("1/5", 2, "Ic", "17/28", "17/70"),
        (1, "3/4", "II", "3/7", "5/7"),
        ("7/10", "6/5", "III", "1/2", "9/14"),
        ("2/5", 1, "IVa", "1/2", "2/5"),
        ("7/25", "7/10", "IVb", "15/26", "132/455"),
    ],
)
def test_a_point_in_each_phase(alpha, beta, phase, size, loss):
    found = exponents(alpha=alpha, beta=beta)
    assert (found.phase, found.ties) == (phase, ())
    assert (found.model_size_exponent, found.loss_exponent) == (Fraction(size), Fraction(loss))


@pytest.mark.parametrize(
    "alpha, beta, says",
    [
        (1, "1/2", ["Ia", "II", "F_0 carries log M"]),
        ("2/5", "1/2", ["Ib", "IVa", "F_0 carries log M"]),
        ("1/5", "1/2", ["Ib", "Ic", "F_0 carries log M"]),
        (1, 1, ["II", "III"]),
        ("1/4", 1, ["Ic", "IVb", "K_pp carries log"]),
        ("1/2", 1, ["III", "IVa", "a = 1"]),
        ("1/2", "1/4", ["Ia", "Ib", "a = 1"]),
        ("1/2", "1/2", ["Ia", "Ib", "III", "IVa", "log M"]),
    ],
)
def test_boundary_lines_name_the_tie(alpha, beta, says):
    found = exponents(alpha=alpha, beta=beta)
    assert found.phase is None
    text = "; ".join(found.ties)
    assert all(words in text for words in says), text


@pytest.mark.parametrize("alpha, beta", [("1/4", "2/5"), ("2/5", "2/5"), ("1/2", "3/10")])
def test_continuations_of_lines_where_nothing_changes(alpha, beta):
    """The lines alpha = 1/4 and alpha = beta end at beta = 1/2; alpha = 1/2 does not."""
    found = exponents(alpha=alpha, beta=beta)
    assert (found.phase == "Ib") == (alpha != "1/2")


def test_all_meeting_terms_are_listed_on_a_tie():
    assert set(exponents(alpha=1, beta=1).balance) == {"F_pp", "F_ac", "K_pp"}


@pytest.mark.parametrize("a, b", [(2, "5/2"), ("3/2", 2), (3, "10/3")])
def test_geometric_schedule_with_noise_above_b_equal_a(a, b):
    """Lin et al. (arXiv 2406.08466), theorem 4.2: exponents 1/(b+1), b/(b+1) of M, N, and (a-b)/(b+1) of gamma.

    Their step size is the smallest: a larger one trains beyond gamma t = M^a, where floor and noise M/N stay.
    """
    found = exponents(a=a, b=b, noise=True, budget=FREE, shape=shape.geometric())
    a, b = Fraction(a), Fraction(b)
    assert found.model_size_exponent == 1 / (b + 1)
    assert found.exponents["t"].low == b / (b + 1)
    assert (found.exponents["gamma"].low, found.exponents["gamma"].high) == ((a - b) / (b + 1), 0)
    assert found.loss_exponent == (b - 1) / (b + 1)


@pytest.mark.parametrize("a, b", [(2, "3/2"), (3, "5/2")])
def test_geometric_schedule_with_noise_below_b_equal_a(a, b):
    found = exponents(a=a, b=b, noise=True, budget=FREE, shape=shape.geometric())
    a, b = Fraction(a), Fraction(b)
    assert (found.model_size_exponent, found.loss_exponent) == (1 / (a + 1), (b - 1) / (a + 1))
    assert found.exponents["gamma"].high == 0


@pytest.mark.parametrize(
    "a, b, form, end",
    [
        (3, "7/2", shape.constant(), 1),
        (3, "7/2", shape.warmup_stable_decay(sympy.Rational(1, 5)), 2),
        (4, "9/2", shape.cosine(), 3),
        ("5/2", "3", shape.polynomial(sympy.Integer(4)), Fraction(5, 2)),
        ("5/2", "3", shape.polynomial(sympy.Rational(1, 2)), Fraction(3, 2)),
        (2, "5/2", shape.geometric(), 2),
    ],
)
def test_data_limited_rates_saturate_at_the_capacity_of_the_schedule(a, b, form, end):
    """Noise T^(1/e)/N with e = min(a, end power + 1) gives the rate N^-(s e/(1 + s e)), s = (b - 1)/a."""
    found = exponents(a=a, b=b, noise=True, budget=data(), shape=form)
    s = (Fraction(b) - 1) / Fraction(a)
    assert found.loss_exponent == s * end / (1 + s * end)


@pytest.mark.parametrize(
    "alpha, beta",
    [("3/4", "1/4"), ("2/5", 1), *(pytest.param(*at, marks=pytest.mark.slow) for at in (("7/25", "7/10"), (1, "3/4")))],
)
def test_a_free_step_size_is_never_worse(alpha, beta):
    free = exponents(alpha=alpha, beta=beta, budget=FREE).loss_exponent
    assert free >= exponents(alpha=alpha, beta=beta).loss_exponent
    if beta == 1:
        assert free == Fraction(36, 85)


def test_every_exponent_is_a_fraction():
    found = exponents(alpha="7/10", beta="6/5")
    assert isinstance(found.loss_exponent, Fraction)
    for term in found.terms:
        assert all(value.is_Rational for value in term.exponents.values())


@pytest.mark.parametrize(
    "given, reason",
    [
        ({"a": 2.4, "b": 3}, "write a='12/5'"),
        ({"a": 2}, "give a and b, or alpha and beta"),
        ({"a": 2, "beta": 1}, "give a and b, or alpha and beta"),
        ({"a": 0, "b": 3}, "a must be positive"),
        ({"alpha": "1/4", "beta": "1/4"}, "not above 1"),
        ({"a": "__import__('os')", "b": 3}, "a must be a number"),
    ],
)
def test_bad_input_is_refused_with_the_remedy(given, reason):
    with pytest.raises(InvalidInput, match=reason):
        exponents(**given)


def test_the_minimiser_gives_fractions_and_all_optimal_vertices():
    half, one, zero = Fraction(1, 2), Fraction(1), Fraction(0)
    rows = [(zero, -one), (half, zero), (-one, one)]  # max(-x, 1/2, x - 1) on 0 <= x <= 3
    found = minimise_maximum(rows, [(zero, -one), (Fraction(-3), one)])
    assert found.value == half
    assert {vertex[0] for vertex in found.vertices} == {zero, Fraction(3, 2)}


def test_the_minimiser_refuses_what_is_infeasible():
    one = Fraction(1)
    with pytest.raises(InvalidInput, match="satisfies all"):
        minimise_maximum([(one, one)], [(one, one), (one, -one)])


@pytest.mark.parametrize(("a", "b"), [(2, "5/2"), ("3/2", 2), (3, "7/2")])
def test_at_the_largest_step_noise_is_trained_away_beyond_the_window(a, b):
    found = exponents(a=a, b=b, noise=True, shape=shape.geometric())
    source = Fraction(b)
    # M^(1-b) = M/N_eff at C = M N_eff: no worse than a free step size (Lin et al., any gamma from M^a/N_eff to 1)
    assert found.late
    assert found.model_size_exponent == 1 / (source + 1)
    assert found.loss_exponent == (source - 1) / (source + 1)
    assert found.loss_exponent == exponents(a=a, b=b, noise=True, budget=FREE, shape=shape.geometric()).loss_exponent


def test_without_noise_nothing_lies_beyond_the_window():
    assert not exponents(a=2, b="5/2", shape=shape.geometric()).late


@pytest.mark.slow
def test_the_equivalent_minimised_at_real_budgets_finds_the_optimum_beyond_the_window():
    problem = rc.Problem(spectrum=rc.PowerLaw(a=2), signal=rc.PowerLawSignal(b="5/2"), noise=1)

    def log_excess(log_size, budget):
        effective = budget / np.exp(log_size)
        horizon = effective * np.log2(effective)
        for _ in range(30):
            horizon = effective * np.log2(horizon)
        run = rc.Run(
            problem, model_size=float(np.exp(log_size)), schedule=rc.Geometric("1/10"), steps=[int(horizon)]
        )
        return float(np.log(rc.risk(run, method=rc.Equivalent(tolerance=1e-6)).excess[-1]))

    logs = [power * np.log(10) for power in (14, 17, 20)]
    optima = [
        minimize_scalar(log_excess, args=(np.exp(log),), bracket=(0.2 * log, 0.3 * log), options={"xtol": 1e-3})
        for log in logs
    ]
    derived = exponents(a=2, b="5/2", noise=True, shape=shape.geometric())
    losses, sizes = (
        np.diff([getattr(optimum, name) for optimum in optima]) / np.diff(logs) for name in ("fun", "x")
    )
    for local, limit in ((-losses, derived.loss_exponent), (sizes, derived.model_size_exponent)):
        gaps = np.abs(local - float(limit))
        assert gaps[1] < gaps[0] / 4


@pytest.mark.parametrize(
    ("a", "b", "phase"),
    [("1.5001", "2.00013", "Ia"), ("1.99999", "3.50001", "II"), ("1432/997", "4744/991", "III")],
)
def test_fractions_of_many_digits_are_answered(a, b, phase):
    """SymPy would raise their numerators to astronomical powers for a constant that no exponent needs."""
    found = exponents(a=a, b=b)
    assert found.phase == phase
    assert not found.ties


def test_the_constant_of_such_a_point_is_that_of_its_neighbour():
    near, plain = (
        rc.risk(
            rc.Run(
                rc.Problem(spectrum=rc.PowerLaw(a=a), signal=rc.PowerLawSignal(b=b)),
                model_size=1e6,
                schedule=rc.Constant("1/10"),
                steps=[10**4],
            ),
            method=rc.Asymptotic(),
        )
        for a, b in (("1.5000001", "2.0000001"), ("3/2", "2"))
    )
    assert near.approximation == pytest.approx(plain.approximation, rel=1e-5)
    assert near.approximation != plain.approximation
