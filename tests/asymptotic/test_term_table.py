"""The derived terms: known constants, and ratios of the equivalent road to them along ladders of decades."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pytest
import sympy
from sympy import Integer, Rational, gamma, pi, sin, zeta

from riskcalc import Constant, Equivalent, PowerLaw, PowerLawSignal, Problem, Run
from riskcalc.asymptotic import term_table
from riskcalc.asymptotic.term_table import RATIO
from riskcalc.formula import evaluate, letters as L


def _named(table, name):
    return [term for term in table if term.name == name]


def test_symbolic_constants_are_the_known_ones():
    a, b, table = L.a, L.b, term_table()
    known = {
        ("F_0", 0): ((pi / a / sin(pi / a)) ** (b - 1) * (pi / a) / sin(pi * (b - 1) / a), {"M": 1 - b}),
        ("F_0", 1): ((pi / a / sin(pi / a)) ** a * zeta(b - a), {"M": -a}),
        ("F_pp", 0): (
            gamma((b - 1) / a) / a * 2 ** (-(b - 1) / a),
            {"gamma": -(b - 1) / a, "t": -(b - 1) / a},
        ),
        ("F_ac", 1): (
            zeta(b - a) * gamma(1 - 1 / a) / a * 2 ** (1 / a - 1),
            {"M": -1, "gamma": 1 / a - 1, "t": 1 / a - 1},
        ),
        ("K_pp", 1): (
            gamma(2 - 1 / a) / a * 2 ** (1 / a - 2) * zeta(b - a) / 2,
            {"B": -1, "gamma": 1 / a - 1, "t": 1 / a - 2},
        ),
    }
    for (name, place), (constant, exponents) in known.items():
        term = _named(table, name)[place]
        for point in ({a: 2, b: Rational(17, 5)}, {a: Rational(3, 2), b: Rational(11, 5)}):
            gap = (term.constant - constant).subs(point)
            assert abs(evaluate(gap, {}, 30)) < 1e-25
        assert set(term.exponents) == set(exponents)
        assert all(sympy.simplify(term.exponents[letter] - exponents[letter]) == 0 for letter in exponents)


def test_min_of_b_minus_1_and_a_emerges_with_its_condition():
    conditions = {str(term.exponents["M"]): term.holds for term in _named(term_table(), "F_0")}
    assert conditions["1 - b"] == sympy.Gt(L.a - L.b + 1, 0)
    assert conditions["-a"] == sympy.Gt(L.b - L.a - 1, 0)


@pytest.mark.parametrize("name, letter", [("F_0", "M"), ("F_ac", "t"), ("K_pp", "t")])
def test_logarithms_at_b_equal_a_plus_1(name, letter):
    (term,) = _named(term_table(Rational(3, 2), Rational(5, 2)), name)
    assert dict(term.logs) == {letter: 1}


def test_symbolic_and_numeric_tables_agree_in_general_position():
    for a, b in [(2, "17/5"), ("3/2", "11/5"), ("7/5", "4")]:
        point = {L.a: Rational(a), L.b: Rational(b)}
        general = [term for term in term_table() if term.holds.subs(point) == sympy.true]
        special = term_table(Rational(a), Rational(b))
        assert [term.name for term in general] == [term.name for term in special]
        for left, right in zip(general, special, strict=True):
            assert {k: v.subs(point) for k, v in left.exponents.items()} == dict(right.exponents)
            assert abs(evaluate((left.constant.subs(point) - right.constant), {}, 30)) < 1e-25


def test_finite_dimension_covers_a_below_one():
    names = {(term.name, term.source) for term in term_table(Rational(1, 3), Integer(2), ratio=RATIO)}
    assert {("F_0", "D13"), ("F_ac", "D13"), ("F_pp", "D11"), ("noise", "D17")} <= names


def _excess(a, b, model_size, step_size, steps, noise=0):
    problem = Problem(spectrum=PowerLaw(a=a), signal=PowerLawSignal(b=b), noise=noise)
    run = Run(problem, model_size=model_size, schedule=Constant(step_size), steps=steps)
    return Equivalent().curve(run)


def _predicted(table, values, kappa):
    total = 0.0
    for term in table:
        value = complex(evaluate(term.expression(), values, 15)).real
        total += value / (1 - kappa) ** term.feedback
    return total


def _kappa(a, step_size):
    j = np.arange(1, 200_001, dtype=float)
    x = step_size * j ** -float(a)
    tail = step_size / 2 * 200_000.5 ** (1 - a) / (a - 1)
    return float(np.sum(x / (2 - 2 * x))) + tail


@pytest.mark.parametrize(
    "a, b, model_size, ladder",
    [
        ("2", "12/5", "1e12", [10**2, 10**4, 10**6, 10**9]),  # Ia
        ("12/5", "22/5", "1e9", [10**5, 10**7, 10**9, 10**12]),  # II
    ],
)
def test_ratio_of_the_equivalent_to_the_leading_terms_tends_to_one(a, b, model_size, ladder):
    """The distance to 1 falls at every rung, and is below 1 % at the end."""
    curve = _excess(a, b, model_size, "3/10", ladder)
    table = [t for t in term_table(Rational(a), Rational(b)) if t.name in ("F_0", "F_pp", "F_ac")]
    kappa = _kappa(Fraction(a), 0.3)
    gaps = []
    for step, excess in zip(curve.steps, curve.excess, strict=True):
        values = {"M": model_size, "t": step, "gamma": "3/10", "B": 1, "sigma2": 0}
        gaps.append(abs(excess / _predicted(table, values, kappa) - 1))
    assert gaps == sorted(gaps, reverse=True)
    assert gaps[-1] < 0.01


@pytest.mark.parametrize("a, b", [("2", "5/2"), ("2", "4"), ("2", "3")])
def test_approximation_of_a_large_model(a, b):
    """F_0 against the equivalent's floor; at b = a + 1 the logarithm's constant, by its slope in log M."""
    (term,) = _named(term_table(Rational(a), Rational(b)), "F_0")
    floors = [_excess(a, b, size, "1/10", [0]).approximation for size in ("1e6", "1e9")]
    if not term.logs:
        leading = complex(evaluate(term.expression(), {"M": "1e9"}, 15)).real
        assert floors[1] / leading == pytest.approx(1, rel=1e-4)
    else:
        slope = (floors[1] * 1e18 - floors[0] * 1e12) / math.log(1e3)
        assert slope == pytest.approx(float(term.constant), rel=1e-4)


def test_label_noise_at_constant_step_size_tends_to_kappa():
    """Small step: the variance settles at sigma2 gamma zeta(a)/(2 B) to first order in gamma."""
    (term,) = _named(term_table(Integer(2), Integer(3)), "noise")
    curve = _excess("2", "3", "1e8", "1/1000", [10**9], noise=1)
    leading = complex(evaluate(term.expression(), {"gamma": "1/1000", "B": 1, "sigma2": 1}, 15)).real
    assert curve.variance[0] / leading == pytest.approx(1, rel=3e-3)
