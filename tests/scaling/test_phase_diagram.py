"""The derived phase diagram against the published table, an independent linear programme, and z3."""

from __future__ import annotations

import random
from fractions import Fraction

import numpy as np
import pytest
import sympy
import z3
from scipy.optimize import linprog
from sympy import Rational, sqrt, symbols

from riskcalc.errors import InvalidInput
from riskcalc.scaling.rational_function import RationalFunction

# the published table (Paquette et al., arXiv 2405.15074), typed here and nowhere in the package
x, y = symbols("alpha beta")
TABLE = {
    "Ia": (1 / (2 * x + 1), (2 * x + 2 * y - 1) / (2 * x + 1), {"F_0", "F_pp"}),
    "Ib": (Rational(1, 2), x + y - Rational(1, 2), {"F_0", "F_pp"}),
    "Ic": (
        (2 * x + 2 * y - 1) / (2 * (3 * x + 2 * y - 2 * x * y - 1)),
        x * (2 * x + 2 * y - 1) / (3 * x + 2 * y - 2 * x * y - 1),
        {"F_0", "F_pp"},
    ),
    "II": (y / (x + y), (2 * x + 2 * y - 1) / (2 * (x + y)), {"F_pp", "F_ac"}),
    "III": (Rational(1, 2), (4 * x - 1) / (4 * x), {"F_ac", "K_pp"}),
    "IVa": (Rational(1, 2), x, {"F_0", "K_pp"}),
    "IVb": (
        (y - x) / (2 * y - x - 2 * x * y),
        (1 - 2 * x) * (2 * x + 2 * y - 1) / (2 * (2 * y - 2 * x * y - x)),
        {"F_pp", "K_pp"},
    ),
}
EDGE = 1 - 1 / np.sqrt(2)


def published_phase(alpha, beta):
    if alpha > 0.5:
        return "Ia" if beta < 0.5 else "II" if beta < alpha else "III"
    if beta < 0.5:
        return "Ib"
    return "Ic" if alpha < 0.25 else "IVb" if alpha < EDGE else "IVa"


def brute_force_loss(alpha, beta):
    """min over the exponent of M of the largest of the four published terms, by HiGHS, in floats."""
    clock = min(0.0, 2 * alpha - 1)  # gamma ~ M^clock, t ~ (C/M)
    rate = (2 * alpha + 2 * beta - 1) / (2 * alpha)
    time = np.array([1.0, -1.0])  # exponent of t as (constant, slope in the exponent of M)
    intrinsic = time + np.array([0.0, clock])
    rows = [np.array([0.0, -2 * alpha + max(0.0, 1 - 2 * beta)]), -rate * intrinsic]
    if alpha > 0.5 and beta > 0.5:
        rows.append(np.array([0.0, -1.0]) - (1 - 1 / (2 * alpha)) * intrinsic)
    if alpha > 0.25 and beta > 0.5:
        rows.append(np.array([0.0, clock]) - (2 - 1 / (2 * alpha)) * intrinsic)
    slopes = np.array([[row[1], -1.0] for row in rows])
    bounds = [(0, 1), (None, None)]
    found = linprog([0, 1], A_ub=slopes, b_ub=[-row[0] for row in rows], bounds=bounds, method="highs")
    assert found.status == 0
    return -found.fun


@pytest.fixture(scope="module")
def diagram(phases):
    return phases


def test_there_are_exactly_the_seven_phases(diagram):
    assert {phase.name for phase in diagram.phases} == set(TABLE)
    assert len(diagram.phases) == 7


@pytest.mark.parametrize("name", TABLE)
def test_exponents_and_balance_equal_the_published_table(diagram, name):
    phase = next(phase for phase in diagram.phases if phase.name == name)
    letters = dict(zip((x, y), diagram.letters, strict=True))
    size, loss, balance = TABLE[name]
    assert sympy.simplify(phase.model_size_exponent - size.subs(letters)) == 0
    assert sympy.simplify(phase.loss_exponent - loss.subs(letters)) == 0
    assert set(phase.balance) == balance


def test_boundaries_are_the_published_lines_and_no_others(diagram):
    alpha, beta = diagram.letters
    expected = {
        2 * beta - 1,
        alpha - beta,
        alpha - Rational(1, 2),
        alpha - Rational(1, 4),
        alpha - 1 + sqrt(2) / 2,
    }
    assert {boundary.expression for boundary in diagram.boundaries} == expected


def test_a_point_is_read_as_every_number_is(diagram):
    for point in [("1.5", 1), (Rational(3, 2), sympy.Integer(1)), (Fraction(3, 2), "2/2")]:
        assert diagram.phase(point) is diagram.phase((Fraction(3, 2), Fraction(1))) is not None
    with pytest.raises(InvalidInput, match=r"alpha=1.5 is a float.*write alpha='3/2'"):
        diagram.phase((1.5, 1))


def test_phases_lie_where_they_are_published(diagram):
    for alpha, beta in _random_points(100, seed=5):
        assert diagram.phase((alpha, beta)).name == published_phase(float(alpha), float(beta))


def test_loss_exponents_are_continuous_across_every_boundary(diagram):
    alpha, beta = diagram.letters
    by_name = {phase.name: phase for phase in diagram.phases}
    for line, left, right in [
        ({beta: Rational(1, 2)}, "Ia", "II"),
        ({beta: alpha}, "II", "III"),
        ({alpha: Rational(1, 2)}, "III", "IVa"),
        ({alpha: Rational(1, 4)}, "Ic", "IVb"),
        ({alpha: 1 - sqrt(2) / 2}, "IVb", "IVa"),
        ({beta: Rational(1, 2)}, "Ib", "IVa"),
    ]:
        gap = by_name[left].loss_exponent - by_name[right].loss_exponent
        assert sympy.simplify(gap.subs(line)) == 0
    jump = by_name["IVb"].model_size_exponent - by_name["IVa"].model_size_exponent
    assert sympy.simplify(jump.subs(alpha, 1 - sqrt(2) / 2)) != 0


@pytest.mark.parametrize("count", [400, pytest.param(10_000, marks=pytest.mark.slow)])
def test_brute_force_linear_programme_agrees(diagram, count):
    losses = {p.name: RationalFunction.of(p.loss_exponent, diagram.letters) for p in diagram.phases}
    for point in _random_points(count, seed=count):
        derived = losses[published_phase(*map(float, point))].at(point)
        assert abs(float(derived) - brute_force_loss(*map(float, point))) < 1e-9


def test_z3_proves_optimality_for_all_exponents_in_each_region(diagram):
    """At all real alpha, beta of a phase's region some best allocation of it has everything that proves it positive.

    Most of what proves a best allocation is positive in all of the region. What is not, such as the line beyond which
    another term of the table holds, has to be positive for one of the phase's best allocations everywhere.
    """
    proved = 0
    for phase in diagram.phases:
        region = _Region(diagram, phase)
        pieces = []
        for found in (found for one, found in diagram.certificates if one == phase):
            signs = [region.sign(one) for one in found]
            assert all(sign is None or sign > 0 for sign in signs), phase.name
            pieces.append([one for one, sign in zip(found, signs, strict=True) if sign is None])
            proved += sum(sign is not None for sign in signs)
        assert pieces
        assert not all(pieces) or region.covered(pieces), phase.name
    assert proved > 40


class _Region:
    """A phase's region for z3, in which it is asked for the signs of irreducible polynomials."""

    def __init__(self, diagram, phase):
        self.plane, (alpha, beta, self.root) = diagram.letters, z3.Reals("alpha beta root")
        self.letters = {str(letter): real for letter, real in zip(self.plane, (alpha, beta), strict=True)}
        self.inside = [self.root * self.root == 2, self.root > 0, alpha > 0]
        for relation in (*sympy.And.make_args(diagram.domain), *sympy.And.make_args(phase.region)):
            gap = self.real(relation.lhs - relation.rhs)
            self.inside.append(gap > 0 if isinstance(relation, sympy.StrictGreaterThan) else gap < 0)

    def real(self, expression):
        return _z3(sympy.expand(expression), self.letters, self.root)

    def sign(self, function):
        """1 or -1 where it is the same in all of the region; None where some factor changes sign."""
        total, factors = sympy.factor_list(sympy.Mul(*sympy.fraction(function.expression())), *self.plane)
        for factor, times in factors:
            if times % 2:
                total *= self._fixed(factor)
        return None if total == 0 else int(sympy.sign(total))

    def covered(self, pieces):
        """Whether in each point of the region, but for the curves themselves, all of one of the pieces is positive."""
        products = [[self.real(sympy.Mul(*sympy.fraction(one.expression()))) for one in piece] for piece in pieces]
        on_no_curve = [product != 0 for piece in products for product in piece]
        return self._impossible([*on_no_curve, *(z3.Or([product < 0 for product in piece]) for piece in products)])

    def _fixed(self, factor):
        real = self.real(factor)
        return 1 if self._impossible([real < 0]) else -1 if self._impossible([real > 0]) else 0

    def _impossible(self, conditions):
        solver = z3.Solver()
        solver.set("timeout", 60_000)
        solver.add([*self.inside, *conditions])
        return solver.check() == z3.unsat


def _z3(expression, letters, root):
    if expression.is_Add:
        return z3.Sum([_z3(part, letters, root) for part in expression.args])
    if expression.is_Mul:
        return z3.Product([_z3(part, letters, root) for part in expression.args])
    if expression == sqrt(2):
        return root
    if expression.is_Pow and expression.exp.is_Integer and expression.exp > 0:
        return z3.Product([_z3(expression.base, letters, root)] * int(expression.exp))
    if expression.is_Rational:
        return z3.Q(expression.p, expression.q)
    return letters[str(expression)]


def _random_points(count, seed):
    """Rational points of the domain, at least 1/1000 away from every published line."""
    generator, found = random.Random(seed), []
    while len(found) < count:
        alpha, beta = (Fraction(generator.randint(1, 24_000), 12_000) for _ in range(2))
        beta -= Fraction(1, 5)
        near = min(abs(float(gap)) for gap in (beta - Fraction(1, 2), alpha - beta, alpha - Fraction(1, 2)))
        near = min(near, abs(float(alpha) - 0.25), abs(float(alpha) - EDGE))
        if alpha + beta > Fraction(501, 1000) and near > 1e-3:
            found.append((alpha, beta))
    return found
