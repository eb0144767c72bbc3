"""Ties named with their logarithms, by the algebra of exponents; the powers by hand."""

from __future__ import annotations

from fractions import Fraction

import pytest
import sympy

from riskcalc.asymptotic import shape
from riskcalc.scaling import Choice, compute, exponents

FREE = compute(step_size=Choice.FREE)
LINEAR_END = shape.warmup_stable_decay(sympy.Rational(1, 4))


@pytest.mark.parametrize(
    ("a", "b", "form", "budget", "carries", "logs"),
    [
        # floor M^-(b-1), bias T^-(b-1)/a, noise T^(1/a) log(T)/N, all equal: M ~ (C/log C)^(1/(b+1))
        (2, "5/2", LINEAR_END, FREE, "noise carries log t", {"M": "-2/7", "loss": "3/7", "gamma": "-6/7", "t": "2/7"}),
        pytest.param(
            3, "7/2", shape.cosine(), FREE, "noise carries log t", {"M": "-2/9", "loss": "5/9"}, marks=pytest.mark.slow
        ),
        # M^-a log M = M^2 log C/C, t being the steps over log C: M ~ C^(1/(a+2))
        ("7/2", "9/2", shape.geometric(), None, "F_0 carries log M", {"M": None, "loss": "1", "t": "-1"}),
        # M^-a = (M/C)^(2/3) log M: M ~ C^(2/11) log^-(3/11)
        (3, 5, shape.cosine(), None, "noise carries log M", {"M": "-3/11", "loss": "9/11", "t": "3/11"}),
        # gamma^2 t log(M^a/(gamma t)) with M^(-1/2) and (gamma t)^-(b-1)/a
        ("1/2", 2, shape.constant(), FREE, "noise carries log M^(1/2)/(gamma t)", {"loss": "1/4", "M": "-1/2"}),
        # F_pp = (M/C) against F_ac = t^(-1/2) log(t)/M
        (2, 3, shape.constant(), None, "F_ac carries log t", {"loss": "2/3", "M": "2/3", "t": "-2/3"}),
        # K_pp: gamma log(M^(1/2)/(gamma t)), gamma ~ M^(-1/2), against F_0 = M^(-1/2)
        ("1/2", "5/2", shape.constant(), None, "K_pp carries log M^(1/2)/(gamma t)", {"loss": "9/10", "M": "1/5"}),
    ],
)  # fmt: skip
def test_logarithms_are_named_with_their_powers(a, b, form, budget, carries, logs):
    found = exponents(a=a, b=b, noise=form.name != "constant" or budget is FREE, shape=form, budget=budget)
    assert found.phase is None
    assert any(tie.startswith("boundary between") for tie in found.ties)
    assert carries in found.ties
    assert {name: found.logs.get(name) for name in logs} == {
        name: None if power is None else Fraction(power) for name, power in logs.items()
    }


def test_where_the_logarithm_is_of_something_that_does_not_grow_it_is_not_named():
    """a = 1, b = 3: F_ac carries log(M/(gamma t)), but M and gamma t grow alike at the optimum."""
    found = exponents(a=1, b=3)
    assert not any("F_ac carries" in tie for tie in found.ties)
    assert found.logs.get("loss") is None
    assert found.logs["gamma"] == -1


@pytest.mark.parametrize(("a", "b"), [("21/10", "5/2"), ("19/10", "5/2"), (2, "9/4")])
def test_away_from_a_tie_there_are_none(a, b):
    found = exponents(a=a, b=b, noise=1, shape=shape.cosine(), budget=FREE)
    assert not found.logs
    assert not any("carries" in tie for tie in found.ties)


@pytest.mark.parametrize(
    ("a", "b", "asked", "logs"),
    [
        # with s = n/log n effective steps, C = M n: F_0 = M^-2 and K_pp = s^-3/2 at M = s
        (2, 5, {}, {"loss": "3/4", "M": "-1/2", "t": "-1/2"}),
        # M^-(b-1) against M/s
        (2, "5/2", {"noise": 1}, {"loss": "3/7", "M": "-2/7", "t": "-5/7"}),
        (2, "5/2", {"noise": 1, "step_size": "free"}, {"loss": "3/7", "M": "-2/7", "t": "-5/7"}),
        # data: the best loss of s samples
        (2, "5/2", {"noise": 1, "budget": "data"}, {"loss": "3/5", "t": "-1"}),
        # gamma = M^(a-1) is smaller by a power of log C as M is
        ("7/10", 2, {"noise": 1}, {"loss": "7/27", "M": "-10/27", "gamma": "1/9", "t": "-17/27"}),
    ],
)
def test_a_geometric_schedule_leaves_fewer_effective_steps_than_are_paid(a, b, asked, logs):
    found = exponents(a=a, b=b, schedule="geometric", **asked)
    assert found.logs == {name: Fraction(power) for name, power in logs.items()}
    assert "t = n/log2(n)" in str(found)
    assert r"t = n/\log_2 n" in found.to_latex()
    assert not any("boundary" in tie for tie in found.ties)


def test_what_meets_is_in_the_table():
    """Where logarithms meet (a = 1, b = 2), and away from it."""
    for a, b, noise in ((1, 2, 0), (1, 2, 1), (1, 3, 0), (2, 3, 0), ("1/2", "5/2", 0)):
        found = exponents(a=a, b=b, noise=noise, step_size="free" if noise else None)
        assert set(found.balance) <= {term.name for term in found.terms}
    assert "rho" in found.to_latex()
    assert r"\int" in exponents(a=1, b=2).to_latex()
