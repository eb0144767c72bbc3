"""Checks of derivations/D29-multiple-outputs.md, without the package's own code."""

from __future__ import annotations

import math

import pytest
import sympy as sp


def gaussian_mean(expression, normals):
    """Expectation over independent standard normals of a polynomial in them."""
    total = sp.Integer(0)
    for powers, coefficient in sp.Poly(sp.expand(expression), *normals).terms():
        if all(power % 2 == 0 for power in powers):
            total += coefficient * math.prod(math.prod(range(power - 1, 0, -2)) for power in powers)
    return sp.expand(total)


def predicted(moment, eigenvalues, gamma, batch, residual):
    """Statement 3 for E delta_k delta_l^T."""
    L = sp.diag(*eigenvalues)
    noise = L * moment.T * L + ((L * moment).trace() + residual) * L
    return moment - gamma * (L * moment + moment * L) + gamma**2 * (L * moment * L + noise / batch)


@pytest.mark.parametrize("batch", [1, 2])
@pytest.mark.parametrize("pair", [(0, 0), (0, 1), (1, 0)])
def test_one_step_of_two_outputs_with_correlated_residuals(pair, batch):
    """Every second moment after one step, from given parameters, exactly."""
    half = sp.Rational(1, 2)
    roots, gamma = (sp.Integer(1), half), sp.Rational(1, 3)
    start = [sp.Matrix([2, -1]), sp.Matrix([half, 3])]
    factor = sp.Matrix([[1, 0], [sp.Rational(-2, 3), sp.Rational(1, 4)]])  # residuals = factor * normals
    xi = [[sp.Symbol(f"x{b}{i}") for i in range(2)] for b in range(batch)]
    rho = [[sp.Symbol(f"r{b}{i}") for i in range(2)] for b in range(batch)]
    after = []
    for k in range(2):
        moved = start[k]
        for b in range(batch):
            g = sp.Matrix([root * x for root, x in zip(roots, xi[b], strict=True)])
            residual = (factor.row(k) * sp.Matrix(rho[b]))[0]
            moved = moved - gamma / batch * g * ((g.T * start[k])[0] - residual)
        after.append(moved)
    normals = [symbol for sample in (*xi, *rho) for symbol in sample]
    k, l = pair
    found = (after[k] * after[l].T).applyfunc(lambda entry: gaussian_mean(entry, normals))
    covariance = factor * factor.T
    expected = predicted(start[k] * start[l].T, [root**2 for root in roots], gamma, batch, covariance[k, l])
    assert sp.simplify(found - expected) == sp.zeros(2, 2)


def test_the_trace_of_one_output_does_not_see_the_other():
    """The diagonal pair (k, k) contains its own moment and the diagonal of the residual covariance alone."""
    moment = sp.Matrix(2, 2, sp.symbols("p0:4"))
    residual = sp.Symbol("R_kk")
    letters = predicted(moment, sp.symbols("l0:2"), sp.Symbol("g"), 3, residual).free_symbols
    assert {symbol.name for symbol in letters} == {"p0", "p1", "p2", "p3", "l0", "l1", "g", "R_kk"}


def test_recursions_add_up():
    """Two scalar recursions with different starts, floors and noises against one with their sums, in rationals."""
    eigenvalues = [sp.Rational(1), sp.Rational(1, 2), sp.Rational(1, 5)]

    def run(start, floor, noise):
        moments, found = [sp.Rational(value) for value in start], []
        for step in range(6):
            gamma = sp.Rational(1, 4 + step)
            excess = floor + sum(l * s for l, s in zip(eigenvalues, moments, strict=True))
            found.append(excess)
            moments = [
                (1 - 2 * gamma * l + gamma**2 * sp.Rational(3, 2) * l**2) * s + gamma**2 / 2 * l * (excess + noise)
                for l, s in zip(eigenvalues, moments, strict=True)
            ]
        return found

    one = run([1, 2, 3], sp.Rational(1, 7), sp.Rational(1, 3))
    two = run([4, 0, 1], sp.Rational(2, 5), sp.Integer(2))
    both = run([5, 2, 4], sp.Rational(1, 7) + sp.Rational(2, 5), sp.Rational(7, 3))
    assert [x + y for x, y in zip(one, two, strict=True)] == both
