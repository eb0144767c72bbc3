"""D26: the end of a panel in closed form, its limits, and the rule for sums."""

from __future__ import annotations

import numpy as np
import pytest
import sympy
from sympy import Poly, Rational, binomial, exp, factorial, legendre, series, symbols

from riskcalc.dynamics.collocation import Panel, nodes
from riskcalc.spectral.blocks import Block, rule_on

t, w, x, c = symbols("tau w x c")


def node_polynomial(degree):
    """Zeros: Radau's nodes with the right end."""
    return sympy.expand(legendre(degree, 2 * t - 1) - legendre(degree - 1, 2 * t - 1))


def closed_form(degree, rate, length):
    """R of statement 2 in exact arithmetic."""
    polynomial = node_polynomial(degree)
    expansion = series(1 / (1 - (1 - rate) * exp(-x)), x, 0, degree + 1).removeO()
    weights = [expansion.coeff(x, m) / length**m for m in range(degree + 1)]
    at = {end: sum(a * sympy.diff(polynomial, t, m).subs(t, end) for m, a in enumerate(weights)) for end in (0, 1)}
    return at[1] / at[0]


@pytest.mark.parametrize("degree", [2, 4, 7])
def test_the_nodes_are_the_zeros_of_the_polynomial(degree):
    roots = sorted(float(root) for root in Poly(node_polynomial(degree), t).nroots(n=20))
    assert nodes(degree)[1:] == pytest.approx(roots, rel=1e-13)


@pytest.mark.parametrize("degree", [3, 5])
@pytest.mark.parametrize("rate", [Rational(1, 1000), Rational(1, 3)])
@pytest.mark.parametrize("length", [50, pytest.param(1000, marks=pytest.mark.slow)])
def test_the_end_of_a_panel_in_closed_form(degree, rate, length):
    panel = Panel(start=0, length=length, degree=degree)
    found = panel.solve(np.full((1, 1, 1, degree), length * float(rate)), np.ones(1))[1][0, -1, 0]
    assert found == pytest.approx(float(closed_form(degree, rate, length)), rel=1e-11)


@pytest.mark.parametrize("degree", [2, 3, 5])
def test_long_panels_are_the_pade_approximant(degree):
    polynomial = node_polynomial(degree)
    ends = [
        sum((-1) ** m * w ** (degree - m) * sympy.diff(polynomial, t, m).subs(t, end) for m in range(degree + 1))
        for end in (0, 1)
    ]
    low, high = degree - 1, degree

    def pade(first, second, sign):
        """Numerator (first over second) of the Pade approximant of exp(-w), in its usual closed form."""
        total = low + high
        return sum(
            binomial(first, k) * factorial(total - k) / factorial(total) * (sign * w) ** k for k in range(first + 1)
        )

    assert sympy.cancel(ends[1] / ends[0] - pade(low, high, -1) / pade(high, low, 1)) == 0
    gap = series(sympy.cancel(ends[1] / ends[0]) - exp(-w), w, 0, 2 * degree + 1).removeO()
    assert Poly(gap, w).monoms()[-1] == (2 * degree,)


@pytest.mark.parametrize("degree", [2, 5])
def test_what_is_not_resolved_is_damped_as_the_inverse_length(degree):
    rate = Rational(1, 3)
    gaps = []
    for length in (10**3, 10**5):
        predicted = (-1) ** (degree - 1) * (1 - rate) * degree / (rate * length)
        gaps.append(abs(float(closed_form(degree, rate, length) / predicted) - 1))
    assert gaps[1] < gaps[0] / 50 < 0.01
    assert closed_form(degree, Rational(1), 100) == 0


@pytest.mark.parametrize("count", [25, 64, 1000])
def test_the_rule_sums_polynomials_over_whole_numbers(count):
    start = 64
    places, weights = rule_on(Block(start=start, count=count, points=16))
    assert places.size == 16
    scaled, exact_places = ((each - start) / count - 0.5 for each in (places, start + np.arange(count)))
    for degree in range(31):
        expected = (exact_places**degree).sum()
        assert weights @ scaled**degree == pytest.approx(expected, abs=1e-13 * count)
