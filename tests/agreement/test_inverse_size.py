"""The rule for theories of large models: the gap must shrink like 1/M and stay within the spread of one sketch."""

from __future__ import annotations

import numpy as np
import pytest

from riskcalc.agreement.bounds import chi_square_bound, normal_bound
from riskcalc.agreement.comparison import Side
from riskcalc.agreement.gaps import measure_gaps
from riskcalc.agreement.inverse_size import (
    FIT,
    SPREAD,
    compare_by_size,
    control_by_size,
    controls_by_size,
    detectable_by_size,
    size_bounds,
    sketches_needed,
)
from riskcalc.agreement.removal import APPROXIMATION, LABEL_NOISE
from riskcalc.agreement.samples import Samples
from riskcalc.errors import InvalidInput

STEPS, SIZES, LEVEL = (0, 10, 100), (20, 40, 80), 1e-3
THEORY = [np.array([1.0, 0.5, 0.1]) * factor for factor in (1.2, 1.0, 0.9)]
LEFT, RIGHT = Side(name="theory", claim="large models"), Side(name="sketches", claim="averaged over sketches")


def averages(gap, *, spread=1.7, count=100) -> list[Samples]:
    """Averages off the theory by gap(M) at the last step, with a spread of spread/sqrt(M) beyond step 0."""
    found = []
    for size, theory in zip(SIZES, THEORY, strict=True):
        error = spread / np.sqrt(size * count) * np.array([0, 1, 1])
        mean = theory * (1 + np.array([0, 0, gap(size)]))
        found.append(Samples(count=count, mean=mean, standard_error=theory * error))
    return found


def compare(samples, theory=THEORY):
    return compare_by_size(
        steps=STEPS, sizes=SIZES, theory=theory, averages=samples, level=LEVEL, left=LEFT, right=RIGHT
    )


def control(wrong, samples):
    return control_by_size(
        "wrong", steps=STEPS, sizes=SIZES, wrong=wrong, right=THEORY, averages=samples, level=LEVEL
    )


def test_a_gap_like_one_over_m_passes():
    found = compare(averages(lambda size: 2.5 / size))
    assert found.verdict == "passed"
    assert found.column("c") == pytest.approx((0, 0, 2.5))
    assert found.column("chi^2") == pytest.approx((0, 0, 0), abs=1e-20)
    for size in SIZES:
        assert found.column(f"gap*M, M={size}")[-1] == pytest.approx(2.5)


def test_the_fit_is_the_weighted_one():
    gap = {20: 0.2, 40: 0.0, 80: 0.1}
    samples = averages(gap.get)
    gaps = measure_gaps(SIZES, THEORY, samples)
    error = np.array([sample.standard_error[-1] / theory[-1] for sample, theory in zip(samples, THEORY, strict=True)])
    design = 1 / np.array(SIZES) / error
    fit, residual, *_ = np.linalg.lstsq(design[:, None], np.array(list(gap.values())) / error)
    assert gaps.constant[-1] == pytest.approx(fit[0])
    assert gaps.chi_square[-1] == pytest.approx(residual[0])
    assert gaps.constant_error[-1] == pytest.approx(1 / np.linalg.norm(design))


def test_a_gap_that_does_not_shrink_fails():
    found = compare(averages(lambda size: 0.15))
    fit, spread = found.criteria
    assert not fit.kept
    assert spread.kept
    assert found.verdict == "FAILED"


def test_a_gap_that_shrinks_but_is_large_fails():
    found = compare(averages(lambda size: 40 / size))
    fit, spread = found.criteria
    assert fit.kept
    assert not spread.kept
    assert found.verdict == "FAILED"


@pytest.mark.parametrize("spreads, kept", [(1.3, True), (1.6, False)])
def test_a_gap_is_held_to_one_spread_as_far_as_the_sketches_tell(spreads, kept):
    """At 100 sketches chance adds 0.45 of a spread, at 6 nearly two: its share falls with the root of their number."""
    widest = spreads * 1.7 / np.sqrt(SIZES[0])
    _, spread = compare(averages(lambda size: widest * SIZES[0] / size, count=100)).criteria
    assert spread.worst == pytest.approx(spreads)
    assert spread.kept is kept
    assert compare(averages(lambda size: widest * SIZES[0] / size, count=6)).criteria[1].kept


def test_the_bounds_follow_from_the_level_and_the_number_of_sketches():
    """Two steps at which the sketch matters: six gaps in spreads, two fits."""
    for count in (9, 400):
        bounds = size_bounds(averages(lambda size: 0.0, count=count), LEVEL)
        assert bounds[SPREAD] == pytest.approx(1 + normal_bound(LEVEL / 2, 6) / count**0.5)
        assert bounds[FIT] == pytest.approx(chi_square_bound(LEVEL / 2, 2))


def test_the_smallest_error_is_the_edge_of_what_agreement_leaves_open():
    samples = averages(lambda size: 0.0)
    terms = {LABEL_NOISE: [theory * np.array([1, 1, 0.9]) for theory in THEORY], APPROXIMATION: THEORY}
    given = {"sizes": SIZES, "right": THEORY, "averages": samples, "level": LEVEL}
    whole, noise, nothing = detectable_by_size(wrong=terms, **given)
    assert (noise.share, nothing.share) == (pytest.approx(10 * whole.share, rel=0.1), float("inf"))
    *_, scaled = controls_by_size(steps=STEPS, wrong=terms, **given)
    assert scaled.name == f"the whole excess scaled by {1 + whole.share:.5g}"
    assert scaled.verdict == "rejected"
    # the bound is half of that on chi, and the fit is linear in the error
    for part, agrees in ((0.48, True), (0.52, False)):
        factor = np.array([0, 1, 1]) * part * whole.share + 1
        fit, _ = compare(samples, [theory * factor for theory in THEORY]).criteria
        assert fit.kept is agrees


def test_an_error_that_shrinks_like_the_gap_is_not_said_to_be_seen():
    shrinking = {APPROXIMATION: [theory * (1 + 1 / size) for theory, size in zip(THEORY, SIZES, strict=True)]}
    found = detectable_by_size(
        sizes=SIZES, wrong=shrinking, right=THEORY, averages=averages(lambda size: 0.0), level=LEVEL
    )
    assert not found[1].seen


def test_without_power_it_is_not_passed():
    found = compare(averages(lambda size: 0.15, spread=6.0, count=20))
    assert found.agrees
    assert found.verdict == "NO POWER"


def test_no_influence_of_the_sketch_is_refused():
    still = [Samples(count=9, mean=theory, standard_error=0 * theory) for theory in THEORY]
    with pytest.raises(InvalidInput, match="no influence"):
        compare(still)


@pytest.mark.parametrize(
    "factor, centre, verdict",
    [(2.0, 1.0, "rejected"), (2.0, 2.0, "ACCEPTED"), (1.02, 1.0, "no power")],
)
def test_controls(factor, centre, verdict):
    wrong = [theory * np.array([1, 1, factor]) for theory in THEORY]
    samples = averages(lambda size: centre - 1)
    assert control(wrong, samples).verdict == verdict


def test_a_control_with_power_is_foreseen_by_what_is_then_seen():
    wrong = [theory * np.array([1, 1, 1.3]) for theory in THEORY]
    found = control(wrong, averages(lambda size: 0.0))
    for criterion in found.criteria:
        assert criterion.observed == pytest.approx(criterion.expected)


def test_sketches_needed():
    def needed(wrong, most=10**6, **settings):
        samples = averages(lambda size: 0.0, **settings)
        return sketches_needed(samples, sizes=SIZES, right=THEORY, wrong=wrong, level=LEVEL, most=most)

    # a relative standard error of 1.7/sqrt(80 * 4) at the largest size, against 5 %
    assert needed([], count=4) == pytest.approx([4 * 1.7**2 / 320 / 0.05**2] * 3)
    near = [theory * np.array([1, 1, 1.1]) for theory in THEORY]
    wanted = needed([near], count=4)[0]
    # with so many, the control has power; with fewer it has not
    assert control(near, averages(lambda size: 0.0, count=int(1.02 * wanted))).has_power
    assert not control(near, averages(lambda size: 0.0, count=int(0.9 * wanted))).has_power
    assert needed([near], count=4, most=100) == needed([], count=4)


def test_rejections_by_chance_keep_the_level():
    """Skewed spreads of sketches, as they are: no more false alarms than twice the level."""
    rng, families, level, count = np.random.default_rng(3), 1000, 0.05, 60
    alarms = 0
    for _ in range(families):
        samples = []
        for size, theory in zip(SIZES, THEORY, strict=True):
            width = 1.7 / np.sqrt(size)
            draws = np.exp(width * rng.standard_normal((count, 3)) - width**2 / 2) * (1 + 2.5 / size)
            error = draws.std(axis=0, ddof=1) / np.sqrt(count)
            samples.append(Samples(count=count, mean=theory * draws.mean(axis=0), standard_error=theory * error))
        gaps, bounds = measure_gaps(SIZES, THEORY, samples), size_bounds(samples, level)
        alarms += bool(gaps.chi_square.max() > bounds[FIT] or gaps.in_spreads.max() > bounds[SPREAD])
    assert alarms <= 2 * level * families
