"""Checks of derivations/D01-second-moment-recursion.md, exactly and without the package's own code."""

from __future__ import annotations

import itertools
import math
from fractions import Fraction as Q

import numpy as np
import pytest
import sympy as sp


def gaussian_mean(expression: sp.Expr, normals: list[sp.Symbol]) -> sp.Expr:
    """Expectation over independent standard normals of a polynomial in them."""
    total = sp.Integer(0)
    for powers, coefficient in sp.Poly(sp.expand(expression), *normals).terms():
        if all(power % 2 == 0 for power in powers):
            total += coefficient * math.prod(math.prod(range(power - 1, 0, -2)) for power in powers)
    return sp.expand(total)


def recursion(l, start, floor, noise, steps, batch):
    """The statement of D01: the excess after 0, 1, ... steps, for a list of step sizes."""
    s, excesses = list(start), []
    for gamma in [*steps, None]:
        excess = floor + sum(li * si for li, si in zip(l, s, strict=True))
        excesses.append(excess)
        if gamma is not None:
            q = [1 - 2 * gamma * li + gamma**2 * (1 + Q(1, batch)) * li**2 for li in l]
            fed = gamma**2 / batch * (excess + noise)
            s = [qi * si + fed * li for qi, si, li in zip(q, s, l, strict=True)]
    return excesses


def test_the_fourth_moment_matrix():
    """E[g g' P g g'] = 2 L P L + tr(L P) L for symmetric P (Isserlis)."""
    size = 3
    h = sp.symbols(f"h0:{size}", positive=True)
    xi = list(sp.symbols(f"xi0:{size}"))
    p = sp.Matrix(size, size, lambda i, k: sp.Symbol(f"p{min(i, k)}{max(i, k)}"))
    g = sp.Matrix([hi * x for hi, x in zip(h, xi, strict=True)])
    middle = (g.T * p * g)[0]
    big_l = sp.diag(*[hi**2 for hi in h])
    claimed = 2 * big_l * p * big_l + (big_l * p).trace() * big_l
    for i, k in itertools.combinations_with_replacement(range(size), 2):
        assert sp.expand(gaussian_mean(g[i] * middle * g[k], xi) - claimed[i, k]) == 0


@pytest.mark.parametrize("batch", [1, 2, 3])
def test_one_batch_step_moves_every_second_moment_by_its_own_factor(batch):
    """Diagonal entries obey the recursion; the off-diagonal one is only multiplied by a scalar."""
    h = sp.symbols("h1 h2", positive=True)
    delta = sp.symbols("delta1 delta2")
    gamma, tau = sp.symbols("gamma tau", positive=True)
    xi = [sp.symbols(f"xi{b}_1 xi{b}_2") for b in range(batch)]
    rho = sp.symbols(f"rho0:{batch}")
    normals = [*itertools.chain(*xi), *rho]
    moved = list(delta)
    for xi_b, rho_b in zip(xi, rho, strict=True):
        g = [h[i] * xi_b[i] for i in range(2)]
        error = sum(g[i] * delta[i] for i in range(2)) - tau * rho_b
        moved = [moved[i] - gamma / batch * g[i] * error for i in range(2)]
    l = [hi**2 for hi in h]
    feed = gamma**2 / batch * (l[0] * delta[0] ** 2 + l[1] * delta[1] ** 2 + tau**2)
    for i, k in [(0, 0), (1, 1), (0, 1)]:
        factor = 1 - gamma * (l[i] + l[k]) + gamma**2 * (1 + sp.Rational(1, batch)) * l[i] * l[k]
        claimed = factor * delta[i] * delta[k] + (feed * l[i] if i == k else 0)
        assert sp.expand(gaussian_mean(moved[i] * moved[k], normals) - claimed) == 0


# A sketch whose K is [[2, 1], [1, 2]] (eigenvalues 1 and 3) with rational square roots of the covariance.
ROOTS = sp.diag(2, 1, sp.Rational(1, 2))
SKETCH = sp.Matrix([[sp.Rational(1, 2), 1, 0], [0, 1, 2]])
TARGET = sp.Matrix([1, sp.Rational(1, 3), -2])
LABEL_ROOT = sp.Rational(1, 3)  # square root of the label-noise variance
NOISE = LABEL_ROOT**2


def solved():
    """K, the best model, the approximation, and the modes (l_i, s_i(0)) of the rational example."""
    a = ROOTS * SKETCH.T
    k = a.T * a
    assert k == sp.Matrix([[2, 1], [1, 2]])
    best = k.inv() * SKETCH * ROOTS**2 * TARGET
    left = TARGET - SKETCH.T * best
    floor = (left.T * ROOTS**2 * left)[0]
    start = [sp.Rational(1, 2) * (best[0] - best[1]) ** 2, sp.Rational(1, 2) * (best[0] + best[1]) ** 2]
    return k, best, floor, [1, 3], start


def test_the_residual_is_uncorrelated_with_the_features():
    _, best, floor, l, start = solved()
    left = TARGET - SKETCH.T * best
    assert SKETCH * ROOTS**2 * left == sp.zeros(2, 1)
    assert floor == (TARGET.T * ROOTS**2 * TARGET)[0] - sum(li * si for li, si in zip(l, start, strict=True))


@pytest.mark.parametrize("batch,steps", [(1, 3), (2, 3)])
def test_recursion_equals_the_update_as_written_in_the_ambient_space(batch, steps):
    """The expectation of the ambient algorithm over all samples, as an exact rational, at every step.

    The excess is a quadratic in theta; one step of SGD followed by the mean over its fresh samples maps
    quadratics to quadratics, so applying that map `steps` times gives the expected excess exactly.
    """
    _, _, floor, l, start = solved()
    theta = sp.Matrix(sp.symbols("theta1 theta2"))
    sizes = [sp.Rational(1, 5), sp.Rational(1, 4), sp.Rational(1, 3)][:steps]
    left = TARGET - SKETCH.T * theta
    excess = sp.expand((left.T * ROOTS**2 * left)[0])

    normals, gradient = [], sp.zeros(2, 1)
    for b in range(batch):
        standard = sp.Matrix(sp.symbols(f"x{b}_1 x{b}_2 x{b}_3"))
        label = sp.Symbol(f"e{b}")
        normals += [*standard, label]
        x = ROOTS * standard
        y = (TARGET.T * x)[0] + LABEL_ROOT * label
        gradient += SKETCH * x * (((SKETCH * x).T * theta)[0] - y)

    rate = sp.Symbol("gamma", positive=True)
    stepped = theta - rate / batch * gradient
    moved = {
        (i, k): gaussian_mean(stepped[0] ** i * stepped[1] ** k, normals)
        for i in range(3)
        for k in range(3 - i)
    }
    claimed = recursion([sp.Integer(li) for li in l], start, floor, NOISE, sizes, batch)
    for count in range(steps + 1):
        averaged = sp.Poly(excess, *theta)
        for gamma in reversed(sizes[:count]):
            image = sum(c * moved[powers].subs(rate, gamma) for powers, c in averaged.terms())
            averaged = sp.Poly(image, *theta)
        assert averaged.eval((0, 0)) == claimed[count]


@pytest.mark.parametrize(
    "batch,golden",
    [
        (1, [Q(459, 320), Q(761377, 640000), Q(255573127, 256000000)]),
        (4, [Q(4197, 3200), Q(1280933, 1280000), Q(1592339723, 2048000000)]),
    ],
)
def test_golden_rationals(batch, golden):
    """l = 1, 1/2, 1/4, s(0) = 1, noise 1/2 + no approximation, step 1/5."""
    values = recursion([Q(1), Q(1, 2), Q(1, 4)], [Q(1)] * 3, Q(0), Q(1, 2), [Q(1, 5)] * 3, batch)
    assert values[1:] == golden


MODES = [Q(3, 2), Q(1, 2), Q(1, 7), Q(0)]
START = [Q(1), Q(2), Q(5, 3), Q(0)]
FLOOR, LABEL_NOISE = Q(1, 9), Q(2, 5)
SIZES = [Q(1, 3), Q(1, 4), Q(1, 4), Q(2, 7), Q(1, 11)]


@pytest.mark.parametrize("batch", [1, 3])
def test_approximation_bias_and_variance_add_up(batch):
    both = recursion(MODES, START, FLOOR, LABEL_NOISE, SIZES, batch)
    bias = recursion(MODES, START, Q(0), Q(0), SIZES, batch)
    variance = recursion(MODES, [Q(0)] * 4, Q(0), LABEL_NOISE + FLOOR, SIZES, batch)
    assert both == [FLOOR + x + y for x, y in zip(bias, variance, strict=True)]
    assert variance[0] == 0
    assert min(variance[1:]) > 0


@pytest.mark.parametrize("batch", [1, 3])
def test_volterra_equation(batch):
    def q(gamma, l):
        return 1 - 2 * gamma * l + gamma**2 * (1 + Q(1, batch)) * l**2

    def forcing(t):
        return FLOOR + sum(
            l * s * math.prod((q(gamma, l) for gamma in SIZES[:t]), start=Q(1))
            for l, s in zip(MODES, START, strict=True)
        )

    def kernel(t, k):
        later = SIZES[k + 1 : t]
        return SIZES[k] ** 2 / batch * sum(
            l**2 * math.prod((q(gamma, l) for gamma in later), start=Q(1)) for l in MODES
        )

    excess: list[Q] = []
    for t in range(len(SIZES) + 1):
        excess.append(forcing(t) + sum(kernel(t, k) * (excess[k] + LABEL_NOISE) for k in range(t)))
    assert excess == recursion(MODES, START, FLOOR, LABEL_NOISE, SIZES, batch)


def test_the_one_step_factor_is_bounded_below():
    gamma, l = sp.symbols("gamma l", positive=True)
    batch = sp.Symbol("B", positive=True)
    q = 1 - 2 * gamma * l + gamma**2 * (1 + 1 / batch) * l**2
    square = (1 + 1 / batch) * (gamma * l - batch / (batch + 1)) ** 2 + 1 / (batch + 1)
    assert sp.simplify(q - square) == 0
    assert sp.simplify(q - ((1 - gamma * l) ** 2 + (gamma * l) ** 2 / batch)) == 0


def kappa(gamma, l, batch):
    return sum(gamma * li / (batch * (2 - gamma * (1 + Q(1, batch)) * li)) for li in l)


def step_matrix(gamma, l, batch):
    """The matrix that moves x_i = l_i s_i by one step when nothing is fed in from outside."""
    rows = [[gamma**2 / batch * li**2] * len(l) for li in l]
    for i, li in enumerate(l):
        rows[i][i] += 1 - 2 * gamma * li + gamma**2 * (1 + Q(1, batch)) * li**2
    return rows


@pytest.mark.parametrize("batch", [1, 4, 50])
def test_stability_is_exactly_kappa_below_one(batch):
    """The spectral radius crosses 1 where kappa does, always before the largest mode alone is unstable."""
    l = [Q(1), Q(1, 2), Q(1, 3), Q(1, 5)]
    edge = 2 / ((1 + Q(1, batch)) * max(l))
    low, high = Q(0), edge
    for _ in range(40):
        middle = (low + high) / 2
        low, high = (middle, high) if kappa(middle, l, batch) < 1 else (low, middle)
    assert 0 < low < high < edge
    for gamma, stable in [(low / 3, True), (low * Q(9999, 10000), True), (high * Q(10001, 10000), False)]:
        radius = max(abs(np.linalg.eigvals(np.array(step_matrix(gamma, l, batch), dtype=float))))
        assert bool(radius < 1) == stable
        # the certificate of the proof: T h = h - (1 - kappa) g k, for h_i = g k_i/(1 - q_i)
        h = [gamma * li / (batch * (2 - gamma * (1 + Q(1, batch)) * li)) for li in l]
        image = [sum(t * hk for t, hk in zip(row, h, strict=True)) for row in step_matrix(gamma, l, batch)]
        fed = [gamma**2 / batch * li**2 for li in l]
        lost = 1 - kappa(gamma, l, batch)
        assert image == [hi - lost * fi for hi, fi in zip(h, fed, strict=True)]
    beyond = edge * Q(11, 10)  # past the edge the formula for kappa turns negative and says nothing
    assert kappa(beyond, l, batch) < 1
    assert max(abs(np.linalg.eigvals(np.array(step_matrix(beyond, l, batch), dtype=float)))) > 1


@pytest.mark.parametrize("batch", [1, 4])
def test_stationary_excess_is_a_fixed_point(batch):
    gamma, l = Q(1, 5), [Q(1), Q(1, 2), Q(1, 4)]
    feedback = kappa(gamma, l, batch)
    final = (FLOOR + feedback * LABEL_NOISE) / (1 - feedback)
    q = [1 - 2 * gamma * li + gamma**2 * (1 + Q(1, batch)) * li**2 for li in l]
    stationary = [
        gamma**2 / batch * li * (final + LABEL_NOISE) / (1 - qi) for li, qi in zip(l, q, strict=True)
    ]
    assert recursion(l, stationary, FLOOR, LABEL_NOISE, [gamma] * 3, batch) == [final] * 4
    # geometric sum of the kernel: sum_t K(t) = kappa
    assert sum(gamma**2 / batch * li**2 / (1 - qi) for li, qi in zip(l, q, strict=True)) == feedback


@pytest.mark.parametrize("batch", [1, 4])
def test_a_schedule_below_a_stable_step_keeps_the_risk_bounded(batch):
    """x <= C h, with the h of the peak, is preserved by every smaller step."""
    peak, l = Q(1, 2), [Q(1), Q(1, 2), Q(1, 4)]
    h = [peak * li / (batch * (2 - peak * (1 + Q(1, batch)) * li)) for li in l]
    feedback = sum(h)
    assert feedback < 1
    noise = FLOOR + LABEL_NOISE
    bound = max(*(li * si / hi for li, si, hi in zip(l, START, h, strict=False)), noise / (1 - feedback))
    x = [li * si for li, si in zip(l, START, strict=False)]
    for gamma in [peak, peak / 7, peak, Q(1, 100), peak / 2, peak, peak] * 3:
        fed = gamma**2 / batch * (sum(x) + noise)
        q = [1 - 2 * gamma * li + gamma**2 * (1 + Q(1, batch)) * li**2 for li in l]
        x = [qi * xi + fed * li**2 for qi, xi, li in zip(q, x, l, strict=True)]
        assert all(xi <= bound * hi for xi, hi in zip(x, h, strict=True))
        assert sum(x) <= bound * feedback
