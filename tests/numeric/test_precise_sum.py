"""Spectral sums in both fields: closed forms, balls that hold the truth and are narrow, a broken bound."""

from __future__ import annotations

import math
from dataclasses import replace
from fractions import Fraction

import mpmath
import pytest
from hypothesis import given, settings, strategies as st

from riskcalc import Arb, Mpmath
from riskcalc.errors import ToleranceNotMet
from riskcalc.numeric.precise_sum import PowerLawTables
from riskcalc.numeric.truncation import Planner

POINTS = [
    (Fraction(1, 1000), Fraction(0)),
    (Fraction(1, 10**12), Fraction(1, 10**12)),
    (Fraction(-1, 3000), Fraction(1, 4000)),
    (Fraction(-2), Fraction(0)),
    (Fraction(2), Fraction(-3)),
]


def element(field, point):
    real, imag = point
    return field.real(real) if imag == 0 else field.pair(field.real(real), field.real(imag))


def sums(field, point, *, a, p, v=None, digits, proved=False):
    with field.working(digits + 10):
        tables = PowerLawTables(field, a=Fraction(a), dimension=v, powers=(Fraction(p),), digits=digits, proved=proved)
        return tables.at(element(field, point))[0]


def as_mpmath(field, x):
    parts = field.parts(x)
    values = [field.rational(part) if isinstance(field, Arb) else part for part in parts]
    if isinstance(field, Arb):
        values = [mpmath.mpf(value.numerator) / value.denominator for value in values]
    return mpmath.mpc(*values)


def at_mpmath(point):
    return mpmath.mpc(*(mpmath.mpf(part.numerator) / part.denominator for part in point))


def coth_form(point):
    """S_{2,1} at a = 2, v infinite."""
    root = mpmath.sqrt(at_mpmath(point))
    return (mpmath.pi / root * mpmath.coth(mpmath.pi / root) - 1) / 2


def direct(point, a, p, v):
    """(S_{p,1}, S_{p+a,2}) term by term."""
    u, one, two = at_mpmath(point), 0, 0
    for j in range(1, v + 1):
        value, weight = (
            mpmath.mpf(j) ** (-mpmath.mpf(a.numerator) / a.denominator),
            mpmath.mpf(j) ** (-mpmath.mpf(p.numerator) / p.denominator),
        )
        one, two = one + weight / (value + u), two + weight * value / (value + u) ** 2
    return one, two


@pytest.mark.parametrize(
    "field, digits", [(Arb(), 25), (Arb(), 60), (Arb(), 200), (Mpmath(), 25), (Mpmath(), 50)], ids=str
)
@pytest.mark.parametrize("point", POINTS, ids=str)
def test_closed_form(field, digits, point):
    found = sums(field, point, a=2, p=2, digits=digits)[0]
    with mpmath.workdps(2 * digits + 20):
        exact = coth_form(point)
        assert abs(as_mpmath(field, found) - exact) < abs(exact) * mpmath.mpf(10) ** -digits


@pytest.mark.parametrize("p", ["3", "5", "17/5", "7", "9/2", "30000001/10000000"])
def test_exponents_with_a_logarithm_and_next_to_one(p):
    """At a = 2 the tail integral is exceptional at p = 3, 5, 7: sums of 1e5 terms and a tail by zeta values."""
    point, p = (Fraction(1, 50), Fraction(1, 90)), Fraction(p)
    with mpmath.workdps(45):
        head = 60
        u = at_mpmath(point)
        exact = direct(point, Fraction(2), p, head)[0]
        # beyond the head: 1/(j^-2 + u) = sum_k (-1)^k j^-2k/u^(k+1), and Hurwitz zeta values
        power = mpmath.mpf(p.numerator) / p.denominator
        exact += mpmath.fsum((-1) ** k * mpmath.zeta(power + 2 * k, head + 1) / u ** (k + 1) for k in range(40))
    for field in (Arb(), Mpmath()):
        found = sums(field, point, a=2, p=p, digits=30)[0]
        with mpmath.workdps(45):
            assert abs(as_mpmath(field, found) - exact) < abs(exact) * mpmath.mpf(10) ** -29


@pytest.mark.parametrize(
    "a, p, v", [("1/2", "1/2", 4000), ("1", "1", 3000), ("4/5", "8/5", 5000), ("3", "-1", 2000), ("2", "3", 1500)]
)
@pytest.mark.parametrize("scale", ["1/1000000000", pytest.param("1/1000", marks=pytest.mark.slow), "3"])
def test_finite_dimension(a, p, v, scale):
    a, p, point = Fraction(a), Fraction(p), (Fraction(scale), Fraction(scale) / 3)
    found = sums(Arb(), point, a=a, p=p, v=v, digits=30, proved=True)
    with mpmath.workdps(50):
        for ball, exact in zip(found, direct(point, a, p, v), strict=True):
            assert abs(as_mpmath(Arb(), ball) - exact) < abs(exact) * mpmath.mpf(10) ** -26


shapes = st.tuples(
    st.sampled_from(["6/5", "3/2", "2", "3", "5"]),
    st.sampled_from(["3/2", "2", "3", "4", "6"]),
    st.integers(-12, 1),
    st.integers(0, 8),
)


@settings(max_examples=25)
@given(shape=shapes)
def test_balls_contain_the_value_at_twice_the_digits_and_are_narrow(shape):
    a, p, size, turn = shape
    angle = Fraction(turn, 10) * 3
    point = (Fraction(10) ** size * Fraction(math.cos(angle)), Fraction(10) ** size * Fraction(math.sin(angle)))
    balls = sums(Arb(), point, a=a, p=p, digits=25, proved=True)
    truths = sums(Mpmath(), point, a=a, p=p, digits=50)
    field = Arb()
    for ball, truth in zip(balls, truths, strict=True):
        radius = field.radius(ball)
        with mpmath.workdps(60):
            exact = mpmath.mpc(truth)
            gap = as_mpmath(field, ball) - exact
            assert max(abs(gap.real), abs(gap.imag)) <= mpmath.mpf(10) ** (radius + 1e-9)
            assert radius < float(mpmath.log10(abs(exact))) - 25 + 6


def contains(point, *, a=2):
    """Whether the proved ball of S_{2,1} holds its closed form."""
    ball = sums(Arb(), point, a=a, p=2, digits=25, proved=True)[0]
    with mpmath.workdps(70):
        gap = as_mpmath(Arb(), ball) - coth_form(point)
        return max(abs(gap.real), abs(gap.imag)) <= mpmath.mpf(10) ** (Arb().radius(ball) + 1e-9)


@pytest.mark.parametrize("point", [*POINTS[:4:3], (Fraction(1, 50), Fraction(1, 90))], ids=str)
def test_a_broken_remainder_bound_is_caught(point, monkeypatch):
    assert contains(point)
    honest = Planner.plan

    def fewer(self, log_size, angle):
        plan = honest(self, log_size, angle)
        return replace(plan, corrections=max(1, plan.corrections // 3))  # the bound is still that of all corrections

    monkeypatch.setattr(Planner, "plan", fewer)
    assert not contains(point)


@pytest.mark.parametrize("corrections", [2, 4, 7])
def test_the_proved_bound_bounds_what_it_says_and_not_much_more(corrections, monkeypatch):
    """With few corrections the remainder is visible: below its bound, and not below a millionth of it."""
    honest = Planner.plan
    bounds = []

    def rough(self, log_size, angle):
        digits, self.digits = self.digits, 3 * corrections
        try:
            plan = honest(self, log_size, angle)
        finally:
            self.digits = digits
        bounds.append(plan.log10_bounds[0])
        return replace(plan, log10_bounds=(-math.inf,) * len(plan.log10_bounds))

    monkeypatch.setattr(Planner, "plan", rough)
    point = (Fraction(1, 300), Fraction(1, 200))
    found = sums(Arb(), point, a=2, p=2, digits=40, proved=True)[0]
    with mpmath.workdps(70):
        remainder = float(mpmath.log10(abs(as_mpmath(Arb(), found) - coth_form(point))))
    assert bounds[0] - 12 < remainder <= bounds[0]


def test_a_proved_sum_refuses_a_wide_argument():
    field = Arb()
    with field.working(35):
        tables = PowerLawTables(field, a=Fraction(2), dimension=None, powers=(Fraction(2),), digits=25, proved=True)
        with pytest.raises(ToleranceNotMet, match="radius"):
            tables.at(field.widen(field.real(Fraction(1, 100)), -10))


@pytest.mark.parametrize("p", ["3", "16/5", "14/5", "7", "34/5", "30000001/10000000"])
@pytest.mark.parametrize("point", [(Fraction(1, 10**6), Fraction(0)), (Fraction(1, 10**7), Fraction(3, 10**7))])
def test_the_whole_of_a_finite_sum_before_its_bend(p, point):
    """v = 400 and |u| v^2 < 0.2: both ends of the tail on one side, next to the exponents where a logarithm stands."""
    with mpmath.workdps(40):
        exact = direct(point, Fraction(2), Fraction(p), 400)[0]
    for field in (Arb(), Mpmath()):
        found = sums(field, point, a=2, p=Fraction(p), v=400, digits=25)[0]
        with mpmath.workdps(40):
            assert abs(as_mpmath(field, found) - exact) < abs(exact) * mpmath.mpf(10) ** -24
