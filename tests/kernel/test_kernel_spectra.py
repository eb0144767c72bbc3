"""Kernels: eigenvalues and eigenfunctions against the kernel's own values."""

from __future__ import annotations

import math
from fractions import Fraction

import mpmath
import numpy as np
import pytest

from riskcalc.errors import InvalidInput
from riskcalc.kernel import (
    ArcCosine,
    Brownian,
    BrownianBridge,
    DotProduct,
    GaussianLine,
    PeriodicMatern,
    PeriodicSobolev,
    nystrom,
)
from riskcalc.kernel.periodic_sobolev import bernoulli_polynomial
from riskcalc.kernel.quadrature import panels

INTERVAL = [
    Brownian(),
    BrownianBridge(),
    PeriodicSobolev(order=1),
    PeriodicSobolev(order=2, constant="1/100"),
    PeriodicMatern(order=1, length="1/10"),
    PeriodicMatern(order=3, length="1/5"),
]
LINE = [GaussianLine(), GaussianLine(length="1/2", spread=2)]
SPHERE = [
    ArcCosine(order=0),
    ArcCosine(order=1),
    ArcCosine(order=0, d=4),
    ArcCosine(order=1, d=5),
    DotProduct(function=np.exp, d=4),
]


def named(kernel):
    return "-".join(str(value) for value in kernel.describe().values())


@pytest.mark.parametrize("kernel", [*INTERVAL, *LINE, *SPHERE], ids=named)
def test_eigenfunctions_are_orthonormal(kernel):
    rule = kernel.rule(24, factors=2)
    values = kernel.eigenfunctions(rule.points, 24)
    assert np.abs((values * rule.weights[:, None]).T @ values - np.eye(24)).max() < 1e-12
    assert (np.diff(kernel.eigenvalues(24)) <= 0).all()
    assert kernel.eigenvalues(24)[-1] > 0


@pytest.mark.parametrize("kernel", INTERVAL, ids=named)
def test_the_integral_operator_on_an_interval(kernel):
    """int k(x, y) phi_j(y) dy = lambda_j phi_j(x), the interval cut at x, where the kernel has its kink."""
    for x in (0.0, 0.3, 0.77, 1.0):
        rule = panels(0.0, 1.0, phase=40 * math.pi, breaks=[x])
        applied = (kernel([x], rule.points) * rule.weights) @ kernel.eigenfunctions(rule.points, 20)
        expected = kernel.eigenvalues(20) * kernel.eigenfunctions([x], 20)
        assert np.abs(applied - expected).max() < 1e-13


@pytest.mark.parametrize("kernel", [*LINE, DotProduct(function=np.exp)], ids=named)
def test_nystrom_of_smooth_kernels(kernel):
    found = nystrom(kernel, dimension=16, factors=4)
    assert np.abs(found[:8] / kernel.eigenvalues(8) - 1).max() < 1e-9


@pytest.mark.parametrize(
    "kernel, order",
    [
        (Brownian(), 2),
        (BrownianBridge(), 2),
        (PeriodicMatern(order=1, length="1/10"), 2),
        (PeriodicSobolev(order=2), 4),
    ],
    ids=["brownian", "bridge", "matern", "sobolev"],
)
def test_nystrom_converges_as_the_kink_allows(kernel, order):
    """A jump in the derivative of order 2s - 1 on the diagonal leaves an error of order 2s in the spacing."""
    ladder = [nystrom(kernel, dimension=10, factors=2 * 2**rung)[1] for rung in range(3)]
    errors = np.abs(np.array(ladder) / kernel.eigenvalues(2)[1] - 1)
    slopes = np.log2(errors[:-1] / errors[1:])
    assert abs(slopes[-1] - order) < 0.1
    assert errors[-1] < 1e-3


@pytest.mark.parametrize("order", [0, 1])
def test_nystrom_of_arc_cosine_kernels(order):
    kernel = ArcCosine(order=order)
    errors = [
        np.abs(nystrom(kernel, dimension=20, factors=factors)[:4] / kernel.eigenvalues(4) - 1).max()
        for factors in (2, 4, 6)
    ]
    assert errors[2] < errors[1] < errors[0]
    assert errors[2] < (0.01, 1e-4)[order]


@pytest.mark.parametrize("d", [3, 4, 8])
@pytest.mark.parametrize("order", [0, 1])
def test_arc_cosine_eigenvalues_are_those_of_the_integral(order, d):
    """E k(t) P_l(t), to 20 digits, with P_l scaled to P_l(1) = 1."""
    kernel, index = ArcCosine(order=order, d=d), mpmath.mpf(d - 2) / 2
    found = kernel.by_degree(9)
    with mpmath.workdps(25):
        mass = mpmath.beta(mpmath.mpf(d - 1) / 2, mpmath.mpf(1) / 2)
        for degree in (0, 1, 2, 3, 8, 9):
            top = mpmath.gegenbauer(degree, index, 1)

            def integrand(angle, degree=degree, top=top):
                t = mpmath.cos(angle)
                value = (
                    1 - angle / mpmath.pi if order == 0 else (mpmath.sin(angle) + (mpmath.pi - angle) * t) / mpmath.pi
                )
                return value * mpmath.gegenbauer(degree, index, t) / top * mpmath.sin(angle) ** (d - 2)

            exact = mpmath.quad(integrand, [0, mpmath.pi / 2, mpmath.pi]) / mass
            assert abs(found[degree] - exact) < 1e-15
            assert (found[degree] == 0) == (abs(exact) < mpmath.mpf(10) ** -18)


@pytest.mark.parametrize("kernel", [*INTERVAL, ArcCosine(order=1)], ids=named)
def test_partial_sums_leave_what_the_trace_leaves(kernel):
    """|k(x, y) - sum_{j <= v}| <= sup sum_{j > v} lambda_j phi_j^2: twice the tail of the trace on an interval."""
    v = 961  # whole degrees on the sphere: there the remainder of k(x, x) is the tail itself
    points = kernel.sample(np.random.default_rng(3), 6)
    values = kernel.eigenfunctions(points, v)
    rest = kernel(points, points) - (values * kernel.eigenvalues(v)) @ values.T
    rule = kernel.rule(1, factors=2)
    trace = rule.weights @ np.array(
        [kernel(rule.points[i : i + 1], rule.points[i : i + 1])[0, 0] for i in range(len(rule.weights))]
    )
    tail = trace - kernel.eigenvalues(v).sum()
    assert 0 <= tail < 0.02 * trace
    assert np.abs(rest).max() <= 2 * tail + 1e-12


@pytest.mark.parametrize("kernel", [*INTERVAL, *SPHERE[:4]], ids=named)
def test_the_decay_of_the_eigenvalues(kernel):
    """lambda_j j^a varies less and less: the slope over a factor 4 in j tends to a."""
    values = kernel.eigenvalues(32_000)
    miss = []
    for j in (250, 1000, 4000):  # over blocks of equal eigenvalues: partial traces
        sums = [values[n : 2 * n].sum() for n in (j, 4 * j)]
        miss.append(abs(-math.log(sums[1] / sums[0], 4) + 1 - float(kernel.a)))
    assert miss[-1] < 0.05
    assert miss[-1] < miss[0] or miss[0] < 1e-3


def test_no_power_law_is_said():
    with pytest.raises(InvalidInput, match="geometric"):
        GaussianLine().a  # noqa: B018
    with pytest.raises(InvalidInput, match="cannot be derived"):
        DotProduct(function=np.exp).a  # noqa: B018
    kernel = GaussianLine(length="1/3", spread=2)
    assert np.allclose(kernel.eigenvalues(9)[1:] / kernel.eigenvalues(9)[:-1], kernel.ratio, rtol=1e-14)


def test_bernoulli_polynomials():
    import sympy

    x = sympy.Symbol("x")
    for degree in (1, 4, 9):
        expected = sympy.Poly(sympy.bernoulli(degree, x), x).all_coeffs()[::-1]
        assert bernoulli_polynomial(degree) == [Fraction(int(value.p), int(value.q)) for value in expected]


@pytest.mark.parametrize(
    "make, message",
    [
        (lambda: PeriodicSobolev(order=0), "at least 1"),
        (lambda: PeriodicSobolev(order=9), "too high"),
        (lambda: PeriodicSobolev(order=1, constant="1/1000"), "below the next eigenvalue"),
        (lambda: PeriodicMatern(order=1, length=0), "between 1/100 and 100"),
        (lambda: GaussianLine(length=-1), "must be positive"),
        (lambda: ArcCosine(order=2), "DotProduct"),
        (lambda: ArcCosine(order=0, d=2), "at least 3"),
        (lambda: DotProduct(function=np.sin).eigenvalues(5), "none may be negative"),
        (lambda: DotProduct(function=np.square).eigenvalues(7), "exceeds the 6 positive eigenvalues"),
        (lambda: DotProduct(function=3), "maps an array"),
        (lambda: Brownian()([0.5], [1.5]), "between 0 and 1"),
        (lambda: ArcCosine(order=0)([[1.0, 1.0, 0.0]], [[1.0, 0.0, 0.0]]), "unit vectors"),
        (lambda: GaussianLine()([math.inf], [0.0]), "finite"),
        (lambda: ArcCosine(order=1, d=8).rule(2000, factors=4), "product rule"),
    ],
)
def test_bad_kernels_are_refused(make, message):
    with pytest.raises(InvalidInput, match=message):
        make()
