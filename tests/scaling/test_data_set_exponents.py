"""Exponents of a data set that is seen many times: by how many steps, and how good the best of them is."""

import math
from fractions import Fraction as Q

import pytest
import sympy

import riskcalc as rc
from riskcalc.asymptotic.reused import ReusedTerms, fitted_noise, stirred_signal
from riskcalc.errors import InvalidInput
from riskcalc.formula import letters as L
from riskcalc.optimiser import HeavyBall
from riskcalc.scaling import data_set, exponents

CASES = [(Q(2), Q(3, 2)), (Q(2), Q(13, 5)), (Q(3, 2), Q(16, 5))]


@pytest.mark.parametrize(("a", "b"), CASES)
def test_the_best_number_of_steps(a, b):
    """k* ~ N^(a/b), more than N exactly for b < a; excess ~ N^-((b-1)/b); models from N^(1/b) on."""
    found = exponents(a=a, b=b, noise=1, budget=data_set())
    assert found.loss_exponent == (b - 1) / b
    assert found.exponents["t"].low == a / b
    assert (found.exponents["t"].low > 1) == (b < a)
    if b < a + 1:
        assert found.model_size_exponent == 1 / b
    assert {"F_pp", "noise"} <= set(found.balance)


@pytest.mark.parametrize(
    ("a", "b", "loss"), [(2, "3/2", Q(1, 2)), (2, "13/5", Q(8, 5)), ("3/2", "16/5", Q(11, 5)), (2, 6, Q(4))]
)
def test_without_label_noise_the_order_is_that_of_the_ridgeless_fit(a, b, loss):
    found = exponents(a=a, b=b, budget=data_set())
    assert found.loss_exponent == loss
    assert found.exponents["t"].low >= Q(str(a) if not isinstance(a, str) else a)


def test_the_constant_of_the_fitted_noise():
    for a in (sympy.Rational(3, 2), sympy.Integer(2), sympy.Integer(3)):
        term, inverse = fitted_noise(a), 1 / a
        assert sympy.N(term.constant - sympy.gamma(1 - inverse) * (2 - 2**inverse), 30) == pytest.approx(0, abs=1e-25)
        x, y = 1e6, sympy.Symbol("y", positive=True)
        integral = sympy.Integral((1 - sympy.exp(-(y ** (-a)))) ** 2, (y, 0, sympy.oo)).evalf(12)
        assert float(term.constant) == pytest.approx(float(integral), rel=1e-8), x


@pytest.mark.slow
def test_an_easy_signal_is_stirred_by_few_samples():
    """At b > 2a + 1 the excess without F_N is wrong by orders of magnitude; with it, within what is left of the way."""
    a, b, samples, steps = sympy.Rational(3, 2), sympy.Integer(5), 10**6, [10**4, 10**5]
    problem = rc.Problem(spectrum=rc.PowerLaw(a="3/2"), signal=rc.PowerLawSignal(b=5))
    run = rc.Run(
        problem, model_size=10**15, schedule=rc.Constant("3/10"), steps=steps, data=rc.FullBatch(samples=samples)
    )
    excess = rc.risk(run, method=rc.Equivalent(tolerance=1e-6)).excess
    for step, found in zip(steps, excess.tolist(), strict=True):
        letters = {L.gamma: sympy.Rational(3, 10), L.t: step, L.N: samples}
        term = float(stirred_signal(a, b).expression().subs(letters))
        learnt = math.gamma(8 / 3) / 1.5 * (0.6 * step) ** (-8 / 3)
        assert (found - learnt) / term == pytest.approx(1, abs=0.03)
    assert found > 3 * learnt


def test_what_is_not_derived_is_refused():
    for asked in ({"a": "1/2", "b": 2}, {"a": 2, "b": 3, "optimiser": HeavyBall("1/2")}):
        with pytest.raises(InvalidInput, match=r"a data set are derived for"):
            exponents(budget=data_set(), **asked)
    with pytest.raises(InvalidInput, match="one pass alone"):
        ReusedTerms().largest_step(Q(2), batch_size=1, ratio=None)
