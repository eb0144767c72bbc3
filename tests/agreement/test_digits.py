"""The rule for deterministic numbers."""

from __future__ import annotations

import numpy as np
import pytest

from riskcalc.agreement.comparison import Side
from riskcalc.agreement.digits import agreeing_digits, compare_by_digits
from riskcalc.agreement.removal import BIAS, VARIANCE
from riskcalc.agreement.two_ways import required_digits

VALUES = np.array([1.0, 1e-30, 1e30])
SIDES = {"left": Side(name="one", claim="computed"), "right": Side(name="other", claim="computed")}


@pytest.mark.parametrize("digits", [2.0, 9.5, 14.0])
def test_digits_are_relative(digits):
    assert agreeing_digits(VALUES, VALUES * (1 + 10**-digits)) == pytest.approx([digits] * 3, abs=0.01)


def test_equal_numbers_agree_to_sixteen():
    assert agreeing_digits(VALUES, VALUES).tolist() == [16, 16, 16]


@pytest.mark.parametrize("broken", [np.nan, np.inf, -np.inf])
def test_what_is_not_finite_never_agrees(broken):
    numbers = np.array([1.0, broken])
    assert agreeing_digits(numbers, numbers).tolist() == [16, 0]


@pytest.mark.parametrize("off, passed", [(1e-10, True), (1e-8, False)])
def test_the_fewest_digits_decide(off, passed):
    other = VALUES * np.array([1, 1 + off, 1])
    found = compare_by_digits(steps=(0, 1, 2), values=(VALUES, other), required=9, **SIDES)
    assert found.passed is passed
    assert found.criteria[0].step == 1


def test_required_digits_follow_from_the_tolerance():
    assert [required_digits(tolerance) for tolerance in (1e-9, 3e-9, 1e-12)] == [9, 8, 12]


def test_the_smallest_error_seen_is_a_share_of_the_term():
    """A term that is a tenth of the value at one step only, and one that is nothing."""
    without = {BIAS: VALUES * np.array([1, 0.9, 1]), VARIANCE: VALUES}
    found = compare_by_digits(steps=(0, 1, 2), values=(VALUES, VALUES), required=9, wrong=without, **SIDES)
    assert [one.share for one in found.detectable] == pytest.approx([2e-9, 2e-8, np.inf])
    for share, agrees in ((0.4, True), (1.0, False)):
        error = VALUES * np.array([0, 0.1, 0]) * share * found.detectable[1].share
        sides = (VALUES, VALUES - error)
        assert compare_by_digits(steps=(0, 1, 2), values=sides, required=9, **SIDES).agrees is agrees
