"""What a fit refuses: one line that names the value and what would do."""

from __future__ import annotations

import numpy as np
import pytest

import riskcalc as rc
from riskcalc.errors import InvalidInput
from riskcalc.fitting import Huber, Percentile

_STEPS = np.geomspace(1, 1e4, 30)
_EXCESS = 0.02 + _STEPS**-0.7


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"loss": "huber"}, "loss must be SoftL1"),
        ({"loss": Huber}, "loss must be SoftL1"),
        ({"interval": "bca"}, "interval must be Studentised"),
        ({"interval": Percentile}, "interval must be Studentised"),
        ({"resolution": -1}, "cannot be negative, as -1 is"),
        ({"replicates": _EXCESS}, r"not \(30,\)"),
        ({"floor": 5}, "nothing decays above the floor 5: the excess is at most 1.02"),
    ],
)
def test_fit_exponents(given, words):
    with pytest.raises(InvalidInput, match=words) as caught:
        rc.fit_exponents((_STEPS, _EXCESS), **given)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("steps", "excess", "words"),
    [
        (_STEPS[::-1], _EXCESS, "steps must be ascending, but 7278.95 follows 10000"),
        ([1, 1, 2, 3, 4, 5], np.ones(6), "1 follows 1"),
        ([-1, 1, 2, 3, 4, 5], np.ones(6), "one of them is -1"),
        ([1, 2, 3, 4, 5, np.nan], np.ones(6), "one of them is nan"),
        (_STEPS, _EXCESS + 0j, "real numbers"),
    ],
)
def test_tables(steps, excess, words):
    with pytest.raises(InvalidInput, match=words):
        rc.fit_exponents((steps, excess))


def test_a_perfect_power_law_is_inside_its_own_resolution():
    fit = rc.fit_exponents((_STEPS, _EXCESS), expected="7/10")
    assert fit.terms[0].inside_with_drift
    assert fit.exponent == pytest.approx(0.7, abs=1e-11)


@pytest.mark.parametrize("floor", [None, "1/50"])
def test_one_power_law_is_not_split_into_two(floor):
    with pytest.raises(InvalidInput, match="no second term"):
        rc.fit_exponents((_STEPS, _EXCESS), terms=2, floor=floor)


def test_scaling_law():
    sizes, samples = (axis.ravel() for axis in np.meshgrid([10, 20, 40, 80], [500, 1000, 2000, 4000]))
    risks = 1 + 2 / sizes + 3 * samples**-0.5
    with pytest.raises(InvalidInput, match="not 3"):
        rc.fit_scaling_law(sizes, samples, risks, loss=3)
    with pytest.raises(InvalidInput, match="not 3"):
        rc.fit_scaling_law(sizes, samples, risks, interval=3)
    with pytest.raises(InvalidInput, match="do not depend on N"):
        rc.fit_scaling_law(sizes, samples, np.ones(sizes.size))
