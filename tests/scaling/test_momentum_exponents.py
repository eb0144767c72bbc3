"""Exponents with a memory: the derived allocation against closed forms, brute force and numerical Mellin transforms."""

from __future__ import annotations

import random
from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
import sympy

import riskcalc as rc
from riskcalc.asymptotic.accelerated import Acceleration, accelerated_terms
from riskcalc.errors import InvalidInput

MEMORY = 40
TURN = (3 + 5**0.5) / 2  # of the last two regions


def decaying(a):
    return rc.Dana(delta="1/10", decay=1 / Fraction(a), memory=MEMORY)


CONSTANT = rc.Dana(delta="1/10", decay=0, memory=MEMORY)


def closed_form(a, b):
    """(x, y) of DANA-decaying."""
    n, whole = (2 * a - 1) * (b - a) + a**2, a**2 + 2 * a - 1
    if b < a + 1:
        return (2 * a - 1) / whole, (b - 1) * (2 * a - 1) / whole
    if a > TURN:
        return (2 * a - 1) / whole, a * (2 * a - 1) / whole
    if b < 2 * a:
        return (2 * a - 1) * (b - a) / n, (2 * a - 1) * (b - 1) / n
    return (2 * a - 1) / (3 * a - 1), (2 * a - 1) ** 2 / (a * (3 * a - 1))


def closed_form_constant(a, b):
    if b < a + 1:
        return 2 / (a + 3), 2 * (b - 1) / (a + 3)
    if a > Fraction(3, 2):
        return 2 / (a + 3), 2 * a / (a + 3)
    if b < 2 * a:
        return 2 * (b - a) / (3 * b - 2 * a), 2 * (b - 1) / (3 * b - 2 * a)
    return Fraction(1, 2), (2 * a - 1) / (2 * a)


def points(count, seed):
    drawn = random.Random(seed)
    return [
        (Fraction(drawn.randint(101, 450), 100), Fraction(drawn.randint(102, 1300), 100)) for _ in range(count)
    ]


@pytest.mark.parametrize(("method", "expected"), [(decaying, closed_form), (lambda a: CONSTANT, closed_form_constant)])
def test_the_derived_exponents_are_the_closed_forms(method, expected):
    for a, b in points(4, 3):
        if b in (a + 1, 2 * a):
            continue
        found = rc.exponents(a=a, b=b, optimiser=method(a))
        assert (found.model_size_exponent, found.loss_exponent) == expected(a, b), (a, b)


@pytest.mark.parametrize("kind", ["decaying", "constant"])
def test_a_brute_force_minimum_over_the_same_monomials(kind):
    """1,000 points: on a fine grid of x no allocation does better than the closed form, and one does as well."""
    x = np.linspace(0, 1, 4001)
    for a, b in points(1000, 7):
        power = float(2 - 1 / a) if kind == "decaying" else 2.0
        tau = power * (1 - x) - (0 if kind == "decaying" else x)
        if kind == "constant":
            tau = np.where(1 - x >= x, tau, 1 - x)  # before t = M it is SGD
        floor = -float(min(b - 1, a)) * x
        terms = [floor, -tau * float((b - 1) / a), -tau * float(2 - 1 / a)]
        if b > a + 1:
            terms.append(-x - tau * float(1 - 1 / a))
        loss = np.where(tau <= float(a) * x + 1e-9, np.max(terms, axis=0), np.inf)
        expected = (closed_form if kind == "decaying" else closed_form_constant)(a, b)
        assert -loss.min() == pytest.approx(float(expected[1]), abs=4e-3), (a, b)


def test_the_last_two_regions_change_at_the_root_of_a_square():
    """a^2 - 3 a + 1 = 0: F_0 = F_ac is best above it, F_pp = F_ac below."""
    below, above = (Fraction(2618, 1000), Fraction(2619, 1000))
    assert below < TURN < above
    for a, names in ((below, {"F_pp", "F_ac"}), (above, {"F_0", "F_ac"})):
        assert set(rc.exponents(a=a, b=2 * a - Fraction(1, 100), optimiser=decaying(a)).balance) == names


def test_constant_momentum_has_the_exponents_of_sgd():
    for optimiser in (rc.HeavyBall("9/10"), rc.Nesterov("9/10"), rc.TwoBuffer(delta=1, mu="1/2")):
        assert rc.exponents(a=2, b="17/5", optimiser=optimiser) == rc.exponents(a=2, b="17/5")


def test_the_transform_of_the_decay():
    """Against its integral over x, split where the Bessel function begins to oscillate."""
    mpmath = pytest.importorskip("mpmath")
    decay, memory = mpmath.mpf(1) / 2, 8
    nu = (memory + decay - 1) / (2 - decay)

    def shape(x):
        return mpmath.gamma(nu + 1) ** 2 * (4 / x) ** nu * mpmath.besselj(nu, mpmath.sqrt(x)) ** 2

    s = mpmath.mpf(7) / 10
    numeric = mpmath.quad(lambda x: x ** (s - 1) * shape(x), [0, 1, 10, 50, 100, 400, 1000, 4000])
    dana = Acceleration(delta=sympy.S.One, decay=sympy.S.Half, memory=sympy.Integer(8))
    exact = dana.transform(sympy.Rational(7, 10))
    assert float(exact) == pytest.approx(float(numeric), rel=1e-6)


def test_terms_follow_the_clock():
    two, five = sympy.Integer(2), sympy.Integer(5)
    dana = Acceleration.of(decaying(2), two)
    terms = {term.name: term for term in accelerated_terms(two, five, dana)}
    assert dana.clock == {"t": sympy.Rational(3, 2)}
    assert terms["F_pp"].exponents == {"t": -3}
    assert terms["F_ac"].exponents == {"t": sympy.Rational(-3, 4), "M": -1}
    assert terms["K_pp"].exponents == {"t": sympy.Rational(-9, 4)}


def test_a_family_is_the_method_with_the_decay_of_each_spectrum():
    family = rc.DanaDecaying(delta="1/10", memory=MEMORY)
    for a, b in points(2, 5):
        found, one = (rc.exponents(a=a, b=b, optimiser=which) for which in (family, decaying(a)))
        assert found == replace(one, question=found.question)


DIAGRAMS = {
    "decaying": (rc.DanaDecaying(delta="1/10", memory=MEMORY), closed_form, (3 + sympy.sqrt(5)) / 2),
    "constant": (CONSTANT, closed_form_constant, sympy.Rational(3, 2)),
}


@pytest.mark.parametrize("kind", DIAGRAMS)
def test_the_derived_diagram_has_the_closed_forms_everywhere(kind):
    optimiser, expected, turn = DIAGRAMS[kind]
    diagram = rc.phase_diagram(optimiser=optimiser, paper_letters=False)
    power, signal = diagram.letters
    lines = [border.expression for border in diagram.boundaries]
    assert len(lines) == 3
    for line in (signal - power - 1, signal - 2 * power, power - turn):
        assert any((line - found).equals(0) or (line + found).equals(0) for found in lines), line
    for point in points(300, 11):
        a, b = point
        if b in (a + 1, 2 * a) or a == turn:
            continue
        phase = diagram.phase(point)
        assert phase is not None, point
        values = dict(zip(diagram.letters, map(sympy.Rational, map(str, point)), strict=True))
        found = phase.model_size_exponent.subs(values), phase.loss_exponent.subs(values)
        assert tuple(map(Fraction, map(str, found))) == expected(a, b), point
    assert diagram.phase((Fraction(9, 10), Fraction(2))) is None


def test_a_diagram_ends_where_the_memory_is_too_short():
    diagram = rc.phase_diagram(optimiser=rc.Dana(delta="1/10", decay="1/2", memory=8), paper_letters=False)
    edge = lambda a: 1 + (8 + Fraction(1, 4)) * a / Fraction(3, 2)  # noqa: E731  # b where nu + 1/2 = (b - 1)/a
    for a in (Fraction(21, 10), Fraction(7, 2)):
        assert diagram.phase((a, edge(a) + Fraction(1, 100))) is None
        assert diagram.phase((a, edge(a) - Fraction(1, 100))) is not None
        with pytest.raises(InvalidInput, match="memory 8 is too short"):
            diagram.at(a, edge(a) + Fraction(1, 100))
    assert diagram.phase((Fraction(199, 100), Fraction(3))) is None  # below 1/decay


def test_on_the_line_of_the_double_pole_the_terms_carry_logarithms():
    """F_ac ~ log t, which the loss at the optimum shows."""
    found = rc.exponents(a=2, b=3, optimiser=decaying(2))
    assert {term.name: dict(term.logs) for term in found.terms}["F_ac"] == {"t": 1}


def test_when_a_law_begins_is_refused_for_all_but_sgd():
    for optimiser in (rc.HeavyBall("9/10"), CONSTANT, decaying(2)):
        for found in (
            rc.exponents(a=2, b="12/5", optimiser=optimiser),
            rc.phase_diagram(optimiser=optimiser).at(2, "12/5"),
        ):
            with pytest.raises(InvalidInput, match=r"constants, which are derived for SGD\(\) alone, not "):
                found.approach()


@pytest.mark.parametrize(
    ("optimiser", "match"),
    [
        (rc.Dana(delta="1/10", decay="3/10", memory=40), r"decay 3/10 is below 1/a = 1/2"),
        (rc.Dana(delta="1/10", decay="1/2", memory=2), r"memory 2 is too short: above 2 is needed"),
        (rc.Dana(delta="1/10", decay=1, memory=40), r"decay 1 is not below 1"),
        (rc.ScheduleFree("9/10"), r"schedule-free.* are not derived"),
    ],
)
def test_what_is_not_derived_is_refused_with_its_number(optimiser, match):
    with pytest.raises(InvalidInput, match=match):
        rc.exponents(a=2, b=3, optimiser=optimiser)


def test_label_noise_leaves_a_floor():
    with pytest.raises(InvalidInput, match="without label noise"):
        rc.exponents(a=2, b=3, noise=1, optimiser=decaying(2))
