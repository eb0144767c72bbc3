"""D31: second moments of SGD for covariates of any law."""

from __future__ import annotations

from fractions import Fraction as Q
from itertools import pairwise, product

import numpy as np
import pytest
import sympy as sp

# Four points with chances and a residual: dependent, not centred, with E z rho = 0.
CHANCES = [Q(1, 4)] * 4
Z = [(Q(2), Q(1)), (Q(-1), Q(1)), (Q(1), Q(0)), (Q(0), Q(-2))]
RHO = [Q(1), Q(1), Q(-1), Q(1)]
K = [[sum(p * z[i] * z[k] for p, z in zip(CHANCES, Z, strict=True)) for k in range(2)] for i in range(2)]
NOISE, GAMMA = Q(1, 3), Q(2, 7)


def test_the_law_is_as_assumed():
    assert all(sum(p * z[i] * r for p, z, r in zip(CHANCES, Z, RHO, strict=True)) == 0 for i in range(2))
    assert sum(p * z[0] for p, z in zip(CHANCES, Z, strict=True)) != 0


@pytest.mark.parametrize("batch", [1, 2, 3])
def test_one_batch_step(batch):
    """All samples enumerated; the label noise is a sign of variance 1/3, kept as its second moment."""
    starts = [((Q(1), Q(-2)), Q(2, 3)), ((Q(0), Q(5)), Q(1, 3))]
    second = [[Q(0)] * 2 for _ in range(2)]
    mean = [Q(0)] * 2
    for delta, chance in starts:
        for points in product(range(4), repeat=batch):
            weight = chance * sp.prod([CHANCES[point] for point in points])
            drift = [Q(0)] * 2
            for point in points:
                z, missed = Z[point], sum(zi * di for zi, di in zip(Z[point], delta, strict=True)) - RHO[point]
                drift = [total + zi * missed for total, zi in zip(drift, z, strict=True)]
            moved = [d - GAMMA / batch * g for d, g in zip(delta, drift, strict=True)]
            for i in range(2):
                mean[i] += weight * moved[i]
                for k in range(2):
                    second[i][k] += weight * moved[i] * moved[k]
                    noise = sum(Z[point][i] * Z[point][k] for point in points)
                    second[i][k] += weight * (GAMMA / batch) ** 2 * NOISE * noise
    p = sp.Matrix(2, 2, lambda i, k: sum(chance * d[i] * d[k] for d, chance in starts))
    mu = sp.Matrix(2, 1, lambda i, _: sum(chance * d[i] for d, chance in starts))
    k_matrix, fed = sp.Matrix(K), sp.zeros(2, 2)
    for chance, z, rho in zip(CHANCES, Z, RHO, strict=True):
        column = sp.Matrix(z)
        missed = (column.T * p * column)[0] - 2 * (column.T * mu)[0] * rho + rho**2
        fed += chance * missed * column * column.T
    expected = p - GAMMA * (k_matrix * p + p * k_matrix) + GAMMA**2 * (1 - Q(1, batch)) * k_matrix * p * k_matrix
    expected += GAMMA**2 / batch * (fed + NOISE * k_matrix)
    assert (sp.Matrix(second) - expected).applyfunc(sp.nsimplify) == sp.zeros(2, 2)
    assert sp.Matrix(mean) - (sp.eye(2) - GAMMA * k_matrix) * mu == sp.zeros(2, 1)


def test_leverage_of_gaussian_features():
    """tr K E[z z^T h^2] = tr K^2 E h^2 + 2 |K^1/2 E hz|^2, by Isserlis' theorem for h = <c, z> + rho."""
    l = sp.symbols("l1:4", positive=True)
    c, floor = sp.symbols("c1:4"), sp.Symbol("A", positive=True)
    z = sp.symbols("z1:4")
    polynomial = sp.Poly(
        sum(li * zi**2 for li, zi in zip(l, z, strict=True))
        * (sum(ci * zi for ci, zi in zip(c, z, strict=True)) ** 2 + floor),
        *z,
    )
    moments = {0: 1, 2: 1, 4: 3}
    average = 0
    for powers, coefficient in polynomial.terms():
        if all(power in moments for power in powers):
            average += coefficient * sp.prod([moments[n] * li ** (n // 2) for n, li in zip(powers, l, strict=True)])
    mean_square = sum(ci**2 * li for ci, li in zip(c, l, strict=True)) + floor
    pulled = sum(li * (li * ci) ** 2 for li, ci in zip(l, c, strict=True))
    assert sp.expand(average - sum(li**2 for li in l) * mean_square - 2 * pulled) == 0


@pytest.mark.parametrize("shift", [0, sp.Rational(1, 2)])
def test_fourth_moments_of_sines(shift):
    for j, k in product(range(4), repeat=2):
        assert _mean([j, j, k, k], shift) == (sp.Rational(3, 2) if j == k else 1)
    assert _mean([0, 1, 2, 3], shift) == sp.Rational(1, 2)  # omega_1 + omega_4 = omega_2 + omega_3
    assert (_mean([0, 1, 1, 3], shift) == 0) == (shift == 0)  # 1/2 + 3/2 + 3/2 = 7/2


def _mean(places, shift):
    """The mean of four sqrt(2) sines: products of sines as sums of cosines of signed frequencies (in units of pi)."""
    total = sp.Integer(0)
    for signs in product((1, -1), repeat=4):
        frequency = sum(sign * (place + 1 - shift) for sign, place in zip(signs, places, strict=True))
        # sin = (e^+ - e^-)/2i: four of them give 1/16 times the product of signs
        weight = sp.Rational(4 * int(np.prod(signs)), 16)
        mean = 1 if frequency == 0 else sp.sin(sp.pi * frequency) / (sp.pi * frequency)
        total += weight * mean
    return sp.simplify(total)


def test_sines_and_cosines_of_one_frequency():
    x = sp.Symbol("x")
    cosine, sine = (sp.sqrt(2) * wave(2 * sp.pi * x) for wave in (sp.cos, sp.sin))
    assert sp.integrate(cosine**2 * sine**2, (x, 0, 1)) == sp.Rational(1, 2)
    assert sp.integrate(cosine**4, (x, 0, 1)) == sp.Rational(3, 2)


def test_stable_step_sizes_are_an_interval():
    """(P - T P)/gamma decreases in gamma, in the order of matrices."""
    generator = np.random.default_rng(2)
    z = generator.standard_normal((6, 3)) ** 3
    k, p = z.T @ z / 6, np.cov(generator.standard_normal((3, 9)))
    inner = sum(np.outer(row, row) @ p @ np.outer(row, row) for row in z) / 6
    slopes = [(p - (p - g * (k @ p + p @ k) + g**2 * inner)) / g for g in (0.01, 0.02, 0.05)]
    assert all(np.linalg.eigvalsh(first - second).min() > 0 for first, second in pairwise(slopes))
