"""Checks of derivations/D03-generating-function.md, without the package's own code."""

from __future__ import annotations

import math
from fractions import Fraction as Q

import pytest
import sympy as sp
from mpmath import mp, mpc, mpf


@pytest.fixture(autouse=True)
def _precision():
    with mp.workdps(30):
        yield


# --- the generating function ----------------------------------------------------------------------

GAMMA, BATCH, FLOOR, NOISE = Q(1, 3), 2, Q(1, 11), Q(2, 7)
POSITIONS = [Q(5, 4), Q(1, 2), Q(1, 9)]
WEIGHTS = [Q(1), Q(2, 3), Q(1, 5)]
KERNEL = [l**2 for l in POSITIONS]


def q_of(z, gamma=GAMMA, batch=BATCH):
    return 1 - 2 * gamma * z + gamma**2 * (1 + Q(1, batch)) * z**2


def stepped(x, positions, kernel, floor, noise, gamma=GAMMA, batch=BATCH):
    """One step of x_n -> q_n x_n + (gamma^2/B) k_n (E + noise)."""
    excess = floor + sum(x)
    return [
        q_of(z, gamma, batch) * xn + gamma**2 / batch * k * (excess + noise)
        for xn, z, k in zip(x, positions, kernel, strict=True)
    ]


def trajectory(floor, noise, start, steps):
    x, excess = list(start), []
    for _ in range(steps + 1):
        excess.append(floor + sum(x))
        x = stepped(x, POSITIONS, KERNEL, floor, noise)
    return excess


class Series:
    """Power series in zeta, truncated, with exact coefficients."""

    ORDER = 9

    def __init__(self, coefficients):
        self.c = [Q(x) for x in coefficients] + [Q(0)] * (self.ORDER - len(coefficients))

    def __add__(self, other):
        return Series([x + y for x, y in zip(self.c, other.c, strict=True)])

    def __mul__(self, other):
        if isinstance(other, (int, Q)):
            return Series([x * other for x in self.c])
        return Series([sum(self.c[i] * other.c[k - i] for i in range(k + 1)) for k in range(self.ORDER)])

    def inverse(self):
        values = [1 / self.c[0]]
        for k in range(1, self.ORDER):
            values.append(-sum(self.c[i] * values[k - i] for i in range(1, k + 1)) / self.c[0])
        return Series(values)


def transforms():
    """1/(1 - zeta), X, K and 1/(1 - zeta K) as power series."""
    zeta, geometric = Series([0, 1]), Series([1, -1]).inverse()
    x, k = Series([0]), Series([0])
    for z, f, weight in zip(POSITIONS, WEIGHTS, KERNEL, strict=True):
        denominator = Series([1, -1]) + zeta * (2 * GAMMA * z - GAMMA**2 * (1 + Q(1, BATCH)) * z**2)
        x = x + denominator.inverse() * f
        k = k + denominator.inverse() * (GAMMA**2 / BATCH * weight)
    return zeta, geometric, x, k, (Series([1]) + zeta * k * -1).inverse()


def test_the_generating_function_reproduces_the_recursion():
    zeta, geometric, x, k, feedback = transforms()
    whole = (geometric * FLOOR + x + geometric * zeta * k * NOISE) * feedback
    assert whole.c == trajectory(FLOOR, NOISE, WEIGHTS, Series.ORDER - 1)


def test_its_parts_are_bias_and_variance():
    zeta, geometric, x, k, feedback = transforms()
    bias = x * feedback
    variance = geometric * zeta * k * feedback * (FLOOR + NOISE)
    assert bias.c == trajectory(Q(0), Q(0), WEIGHTS, Series.ORDER - 1)
    assert variance.c == trajectory(Q(0), FLOOR + NOISE, [Q(0)] * 3, Series.ORDER - 1)


def test_the_denominator_without_cancellation():
    zeta, gamma, z, batch = sp.symbols("zeta gamma z B")
    q = 1 - 2 * gamma * z + gamma**2 * (1 + 1 / batch) * z**2
    stable = (1 - zeta) + zeta * (2 * gamma * z - gamma**2 * (1 + 1 / batch) * z**2)
    assert sp.expand(1 - zeta * q - stable) == 0


def test_the_two_point_form_without_modes():
    """Sums over modes of 1/(1 - zeta q) are differences of resolvents at the two roots of 1 - zeta q(x)."""
    gamma, batch = mpf(1) / 3, mpf(2)
    positions = [mpf(5) / 4, mpf(1) / 2, mpf(1) / 9]
    weights = [mpf(1), mpf(2) / 3, mpf(1) / 5]
    for p in (mpc("0.02", "0.3"), mpc("-0.01", "0.05"), mpc("1e-9", "1e-9")):
        zeta, gap = mp.exp(-p), -mp.expm1(-p)
        c = zeta * gamma**2 * (1 + 1 / batch)
        root = mp.sqrt((2 * gamma * zeta) ** 2 + 4 * c * gap)
        x1 = -2 * gap / (2 * gamma * zeta + root)
        x2 = (2 * gamma * zeta + root) / (2 * c)
        denominators = [gap + zeta * (2 * gamma * z - gamma**2 * (1 + 1 / batch) * z**2) for z in positions]
        for power in (0, 2):
            direct = sum(f * z**power / d for f, z, d in zip(weights, positions, denominators, strict=True))
            first, second = (
                sum(f * z**power / (z - x) for f, z in zip(weights, positions, strict=True)) for x in (x1, x2)
            )
            assert abs(-(first - second) / (c * (x1 - x2)) / direct - 1) < mpf(10) ** -26


def test_every_pole_lies_between_the_smallest_factor_and_one():
    """1 = zeta K has as many real roots w = 1/zeta as modes, all in (q_min, 1): exact root counts."""
    w = sp.Symbol("w")
    qs = [sp.Rational(q.numerator, q.denominator) for q in map(q_of, POSITIONS)]
    feed = [sp.Rational(1, 18) * sp.Rational(k.numerator, k.denominator) for k in KERNEL]
    poles = sp.Poly(sp.numer(sp.together(1 - sum(k / (w - q) for k, q in zip(feed, qs, strict=True)))), w)
    assert poles.degree() == len(qs)
    assert poles.count_roots(min(qs), 1) == len(qs)
    assert min(qs) >= sp.Rational(1, BATCH + 1)


# --- the inversion --------------------------------------------------------------------------------


def cotangent_contour(points, t):
    """Nodes p and weights of (1/2 pi i) int g(p) e^{p t} dp, the contour scaled by points/t."""
    nodes = []
    for n in range(points):
        angle = (2 * n + 1) * mp.pi / points - mp.pi
        cot = mp.cot(mpf("0.6407") * angle)
        p = mpf("0.5017") * angle * cot - mpf("0.6122") + mpc(0, "0.2645") * angle
        slope = mpf("0.5017") * (cot - mpf("0.6407") * angle * (1 + cot**2)) + mpc(0, "0.2645")
        nodes.append((p * points / t, slope * mp.exp(p * points) / (1j * t)))
    return nodes


def test_the_contour_has_the_shape_the_text_states():
    """Crossing, end and height in units of points/t; the height decides from which t on it fits the strip."""
    points, t = 600, 600
    nodes = [p for p, _ in cotangent_contour(points, t)]
    assert max(map(mp.re, nodes)) == pytest.approx(0.171, abs=1e-3)
    assert min(map(mp.re, nodes)) == pytest.approx(-1.358, abs=1e-2)
    assert max(map(mp.im, nodes)) == pytest.approx(0.2645 * math.pi, rel=0.01)
    # the sector of half-angle 0.54 about the negative axis lies inside
    assert 0.54 < min(abs(mp.arg(-p)) for p in nodes) < 0.56


@pytest.mark.parametrize("t", [20, 200])
def test_geometric_convergence_of_the_inversion(t):
    """At least a factor 3.89 a point for a transform with real poles log q: q = 0.9, 0.99, 0.4."""
    with mp.workdps(50):
        factors = [mpf(9) / 10, mpf(99) / 100, mpf(2) / 5]
        truth = sum(q**t for q in factors)

        def error(points):
            value = mpf(0)
            for p, weight in cotangent_contour(points, t):
                value += weight * sum(1 / (1 - mp.exp(-p) * q) for q in factors)
            return abs(value - truth)

        few, many = (max(error(points + k) for k in (0, 2, 4)) for points in (12, 36))
        assert few < len(factors) * mpf("3.89") ** -12
    assert few / many > mpf("3.89") ** 24


@pytest.mark.parametrize("t", [12, 40, 300])
def test_the_excess_at_any_step(t):
    """The whole transform, inverted, against the recursion in exact arithmetic, and so each of its parts."""
    points, values = 32, [mpf(0)] * 3
    for p, weight in cotangent_contour(points, t):
        zeta, gap = mp.exp(-p), -mp.expm1(-p)
        x = k = mpf(0)
        for z, f, c in zip(POSITIONS, WEIGHTS, KERNEL, strict=True):
            z = mpf(z.numerator) / z.denominator
            rate = 2 * z / 3 - z**2 / 6
            x += mpf(f.numerator) / f.denominator / (gap + zeta * rate)
            k += mpf(c.numerator) / c.denominator / 18 / (gap + zeta * rate)
        constant = mpf(1) / 11, mpf(2) / 7
        values[0] += weight * (constant[0] / gap + x + constant[1] * zeta * k / gap) / (1 - zeta * k)
        values[1] += weight * x / (1 - zeta * k)
        values[2] += weight * zeta * k * sum(constant) / gap / (1 - zeta * k)
    exact = [
        trajectory(FLOOR, NOISE, WEIGHTS, t)[t],
        trajectory(Q(0), Q(0), WEIGHTS, t)[t],
        trajectory(Q(0), FLOOR + NOISE, [Q(0)] * 3, t)[t],
    ]
    for value, truth in zip(values, exact, strict=True):
        assert abs(mp.re(value) - mpf(truth.numerator) / truth.denominator) < 100 * mpf("3.89") ** -points


@pytest.mark.parametrize(
    "pole,seen",
    [("-0.05+0.02j", True), ("0.001+0.001j", True), ("-0.02+0.25j", False), ("0.09+0.0j", False)],
)
def test_a_pole_outside_the_contour_is_lost(pole, seen):
    """The transform of one mode q^t: all of it if log q lies inside the contour, none of it otherwise."""
    points, t = 32, 100  # the contour crosses the real axis at 0.055 and reaches up to 0.27 at its left end
    location = mpc(complex(pole))
    value = sum(weight / (1 - mp.exp(-p + location)) for p, weight in cotangent_contour(points, t))
    whole = mp.exp(location * t)
    assert abs(value / whole - seen) < mpf(10) ** -4


def test_the_contour_must_fit_the_strip():
    """Full accuracy while it stays within |Im p| < pi (t > 0.2645 N); below, the periodic copies spoil it."""

    def error(t):
        value = sum(weight / (1 - mp.exp(-p) * mpf(9) / 10) for p, weight in cotangent_contour(32, t))
        return abs(value - (mpf(9) / 10) ** t)

    assert 8 < 0.2645 * 32 < 9
    assert max(error(t) for t in (9, 10, 15)) < mpf(10) ** -18
    assert error(5) > mpf(10) ** -12
    assert error(2) > mpf(10) ** -3


def test_one_contour_serves_a_window_of_times():
    """Scaled by 1.3 T0 it is good from T0 to 1.5 T0; scaled by T0 it is not."""
    factors = [mpf(2) / 5, mpf(9) / 10, mpf(99) / 100, mpf(999) / 1000]

    def error(scale, t):
        value = mpf(0)
        for p, weight in cotangent_contour(28, scale):
            value += weight * mp.exp(p * (t - scale)) * sum(1 / (1 - mp.exp(-p) * q) for q in factors)
        return abs(value - sum(q**t for q in factors))

    for start in (100, 3000):
        assert max(error(mpf("1.3") * start, start * k // 10) for k in range(10, 16)) < mpf(10) ** -14
        assert error(mpf(start), start * 3 // 2) > mpf(10) ** -7


def test_two_stages_by_transform_of_the_state():
    """Complex modes in conjugate pairs, two step sizes: state after each stage against the recursion."""
    points = 40
    positions = [mpc("0.9", "0.1"), mpc("0.9", "-0.1"), mpf("0.2"), mpf("0.01")]
    weights = [mpc("0.3", "0.2"), mpc("0.3", "-0.2"), mpf("0.5"), mpf("0.1")]
    kernel = [mpc("0.4", "-0.3"), mpc("0.4", "0.3"), mpf("0.04"), mpf("0.0001")]
    floor, noise, batch = mpf("0.05"), mpf("0.2"), 2
    by_recursion, by_transform = list(weights), list(weights)
    for gamma, steps in ((mpf("0.3"), 40), (mpf("0.15"), 60)):
        for _ in range(steps):
            excess = floor + sum(by_recursion)
            q = [1 - 2 * gamma * z + gamma**2 * mpf("1.5") * z**2 for z in positions]
            fed = gamma**2 / batch * (excess + noise)
            by_recursion = [qn * x + k * fed for qn, x, k in zip(q, by_recursion, kernel, strict=True)]
        moved = [mpc(0)] * 4
        for p, weight in cotangent_contour(points, steps):
            zeta, gap = mp.exp(-p), -mp.expm1(-p)
            d = [gap + zeta * (2 * gamma * z - gamma**2 * mpf("1.5") * z**2) for z in positions]
            big_x = sum(x / dn for x, dn in zip(by_transform, d, strict=True))
            big_k = gamma**2 / batch * sum(k / dn for k, dn in zip(kernel, d, strict=True))
            excess = (floor / gap + big_x + noise * zeta * big_k / gap) / (1 - zeta * big_k)
            drive = gamma**2 / batch * zeta * (excess + noise / gap)
            for n in range(4):
                moved[n] += weight * (by_transform[n] + kernel[n] * drive) / d[n]
        by_transform = moved
        for x, y in zip(by_recursion, by_transform, strict=True):
            assert abs(x - y) < 1000 * mpf("3.89") ** -points


# --- near the largest stable step -----------------------------------------------------------------


def feedback(gamma):
    """(g_n, 1 - q_n) of each mode and kappa, at B = 2."""
    gamma = mpf(gamma)
    places = [mpf(z.numerator) / z.denominator for z in POSITIONS]
    pairs = [(gamma**2 / 2 * z**2, 2 * gamma * z - gamma**2 * mpf("1.5") * z**2) for z in places]
    return pairs, sum(g / d for g, d in pairs)


def largest_step():
    return mp.findroot(lambda gamma: feedback(gamma)[1] - 1, (mpf("0.5"), mpf("1.0")), solver="anderson")


def test_the_slowest_pole_outlives_the_modes():
    """1 - w at most (1 - kappa)/(kappa T), and that in the limit: at 1 - 1e-6 of the largest step to six digits."""
    largest = largest_step()
    for gap, tight in (("0.1", 0.5), ("1e-3", 0.99), ("1e-6", 0.99999)):
        pairs, kappa = feedback(largest * (1 - mpf(gap)))
        life = sum(g / d**2 for g, d in pairs) / kappa
        bound = (1 - kappa) / (kappa * life)
        # 1 - w = s solves sum g/(d - s) = 1 below the smallest d, where the sum rises without end
        low, high = mpf(0), min(d for _, d in pairs)
        for _ in range(120):
            middle = (low + high) / 2
            low, high = (middle, high) if sum(g / (d - middle) for g, d in pairs) < 1 else (low, middle)
        assert tight * bound < low <= bound


def test_rounding_is_amplified_by_the_distance_to_the_largest_step():
    """gamma kappa'/(1 - kappa) and kappa/(1 - kappa) are at most f/(1 - f), and close to it near the edge."""
    largest = largest_step()
    for fraction in map(mpf, ("0.2", "0.8", "0.99", "0.99999")):
        gamma = fraction * largest
        slope = gamma * mp.diff(lambda at: feedback(at)[1], gamma)
        kappa = feedback(gamma)[1]
        amplified = fraction / (1 - fraction)
        assert max(slope, kappa) / (1 - kappa) <= amplified
    assert slope / (1 - kappa) > mpf("0.999") * amplified
