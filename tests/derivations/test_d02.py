"""Checks of derivations/D02-deterministic-equivalent.md on small spectra, without the package's own code."""

from __future__ import annotations

import itertools
import math
from fractions import Fraction
from functools import cache

import numpy as np
import pytest
import sympy as sp
from mpmath import mp, mpc, mpf

DIGITS = 30
TINY = mpf(10) ** -26
DIMENSION = 6
SIZE = Fraction(5, 2)  # the model size may be any real number below the dimension
STEP, BATCH = Fraction(1, 4), 2


@pytest.fixture(autouse=True)
def _precision():
    with mp.workdps(DIGITS):
        yield


def eigenvalues():
    return [mpf(1) / j for j in range(1, DIMENSION + 1)]


def powers_of_signal():
    return [mpf(1) / j**2 for j in range(1, DIMENSION + 1)]


def size():
    return mpf(SIZE.numerator) / SIZE.denominator


def d1(u):
    return sum(l / (l + u) for l in eigenvalues())


def d2(u):
    return sum((l / (l + u)) ** 2 for l in eigenvalues())


def sig(u):
    return sum(h / (l + u) for h, l in zip(powers_of_signal(), eigenvalues(), strict=True))


def m_of(u):
    return 1 - d1(u) / size()


def z_of(u):
    return -u * m_of(u)


def slope(u):
    return -1 + d2(u) / size()


def q_of(z, gamma=None, batch=BATCH):
    gamma = mpf(STEP.numerator) / STEP.denominator if gamma is None else gamma
    return 1 - 2 * gamma * z + gamma**2 * (1 + mpf(1) / batch) * z**2


def root_between(function, low, high):
    return mp.findroot(function, (low, high), solver="anderson")


def floor_and_edges():
    u0 = root_between(lambda u: d1(u) - size(), mpf(1) / 100, mpf(2))
    right = root_between(lambda u: d2(u) - size(), mpf(1) / 100, u0)
    left = root_between(lambda u: d2(u) - size(), mpf(-3), mpf("-1.01"))
    return u0, right, left


def ellipse(count, height):
    """Nodes u_n and weights du_n of the trapezoidal rule on the contour of section 8."""
    u0, right, left = floor_and_edges()
    low, high = mp.log(u0 - right), mp.log(u0 - left)
    focus = (high - low) / 2
    centre, width = (high + low) / 2, mp.sqrt(focus**2 + height**2)
    nodes = []
    for n in range(count):
        angle = 2 * mp.pi * (n + mpf(1) / 2) / count
        y = centre + width * mp.cos(angle) + 1j * height * mp.sin(angle)
        dy = (-width * mp.sin(angle) + 1j * height * mp.cos(angle)) * 2 * mp.pi / count
        nodes.append((u0 - mp.exp(y), -mp.exp(y) * dy))
    return nodes


def contour_integral(integrand, nodes):
    """-(1/2 pi i) times the counter-clockwise integral."""
    return -sum(integrand(u) * du for u, du in nodes) / (2j * mp.pi)


def roots_of_dispersion(z):
    """All solutions u of z(u) = z: those of a polynomial in double precision, refined by Newton's method."""
    ls = [1 / j for j in range(1, DIMENSION + 1)]
    full = np.poly([-l for l in ls])
    polynomial = -float(SIZE) * np.polymul(full, [1, complex(z)])
    for i, l in enumerate(ls):
        others = np.poly([-x for x in ls[:i] + ls[i + 1 :]])
        polynomial = np.polyadd(polynomial, l * np.polymul(others, [1, 0]))
    roots = []
    for start in np.roots(polynomial):
        u = mpc(start)
        for _ in range(3):
            u -= (z_of(u) - z) / slope(u)
        roots.append(u)
    return roots


def outside(u):
    """Whether u lies in the region Omega: sum l^2/|l + u|^2 < M."""
    return sum(l**2 / abs(l + u) ** 2 for l in eigenvalues()) < size()


@cache
def spectral_nodes(count=100):
    """Points of the spectrum with the weights of the trace and of the signal there.

    The densities are boundary values of the resolvents. x = middle + half cos(angle) removes the square roots
    at both edges, so the trapezoidal rule converges geometrically here too.
    """
    nodes = []
    with mp.workdps(DIGITS):
        _, right, left = floor_and_edges()
        low, high = z_of(right), z_of(left)
        for n in range(count):
            angle = mp.pi * (n + mpf(1) / 2) / count
            x = (low + high) / 2 + (high - low) / 2 * mp.cos(angle)
            u = min(roots_of_dispersion(x), key=mp.im)
            measure = (high - low) / 2 * mp.sin(angle) / count
            nodes.append((x, size() * mp.im(1 / u) * measure, mp.im(sig(u) / m_of(u)) * measure))
    return nodes


def spectral_integral(weight):
    """Sum of weight(x, trace, signal) over those points."""
    return sum(weight(x, trace, signal) for x, trace, signal in spectral_nodes())


POINTS = [mpc("0.3", "0.7"), mpc("-1.2", "0.4"), mpc("-2.5", "-0.1"), mpc("0.05", "-0.9")]


def test_the_substitution_makes_the_self_consistent_equation_explicit():
    for u in POINTS:
        m, z = m_of(u), z_of(u)
        trace = sum(l / (l * m - z) for l in eigenvalues())
        assert abs(m * (1 + trace / size()) - 1) < TINY
        resolvent = sum(h / (l * m - z) for h, l in zip(powers_of_signal(), eigenvalues(), strict=True))
        assert abs(resolvent - sig(u) / m) < TINY
        assert abs(z * sum(1 / (l * m - z) for l in eigenvalues()) - (d1(u) - DIMENSION)) < TINY


def test_the_algebra_of_the_dispersion():
    """Slope, imaginary part and the two-point identity behind injectivity, with symbolic eigenvalues."""
    ls = sp.symbols("l1:3", positive=True)
    size_, x, y, u, w = sp.symbols("M x y u w", real=True)

    def z(point):
        return -point * (1 - sum(l / (l + point) for l in ls) / size_)

    assert sp.simplify(sp.diff(z(u), u) - (-1 + sum((l / (l + u)) ** 2 for l in ls) / size_)) == 0
    two_points = -(u - w) * (1 - sum(l**2 / ((l + u) * (l + w)) for l in ls) / size_)
    assert sp.simplify(z(u) - z(w) - two_points) == 0
    # with u = x + i y and w = x - i y, z(u) - z(w) = 2 i Im z
    modulus = sum(l**2 / ((l + x) ** 2 + y**2) for l in ls)
    imaginary = (z(x + sp.I * y) - z(x - sp.I * y)) / (2 * sp.I)
    assert sp.simplify(imaginary + y * (1 - modulus / size_)) == 0


@pytest.mark.parametrize("z", [mpc("0.4", "0.3"), mpc("1.5", "-0.01"), mpc("-0.7"), mpc("0.01"), mpc("9")])
def test_exactly_one_solution_lies_outside_the_spectral_curve(z):
    roots = roots_of_dispersion(z)
    assert len(roots) == DIMENSION + 1
    assert max(abs(z_of(u) - z) for u in roots) < mpf(10) ** -20
    chosen = [u for u in roots if outside(u)]
    assert len(chosen) == 1
    if mp.im(z):
        assert mp.im(chosen[0]) * mp.im(z) < 0


def test_number_and_place_of_the_edges_by_sturm_sequences():
    """d2(u) = M has one root below -1, one in (0, u0) and, for this spectrum, no other real root."""
    u = sp.Symbol("u")
    ls = [sp.Rational(1, j) for j in range(1, DIMENSION + 1)]
    m = sp.Rational(SIZE.numerator, SIZE.denominator)
    edges = sp.Poly(sp.numer(sp.together(sum((l / (l + u)) ** 2 for l in ls) - m)), u)
    assert edges.count_roots(-sp.oo, -1) == 1
    assert edges.count_roots(0, sp.oo) == 1
    assert edges.count_roots(-sp.oo, sp.oo) == 2
    floors = sp.Poly(sp.numer(sp.together(sum(l / (l + u) for l in ls) - m)), u)
    assert floors.count_roots(-sp.oo, sp.oo) == DIMENSION
    assert floors.count_roots(0, sp.oo) == 1
    assert floors.count_roots(-sp.oo, -1) == 0
    u0, right, left = floor_and_edges()
    assert left < -1 < 0 < right < u0


def test_z_and_d1_are_monotone_left_of_the_left_edge():
    """z falls and -d1 rises on (-oo, u_left): slopes have one sign there, checked by exact root counts."""
    u = sp.Symbol("u")
    ls = [sp.Rational(1, j) for j in range(1, DIMENSION + 1)]
    slope_of_d1 = sp.Poly(sp.numer(sp.together(sum(l / (l + u) ** 2 for l in ls))), u)
    assert slope_of_d1.count_roots(-sp.oo, sp.oo) == 0
    _, _, left = floor_and_edges()
    ladder = [left * (1 + mpf(k) / 8) for k in range(40, 0, -1)] + [left]
    assert all(z_of(x) > z_of(y) for x, y in itertools.pairwise(ladder))
    assert all(d1(x) > d1(y) for x, y in itertools.pairwise(ladder))
    # beyond the edge, on (u_left, -1), z rises again: the second root that a contour has to leave inside
    assert z_of((left - 1) / 2) > z_of(left)


def test_approximation_is_the_residue_at_zero():
    u0, right, _ = floor_and_edges()
    radius = (u0 - right) / 2
    total = mpf(0)
    for n in range(200):
        direction = mp.expjpi(2 * mpf(n) / 200)
        u = u0 + radius * direction
        total += sig(u) / m_of(u) * slope(u) * radius * direction / 200
    assert abs(-total - u0 * sig(u0)) < TINY


@pytest.mark.parametrize("t", [0, 1, 7, 40])
def test_contour_integrals_equal_integrals_over_the_spectrum(t):
    """F and K from the u-plane against the densities of the resolvents on the real axis."""
    nodes = ellipse(240, mpf("0.9"))
    forcing = contour_integral(lambda u: sig(u) / m_of(u) * q_of(z_of(u)) ** t * slope(u), nodes)
    kernel = contour_integral(lambda u: z_of(u) * d1(u) * q_of(z_of(u)) ** t * slope(u), nodes)
    assert abs(mp.im(forcing)) < TINY
    assert abs(mp.re(forcing) - spectral_integral(lambda x, trace, signal: signal * q_of(x) ** t)) < TINY
    assert abs(mp.re(kernel) - spectral_integral(lambda x, trace, signal: trace * x**2 * q_of(x) ** t)) < TINY


@pytest.mark.slow
def test_an_ellipse_in_log_z_gives_the_same_kernel():
    """The contour that may hug the spectrum: u(z) is the root in Omega."""
    _, right, left = floor_and_edges()
    low, high = mp.log(z_of(right)), mp.log(z_of(left))
    focus, height, count = (high - low) / 2, mpf(1), 140
    total = mpf(0)
    for n in range(count):
        angle = 2 * mp.pi * (n + mpf(1) / 2) / count
        log_z = (low + high) / 2 + mp.hypot(focus, height) * mp.cos(angle) + 1j * height * mp.sin(angle)
        step = (-mp.hypot(focus, height) * mp.sin(angle) + 1j * height * mp.cos(angle)) * 2 * mp.pi / count
        z = mp.exp(log_z)
        (u,) = [root for root in roots_of_dispersion(z) if outside(root)]
        total -= z * d1(u) * q_of(z) ** 7 * z * step / (2j * mp.pi)
    assert abs(total - spectral_integral(lambda x, trace, signal: trace * x**2 * q_of(x) ** 7)) < TINY


def test_nothing_grows_on_the_lens():
    """Equation (4) in symbols; |q| < 1 and |1 - gamma z| < 1 inside the strip, |q| = 1 reached on it or beyond."""
    y, gamma, batch = sp.symbols("y gamma B", positive=True)
    limit = 2 / (gamma * (1 + 1 / batch))
    z = limit * sp.exp(y) / (1 + sp.exp(y))
    decrement = gamma * z * (2 - gamma * (1 + 1 / batch) * z)
    assert sp.simplify((decrement - 2 / (1 + 1 / batch) / (1 + sp.cosh(y))).rewrite(sp.exp)) == 0
    for b in (1, 5, 10**6):
        share = 1 / (1 + 1 / b)
        for height in (0.3, 0.8, 1.5):
            along = np.linspace(-30, 30, 4001) + 1j * height
            assert np.all(np.abs(1 - 2 * share / (1 + np.cosh(along))) < 1)
            assert np.all(np.abs(1 - 2 * share / (1 + np.exp(-along))) < 1)
        beyond = np.linspace(-30, 30, 4001) + 1j * (math.pi / 2 + 0.1)
        assert np.abs(1 - 2 * share / (1 + np.cosh(beyond))).max() > 1


def test_the_spectrum_is_a_positive_measure_of_the_right_mass():
    u0, _, _ = floor_and_edges()
    assert abs(spectral_integral(lambda x, trace, signal: trace) - size()) < TINY
    signal_mass = spectral_integral(lambda x, trace, signal: signal)
    assert abs(signal_mass + u0 * sig(u0) - sum(powers_of_signal())) < TINY
    assert min(min(trace, signal) for _, trace, signal in spectral_nodes()) > 0


def test_sum_rules():
    u0, _, _ = floor_and_edges()
    nodes = ellipse(240, mpf("0.9"))
    first, second = sum(eigenvalues()), sum(l**2 for l in eigenvalues())
    forcing = contour_integral(lambda u: sig(u) / m_of(u) * slope(u), nodes)
    assert abs(u0 * sig(u0) + forcing - sum(powers_of_signal())) < TINY
    assert abs(contour_integral(lambda u: d1(u) * slope(u), nodes) - first) < TINY
    kernel = contour_integral(lambda u: z_of(u) * d1(u) * slope(u), nodes)
    assert abs(kernel - (second + first**2 / size())) < TINY


def test_the_same_moments_averaged_over_gaussian_sketches():
    """E tr K is matched exactly, E tr K^2 and E <h, (A A')^2 h> up to one term of relative order 1/M."""
    roots = sp.symbols("r1 r2", positive=True)  # lambda_j = r_j^2
    h = sp.Matrix(sp.symbols("h1 h2"))
    count = 2
    entries = sp.Matrix(count, 2, sp.symbols(f"g0:{2 * count}"))
    a = sp.diag(*roots) * entries.T / sp.sqrt(count)

    def mean(expression):
        total = 0
        for degrees, c in sp.Poly(sp.expand(expression), *entries).terms():
            if all(d % 2 == 0 for d in degrees):
                total += c * math.prod(math.prod(range(d - 1, 0, -2)) for d in degrees)
        return total

    lam = sp.diag(*[r**2 for r in roots])
    first, second = lam.trace(), (lam**2).trace()
    k, outer = a.T * a, a * a.T
    assert sp.expand(mean(k.trace()) - first) == 0
    extra = second / count
    assert sp.expand(mean((k**2).trace()) - (second + first**2 / count) - extra) == 0
    bilinear = (h.T * (lam**2 + lam * first / count) * h)[0]
    extra = (h.T * lam**2 * h)[0] / count
    assert sp.expand(mean((h.T * outer**2 * h)[0]) - bilinear - extra) == 0


def noise_feedback(gamma, batch):
    """kappa in closed form: -d1(u)/(B + 1) at the root u < u_left of z(u) = 2/(gamma (1 + 1/B))."""
    target = 2 / (gamma * (1 + mpf(1) / batch))
    _, _, left = floor_and_edges()
    far = left - target - 10
    root = root_between(lambda u: z_of(u) - target, far, left)
    assert root < left
    return -d1(root) / (batch + 1)


@pytest.mark.parametrize("gamma,batch", [(mpf(1) / 4, 1), (mpf(1) / 4, 3), (mpf(1) / 8, 1)])
def test_kappa_in_closed_form(gamma, batch):
    closed = noise_feedback(gamma, batch)
    on_spectrum = spectral_integral(
        lambda x, trace, signal: trace * gamma * x / (batch * (2 - gamma * (1 + mpf(1) / batch) * x))
    )
    assert abs(closed - on_spectrum) < TINY
    # the contour must pass left of the root, hence the small height; 1 - q has no cancellation written out
    nodes = ellipse(480, mpf("0.25"))

    def summed(u):
        z = z_of(u)
        return z * d1(u) / (gamma * z * (2 - gamma * (1 + mpf(1) / batch) * z)) * slope(u)

    assert abs(gamma**2 / batch * contour_integral(summed, nodes) - closed) < TINY


@pytest.mark.parametrize("batch,edge_binds", [(1, False), (5, True)])
def test_largest_stable_step(batch, edge_binds):
    _, _, left = floor_and_edges()
    at_edge = 2 / ((1 + mpf(1) / batch) * z_of(left))
    assert (-d1(left) < batch + 1) == edge_binds
    if edge_binds:
        largest = at_edge
        assert noise_feedback(largest * (1 - mpf(10) ** -12), batch) < 1
        # d1 = -(B + 1) has a root beyond the edge too, whose step size is smaller but no limit
        beyond = root_between(lambda u: d1(u) + batch + 1, left, mpf("-1.01"))
        candidate = 2 / ((1 + mpf(1) / batch) * z_of(beyond))
        assert candidate < largest
        assert noise_feedback(candidate, batch) < 1
    else:
        root = root_between(lambda u: d1(u) + batch + 1, mpf(-50), left)
        assert root < left
        largest = 2 / ((1 + mpf(1) / batch) * z_of(root))
        assert largest < at_edge
        assert abs(noise_feedback(largest, batch) - 1) < TINY
    ladder = [noise_feedback(largest * mpf(k) / 10, batch) for k in range(1, 10)]
    assert all(x < y for x, y in itertools.pairwise(ladder))
    assert ladder[-1] < 1


@pytest.mark.parametrize("height", [mpf("0.4"), pytest.param(mpf("0.8"), marks=pytest.mark.slow), mpf("2.2")])
def test_the_trapezoidal_rule_converges_at_the_predicted_rate(height):
    """The error falls like n^3 exp(-n r), r the distance from the real angles to the nearest pole."""
    with mp.workdps(60):
        u0, right, left = floor_and_edges()
        low, high = mp.log(u0 - right), mp.log(u0 - left)
        focus, centre = (high - low) / 2, (high + low) / 2
        inner = mp.asinh(height / focus)
        copies = [mp.acos((mp.log(u0 + l) - centre + 2j * mp.pi) / focus) for l in eigenvalues()]
        rate = min(inner, min(abs(mp.im(c)) for c in copies) - inner)
        truth = sum(l**2 for l in eigenvalues()) + sum(eigenvalues()) ** 2 / size()

        def error(count):
            nodes = ellipse(count, height)
            return abs(contour_integral(lambda u: z_of(u) * d1(u) * slope(u), nodes) - truth)

        # poles at different phases interfere; the largest of eight neighbouring errors follows the envelope
        few, many = (max(error(count + k) for k in range(8)) for count in (50, 110))
        observed = float(mp.log(few / many))
    # z d1 z' has poles of order four, which put n^3 in front of exp(-n r)
    assert observed == pytest.approx(60 * float(rate) - 3 * math.log(114 / 54), rel=0.02)


def test_scale_of_the_covariance_only_changes_units():
    """lambda -> c lambda is u -> c u and z -> c z at the same M: m, d1, d2 are unchanged."""
    c = mpf(7) / 3
    for u in POINTS:
        scaled = sum(c * l / (c * l + c * u) for l in eigenvalues())
        assert abs(scaled - d1(u)) < TINY
        assert abs(-c * u * (1 - scaled / size()) - c * z_of(u)) < TINY
