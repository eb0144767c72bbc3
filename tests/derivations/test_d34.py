"""D34: the algebra from one sketch to the average, and the limits without a ridge."""

from __future__ import annotations

import numpy as np
import pytest
import sympy


def test_parts_add_up():
    q, floor, noise, e, n = sympy.symbols("q floor noise e n", positive=True)
    left_over = 1 - e / n
    parts = floor + (q - floor) / left_over + (noise + floor) * (1 - left_over) / left_over
    assert sympy.simplify(parts - ((q + noise) / left_over - noise)) == 0


def test_second_degrees_of_freedom_and_signal_by_derivatives():
    """df2 = df1 + kappa d(df1)/d(kappa) and -kappa^2 Phi' on two eigenvalues, as rational functions of u."""
    u, size = sympy.symbols("u M", positive=True)
    eigenvalues = [sympy.Rational(1), sympy.Rational(1, 3)]
    signal = [sympy.Rational(2), sympy.Rational(5, 3)]
    d1 = sum(x / (x + u) for x in eigenvalues)
    d2 = sum(x**2 / (x + u) ** 2 for x in eigenvalues)
    kappa = u * (1 - d1 / size)
    slope = sympy.diff(kappa, u)
    rho = (size - d1) / (size - d2)
    assert sympy.simplify(slope - (1 - d2 / size)) == 0
    assert sympy.simplify(d1 + kappa * sympy.diff(d1, u) / slope - (d1 - rho * (d1 - d2))) == 0
    first = sum(h * u / (x + u) for x, h in zip(eigenvalues, signal, strict=True))
    second = sum(h * u**2 / (x + u) ** 2 for x, h in zip(eigenvalues, signal, strict=True))
    phi = first / kappa
    assert sympy.simplify(-(kappa**2) * sympy.diff(phi, u) / slope - ((1 - rho) * first + rho * second)) == 0


def test_no_ridge_above_the_peak():
    size, n, d2, u = sympy.symbols("M n d2 u", positive=True)
    rho = (size - n) / (size - d2)
    left_over = 1 - (n - rho * (n - d2)) / n
    assert sympy.simplify(left_over - (size - n) * (n - d2) / (n * (size - d2))) == 0
    isotropic = u * (n - rho * d2)
    assert sympy.simplify(isotropic / left_over - u * n / (1 - n / size)) == 0


def test_inverse_wishart_trace():
    """E tr K (X^T X)^-1 = M/(n - M - 1), K-free, by sampling: the one classical fact that is used."""
    generator, size, n, draws = np.random.default_rng(1), 4, 14, 20_000
    root = np.array([1.0, 0.5, 0.2, 3.0])
    samples = generator.standard_normal((draws, n, size)) * root
    gram = np.einsum("dni,dnj->dij", samples, samples)
    traces = np.einsum("i,dii->d", root**2, np.linalg.inv(gram))
    z = (traces.mean() - size / (n - size - 1)) / (traces.std(ddof=1) / np.sqrt(draws))
    assert abs(z) < 3.3
    assert abs(traces.mean() - size / (n - size)) > 10 * traces.std(ddof=1) / np.sqrt(draws)


@pytest.mark.parametrize("gap", [1e-3, 1e-5])
def test_both_sides_of_the_peak_have_the_same_constant(gap):
    """1/(1 - e/n) -> n/|M - n| from both sides, for any spectrum."""
    eigenvalues = np.arange(1, 200.0) ** -1.7
    n = 20.0

    def root(count):
        low, high = 1e-12, 1e3
        for _ in range(200):
            middle = np.sqrt(low * high)
            low, high = (middle, high) if np.sum(eigenvalues / (eigenvalues + middle)) > count else (low, middle)
        return low

    u = root(n)
    d2 = np.sum((eigenvalues / (eigenvalues + u)) ** 2)
    above = n * (n + gap - d2) / (gap * (n - d2))
    below = n / gap
    assert above / below == pytest.approx(1, abs=2 * gap)
