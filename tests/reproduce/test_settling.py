"""A constant is told from what varies slowly: logarithms, their powers, and corrections that are still large."""

from __future__ import annotations

from math import log

import pytest

from riskcalc.reproduce.rules import Ours
from riskcalc.reproduce.settling import Settling
from riskcalc.reproduce.verdict import Verdict

PASSED, FAILED, OPEN = Verdict.PASSED, Verdict.FAILED, Verdict.NOT_DETERMINED
LADDERS = [(2**10, 2**12, 2**14, 2**16, 2**18), (10**3, 10**4, 10**5, 10**6, 10**7), (2**10, 2**12, 2**14)]


def judged(steps, ratio) -> Verdict:
    values = tuple(ratio(step) for step in steps)
    rule = Settling(steps=steps, values=values, reason="constants")
    assert "settles" in rule.words
    return rule.judge("a constant", Ours(text="", value=values[-1]))


@pytest.mark.parametrize("steps", LADDERS, ids=len)
@pytest.mark.parametrize(
    "ratio",
    [
        lambda n: log(n),
        lambda n: log(n) ** 3,
        lambda n: log(n) ** 0.02,
        lambda n: 1 / log(n),
        lambda n: 1 + 1 / log(n),
        lambda n: log(log(n)),
        lambda n: n**-0.25 + 0.05,
        lambda n: 1 + n**-0.1,
    ],
)
def test_what_varies_slowly_is_not_determined(steps, ratio):
    assert judged(steps, ratio) is OPEN


@pytest.mark.parametrize("steps", LADDERS, ids=len)
@pytest.mark.parametrize("power", [-2.0, -0.02, 0.02, 1.0])
def test_a_wrong_exponent_fails(steps, power):
    assert judged(steps, lambda n: 0.3 * n**power) is FAILED


@pytest.mark.parametrize("steps", LADDERS[:2], ids=len)
@pytest.mark.parametrize("ratio", [lambda n: 0.3, lambda n: 0.3 * (1 + 2 * n**-0.5), lambda n: 5 - n**-0.4])
def test_a_constant_passes(steps, ratio):
    assert judged(steps, ratio) is PASSED


def test_three_rungs_are_too_few():
    """A single quotient of changes is confirmed by nothing."""
    assert judged(LADDERS[2], lambda n: 0.3 * (1 + n**-0.5)) is OPEN


@pytest.mark.parametrize("values", [(1, 0.5, 0.25, 0.0), (1, 0.5, 0.4, -0.1), (1, 0.9, 0.85, float("nan"))])
def test_what_is_no_ratio_fails(values):
    rule = Settling(steps=(1000, 2000, 4000, 8000), values=values, reason="")
    assert rule.judge("a constant", Ours(text="", value=values[-1])) is FAILED


def test_the_value_shown_is_the_one_judged():
    rule = Settling(steps=LADDERS[0], values=(0.3,) * 5, reason="")
    assert rule.judge("a constant", Ours(text="", value=0.3)) is PASSED
    assert rule.judge("a constant", Ours(text="", value=1e9)) is FAILED
