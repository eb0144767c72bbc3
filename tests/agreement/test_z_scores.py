"""The rule for z-scores: passes the right curve, fails a wrong one, and admits when it cannot tell."""

from __future__ import annotations

import numpy as np
import pytest

from riskcalc.agreement.comparison import Side
from riskcalc.agreement.removal import APPROXIMATION, LABEL_NOISE
from riskcalc.agreement.samples import Samples
from riskcalc.agreement.z_scores import (
    compare_by_z,
    control_by_z,
    controls_by_z,
    samples_needed,
    smallest_share,
    z_bound,
)
from riskcalc.errors import InvalidInput

STEPS = (0, 1, 10, 100)
TRUTH = np.array([2.0, 1.0, 0.5, 0.1])
LEFT, RIGHT = Side(name="theory", claim="given sketch"), Side(name="samples", claim="given sketch")


def sampled(*, shift=0.0, error=0.004, count=2000) -> Samples:
    """Means off by `shift` standard errors at the last step; nothing is random at step 0."""
    relative = np.array([0.0, error, error, error])
    mean = TRUTH * (1 + relative * np.array([0, 1, -1, shift]))
    return Samples(count=count, mean=mean, standard_error=TRUTH * relative)


def compare(samples: Samples, computed=TRUTH):
    return compare_by_z(
        steps=STEPS, computed=computed, sampled=samples, level=1e-3, left=LEFT, right=RIGHT, fewest=1000
    )


def test_the_right_curve_passes():
    found = compare(sampled(shift=2.0))
    assert found.verdict == "passed"
    assert found.column("z") == pytest.approx((0, 1, -1, 2))
    assert found.criteria[0].worst == pytest.approx(2)
    assert found.criteria[0].step == 100


@pytest.mark.parametrize("shift", [-6.0, 6.0])
def test_a_wrong_curve_fails(shift):
    found = compare(sampled(shift=shift))
    assert found.verdict == "FAILED"
    assert not found.passed


def test_the_bound_decides():
    bound = z_bound(sampled(), 1e-3)
    assert compare(sampled(shift=bound - 1e-6)).passed
    assert not compare(sampled(shift=bound + 1e-6)).agrees


@pytest.mark.parametrize("samples", [sampled(error=0.021), sampled(error=0.005), sampled(count=999)])
def test_without_power_it_is_not_passed(samples):
    found = compare(samples)
    assert found.agrees
    assert not found.passed
    assert found.verdict == "NO POWER"


def test_a_difference_where_nothing_is_random_fails():
    found = compare(sampled(), computed=TRUTH * np.array([1 + 1e-8, 1, 1, 1]))
    assert [criterion.kept for criterion in found.criteria] == [True, False]
    assert found.verdict == "FAILED"


def test_nothing_random_at_all_is_refused():
    still = Samples(count=2000, mean=TRUTH, standard_error=np.zeros(4))
    with pytest.raises(InvalidInput, match="nothing is random"):
        compare(still)


@pytest.mark.parametrize(
    "change, mean, verdict",
    [
        (0.2, 1.0, "rejected"),  # 50 standard errors from the truth, and the data lie at the truth
        (0.2, 1.2, "ACCEPTED"),  # the data lie at the wrong curve
        (0.01, 1.0, "no power"),
    ],
)
def test_controls(change, mean, verdict):
    factor = np.array([1, 1, 1, 1.0])
    samples = sampled()
    samples.mean[-1] = TRUTH[-1] * mean
    wrong = TRUTH * (factor + np.array([0, 0, 0, change]))
    control = control_by_z("wrong", steps=STEPS, wrong=wrong, right=TRUTH, sampled=samples, level=1e-3)
    assert control.verdict == verdict
    assert control.rejected is (verdict == "rejected")
    assert control.criteria[0].expected == pytest.approx(change / 0.004)


def test_samples_needed_for_power_and_for_the_controls():
    samples, target = sampled(error=0.04), 2 * z_bound(sampled(), 1e-3)
    alone = samples_needed(samples, right=TRUTH, wrong=[], level=1e-3, most=10**6)
    # a wrong factor is to be seen from 3 % on, which needs more than a standard error of 2 %
    assert alone == pytest.approx((target * 0.04 / 0.03) ** 2 * samples.count)
    wrong = [TRUTH * np.array([1, 1, 1, 1.02])]
    needed = samples_needed(samples, right=TRUTH, wrong=wrong, level=1e-3, most=10**6)
    assert needed == pytest.approx((2 * target) ** 2 * samples.count)
    # out of reach: the control is given up, not the comparison
    assert samples_needed(samples, right=TRUTH, wrong=wrong, level=1e-3, most=2 * 10**5) == alone
    assert samples_needed(samples, right=TRUTH, wrong=[TRUTH], level=1e-3, most=10**6) == alone


def test_the_smallest_error_is_the_edge_between_agreement_and_failure():
    """Data at the truth: a formula wrong by twice the bound always fails, one wrong by less than the bound never."""
    samples = Samples(count=2000, mean=TRUTH, standard_error=TRUTH * np.array([0, 0.01, 0.004, 0.02]))
    share = smallest_share(TRUTH, samples, 1e-3)
    assert share == pytest.approx(2 * z_bound(samples, 1e-3) * 0.004)
    later = np.array([0, 1, 1, 1])
    assert not compare(samples, computed=TRUTH * (1 + 0.51 * share * later)).agrees
    assert compare(samples, computed=TRUTH * (1 + 0.49 * share * later)).agrees
    # and wherever the samples lie within the bound, an error of the whole share fails
    for side in (-1, 1):
        mean = TRUTH * (1 + side * 0.49 * share * later)
        moved = Samples(count=2000, mean=mean, standard_error=samples.standard_error)
        assert not compare(moved, computed=TRUTH * (1 + share * later)).agrees


def test_terms_and_controls_state_the_same_power():
    terms = {APPROXIMATION: TRUTH - 0.02, LABEL_NOISE: TRUTH * 1.001}
    samples = sampled()
    found = compare_by_z(
        steps=STEPS, computed=TRUTH, sampled=samples, level=1e-3, left=LEFT, right=RIGHT, fewest=1000, wrong=terms
    )
    floor, noise, scaled = controls_by_z(steps=STEPS, wrong=terms, right=TRUTH, sampled=samples, level=1e-3)
    whole, *others = found.detectable
    assert [each.term for each in found.detectable] == ["whole excess", "approximation", "label noise"]
    for one, control in zip(others, (floor, noise), strict=True):
        (criterion,) = control.criteria
        assert one.share == pytest.approx(2 * criterion.bound / criterion.expected)
        assert one.seen is control.has_power
    assert (floor.verdict, noise.verdict, noise.asked) == ("rejected", "no power", True)
    assert scaled.has_power
    assert scaled.name == f"the whole excess scaled by {1 + whole.share:.5g}"
