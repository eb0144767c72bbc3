"""Each rule accepts what it should, refuses what lies just outside, and says when it cannot tell."""

from __future__ import annotations

import math

import pytest

from riskcalc.errors import InvalidInput
from riskcalc.reproduce.rules import Among, AsPrinted, ByConstruction, ByZ, Corrected, Identical, Ours, Within
from riskcalc.reproduce.verdict import Verdict

PASSED, FAILED, OPEN = Verdict.PASSED, Verdict.FAILED, Verdict.NOT_DETERMINED


def ours(value: float, error: float | None = None) -> Ours:
    return Ours(text=str(value), value=value, standard_error=error)


@pytest.mark.parametrize(
    "rule, published, right, wrong",
    [
        (Identical(), "5/7", Ours(text="5/7", value=5 / 7), Ours(text="4/7", value=4 / 7)),
        (AsPrinted(), "0.643", ours(9 / 14), ours(0.6436)),
        (AsPrinted(), "9.774e-5", ours(9.7744e-5), ours(9.7746e-5)),
        (Within(effect=0.02, reason=""), "0.49", ours(0.515), ours(0.516)),
        (Within(effect=0.02, exact=True, reason=""), "0.49", ours(0.51), ours(0.511)),
        (Within(effect=0.01, relative=True, reason=""), "-200", ours(-202.5), ours(-202.6)),
        (Within(effect=0, reason=""), "1.50", ours(1.495), ours(1.494)),
        (Among(values=(0.493, 0.487), reason=""), "0.49", ours(0.493), ours(0.487)),
        (ByZ(bound=3, power=1, reason=""), "1", ours(1.29, 0.1), ours(1.31, 0.1)),
        (ByZ(bound=3, power=1, published_error=0.4, reason=""), "1", ours(2.4, 0.3), ours(2.6, 0.3)),
    ],
)
def test_inside_and_outside(rule, published, right, wrong):
    assert rule.judge(published, right) is PASSED
    assert rule.judge(published, wrong) is FAILED
    assert rule.judge(published, ours(1e9, wrong.standard_error)) is FAILED
    assert rule.words
    identity = ByConstruction(rule=rule, reason="put in")
    assert identity.judge(published, right) is Verdict.IDENTITY
    assert identity.judge(published, wrong) is FAILED
    assert "put in" in identity.words


@pytest.mark.parametrize(
    "value, verdict",
    [
        (0.69, Verdict.CORRECTED),
        (0.88, FAILED),  # what is published, and so nothing to correct
        (0.6, FAILED),
        (1e9, FAILED),
    ],
)
def test_a_correction_is_neither_theirs_nor_anything_else(value, verdict):
    rule = Corrected(value="0.6875", rule=Within(effect=0.01, exact=True, reason=""), reason="derived")
    assert rule.judge("0.88", ours(value)) is verdict
    assert "not the published value, but 0.6875 (derived)" in rule.words


def test_a_correction_that_cannot_be_told_from_what_is_published():
    rule = Corrected(value="0.69", rule=Within(effect=0.1, exact=True, reason=""), reason="")
    assert rule.judge("0.7", ours(0.7)) is OPEN


@pytest.mark.parametrize(
    "published, value, verdict",
    [
        ("0.54", 0.5, OPEN),  # the choices matter, and theirs may be one of them
        ("0.54", 0.76, FAILED),  # ours, but not the nearest
        ("0.54", 0.54, FAILED),  # what was hoped for, but no choice gives it
        ("0.54", 1e9, FAILED),
        ("0.8", 0.76, OPEN),  # within the digits printed
        ("0.80", 0.76, FAILED),  # no choice gives theirs
    ],
)
def test_among_the_values_of_open_choices(published, value, verdict):
    assert Among(values=(0.5, 0.76), reason="grids").judge(published, ours(value)) is verdict


@pytest.mark.parametrize("error, verdict", [(0.0, PASSED), (0.012, PASSED), (0.013, OPEN)])
def test_a_sample_too_small_to_tell_does_not_pass(error, verdict):
    assert Within(effect=0.02, reason="").judge("0.49", ours(0.5, error)) is verdict


def test_a_sample_fails_only_beyond_chance():
    rule = Within(effect=0.02, reason="")
    assert rule.judge("0.49", ours(0.545, 0.01)) is OPEN
    assert rule.judge("0.49", ours(0.546, 0.01)) is FAILED
    by_z = ByZ(bound=3, power=0.05, reason="")
    assert [by_z.judge("1", ours(1.0, error)) for error in (0.04, 0.06)] == [PASSED, OPEN]
    assert by_z.judge("1", ours(2.0, 0.06)) is FAILED


@pytest.mark.parametrize("text", ["5/7", "nan", "inf", "an image"])
def test_what_a_rule_cannot_read_is_an_error(text):
    for rule in (Within(effect=1, reason=""), AsPrinted(), Among(values=(1.0,), reason="")):
        with pytest.raises(InvalidInput, match="not a decimal number"):
            rule.judge(text, ours(1))
    with pytest.raises(InvalidInput, match="standard error"):
        ByZ(bound=3, power=1, reason="").judge("1", ours(math.pi))
