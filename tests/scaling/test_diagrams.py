"""Diagrams of every question: equal to `exponents`, to published terms under HiGHS, complete in their boundaries."""

from __future__ import annotations

import math
import random
from fractions import Fraction
from functools import cache

import pytest
import sympy

from riskcalc.asymptotic import shape
from riskcalc.scaling import Choice, compute, data, exponents, phase_diagram
from riskcalc.scaling.best import best_allocation
from riskcalc.scaling.question import OURS
from tests.scaling.published import best_loss

SHAPES = {
    "constant": (shape.constant(), 0),
    "geometric": (shape.geometric(), math.inf),
    "cosine": (shape.cosine(), 2),
    "wsd": (shape.warmup_stable_decay(sympy.Rational(1, 4)), 1),
    "cube": (shape.polynomial(sympy.Integer(3)), 3),
    "root": (shape.polynomial(sympy.Rational(1, 2)), Fraction(1, 2)),
    "linear": (shape.polynomial(sympy.Integer(1)), 1),
}
SPENT = {"largest": compute(), "free": compute(step_size=Choice.FREE), "data": data()}
ALL = [
    ("constant", "largest", False),
    ("constant", "free", False),
    ("constant", "largest", True),
    ("constant", "free", True),
    ("geometric", "largest", True),
    ("geometric", "data", True),
    ("cosine", "largest", True),
    ("cosine", "free", True),
    ("wsd", "data", True),
    ("cube", "free", True),
    ("root", "free", True),
    ("linear", "largest", True),
]
FEW = [("geometric", "largest", True), ("cosine", "free", True)]
EVERY = [
    pytest.param(asked, marks=() if asked in FEW else pytest.mark.slow, id="-".join(map(str, asked))) for asked in ALL
]


@cache
def diagram_of(asked):
    form, spent, noise = asked
    return phase_diagram(budget=SPENT[spent], shape=SHAPES[form][0], noise=noise, paper_letters=False)


def ask(asked, a, b):
    form, spent, noise = asked
    return exponents(a=a, b=b, budget=SPENT[spent], shape=SHAPES[form][0], noise=noise)


def points(count, seed):
    """Rational points near lines and not on them: of the lines without b those at whole numbers can be met."""
    generator = random.Random(seed)
    while count:
        a, b = Fraction(generator.randint(1, 4200), 997), 1 + Fraction(generator.randint(1, 4200), 991)
        if a.denominator > 1:
            count -= 1
            yield a, b


@pytest.mark.parametrize("count", [4, pytest.param(170, marks=pytest.mark.slow)])
@pytest.mark.parametrize("asked", EVERY)
def test_diagram_exponents_and_published_terms_agree(asked, count):
    diagram, (_, end) = diagram_of(asked), SHAPES[asked[0]]
    words = {"end": float(end), "noise": asked[2], "free": asked[1] != "largest", "data": asked[1] == "data"}
    for a, b in points(count, seed=f"{asked} {count}"):
        found, phase, at = diagram.at(a, b), diagram.phase((a, b)), {diagram.letters[0]: a, diagram.letters[1]: b}
        published = best_loss(float(a), float(b), **words)
        assert abs(float(found.loss_exponent) - published) < 1e-8, (a, b)
        size = float(found.model_size_exponent)
        assert abs(best_loss(float(a), float(b), **words, size=size) - published) < 1e-8, (a, b)
        if found.exponents["M"].low == found.exponents["M"].high:
            for other in (size - 0.01, size + 0.01):
                assert best_loss(float(a), float(b), **words, size=other) < published - 1e-9, (a, b)
        assert phase is not None
        assert phase.balance == found.balance, (a, b)
        values = {name: expression.subs(at) for name, expression in phase.exponents.items()}
        assert values == {name: one.low for name, one in found.exponents.items()}, (a, b)
        assert phase.loss_exponent.subs(at) == found.loss_exponent
        for name, one in found.exponents.items():
            assert (phase.upper.get(name, phase.exponents[name]).subs(at) == sympy.oo) == (one.high is None)


@pytest.mark.parametrize(("asked", "a", "b", "size", "loss"), [
    (("cosine", "free", True), "7/2", 4, "6/31", "18/31"),
    pytest.param(("cube", "free", True), "9/2", 5, "8/49", "32/49", marks=pytest.mark.slow),
    pytest.param(("root", "free", True), "5/4", "3/2", "2/5", "1/5", marks=pytest.mark.slow),
    (("geometric", "largest", True), "209/100", "333/100", "100/409", "209/409"),
    pytest.param(("cosine", "largest", True), "17/10", 4, "5/21", "17/42", marks=pytest.mark.slow),
])
def test_points_at_which_a_diagram_was_wrong(asked, a, b, size, loss):
    """A noise term was left out where its strip of a held no sample; and the optimum beyond the window."""
    diagram, point = diagram_of(asked), (Fraction(a), Fraction(b))
    found, phase = ask(asked, a, b), diagram.phase(point)
    at = dict(zip(diagram.letters, point, strict=True))
    assert (found.model_size_exponent, found.loss_exponent) == (Fraction(size), Fraction(loss))
    assert (phase.model_size_exponent.subs(at), phase.loss_exponent.subs(at)) == (Fraction(size), Fraction(loss))
    assert found == diagram.at(a, b)


@pytest.mark.parametrize(("form", "line"), [("cosine", 3), pytest.param("root", "3/2", marks=pytest.mark.slow)])
def test_the_line_where_the_end_of_the_schedule_takes_over_is_a_boundary(form, line):
    diagram = diagram_of((form, "free", True))
    assert diagram.letters[0] - sympy.Rational(line) in {border.expression for border in diagram.boundaries}


@pytest.mark.parametrize("lines", [2, pytest.param(40, marks=pytest.mark.slow)])
@pytest.mark.parametrize("asked", EVERY)
def test_no_boundary_is_missing(asked, lines):
    """Wherever the optimum changes on a random line, by bisection without the diagram, a listed curve passes."""
    diagram = diagram_of(asked)
    borders = [sympy.lambdify(diagram.letters, border.expression) for border in diagram.boundaries]
    met, generator = 0, random.Random(str(asked))
    while met < lines:
        left, right = points(2, seed=generator.random())
        start = key(diagram, left)
        if start == key(diagram, right):
            continue
        for _ in range(20):
            middle = tuple((x + y) / 2 for x, y in zip(left, right, strict=True))
            left, right = (middle, right) if key(diagram, middle) == start else (left, middle)
        assert min(abs(border(*map(float, left))) for border in borders) < 1e-4, (asked, left)
        met += 1


@pytest.mark.parametrize("asked", EVERY)
def test_no_boundary_is_idle(asked):
    diagram, generator = diagram_of(asked), random.Random(7)
    for border in diagram.boundaries:
        assert any(_changes(diagram, border, generator) for _ in range(60)), border.expression


def _changes(diagram, border, generator):
    """Whether the optimum differs on the two sides of a random point of the curve."""
    a, b = diagram.letters
    if not border.expression.has(b):
        (root,) = sympy.solve(border.expression, a)
        place, step = (Fraction(float(root)), 1 + Fraction(generator.randint(1, 6000), 997)), (Fraction(1, 10**6), 0)
    else:
        x = sympy.Rational(generator.randint(1, 4200), 997)
        heights = [value for value in sympy.solve(border.expression.subs(a, x), b) if value.is_real and value > 1]
        if not heights:
            return False
        place, step = (Fraction(str(x)), Fraction(float(heights[0]))), (0, Fraction(1, 10**6))
    sides = [tuple(x + sign * y for x, y in zip(place, step, strict=True)) for sign in (1, -1)]
    return key(diagram, sides[0]) != key(diagram, sides[1])


def key(diagram, point):
    """What holds around a point, by its own linear programmes alone."""
    return best_allocation(diagram.question.programmes(OURS, slow=point[0] < 1), point).key


def test_where_any_larger_model_is_as_good():
    found = exponents(a=2, b="5/2", noise=1, shape=shape.geometric(), budget=data())
    assert str(found.exponents["M"]) == "2/5 or more"
    assert found.loss_exponent == Fraction(3, 5)
    assert found.model_size_exponent == Fraction(2, 5)
    assert any("range" in tie for tie in found.ties)


def test_letters_of_the_paper_ask_the_same_points():
    ours, paper = diagram_of(("geometric", "largest", True)), phase_diagram(noise=1, shape=shape.geometric())
    found = {phase.balance for phase in paper.phases}
    assert found == {phase.balance for phase in ours.phases}
    assert len(paper.phases) == len(ours.phases)
    assert paper.at(alpha="3/2", beta="1/4") == ours.at(3, "7/2")


def test_outputs_have_a_diagram_too():
    budget = compute(outputs="1/4", pay_for_outputs=False)
    diagram = phase_diagram(noise=1, shape=shape.geometric(), budget=budget, normalisation="total", paper_letters=False)
    point = (Fraction(2), Fraction(5, 2))
    one = exponents(a=2, b="5/2", noise=1, shape=shape.geometric(), budget=budget, normalisation="total")
    at = dict(zip(diagram.letters, point, strict=True))
    assert diagram.phase(point).loss_exponent.subs(at) == one.loss_exponent == Fraction(9, 28)
    assert diagram.phase(point).exponents["M"].subs(at) == Fraction(3, 14)
