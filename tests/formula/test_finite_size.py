"""The floor's shift and spread: as formulas, as numbers, and in the limit of large models."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
import sympy

from riskcalc import Constant, Equivalent, PowerLaw, PowerLawSignal, Problem, Run
from riskcalc.asymptotic import finite_size_terms
from riskcalc.formula import finite_size, letters as L

CASES = [("2", "13/5"), ("2", "3/2"), ("3/2", "16/5"), ("6/5", "7/5"), ("2", "17/5")]


def floor_of(a: str, b: str, size: int) -> tuple[float, float]:
    """A1/A and sd(A)/A at this size, infinite dimension."""
    problem = Problem(spectrum=PowerLaw(a=a), signal=PowerLawSignal(b=b))
    run = Run(problem, model_size=size, schedule=Constant("1/100"), steps=[100])
    found, curve = Equivalent(finite_size=True).across_sketches(run), Equivalent().curve(run)
    return found.shift.approximation[0] / curve.approximation, found.spreads[0, 0] / curve.approximation


def test_the_limits_in_closed_form():
    below = {L.a: sympy.Integer(3), L.b: sympy.Integer(2)}
    above = {L.a: sympy.Integer(3), L.b: sympy.Integer(7)}
    shift, spread = finite_size.relative_floor_shift(), finite_size.relative_floor_spread()
    a, b = sympy.Integer(3), sympy.Integer(2)
    assert sympy.simplify(shift.subs(below) - b * (b - 1) / (2 * a * L.M)) == 0
    assert sympy.simplify(spread.subs(below) - (b - 1) * sympy.sqrt(2 / (a * L.M))) == 0
    assert sympy.simplify(shift.subs(above) - (a + 1) / (2 * L.M)) == 0
    assert sympy.simplify(spread.subs(above) - sympy.sqrt(2 * a / L.M)) == 0


@pytest.mark.parametrize(("a", "b"), [CASES[0], *(pytest.param(*case, marks=pytest.mark.slow) for case in CASES[1:])])
def test_large_models_reach_the_limits_as_fast_as_the_sums_do(a, b):
    """What is missed shrinks from M = 1e4 to 1e6 by at least a factor 3, and is small there."""
    values = {L.a: sympy.Rational(a), L.b: sympy.Rational(b)}
    limits = [
        float(formula.subs(values).subs(L.M, 1))
        for formula in (finite_size.relative_floor_shift(), finite_size.relative_floor_spread())
    ]
    missed = []
    for size in (10**4, 10**6):
        shift, spread = floor_of(a, b, size)
        missed.append(np.abs([shift * size / limits[0] - 1, spread * np.sqrt(size) / limits[1] - 1]))
    assert (missed[1] < 0.05).all()
    assert (missed[1] < missed[0] / 3).all() or (missed[1] < 1e-5).all()


def test_the_formula_is_what_the_road_computes():
    """The exact expressions, summed term by term in a small dimension."""
    size, dimension, a, b = 12, 60, Fraction(2), Fraction(13, 5)
    problem = Problem(spectrum=PowerLaw(a=a, dimension=dimension), signal=PowerLawSignal(b=b))
    run = Run(problem, model_size=size, schedule=Constant("1/10"), steps=[50])
    found, curve = Equivalent(finite_size=True).across_sketches(run), Equivalent().curve(run)
    values = {L.a: sympy.Rational(2), L.b: sympy.Rational(13, 5), L.M: size, L.v: dimension}
    values[L.u0] = sympy.Float(curve.method["floor"], 20)

    def number(expression):
        sums = {
            one: sympy.Add(*(one.term(j).evalf(20) for j in range(1, dimension + 1)))
            for one in expression.atoms(finite_size.resolvent_sum(1, 1, 1, 1).func)
        }
        return float(expression.xreplace(sums))

    assert number(finite_size.floor_shift().subs(values)) == pytest.approx(found.shift.approximation[0], rel=1e-11)
    assert number(finite_size.floor_spread().subs(values)) == pytest.approx(found.spreads[0, 0], rel=1e-11)


@pytest.mark.slow
def test_the_terms_carry_their_exponents_in_the_model_size():
    shift, spread = finite_size_terms(sympy.Integer(2), sympy.Rational(13, 5))
    assert (shift.exponent("M"), spread.exponent("M")) == (sympy.Rational(-13, 5), sympy.Rational(-21, 10))
    problem = Problem(spectrum=PowerLaw(a=2), signal=PowerLawSignal(b="13/5"))
    gaps = []
    for size in (10**4, 10**6, 10**8):
        run = Run(problem, model_size=size, schedule=Constant("1/100"), steps=[100])
        found = Equivalent(finite_size=True).across_sketches(run)
        values = np.array([found.shift.approximation[0], found.spreads[0, 0]])
        terms = np.array([float(term.expression().subs(L.M, size)) for term in (shift, spread)])
        gaps.append(terms / values - 1)
    # the next terms are smaller by M^(b - a - 1) = M^(-2/5): a factor of 6.3 in two decades
    falls = np.array(gaps[:-1]) / np.array(gaps[1:])
    assert (np.abs(np.log(falls) / np.log(100) - 2 / 5) < 0.02).all()
    # beyond b = a + 1 the floor's own exponent is -a
    beyond = finite_size_terms(sympy.Integer(2), sympy.Integer(5))
    assert [term.exponent("M") for term in beyond] == [-3, -sympy.Rational(5, 2)]
