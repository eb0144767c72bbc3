"""The page's scripts say what Python says, in an engine without a page: phases exactly, curves to eleven digits."""

from __future__ import annotations

import json
from fractions import Fraction

import pytest

from riskcalc.explorer.questions import Asked
from tests.explorer.engine import answers, random_points, written
from tests.explorer.expected import faults_in_curve, faults_in_exponents, setting_of

# A point of every published phase (Paquette et al., arXiv 2405.15074): alpha, beta, name, exponents of M and of the
# loss, by their table, worked out by hand.
PUBLISHED = [
    ("1", "1/4", "Ia", "1/3", "1/2"),
    ("2/5", "1/4", "Ib", "1/2", "3/20"),
    ("1/5", "3/4", "Ic", "9/16", "9/40"),
    ("1", "3/4", "II", "3/7", "5/7"),
    ("1", "3/2", "III", "1/2", "3/4"),
    ("2/5", "1", "IVa", "1/2", "2/5"),
    ("27/100", "1", "IVb", "73/119", "253/850"),
]

# alpha, beta: the noise of a whole run, of its very end, with and without what the early bias excites; a < 1
MOVING = [((7, 10), (1, 10)), ((11, 10), (3, 4)), ((9, 5), (4, 5)), ((2, 5), (1, 1))]


def test_phases_and_exponents_are_those_of_python_and_of_the_published_table():
    points = [*((Fraction(row[0]), Fraction(row[1])) for row in PUBLISHED), *random_points(5, seed=2)]
    found = answers([Asked()], f"{written(points)}.map(p => answerAt(p, DATA.questions[0]))")
    wrong = [fault for point, one in zip(points, found, strict=True) for fault in faults_in_exponents(point, one, {})]
    assert not wrong, "\n".join(wrong)
    assert {one["tie"] for one in found} == {True, False}
    for one, (_, _, name, size, loss) in zip(found, PUBLISHED, strict=False):
        assert one["phase"] == name
        assert (Fraction(one["exponents"]["M"][0]), Fraction(one["loss"])) == (Fraction(size), Fraction(loss))


@pytest.mark.every_case
@pytest.mark.parametrize("alpha, beta", [("1", "3/4"), ("7/10", "-1/10"), ("3/10", "1"), ("1/5", "9/10")])
def test_curves_are_those_of_the_asymptotic_road(alpha, beta):
    point = Fraction(alpha), Fraction(beta)
    setting = setting_of(point, seed=3)
    (found,) = answers([Asked()], f"{written([point])}.map(p => answerAt(p, DATA.questions[0], {json.dumps(setting)}))")
    assert found["refusal"] is None
    assert not faults_in_curve(point, setting, found)


@pytest.mark.every_case
@pytest.mark.parametrize(
    "schedule",
    [
        "cosine",
        *(pytest.param(name, marks=pytest.mark.slow) for name in ("wsd:1/5", "polynomial:1/2", "wsd:1/3,floor=1/10")),
        pytest.param("geometric", marks=pytest.mark.slow),
    ],
)
def test_under_a_schedule_curves_are_those_of_the_asymptotic_road(schedule):
    points = [(Fraction(*alpha), Fraction(*beta)) for alpha, beta in MOVING]
    settings = [setting_of(point, seed) | {"noise": 0.01, "schedule": schedule} for seed, point in enumerate(points)]
    request = f"{written(points)}.map((p, k) => answerAt(p, DATA.questions[0], {json.dumps(settings)}[k]))"
    found = answers([Asked(schedule=schedule)], request)
    triples = zip(points, settings, found, strict=True)
    assert not [fault for point, setting, one in triples for fault in faults_in_curve(point, setting, one)]
    refused = {"geometric": len(points)}.get(schedule, 1)  # a < 1 has no constants under a schedule
    assert [one["refusal"] is not None for one in found].count(True) == refused


@pytest.mark.every_case
@pytest.mark.parametrize("ratio", [1, 3])
def test_every_model_of_a_family_in_a_finite_dimension_has_its_curve(ratio):
    """From the size on at which the terms are no more than the risk at its start, as b is close to a + 1."""
    sizes = [10, 22, 46, 1000, 46416]
    setting = {"M": 1000, "gamma": 0.01, "B": 1, "noise": 0, "r": ratio}
    family = "frontierOf({ alpha: rational(2n, 5n), beta: whole(1) }, %s, %s).curves.map(one => one.M)"
    assert answers([Asked()], family % (json.dumps(setting), json.dumps(sizes))) == sizes[1:]


def test_the_frontier_ends_where_the_family_does():
    setting = {"M": 1000, "gamma": 0.1, "B": 1, "noise": 0, "r": 4}
    frontier = (
        f"frontierOf({{ alpha: whole(1), beta: rational(3n, 4n) }}, {json.dumps(setting)}, [10, 100, 1000, 10000])"
    )
    best = answers([Asked()], f"{frontier}.envelope.map(one => one.M)")
    assert best[0] == 10
    assert set(best) == {10, 100, 1000}
    assert best == sorted(best)


def test_compute_beyond_the_largest_double_is_drawn():
    setting = {"M": 10**7, "gamma": 0.3, "B": 2, "noise": 0, "r": 4}
    family = f"frontierOf({{ alpha: rational(43n, 2n), beta: whole(1) }}, {json.dumps(setting)}, [1000, 1e7])"
    ends, frontier = answers(
        [Asked()], f"(({{ curves, envelope }}) => [curves.map(one => one.to), envelope])({family})"
    )
    assert [round(end) for end in ends] == [133, 309]
    assert len(frontier) > 40
    assert all(0 < one["excess"] < 1 for one in frontier)


@pytest.mark.parametrize(("alpha", "beta", "size"), [("1/10000", "1", 1000), ("1/3000", "1", 10), ("40", "1", 10**4)])
def test_constants_that_doubles_do_not_hold_are_refused(alpha, beta, size):
    setting = {"M": size, "gamma": 1e-4, "B": 1, "noise": 0.01, "r": 1, "steps": []}
    (found,) = answers(
        [Asked()], f"{written([(alpha, beta)])}.map(p => answerAt(p, DATA.questions[0], {json.dumps(setting)}))"
    )
    assert "beyond the numbers of this page" in found["refusal"]


def test_outside_nothing_is_best_and_on_a_boundary_both_sides_are():
    points = [("1", "-1"), ("-3", "9"), ("1", "-1/2"), ("1", "1"), ("1", "3/4")]
    best = "(one => one && [one.meeting.length, one.balance, Boolean(one.phase)])"
    seen = f"({best})(optimumAt(DATA.questions[0], {{ alpha: readRational(p[0]), beta: readRational(p[1]) }}))"
    outside, negative, edge, boundary, inside = answers([Asked()], f"{json.dumps(points)}.map(p => {seen})")
    assert (outside, negative, edge) == (None, None, None)
    assert boundary == [2, ["F_pp", "F_ac", "K_pp"], False]
    assert inside == [1, ["F_pp", "F_ac"], True]


def test_questions_with_one_answer_share_it():
    asked = [Asked(), Asked(optimiser="heavy-ball:9/10"), Asked(budget="data-set", step_size="free")]
    found = answers(asked, "[DATA.answers.length, DATA.questions.map(one => [one.answer, one.phases.length])]")
    assert found == [2, [[0, 7], [0, 7], [1, 3]]]


def test_numbers_are_read_exactly_and_nothing_else_is():
    texts = ["17/5", "0.3", "1e-3", "-2/4", " 7 ", "", "1/0", "abc", "1e999", "0x10", "1/2/3", "."]
    told = "x => x && toText(x)"
    read = answers([Asked()], f"{json.dumps(texts)}.map(readRational).map({told})")
    assert read == ["17/5", "3/10", "1/1000", "-1/2", "7", *[None] * 7]
