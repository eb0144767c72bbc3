"""Each rule accepts what it should and refuses what lies just outside."""

from __future__ import annotations

import pytest

from riskcalc.errors import InvalidInput
from riskcalc.reproduce.rules import Among, AsPrinted, ByZ, Identical, Ours, Settling, Within


def ours(value: float, error: float | None = None) -> Ours:
    return Ours(text=str(value), value=value, standard_error=error)


@pytest.mark.parametrize(
    "rule, published, right, wrong",
    [
        (Identical(), "5/7", Ours(text="5/7", value=5 / 7), Ours(text="4/7", value=4 / 7)),
        (AsPrinted(), "0.643", ours(9 / 14), ours(0.6436)),
        (AsPrinted(), "9.774e-5", ours(9.7744e-5), ours(9.7746e-5)),
        (Within(tolerance=0.03, reason=""), "0.49", ours(0.52), ours(0.521)),
        (Within(tolerance=0.01, relative=True, reason=""), "-200", ours(-202), ours(-202.1)),
        (ByZ(bound=3, power=1, reason=""), "1", ours(1.29, 0.1), ours(1.31, 0.1)),
        (ByZ(bound=3, power=1, published_error=0.4, reason=""), "1", ours(2.4, 0.3), ours(2.6, 0.3)),
    ],
)
def test_inside_and_outside(rule, published, right, wrong):
    assert rule.accepts(published, right)
    assert not rule.accepts(published, wrong)
    assert rule.words


def test_among():
    rule = Among(smallest=0.5, largest=0.8, reason="grids")
    assert rule.accepts("0.54", ours(0.6))
    assert not rule.accepts("0.81", ours(0.6))
    assert "0.5" in rule.words


@pytest.mark.parametrize(
    ("values", "settles"),
    [((0.26, 0.25, 0.245), True), ((0.26, 0.25, 0.24), False), ((0.2, 0.2), False), ((1, 0.5, 0), False)],
)
def test_settling(values, settles):
    rule = Settling(values=values, reason="constants")
    assert rule.accepts("a constant", ours(values[-1])) is settles
    assert "each rung" in rule.words


def test_a_sample_too_small_to_tell_does_not_pass():
    rule = ByZ(bound=3, power=0.05, reason="")
    assert rule.accepts("1", ours(1.0, 0.04))
    assert not rule.accepts("1", ours(1.0, 0.06))
    sampled = Within(tolerance=0.1, power=0.05, reason="")
    assert sampled.accepts("1", ours(1.05, 0.05))
    assert not sampled.accepts("1", ours(1.0, 0.06))
    assert not sampled.accepts("1", ours(1.0))


def test_what_a_rule_cannot_read_is_an_error():
    with pytest.raises(InvalidInput, match="not a decimal number"):
        Within(tolerance=1, reason="").accepts("5/7", ours(1))
    with pytest.raises(InvalidInput, match="standard error"):
        ByZ(bound=3, power=1, reason="").accepts("1", ours(1))
