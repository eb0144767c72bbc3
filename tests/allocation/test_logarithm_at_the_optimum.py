"""The power of a logarithm at an optimum, on a ladder of budgets in the exact equivalent.

At a = 2, b = 3 the bias F_ac = t^(-1/2) log(t)/M balances F_pp = (M/C) at constant step size: M ~ C^(1/3) log^(2/3) C
and the loss likewise. With the right power p, (M C^(-1/3))^(1/p) is a straight line in log C: its second differences
fall towards nothing, and of other powers they do not.
"""

from __future__ import annotations

import math
from functools import cache
from itertools import pairwise

import pytest

import riskcalc as rc
from riskcalc.allocation import ComputeOptimal

DECADES = (15, 18, 21, 24, 27)


@cache
def ladder() -> dict[str, list[float]]:
    """log of M and of the excess, over their powers of the budget."""
    problem = rc.Problem(spectrum=rc.PowerLaw(a=2), signal=rc.PowerLawSignal(b=3))
    found = [rc.compute_optimal(problem, compute=f"1e{k}", step_size="1/10", local=False) for k in DECADES]
    return {
        "M": [math.log(one.model_size) - float(one.asymptotic.model_size_exponent) * _log(one) for one in found],
        "loss": [math.log(one.excess) + float(one.asymptotic.loss_exponent) * _log(one) for one in found],
    }


def _log(found: ComputeOptimal) -> float:
    return math.log(float(found.compute))


def bends(values: list[float], power: float) -> list[float]:
    """Second differences over first ones, of values to the power 1/p."""
    straight = [math.exp(value / power) for value in values]
    rises = [after - before for before, after in pairwise(straight)]
    return [abs(after / before - 1) for before, after in pairwise(rises)]


@pytest.mark.slow
@pytest.mark.parametrize("name", ["M", "loss"])
def test_the_derived_power_straightens_the_ladder(name: str) -> None:
    power = rc.exponents(a=2, b=3).logs[name]
    assert power == pytest.approx(2 / 3)
    right = bends(ladder()[name], float(power))
    assert right[0] > right[1] > right[2]
    for wrong in (power / 2, power * 2, power * 3 / 2):
        other = bends(ladder()[name], float(wrong))
        assert other[-1] > 3 * right[-1]
        assert right[-1] / right[0] < other[-1] / other[0]
