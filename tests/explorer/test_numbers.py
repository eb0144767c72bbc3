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


def test_numbers_are_read_exactly_and_nothing_else_is():
    texts = ["17/5", "0.3", "1e-3", "-2/4", " 7 ", "", "1/0", "abc", "1e999", "0x10", "1/2/3", "."]
    told = "x => x && toText(x)"
    read = answers([Asked()], f"{json.dumps(texts)}.map(readRational).map({told})")
    assert read == ["17/5", "3/10", "1/1000", "-1/2", "7", *[None] * 7]
