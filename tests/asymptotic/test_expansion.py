"""Expansions by residues against many-digit sums, with the error of the next term; logarithms; conditions."""

from __future__ import annotations

from fractions import Fraction

import mpmath
import pytest
import sympy
from sympy import EulerGamma, Integer, Lambda, Rational, exp, log, pi, sin, symbols, zeta

from riskcalc.asymptotic import expand, mellin_transforms
from riskcalc.errors import InvalidInput
from riskcalc.formula import SpectralSum, evaluate, resolvent_sum
from tests.asymptotic.reference import exponential, resolvent

a, b, u, tau, x = symbols("a b u tau x", positive=True)


def _decay(p, decay, parameter=tau):
    return SpectralSum(Lambda(x, exp(-x)), p, -decay, parameter)


def _saturate(p, decay):
    return SpectralSum(Lambda(x, 1 - exp(-x)), p, -decay, tau)


def _rational(text):
    fraction = Fraction(text)
    return Rational(fraction.numerator, fraction.denominator)


@pytest.mark.parametrize(
    "p, n, decay",
    [
        ("3/2", 1, "3/2"),
        ("2", 1, "2"),
        ("4", 2, "2"),
        ("12/5", 1, "3/2"),
        ("3", 1, "2"),
        ("5", 1, "2"),
        ("7/2", 1, "6/5"),
    ],
)
def test_resolvent_sums_at_small_u(p, n, decay):
    """The error is of the size of the first term left out (at p = 3 and 5 with logarithms)."""
    p, decay = _rational(p), _rational(decay)
    expansion = expand(resolvent_sum(p, n, decay, u), towards="0", terms=6)
    assert expansion.ordered
    point = Fraction(1, 1000)
    exact = resolvent(str(sympy.N(p, 50)), n, str(sympy.N(decay, 50)), "0.001")
    sizes = [evaluate(term.expression(u), {"u": point}, 40) for term in expansion.terms]
    with mpmath.workdps(40):
        for kept in range(1, len(sizes)):
            assert abs(exact - mpmath.fsum(sizes[:kept])) < 1.5 * abs(sizes[kept])


def test_resolvent_sum_at_large_u():
    expansion = expand(resolvent_sum(2, 1, 2, u), towards="oo", terms=3)
    exact = resolvent(2, 1, 2, 1000)
    value = evaluate(expansion.expression(), {"u": 1000}, 30)
    assert abs(exact - value) < 1.1 * mpmath.zeta(8) * mpmath.mpf(1000) ** -4


@pytest.mark.parametrize("p, decay", [("12/5", "3/2"), ("17/5", "2"), ("3", "2"), ("4", "6/5")])
def test_exponential_sums_at_large_time_end_after_one_term(p, decay):
    """The transform Gamma(s) has no pole on the right: what is left is exponentially small."""
    p, decay = _rational(p), _rational(decay)
    expansion = expand(_decay(p, decay), towards="oo", terms=5)
    assert len(expansion.terms) == 1
    exact = exponential(str(sympy.N(p, 50)), str(sympy.N(decay, 50)), 2000)
    value = evaluate(expansion.expression(), {"tau": 2000}, 40)
    assert abs(exact / value - 1) < 1e-8


@pytest.mark.parametrize("p, decay", [("7/5", "2"), ("1", "2"), ("2/5", "3/2")])
def test_saturating_sums(p, decay):
    """1 - exp(-x): a constant, a power, and at p = 1 the logarithm."""
    p, decay = _rational(p), _rational(decay)
    expansion = expand(_saturate(p, decay), towards="oo", terms=3)
    exact = exponential(str(sympy.N(p, 50)), str(sympy.N(decay, 50)), 3000, minus=True)
    value = evaluate(expansion.expression(), {"tau": 3000}, 40)
    assert abs(exact / value - 1) < 1e-8
    assert (expansion.terms[0].log_power == 1) == (p == 1)


def test_generic_constants_are_the_known_ones():
    lead = expand(resolvent_sum(a, 1, a, u), towards="0", terms=2).terms
    assert sympy.simplify(lead[0].constants[0] - (pi / a) / sin(pi / a)) == 0
    assert lead[0].power == -1 / a
    assert lead[1].constants[0] == Rational(-1, 2)
    assert lead[2].expression(u) == -u * zeta(-a)


def test_approximation_at_b_equal_a_plus_1_has_the_logarithm():
    """u sum j^-b/(j^-a + u) = u (log(1/u)/a + Euler's constant) + O(u^2), with symbolic a."""
    term = expand(resolvent_sum(a + 1, 1, a, u), towards="0", terms=1).terms[0]
    assert term.origin == "zeta and Gamma"
    assert sympy.simplify(term.expression(u) - (EulerGamma - log(u) / a)) == 0


def test_conditions_under_which_a_pole_leads():
    expansion = expand(resolvent_sum(b, 1, a, u), towards="0", terms=3)
    assert not expansion.ordered
    by_origin = {term.origin: term for term in reversed(expansion.terms)}
    assert expansion.leads(by_origin["zeta"]) == sympy.Gt(a - b + 1, 0)
    assert expansion.leads(by_origin["Gamma"]) == sympy.Gt(b - a - 1, 0)


def test_any_number_of_terms():
    assert len(expand(resolvent_sum(Rational(5, 2), 1, 2, u), towards="0", terms=12).terms) == 12


def test_transforms_are_integrals():
    """Each transform against the defining integral by quadrature."""
    s = sympy.Symbol("s")
    cases = [
        (exp(-x), 0.7),
        (x**2 * exp(-3 * x), -0.4),
        (1 - exp(-2 * x), -0.5),
        (x / (1 + x) ** 3, 0.6),
        (1 / (2 + x), 0.3),
        (exp(-(x**2)), 0.9),
        (5 * x * (1 - exp(-x)), -1.5),
    ]
    for function, at in cases:
        (transform,) = mellin_transforms(Lambda(x, function))
        plain = sympy.lambdify(x, function, "mpmath")
        integral = mpmath.quad(
            lambda y, f=plain, at=at: mpmath.exp(at * y) * f(mpmath.exp(y)), range(-90, 91, 9)
        )
        value = evaluate(transform.expression(s), {"s": at}, 20)
        assert mpmath.almosteq(integral, value, 1e-8), function


@pytest.mark.parametrize(
    "total, reason",
    [
        (resolvent_sum(1, 1, Rational(1, 2), u), "diverges"),
        (_decay(Rational(1, 2), Integer(2)), "diverges"),
        (SpectralSum(Lambda(x, sympy.cos(x)), 2, -1, tau), "no Mellin transform"),
        (resolvent_sum(2, 1, 2, u, 100), "infinite dimension"),
        (resolvent_sum(sympy.Symbol("c"), 1, sympy.Symbol("c"), u), "sign of a"),
    ],
)
def test_what_cannot_be_expanded_says_why(total, reason):
    with pytest.raises(InvalidInput, match=reason):
        expand(total, towards="0")
